"""Which scalar types are the same to calls and layouts: the one rule that `abi_digest` and `diff` share.

Two integer types of one width are the same, whatever their name or sign: `int32_t`, `int` and
`unsigned int`. `long` and `unsigned long` form a separate class: they have 4 bytes on Windows and 8 on the
other targets.
"""

from __future__ import annotations

# Bytes of integers on every 64-bit target.
WIDTHS = {
    "bool": 1, "char": 1, "signed char": 1, "unsigned char": 1, "short": 2, "unsigned short": 2,
    "int": 4, "unsigned int": 4, "long long": 8, "unsigned long long": 8,
    "int8_t": 1, "uint8_t": 1, "int16_t": 2, "uint16_t": 2, "int32_t": 4, "uint32_t": 4,
    "int64_t": 8, "uint64_t": 8, "size_t": 8, "ptrdiff_t": 8, "intptr_t": 8, "uintptr_t": 8,
}  # fmt: skip


def scalar_class(name: str) -> tuple[object, ...]:
    """The class of the scalar type `name`: ("integer", bytes), or its own name."""
    if name in WIDTHS:
        return ("integer", WIDTHS[name])
    return ("long",) if name == "unsigned long" else (name,)
