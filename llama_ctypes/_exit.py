"""End the process safely while other threads still compute in C, or open the libraries."""

from __future__ import annotations

import atexit
import ctypes
import sys
import time
from _thread import RLock, get_ident  # importing threading takes ten times as long

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

lock = RLock()
"""The loader holds it while it opens a library; from the end on, the ending thread keeps it."""
at_end: list[Callable[[], object]] = []
"""What to call at the end, after all handlers of `atexit`."""

park_others: Callable[[], bool] = bool
"""Makes every other thread park in its next callback; returns whether there are callbacks."""

_ending_thread = 0
"""The id of the thread that ends the interpreter; 0 until then."""
_parked: set[int] = set()
_PATIENCE = 0.5
"""How many seconds to wait for daemon threads to call back; a thread that computes calls back often."""
# The functions, by module, in which idle threads wait: for an event, a queue, work or a socket.
_IDLE = {
    ("threading", "wait"),
    ("threading", "join"),
    ("threading", "_wait_for_tstate_lock"),
    ("concurrent.futures.thread", "_worker"),
    ("selectors", "select"),
    ("socket", "accept"),
    ("socket", "readinto"),
}
_OPENING = 10.0
"""How many seconds to wait for a thread that opens the libraries."""


def park() -> None:
    """Never return, unless this thread ends the interpreter; each callback begins so at the end.

    Python would unwind the thread out of C, and other threads of the same computation would crash.
    """
    thread = get_ident()
    _parked.add(thread)
    while thread != _ending_thread:
        time.sleep(3600)


class _End:
    """Calls `_end` after every handler of atexit, also those registered earlier, which may join threads.

    Only atexit's list refers to it. Python clears that list when it has called all handlers.
    """

    def __del__(self) -> None:
        # multiprocessing clears the list of a forked child from Python, which is not the end.
        if sys._getframe().f_back is None:
            _end()


def _nothing(_end: _End) -> None: ...


atexit.register(_nothing, _End())


def _end() -> None:
    global _ending_thread  # noqa: PLW0603 - of the process
    _ending_thread = get_ident()
    # From here on, no other thread can begin to open libraries.
    opened = not lock.acquire(timeout=_OPENING) or bool(at_end)
    for function in at_end:
        function()
    if len(sys._current_frames()) < 2:
        return
    # Threads finish that have entered the log listener, or are about to.
    time.sleep(0.02 if _may_call_back() else 0.001)
    if park_others():
        deadline = time.monotonic() + _PATIENCE
        while _may_call_back() - _parked and time.monotonic() < deadline:
            time.sleep(0.001)
    if opened:
        _leave_quickly()


def _may_call_back() -> set[int]:
    """Return the ids of the daemon threads, except those that wait in a function of the standard library."""
    import threading

    daemons = {thread.ident for thread in threading.enumerate() if thread.daemon}
    return {
        thread
        for thread, frame in sys._current_frames().items()
        if thread in daemons and (frame.f_globals.get("__name__"), frame.f_code.co_name) not in _IDLE
    }


def _leave_quickly() -> None:
    """Skip C++ destructors at the end of the process.

    A daemon thread inside C continues to compute while exit() destroys the objects it uses, and crashes.
    Only glibc offers a way to prevent this. Windows itself ends all other threads first.
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None)
    if hasattr(libc, "on_exit"):
        libc.fflush(None)
        # exit() calls the last registered function first, and passes it the exit status.
        libc.on_exit.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        libc.on_exit(ctypes.cast(libc._exit, ctypes.c_void_p), None)
