"""Copies files and folders that may be read-only, such as those of a read-only checkout."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from pathlib import Path


def copy_writable(
    source: Path, target: Path, ignore: Callable[[str, list[str]], set[str]] | None = None
) -> Path:
    """Copy a file, or a folder with its links, to `target`, and let the owner write to the copy.

    Otherwise the copy keeps the modes of `source`. `ignore` is that of shutil.copytree. Returns `target`.
    """
    if not source.is_dir():
        shutil.copy2(source, target)
    else:
        shutil.copytree(source, target, symlinks=True, ignore=ignore)
    for path in [target, *target.rglob("*")]:
        if not path.is_symlink():
            path.chmod(stat.S_IMODE(path.stat().st_mode) | stat.S_IWUSR)
    return target
