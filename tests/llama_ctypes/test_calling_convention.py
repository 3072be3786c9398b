"""Where C finds a bool parameter that does not fit into registers, read from a compiler's assembly.

ctypes writes a c_bool into one byte of the stack. An int would overwrite the three bytes after it: on
Apple's arm64, the parameters there. So llama_ctypes/_api.py passes such bools as c_bool.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.emulation import macos

# Eight parameters fill the registers.
SOURCE = """
#include <stdbool.h>
bool in_register(int a, int b, int c, int d, int e, int f, int g, bool h) { return h; }
bool on_stack(int a, int b, int c, int d, int e, int f, int g, int h, bool i, bool j) { return j; }
"""


def compiler(target: str) -> list[str]:
    """A compiler for any target: clang, or the zig that tests/integration/test_macho.py installs."""
    if clang := shutil.which("clang"):
        return [clang, "-target", target]
    if zig := macos.installed_zig():
        return [str(zig), "cc", "-target", {"arm64-apple-macos11": "aarch64-macos"}.get(target, target)]
    pytest.skip("no clang, and RUN_MACHO_INTEGRATION has not installed zig")


@pytest.mark.parametrize(("target", "offset"), [("arm64-apple-macos11", 1), ("aarch64-linux-gnu", 8)])
def test_bools_on_the_stack(target: str, offset: int, tmp_path: Path) -> None:
    (tmp_path / "probe.c").write_text(SOURCE)
    command = [*compiler(target), "-O1", "-g0", "-S", "-o", "probe.s", "probe.c"]
    environment = {**os.environ, **macos.environment()}
    subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True)
    assembly = (tmp_path / "probe.s").read_text()
    bodies = dict(
        re.findall(r"^_?(in_register|on_stack):(.*?)\n\s+ret\b", assembly, re.DOTALL | re.MULTILINE)
    )
    assert "sp" not in bodies["in_register"]
    (place,) = re.findall(r"\bldrb\s+w\d+, \[sp(?:, #(\d+))?\]", bodies["on_stack"])
    assert int(place) == offset
