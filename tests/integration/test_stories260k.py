"""RUN_STORIES260K_INTEGRATION: the upstream tools and the bindings generate the same text."""

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
    """stories260K, and the random model that is used if its files are missing."""
    return tiny_models.random() if request.param == "random" else request.getfixturevalue("stories")


def test_bindings_generate_the_text_of_the_upstream_tools(build_dir: Path, model: Path) -> None:
    """Greedy text through the bindings, with the same libraries, equals that of the upstream tools."""
    expected = greedy(build_dir, model)
    assert expected.removeprefix(PROMPT).strip()
    result = subprocess.run(
        [sys.executable, "-m", "llama_ctypes", "complete", model, PROMPT, "-n", str(TOKENS), "-t", "1"],
        cwd=ROOT,
        env=environment(build_dir),
        capture_output=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr.decode()
    assert result.stdout.decode(errors="replace").strip() == expected
