"""Raise LibraryError in a forked child of a process with open libraries, instead of a hang or a crash."""

from __future__ import annotations

import os
import sys

from ._errors import LibraryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _ctypes import CFuncPtr

_REASON = (
    "this process was forked after llama.cpp's libraries were opened; their threads, locks and GPU contexts "
    "do not survive a fork. Start the process with multiprocessing's 'spawn' or 'forkserver', or fork before "
    "the first function is used"
)

functions: dict[str, CFuncPtr] = {}
"""The functions that the module has bound so far, by name."""
_forked = False
_open = False
"""Whether the libraries are open, or a thread opens them."""
_watched = False


class _Rejected:
    """The type of every parameter after a fork: it accepts no argument."""

    @classmethod
    def from_param(cls, _value: object) -> None:
        check()


def check() -> None:
    """Raise LibraryError if this process was forked while the libraries were open."""
    if _forked:
        raise LibraryError(_REASON)


def watch(open_: bool) -> None:
    """Make the bindings fail in every child forked from now on if the libraries are open, or being opened."""
    global _open, _watched  # noqa: PLW0603 - of the process, as the libraries are
    _open = open_
    if hasattr(os, "register_at_fork") and not _watched:
        _watched = True
        os.register_at_fork(after_in_child=_disable)


def _disable() -> None:
    """Disable the functions that are bound already, and let `check` stop new ones."""
    global _forked  # noqa: PLW0603 - of this process, as the libraries are
    if not _open:
        return
    _forked = True
    module = vars(sys.modules[__package__])
    for name, function in functions.items():
        module.pop(name, None)
        function.argtypes = [_Rejected] * max(len(function.argtypes or ()), 1)  # type: ignore[list-item]
