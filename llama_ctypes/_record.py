"""Base classes of the generated types: ctypes' own, with a useful repr, and handles that check types."""

from __future__ import annotations

import ctypes
from _thread import _local

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _ctypes import _PyCSimpleType
    from collections.abc import Callable
    from typing import Any, NoReturn
else:
    _PyCSimpleType = type(ctypes.c_void_p)


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


_failed = _local()
"""The last argument of this thread that was not a handle of the expected class: its id, and the class."""


class _HandleType(_PyCSimpleType):
    """The type of handle classes. ctypes asks it only about arguments of another class."""

    def __instancecheck__(cls, value: object) -> bool:  # noqa: N805 - of a metaclass
        if super().__instancecheck__(value):
            return True
        _failed.check = id(value), cls  # if `value` is a handle, ctypes reads its `_as_parameter_` next
        return False


class Handle(ctypes.c_void_p, metaclass=_HandleType):
    """A pointer to an object of the library, such as a model.

    A parameter accepts the same class, None or an address. A function returns None for NULL. Handles of one
    class and address are equal, and `int(handle)` is the address. Handles do not own the object: the program
    calls C's function that frees it. Using a handle after that crashes.
    """

    def __init_subclass__(cls) -> None:
        """Use the metaclass's `from_param`: c_void_p's own accepts bytes, text and any pointer."""
        super().__init_subclass__()
        Doc.replace(cls)
        # Python 3.13 crashes without the second argument.
        cls.from_param = _PyCSimpleType.from_param.__get__(cls, _PyCSimpleType)  # type: ignore[method-assign]

    @staticmethod
    def _check_retval_(handle: Handle) -> Handle | None:
        # ctypes calls this for a function's result.
        return handle or None  # type: ignore[truthy-bool] # typeshed lacks c_void_p.__bool__

    @property
    def _as_parameter_(self) -> NoReturn:
        # ctypes reads this only if the parameter has another class; its own error is just "wrong type".
        number, expected = getattr(_failed, "check", (None, Handle))
        if number == id(self):
            raise TypeError(f"expected {expected.__name__} or None, not {type(self).__name__}")
        raise TypeError(f"this parameter does not accept a {type(self).__name__}")

    def __int__(self) -> int:
        return self.value or 0

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"cannot pickle or copy a {type(self).__name__}: its address is valid in this process only"
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


class Interface(Structure):
    """A C struct of callbacks only: C keeps the pointer that it gets, so the bindings keep the struct."""

    __slots__ = ()


class Union(ctypes.Union):
    """A C union whose repr shows every field, each of the same bytes."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        Doc.replace(cls)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_fields(self)})"
