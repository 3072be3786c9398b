"""What the system that runs the tests lacks, as marks that skip a test with the reason."""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
from pathlib import Path

import pytest


def _has_symlinks() -> bool:
    """Windows needs a privilege for symlinks; wine's cannot be read back."""
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder, "link")
        try:
            link.symlink_to("target")
            return link.readlink() == Path("target")
        except OSError:
            return False


def _is_wine() -> bool:
    return sys.platform == "win32" and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")


WINE = _is_wine()
needs_symlinks = pytest.mark.skipif(not _has_symlinks(), reason="this system makes no symbolic links")
needs_modes = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
needs_scripts = pytest.mark.skipif(os.name == "nt", reason="replaces a program by a shell script")
