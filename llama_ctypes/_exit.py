"""The end of the process while threads still compute."""

from __future__ import annotations

import ctypes
import sys


def leave_quickly() -> None:
    """Where threads live on, have the process end without C++ destructors; for atexit.

    A daemon thread that is in C goes on computing while exit() takes down what it computes with, and crashes.
    glibc alone offers the way; Windows ends all other threads first by itself.
    """
    if len(sys._current_frames()) < 2 or not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None)
    if hasattr(libc, "on_exit"):
        libc.fflush(None)
        # Called first of all that exit() calls, for it is registered last; the status comes with the call.
        libc.on_exit.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        libc.on_exit(ctypes.cast(libc._exit, ctypes.c_void_p), None)
