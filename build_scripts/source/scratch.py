"""Scratch folders in the cache: removed at the end, and after a kill by the next process that needs one.

CACHE/tmp/NAME        the folder
CACHE/tmp/NAME.lock   locked as long as its process lives
"""

from __future__ import annotations

import contextlib
import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from build_scripts.errors import SourceError

from . import locking

_logger = logging.getLogger(__name__)


@contextlib.contextmanager
def scratch(cache: Path) -> Iterator[Path]:
    """Create an empty folder on the disk of the folder `cache`; remove it at the end, also after an error.

    This also removes the folders of killed processes. Raises SourceError if `cache` is not writable.
    """
    with contextlib.ExitStack() as stack:
        with writing(cache):
            for name in ("locks", "tmp"):
                (cache / name).mkdir(parents=True, exist_ok=True)
            with locking.locked(cache / "locks" / "tmp.lock", _waiting):
                _sweep(cache / "tmp")
                folder = Path(tempfile.mkdtemp(dir=cache / "tmp"))
                lock = folder.with_suffix(".lock")
                stack.callback(_unlink, lock)
                stack.enter_context(locking.locked(lock, _waiting))
        stack.callback(remove, folder)
        yield folder


@contextlib.contextmanager
def writing(cache: Path) -> Iterator[None]:
    """Turn an OSError in the block into a SourceError about the cache folder."""
    try:
        yield
    except OSError as error:
        raise SourceError(
            f"cannot write to the cache folder {cache} ({error.strerror or error}); "
            "set LLAMA_CTYPES_CACHE to a writable folder"
        ) from error


def remove(folder: Path) -> None:
    """Remove a folder with everything in it, however deep it is; what cannot be removed stays, silently."""
    folders = [os.fspath(folder)]
    for path in folders:
        with contextlib.suppress(OSError):
            if os.name != "nt" and not os.access(path, os.R_OK | os.W_OK | os.X_OK):
                Path(path).chmod(stat.S_IRWXU)
            with os.scandir(path) as entries:
                for entry in list(entries):
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        _unlink(Path(entry.path))
    for path in reversed(folders):
        with contextlib.suppress(OSError):
            Path(path).rmdir()


def _sweep(folder: Path) -> None:
    """Remove what killed processes left in `folder`; never fails."""
    with contextlib.suppress(OSError):
        for entry in list(folder.iterdir()):
            name = entry.name.removesuffix(".lock")
            owner = entry if name in ("", ".", "..") else folder / name
            lock = owner.with_name(f"{owner.name}.lock")
            if locking.is_free(lock):
                remove(owner)
                _unlink(owner)
                _unlink(lock)


def _unlink(path: Path) -> None:
    with contextlib.suppress(OSError):
        if os.name == "nt":
            # Windows does not remove a file that is marked read-only, as git's objects are.
            path.chmod(stat.S_IWRITE)
        path.unlink()


def _waiting() -> None:
    _logger.info("waiting for another process that is working on the cache")
