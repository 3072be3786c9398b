"""The model's types and values as Python spells them."""

from __future__ import annotations

import json
import keyword
import math
from collections.abc import Iterable

from build_scripts.bindings.ir import (
    Array,
    Function,
    FunctionType,
    Model,
    Named,
    Pointer,
    Record,
    Scalar,
    Type,
    memoize,
)

CTYPES = {
    "void": "None",
    "bool": "c_bool",
    "char": "c_char",
    "signed char": "c_byte",
    "unsigned char": "c_ubyte",
    "short": "c_short",
    "unsigned short": "c_ushort",
    "int": "c_int",
    "unsigned int": "c_uint",
    "long": "c_long",
    "unsigned long": "c_ulong",
    "long long": "c_longlong",
    "unsigned long long": "c_ulonglong",
    "float": "c_float",
    "double": "c_double",
    "long double": "c_longdouble",
    "size_t": "c_size_t",
    "ptrdiff_t": "c_ssize_t",
    "intptr_t": "c_ssize_t",
    "uintptr_t": "c_size_t",
    "wchar_t": "c_wchar",
} | {f"{sign}int{bits}_t": f"c_{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}


class Spelling:
    """Spells the model's types as ctypes expressions, and remembers which names of ctypes it used."""

    def __init__(self, model: Model) -> None:
        self.used: set[str] = set()
        self._enums = {enum.name: enum for enum in model.enums if enum.name}
        self._callbacks = {callback.name for callback in model.callbacks}
        self._typedefs = {typedef.name: typedef.target for typedef in model.typedefs}
        self.type = memoize(self._type)
        """Spells the type of a parameter, result, field or element."""

    def use(self, name: str) -> str:
        """Take note that the name of ctypes is used, and return it."""
        self.used.add(name)
        return name

    def _type(self, type_: Type) -> str:
        match type_:
            case Scalar(name):
                spelled = CTYPES[name]
                return spelled if spelled == "None" else self.use(spelled)
            case Named(name):
                enum = self._enums.get(name)
                return type_name(name) if enum is None else self.type(enum.type)
            case Array(element, length):
                return f"{self.type(element)} * {length}"
            case Pointer(target, const):
                return self._pointer(target, const)
            case FunctionType():
                return self.function_pointer(type_)

    def _pointer(self, target: Type, const: bool) -> str:
        if target == Scalar("void"):
            return self.use("c_void_p")
        if target == Scalar("char") and const:
            return self.use("c_char_p")
        self.use("POINTER")
        return f"P({self.type(target)})"

    def function_pointer(self, function: FunctionType, name: str = "callback") -> str:
        """The class of pointers to such a function, to be called `name`."""
        parts = [self._callback_result(function.result), *(self.type(p.type) for p in function.parameters)]
        return f'callback("{name}", {", ".join(parts)})'

    def _callback_result(self, type_: Type) -> str:
        # ctypes makes no callback that returns a pointer type other than c_void_p.
        target = type_
        while isinstance(target, Named) and target.name in self._typedefs:
            target = self._typedefs[target.name]
        if isinstance(target, (Pointer, FunctionType)) or (
            isinstance(target, Named) and target.name in self._callbacks
        ):
            return self.use("c_void_p")
        return self.type(type_)


def identifier(name: str) -> str:
    """A C name as a Python one: keywords get a trailing underscore, as PEP 8 has it."""
    return f"{name}_" if keyword.iskeyword(name) else name


# What types.py itself needs under these names.
_RESERVED = frozenset(CTYPES.values()) | {
    "Handle", "P", "POINTER", "Structure", "Union", "callback", "c_char_p", "c_void_p",
}  # fmt: skip


def type_name(name: str) -> str:
    """The name of a type in Python, which is C's unless it is a keyword or the generated code's own."""
    return f"{name}_" if name in _RESERVED else identifier(name)


def field_names(records: Iterable[Record]) -> dict[str, list[str]]:
    """The Python names of each record's fields, by the record's name.

    ctypes wants a name also where C has none. The fields of nameless records are reached through
    the record around them as well, so all those of a nest have names of their own.
    """
    by_name = {record.name: record for record in records}
    found: dict[str, list[str]] = {}

    def nameless(record: Record) -> list[Record]:
        return [by_name[f.type.name] for f in record.fields if not f.name and isinstance(f.type, Named)]

    def in_c(record: Record) -> set[str]:
        return {field.name for field in record.fields}.union(*map(in_c, nameless(record)))

    def give(record: Record, taken: set[str]) -> None:
        names = found[record.name] = []
        for number, field in enumerate(record.fields):
            name = identifier(field.name) if field.name else f"_{number}"
            while name != field.name and name in taken:
                name += "_"
            taken.add(name)
            names.append(name)
        for inner in nameless(record):
            give(inner, taken)

    inside = {inner.name for record in by_name.values() for inner in nameless(record)}
    for record in by_name.values():
        if record.name not in inside:
            give(record, in_c(record))
    return found


def parameter_names(function: Function) -> list[str]:
    """The Python name of each parameter of `function`; all differ, and none is empty."""
    names: list[str] = []
    for index, parameter in enumerate(function.type.parameters):
        name = identifier(parameter.name) or f"arg{index}"
        names.append(name if name not in names else f"{name}_{index}")
    return names


def literal(value: int | float | str) -> str:
    """A constant's value as a Python literal."""
    if isinstance(value, str):
        return string(value)
    return repr(value) if isinstance(value, int) or math.isfinite(value) else f'float("{value}")'


# Made once: json.dumps makes one for each call that is not by its defaults.
_encode = json.JSONEncoder(ensure_ascii=False).encode


def string(text: str) -> str:
    """`text` as a literal in double quotes."""
    return _encode(text)
