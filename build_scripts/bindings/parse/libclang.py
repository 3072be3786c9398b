"""What clang.cindex lacks: the value of a constant, the message of a deprecation, and calling conventions.

libclang's C API has them. The functions are declared here, apart from those that clang.cindex declares.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from ctypes import (
    POINTER,
    Structure,
    byref,
    c_char_p,
    c_double,
    c_int,
    c_longlong,
    c_uint,
    c_ulonglong,
    c_void_p,
)
from pathlib import Path
from typing import Any

from clang import cindex
from clang.cindex import Cursor, Type, TypeKind

# conda-forge's libclang 18 for Windows. It has no libclang.dll, which clang.cindex looks for.
_CONDA_LIBRARY = Path(sys.prefix, "Library", "bin", "libclang-13.dll")
if _CONDA_LIBRARY.is_file():
    cindex.Config.set_library_file(_CONDA_LIBRARY)

_CHARS = (TypeKind.CHAR_S, TypeKind.CHAR_U)
_INT, _FLOAT, _STRING = 1, 2, 4  # of CXEvalResultKind; C has no values of the other kinds
_C = 1  # of CXCallingConv


class _String(Structure):
    """CXString. Whoever receives one must dispose of it."""

    _fields_ = (("data", c_void_p), ("flags", c_uint))


# Result and parameters of each function, by its name without `clang_`.
_PROTOTYPES: dict[str, tuple[Any, ...]] = {
    "Cursor_Evaluate": (c_void_p, Cursor),
    "EvalResult_dispose": (None, c_void_p),
    "EvalResult_getAsDouble": (c_double, c_void_p),
    "EvalResult_getAsLongLong": (c_longlong, c_void_p),
    "EvalResult_getAsStr": (c_char_p, c_void_p),
    "EvalResult_getAsUnsigned": (c_ulonglong, c_void_p),
    "EvalResult_getKind": (c_int, c_void_p),
    "EvalResult_isUnsignedInt": (c_uint, c_void_p),
    "disposeString": (None, _String),
    "getCString": (c_char_p, _String),
    "getFunctionTypeCallingConv": (c_int, Type),
    "getCursorPlatformAvailability": (
        c_int, Cursor, c_void_p, POINTER(_String), c_void_p, POINTER(_String), c_void_p, c_int,
    ),
}  # fmt: skip


@functools.cache
def _clang(name: str) -> Callable[..., Any]:
    function: Any = cindex.conf.lib[f"clang_{name}"]  # a new object; clang.cindex keeps its own
    function.restype, *function.argtypes = _PROTOTYPES[name]
    return function  # type: ignore[no-any-return]


def value(variable: Cursor) -> int | float | str | None:
    """The value of a variable's initializer; None if it is neither a number nor text."""
    result = _clang("Cursor_Evaluate")(variable)
    if not result:
        return None
    try:
        kind = _clang("EvalResult_getKind")(result)
        if kind == _INT:
            unsigned = _clang("EvalResult_isUnsignedInt")(result)
            return int(_clang(f"EvalResult_getAs{'Unsigned' if unsigned else 'LongLong'}")(result))
        if kind == _FLOAT:
            return float(_clang("EvalResult_getAsDouble")(result))
        return _text(variable, _clang("EvalResult_getAsStr")(result)) if kind == _STRING else None
    finally:
        _clang("EvalResult_dispose")(result)


def _text(variable: Cursor, data: bytes) -> str | None:
    array = variable.type.get_canonical()
    if array.kind == TypeKind.CONSTANTARRAY and array.get_array_element_type().kind not in _CHARS:
        return None  # L"wide"
    if array.kind == TypeKind.CONSTANTARRAY and len(data) != array.element_count - 1:
        return None  # libclang cuts the text off at its first zero byte
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def deprecation(declaration: Cursor) -> str:
    """The message of a declaration's deprecation attribute, empty if it has none."""
    message, unavailable = _String(), _String()
    _clang("getCursorPlatformAvailability")(
        declaration, None, byref(message), None, byref(unavailable), None, 0
    )
    data: bytes | None = _clang("getCString")(message)
    text = (data or b"").decode()
    for string in (message, unavailable):
        _clang("disposeString")(string)
    return text


def is_called_as_c(function: Type) -> bool:
    """Whether a function type has C's calling convention, not that of an attribute such as `ms_abi`."""
    return bool(_clang("getFunctionTypeCallingConv")(function) == _C)
