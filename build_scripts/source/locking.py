"""Locks between processes: files that the system locks, and unlocks when the holder dies."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _try(descriptor: int) -> bool:
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _try(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextlib.contextmanager
def locked(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock file `path`, created if absent; call `waiting` once if another process holds it.

    Not reentrant. Raises OSError if the file cannot be created or its file system has no locks.
    """
    with path.open("ab") as file:
        if not _try(file.fileno()):
            waiting()
            while not _try(file.fileno()):
                time.sleep(0.05)
        yield


def is_free(path: Path) -> bool:
    """Return whether nobody holds the lock file `path`; False if that is unknown."""
    try:
        with path.open("ab") as file:
            return _try(file.fileno())
    except OSError:
        return False
