"""What the generated classes are made of: ctypes' own, with a repr that tells, and handles that refuse strays."""

from __future__ import annotations

import ctypes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


class Handle(ctypes.c_void_p):
    """A pointer to what the library keeps to itself. A parameter takes its own kind, None or an address."""

    def __init_subclass__(cls) -> None:
        """Take the conversion of plain values: c_void_p's own lets bytes, text and any pointer pass."""
        super().__init_subclass__()
        cls.from_param = type(ctypes.c_void_p).from_param.__get__(cls)  # type: ignore[method-assign]

    @property
    def _as_parameter_(self) -> NoReturn:
        # ctypes asks for this only when the parameter is of another kind, and would say "wrong type".
        raise TypeError(f"a {type(self).__name__} is not what it takes")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({f'{self.value:#x}' if self.value else 'NULL'})"


def _shown(value: Any) -> str:
    """A field's value; nothing that it points to is read, for it may be gone."""
    if isinstance(value, ctypes._Pointer):
        return f"{type(value).__name__}{'(...)' if value else '(NULL)'}"
    if isinstance(value, ctypes._CFuncPtr):  # type: ignore[attr-defined]
        return f"{type(value).__name__}{'(...)' if value else '(NULL)'}"
    if isinstance(value, ctypes.Array):
        few = ", ".join(_shown(value[index]) for index in range(min(len(value), 8)))
        return f"[{few}{', ...' if len(value) > 8 else ''}]"
    return repr(value)


def _fields(record: Any) -> str:
    named = ((name, kind) for name, kind, *_ in record._fields_)
    return ", ".join(
        f"{name}={hex(address) if (address := _address(record, name, kind)) else _shown(getattr(record, name))}"
        for name, kind in named
    )


def _address(record: Any, name: str, kind: object) -> int | None:
    """The address in a `char *` field, which getattr would read up to a zero that may not be there."""
    if kind is not ctypes.c_char_p:
        return None
    return ctypes.c_void_p.from_buffer(record, getattr(type(record), name).offset).value


class Structure(ctypes.Structure):
    """A struct whose repr shows its fields."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_fields(self)})"


class Union(ctypes.Union):
    """A union whose repr shows its bytes as each of its fields."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_fields(self)})"
