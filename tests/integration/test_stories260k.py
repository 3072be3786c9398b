"""RUN_STORIES260K_INTEGRATION: the release's own programs and the bindings say the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.packaging import tiny_models
from build_scripts.pin import ROOT
from tests.integration.conftest import PROMPT, TOKENS, environment, greedy, needs_switch

needs_switch("RUN_STORIES260K_INTEGRATION")


@pytest.fixture(params=["stories260K", "random"])
def model(request: pytest.FixtureRequest) -> Path:
    """stories260K, and what stands in for it where its files are not to be had."""
    return tiny_models.random() if request.param == "random" else request.getfixturevalue("stories")


def test_bindings_generate_what_the_own_program_does(build_dir: Path, model: Path) -> None:
    """Greedy output through the bindings, with the build folder's libraries, equals the program's."""
    expected = greedy(build_dir, model)
    assert expected.removeprefix(PROMPT).strip()
    done = subprocess.run(
        [sys.executable, "-m", "llama_ctypes", "complete", model, PROMPT, "-n", str(TOKENS), "-t", "1"],
        cwd=ROOT,
        env=environment(build_dir),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode(errors="replace").strip() == expected
