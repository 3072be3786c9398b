"""What the headers say, free of libclang and of any output syntax: the contract between parse and emit.

Every class is frozen and compares by value, so two models are equal exactly when they say the
same thing. Names are unique across functions, types and constants: one flat namespace, as in C.
Where a tag and a function share a name, the function keeps it and the type is called
`struct_NAME`, `union_NAME` or `enum_NAME`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True)
class Location:
    """Where a declaration stands: a path relative to the tree's root, and a line from 1.

    The C library's own headers are `<name>` and line 0: where in them is the platform's business.
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
    """A pointer to `target`; `const` says whether the target may be written through it."""

    target: Type
    const: bool = False


@dataclass(frozen=True)
class Array:
    """`length` elements in a row; 0 is a flexible array member."""

    element: Type
    length: int


@dataclass(frozen=True)
class FunctionType:
    """What a function pointer points to."""

    result: Type
    parameters: tuple[Parameter, ...]
    variadic: bool = False


Type = Scalar | Named | Pointer | Array | FunctionType


@dataclass(frozen=True)
class Parameter:
    """One parameter; `name` is empty where the header gives none."""

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
    """The message of its deprecation attribute (may be empty), None where it has none."""


@dataclass(frozen=True)
class Field:
    """A member of a record; `name` is empty for an anonymous record whose members are reached directly."""

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
    """A struct whose members are hidden: only pointers to it exist, and each is a type of its own."""

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
    """An enum; `name` is empty where it has neither tag nor typedef."""

    name: str
    type: Scalar
    enumerators: tuple[Enumerator, ...]
    spelling: str
    location: Location


@dataclass(frozen=True)
class Callback:
    """A named function pointer type."""

    name: str
    type: FunctionType
    declaration: str
    location: Location


@dataclass(frozen=True)
class Typedef:
    """Another name for a type, kept because people write it: `llama_token`, `ggml_backend_t`."""

    name: str
    target: Type
    location: Location


@dataclass(frozen=True)
class Constant:
    """A macro or `static const` variable with a value a program can use."""

    name: str
    value: int | float | str
    location: Location


@dataclass(frozen=True)
class UnsupportedDeclaration:
    """A declaration that ctypes cannot express, so that nothing is bound silently wrong."""

    name: str
    reason: str
    location: Location


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
    """`function`, called once for each object, for many uses of few objects."""
    known: dict[int, tuple[_Object, _Result]] = {}

    def call(argument: _Object) -> _Result:
        entry = known.get(id(argument))
        if entry is None:
            # The entry keeps the object alive: otherwise a new one could get its id.
            entry = known[id(argument)] = argument, function(argument)
        return entry[1]

    return call
