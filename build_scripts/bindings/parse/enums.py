"""Read an enum: its values, its integer type, and the record that C++ looks for its enumerators in."""

from __future__ import annotations

from clang import cindex
from clang.cindex import Cursor, CursorKind, TypeKind

from build_scripts.bindings.ir import Enum, Enumerator, Location, Scalar

from .layout import UnsupportedError
from .names import RECORDS
from .spelling import is_nameless
from .types import LIBRARY_TYPES, SCALARS, element, kind_of

# The types that clang chooses for an enum without a fixed type.
_CHOSEN = {"signed char", "short", "int", "long"}
_CHOSEN |= {"unsigned char", "unsigned short", "unsigned int", "unsigned long"}


def read(cursor: Cursor, name: str, location: Location) -> Enum:
    """The enum that `cursor` defines, under this name; UnsupportedError if ctypes has no type for it."""
    type_ = cursor.enum_type
    if kind_of(type_) == TypeKind.INVALID:
        raise UnsupportedError(
            f"ctypes has no type for {cursor.type.spelling}, which is only declared ahead (an error in C++)"
        )
    constants = [child for child in cursor.get_children() if child.kind == CursorKind.ENUM_CONSTANT_DECL]
    scalar = _arithmetic(type_)
    enumerators = tuple(Enumerator(child.spelling, _value(child, type_)) for child in constants)
    are_int = [kind_of(child.type) == TypeKind.INT for child in constants]
    return Enum(
        name=name,
        type=_scalar(scalar, type_.get_size(), [e.value for e in enumerators], are_int),
        enumerators=enumerators,
        spelling="" if is_nameless(cursor) else cursor.type.spelling,
        location=location,
        scope=_scope(cursor),
    )


def _value(enumerator: Cursor, type_: cindex.Type) -> int:
    # Of a fixed type that is a typedef, clang.cindex does not see that it is unsigned.
    value = int(enumerator.enum_value)
    kind = kind_of(type_.get_canonical())
    if kind == TypeKind.BOOL:
        return value & 1
    return value % 2 ** (8 * type_.get_size()) if SCALARS[kind].startswith("unsigned") else value


def _arithmetic(type_: cindex.Type) -> Scalar:
    """The C library's type or arithmetic type that a type is another name of."""
    while (kind := kind_of(type_)) not in SCALARS:
        if kind == TypeKind.TYPEDEF:
            declaration = type_.get_declaration()
            if declaration.spelling in LIBRARY_TYPES:
                return Scalar(declaration.spelling)
            type_ = declaration.underlying_typedef_type
        elif kind == TypeKind.ELABORATED:
            type_ = type_.get_named_type()
        else:
            raise UnsupportedError(f"ctypes has no type for {type_.spelling}")
    return Scalar(SCALARS[kind])


def _scalar(type_: Scalar, size: int, values: list[int], are_int: list[bool]) -> Scalar:
    """The integer type for an enum of `size` bytes, to which the compiler gives the type `type_`.

    In C, an enumerator whose value fits int has that type, unless the enum has a fixed type.
    """
    is_fixed = not values or not all(
        is_int for value, is_int in zip(values, are_int, strict=True) if _fits_int(value)
    )
    if type_.name == "wchar_t":
        raise UnsupportedError("ctypes has no type for an enum of wchar_t")  # c_wchar is text
    if type_.name == "char":
        return Scalar("int8_t")  # c_char is bytes
    if is_fixed or type_.name not in _CHOSEN:
        return type_
    unsigned = type_.name.startswith("unsigned")
    if size < 4:  # packed
        return Scalar(f"{'u' if unsigned else ''}int{8 * size}_t")
    # int if the values fit. gcc and clang choose unsigned int for enums without negative values, MSVC int.
    # The ABI is the same, and with int every platform can represent -1.
    if all(map(_fits_int, values)):
        return Scalar("int")
    # A type of fixed width, because `long` is narrower on Windows.
    return Scalar("unsigned int") if size == 4 else Scalar("uint64_t" if unsigned else "int64_t")


def _fits_int(value: int) -> bool:
    return -(2**31) <= value < 2**31


def _scope(tag: Cursor) -> str:
    """How C++ spells the record that declares a tag; `bare` is a template of checks/abi.hpp."""
    record = tag.lexical_parent
    if record is None or record.kind not in RECORDS:
        return ""
    outer = _scope(record)
    if not is_nameless(record):
        return f"{outer}::{record.spelling}" if outer else str(record.spelling)
    around = record.lexical_parent
    if around is not None and around.kind in RECORDS:
        for member in around.type.get_fields():
            if element(member.type).get_declaration() == record and outer:
                return f"bare<decltype({outer}::{member.spelling})>"
    return outer
