"""Python programs that tests put in the place of others."""

from __future__ import annotations

import sys
from pathlib import Path

# A `#!` line ends at a space, and this Python's path may contain one. So /bin/sh starts Python; for Python,
# the second line is a string.
SHEBANG = f"""#!/bin/sh
'''exec' "{sys.executable}" "$0" "$@"
'''
"""


def executable(path: Path, text: str) -> Path:
    """Write a Python program to `path` as an executable file."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(SHEBANG + text)
    path.chmod(0o755)
    return path
