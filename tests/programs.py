"""Python scripts that replace other programs in tests."""

from __future__ import annotations

import sys
from pathlib import Path

# A `#!` line ends at the first space, and the path of this Python may contain one. So /bin/sh starts Python.
# Python reads the second line as a string.
SHEBANG = f"""#!/bin/sh
'''exec' "{sys.executable}" "$0" "$@"
'''
"""


def executable(path: Path, text: str) -> Path:
    """Write a Python program to `path` as an executable file; on Windows to PATH.py, run by PATH.cmd."""
    path.parent.mkdir(exist_ok=True)
    if sys.platform == "win32":
        path.with_suffix(".py").write_text(text)
        command = path.with_suffix(".cmd")
        command.write_text(f'@"{sys.executable}" "%~dpn0.py" %*\n')
        return command
    path.write_text(SHEBANG + text)
    path.chmod(0o755)
    return path
