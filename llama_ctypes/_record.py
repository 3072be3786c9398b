"""What the generated classes are made of: ctypes' own, with a repr that tells, and stricter handles."""

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
        kind = type(ctypes.c_void_p)
        # With its second argument, which Python 3.13 does not check for absence.
        cls.from_param = kind.from_param.__get__(cls, kind)  # type: ignore[method-assign]

    @property
    def _as_parameter_(self) -> NoReturn:
        # ctypes asks for this only when the parameter is of another kind, and would say "wrong type".
        raise TypeError(
            f"a {type(self).__name__} is not what this parameter takes; help() of the function shows what is"
        )

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
    shown = []
    for name, kind, *_ in record._fields_:
        if kind is ctypes.c_char_p:  # which getattr would read up to a zero that may not be there
            address = ctypes.c_void_p.from_buffer(record, getattr(type(record), name).offset).value
            shown.append(f"{name}={f'{address:#x}' if address else None}")
        else:
            shown.append(f"{name}={_shown(getattr(record, name))}")
    return ", ".join(shown)


class Structure(ctypes.Structure):
    """A struct whose repr shows its fields."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_fields(self)})"


class Union(ctypes.Union):
    """A union whose repr shows its bytes as each of its fields."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_fields(self)})"
