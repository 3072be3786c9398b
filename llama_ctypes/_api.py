"""Creates Python objects from the generated tables, one name at a time."""

from __future__ import annotations

import ctypes
import operator

from . import _fork, _generated, _loader, _record, _table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def names() -> list[str]:
    """Return every public name, sorted."""
    from ._generated import constants, types

    public = {*_table.names(), *constants.ENUMS, "LibraryError", "RELEASE"}
    public.update(name for name in vars(constants) if not name.startswith("_") and name != "ENUMS")
    public.update(name for name in vars(types) if _is_type(name))
    return sorted(public)


def _is_type(name: str) -> bool:
    """Whether types.py defines `name`, and neither imports it nor keeps it for itself."""
    from ._generated import types

    if name.startswith("_") or name in ("P", "callback") or name not in vars(types):
        return False
    value = vars(types)[name]
    return not any(value is vars(module).get(name) for module in (ctypes, _record))


def resolve(name: str) -> object:
    """Return the object called `name`; AttributeError if the release has none."""
    if _table.has(name):
        return _function(name)
    from ._generated import constants

    if name in constants.ENUMS:
        return _enum(name)
    if name != "ENUMS" and name in vars(constants):
        return vars(constants)[name]
    if _is_type(name):
        from ._generated import types

        return vars(types)[name]
    if name == "__all__":
        # `import *` takes every name, so this list omits functions that the libraries lack.
        return [
            name
            for name in names()
            if not _table.has(name) or _loader.libraries().has(_table.row(name).symbol)
        ]
    if name == "RELEASE":
        return _generated.RELEASE
    if name == "LibraryError":
        from ._errors import LibraryError

        return LibraryError
    raise AttributeError(f"module {__package__!r} has no attribute {name!r} (llama.cpp {_generated.RELEASE})")


class _Int(ctypes.c_int):
    """An int parameter. Unlike c_int, it hands a plain int to C without wrapping it: a third of the time.

    It accepts whatever Python accepts as an index, such as numpy's integers, but no c_int objects.
    """

    from_param = operator.index


class _Bool(ctypes.c_bool):
    """A bool parameter. Like c_bool it accepts any object and passes its truth value."""

    from_param = bool


def _quick(argtypes: list[Any]) -> list[Any]:
    """Replace parameter types by cheaper ones that pass the same value to C."""
    # A _Bool has four bytes, but on the stack Apple's arm64 packs a bool into one: use it in registers only.
    in_registers = len(argtypes) <= 8 and not any(issubclass(type_, ctypes.Structure) for type_ in argtypes)
    quick = {ctypes.c_int: _Int, ctypes.c_bool: _Bool if in_registers else ctypes.c_bool}
    return [quick.get(type_, type_) for type_ in argtypes]


def _function(name: str) -> object:
    from ._function import function_class

    symbol = _table.row(name).symbol
    library = _loader.libraries().library_with(symbol)
    function = function_class((symbol, library))
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
