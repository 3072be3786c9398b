"""The values of macros, by having libclang evaluate each as the initializer of a variable."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator

from clang import cindex
from clang.cindex import Cursor, CursorKind, TypeKind

from ..headers import HeaderSet

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

    def failed(self, diagnostic: cindex.Diagnostic) -> None:
        """Take note of an error in one of the lines of `text`."""
        if diagnostic.severity >= cindex.Diagnostic.Error:
            self._failed.add(self._names[diagnostic.location.line - self.first_line])

    def values(self, cursors: Iterator[Cursor]) -> dict[str, int | float | str]:
        """The value of every candidate that has one; `cursors` are the unit's declarations."""
        values: dict[str, int | float | str] = {}
        for cursor in cursors:
            if cursor.kind == CursorKind.VAR_DECL and cursor.spelling.startswith(_PREFIX):
                name = cursor.spelling.removeprefix(_PREFIX)
                value = None if name in self._failed else _value(cursor)
                if value is not None:
                    values[name] = value
        return values


def _value(cursor: Cursor) -> int | float | str | None:
    library = _library()
    result = library.clang_Cursor_Evaluate(cursor)
    if not result:
        return None
    try:
        kind = library.clang_EvalResult_getKind(result)
        if kind == _INT:
            if library.clang_EvalResult_isUnsignedInt(result):
                return int(library.clang_EvalResult_getAsUnsigned(result))
            return int(library.clang_EvalResult_getAsLongLong(result))
        if kind == _FLOAT:
            return float(library.clang_EvalResult_getAsDouble(result))
        if kind == _STRING:
            array = cursor.type.get_canonical()
            if array.kind == TypeKind.CONSTANTARRAY and array.element_type.kind not in _CHARS:
                return None  # L"wide"
            try:
                text = str(library.clang_EvalResult_getAsStr(result).decode("utf-8"))
            except UnicodeDecodeError:
                return None  # bytes, not text
            # libclang ends the text at the first zero byte.
            whole = array.kind != TypeKind.CONSTANTARRAY or len(text.encode()) == array.element_count - 1
            return text if whole else None
        return None
    finally:
        library.clang_EvalResult_dispose(result)


def _library() -> ctypes.CDLL:
    """libclang with the evaluation functions, which its Python binding does not declare."""
    library: ctypes.CDLL = cindex.conf.lib
    if library.clang_EvalResult_getAsStr.restype is not ctypes.c_char_p:
        library.clang_Cursor_Evaluate.argtypes = [Cursor]
        library.clang_Cursor_Evaluate.restype = ctypes.c_void_p
        for name, restype in [
            ("getKind", ctypes.c_int),
            ("isUnsignedInt", ctypes.c_uint),
            ("getAsUnsigned", ctypes.c_ulonglong),
            ("getAsLongLong", ctypes.c_longlong),
            ("getAsDouble", ctypes.c_double),
            ("dispose", None),
            ("getAsStr", ctypes.c_char_p),
        ]:
            function = getattr(library, f"clang_EvalResult_{name}")
            function.argtypes = [ctypes.c_void_p]
            function.restype = restype
    return library
