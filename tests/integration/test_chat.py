"""RUN_LLAMA_CHAT_INTEGRATION: a chat turn with the library LLAMA_CPP_LIB and the model LLAMA_MODEL_PATH.

The defaults are the upstream tools' libllama and stories260K.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.pin import ROOT
from tests.integration.conftest import needs_switch

needs_switch("RUN_LLAMA_CHAT_INTEGRATION")


def test_one_turn(request: pytest.FixtureRequest) -> None:
    """A question in the model's own template gets an answer."""
    library = os.environ.get("LLAMA_CPP_LIB") or request.getfixturevalue("build_dir") / "bin"
    model = os.environ.get("LLAMA_MODEL_PATH") or request.getfixturevalue("stories")
    result = subprocess.run(
        [sys.executable, Path(__file__).with_name("chat_turn.py"), model, "Say hello."],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "LLAMA_CPP_LIB": str(Path(library).resolve()),
            "LLAMA_CTYPES_ABI": "warn",
        },
        capture_output=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr.decode(errors="replace")
    assert result.stdout.strip()
