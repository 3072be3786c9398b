"""The pin of a copy of this checkout moves to other releases and back: all that is left is what was there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.pin import ROOT, read_pin
from tests.integration.conftest import needs_switch

needs_switch("RUN_LLAMA_INTEGRATION")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the tracked files, as they stand."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / name)
    return tmp_path


def run(checkout: Path, *arguments: str) -> str:
    # Of this environment, not one the copy would make for itself.
    hidden = ("PYTHONPATH", "LLAMA_CPP_TAG")
    environment = {key: value for key, value in os.environ.items() if key not in hidden} | {
        "PIXI_IN_SHELL": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-B", "-m", *arguments]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def contents(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_away_and_back_leaves_what_was_there(checkout: Path) -> None:
    before, was = contents(checkout), read_pin().release.tag
    there = "v0.5.0" if was != "v0.5.0" else "b6122"
    assert f"{was} -> {there}: " in run(checkout, "build_scripts", "bump", there)
    assert read_pin(checkout / "variants.yaml").release.tag == there
    assert there in run(checkout, "build_scripts", "generate", "--check")
    run(checkout, "build_scripts", "verify", "--no-tests")
    run(
        checkout,
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/build_scripts/test_pin.py",
        "tests/llama_ctypes",
    )
    assert f"{there} -> {was}: " in run(checkout, "build_scripts", "bump", was)
    assert contents(checkout) == before
