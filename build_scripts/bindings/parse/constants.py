"""The values of macros, by having libclang evaluate each as the initializer of a variable."""

from __future__ import annotations

import re
from collections.abc import Iterable

from clang import cindex
from clang.cindex import Cursor, TypeKind

from build_scripts.bindings.headers import HeaderSet

from . import libclang
from .libclang import clang

_PREFIX = "llama_ctypes_value_"
_CHARS = (TypeKind.CHAR_S, TypeKind.CHAR_U)
_INT, _FLOAT, _STRING = 1, 2, 4  # CXEvalResultKind; the other kinds are not C's
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

    def failed(self, diagnostic: libclang.Diagnostic) -> None:
        """Take note of an error in one of the lines of `text`."""
        if diagnostic.severity >= cindex.Diagnostic.Error:
            self._failed.add(self._names[diagnostic.line - self.first_line])

    def values(self, variables: Iterable[Cursor]) -> dict[str, int | float | str]:
        """The value of every candidate that has one; `variables` are those that the unit declares."""
        values: dict[str, int | float | str] = {}
        for variable in variables:
            name = libclang.name(variable)
            candidate = name.removeprefix(_PREFIX)
            if candidate != name and candidate not in self._failed:
                value = _value(variable)
                if value is not None:
                    values[candidate] = value
        return values


def _value(cursor: Cursor) -> int | float | str | None:
    result = clang.Cursor_Evaluate(cursor)
    if not result:
        return None
    try:
        kind = clang.EvalResult_getKind(result)
        if kind == _INT:
            if clang.EvalResult_isUnsignedInt(result):
                return int(clang.EvalResult_getAsUnsigned(result))
            return int(clang.EvalResult_getAsLongLong(result))
        if kind == _FLOAT:
            return float(clang.EvalResult_getAsDouble(result))
        if kind == _STRING:
            array = cursor.type.get_canonical()
            if array.kind == TypeKind.CONSTANTARRAY and array.element_type.kind not in _CHARS:
                return None  # L"wide"
            try:
                text = str(clang.EvalResult_getAsStr(result).decode("utf-8"))
            except UnicodeDecodeError:
                return None  # bytes, not text
            # libclang ends the text at the first zero byte.
            whole = array.kind != TypeKind.CONSTANTARRAY or len(text.encode()) == array.element_count - 1
            return text if whole else None
        return None
    finally:
        clang.EvalResult_dispose(result)
