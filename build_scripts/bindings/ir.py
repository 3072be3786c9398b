"""The declarations of the headers, without any libclang or output syntax: parse makes it, emit reads it.

Every class is frozen and compares by value, so two models are equal exactly if their declarations are.
Names are unique across functions, types and constants: there is one flat namespace, as in C. If a tag and a
function share a name, the function keeps it, and the type is called `struct_NAME`, `union_NAME` or
`enum_NAME`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True)
class Location:
    """The place of a declaration: a path relative to the tree's root, and a line, counted from 1.

    For the C library's headers it is `<name>` and line 0: the line depends on the platform.
    """

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True)
class Scalar:
    """An arithmetic type or void, by its C spelling: `int`, `size_t`, `uint8_t`, `bool`, `float`, `void`."""

    name: str


@dataclass(frozen=True)
class Named:
    """A reference by name to a record, handle, enum, callback or typedef of the same model."""

    name: str


@dataclass(frozen=True)
class Pointer:
    """A pointer to `target`; if `const`, C must not write to the target through it."""

    target: Type
    const: bool = False


@dataclass(frozen=True)
class Array:
    """An array of `length` elements; 0 is a flexible array member."""

    element: Type
    length: int


@dataclass(frozen=True)
class FunctionType:
    """The type of a function, to which a function pointer points."""

    result: Type
    parameters: tuple[Parameter, ...]
    variadic: bool = False


Type = Scalar | Named | Pointer | Array | FunctionType


@dataclass(frozen=True)
class Parameter:
    """One parameter; `name` is empty if the header gives none."""

    name: str
    type: Type


@dataclass(frozen=True)
class Function:
    """An exported function."""

    name: str
    type: FunctionType
    declaration: str
    """The prototype as C, on one line and without attributes."""
    location: Location
    deprecated: str | None = None
    """The message of its deprecation attribute (may be empty), None if it has no such attribute."""
    symbol: str = ""
    """The name that libraries export, if an attribute makes it another than `name`."""


@dataclass(frozen=True)
class Field:
    """A member of a record; `name` is empty for an anonymous record, whose members C accesses directly."""

    name: str
    type: Type
    offset: int
    """In bytes from the start of the record."""


@dataclass(frozen=True)
class Record:
    """A struct or union whose members are known."""

    name: str
    tag_kind: str
    """`struct` or `union`."""
    fields: tuple[Field, ...]
    size: int
    """In bytes."""
    align: int
    pack: int | None
    """The packing that gives this layout; None for the natural one."""
    spelling: str
    """How C spells the type: `struct llama_batch`, `ggml_bf16_t`; empty for a nested one without a name."""
    location: Location


@dataclass(frozen=True)
class Handle:
    """A struct with hidden members: programs have only pointers to it, and each struct gives its own type."""

    name: str
    spelling: str
    location: Location


@dataclass(frozen=True)
class Enumerator:
    """One named value of an enum."""

    name: str
    value: int


@dataclass(frozen=True)
class Enum:
    """An enum; `name` is empty if it has neither a tag nor a typedef."""

    name: str
    type: Scalar
    enumerators: tuple[Enumerator, ...]
    spelling: str
    location: Location
    scope: str = ""
    """How C++ spells the record that declares the enum, and so its enumerators; empty outside a record."""


@dataclass(frozen=True)
class Callback:
    """A named function pointer type."""

    name: str
    type: FunctionType
    declaration: str
    location: Location


@dataclass(frozen=True)
class Typedef:
    """Another name for a type, kept because programs use it: `llama_token`, `ggml_backend_t`."""

    name: str
    target: Type
    location: Location


@dataclass(frozen=True)
class Constant:
    """A macro or `static const` variable whose value a program can use."""

    name: str
    value: int | float | str
    location: Location


@dataclass(frozen=True)
class UnsupportedDeclaration:
    """A declaration that ctypes cannot express; the bindings leave it out instead of getting it wrong."""

    name: str
    reason: str
    location: Location

    def __str__(self) -> str:
        return f"{self.name} ({self.location}) is not bound: {self.reason}"


@dataclass(frozen=True)
class Model:
    """All public declarations of a release, each tuple sorted by name."""

    functions: tuple[Function, ...]
    records: tuple[Record, ...]
    handles: tuple[Handle, ...]
    enums: tuple[Enum, ...]
    callbacks: tuple[Callback, ...]
    typedefs: tuple[Typedef, ...]
    constants: tuple[Constant, ...]
    unsupported: tuple[UnsupportedDeclaration, ...]


_Object = TypeVar("_Object")
_Result = TypeVar("_Result")


def memoize(function: Callable[[_Object], _Result]) -> Callable[[_Object], _Result]:
    """`function`, called once for each argument object; later calls return the first result."""
    known: dict[int, tuple[_Object, _Result]] = {}

    def call(argument: _Object) -> _Result:
        entry = known.get(id(argument))
        if entry is None:
            # The entry keeps the object alive: otherwise a new one could get its id.
            entry = known[id(argument)] = argument, function(argument)
        return entry[1]

    return call
