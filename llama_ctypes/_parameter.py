"""The parameters of bound functions: cheap checks, and errors that name the expected type.

ctypes converts each argument with the `from_param` of its parameter, and puts the argument's number in front
of the error. The classes here exist for that alone; help() shows the types of the C declaration.
"""

from __future__ import annotations

import ctypes
from _operator import index  # operator takes six times as long

from ._callback import let_stop
from ._record import Handle, Interface

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _ctypes import _PyCSimpleType
    from collections.abc import Sequence
    from typing import Any
else:
    _PyCSimpleType = type(ctypes.c_char_p)


def parameters(argtypes: Sequence[Any], names: Sequence[str]) -> list[Any]:
    """Return the `argtypes` of a function for the types and names of its C parameters."""
    # A _Bool has four bytes, but on the stack Apple's arm64 packs a bool into one: use it in registers only.
    in_registers = len(argtypes) <= 8 and not any(issubclass(type_, ctypes.Structure) for type_ in argtypes)
    return [
        _parameter(type_, name, in_registers=in_registers)
        for type_, name in zip(argtypes, names, strict=False)
    ]


def _parameter(type_: Any, name: str, *, in_registers: bool) -> Any:
    if type_ is ctypes.c_int:
        return _Int(name)
    if type_ is ctypes.c_bool and in_registers:
        return _Bool
    if type_ is ctypes.c_char_p:
        if name not in _texts:
            _texts[name] = _TextType("bytes", (ctypes.c_char_p,), {"parameter": name})
        return _texts[name]
    if issubclass(type_, ctypes.Structure):
        if type_ not in _by_value:
            _by_value[type_] = _struct(type_)
            let_stop(_by_value[type_], type_)
        return _by_value[type_]
    if issubclass(type_, ctypes._Pointer) and issubclass(type_._type_, Interface):
        return _KeptPointer(type_)
    return type_


# Classes take long to create.
_texts: dict[str, Any] = {}
"""Text parameters by name."""
_by_value: dict[Any, Any] = {}
"""Parameters of structs by value, by struct."""


def expected(type_: Any) -> str:
    """Describe what a parameter of this ctypes class accepts."""
    if issubclass(type_, (Handle, ctypes._CFuncPtr)):  # type: ignore[attr-defined]
        return f"{type_.__name__} or None"
    if issubclass(type_, ctypes._Pointer):
        return f"a pointer to {type_._type_.__name__}, an array or None"
    if issubclass(type_, ctypes._SimpleCData):
        return _SCALARS.get(type_._type_, "int")
    return str(type_.__name__)


_SCALARS = {
    "?": "bool",
    "c": "one byte",
    "d": "float",
    "f": "float",
    "g": "float",
    "P": "a pointer, an address or None",
    "z": "bytes or None",
}
"""By ctypes' letter for the type; all others are integers."""


class _Int:
    """An int parameter, `name`. It takes an int, an object with `__index__`, and a `c_int`.

    Unlike c_int's own, this check hands a plain int to C without wrapping it: in half of the time.
    """

    __slots__ = ("from_param",)

    def __init__(self, name: str) -> None:
        def from_param(value: object) -> object:
            if type(value) is int or isinstance(value, ctypes.c_int):
                return value
            try:
                return index(value)  # type: ignore[arg-type]
            except TypeError:
                raise TypeError(f"`{name}` takes int, not {type(value).__name__}") from None

        self.from_param = from_param


class _Bool:
    """A bool parameter. Like c_bool it accepts any object and passes its truth value."""

    from_param = bool


class _TextType(_PyCSimpleType):
    """The type of text parameters. ctypes asks it only about arguments that are neither bytes nor None."""

    parameter: str

    def __instancecheck__(cls, value: object) -> bool:  # noqa: N805 - of a metaclass
        try:
            ctypes.c_char_p.from_param(value)
        except TypeError:
            hint = "; encode it" if isinstance(value, str) else ""
            raise TypeError(
                f"`{cls.parameter}` takes bytes or None, not {type(value).__name__}{hint}"
            ) from None
        return isinstance(value, ctypes.c_char_p)


class _Nothing(ctypes.c_int):
    """A class without instances."""


def _struct(record: Any) -> Any:
    """Create the parameter of a struct by value. It rejects byref(struct), for which ctypes' own crashes.

    Up to Python 3.13 or later, ctypes asks whether the object behind byref() is an instance of an array's
    element type, and a struct has none. So this is an array class, whose instances are those of the struct.
    """
    metaclass: Any = type(ctypes.Array)
    instances = type(record.__name__, (metaclass,), {"__instancecheck__": record.__instancecheck__})
    return instances(record.__name__, (ctypes.Array,), {"_type_": _Nothing, "_length_": 1})


class _KeptPointer:
    """A parameter for a pointer to an `Interface`, which lives until the process ends, like its callbacks."""

    __slots__ = ("_pointer",)

    def __init__(self, pointer: Any) -> None:
        self._pointer = pointer

    def from_param(self, value: Any) -> Any:
        """Convert as the pointer's class does, and keep what C gets the address of."""
        converted = self._pointer.from_param(value)
        target = getattr(value, "_obj", value)  # byref() has it there
        if isinstance(target, ctypes._Pointer) and bool(target):
            target = target.contents
        if isinstance(target, (ctypes.Structure, ctypes.Array)):
            _interfaces[ctypes.addressof(target)] = target
        return converted


_interfaces: dict[int, object] = {}
"""The interfaces that C has pointers to, by address."""
