"""What is asked of libclang for every declaration, without what its Python binding does on the way.

The binding looks for the translation unit in each result's arguments, compares each cursor with the null
cursor and makes a class for each list of arguments: together half of the time that generating took.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_uint, c_void_p
from typing import Any

from clang import cindex
from clang.cindex import Cursor, SourceLocation, Type


class _String(Structure):
    _fields_ = (("data", c_void_p), ("flags", c_uint))


@functools.cache
def _call(name: str, restype: Any, *argtypes: Any) -> Callable[..., Any]:
    """A function object of our own: those of the binding keep their conversions."""
    function = cindex.conf.lib[name]
    function.restype, function.argtypes = restype, argtypes
    return function  # type: ignore[no-any-return]


def _text(string: _String) -> str:
    data: bytes | None = _call("clang_getCString", c_char_p, _String)(string)
    text = (data or b"").decode()
    _call("clang_disposeString", None, _String)(string)
    return text


def key(type_: Type) -> int:
    """What types of one unit have in common exactly if they are spelled alike, qualifiers included."""
    found: int = type_.data[0]
    return found


def spelling(type_: Type) -> str:
    """As C spells the type."""
    return _text(_call("clang_getTypeSpelling", _String, Type)(type_))


def argument_types(type_: Type) -> list[Type]:
    """The types of a function type's parameters."""
    get = _call("clang_getArgType", Type, Type, c_uint)
    found = [get(type_, index) for index in range(_call("clang_getNumArgTypes", c_int, Type)(type_))]
    for argument in found:
        argument._tu = type_._tu
    return found


def parameter_names(function: Cursor) -> list[str]:
    """The names of a function's parameters, empty where the header gives none."""
    count = _call("clang_Cursor_getNumArguments", c_int, Cursor)(function)
    get = _call("clang_Cursor_getArgument", Cursor, Cursor, c_uint)
    name = _call("clang_getCursorSpelling", _String, Cursor)
    return [_text(name(get(function, index))) for index in range(count)]


def children(cursor: Cursor) -> list[Cursor]:
    """What is declared directly in `cursor`."""
    found: list[Cursor] = []

    def visit(child: Cursor, _parent: Cursor, _data: object) -> int:
        child._tu = cursor._tu
        found.append(child)
        return 1  # go on with the next

    visitor = cindex.callbacks["cursor_visit"](visit)
    cindex.conf.lib.clang_visitChildren(cursor, visitor, found)
    return found


class Places:
    """Files and lines of one unit's cursors."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._file, self._line = c_void_p(), c_uint()
        # Of all that libclang could tell of a place, these two.
        self._wanted = (byref(self._file), byref(self._line), None, None)
        self._location = _call("clang_getCursorLocation", SourceLocation, Cursor)
        types = (POINTER(c_void_p), POINTER(c_uint), c_void_p, c_void_p)
        self._locate = _call("clang_getInstantiationLocation", None, SourceLocation, *types)

    def file(self, cursor: Cursor) -> str | None:
        """The name of the file a cursor stands in; None for what no file holds."""
        return self.place(self._location(cursor))[0]

    def place(self, location: SourceLocation) -> tuple[str | None, int]:
        """The name of the file, and the line."""
        self._locate(location, *self._wanted)
        file = self._file.value
        if file is None:
            return None, 0
        if file not in self._names:
            self._names[file] = _text(_call("clang_getFileName", _String, c_void_p)(file))
        return self._names[file], self._line.value
