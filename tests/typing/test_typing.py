"""Type checkers that read the stubs accept correct programs and find every mistake."""

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
    # The checkout may be read-only.
    options = ["--strict", "--python-version", "3.10", "--cache-dir", str(tmp_path / "cache")]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, HERE / "programs.py", bare],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    errors = re.findall(r"(?m)^(.*?):(\d+): error: ", done.stdout)
    assert {ROOT / name for name, _ in errors} == {bare}, done.stdout
    assert {int(number) for _, number in errors} == marked, done.stdout


def test_pyright(tmp_path: Path) -> None:
    """pyright agrees, if it is installed (npm or PyPI); the project's environment does not have it."""
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
    # pyright reads paths relative to the folder of its settings.
    for folder in ("tests", "llama_ctypes"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(options))
    done = subprocess.run([pyright, "-p", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
