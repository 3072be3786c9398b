"""Find llama.cpp's libraries and open them.

The search is an ordered tuple of steps (`_STEPS`). Each step yields places to look in, and the first
place that opens wins. If none opens, the error lists every place and why it failed. The loader opens
everything by its full path. It never searches the working directory or the executable's folder, and
it rejects relative paths, also those in environment variables.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import sys
from _thread import RLock  # importing threading takes ten times as long

from . import _abi, _binary, _exit, _fork, _log
from ._errors import LibraryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

if sys.platform == "win32":
    _PREFIX, _SUFFIX = "", ".dll"
elif sys.platform == "darwin":
    _PREFIX, _SUFFIX = "lib", ".dylib"
else:
    _PREFIX, _SUFFIX = "lib", ".so"

# The conda package's own folder for libraries; other packages also install a libllama.
_PRIVATE = ("Library", "lib", "llama_ctypes") if sys.platform == "win32" else ("lib", "llama_ctypes")


# Reentrant, because opening the libraries also looks up functions.
_lock = RLock()


class Libraries:
    """The opened libraries of one folder."""

    def __init__(self, llama: str, origin: str) -> None:
        """Open the libllama at path `llama` and its siblings; raise OSError if one does not open.

        They stay open until the process ends.
        """
        self.path = llama
        self.origin = origin
        """The step that found the library, as a phrase."""
        self.folder = os.path.dirname(llama)
        # Dependencies come first, by full path, so that libllama cannot use those of another folder.
        siblings = [library_file(self.folder, name) for name in ("ggml-base", "ggml")]
        self._open = [open_library(path) for path in siblings if path]
        self._open.insert(0, open_library(llama))
        if not hasattr(self._open[0], "llama_backend_init"):
            raise OSError(
                f"{os.path.basename(llama)} is a library, but not libllama: it lacks llama_backend_init"
            )
        self._failures: list[str] = []
        self._unopened = self._extras()
        self._load_backends()
        for library in self._open:
            _log.listen(library, _log.CORE)
        _abi.check(self.folder, self._query)

    @property
    def release(self) -> str | None:
        """The release of the libraries, such as b6124; None if neither they nor their metadata name it."""
        return _abi.release(self.folder, self._query)

    def library_with(self, name: str) -> ctypes.CDLL:
        """Return the library that exports `name`; raise AttributeError if none does."""
        for library in self._open:
            if hasattr(library, name):
                return library
        with _lock:
            return self._extra_library_with(name)

    def has(self, name: str) -> bool:
        """Return whether a library exports `name`."""
        try:
            self.library_with(name)
        except AttributeError:
            return False
        return True

    def _extra_library_with(self, name: str) -> ctypes.CDLL:
        for path in self._unopened:
            try:
                library = open_library(path)
            except OSError as error:
                self._failures.append(f"{os.path.dirname(path)} ({error})")
                continue
            self._open.append(library)
            _log.listen(library, _log.MULTIMODAL)
            if hasattr(library, name):
                return library
        from ._generated import RELEASE

        raise AttributeError(
            f"{name} is in the headers of llama.cpp {RELEASE}, but none of these libraries"
            f"{f' of {self.release}' if self.release else ''} exports it: "
            + ", ".join([library._name for library in self._open] + self._failures)
        )

    def _extras(self) -> Iterator[str]:
        """Yield the libraries that few programs need; they are opened only if the others lack a symbol."""
        mtmd = library_file(self.folder, "mtmd")
        if mtmd:
            yield mtmd
        # The folder has several CPU variants; only ggml knows which one it loaded.
        yield from self.backend_paths()

    def files(self) -> list[dict[str, str]]:
        """Return the path of each library except the backends, and under "found" how it was found."""
        origins = dict.fromkeys((library._name for library in self._open), "beside libllama")
        for path in self.backend_paths():
            origins.pop(path, None)
        origins[self.path] = self.origin
        mtmd = library_file(self.folder, "mtmd")
        if mtmd and mtmd not in origins:
            origins[mtmd] = "beside libllama; opened at its first function"
        return [{"path": path, "found": origin} for path, origin in origins.items()]

    def backend_paths(self) -> Iterator[str]:
        """Yield the paths of the backends that ggml has loaded, in its order."""
        try:
            count = self._core("ggml_backend_reg_count", ctypes.c_size_t)()
            get = self._core("ggml_backend_reg_get", ctypes.c_void_p, ctypes.c_size_t)
        except AttributeError:
            return  # releases before the registry have the backends in libggml
        known = {library._name for library in self._open}
        for index in range(count):
            path = _binary.containing(get(index))
            if path and path not in known:
                known.add(path)
                yield path

    def _query(self, name: str) -> str | None:
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

    def _has_cpu_backend(self) -> bool:
        """Return whether ggml has one, without which no model loads."""
        try:
            device = self._core("ggml_backend_dev_by_type", ctypes.c_void_p, ctypes.c_int)
        except AttributeError:
            return True  # unknown
        return bool(device(0))

    def _load_backends(self) -> None:
        """Let ggml load the backends in the library's folder, without its usual log lines."""
        try:
            count = self._core("ggml_backend_reg_count", ctypes.c_size_t)
            load = self._core("ggml_backend_load_all_from_path", None, ctypes.c_char_p)
            log_set = self._core("ggml_log_set", None, ctypes.c_void_p, ctypes.c_void_p)
        except AttributeError:
            return  # releases before loadable backends
        # They may be linked in, or loaded by an attempt that failed.
        reasons = "" if count() else self._load_logged(load, log_set)
        if not (count() and self._has_cpu_backend()):
            raise OSError(
                f"there is no ggml CPU backend that loads on this machine: {self.folder} must have a "
                f"{_PREFIX}ggml-cpu*{_SUFFIX}{f' (ggml: {reasons})' if reasons else ''}"
            )

    def _load_logged(self, load: Callable[[bytes], object], log_set: Callable[..., object]) -> str:
        """Call ggml's `load`; return why backends did not load, from what it logs."""
        lines: list[str] = []

        def listen(level: int, text: bytes, _data: object) -> None:
            lines.append(text.decode(errors="replace").strip())
            if "logging" in sys.modules:  # otherwise no handler can want the text
                _log.record(level, text)

        listener = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(listen)
        log_set(listener, None)
        try:
            if sys.platform == "win32":
                from . import _windows

                extra = _full_path("GGML_BACKEND_PATH")
                lines += _windows.load_backends(load, self.folder, extra, _dependency_folders())
            else:
                load(os.fsencode(self.folder))
        finally:
            log_set(None, None)  # ggml's default
        return "; ".join(line for line in lines if line)


def _dependency_folders() -> list[str]:
    """Return the folders of the prefix that have DLLs on Windows."""
    prefix = package_prefix()
    return [prefix, os.path.join(prefix, "Library", "bin")] if prefix else []


def open_library(path: str) -> ctypes.CDLL:
    """Open the library at a full path; OSError names the file and why it does not open."""
    name = os.path.basename(path)
    unusable = _binary.why_unusable(path)
    if unusable:
        raise OSError(f"{name} {unusable}")
    try:
        if sys.platform == "win32":
            from . import _windows

            return _windows.open_dll(path, _dependency_folders())
        return ctypes.CDLL(path)
    except OSError as error:
        raise OSError(f"{name} does not open: {str(error).removeprefix(f'{path}: ')}") from None


def library_file(folder: str, name: str) -> str | None:
    """Return the full path of library `name` in `folder`, also with a version in its file name; or None."""
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


# -- the steps: each yields pairs of an origin, as a phrase, and the path of a file or folder ------


def _full_path(variable: str) -> str | None:
    """Return the path in an environment variable; raise LibraryError if it is relative."""
    value = os.environ.get(variable)
    if value and not _binary.is_full_path(value):
        raise LibraryError(
            f"{variable}={value} is a relative path, which depends on the working directory; "
            f"set it to a full path, such as {os.path.abspath(value)}"
        )
    return value


def _environment() -> Iterator[tuple[str, str]]:
    value = _full_path("LLAMA_CPP_LIB")
    if value:
        yield "LLAMA_CPP_LIB", os.path.normpath(value)


def package_prefix() -> str | None:
    """Return the prefix that this package is installed in; None if it is not in a site-packages folder."""
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
        if prefix and _binary.is_full_path(prefix):
            for parts in (_PRIVATE, shared):
                yield f"the conda prefix ({variable})", os.path.join(prefix, *parts)


def _system() -> Iterator[tuple[str, str]]:
    for folder in _binary.system_folders():
        yield "the system's libraries", folder


_STEPS = (_environment, _package, _prefix, _system)


def _find() -> Libraries:
    _full_path("GGML_BACKEND_PATH")  # ggml opens the library that this names as one more backend
    failures = []
    for step in _STEPS:
        for origin, place in step():
            try:
                return _open(place, origin)
            except _abi.MismatchError as error:
                raise LibraryError(str(error)) from None
            except OSError as error:
                failures.append(f"{origin}: {place}: {error}")
                if step is _environment:
                    # The user chose this library; another one would be a surprise.
                    raise LibraryError(f"cannot open LLAMA_CPP_LIB: {place}: {error}") from None
    raise LibraryError(
        "no usable libllama; install the llama-ctypes package or set LLAMA_CPP_LIB to a libllama file.\n"
        "  tried " + "\n  tried ".join(dict.fromkeys(failures))
    )


def _open(place: str, origin: str) -> Libraries:
    if os.path.isdir(place):
        path = library_file(place, "llama")
        if path is None:
            raise OSError(f"the folder has no {_PREFIX}llama{_SUFFIX}")
        return Libraries(path, origin)
    if not os.path.exists(place):
        raise OSError("no such file or folder")
    return Libraries(place, origin)


_libraries: Libraries | None = None


def libraries() -> Libraries:
    """Return the libraries of this process; the first call finds and opens them.

    Raises LibraryError if none can be used, or in a process that was forked after they were opened.
    """
    global _libraries  # noqa: PLW0603 - a process has one set of libraries
    _fork.check()
    with _lock:
        if _libraries is None:
            _libraries = _find()
            # This function ignores its arguments and has no effect.
            nothing = getattr(_libraries.library_with("llama_backend_init"), "llama_max_devices", None)
            atexit.register(_log.silence, nothing)
            atexit.register(_exit.leave_quickly)
            _fork.watch()
        return _libraries
