"""Creates Python objects from the generated tables, one name at a time."""

from __future__ import annotations

import ctypes

from . import _fork, _generated, _loader, _record, _table
from ._errors import LibraryError, MissingNameError
from ._record import Doc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _describe(cls: type, text: str | None) -> str | None:
    from . import _help

    return _help.type_(cls, text)


Doc.describe = staticmethod(_describe)


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
        if _usable_libraries():
            return function(name)
        from ._unopened import Unopened

        return Unopened(name, function)
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
        libraries = _usable_libraries()
        return [
            name
            for name in names()
            if not (libraries and _table.has(name)) or libraries.has(_table.row(name).symbol)
        ]
    if name == "RELEASE":
        return _generated.RELEASE
    if name == "LibraryError":
        return LibraryError
    raise UnknownNameError(name)


class UnknownNameError(MissingNameError):
    """An AttributeError that suggests near names, once it is shown: hasattr() stays cheap."""

    __module__ = __package__

    def __str__(self) -> str:
        import difflib

        near = difflib.get_close_matches(self.args[0], names(), cutoff=0.75)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        return (
            f"module {__package__!r} has no attribute {self.args[0]!r} (llama.cpp {_generated.RELEASE}){hint}"
        )


_failed = False
"""Whether opening the libraries failed. Then only a call tries again, not each name that help() looks up."""


def _usable_libraries() -> _loader.Libraries | None:
    """Return the libraries; None if they cannot be used, so that looking up a name is not an error."""
    global _failed  # noqa: PLW0603 - of the process, as the libraries are
    if not _failed or _loader._libraries:
        try:
            return _loader.libraries()
        except LibraryError:
            _failed = True
    return None


def function(name: str) -> Any:
    """Bind the function `name`; LibraryError if no library can be used, AttributeError if all lack it."""
    from ._function import function_class
    from ._parameter import parameters

    row = _table.row(name)
    library = _loader.libraries().library_with(row.symbol)
    function = function_class((row.symbol, library))
    function.__name__ = name
    function.library = library._name
    function.prototype = row.types()
    function.restype, argtypes = function.prototype
    function.argtypes = parameters(argtypes, row.parameters)
    _fork.functions[name] = function
    return function


def _enum(name: str) -> object:
    import enum

    from ._generated import constants

    members = {key: getattr(constants, key) for key in constants.ENUMS[name].split()}
    create: Any = enum.IntEnum  # mypy requires literals otherwise
    class_ = create(name, members, module=__package__)
    class_.__doc__ = Doc(None)
    return class_
