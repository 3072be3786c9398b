"""The text of the generated modules."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from build_scripts.bindings.ir import (
    Array,
    Callback,
    Enum,
    FunctionType,
    Handle,
    Model,
    Named,
    Pointer,
    Record,
    Type,
    Typedef,
)

from .spelling import (
    CTYPES,
    Spelling,
    field_names,
    identifier,
    literal,
    parameter_names,
    record_base,
    string,
    type_name,
)


def init(tag: str, headers_sha256: str, abi_sha256: str, generator: int) -> str:
    """__init__.py"""
    return (
        '"""llama.cpp\'s C API as data, read by `llama_ctypes._api`."""\n\n'
        f'RELEASE = "{tag}"\n'
        f'HEADERS_SHA256 = "{headers_sha256}"\n'
        f'ABI_SHA256 = "{abi_sha256}"\n'
        f"GENERATOR = {generator}\n"
    )


# -- types.py ---------------------------------------------------------------------------------


def types(model: Model) -> str:
    """types.py"""
    spelling = Spelling(model)
    # All classes come before the fields, because records and callbacks refer to each other.
    # Arrays of records come last, because ctypes needs the size of an element at once.
    records = {record.name for record in model.records}
    callbacks = {callback.name for callback in model.callbacks}
    arrays = [typedef for typedef in model.typedefs if _held(typedef.target) in records]
    named = _in_dependency_order([*model.callbacks, *(t for t in model.typedefs if t not in arrays)])
    sections = [
        ("Handles: pointers to structs with hidden members, each a separate type.",
         [_handle(handle) for handle in model.handles]),
        ("Records.", [_record(record, callbacks) for record in model.records]),
        ("Callbacks and typedefs.", [_named(item, spelling) for item in named]),
        ("The records' fields.", list(_fields(model, spelling))),
        *([("Arrays of records.", [_named(item, spelling) for item in arrays])] if arrays else []),
    ]  # fmt: skip
    body = "\n".join(f"\n# -- {title}\n\n" + "\n".join(items) for title, items in sections)
    imported = sorted(spelling.used | {"POINTER", "c_void_p"} | _SCALAR_NAMES)
    lines = "".join(f"    {name},\n" for name in imported)
    own = "from .._callback import callback\nfrom .._record import Handle, Interface, Structure, Union\n"
    return f"from ctypes import (\n{lines})\n\n{own}\nP = POINTER\n{body}\n"


# Prototypes in functions.py are evaluated in the namespace of types.py, which therefore needs these names.
_SCALAR_NAMES = {name for name in CTYPES.values() if name != "None"} | {"c_char_p"}


def _handle(handle: Handle) -> str:
    return f'class {type_name(handle.name)}(Handle):\n    """`{handle.spelling} *` ({handle.location})"""\n\n'


def _record(record: Record, callbacks: Container[str]) -> str:
    base = record_base(record, callbacks)
    what = f"`{record.spelling}`" if record.spelling else f"a {record.tag_kind} inside another"
    # ctypes lays out packed records so; Python 3.14 requires that the class names the layout.
    pack = f'\n    _layout_ = "ms"\n    _pack_ = {record.pack}\n' if record.pack else ""
    # Without slots, a misspelt field would become a Python attribute that C never sees.
    slots = "    __slots__ = ()\n"
    return f'class {type_name(record.name)}({base}):\n    """{what} ({record.location})"""\n{slots}{pack}\n'


def _named(item: Callback | Typedef, spelling: Spelling) -> str:
    if isinstance(item, Callback):
        class_ = spelling.function_pointer(item.type, item.name)
        return f"# {item.declaration} ({item.location})\n{type_name(item.name)} = {class_}"
    return f"# {item.location}\n{type_name(item.name)} = {spelling.type(item.target)}"


def _fields(model: Model, spelling: Spelling) -> Iterator[str]:
    names_of = field_names(model.records)
    for record in _by_value_order(model.records):
        class_ = type_name(record.name)
        fields = list(zip(names_of[record.name], record.fields, strict=True))
        anonymous = [name for name, field in fields if not field.name]
        if anonymous:
            names = "".join(f'"{name}", ' for name in anonymous)
            yield f"{class_}._anonymous_ = ({names.rstrip()})"
        rows = "".join(f'    ("{name}", {spelling.type(field.type)}),\n' for name, field in fields)
        yield f"{class_}._fields_ = (\n{rows})\n"


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


def _in_dependency_order(items: list[Callback | Typedef]) -> list[Callback | Typedef]:
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


def _held(type_: Type) -> str:
    """The name of the type that a value of this type contains; empty if it has no name."""
    while isinstance(type_, Array):
        type_ = type_.element
    return type_.name if isinstance(type_, Named) else ""


def _by_value_order(records: Iterable[Record]) -> list[Record]:
    """The records, each after those that it contains by value: ctypes needs their size."""
    by_name = {record.name: record for record in records}
    ordered: dict[str, Record] = {}

    def visit(record: Record) -> None:
        if record.name not in ordered:
            for field in record.fields:
                held = _held(field.type)
                if held in by_name:
                    visit(by_name[held])
            ordered[record.name] = record

    for record in by_name.values():
        visit(record)
    return list(ordered.values())


# -- functions.py -----------------------------------------------------------------------------


def functions(model: Model) -> str:
    """functions.py"""
    spelling = Spelling(model)
    rows = []
    for function in model.functions:
        types = [function.type.result, *(p.type for p in function.type.parameters)]
        prototype = ", ".join(spelling.type(type_) for type_ in types)
        names = " ".join(parameter_names(function) + ["..."] * function.type.variadic)
        renamed = f' __asm__("{function.symbol}")' if function.symbol else ""
        declaration = function.declaration + renamed
        fields = [function.name, prototype, names, str(function.location), declaration]
        if function.deprecated is not None:
            fields.append(function.deprecated)
        rows.append("\t".join(fields) + "\n")
    text = "".join(rows).replace("\\", r"\\").replace('"""', r"\"\"\"")
    return f'{_COLUMNS}TABLE = """\n{text}"""\n'


# The table is one text, because compiling a dictionary takes ten times as long.
_COLUMNS = """\
# One function on each line, which only _table.py reads. Tabs separate the columns: name; `restype, *argtypes`
# in the names of types.py; parameter names; place of the C declaration; the declaration; and, if the function
# is deprecated, upstream's message.
"""


# -- constants.py -----------------------------------------------------------------------------


def constants(model: Model) -> str:
    """constants.py"""
    parts = []
    for enum in sorted(model.enums, key=lambda enum: (enum.location.file, enum.location.line)):
        lines = "".join(f"{identifier(e.name)} = {e.value}\n" for e in enum.enumerators)
        parts.append(f"# {enum.spelling or 'enum'} ({enum.location})\n{lines}")
    macros = "".join(f"{identifier(c.name)} = {literal(c.value)}  # {c.location}\n" for c in model.constants)
    parts.append(f"# Macros and constant variables\n{macros}")
    parts.append("# The enumerators of each named enum, in C's order\n" + _enums(model.enums))
    return "\n".join(parts)


def _enums(enums: Iterable[Enum]) -> str:
    rows = []
    for enum in enums:
        if enum.name:
            names = " ".join(identifier(enumerator.name) for enumerator in enum.enumerators)
            rows.append(f"    {string(enum.name)}: {string(names)},\n")
    return f"ENUMS = {{\n{''.join(rows)}}}\n"
