"""The class of the bound functions: ctypes' own, which also tells help() and editors what it is."""

from __future__ import annotations

import sys
from _ctypes import FUNCFLAG_CDECL, CFuncPtr
from ctypes import ArgumentError, c_int

from ._generated import RELEASE
from ._generated.functions import DEPRECATED, FUNCTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from inspect import Signature
    from typing import Any

_DEPTH = {"(": 1, ")": -1}


class Function(CFuncPtr):
    """A C function. Nothing here is run by a call: that is ctypes' alone, and it releases the GIL."""

    _flags_ = FUNCFLAG_CDECL
    _restype_ = c_int
    __name__: str
    library: str

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        """The C declaration, where it stands, the parameters as ctypes counts them, the library."""
        declaration, place, _ = FUNCTIONS[self.__name__]
        names = parameters(declaration)
        lines = [declaration, "", f"{place} of llama.cpp {RELEASE}, in {self.library}"]
        if names:
            lines += ["", "arguments: " + ", ".join(f"{n} {name}" for n, name in enumerate(names, 1))]
        if self.__name__ in DEPRECATED:
            lines += ["", f"Deprecated: {DEPRECATED[self.__name__]}"]
        return "\n".join(lines)

    @property
    def __signature__(self) -> Signature:
        """For inspect.signature, notebooks and editors; annotations are the ctypes classes."""
        from inspect import Parameter, Signature

        names = parameters(FUNCTIONS[self.__name__][0])
        taken: list[Any] = [
            Parameter(name, Parameter.POSITIONAL_ONLY, annotation=kind)
            for name, kind in zip(names, self.argtypes or (), strict=False)
        ]
        if names[-1:] == ["..."]:
            taken.append(Parameter("arguments", Parameter.VAR_POSITIONAL))
        return Signature(taken, return_annotation=self.restype)

    def __repr__(self) -> str:
        return f"<{self.__name__} of {self.library}>"


class Naming(Function):
    """With `python -X dev`: an argument of a wrong type is named. A call costs a Python call more."""

    _flags_ = FUNCFLAG_CDECL
    _restype_ = c_int

    def __call__(self, *arguments: Any) -> Any:
        """Call the C function."""
        try:
            return super().__call__(*arguments)
        except ArgumentError as error:
            import re

            number = re.match(r"argument (\d+): ", str(error))
            names = parameters(FUNCTIONS[self.__name__][0])
            if number is None or int(number[1]) > len(names):
                raise
            index = int(number[1]) - 1
            wanted, given = self.argtypes[index].__name__, type(arguments[index]).__name__
            raise ArgumentError(
                f"{self.__name__}: argument {number[1]}, `{names[index]}`, takes {wanted}, not {given}"
            ) from error


def parameters(declaration: str) -> list[str]:
    """The names of a C function's parameters, `...` for what is variable; argN where there is no name."""
    # The parameter list is the last parenthesis at the outermost level.
    depth, start = 0, 0
    for index, character in enumerate(declaration):
        if character == "(" and depth == 0:
            start = index + 1
        depth += _DEPTH.get(character, 0)
    inside, parts = declaration[start : declaration.rindex(")")], [""]
    for character in inside:
        depth += _DEPTH.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    if parts in ([""], ["void"]):
        return []
    return [_name(part.strip(), index) for index, part in enumerate(parts)]


def _name(parameter: str, index: int) -> str:
    if parameter == "...":
        return parameter
    import re

    if re.fullmatch(r"(const )?(struct|union|enum) \w+", parameter):
        return f"arg{index}"  # a tag alone
    pointer = re.match(r"[^(]*\(\s*\*\s*(\w*)", parameter)  # of a function, or of an array
    found = pointer or re.search(r"(?<=[\s*])(\w+)(?:\s*\[[^]]*\])*$", parameter)
    name = found[1] if found else ""
    return name if name and name not in _NAMELESS_ENDS else f"arg{index}"


# What a parameter without a name may end with.
_NAMELESS_ENDS = {"int", "char", "float", "double", "bool", "long", "short", "void", "unsigned", "signed"}


kind = Naming if sys.flags.dev_mode else Function
