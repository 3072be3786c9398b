"""The checks read the modules as they are."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from build_scripts.bindings import loading
from build_scripts.copying import copy_writable
from build_scripts.pin import ROOT


def test_a_change_that_keeps_size_and_time_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's bytecode of such a file counts as current; `verify` would confirm what is not there."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    package = copy_writable(
        ROOT / "llama_ctypes", tmp_path / "package", shutil.ignore_patterns("__pycache__")
    )
    constants = package / "_generated" / "constants.py"
    assert loading.load(package)["constants"].GGML_MAX_DIMS == 4
    before = constants.stat()
    constants.write_bytes(constants.read_bytes().replace(b"GGML_MAX_DIMS = 4", b"GGML_MAX_DIMS = 5"))
    os.utime(constants, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert constants.stat().st_size == before.st_size
    assert loading.load(package)["constants"].GGML_MAX_DIMS == 5
    assert not sys.dont_write_bytecode
