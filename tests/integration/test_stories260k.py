"""RUN_STORIES260K_INTEGRATION: the release's own programs and the bindings say the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from build_scripts.pin import ROOT

from .conftest import PROMPT, TOKENS, switched_on

pytestmark = switched_on("RUN_STORIES260K_INTEGRATION")


def test_own_program_generates(expected: str) -> None:
    """The release's completion program continues the prompt."""
    assert expected.removeprefix(PROMPT).strip()


def test_bindings_generate_the_same(build_dir: Path, stories: Path, expected: str) -> None:
    """Greedy output through the bindings, with the build folder's libraries, equals the program's."""
    done = subprocess.run(
        [sys.executable, "-m", "llama_ctypes", "complete", stories, PROMPT, "-n", str(TOKENS), "-t", "1"],
        cwd=ROOT,
        # A build folder given by LLAMA_CPP_BUILD_DIR may be of the stand-in, which has the same headers.
        env={**os.environ, "LLAMA_CPP_LIB": str(build_dir / "bin"), "LLAMA_CTYPES_ABI": "warn"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode(errors="replace").strip() == expected
