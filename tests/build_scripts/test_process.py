"""The subprocess runner's line by line form."""

from __future__ import annotations

import os
import sys

import pytest

from build_scripts.errors import ToolError
from build_scripts.process import stream

CHILD = """
import os, sys
print(os.environ["WORD"], flush=True)
print("an error", file=sys.stderr, flush=True)
sys.stdout.buffer.write(b"\\xff no text\\n")
sys.exit(3)
"""


def test_lines_come_in_their_order_with_the_exit_status() -> None:
    lines: list[str] = []
    assert (
        stream([sys.executable, "-c", CHILD], lines.append, env={"WORD": os.fsdecode("wörter".encode())}) == 3
    )
    assert lines[1:] == ["an error", "\N{REPLACEMENT CHARACTER} no text"]
    assert lines[0].startswith("w")


def test_a_program_that_is_not_there_is_one_line() -> None:
    with pytest.raises(ToolError, match=r"cannot run /nowhere/program: "):
        stream(["/nowhere/program"], print)
