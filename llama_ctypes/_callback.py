"""Function pointer types that accept None, keep what C may call alive, and let no exception into C."""

from __future__ import annotations

import atexit
import sys
import time
from _ctypes import FUNCFLAG_CDECL, CFuncPtr
from _thread import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# C may hold a callback for as long as the process lives (a logger, a context's abort hook, whatever was
# in a struct passed by value), and says nowhere when it lets go. Callbacks are few and small.
_kept: list[object] = []


# At its end, Python unwinds a daemon thread that calls back out of the C code it is in, and other threads
# of that computation crash. So from then on, threads that call back stay where they are.
_ended = 0
"""The thread that ends the interpreter, once it does."""
_callers: set[int] = set()
_parked: set[int] = set()
_PATIENCE = 0.5
"""Seconds for daemon threads to call back once more; those that compute do so all the time."""


@atexit.register
def _end() -> None:
    global _ended  # noqa: PLW0603 - of the process
    _ended = get_ident()
    if not _callers - {_ended}:
        return
    import threading

    daemons = {thread.ident for thread in threading.enumerate() if thread.daemon}
    deadline = time.monotonic() + _PATIENCE
    while (daemons & _callers) - _parked and time.monotonic() < deadline:
        time.sleep(0.001)


def _from_param(cls: type[CFuncPtr], value: object) -> object:
    if value is None:
        return None  # NULL: no callback
    if not isinstance(value, cls):
        raise TypeError(f"expected {cls.__name__} or None, got {type(value).__name__}")
    return value


def _new(cls: Any, *arguments: object) -> Any:
    if len(arguments) != 1 or not callable(arguments[0]):
        return CFuncPtr.__new__(cls, *arguments)  # NULL, an address, an exported function
    made = CFuncPtr.__new__(cls, _guarded(arguments[0], cls._restype_))
    _kept.append(made)
    return made


def _guarded(function: Callable[..., Any], restype: Any) -> Callable[..., Any]:
    """`function`, with zero as its result where it raises: C would get whatever lies on the stack."""
    zero = restype().value if hasattr(restype, "value") else None

    def guarded(*arguments: Any) -> Any:
        thread = get_ident()
        _callers.add(thread)
        if _ended and thread != _ended:
            _parked.add(thread)
            while True:
                time.sleep(3600)
        try:
            return function(*arguments)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            return zero

    return guarded


def callback(name: str, restype: object, *argtypes: object) -> type[CFuncPtr]:
    """The ctypes class of a C function pointer type; make one of a Python callable by calling it.

    What is made of a Python callable lives as long as the process. An exception in the callable goes
    to `sys.excepthook`, and C gets zero. A type whose C function returns a struct cannot be made from
    Python; cast a C function to it.
    """
    namespace = {
        "_flags_": FUNCFLAG_CDECL,
        "_restype_": restype,
        "_argtypes_": argtypes,
        "__new__": _new,
        "from_param": classmethod(_from_param),
        "__module__": __package__,
    }
    return type(name, (CFuncPtr,), namespace)
