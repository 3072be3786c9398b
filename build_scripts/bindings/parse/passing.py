"""Compare how C passes a record by value with how libffi, through which ctypes calls, passes it.

Each ABI sorts records into classes, and the class chooses the registers. libffi sorts the description that
ctypes gives it, which differs from C's record if the record holds arrays. A record may pass by value if both
get one class in every ABI that the bindings serve:

    System V (x86-64 Linux and macOS)  INTEGER, SSE, X87 or MEMORY for each eight bytes
    AAPCS64 (arm64 Linux and macOS)    up to four equal floating-point members are a homogeneous aggregate
    Win64                              the size alone decides, which libffi knows: nothing to compare
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from clang import cindex
from clang.cindex import CursorKind, TypeKind

from .layout import UnsupportedError
from .types import kind_of

# ctypes describes the arrays in a record of up to so many bytes by their elements, and others as pointers. On
# arm64 it is 32 since December 2023 (cpython issue 110190: Python 3.11.8, 3.12.1, 3.13), and 16 before.
_LIMITS = (16, 32)
# The bytes of `long double` on Linux, and on Apple's arm64, which gives it the type of double.
_LONG_DOUBLES = (16, 8)
# No ABI passes a larger record in registers.
_LARGEST = 64

_FLOATS = {TypeKind.FLOAT: "float", TypeKind.DOUBLE: "double", TypeKind.LONGDOUBLE: "long double"}


@dataclass(frozen=True)
class _Node:
    """What an ABI sees of a type: a scalar of the class `name`, or a record or an array with `parts`."""

    name: str
    size: int
    align: int
    parts: tuple[_Node, ...] = ()


_POINTER = _Node("integer", 8, 8)


def check(type_: cindex.Type) -> None:
    """Raise UnsupportedError, with the reason, if ctypes passes a value of this canonical type unlike C."""
    if kind_of(type_) != TypeKind.RECORD:
        return
    _check_members(type_)
    if type_.get_size() > _LARGEST:
        return
    for long_double in _LONG_DOUBLES:
        real = _real(type_, long_double)
        if long_double == 16 and (real.size, real.align) != (type_.get_size(), type_.get_align()):
            raise UnsupportedError("libffi knows neither packed nor aligned records")
        for limit in _LIMITS:
            described = _described(type_, long_double, limit)
            if _homogeneous(real) != _homogeneous(described):
                raise UnsupportedError("ctypes describes its arrays so that libffi misses arm64's registers")
        if long_double == 16:
            _check_system_v(real, _described(type_, long_double, _LIMITS[0]))


def _check_members(type_: cindex.Type) -> None:
    """Refuse what libffi cannot describe, at any depth."""
    if type_.get_declaration().kind == CursorKind.UNION_DECL:
        raise UnsupportedError("libffi knows no unions")
    if type_.get_size() == 0:
        raise UnsupportedError("libffi knows no empty records")
    end = 0
    for field in type_.get_fields():
        member = field.type.get_canonical()
        offset = field.get_field_offsetof() // 8
        if offset != _aligned(end, member.get_align()) or member.get_align() > type_.get_align():
            raise UnsupportedError("libffi knows neither packed nor aligned records")
        end = offset + member.get_size()
        while kind_of(member) in (TypeKind.CONSTANTARRAY, TypeKind.INCOMPLETEARRAY):
            if kind_of(member) == TypeKind.INCOMPLETEARRAY or member.element_count == 0:
                raise UnsupportedError("libffi knows no empty arrays")
            member = member.get_array_element_type().get_canonical()
        if kind_of(member) == TypeKind.RECORD:
            _check_members(member)


# -- the type in C, and as ctypes describes it ------------------------------------------------


def _real(type_: cindex.Type, long_double: int) -> _Node:
    """The type as it is in C."""
    if type_.kind == TypeKind.CONSTANTARRAY:
        element = _real(type_.get_array_element_type().get_canonical(), long_double)
        return _Node("", element.size * type_.element_count, element.align, (element,) * type_.element_count)
    if type_.kind != TypeKind.RECORD:
        return _scalar(type_, long_double)
    return _record([_real(field.type.get_canonical(), long_double) for field in type_.get_fields()])


def _described(type_: cindex.Type, long_double: int, limit: int) -> _Node:
    """The type that ctypes describes to libffi. Its size is right; its members may differ from C's."""
    if type_.kind == TypeKind.CONSTANTARRAY:
        return _POINTER
    if type_.kind != TypeKind.RECORD:
        return _scalar(type_, long_double)
    real = _real(type_, long_double)
    parts = []
    for field in type_.get_fields():
        member = field.type.get_canonical()
        part = _described(member, long_double, limit)
        if member.kind == TypeKind.CONSTANTARRAY and real.size <= limit:
            # Only one dimension deep: the elements of an array of arrays are pointers again.
            element = _described(member.get_array_element_type().get_canonical(), long_double, limit)
            count = member.element_count
            part = _Node("", element.size * count, element.align, (element,) * count)
        parts.append(part)
    return _Node("", real.size, real.align, tuple(parts))


def _scalar(type_: cindex.Type, long_double: int) -> _Node:
    name = _FLOATS.get(kind_of(type_), "integer")
    if name == "long double":
        return _Node(name if long_double == 16 else "double", long_double, long_double)
    return _Node(name, type_.get_size(), type_.get_align())


def _record(parts: list[_Node]) -> _Node:
    end, align = 0, max(part.align for part in parts)
    for part in parts:
        end = _aligned(end, part.align) + part.size
    return _Node("", _aligned(end, align), align, tuple(parts))


def _aligned(offset: int, align: int) -> int:
    return -(-offset // align) * align


# -- the ABIs' classes --------------------------------------------------------------------------


def _homogeneous(node: _Node) -> tuple[str, int] | None:
    """AAPCS64: the floating-point type and the number of members that go to vector registers, if any do."""
    scalars = [part.name for part in _scalars(node)]
    alike = len(scalars) <= 4 and all(one == other for one, other in pairwise(scalars))
    return (scalars[0], len(scalars)) if alike and scalars[0] != "integer" else None


def _scalars(node: _Node) -> Iterator[_Node]:
    if not node.parts:
        yield node
    for part in node.parts:
        yield from _scalars(part)


def _check_system_v(real: _Node, described: _Node) -> None:
    right = _classes(real, 0, whole=True)
    if right is not None and "X87" in right:
        raise UnsupportedError("x86-64 returns it in an x87 register, where libffi does not look")
    # Some releases of libffi ignore where in eight bytes an inner record begins.
    if any(_classes(described, 0, whole=whole) != right for whole in (False, True)):
        raise UnsupportedError("libffi looks for it in other registers than C on x86-64")


def _classes(node: _Node, start: int, *, whole: bool) -> list[str] | None:
    """System V: the class of each eight bytes, None for MEMORY; the node begins `start` bytes into the first.

    The rules and their order are libffi's. With `whole`, an inner record's eight bytes count from those in
    which it begins, as compilers do.
    """
    if not node.parts:
        return _scalar_classes(node, start)
    if node.size > 32:
        return None
    classes = [""] * -(-(node.size + start * whole) // 8)
    offset = start
    for part in node.parts:
        offset = _aligned(offset, part.align)
        inner = _classes(part, offset % 8, whole=whole)
        if inner is None:
            return None
        for index, class_ in enumerate(inner, offset // 8):
            if index < len(classes):
                classes[index] = _merged(classes[index], class_)
        offset += part.size
    return None if len(classes) > 2 or "MEMORY" in classes else classes


def _scalar_classes(node: _Node, start: int) -> list[str]:
    if node.name == "long double":
        return ["X87", "X87UP"]
    if node.name == "integer":
        return ["INTEGER"] * -(-(start + node.size) // 8)
    # Of a float alone in its eight bytes, libffi copies four.
    return ["SSE" if node.name == "double" or start else "SSE of 4 bytes"]


def _merged(one: str, other: str) -> str:
    if one == other or not one or not other:
        return one or other
    for stronger in ("MEMORY", "INTEGER"):
        if stronger in (one, other):
            return stronger
    return "MEMORY" if "X87" in one + other else "SSE"
