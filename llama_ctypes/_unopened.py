"""Functions while no library can be used: they have their documentation, and calling one raises the error."""

from __future__ import annotations

import sys

from . import _help, _table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from inspect import Signature
    from typing import Any


class Unopened:
    """A function that was looked up while no library could be used."""

    def __init__(self, name: str, bind: Callable[[str], Any]) -> None:
        """`bind` opens the libraries and returns the function `name`."""
        self.__name__ = name
        self._bind = bind

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # such as those of notebooks
            raise AttributeError(name)
        return getattr(self._function(), name)

    def __call__(self, *arguments: Any) -> Any:
        """Try again to open the libraries, and call the C function; LibraryError if they cannot be used."""
        return self._function()(*arguments)

    def _function(self) -> Any:
        function = self._bind(self.__name__)
        vars(sys.modules[__package__])[self.__name__] = function
        return function

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        """The docstring of the function."""
        return _help.function(self.__name__, "no library that can be used")

    @property
    def __signature__(self) -> Signature:
        """The signature of the function."""
        restype, argtypes = _table.prototype(self.__name__)
        return _help.signature(self.__name__, argtypes, restype)

    def __repr__(self) -> str:
        return f"<{self.__name__} of no library that can be used>"
