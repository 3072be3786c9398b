"""Turns the generated tables into Python objects, one name at a time."""

from __future__ import annotations

from . import _fork, _generated, _loader
from ._generated.functions import FUNCTIONS


def names() -> list[str]:
    """Every public name, sorted."""
    from ._generated import constants, types

    public = {*FUNCTIONS, *constants.ENUMS, "LibraryError", "RELEASE"}
    public.update(name for name in vars(constants) if not name.startswith("_") and name != "ENUMS")
    public.update(name for name in vars(types) if name.startswith(_PREFIXES))
    return sorted(public)


# Tells upstream's types from the names that types.py takes from ctypes.
_PREFIXES = ("llama_", "ggml_", "gguf_", "mtmd_", "clip_", "struct_", "union_", "enum_", "type_", "FILE")


def resolve(name: str) -> object:
    """The object called `name`; AttributeError where the release has none."""
    if name in FUNCTIONS:
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
        return [name for name in names() if name not in FUNCTIONS or _loader.libraries().has(name)]
    if name == "RELEASE":
        return _generated.RELEASE
    if name == "LibraryError":
        return _loader.LibraryError
    raise AttributeError(f"module {__package__!r} has no attribute {name!r} (llama.cpp {_generated.RELEASE})")


def _function(name: str) -> object:
    from ._function import kind
    from ._generated import types

    library = _loader.libraries().holding(name)
    function = kind((name, library))
    function.__name__ = name
    function.library = library._name
    # The table is part of this package, generated from C declarations: no outside text is evaluated.
    restype, *argtypes = eval(f"{FUNCTIONS[name][2]},", vars(types))
    function.restype = restype
    function.argtypes = argtypes
    _fork.made[name] = function
    return function


def _enum(name: str) -> object:
    import enum

    from ._generated import constants

    members = {key: getattr(constants, key) for key in constants.ENUMS[name]}
    return enum.IntEnum(name, members, module=__package__)
