"""Find llama.cpp's libraries and open them.

Finding is an ordered tuple of steps (`_STEPS`); each yields places to look, the first place that
opens wins, and an error lists every place with the reason it failed. Everything is opened by its
full path: nothing is ever taken from the working directory, from where the executable stands or from
a relative path, even one that an environment variable holds.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import sys
from _thread import RLock  # threading, which brings collections and more, takes ten times as long

from . import _abi, _binary, _exit, _fork, _log
from ._errors import LibraryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

if sys.platform == "win32":
    _PREFIX, _SUFFIX = "", ".dll"
elif sys.platform == "darwin":
    _PREFIX, _SUFFIX = "lib", ".dylib"
else:
    _PREFIX, _SUFFIX = "lib", ".so"

# Where the conda package keeps its libraries, away from other packages' libllama.
_PRIVATE = ("Library", "lib", "llama_ctypes") if sys.platform == "win32" else ("lib", "llama_ctypes")


# Reentrant: opening the libraries looks up functions.
_lock = RLock()


class Libraries:
    """The opened libraries of one folder."""

    def __init__(self, llama: str, found: str) -> None:
        """Open the libllama at path `llama` and its siblings; OSError where one does not open."""
        self.path = llama
        self.found = found
        """How it was found, as a phrase."""
        self.folder = os.path.dirname(llama)
        # Dependencies first, by full path, so that libllama cannot pick up another folder's.
        siblings = [library_file(self.folder, name) for name in ("ggml-base", "ggml")]
        self._open = [open_library(path) for path in siblings if path]
        self._open.insert(0, open_library(llama))
        if not hasattr(self._open[0], "llama_backend_init"):
            raise OSError(
                f"{os.path.basename(llama)} is a library, but not libllama: it has no llama_backend_init"
            )
        self._closed: list[str] = []
        self._unopened = self._extras()
        self._load_backends()
        for library in self._open:
            _log.listen(library, _log.CORE)
        _abi.check(self.folder, self._say)

    @property
    def release(self) -> str | None:
        """The release the libraries are, as far as they or the package's record say."""
        return _abi.release(self.folder, self._say)

    def holding(self, name: str) -> ctypes.CDLL:
        """The library that exports `name`; AttributeError where none does."""
        for library in self._open:
            if hasattr(library, name):
                return library
        with _lock:
            return self._extra_holding(name)

    def has(self, name: str) -> bool:
        """Whether a library exports `name`."""
        try:
            self.holding(name)
        except AttributeError:
            return False
        return True

    def _extra_holding(self, name: str) -> ctypes.CDLL:
        for path in self._unopened:
            try:
                library = open_library(path)
            except OSError as error:
                self._closed.append(f"{os.path.dirname(path)} ({error})")
                continue
            self._open.append(library)
            _log.listen(library, _log.MULTIMODAL)
            if hasattr(library, name):
                return library
        from ._generated import RELEASE

        raise AttributeError(
            f"{name} is in the headers of llama.cpp {RELEASE}, but none of these libraries"
            f"{f' of {self.release}' if self.release else ''} exports it: "
            + ", ".join([library._name for library in self._open] + self._closed)
        )

    def _extras(self) -> Iterator[str]:
        """Libraries that few programs need, opened when a symbol is in none of the others."""
        mtmd = library_file(self.folder, "mtmd")
        if mtmd:
            yield mtmd
        # Several CPU variants stand in the folder; only ggml knows which it loaded.
        yield from self.backend_paths()

    def files(self) -> list[dict[str, str]]:
        """The opened libraries, but for the backends, and how each was found."""
        found = dict.fromkeys((library._name for library in self._open), "beside libllama")
        for path in self.backend_paths():
            found.pop(path, None)
        found[self.path] = self.found
        mtmd = library_file(self.folder, "mtmd")
        if mtmd and mtmd not in found:
            found[mtmd] = "beside libllama; opened at its first function"
        return [{"path": path, "found": how} for path, how in found.items()]

    def backend_paths(self) -> Iterator[str]:
        """The files of the backends that ggml has loaded, in its order."""
        try:
            count = self._core("ggml_backend_reg_count", ctypes.c_size_t)()
            get = self._core("ggml_backend_reg_get", ctypes.c_void_p, ctypes.c_size_t)
        except AttributeError:
            return  # a release before the registry: the backends are part of libggml
        known = {library._name for library in self._open}
        for index in range(count):
            path = _binary.containing(get(index))
            if path and path not in known:
                known.add(path)
                yield path

    def _say(self, name: str) -> str | None:
        try:
            text = self._core(name, ctypes.c_char_p)()
        except AttributeError:
            return None
        return None if text is None else text.decode(errors="replace")

    def _core(self, name: str, restype: object, *argtypes: object) -> ctypes._NamedFuncPointer:
        for library in self._open:
            if hasattr(library, name):
                function = library[name]
                function.restype = restype  # type: ignore[assignment]
                function.argtypes = argtypes  # type: ignore[assignment]
                return function
        raise AttributeError(name)

    def _load_backends(self) -> None:
        """Have ggml load the backends that stand beside the library, without its usual log lines."""
        try:
            count = self._core("ggml_backend_reg_count", ctypes.c_size_t)
            load = self._core("ggml_backend_load_all_from_path", None, ctypes.c_char_p)
            log_set = self._core("ggml_log_set", None, ctypes.c_void_p, ctypes.c_void_p)
        except AttributeError:
            return  # a release before loadable backends
        if count():
            return  # backends are linked in
        if sys.platform == "win32":
            _preload_backends(self.folder)
        said: list[str] = []

        def listen(level: int, text: bytes, _data: object) -> None:
            said.append(text.decode(errors="replace").strip())
            if "logging" in sys.modules:  # else nobody listens, and opening is quicker without
                _log.record(level, text)

        listener = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(listen)
        log_set(listener, None)
        try:
            load(os.fsencode(self.folder))
        finally:
            log_set(None, None)  # back to ggml's own
        if not count():
            reasons = "; ".join(line for line in said if line)
            raise OSError(
                f"holds no ggml backend that loads here: {_PREFIX}ggml-cpu*{_SUFFIX} must stand in "
                f"{self.folder}{f' (ggml said: {reasons})' if reasons else ''}"
            )


def _preload_backends(folder: str) -> None:
    """Those for a kind of hardware, with what they need from the prefix: CUDA's libraries, say."""
    prefix = package_prefix()
    names = [name for name in os.listdir(folder) if name.startswith(f"{_PREFIX}ggml-")]
    # Of the CPU's, ggml opens the one that fits; the base is open.
    wanted = [name for name in names if not name.startswith((f"{_PREFIX}ggml-cpu", f"{_PREFIX}ggml-base"))]
    _binary.preload(
        [os.path.join(folder, name) for name in sorted(wanted)],
        [os.path.join(prefix, "Library", "bin")] if prefix else [],
    )


def open_library(path: str) -> ctypes.CDLL:
    """Open the library at a full path; OSError says which file of the folder cannot be, and why."""
    name = os.path.basename(path)
    unusable = _binary.why_unusable(path)
    if unusable:
        raise OSError(f"{name} {unusable}")
    try:
        return ctypes.CDLL(path)
    except OSError as error:
        raise OSError(f"{name} does not open: {str(error).removeprefix(f'{path}: ')}") from None


def library_file(folder: str, name: str) -> str | None:
    """The full path of library `name` in `folder`, or None; a versioned file name will do."""
    plain = os.path.join(folder, f"{_PREFIX}{name}{_SUFFIX}")
    if os.path.isfile(plain):
        return plain
    try:
        files = sorted(os.listdir(folder))
    except OSError:
        return None
    if sys.platform == "darwin":
        versioned = [f for f in files if f.startswith(f"{_PREFIX}{name}.") and f.endswith(_SUFFIX)]
    else:
        versioned = [f for f in files if f.startswith(f"{_PREFIX}{name}{_SUFFIX}.")]
    return os.path.join(folder, versioned[0]) if versioned else None


# -- the steps: each yields (how, path of a libllama or None, what was looked for) ----------------


def _full_path(variable: str) -> str | None:
    """What an environment variable names; LibraryError where that depends on the working directory."""
    value = os.environ.get(variable)
    if value and not os.path.isabs(value):
        raise LibraryError(
            f"{variable}={value} is a relative path, in every working directory another file; "
            f"set it to a full path, such as {os.path.abspath(value)}"
        )
    return value


def _environment() -> Iterator[tuple[str, str]]:
    value = _full_path("LLAMA_CPP_LIB")
    if value:
        yield "LLAMA_CPP_LIB", os.path.normpath(value)


def package_prefix() -> str | None:
    """The prefix this package is installed in, never a guess further up; None where it is not installed."""
    site_packages = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if os.path.basename(site_packages) != "site-packages":
        return None
    above = (os.pardir,) * (2 if sys.platform == "win32" else 3)
    return os.path.normpath(os.path.join(site_packages, *above))


def _package() -> Iterator[tuple[str, str]]:
    prefix = package_prefix()
    if prefix:
        yield "the package's own libraries", os.path.join(prefix, *_PRIVATE)


def _prefix() -> Iterator[tuple[str, str]]:
    shared = ("Library", "bin") if sys.platform == "win32" else ("lib",)
    for variable, prefix in (("CONDA_PREFIX", os.environ.get("CONDA_PREFIX")), ("sys.prefix", sys.prefix)):
        if prefix and os.path.isabs(prefix):
            for parts in (_PRIVATE, shared):
                yield f"the conda prefix ({variable})", os.path.join(prefix, *parts)


def _system() -> Iterator[tuple[str, str]]:
    for folder in _binary.system_folders():
        yield "the system's libraries", folder


_STEPS = (_environment, _package, _prefix, _system)


def _find() -> Libraries:
    _full_path("GGML_BACKEND_PATH")  # the library it names, ggml opens along with the backends
    tried = []
    for step in _STEPS:
        for found, place in step():
            try:
                return _open(place, found)
            except _abi.MismatchError as error:
                raise LibraryError(str(error)) from None
            except OSError as error:
                tried.append(f"{found}: {place}: {error}")
                if step is _environment:
                    # Asked for by name: anything else would not be what the user wants.
                    raise LibraryError(f"cannot open what LLAMA_CPP_LIB names: {place}: {error}") from None
    raise LibraryError(
        "no usable libllama found; install the llama-ctypes package or set LLAMA_CPP_LIB to a libllama.\n"
        "  tried " + "\n  tried ".join(dict.fromkeys(tried))
    )


def _open(place: str, found: str) -> Libraries:
    if os.path.isdir(place):
        path = library_file(place, "llama")
        if path is None:
            raise OSError(f"no {_PREFIX}llama{_SUFFIX} there")
        return Libraries(path, found)
    if not os.path.exists(place):
        raise OSError("no such file or folder")
    return Libraries(place, found)


_libraries: Libraries | None = None


def libraries() -> Libraries:
    """The libraries of this process, found and opened at the first call."""
    global _libraries  # noqa: PLW0603 - one set of libraries per process, as the loader has it
    _fork.check()
    with _lock:
        if _libraries is None:
            _libraries = _find()
            # A function without effect, whatever it is called with.
            nothing = getattr(_libraries.holding("llama_backend_init"), "llama_max_devices", None)
            atexit.register(_log.silence, nothing)
            atexit.register(_exit.leave_quickly)
            _fork.watch()
        return _libraries
