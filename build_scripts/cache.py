"""Finds the cache folder, which keeps everything that is downloaded or compiled once."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from .errors import SourceError, UsageError


def cache_folder() -> Path:
    """Return LLAMA_CTYPES_CACHE, else `llama-ctypes` in the platform's cache folder for this user.

    Creates nothing. Raises UsageError if the variable is a relative path, and SourceError if it is unset and
    the user has no home folder.
    """
    if setting := os.environ.get("LLAMA_CTYPES_CACHE"):
        with contextlib.suppress(RuntimeError):  # ~ without a home folder, or of nobody
            if (path := Path(setting).expanduser()).is_absolute():
                return path
        raise UsageError(f"LLAMA_CTYPES_CACHE={setting} is not an absolute path; correct or unset it")
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
    # HOME is empty or relative; a cache in the working folder would be a surprise.
    if sys.platform != "win32":
        import pwd

        with contextlib.suppress(KeyError):
            return Path(pwd.getpwuid(os.getuid()).pw_dir)
    raise SourceError("the user has no home folder; set LLAMA_CTYPES_CACHE to a folder for downloads")
