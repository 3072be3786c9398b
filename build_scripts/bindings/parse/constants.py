"""The values of macros: libclang evaluates each as the initializer of a variable."""

from __future__ import annotations

import re
from collections.abc import Iterable

from clang.cindex import Cursor, Diagnostic

from build_scripts.bindings.headers import HeaderSet

from . import libclang

_PREFIX = "llama_ctypes_value_"
# An object-like macro with a body. If it has several definitions, libclang knows the active one.
_DEFINE = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)(?:[ \t]+|/\*)(?![ \t]|//)\S", re.MULTILINE)
_VARIABLE = re.compile(rb"^[ \t]*static[ \t]+const[ \t]+[\w \t]+?(\w+)[ \t]*=", re.MULTILINE)


class Probes:
    """C text with one variable for each name that may be a constant, initialized with the constant.

    If that is an error, the name is not a constant: an attribute, a keyword, a type, an inactive definition.
    """

    def __init__(self, headers: HeaderSet) -> None:
        """Find the candidates in the text of `headers`."""
        names: set[str] = set()
        for file in headers.files:
            data = (headers.root / file).read_bytes()
            for pattern in (_DEFINE, _VARIABLE):
                names.update(name.decode() for name in pattern.findall(data))
        self._names = sorted(names)
        self._failures: set[str] = set()
        self.text = "".join(f"__typeof__({name}) const {_PREFIX}{name} = {name};\n" for name in self._names)
        self.first_line = 1
        """The line in the source file where `text` begins."""

    def record_failure(self, diagnostic: Diagnostic) -> None:
        """Exclude a candidate whose line in `text` has an error."""
        if diagnostic.severity >= Diagnostic.Error:
            self._failures.add(self._names[diagnostic.location.line - self.first_line])

    def values(self, variables: Iterable[Cursor]) -> dict[str, int | float | str]:
        """The value of each candidate that has one; `variables` are those that the unit declares."""
        values: dict[str, int | float | str] = {}
        for variable in variables:
            name = variable.spelling
            candidate = name.removeprefix(_PREFIX)
            if candidate != name and candidate not in self._failures:
                value = libclang.value(variable)
                if value is not None:
                    values[candidate] = value
        return values
