"""Spell the model's types and values in Python."""

from __future__ import annotations

import json
import keyword
import math
from collections.abc import Container, Iterable

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
    """Spells the model's types as ctypes expressions, and collects the names of ctypes that it uses."""

    def __init__(self, model: Model) -> None:
        self.used: set[str] = set()
        self._enums = {enum.name: enum for enum in model.enums if enum.name}
        self._callbacks = {callback.name for callback in model.callbacks}
        self._typedefs = {typedef.name: typedef.target for typedef in model.typedefs}
        self.type = memoize(self._type)
        """Spells the type of a parameter, result, field or element."""

    def use(self, name: str) -> str:
        """Add a name of ctypes to `used`, and return it."""
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
        """The expression for the class of pointers to such a function; `name` is the name of the class."""
        parts = [self._callback_result(function.result), *(self.type(p.type) for p in function.parameters)]
        return f'callback("{name}", {", ".join(parts)})'

    def _callback_result(self, type_: Type) -> str:
        # A ctypes callback can return no pointer type but c_void_p.
        target = type_
        while isinstance(target, Named) and target.name in self._typedefs:
            target = self._typedefs[target.name]
        if isinstance(target, (Pointer, FunctionType)) or (
            isinstance(target, Named) and target.name in self._callbacks
        ):
            return self.use("c_void_p")
        return self.type(type_)


def identifier(name: str) -> str:
    """The Python name for a C name: as in PEP 8, keywords get a trailing underscore.

    So do names that Python and ctypes use for themselves (`__init__`, `_fields_`), and `mro`, which no enum
    may have.
    """
    is_own = len(name) > 2 and name.startswith("_") and name.endswith("_")
    return f"{name}_" if keyword.iskeyword(name) or is_own or name == "mro" else name


# What ctypes itself uses of a record or its class; a field of the name would hide it.
_OF_CTYPES = {"_objects", "from_address", "from_buffer", "from_buffer_copy", "from_param", "in_dll"}


def _field_identifier(name: str) -> str:
    return f"{name}_" if name in _OF_CTYPES else identifier(name)


# types.py itself uses these names.
_RESERVED = frozenset(CTYPES.values()) | {
    "Handle", "Interface", "P", "POINTER", "Structure", "Union", "callback", "c_char_p", "c_void_p",
}  # fmt: skip


def type_name(name: str) -> str:
    """The Python name of a type: C's name, with an underscore if it is a keyword or types.py uses it."""
    return f"{name}_" if name in _RESERVED else identifier(name)


def record_base(record: Record, callbacks: Container[str]) -> str:
    """The base class of a record; that of an interface, a struct of nothing but callbacks, is separate."""
    if record.tag_kind == "union":
        return "Union"
    types = [field.type for field in record.fields]
    is_interface = bool(types) and all(isinstance(t, Named) and t.name in callbacks for t in types)
    return "Interface" if is_interface else "Structure"


def field_names(records: Iterable[Record]) -> dict[str, list[str]]:
    """The Python names of each record's fields, by the record's name.

    ctypes needs a name also for fields that have none in C. Fields of nameless records are attributes of the
    outer record as well, so no two fields of one nest share a name.
    """
    by_name = {record.name: record for record in records}
    names_of: dict[str, list[str]] = {}

    def nameless(record: Record) -> list[Record]:
        return [by_name[f.type.name] for f in record.fields if not f.name and isinstance(f.type, Named)]

    def in_c(record: Record) -> set[str]:
        return {field.name for field in record.fields}.union(*map(in_c, nameless(record)))

    def choose(record: Record, used: set[str]) -> None:
        names = names_of[record.name] = []
        for number, field in enumerate(record.fields):
            name = _field_identifier(field.name) if field.name else f"_{number}"
            while name != field.name and name in used:
                name += "_"
            used.add(name)
            names.append(name)
        for inner in nameless(record):
            choose(inner, used)

    inside = {inner.name for record in by_name.values() for inner in nameless(record)}
    for record in by_name.values():
        if record.name not in inside:
            choose(record, in_c(record))
    return names_of


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


# Created once: json.dumps creates an encoder for each call with other settings than its defaults.
_encode = json.JSONEncoder(ensure_ascii=False).encode


def string(text: str) -> str:
    """`text` as a literal in double quotes."""
    return _encode(text)
