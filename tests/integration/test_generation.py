"""RUN_LLAMA_INTEGRATION: download a release, generate bindings and import them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.conftest import command, needs_switch

needs_switch("RUN_LLAMA_INTEGRATION")


def test_fetched_into_an_empty_cache(tmp_path: Path) -> None:
    """The committed bindings match those of a freshly downloaded release."""
    result = command("generate", "--check", LLAMA_CTYPES_CACHE=str(tmp_path / "cache"), LLAMA_CPP_TAG="")
    assert result.returncode == 0, result.stdout
    assert "is what the headers" in result.stdout


def test_direct_command(tmp_path: Path) -> None:
    """`--tag --output --module-name` writes a package that does not need llama_ctypes."""
    tag = os.environ.get("LLAMA_CPP_TAG") or "b6122"
    result = command("generate", "--tag", tag, "--output", tmp_path, "--module-name", "my_llama")
    assert result.returncode == 0
    script = (
        "import my_llama, sys; assert 'llama_ctypes' not in sys.modules;"
        "names = dir(my_llama); assert sum(n.startswith('llama_') for n in names) > 200, len(names);"
        "print(my_llama.RELEASE, my_llama.llama_batch.__name__)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.split() == [tag, "llama_batch"], run.stderr


@pytest.mark.parametrize("tag", ["b3543", "v0.5.0"])
def test_oldest_and_newest(tag: str, tmp_path: Path) -> None:
    """The oldest and newest releases generate, import, and pass the compiler's check."""
    options = ("--tag", tag, "--output", tmp_path, "--module-name", "other")
    assert command("generate", *options).returncode == 0
    assert command("verify", "--no-tests", *options).returncode == 0


def test_unknown_tag_lists_the_available_ones() -> None:
    """An unavailable tag is an error that lists the available ones; no other release is used."""
    result = subprocess.run(
        [sys.executable, "-m", "build_scripts", "generate", "--check", "--tag", "b999999"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert result.returncode == 1
    assert "b999999" in result.stderr
    assert "b6122" in result.stderr
    assert "Traceback" not in result.stderr
