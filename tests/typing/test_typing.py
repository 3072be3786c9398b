"""What type checkers make of the stubs: nothing to say of right programs, something of every mistake."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.llama_ctypes.tiny_library import ROOT

HERE = Path(__file__).parent


def test_mypy_finds_the_mistakes_and_nothing_else(tmp_path: Path) -> None:
    text = (HERE / "mistakes.py").read_text()
    marked = {number for number, line in enumerate(text.splitlines(), 1) if "# type: ignore" in line}
    bare = tmp_path / "bare.py"
    bare.write_text(text.replace("# type: ignore", "# "))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--python-version", "3.10", HERE / "programs.py", bare],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"(?m)^(.*?):(\d+): error: ", done.stdout)
    # By name: mypy repeats the path that its cache has of the same text.
    assert {Path(name).name for name, _ in found} == {"bare.py"}, done.stdout
    assert {int(number) for _, number in found} == marked, done.stdout


def test_pyright(tmp_path: Path) -> None:
    """Of whoever installed it (`npm install -g pyright`, or PyPI's); the project's environment has none."""
    pyright = shutil.which("pyright")
    if pyright is None:
        pytest.skip("pyright is not on PATH")
    options = {
        "include": [str(HERE.relative_to(ROOT))],
        "typeCheckingMode": "strict",
        "reportUnnecessaryTypeIgnoreComment": "error",
        "pythonVersion": "3.10",
        "ignore": [str(Path(__file__).relative_to(ROOT))],
    }
    # Its paths are relative to the settings' folder.
    for folder in ("tests", "llama_ctypes"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(options))
    done = subprocess.run([pyright, "-p", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
