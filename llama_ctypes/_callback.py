"""C function pointer types that accept None, keep callbacks alive, and let no exception reach C."""

from __future__ import annotations

import atexit
import sys
import time
from _ctypes import FUNCFLAG_CDECL, CFuncPtr
from _thread import get_ident

from ._callback_type import CallbackType
from ._record import Doc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# C may keep a callback until the process ends (a logger, a context's abort hook, a field of a struct passed
# by value), and never reports that it has dropped one. Callbacks are few and small.
_callbacks: list[object] = []


# When the interpreter ends, Python unwinds a daemon thread that calls back from C, and other threads of
# the same computation crash. So from that moment every thread that calls back is parked.
_ending_thread = 0
"""The id of the thread that ends the interpreter; 0 until then."""
_callers: set[int] = set()
_parked: set[int] = set()
_PATIENCE = 0.5
"""How many seconds to wait for daemon threads to call back; a thread that computes calls back often."""


@atexit.register
def _end() -> None:
    global _ending_thread  # noqa: PLW0603 - of the process
    _ending_thread = get_ident()
    if not _callers - {_ending_thread}:
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
    pointer = CFuncPtr.__new__(cls, _guard(arguments[0], cls._restype_))
    _callbacks.append(pointer)
    return pointer


def _guard(function: Callable[..., Any], restype: Any) -> Callable[..., Any]:
    """Wrap `function` to return zero if it raises; otherwise C would get whatever is on the stack."""
    zero = restype().value if hasattr(restype, "value") else None

    def guarded(*arguments: Any) -> Any:
        thread = get_ident()
        _callers.add(thread)
        if _ending_thread and thread != _ending_thread:
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
    """Create the ctypes class of a C function pointer type; call the class with a Python function.

    The result lives until the process ends. If the function raises, even SystemExit or
    KeyboardInterrupt, the exception goes to `sys.excepthook` and C gets zero. If the C type returns a
    struct, ctypes cannot wrap a Python function; use a C function instead.
    """
    namespace = {
        "_flags_": FUNCFLAG_CDECL,
        "_restype_": restype,
        "_argtypes_": argtypes,
        "__new__": _new,
        "from_param": classmethod(_from_param),
        "__module__": __package__,
        "__doc__": Doc(None),
    }
    return CallbackType(name, (CFuncPtr,), namespace)  # type: ignore[return-value] # it is one
