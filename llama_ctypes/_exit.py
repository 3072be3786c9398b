"""End the process safely while threads still compute."""

from __future__ import annotations

import ctypes
import sys


def leave_quickly() -> None:
    """Skip C++ destructors at the end of the process if other threads still run; call it through atexit.

    A daemon thread inside C continues to compute while exit() destroys the objects it uses, and crashes.
    Only glibc offers a way to prevent this. Windows itself ends all other threads first.
    """
    if len(sys._current_frames()) < 2 or not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None)
    if hasattr(libc, "on_exit"):
        libc.fflush(None)
        # exit() calls the last registered function first, and passes it the exit status.
        libc.on_exit.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        libc.on_exit(ctypes.cast(libc._exit, ctypes.c_void_p), None)
