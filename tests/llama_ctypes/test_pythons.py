"""The bindings on every Python of this machine: ctypes differs between them, down to crashes."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.packaging.channel.host import find_pythons
from build_scripts.pin import ROOT

# Every type is made, and a handle refuses what is none.
SCRIPT = """
import ctypes
import llama_ctypes as llama
from llama_ctypes._api import names
from llama_ctypes._generated import types
for handle in (llama.llama_model, llama.ggml_context):
    assert handle.from_param(None) is not None
    for wrong in (b"model", "model", ctypes.c_void_p(1), llama.llama_vocab(1)):
        try:
            handle.from_param(wrong)
        except TypeError:
            continue
        raise SystemExit(f"{handle} takes {wrong!r}")
kept = llama.ggml_log_callback(lambda level, text, data: None)
kept(2, b"text", None)
assert llama.ggml_log_level(2).name and repr(llama.llama_batch())
print(len(names()))
"""


# The channel for which Pythons are searched is made on Linux only.
PYTHONS = (
    {python.version: python.executable for python in find_pythons()}
    if sys.platform == "linux"
    else {platform.python_version(): Path(sys.executable)}
)


@pytest.mark.parametrize("executable", PYTHONS.values(), ids=PYTHONS.keys())
def test_all_types_are_made(executable: Path) -> None:
    command: list[str | Path] = [executable, "-B", "-X", "faulthandler", "-c", SCRIPT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 1000
