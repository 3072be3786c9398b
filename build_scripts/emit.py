"""Model to Python text: the only module that knows what generated files look like.

Pure: the same model gives the same bytes, and nothing of the machine gets in. The package it
describes has three modules, each read at run time only when it is first needed:

    types.py      handles, records and callbacks as ctypes classes, and the typedefs
    functions.py  one table: a function's C declaration, its place, its ctypes prototype
    constants.py  enumerators and macros as plain values, and which enum holds which
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .model import (
    Array,
    Callback,
    Enum,
    Field,
    FunctionType,
    Handle,
    Model,
    Named,
    Pointer,
    Record,
    Scalar,
    Type,
    Typedef,
)

# Raised when the same model is to give other text, so that provenance tells the two apart.
GENERATOR = 1

_CTYPES = {
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


@dataclass(frozen=True)
class Provenance:
    """Where bindings come from; written at the top of every generated file."""

    tag: str
    headers_sha256: str


def emit(model: Model, provenance: Provenance) -> dict[str, str]:
    """Return the generated package: file name to text."""
    bodies = {
        "__init__.py": _init(provenance),
        "types.py": _types(model),
        "functions.py": _functions(model),
        "constants.py": _constants(model),
    }
    return {name: _header(provenance) + body for name, body in bodies.items()}


def _header(provenance: Provenance) -> str:
    return (
        f"# Generated from the public headers of llama.cpp {provenance.tag}\n"
        f"# (sha256 {provenance.headers_sha256})\n"
        f"# by build_scripts, generator {GENERATOR}. Do not edit: `python3 -m build_scripts generate`.\n"
    )


def _init(provenance: Provenance) -> str:
    return (
        '"""llama.cpp\'s C API as data, read by `llama_ctypes._api`."""\n\n'
        f'RELEASE = "{provenance.tag}"\n'
        f'HEADERS_SHA256 = "{provenance.headers_sha256}"\n'
        f"GENERATOR = {GENERATOR}\n"
    )


class _Spelling:
    """Spells the model's types as ctypes expressions, and remembers which names of ctypes it used."""

    def __init__(self, model: Model) -> None:
        self.used: set[str] = set()
        self._enums = {enum.name: enum for enum in model.enums if enum.name}
        self._callbacks = {callback.name for callback in model.callbacks}
        self._typedefs = {typedef.name: typedef.target for typedef in model.typedefs}

    def use(self, name: str) -> str:
        self.used.add(name)
        return name

    def type(self, type_: Type) -> str:
        """The type of a parameter, result, field or element."""
        match type_:
            case Scalar(name):
                spelled = _CTYPES[name]
                return spelled if spelled == "None" else self.use(spelled)
            case Named(name):
                enum = self._enums.get(name)
                return name if enum is None else self.type(enum.type)
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
        parts = [self._callback_result(function.result), *(self.type(p.type) for p in function.parameters)]
        return f'callback("{name}", {", ".join(parts)})'

    def _callback_result(self, type_: Type) -> str:
        # ctypes makes no callback that returns a pointer type other than c_void_p.
        target = self._typedefs.get(type_.name, type_) if isinstance(type_, Named) else type_
        if isinstance(target, (Pointer, FunctionType)) or (
            isinstance(target, Named) and target.name in self._callbacks
        ):
            return self.use("c_void_p")
        return self.type(type_)


# -- types.py ---------------------------------------------------------------------------------


def _types(model: Model) -> str:
    spelling = _Spelling(model)
    # All classes exist before any is filled in: records and callbacks refer to each other.
    named = _in_dependency_order([*model.callbacks, *model.typedefs], model)
    sections = [
        ("Handles: pointers to what the library keeps to itself, each a type of its own.",
         [_handle(handle) for handle in model.handles]),
        ("Records.", [_record(record) for record in model.records]),
        ("Callbacks and typedefs.", [_named(item, spelling) for item in named]),
        ("The records' fields.", list(_fields(model, spelling))),
    ]  # fmt: skip
    body = "\n".join(f"\n# -- {title}\n\n" + "\n".join(items) for title, items in sections)
    imported = sorted(spelling.used | {"Structure", "Union", "POINTER", "c_void_p"} | _SCALAR_NAMES)
    lines = "".join(f"    {name},\n" for name in imported)
    return f"from ctypes import (\n{lines})\n\nfrom .._callback import callback\n\nP = POINTER\n{body}\n"


# Prototypes in functions.py are evaluated in this module's namespace, so all names must be there.
_SCALAR_NAMES = {name for name in _CTYPES.values() if name != "None"} | {"c_char_p"}


def _handle(handle: Handle) -> str:
    return f'class {handle.name}(c_void_p):\n    """`{handle.spelling} *` ({handle.location})"""\n\n'


def _record(record: Record) -> str:
    base = "Union" if record.kind == "union" else "Structure"
    what = f"`{record.spelling}`" if record.spelling else f"a {record.kind} inside another"
    pack = f"\n    _pack_ = {record.pack}\n" if record.pack else ""
    return f'class {record.name}({base}):\n    """{what} ({record.location})"""\n{pack}\n'


def _named(item: Callback | Typedef, spelling: _Spelling) -> str:
    if isinstance(item, Callback):
        return f"# {item.declaration} ({item.location})\n{item.name} = {spelling.function_pointer(item.type, item.name)}"
    return f"# {item.location}\n{item.name} = {spelling.type(item.target)}"


def _fields(model: Model, spelling: _Spelling) -> Iterator[str]:
    for record in _by_value_order(model.records):
        anonymous = [(number, field) for number, field in enumerate(record.fields) if not field.name]
        if anonymous:
            names = "".join(f'"_{number}", ' for number, _ in anonymous)
            yield f"{record.name}._anonymous_ = ({names.rstrip()})"
        rows = "".join(
            f"    ({_field_name(field, number)}, {spelling.type(field.type)}{_width(field)}),\n"
            for number, field in enumerate(record.fields)
        )
        yield f"{record.name}._fields_ = (\n{rows})\n"


def _field_name(field: Field, number: int) -> str:
    return f'"{_identifier(field.name) if field.name else f"_{number}"}"'


def _width(field: Field) -> str:
    return "" if field.bits is None else f", {field.bits}"


def _identifier(name: str) -> str:
    """A C name as a Python one: keywords get a trailing underscore, as PEP 8 has it."""
    return f"{name}_" if keyword.iskeyword(name) else name


def _names_in(type_: Type) -> Iterator[str]:
    match type_:
        case Named(name):
            yield name
        case Pointer(target):
            yield from _names_in(target)
        case Array(element):
            yield from _names_in(element)
        case FunctionType(result, parameters):
            yield from _names_in(result)
            for parameter in parameters:
                yield from _names_in(parameter.type)


def _in_dependency_order(items: list[Callback | Typedef], model: Model) -> list[Callback | Typedef]:
    by_name = {item.name: item for item in items}
    ordered: dict[str, Callback | Typedef] = {}

    def visit(item: Callback | Typedef) -> None:
        if item.name not in ordered:
            for name in _names_in(item.type if isinstance(item, Callback) else item.target):
                if name in by_name and name != item.name:
                    visit(by_name[name])
            ordered[item.name] = item

    for item in sorted(items, key=lambda item: item.name):
        visit(item)
    return list(ordered.values())


def _by_value_order(records: Iterable[Record]) -> list[Record]:
    """Records held by value come before those that hold them: ctypes needs their size."""
    by_name = {record.name: record for record in records}
    ordered: dict[str, Record] = {}

    def visit(record: Record) -> None:
        if record.name not in ordered:
            for field in record.fields:
                held = field.type
                while isinstance(held, Array):
                    held = held.element
                if isinstance(held, Named) and held.name in by_name:
                    visit(by_name[held.name])
            ordered[record.name] = record

    for record in by_name.values():
        visit(record)
    return list(ordered.values())


# -- functions.py -----------------------------------------------------------------------------


def _functions(model: Model) -> str:
    spelling = _Spelling(model)
    rows = []
    for function in model.functions:
        types = [function.type.result, *(p.type for p in function.type.parameters)]
        prototype = ", ".join(spelling.type(type_) for type_ in types)
        rows.append(
            f'    "{function.name}": (\n'
            f'        "{function.declaration}",\n'
            f'        "{function.location}",\n'
            f'        "{prototype}",\n'
            f"    ),\n"
        )
    deprecated = "".join(
        f"    {_string(function.name)}: {_string(function.deprecated)},\n"
        for function in model.functions
        if function.deprecated is not None
    )
    return (
        "# name: (C declaration, its place, `restype, *argtypes` in terms of types.py)\n"
        f"FUNCTIONS = {{\n{''.join(rows)}}}\n\n"
        f"# name: what upstream says to those who still use it\nDEPRECATED = {{\n{deprecated}}}\n"
    )


# -- constants.py -----------------------------------------------------------------------------


def _constants(model: Model) -> str:
    parts = []
    for enum in sorted(model.enums, key=lambda enum: (enum.location.file, enum.location.line)):
        lines = "".join(f"{e.name} = {e.value}\n" for e in enum.enumerators)
        parts.append(f"# {enum.spelling or 'enum'} ({enum.location})\n{lines}")
    macros = "".join(f"{c.name} = {_literal(c.value)}  # {c.location}\n" for c in model.constants)
    parts.append(f"# Macros and constant variables\n{macros}")
    parts.append("# The enumerators of each enum that has a name, in C's order\n" + _enums(model.enums))
    return "\n".join(parts)


def _enums(enums: Iterable[Enum]) -> str:
    rows = []
    for enum in enums:
        if enum.name:
            names = "".join(f"        {_string(e.name)},\n" for e in enum.enumerators)
            rows.append(f"    {_string(enum.name)}: (\n{names}    ),\n")
    return f"ENUMS = {{\n{''.join(rows)}}}\n"


def _literal(value: int | float | str) -> str:
    return _string(value) if isinstance(value, str) else repr(value)


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
