"""llama.cpp's C API through ctypes, generated from the headers of one release; names are C's own.

    >>> import llama_ctypes as llama
    >>> llama.llama_max_devices()

Functions, handles, structs, enums, callbacks, typedefs and macros are attributes of this module.
Each is created on first use, so importing opens no library. A function that the libraries lack
raises AttributeError when it is used; everything else still works. `RELEASE` is the release's name.

The first function that is used opens the libraries: those that LLAMA_CPP_LIB names (a libllama file
or a folder), else the package's own, the conda prefix's or the system's. If none can be used, the
call raises `LibraryError`, which lists what was tried.
"""

TYPE_CHECKING = False  # the same as typing's, without importing typing
if TYPE_CHECKING:
    from ._errors import LibraryError as LibraryError
    from ._generated import *

    __version__: str

else:  # hidden from type checkers, which would otherwise accept any name

    def __getattr__(name: str) -> object:
        if name == "__version__":
            from ._version import version

            return version()
        if name.startswith("_") and name != "__all__":  # the import system asks for such names too
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from ._api import resolve

        value = resolve(name)
        globals()[name] = value  # the next access is a plain dictionary look-up
        return value


def __dir__() -> "list[str]":
    from ._api import names

    return sorted({*globals(), *names(), "__version__"})
