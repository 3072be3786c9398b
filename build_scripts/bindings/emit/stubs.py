"""The text of the stub, from which editors and type checkers know the generated names."""

from __future__ import annotations

import keyword
from collections.abc import Iterator

from build_scripts.bindings.ir import (
    Array,
    Callback,
    Enum,
    Function,
    FunctionType,
    Location,
    Model,
    Named,
    Pointer,
    Record,
    Scalar,
    Type,
    memoize,
)

from .spelling import Spelling, field_names, identifier, literal, parameter_names, string, type_name

_HEAD = """\
from _ctypes import CFuncPtr
from collections.abc import Callable
from ctypes import (
{imports})
from enum import IntEnum
from typing import Any, Final, TypeAlias, TypeVar

from typing_extensions import Self, deprecated

_C = TypeVar("_C", bound=_SimpleCData[Any] | _Pointer[Any] | Structure | Union | Array[Any] | CFuncPtr)
_To: TypeAlias = _Pointer[_C] | Array[_C] | _CArgObject | None
class _Handle(c_void_p):
    def __bool__(self) -> bool: ...
    def __int__(self) -> int: ...

class _Callback(CFuncPtr):
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...

_K = TypeVar("_K", bound=CFuncPtr)
def _is(kind: type[_K], /) -> Callable[[Callable[..., Any]], _K]: ...

_Void: TypeAlias = int | bytes | c_void_p | _Pointer[Any] | Array[Any] | _CArgObject | CFuncPtr | None
_Text: TypeAlias = bytes | c_char_p | Array[c_char] | None

RELEASE: Final[str]
HEADERS_SHA256: Final[str]
ABI_SHA256: Final[str]
GENERATOR: Final[int]
"""
# Names from typeshed's ctypes that every stub uses.
_ALWAYS = {
    "Array",
    "Structure",
    "Union",
    "_CArgObject",
    "_Pointer",
    "_SimpleCData",
    "c_char",
    "c_char_p",
    "c_void_p",
}


def stub(model: Model) -> str:
    """__init__.pyi"""
    writer = _Stub(model)
    functions = "".join(
        # Only getattr() reaches a function whose name is a keyword.
        writer.function(function)
        for function in model.functions
        if not keyword.iskeyword(function.name)
    )
    parts = [
        *(
            f"class {type_name(handle.name)}(_Handle): {_doc(f'{handle.spelling} *', handle.location)}\n"
            for handle in model.handles
        ),
        *(writer.record(record) for record in model.records),
        *(writer.callback(callback) for callback in model.callbacks),
        *(f"{type_name(typedef.name)} = {writer.ctype(typedef.target)}\n" for typedef in model.typedefs),
        *(_enum(enum) for enum in model.enums),
        *(
            f"{identifier(constant.name)}: Final = {literal(constant.value)}\n"
            for constant in model.constants
        ),
        *writer.intersections(),
        functions,
    ]
    imports = "".join(f"    {name},\n" for name in sorted(writer.spelling.used - {"POINTER"} | _ALWAYS))
    return _HEAD.format(imports=imports) + "\n" + "".join(parts)


def _doc(declaration: str, location: Location) -> str:
    """The text that editors show for a name: its C declaration, and the header and line of that."""
    return string(f"{declaration}\n\n{location}" if declaration else str(location))


def _enum(enum: Enum) -> str:
    values = "".join(f"{identifier(e.name)}: Final = {e.value}\n" for e in enum.enumerators)
    if not enum.name:
        return values
    members = "".join(f"    {identifier(e.name)} = {e.value}\n" for e in enum.enumerators)
    doc = _doc(enum.spelling, enum.location)
    return f"class {type_name(enum.name)}(IntEnum):\n    {doc}\n{members}{values}"


class _Stub:
    """Spells types for Python programmers: as arguments, as results and inside pointers."""

    def __init__(self, model: Model) -> None:
        self.spelling = Spelling(model)
        self._typedefs = {typedef.name: typedef.target for typedef in model.typedefs}
        self._enums = {enum.name for enum in model.enums if enum.name}
        self._records = {record.name: record for record in model.records}
        self._callbacks = {callback.name for callback in model.callbacks}
        self._handles = {handle.name for handle in model.handles}
        self._field_names = field_names(model.records)
        self.argument = memoize(self._argument)
        """Spells the type of a parameter."""
        self.value = memoize(self._value)
        """Spells the type of a field that is read, or of a callback's argument."""
        self._kinds: dict[object, list[str]] = {}
        for callback in model.callbacks:
            self._kinds.setdefault(self._prototype(callback.type), []).append(type_name(callback.name))
        self._intersections: dict[str, str] = {}

    def _prototype(self, function: FunctionType) -> object:
        """A key that is equal for functions and callbacks that fit."""
        types = [function.result, *(p.type for p in function.parameters)]
        return function.variadic, *(self.spelling.type(self._resolved(type_)) for type_ in types)

    def result(self, type_: Type) -> str:
        """Spell the type of a function's result: a handle is None for NULL."""
        resolved = self._resolved(type_)
        optional = isinstance(resolved, Named) and resolved.name in self._handles
        return self.value(type_) + " | None" * optional

    def _returned(self, type_: Type) -> str:
        """Spell what a Python function returns as a callback: pointers and handles are addresses."""
        resolved = self._resolved(type_)
        is_named = isinstance(resolved, Named) and resolved.name in self._handles | self._callbacks
        return (
            "int | None" if is_named or isinstance(resolved, (Pointer, FunctionType)) else self.value(type_)
        )

    def _resolved(self, type_: Type) -> Type:
        while isinstance(type_, Named) and type_.name in self._typedefs:
            type_ = self._typedefs[type_.name]
        return type_

    def ctype(self, type_: Type) -> str:
        """Spell a type as the parameter of a generic (`_Pointer[c_int]`) or the target of an alias."""
        match type_:
            case Pointer(target) if self.spelling.type(type_).startswith("P("):
                return f"_Pointer[{self.ctype(target)}]"
            case Array(element):
                return f"Array[{self.ctype(element)}]"
            case FunctionType():
                return "CFuncPtr"
            case _:
                return self.spelling.type(type_)

    def _value(self, type_: Type) -> str:
        resolved = self._resolved(type_)
        match resolved:
            case Scalar(name):
                return _python_scalar(name)
            case Named(name):
                return "int" if name in self._enums else type_name(name)
            case Array(Scalar("char")):
                return "bytes"
            case Pointer(Scalar("void")):
                return "int | Any"  # None for NULL, spelled as in typeshed
            case Pointer(Scalar("char"), True):
                return "bytes | Any"
        return self.ctype(resolved)

    def _argument(self, type_: Type) -> str:
        resolved = self._resolved(type_)
        match resolved:
            case Scalar(name):
                return _python_scalar(name)
            case Named(name) if name in self._enums:
                return "int"
            case Named(name):
                return type_name(name) if name in self._records else f"{type_name(name)} | None"
            case Pointer(Scalar("void")):
                return "_Void"
            case Pointer(Scalar("char"), True):
                return "_Text"
            case Pointer(target):
                direct = (
                    f" | {type_name(target.name)}"
                    if isinstance(target, Named) and target.name in self._records
                    else ""
                )
                return f"_To[{self.ctype(target)}]{direct}"
        return "CFuncPtr | None"

    def record(self, record: Record) -> str:
        """The class of a struct or union, with its fields as attributes and keyword arguments."""
        base = "Union" if record.tag_kind == "union" else "Structure"
        fields = list(self._fields(record))
        lines = "".join(f"    {name}: {type_}\n" for name, type_ in fields)
        keywords = "".join(f", {name}: {type_} = ..." for name, type_ in fields)
        return (
            f"class {type_name(record.name)}({base}):\n    {_doc(record.spelling, record.location)}\n{lines}"
            f"    def __init__(self{keywords}) -> None: ...\n"
        )

    def _fields(self, record: Record) -> Iterator[tuple[str, str]]:
        for name, field in zip(self._field_names[record.name], record.fields, strict=True):
            if field.name:
                yield name, self.value(field.type)
            elif isinstance(field.type, Named):  # its members are attributes of the outer record
                yield from self._fields(self._records[field.type.name])

    def callback(self, callback: Callback) -> str:
        """The class of a callback type: created from a Python callable, and callable itself."""
        arguments = ", ".join(self.value(p.type) for p in callback.type.parameters)
        result = self._resolved(callback.type.result)
        accepted = f"Callable[[{arguments}], {self._returned(result)}] | int"
        if isinstance(result, Named) and result.name in self._records:
            accepted = "CFuncPtr | int"  # ctypes cannot return a struct from Python
        names = "".join(f", _{n}: {self.argument(p.type)}" for n, p in enumerate(callback.type.parameters))
        names += ", /" * bool(names)
        return (
            f"class {type_name(callback.name)}(_Callback):\n"
            f"    {_doc(callback.declaration, callback.location)}\n"
            f"    def __init__(self, function: {accepted} = ..., /) -> None: ...\n"
            f"    def __call__(self{names}) -> {self.result(callback.type.result)}: ...\n"
        )

    def intersections(self) -> Iterator[str]:
        """The classes of functions that fit several callback types."""
        for name, bases in self._intersections.items():
            yield f"class {name}({bases}): ...\n"

    def _fitting(self, function: Function) -> str:
        """The decorator of a function that can be passed as a callback."""
        kinds = self._kinds.get(self._prototype(function.type), [])
        if not kinds:
            return ""
        kind = kinds[0]
        if len(kinds) > 1:
            kind = "_" + "_".join(kinds)
            self._intersections[kind] = ", ".join(kinds)
        return f"@_is({kind})\n"

    def function(self, function: Function) -> str:
        """The definition of a function."""
        names = parameter_names(function)
        parameters = [
            f"{name}: {self.argument(p.type)}"
            for name, p in zip(names, function.type.parameters, strict=True)
        ]
        if function.type.variadic:
            parameters.append("*arguments: Any")
        elif parameters:
            parameters.append("/")  # ctypes takes no keywords
        mark = "" if function.deprecated is None else f"@deprecated({string(function.deprecated)})\n"
        signature = f"{function.name}({', '.join(parameters)}) -> {self.result(function.type.result)}"
        doc = _doc(function.declaration, function.location)
        return f"{mark}{self._fitting(function)}def {signature}: {doc}\n"


def _python_scalar(name: str) -> str:
    if name in ("bool", "float"):
        return name
    return {"void": "None", "double": "float", "long double": "float", "char": "bytes", "wchar_t": "str"}.get(
        name, "int"
    )
