"""llama.cpp's C API, as generated from the headers of one release; names are C's own.

    >>> import llama_ctypes as llama
    >>> llama.llama_max_devices()

Functions, handles, records, enums, callbacks, typedefs and macros are attributes of this module
and are made when first asked for: importing opens no library, and a function that a library
lacks is an AttributeError of that function alone. `RELEASE` names the release.

The libraries are opened at the first function: LLAMA_CPP_LIB if it is set (a libllama file or a
folder), else the package's own, the conda prefix's, the system's. `LibraryError` says what was
tried where that fails.
"""

TYPE_CHECKING = False  # as typing's, without importing typing
if TYPE_CHECKING:
    from ._errors import LibraryError as LibraryError
    from ._generated import *


else:  # which would let type checkers think that any name is there

    def __getattr__(name: str) -> object:
        if name.startswith("_") and name != "__all__":  # also what the import system asks for
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from ._api import resolve

        value = resolve(name)
        globals()[name] = value  # the next access is a plain dictionary look-up
        return value


def __dir__() -> "list[str]":
    from ._api import names

    return sorted({*globals(), *names()})
