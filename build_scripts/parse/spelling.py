"""How C spells what libclang shows: prototypes, deprecation messages, tags without a name."""

from __future__ import annotations

import re
from ctypes import POINTER, byref, c_int, c_void_p

from clang import cindex
from clang.cindex import Cursor, TypeKind


def is_nameless(cursor: Cursor) -> bool:
    """Whether a tag has no name, not even through a typedef (libclang then spells a place)."""
    return not cursor.spelling or "(" in cursor.spelling


def deprecation(cursor: Cursor) -> str | None:
    """The message of a declaration's deprecation attribute, None where it has none."""
    if cursor.availability != cindex.AvailabilityKind.DEPRECATED:
        return None
    # Not the tokens: those of a declaration made by macros are of another place.
    get = cindex.conf.lib.clang_getCursorPlatformAvailability
    text = cindex._CXString
    get.argtypes = [Cursor, c_void_p, POINTER(text), c_void_p, POINTER(text), c_void_p, c_int]
    message, unavailable = text(), text()
    get(cursor, None, byref(message), None, byref(unavailable), None, 0)
    found: str = cindex.conf.lib.clang_getCString(message)
    return re.sub(r"\s+", " ", found)


def signature(type_: cindex.Type) -> tuple[cindex.Type, list[cindex.Type], bool]:
    """Result, arguments and whether more may follow, as the header spells them."""
    while type_.kind in (TypeKind.TYPEDEF, TypeKind.ELABORATED):
        named = type_.kind == TypeKind.TYPEDEF
        type_ = type_.get_declaration().underlying_typedef_type if named else type_.get_named_type()
    canonical = type_.get_canonical()
    if canonical.kind == TypeKind.FUNCTIONNOPROTO:
        return type_.get_result(), [], False
    return type_.get_result(), list(type_.argument_types()), canonical.is_function_variadic()


def prototype(name: str, type_: cindex.Type, names: list[str]) -> str:
    """A function type applied to `name`, with its parameters' `names`, on one line."""
    result, arguments, variadic = signature(type_)
    spelled = names or [""] * len(arguments)
    parts = [declare(argument, parameter) for argument, parameter in zip(arguments, spelled, strict=True)]
    parts += ["..."] if variadic else []
    return declare(result, f"{name}({', '.join(parts) or 'void'})")


def declare(type_: cindex.Type, name: str) -> str:
    """`type_` applied to `name` the way C writes it: the name goes inside pointers and before arrays."""
    spelling: str = type_.spelling.replace("_Bool", "bool")
    if "(*)" in spelling:
        return spelling.replace("(*)", f"(*{name})", 1)
    if "[" in spelling:
        element, bracket, rest = spelling.partition("[")
        return f"{element.rstrip()} {name}{bracket}{rest}"
    return f"{spelling} {name}".rstrip()
