"""The values of macros, by having libclang evaluate each as the initializer of a variable."""

from __future__ import annotations

import re
from collections.abc import Iterable

from clang.cindex import Cursor, Diagnostic

from build_scripts.bindings.headers import HeaderSet

from . import libclang

_PREFIX = "llama_ctypes_value_"
# An object-like macro with a body. Which of several definitions is in force, libclang knows.
_DEFINE = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)(?:[ \t]+|/\*)(?![ \t]|//)\S", re.MULTILINE)
_VARIABLE = re.compile(rb"^[ \t]*static[ \t]+const[ \t]+[\w \t]+?(\w+)[ \t]*=", re.MULTILINE)


class Probes:
    """One variable per name that may be a constant, initialized with it.

    Where that is an error (attributes, keywords, types, a definition not in force) the name is no value.
    """

    def __init__(self, headers: HeaderSet) -> None:
        """Find the candidates in the text of `headers`."""
        found: set[str] = set()
        for file in headers.files:
            data = (headers.root / file).read_bytes()
            for pattern in (_DEFINE, _VARIABLE):
                found.update(name.decode() for name in pattern.findall(data))
        self._names = sorted(found)
        self._failed: set[str] = set()
        self.text = "".join(f"__typeof__({name}) const {_PREFIX}{name} = {name};\n" for name in self._names)
        self.first_line = 1
        """The line of `text` in the file it is put into."""

    def failed(self, diagnostic: Diagnostic) -> None:
        """Take note of an error in one of the lines of `text`."""
        if diagnostic.severity >= Diagnostic.Error:
            self._failed.add(self._names[diagnostic.location.line - self.first_line])

    def values(self, variables: Iterable[Cursor]) -> dict[str, int | float | str]:
        """The value of every candidate that has one; `variables` are those that the unit declares."""
        values: dict[str, int | float | str] = {}
        for variable in variables:
            name = variable.spelling
            candidate = name.removeprefix(_PREFIX)
            if candidate != name and candidate not in self._failed:
                value = libclang.value(variable)
                if value is not None:
                    values[candidate] = value
        return values
