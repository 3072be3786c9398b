"""The values of macros: libclang evaluates each as the initializer of a variable."""

from __future__ import annotations

import re
from collections.abc import Iterable

from clang.cindex import Cursor, Diagnostic

from build_scripts.bindings.headers import HeaderSet

from . import libclang

_PREFIX = "llama_ctypes_value_"
# A macro that uses one of these has another value in each place; the probes do not have them.
_OF_THE_PLACE = (
    *("__LINE__", "__FILE__", "__FILE_NAME__", "__BASE_FILE__", "__INCLUDE_LEVEL__", "__COUNTER__"),
    *("__DATE__", "__TIME__", "__TIMESTAMP__"),
)
_UNDEFINED = "".join(f"#undef {name}\n" for name in _OF_THE_PLACE)
_WITHOUT_VALUE = re.compile(f"use of undeclared identifier '({'|'.join(_OF_THE_PLACE)})'")
# Warnings that C defines no value for the expression. C++ compilers take it for no constant expression.
_UNDEFINED_VALUES = {
    *("-Wshift-count-overflow", "-Wshift-count-negative", "-Wshift-negative-value", "-Wshift-overflow"),
    *("-Wdivision-by-zero", "-Winteger-overflow"),
}
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
        self.reasons: dict[str, str] = {}
        """Why a candidate has no value that a program can use."""
        self.text = _UNDEFINED + "".join(
            f"__typeof__({name}) const {_PREFIX}{name} = {name};\n" for name in self._names
        )
        self.first_line = 1
        """The line in the source file where `text` begins."""

    def record_failure(self, diagnostic: Diagnostic) -> None:
        """Exclude a candidate whose line in `text` has an error or no defined value."""
        index = diagnostic.location.line - self.first_line - len(_OF_THE_PLACE)
        if index < 0:  # a warning that the predefined macros are undefined
            return
        name = self._names[index]
        if diagnostic.severity >= Diagnostic.Error:
            self._failures.add(name)
        if diagnostic.option in _UNDEFINED_VALUES:
            self._failures.add(name)
            self.reasons[name] = f"C gives it no value ({diagnostic.spelling})"
        elif use := _WITHOUT_VALUE.match(diagnostic.spelling):
            self.reasons[name] = f"its value depends on the place of its use ({use[1]})"

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
