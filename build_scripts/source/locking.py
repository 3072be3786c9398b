"""A lock between processes: a file, locked by the system, which frees it when its holder dies."""

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
    """Hold the lock file `path`, made if absent; `waiting` is called once if somebody else has it.

    Not reentrant. Raises OSError where the file cannot be made or its file system has no locks.
    """
    with path.open("ab") as file:
        if not _try(file.fileno()):
            waiting()
            while not _try(file.fileno()):
                time.sleep(0.05)
        yield


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock file `path`; False too where that cannot be told."""
    try:
        with path.open("ab") as file:
            return _try(file.fileno())
    except OSError:
        return False
