"""Kinds of types: what libclang calls them, and which of them ctypes has."""

from __future__ import annotations

from clang import cindex
from clang.cindex import TypeKind

from build_scripts.bindings.ir import Pointer, Type

from .layout import UnsupportedError

# Arithmetic types by clang's kind, spelled as C spells them.
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
# Typedefs of the C library that keep their name: their width is the platform's to choose.
LIBRARY_TYPES = frozenset(
    [f"{sign}int{bits}_t" for sign in ("", "u") for bits in (8, 16, 32, 64)]
    + ["size_t", "ptrdiff_t", "intptr_t", "uintptr_t", "wchar_t"]
)


def element(type_: cindex.Type) -> cindex.Type:
    """What an array or pointer member is of, in the end, unless a typedef stands between."""
    while True:
        if type_.kind == TypeKind.ELABORATED:
            type_ = type_.get_named_type()
        elif type_.kind == TypeKind.POINTER:
            type_ = type_.get_pointee()
        elif type_.kind in (TypeKind.CONSTANTARRAY, TypeKind.INCOMPLETEARRAY):
            type_ = type_.element_type
        else:
            return type_


def pointer_to(target: Type, const: bool, canonical: cindex.Type) -> Pointer:
    """A pointer to `target`, which libclang knows as the type `canonical`."""
    while canonical.kind in (TypeKind.CONSTANTARRAY, TypeKind.INCOMPLETEARRAY):
        canonical = canonical.element_type
        if canonical.kind == TypeKind.RECORD:
            # ctypes wants an array's size at once, also behind a pointer, and then never asks again:
            # it would be zero for a record whose fields are yet to come, here and wherever else it is.
            raise UnsupportedError("ctypes has no type for a pointer to an array of records")
    return Pointer(target, const)
