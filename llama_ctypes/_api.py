"""Creates Python objects from the generated tables, one name at a time."""

from __future__ import annotations

from . import _fork, _generated, _loader, _table


def names() -> list[str]:
    """Return every public name, sorted."""
    from ._generated import constants, types

    public = {*_table.names(), *constants.ENUMS, "LibraryError", "RELEASE"}
    public.update(name for name in vars(constants) if not name.startswith("_") and name != "ENUMS")
    public.update(name for name in vars(types) if name.startswith(_PREFIXES))
    return sorted(public)


# Upstream's types begin with these; types.py also has names imported from ctypes.
_PREFIXES = ("llama_", "ggml_", "gguf_", "mtmd_", "clip_", "struct_", "union_", "enum_", "type_", "FILE")


def resolve(name: str) -> object:
    """Return the object called `name`; AttributeError if the release has none."""
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
        # `import *` takes every name, so this list omits functions that the libraries lack.
        return [name for name in names() if not _table.has(name) or _loader.libraries().has(name)]
    if name == "RELEASE":
        return _generated.RELEASE
    if name == "LibraryError":
        from ._errors import LibraryError

        return LibraryError
    raise UnknownNameError(name)


class UnknownNameError(AttributeError):
    """An AttributeError that suggests near names, once it is shown: hasattr() stays cheap."""

    __module__ = __package__

    def __str__(self) -> str:
        import difflib

        near = difflib.get_close_matches(self.args[0], names(), cutoff=0.75)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        return (
            f"module {__package__!r} has no attribute {self.args[0]!r} (llama.cpp {_generated.RELEASE}){hint}"
        )


def _function(name: str) -> object:
    from ._function import function_class
    from ._parameter import parameters

    library = _loader.libraries().library_with(name)
    function = function_class((name, library))
    function.__name__ = name
    function.library = library._name
    row = _table.row(name)
    function.prototype = row.types()
    function.restype, argtypes = function.prototype
    function.argtypes = parameters(argtypes, row.parameters)
    _fork.functions[name] = function
    return function


def _enum(name: str) -> object:
    import enum

    from ._generated import constants

    members = {key: getattr(constants, key) for key in constants.ENUMS[name].split()}
    return enum.IntEnum(name, members, module=__package__)
