"""The table of functions: the only reader of `_generated/functions.py`.

The table is one text, with one function on each line. Compiling a dictionary of as many functions would take
ten times as long, and even splitting the text takes longer than the look-ups of most programs.
"""

from __future__ import annotations

import ctypes

from ._generated.functions import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_types: dict[str, Any] | None = None
"""The names in types.py; None until a function needs one of the release's types."""


class Row:
    """One function of the table."""

    __slots__ = ("declaration", "deprecated", "name", "parameters", "place", "prototype")

    def __init__(self, line: str) -> None:
        self.name, self.prototype, parameters, self.place, self.declaration, *message = line.split("\t")
        self.parameters = parameters.split()
        """Their names in Python, `...` at the end if more arguments may follow."""
        self.deprecated = message[0] if message else None
        """Upstream's message to callers of a deprecated function, None for any other."""

    @property
    def symbol(self) -> str:
        """The name that libraries export: the function's, unless its declaration has another after it."""
        _, renamed, symbol = self.declaration.partition(' __asm__("')
        return symbol[:-2] if renamed else self.name

    def types(self) -> tuple[Any, list[Any]]:
        """Return the ctypes result type and the types of the parameters."""
        global _types  # noqa: PLW0603 - of the module that it names
        # The text is part of this package, generated from C declarations: no outside text is evaluated.
        text = f"{self.prototype},"
        if _types is None:
            try:
                restype, *argtypes = eval(text, {}, vars(ctypes))
            except NameError:
                from ._generated import types  # creates them all, which takes a quarter of a first call

                _types = vars(types)
            else:
                return restype, argtypes
        restype, *argtypes = eval(text, _types)
        return restype, argtypes


def has(name: str) -> bool:
    """Whether the release has a function of this name."""
    return bool(_line(name))


def row(name: str) -> Row:
    """The row of a function; KeyError if the release has none of this name."""
    line = _line(name)
    if not line:
        raise KeyError(name)
    return Row(line)


def _line(name: str) -> str:
    """The line of the function `name`, empty if there is none: a binary search, as the lines are sorted."""
    start, end = 1, len(TABLE)
    while start < end:
        first = TABLE.rfind("\n", start - 1, (start + end) // 2) + 1
        last = TABLE.index("\n", first)
        middle = TABLE[first : TABLE.index("\t", first)]
        if middle == name:
            return TABLE[first:last]
        if name < middle:
            end = first
        else:
            start = last + 1
    return ""


def rows() -> list[Row]:
    """All rows, sorted by name."""
    return [Row(line) for line in TABLE.split("\n")[1:-1]]


def names() -> list[str]:
    """The names of all functions, sorted."""
    return [row.name for row in rows()]


def prototype(name: str) -> tuple[Any, list[Any]]:
    """The ctypes result type of a function and the types of its parameters."""
    return row(name).types()
