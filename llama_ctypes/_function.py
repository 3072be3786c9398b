"""The class of the bound functions: that of ctypes, plus what help() and editors show."""

from __future__ import annotations

import sys
from _ctypes import FUNCFLAG_CDECL, CFuncPtr
from ctypes import ArgumentError, c_int

from . import _table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from inspect import Signature
    from typing import Any


class Function(CFuncPtr):
    """A C function. Nothing here is run by a call: that is ctypes' alone, and it releases the GIL."""

    _flags_ = FUNCFLAG_CDECL
    _restype_ = c_int
    __name__: str
    library: str
    prototype: tuple[Any, list[Any]]
    """The types of the result and the parameters; `argtypes` has others, for quick calls."""

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        """The C declaration, the header's comment, the place, the library and the numbered parameters."""
        from . import _help

        return _help.function(self.__name__, self.library)

    @property
    def __signature__(self) -> Signature:
        """For inspect.signature, notebooks and editors; annotations are the ctypes classes."""
        from . import _help

        restype, argtypes = self.prototype
        return _help.signature(self.__name__, argtypes, restype)

    def __repr__(self) -> str:
        return f"<{self.__name__} of {self.library}>"


class DebugFunction(Function):
    """A C function under `python -X dev`: errors name the parameter, and calls are slower."""

    _flags_ = FUNCFLAG_CDECL
    _restype_ = c_int

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call the C function. ctypes itself ignores keywords and surplus arguments."""
        names = _table.row(self.__name__).parameters
        if keywords:
            raise TypeError(f"{self.__name__}() takes no keyword arguments, but got {', '.join(keywords)}")
        if len(arguments) > len(names) and names[-1:] != ["..."]:
            raise TypeError(f"{self.__name__}() takes {len(names)} arguments, but got {len(arguments)}")
        try:
            return super().__call__(*arguments)
        except ArgumentError as error:
            import re

            from ._parameter import expected

            number = re.match(r"argument (\d+): ", str(error))
            _, argtypes = self.prototype
            if number is None or int(number[1]) > len(argtypes):
                raise
            index = int(number[1]) - 1
            types = f"takes {expected(argtypes[index])}, not {type(arguments[index]).__name__}"
            raise ArgumentError(
                f"{self.__name__}: argument {number[1]}, `{names[index]}`, {types}"
            ) from error


function_class = DebugFunction if sys.flags.dev_mode else Function
