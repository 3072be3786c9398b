"""Base classes of the generated types: ctypes' own, with a useful repr, and handles that check types."""

from __future__ import annotations

import ctypes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn


class Doc:
    """The docstring of a generated class: the module's text with what the headers add, when it is read."""

    describe: Callable[[type, str | None], str | None] | None = None
    """Puts the docstring together; _api sets it."""

    def __init__(self, text: str | None) -> None:
        self._text = text

    @staticmethod
    def replace(class_: type) -> None:
        """Replace the docstring of a class."""
        # Reading it as an attribute would leave it in Python's cache of attributes: ctypes' unions replace
        # attributes without clearing that.
        class_.__doc__ = Doc(vars(class_).get("__doc__"))  # type: ignore[assignment]

    def __get__(self, _instance: object, owner: type) -> str | None:
        return Doc.describe(owner, self._text) if Doc.describe else self._text


class Handle(ctypes.c_void_p):
    """A pointer to an object of the library, such as a model.

    A parameter accepts the same class, None or an address. Handles do not own the object: the program calls
    C's function that frees it. Using a handle after that crashes.
    """

    def __init_subclass__(cls) -> None:
        """Use the metaclass's `from_param`: c_void_p's own accepts bytes, text and any pointer."""
        super().__init_subclass__()
        Doc.replace(cls)
        metaclass = type(ctypes.c_void_p)
        # Python 3.13 crashes without the second argument.
        cls.from_param = metaclass.from_param.__get__(cls, metaclass)  # type: ignore[method-assign]

    @property
    def _as_parameter_(self) -> NoReturn:
        # ctypes reads this only if the parameter has another class; its own error is just "wrong type".
        raise TypeError(
            f"this parameter does not accept a {type(self).__name__}; help() of the function shows its type"
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({f'{self.value:#x}' if self.value else 'NULL'})"


def _format(value: Any) -> str:
    """Format a field's value without following pointers: their target may be freed."""
    if isinstance(value, ctypes._Pointer):
        return f"{type(value).__name__}{'(...)' if bool(value) else '(NULL)'}"
    if isinstance(value, ctypes._CFuncPtr):  # type: ignore[attr-defined]
        return f"{type(value).__name__}{'(...)' if bool(value) else '(NULL)'}"
    if isinstance(value, ctypes.Array):
        few = ", ".join(_format(value[index]) for index in range(min(len(value), 8)))
        return f"[{few}{', ...' if len(value) > 8 else ''}]"
    return repr(value)


def _fields(record: Any) -> str:
    texts = []
    for name, field_type, *_ in record._fields_:
        if field_type is ctypes.c_char_p:  # getattr would read the text, which may be freed
            address = ctypes.c_void_p.from_buffer(record, getattr(type(record), name).offset).value
            texts.append(f"{name}={f'{address:#x}' if address else None}")
        else:
            texts.append(f"{name}={_format(getattr(record, name))}")
    return ", ".join(texts)


class Structure(ctypes.Structure):
    """A C struct whose repr shows its fields."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        Doc.replace(cls)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_fields(self)})"


class Union(ctypes.Union):
    """A C union whose repr shows every field, each of the same bytes."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        Doc.replace(cls)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_fields(self)})"
