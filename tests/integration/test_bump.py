"""RUN_LLAMA_INTEGRATION: moving the pin of a copy of this checkout away and back restores every byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.pin import read_pin
from tests.integration.conftest import contents, copy_checkout, needs_switch

needs_switch("RUN_LLAMA_INTEGRATION")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return copy_checkout(tmp_path)


def run(checkout: Path, *arguments: str) -> str:
    # These make the copy use this environment, as pixi's, instead of creating a .venv.
    hidden = ("PYTHONPATH", "LLAMA_CPP_TAG")
    environment = {key: value for key, value in os.environ.items() if key not in hidden} | {
        "PIXI_IN_SHELL": "1",
        "PIXI_PROJECT_ROOT": str(checkout),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-B", "-m", *arguments]
    result = subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_moving_away_and_back_restores_every_byte(checkout: Path) -> None:
    before, pinned = contents(checkout), read_pin().release.tag
    target = "v0.5.0" if pinned != "v0.5.0" else "b6122"
    assert f"{pinned} -> {target}: " in run(checkout, "build_scripts", "bump", target)
    assert read_pin(checkout / "variants.yaml").release.tag == target
    assert target in run(checkout, "build_scripts", "generate", "--check")
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
    assert f"{target} -> {pinned}: " in run(checkout, "build_scripts", "bump", pinned)
    assert contents(checkout) == before
