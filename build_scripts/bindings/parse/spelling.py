"""How C spells what libclang shows: prototypes, deprecation messages, tags without a name."""

from __future__ import annotations

import re
from ctypes import byref

from clang import cindex
from clang.cindex import Cursor, TypeKind

from . import libclang
from .libclang import clang


def is_nameless(cursor: Cursor) -> bool:
    """Whether a tag has no name, not even through a typedef (libclang then spells a place)."""
    return not cursor.spelling or "(" in cursor.spelling


def deprecation(cursor: Cursor) -> str | None:
    """The message of a declaration's deprecation attribute, None where it has none."""
    deprecated: int = cindex.AvailabilityKind.DEPRECATED.value
    if clang.getCursorAvailability(cursor) != deprecated:
        return None
    # Not the tokens: those of a declaration made by macros are of another place.
    message, unavailable = libclang.String(), libclang.String()
    clang.getCursorPlatformAvailability(cursor, None, byref(message), None, byref(unavailable), None, 0)
    clang.disposeString(unavailable)
    return re.sub(r"\s+", " ", libclang.text(message))


def desugared(type_: cindex.Type) -> cindex.Type:
    """What the typedefs around a type lead to; unlike the canonical type it keeps those inside."""
    while type_.kind in (TypeKind.TYPEDEF, TypeKind.ELABORATED):
        named = type_.kind == TypeKind.TYPEDEF
        type_ = type_.get_declaration().underlying_typedef_type if named else type_.get_named_type()
    return type_


Signature = tuple[cindex.Type, list[cindex.Type], bool]


class Prototypes:
    """Spells the function types of one unit; a type that came before is not asked about again."""

    def __init__(self) -> None:
        self._signatures: dict[int, Signature] = {}
        self._plain: dict[int, str] = {}

    def signature(self, type_: cindex.Type) -> Signature:
        """Result, arguments and whether more may follow, as the header spells them."""
        key = libclang.key(type_)
        if key not in self._signatures:
            self._signatures[key] = _signature(desugared(type_))
        return self._signatures[key]

    def prototype(self, name: str, type_: cindex.Type, names: list[str]) -> str:
        """A function type applied to `name`, with its parameters' `names`, on one line."""
        result, arguments, variadic = self.signature(type_)
        spelled = names or [""] * len(arguments)
        parts = [self._declare(argument, name) for argument, name in zip(arguments, spelled, strict=True)]
        parts += ["..."] if variadic else []
        return self._declare(result, f"{name}({', '.join(parts) or 'void'})")

    def _declare(self, type_: cindex.Type, name: str) -> str:
        """`type_` applied to `name` the way C writes it: the name goes inside pointers and before arrays."""
        key = libclang.key(type_)
        if key not in self._plain:
            kind = type_.kind
            if kind in _FUNCTIONS:
                return self.prototype(name, type_, [])
            if kind == TypeKind.CONSTANTARRAY:
                return self._declare(type_.element_type, f"{name}[{type_.element_count}]")
            if kind == TypeKind.INCOMPLETEARRAY:
                return self._declare(type_.element_type, f"{name}[]")
            if kind == TypeKind.POINTER and _is_written_around(type_):
                pointee = type_.get_pointee()
                inside = starred(type_, name)
                return self._declare(pointee, inside if pointee.kind == TypeKind.POINTER else f"({inside})")
            self._plain[key] = libclang.spelling(type_).replace("_Bool", "bool")
        spelling = self._plain[key]
        separator = "" if name.startswith("[") and spelling.endswith("*") else " "
        return f"{spelling}{separator}{name}".rstrip()


def _signature(type_: cindex.Type) -> Signature:
    canonical = type_.get_canonical()
    if canonical.kind == TypeKind.FUNCTIONNOPROTO:
        return type_.get_result(), [], False
    return type_.get_result(), libclang.argument_types(type_), canonical.is_function_variadic()


def starred(pointer: cindex.Type, name: str) -> str:
    """`*` and the qualifiers of a pointer type, before `name`."""
    words = ["const"] if pointer.is_const_qualified() else []
    words += ["volatile"] if pointer.is_volatile_qualified() else []
    words += ["restrict"] if pointer.is_restrict_qualified() else []
    return f"*{' '.join([*words, name])}".rstrip()


_FUNCTIONS = (TypeKind.FUNCTIONPROTO, TypeKind.FUNCTIONNOPROTO)
_ARRAYS = (TypeKind.CONSTANTARRAY, TypeKind.INCOMPLETEARRAY)


def _is_written_around(type_: cindex.Type) -> bool:
    """Whether a name stands inside the spelling of this type: that of a pointer to a function or array."""
    while type_.kind == TypeKind.POINTER:
        type_ = type_.get_pointee()
    return type_.kind in _FUNCTIONS + _ARRAYS
