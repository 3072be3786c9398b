"""Let an exception that is raised in a callback come out of the C call that called back.

Python handles a signal between two of its own instructions. If C works, the next ones are those of a
callback: KeyboardInterrupt, or what the program's own signal handler raises, then arises there. It may
not pass through C. So it waits until C has returned, and each callback until then tells C to stop.
"""

from __future__ import annotations

import ctypes
import sys
from _thread import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from functools import partial
    from types import CodeType, FrameType, TracebackType
else:
    from _functools import partial  # functools takes as long as ctypes


guards: set[CodeType] = set()
"""The code of the functions that C calls; see `_callback`."""
CALL_LINE = 7
"""The line of that code that calls the program's function; error handling comes after it."""


class _Waiting:
    """The exception that waits; Python takes the truth value of the object once C has returned."""

    error: BaseException | None = None

    def __bool__(self) -> bool:
        if self.error is None:
            return False
        caller = sys._getframe(1)
        frame: FrameType | None = caller
        while frame is not None and frame.f_code not in guards:
            frame = frame.f_back
        if frame and (frame.f_lineno > CALL_LINE if frame is caller else frame.f_lineno != CALL_LINE):
            # Another signal's handler runs, which may raise a later exception, or `keep` does.
            _ = ~resume
            return False
        error, self.error = self.error, None
        raise error


waiting = _Waiting()


_add_call = ctypes.pythonapi["Py_AddPendingCall"]
_add_call.argtypes = [ctypes.c_void_p, ctypes.py_object]
_truth = ctypes.cast(ctypes.pythonapi["PyObject_IsTrue"], ctypes.c_void_p)


class _Resume:
    """`~resume` makes Python take the truth value of `waiting` at its next check for signals.

    Python checks after a call, but not after an operator that C implements. So a callback that ends with
    the operator is left before the check, which comes when C returns to Python or calls the next callback.
    """

    __invert__ = staticmethod(partial(_add_call, _truth, waiting))


resume = _Resume()


def keep(error: BaseException) -> bool:
    """Keep `error`, and return True, if the C call was made by the main thread, which handles signals.

    In other threads, some of which Python did not start, it goes to `sys.excepthook`.
    """
    if not is_main_thread():
        sys.excepthook(type(error), error, error.__traceback__)
        return False
    error.__traceback__ = _original(error.__traceback__)
    if waiting.error is not None and error.__context__ is None:  # a second signal
        error.__context__ = waiting.error
    waiting.error = error
    return True


def is_main_thread() -> bool:
    """Return whether this thread handles signals."""
    import threading

    return get_ident() == threading.main_thread().ident


def _original(traceback: TracebackType | None) -> TracebackType | None:
    """Return the traceback without the steps from callback to callback, of which there may be thousands."""
    raised = traceback and traceback.tb_next
    if raised and raised.tb_frame.f_code is _Waiting.__bool__.__code__:
        return raised.tb_next
    return traceback
