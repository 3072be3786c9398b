"""Turns the generated tables into Python objects, one name at a time."""

from __future__ import annotations

import ctypes
import operator

from . import _fork, _generated, _loader, _table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def names() -> list[str]:
    """Every public name, sorted."""
    from ._generated import constants, types

    public = {*_table.names(), *constants.ENUMS, "LibraryError", "RELEASE"}
    public.update(name for name in vars(constants) if not name.startswith("_") and name != "ENUMS")
    public.update(name for name in vars(types) if name.startswith(_PREFIXES))
    return sorted(public)


# Tells upstream's types from the names that types.py takes from ctypes.
_PREFIXES = ("llama_", "ggml_", "gguf_", "mtmd_", "clip_", "struct_", "union_", "enum_", "type_", "FILE")


def resolve(name: str) -> object:
    """The object called `name`; AttributeError where the release has none."""
    if _table.has(name):
        return _function(name)
    from ._generated import constants

    if name in constants.ENUMS:
        return _enum(name)
    if name != "ENUMS" and name in vars(constants):
        return vars(constants)[name]
    if name.startswith(_PREFIXES):
        from ._generated import types

        if name in vars(types):
            return vars(types)[name]
    if name == "__all__":
        # For `import *`, which takes every name: without those that the libraries do not have.
        return [name for name in names() if not _table.has(name) or _loader.libraries().has(name)]
    if name == "RELEASE":
        return _generated.RELEASE
    if name == "LibraryError":
        from ._errors import LibraryError

        return LibraryError
    raise AttributeError(f"module {__package__!r} has no attribute {name!r} (llama.cpp {_generated.RELEASE})")


class _Int(ctypes.c_int):
    """An int parameter. ctypes passes an int on as it is, in a third of the time that c_int takes to wrap it.

    It takes what Python takes for an index, numpy's integers included, but unlike c_int no c_int object.
    """

    from_param = operator.index


class _Bool(ctypes.c_bool):
    """Likewise a bool parameter; like c_bool it takes anything for its truth."""

    from_param = bool


def _quick(argtypes: list[Any]) -> list[Any]:
    """`argtypes`, with conversions that cost less where C gets the same from them."""
    # On its stack Apple's arm64 gives a bool one byte, and this one would be four: only in registers.
    in_registers = len(argtypes) <= 8 and not any(issubclass(type_, ctypes.Structure) for type_ in argtypes)
    quick = {ctypes.c_int: _Int, ctypes.c_bool: _Bool if in_registers else ctypes.c_bool}
    return [quick.get(type_, type_) for type_ in argtypes]


def _function(name: str) -> object:
    from ._function import function_class

    library = _loader.libraries().library_with(name)
    function = function_class((name, library))
    function.__name__ = name
    function.library = library._name
    function.restype, argtypes = _table.prototype(name)
    function.argtypes = _quick(argtypes)
    _fork.functions[name] = function
    return function


def _enum(name: str) -> object:
    import enum

    from ._generated import constants

    members = {key: getattr(constants, key) for key in constants.ENUMS[name].split()}
    return enum.IntEnum(name, members, module=__package__)
