"""The values of macros, by asking libclang to evaluate each as an initializer."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator

from clang import cindex
from clang.cindex import Cursor, CursorKind

from .model import Location

_PREFIX = "llama_ctypes_value_"
_INT, _FLOAT, _STRING = 1, 2, 4  # CXEvalResultKind; Objective-C strings and others are not C's


def macro_names(
    cursors: Iterable[Cursor], place: Callable[[cindex.SourceLocation], Location]
) -> Iterator[tuple[str, Location]]:
    """Object-like macros with a body; whether that is a value, `evaluate` finds out."""
    for cursor in cursors:
        if cursor.kind == CursorKind.MACRO_DEFINITION and not cindex.conf.lib.clang_Cursor_isMacroFunctionLike(
            cursor
        ):
            tokens = cursor.get_tokens()
            if next(tokens, None) is not None and next(tokens, None) is not None:
                yield cursor.spelling, place(cursor.location)


def evaluate(
    names: list[str], includes: str, translate: Callable[[str], cindex.TranslationUnit]
) -> dict[str, int | float | str]:
    """Map each of `names` that is a constant expression or a string to its value.

    One variable is declared per name and initialized with it; those whose line gets an error
    (attributes, keywords, types) are no values and are left out.
    """
    first = includes.count("\n") + 1
    lines = [f"__typeof__({name}) const {_PREFIX}{name} = {name};" for name in names]
    unit = translate(includes + "\n".join(lines) + "\n")
    main = unit.spelling
    bad = {
        names[d.location.line - first]
        for d in unit.diagnostics
        if d.severity >= cindex.Diagnostic.Error and d.location.file and d.location.file.name == main
    }
    values: dict[str, int | float | str] = {}
    for cursor in unit.cursor.get_children():
        name = cursor.spelling[len(_PREFIX) :]
        if cursor.kind == CursorKind.VAR_DECL and cursor.spelling.startswith(_PREFIX) and name not in bad:
            value = _value(cursor)
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
            return str(library.clang_EvalResult_getAsStr(result).decode("utf-8"))
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
            ("getAsStr", ctypes.c_char_p),
            ("dispose", None),
        ]:
            function = getattr(library, f"clang_EvalResult_{name}")
            function.argtypes = [ctypes.c_void_p]
            function.restype = restype
    return library
