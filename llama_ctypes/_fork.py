"""A process forked from one that has opened the libraries is refused them, instead of hanging or crashing."""

from __future__ import annotations

import os
import sys

from ._errors import LibraryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._function import Function

_REASON = (
    "this process was forked after llama.cpp's libraries were opened; their threads, locks and GPU contexts "
    "do not survive that. Start it with multiprocessing's 'spawn' or 'forkserver', or fork before "
    "the first function is used"
)

# The functions handed out so far, by name.
made: dict[str, Function] = {}
_forked = False


class _Refused:
    """The type of every argument after a fork."""

    @classmethod
    def from_param(cls, _value: object) -> None:
        check()


def check() -> None:
    """LibraryError where this process was forked with the libraries open."""
    if _forked:
        raise LibraryError(_REASON)


def watch() -> None:
    """From now on, refuse children; the libraries are open."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_refuse)


def _refuse() -> None:
    """No function that was handed out works any longer, and none is handed out."""
    global _forked  # noqa: PLW0603 - of this process, as the libraries are
    _forked = True
    module = vars(sys.modules[__package__])
    for name, function in made.items():
        module.pop(name, None)
        function.argtypes = [_Refused] * max(len(function.argtypes or ()), 1)  # type: ignore[list-item]
