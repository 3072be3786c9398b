"""Compare how ctypes and C lay out and pass records, and choose the integer type for an enum."""

from __future__ import annotations

from dataclasses import replace

from clang import cindex
from clang.cindex import CursorKind, TypeKind

from build_scripts.bindings.ir import Record, Scalar


class UnsupportedError(Exception):
    """A type that ctypes cannot express; the message names it."""


def with_pack(record: Record, members: list[tuple[int, int]]) -> Record:
    """`record` with the packing that gives its layout; UnsupportedError if no packing does."""
    for pack in (None, 1, 2, 4, 8):
        offset, widest = 0, 1
        for field, (align, size) in zip(record.fields, members, strict=True):
            step = min(align, pack or align)
            widest = max(widest, step)
            start = 0 if record.tag_kind == "union" else -(-offset // step) * step
            if start != field.offset:
                break
            offset = max(offset, start + max(size, 0))
        else:
            if -(-offset // widest) * widest == record.size and widest == record.align:
                return replace(record, pack=pack)
    raise UnsupportedError(
        f"no packing of ctypes gives its layout (size {record.size}, align {record.align})"
    )


def is_passed_alike(type_: cindex.Type) -> bool:
    """Whether ctypes passes a value of this canonical type in the registers where C expects it.

    ctypes calls through libffi, which knows neither unions nor packing. It treats their members like those of
    an ordinary struct and chooses other registers. It rejects empty records.
    """
    while type_.kind == TypeKind.CONSTANTARRAY:
        type_ = type_.element_type.get_canonical()
    if type_.kind != TypeKind.RECORD:
        return True
    if type_.get_declaration().kind == CursorKind.UNION_DECL or type_.get_size() == 0:
        return False
    for field in type_.get_fields():
        member = field.type.get_canonical()
        misplaced = field.get_field_offsetof() % (8 * member.get_align()) != 0
        if misplaced or member.get_align() > type_.get_align() or not is_passed_alike(member):
            return False
    return True


def enum_scalar(size: int, values: list[int]) -> Scalar:
    """The integer type for an enum of `size` bytes with these values."""
    unsigned = all(value >= 0 for value in values)
    if size < 4:  # packed
        return Scalar(f"{'u' if unsigned else ''}int{8 * size}_t")
    # int if the values fit. gcc and clang choose unsigned int for enums without negative values, MSVC int.
    # The ABI is the same, and with int every platform can represent -1.
    if all(-(2**31) <= value < 2**31 for value in values):
        return Scalar("int")
    # A type of fixed width, because `long` is narrower on Windows.
    if size == 4:
        return Scalar("unsigned int" if unsigned else "int")
    return Scalar("uint64_t" if unsigned else "int64_t")
