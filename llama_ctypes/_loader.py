"""Find llama.cpp's libraries and open them.

The search is an ordered tuple of steps (`_STEPS`). Each step yields places to look in, and the first
place that opens wins. If none opens, the error lists every place and why it failed. The loader opens
everything by its full path. It never searches the working directory or the executable's folder, and
it rejects relative paths, also those in environment variables.
"""

from __future__ import annotations

import ctypes
import os
import sys

from . import _abi, _backends, _binary, _exit, _fork, _log
from ._errors import LibraryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Reentrant, because opening the libraries also looks up functions.
_lock = _exit.lock


class Libraries:
    """The opened libraries of one folder."""

    def __init__(self, llama: str, origin: str) -> None:
        """Open the libllama at path `llama` and its siblings; raise OSError if one does not open.

        They stay open until the process ends.
        """
        self.path = llama
        self.origin = origin
        """The step that found the library, as a phrase."""
        self.folder = _folder_with_siblings(llama)
        # Dependencies come first, by full path, so that libllama cannot use those of another folder.
        siblings = [_binary.library_file(self.folder, name) for name in ("ggml-base", "ggml")]
        self._open = [_binary.open_library(path) for path in siblings if path]
        self._open.insert(0, _binary.open_library(llama))
        if not hasattr(self._open[0], "llama_backend_init"):
            raise OSError(
                f"{os.path.basename(llama)} is a library, but not libllama: it lacks llama_backend_init"
            )
        self._failures: list[str] = []
        self._unopened = self._extras()
        self.backend_folder = _backends.load(self._core, self.folder, _full_path("GGML_BACKEND_PATH"))
        """The folder that ggml searched for backends, usually that of the libraries."""
        for library in self._open:
            _log.listen(library, _log.CORE)
        _abi.check(self.folder, self._query, self._difference)

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
                library = _binary.open_library(path)
            except OSError as error:
                self._failures.append(f"{os.path.dirname(path)} ({error})")
                continue
            self._open.append(library)
            _log.listen(library, _log.MULTIMODAL)
            if hasattr(library, name):
                return library
        from ._errors import MissingNameError
        from ._generated import RELEASE

        raise MissingNameError(
            f"{name} is in the headers of llama.cpp {RELEASE}, but none of these libraries"
            f"{f' of {self.release}' if self.release else ''} exports it: "
            + ", ".join([library._name for library in self._open] + self._failures)
        )

    def _extras(self) -> Iterator[str]:
        """Yield the libraries that few programs need; they are opened only if the others lack a symbol."""
        mtmd = _binary.library_file(self.folder, "mtmd")
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
        mtmd = _binary.library_file(self.folder, "mtmd")
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

    def _difference(self) -> str | None:
        from . import _layout

        return _layout.difference(self._core)

    def _core(self, name: str, restype: object, *argtypes: object) -> ctypes._NamedFuncPointer:
        for library in self._open:
            if hasattr(library, name):
                function = library[name]
                function.restype = restype  # type: ignore[assignment]
                function.argtypes = argtypes  # type: ignore[assignment]
                return function
        raise AttributeError(name)


def _folder_with_siblings(llama: str) -> str:
    """Return the folder of libllama; for a link without siblings, the folder of the file that it leads to."""
    folder = os.path.dirname(llama)
    if os.path.islink(llama) and not _binary.library_file(folder, "ggml"):
        return os.path.dirname(os.path.realpath(llama))
    return folder


# -- the steps: each yields pairs of an origin, as a phrase, and the path of a file or folder ------


def _full_path(variable: str) -> str | None:
    """Return the path in an environment variable; raise LibraryError if it is relative."""
    value = _binary.variable(variable)
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


def _package() -> Iterator[tuple[str, str]]:
    folder = _binary.package_libraries()
    if folder:
        yield "the package's own libraries", folder


def _prefix() -> Iterator[tuple[str, str]]:
    shared = ("Library", "bin") if sys.platform == "win32" else ("lib",)
    for variable, prefix in (("CONDA_PREFIX", _binary.variable("CONDA_PREFIX")), ("sys.prefix", sys.prefix)):
        if prefix and _binary.is_full_path(prefix):
            for parts in (_binary.PRIVATE, shared):
                yield f"the conda prefix ({variable})", os.path.join(prefix, *parts)


def _system() -> Iterator[tuple[str, str]]:
    for folder in _binary.system_folders():
        yield "the system's libraries", folder


_STEPS = (_environment, _package, _prefix, _system)


def _find() -> Libraries:
    extra = _full_path("GGML_BACKEND_PATH")  # ggml opens the library that this names as one more backend
    unusable = extra and _binary.why_unusable(extra)
    if unusable:
        raise LibraryError(f"cannot open GGML_BACKEND_PATH: {extra}: {unusable}")
    failures = []
    for step in _STEPS:
        for origin, place in step():
            try:
                return _open(place, origin)
            except LibraryError:
                raise
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
        path = _binary.library_file(place, "llama")
        if path is None:
            raise OSError(f"the folder has no {_binary.PREFIX}llama{_binary.SUFFIX}")
        return Libraries(path, origin)
    if not os.path.lexists(place):
        raise OSError("no such file or folder")
    return Libraries(place, origin)


_libraries: Libraries | None = None
_opening = False


def libraries() -> Libraries:
    """Return the libraries of this process; the first call finds and opens them.

    Raises LibraryError if none can be used, or in a process that was forked after they were opened.
    """
    global _libraries, _opening  # noqa: PLW0603 - a process has one set of libraries
    _fork.check()
    with _log.Held(), _lock:
        if _libraries is None:
            if _opening:
                raise LibraryError("a function was used while the same thread opens the libraries")
            _opening = True
            _fork.watch(True)
            try:
                _libraries = _find()
            finally:
                _opening = False
                _fork.watch(_libraries is not None)
            # This function ignores its arguments and has no effect.
            library = _libraries.library_with("llama_backend_init")
            _log.nothing = getattr(library, "llama_max_devices", None)
        return _libraries
