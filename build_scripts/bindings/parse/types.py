"""The kinds of types that both libclang and ctypes have."""

from __future__ import annotations

from clang import cindex
from clang.cindex import TypeKind

from build_scripts.bindings.ir import Pointer, Type

from .layout import UnsupportedError

# The C spelling of each of clang's kinds of arithmetic types.
SCALARS = {
    TypeKind.VOID: "void",
    TypeKind.BOOL: "bool",
    TypeKind.CHAR_S: "char",
    TypeKind.CHAR_U: "char",
    TypeKind.SCHAR: "signed char",
    TypeKind.UCHAR: "unsigned char",
    TypeKind.SHORT: "short",
    TypeKind.USHORT: "unsigned short",
    TypeKind.INT: "int",
    TypeKind.UINT: "unsigned int",
    TypeKind.LONG: "long",
    TypeKind.ULONG: "unsigned long",
    TypeKind.LONGLONG: "long long",
    TypeKind.ULONGLONG: "unsigned long long",
    TypeKind.FLOAT: "float",
    TypeKind.DOUBLE: "double",
    TypeKind.LONGDOUBLE: "long double",
}
FUNCTIONS = (TypeKind.FUNCTIONPROTO, TypeKind.FUNCTIONNOPROTO)
# Typedefs of the C library that the model keeps, because their width depends on the platform.
LIBRARY_TYPES = frozenset(
    [f"{sign}int{bits}_t" for sign in ("", "u") for bits in (8, 16, 32, 64)]
    + ["size_t", "ptrdiff_t", "intptr_t", "uintptr_t", "wchar_t"]
)


def kind_of(type_: cindex.Type) -> TypeKind:
    """The kind of a type; UnsupportedError if clang.cindex does not know it (`_Float16`)."""
    try:
        return type_.kind
    except ValueError as error:
        raise UnsupportedError(f"ctypes has no type for {type_.spelling}") from error


def element(type_: cindex.Type) -> cindex.Type:
    """The innermost element or target of an array or pointer type, up to the first typedef.

    A type that clang.cindex does not know is its own.
    """
    while True:
        try:
            kind = kind_of(type_)
        except UnsupportedError:
            return type_
        if kind == TypeKind.ELABORATED:
            type_ = type_.get_named_type()
        elif kind == TypeKind.POINTER:
            type_ = type_.get_pointee()
        elif kind in (TypeKind.CONSTANTARRAY, TypeKind.INCOMPLETEARRAY):
            type_ = type_.get_array_element_type()
        else:
            return type_


def pointer_to(target: Type, const: bool, canonical: cindex.Type) -> Pointer:
    """A pointer to `target`, whose canonical type is `canonical`."""
    while kind_of(canonical) in (TypeKind.CONSTANTARRAY, TypeKind.INCOMPLETEARRAY):
        canonical = canonical.get_array_element_type()
        if kind_of(canonical) == TypeKind.RECORD:
            # ctypes computes an array's size when the type is created, even behind a pointer, and keeps it.
            # The record has no fields yet, so its size would be zero here and everywhere else.
            raise UnsupportedError("ctypes has no type for a pointer to an array of records")
    return Pointer(target, const)
