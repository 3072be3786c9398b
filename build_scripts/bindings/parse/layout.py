"""Compare how ctypes and C lay out records."""

from __future__ import annotations

from dataclasses import replace

from build_scripts.bindings.ir import Record


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
    raise UnsupportedError(inexpressible(record))


def inexpressible(record: Record) -> str:
    """Return the reason not to bind `record`."""
    return f"no packing of ctypes gives its layout (size {record.size}, align {record.align})"
