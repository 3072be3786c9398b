"""The C spelling of prototypes, the messages of deprecations, and tags without a name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from clang import cindex
from clang.cindex import Cursor, TypeKind

from build_scripts.bindings.ir import memoize

from . import libclang
from .layout import UnsupportedError
from .types import FUNCTIONS, kind_of


def is_nameless(cursor: Cursor) -> bool:
    """Whether a tag has no name, not even from a typedef (libclang then spells its place)."""
    return not cursor.spelling or "(" in cursor.spelling


def deprecation(cursor: Cursor) -> str | None:
    """The message of a declaration's deprecation attribute, None if it has no such attribute."""
    if cursor.availability != cindex.AvailabilityKind.DEPRECATED:
        return None
    # Not from the tokens: if a macro makes the declaration, its tokens are those of the macro's use.
    return re.sub(r"\s+", " ", libclang.deprecation(cursor))


def desugared(type_: cindex.Type) -> cindex.Type:
    """A type without its outer typedefs; unlike the canonical type it keeps the inner ones."""
    while (kind := kind_of(type_)) in (TypeKind.TYPEDEF, TypeKind.ELABORATED):
        named = kind == TypeKind.TYPEDEF
        type_ = type_.get_declaration().underlying_typedef_type if named else type_.get_named_type()
    return type_


_T = TypeVar("_T")


Signature = tuple[cindex.Type, list[cindex.Type], bool]


class Prototypes:
    """Spells the function types of one unit."""

    def __init__(self) -> None:
        # These ask libclang once for each object, and `signature` returns one object for all uses of a type.
        self._spelling: Callable[[cindex.Type], str] = memoize(lambda type_: type_.spelling)
        self._is_plain = memoize(_is_plain)
        self.signature = self.cached(_signature)
        """Result, arguments and whether more may follow, as the header spells them."""

    def cached(self, read: Callable[[cindex.Type], _T]) -> Callable[[cindex.Type], _T]:
        """`read`, called once for each spelling: types with the same spelling are the same type."""
        known: dict[str, _T] = {}

        def call(type_: cindex.Type) -> _T:
            spelling = self._spelling(type_)
            if " at " in spelling:
                # A nameless type is spelled by its place, and one macro may declare two in the same place.
                return read(type_)
            if spelling not in known:
                known[spelling] = read(type_)
            return known[spelling]

        return call

    def prototype(self, name: str, type_: cindex.Type, names: list[str]) -> str:
        """A function type applied to `name`, with its parameters' `names`, on one line."""
        result, arguments, variadic = self.signature(type_)
        spelled = names or [""] * len(arguments)
        parts = [self._declare(argument, name) for argument, name in zip(arguments, spelled, strict=True)]
        parts += ["..."] if variadic else []
        return self._declare(result, f"{name}({', '.join(parts) or 'void'})")

    def _declare(self, type_: cindex.Type, name: str) -> str:
        """Declare `name` with the type `type_` in C: the name goes inside pointers and before arrays."""
        if self._is_plain(type_):
            spelling = self._spelling(type_).replace("_Bool", "bool")
            separator = "" if name.startswith("[") and spelling.endswith("*") else " "
            return f"{spelling}{separator}{name}".rstrip()
        kind = kind_of(type_)
        if kind in FUNCTIONS:
            return self.prototype(name, type_, [])
        if kind == TypeKind.CONSTANTARRAY:
            return self._declare(type_.get_array_element_type(), f"{name}[{type_.element_count}]")
        if kind == TypeKind.INCOMPLETEARRAY:
            return self._declare(type_.get_array_element_type(), f"{name}[]")
        pointee = type_.get_pointee()
        inside = starred(type_, name)
        return self._declare(pointee, inside if kind_of(pointee) == TypeKind.POINTER else f"({inside})")


def _signature(type_: cindex.Type) -> Signature:
    type_ = desugared(type_)
    canonical = type_.get_canonical()
    if kind_of(canonical) == TypeKind.FUNCTIONNOPROTO:
        return type_.get_result(), [], False
    try:
        arguments = list(type_.argument_types())  # asks for the kind of each
    except ValueError as error:
        raise UnsupportedError(f"ctypes has no type for {type_.spelling}") from error
    return type_.get_result(), arguments, canonical.is_function_variadic()


def starred(pointer: cindex.Type, name: str) -> str:
    """`*` and the qualifiers of a pointer type, before `name`."""
    words = ["const"] if pointer.is_const_qualified() else []
    words += ["volatile"] if pointer.is_volatile_qualified() else []
    words += ["restrict"] if pointer.is_restrict_qualified() else []
    return f"*{' '.join([*words, name])}".rstrip()


_ARRAYS = (TypeKind.CONSTANTARRAY, TypeKind.INCOMPLETEARRAY)


def _is_plain(type_: cindex.Type) -> bool:
    """Whether C writes this type before a name, not around it as functions, arrays and pointers to them."""
    while (kind := kind_of(type_)) == TypeKind.POINTER:
        type_ = type_.get_pointee()
    return kind not in FUNCTIONS + _ARRAYS
