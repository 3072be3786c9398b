"""Where the cache folder is. Everything that is downloaded or compiled once is kept below it."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from .errors import SourceError


def cache_folder() -> Path:
    """LLAMA_CTYPES_CACHE, or else `llama-ctypes` in the platform's cache folder for this user.

    Nothing is created. Raises SourceError where neither it nor a home folder is known.
    """
    if own := os.environ.get("LLAMA_CTYPES_CACHE"):
        return Path(own).expanduser().absolute()
    variable = {"win32": "LOCALAPPDATA", "darwin": ""}.get(sys.platform, "XDG_CACHE_HOME")
    base = Path(os.environ.get(variable, "")) if variable else Path()
    if not base.is_absolute():
        below = {"win32": "AppData/Local", "darwin": "Library/Caches"}.get(sys.platform, ".cache")
        base = _home() / below
    return base / "llama-ctypes"


def _home() -> Path:
    with contextlib.suppress(RuntimeError):
        if (home := Path.home()).is_absolute():
            return home
    # HOME is set to nothing, or relative: a cache in the working folder would be a surprise.
    if sys.platform != "win32":
        import pwd

        with contextlib.suppress(KeyError):
            return Path(pwd.getpwuid(os.getuid()).pw_dir)
    raise SourceError("no home folder is known; set LLAMA_CTYPES_CACHE to a folder for downloads")
