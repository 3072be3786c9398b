"""What is asked of libclang for every declaration, without what its Python binding does on the way.

The binding looks for the translation unit in each result's arguments, compares each cursor with the null
cursor and makes a class for each list of arguments: together half of the time that generating took.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
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
from typing import Any, NamedTuple

from clang import cindex
from clang.cindex import Cursor, CursorKind, SourceLocation, TranslationUnit, Type


class String(Structure):
    """libclang's string, which whoever gets one has to dispose of; `text` does."""

    _fields_ = (("data", c_void_p), ("flags", c_uint))


# Result and arguments of each function, by its name without `clang_`.
_PROTOTYPES: dict[str, tuple[Any, ...]] = {
    "Cursor_Evaluate": (c_void_p, Cursor),
    "Cursor_getArgument": (Cursor, Cursor, c_uint),
    "Cursor_getNumArguments": (c_int, Cursor),
    "Cursor_getStorageClass": (c_int, Cursor),
    "EvalResult_dispose": (None, c_void_p),
    "EvalResult_getAsDouble": (c_double, c_void_p),
    "EvalResult_getAsLongLong": (c_longlong, c_void_p),
    "EvalResult_getAsStr": (c_char_p, c_void_p),
    "EvalResult_getAsUnsigned": (c_ulonglong, c_void_p),
    "EvalResult_getKind": (c_int, c_void_p),
    "EvalResult_isUnsignedInt": (c_uint, c_void_p),
    "disposeDiagnostic": (None, c_void_p),
    "disposeString": (None, String),
    "getArgType": (Type, Type, c_uint),
    "getCString": (c_char_p, String),
    "getCursorAvailability": (c_int, Cursor),
    "getCursorLocation": (SourceLocation, Cursor),
    "getCursorPlatformAvailability": (
        c_int, Cursor, c_void_p, POINTER(String), c_void_p, POINTER(String), c_void_p, c_int,
    ),
    "getCursorSpelling": (String, Cursor),
    "getCursorType": (Type, Cursor),
    "getDiagnostic": (c_void_p, TranslationUnit, c_uint),
    "getDiagnosticLocation": (SourceLocation, c_void_p),
    "getDiagnosticSeverity": (c_int, c_void_p),
    "getDiagnosticSpelling": (String, c_void_p),
    "getFileName": (String, c_void_p),
    "getInstantiationLocation": (
        None, SourceLocation, POINTER(c_void_p), POINTER(c_uint), c_void_p, c_void_p,
    ),
    "getNumArgTypes": (c_int, Type),
    "getNumDiagnostics": (c_uint, TranslationUnit),
    "getTypeSpelling": (String, Type),
    "isCursorDefinition": (c_uint, Cursor),
}  # fmt: skip


class _Library:
    """libclang's functions as objects of our own: those of the binding keep their conversions."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        restype, *argtypes = _PROTOTYPES[name]
        function = cindex.conf.lib[f"clang_{name}"]
        function.restype, function.argtypes = restype, argtypes
        setattr(self, name, function)  # it is not asked for here again
        return function  # type: ignore[no-any-return]


clang = _Library()


def text(string: String) -> str:
    """What `string` says; it is disposed of."""
    data: bytes | None = clang.getCString(string)
    found = (data or b"").decode()
    clang.disposeString(string)
    return found


def key(type_: Type) -> int:
    """What types of one unit have in common exactly if they are spelled alike, qualifiers included."""
    found: int = type_.data[0]
    return found


def spelling(type_: Type) -> str:
    """As C spells the type."""
    return text(clang.getTypeSpelling(type_))


def name(cursor: Cursor) -> str:
    """What a cursor declares; where the binding keeps it, so that it has it as well."""
    if not hasattr(cursor, "_spelling"):
        cursor._spelling = text(clang.getCursorSpelling(cursor))
    return cursor._spelling  # type: ignore[no-any-return]


def type_of(cursor: Cursor) -> Type:
    """The type of what a cursor declares, likewise."""
    if not hasattr(cursor, "_type"):
        cursor._type = clang.getCursorType(cursor)
        cursor._type._tu = cursor._tu
    return cursor._type


def argument_types(type_: Type) -> list[Type]:
    """The types of a function type's parameters."""
    get, unit = clang.getArgType, type_._tu
    found = [get(type_, index) for index in range(clang.getNumArgTypes(type_))]
    for argument in found:
        argument._tu = unit
    return found


def parameter_names(function: Cursor) -> list[str]:
    """The names of a function's parameters, empty where the header gives none."""
    get, spelled = clang.Cursor_getArgument, clang.getCursorSpelling
    return [text(spelled(get(function, index))) for index in range(clang.Cursor_getNumArguments(function))]


def is_exported(function: Cursor) -> bool:
    """Whether a function is only declared here, for a library to define."""
    static: int = cindex.StorageClass.STATIC.value
    return clang.Cursor_getStorageClass(function) != static and not clang.isCursorDefinition(function)


def children(cursor: Cursor, without: Collection[CursorKind] = ()) -> list[Cursor]:
    """What is declared directly in `cursor`, but for the kinds `without`."""
    found: list[Cursor] = []
    unit, skipped = cursor._tu, {kind.value for kind in without}

    def visit(child: Cursor, _parent: Cursor, _data: object) -> int:
        if child._kind_id not in skipped:
            child._tu = unit
            found.append(child)
        return 1  # go on with the next

    visitor = cindex.callbacks["cursor_visit"](visit)
    cindex.conf.lib.clang_visitChildren(cursor, visitor, found)
    return found


class Places:
    """Files and lines of one unit."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._file, self._line = c_void_p(), c_uint()
        # Of all that libclang could tell of a place, these two.
        self._wanted = (byref(self._file), byref(self._line), None, None)
        self._locate, self._location = clang.getInstantiationLocation, clang.getCursorLocation

    def of(self, cursor: Cursor) -> tuple[str | None, int]:
        """The name of the file a cursor stands in, None for what no file holds, and the line."""
        return self.at(self._location(cursor))

    def at(self, location: SourceLocation) -> tuple[str | None, int]:
        """The same of a location."""
        self._locate(location, *self._wanted)
        file = self._file.value
        if file is None:
            return None, 0
        if file not in self._names:
            self._names[file] = text(clang.getFileName(file))
        return self._names[file], self._line.value


class Diagnostic(NamedTuple):
    """Something that libclang finds wrong."""

    severity: int
    """One of cindex.Diagnostic's."""
    file: str | None
    line: int
    text: str


def diagnostics(unit: TranslationUnit, places: Places) -> list[Diagnostic]:
    """All that libclang finds wrong with `unit`, whose `places` those are."""
    found = []
    for index in range(clang.getNumDiagnostics(unit)):
        diagnostic = clang.getDiagnostic(unit, index)
        file, line = places.at(clang.getDiagnosticLocation(diagnostic))
        severity, message = clang.getDiagnosticSeverity(diagnostic), clang.getDiagnosticSpelling(diagnostic)
        found.append(Diagnostic(severity, file, line, text(message)))
        clang.disposeDiagnostic(diagnostic)
    return found
