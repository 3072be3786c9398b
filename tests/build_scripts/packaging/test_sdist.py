"""The source archive has what a build needs, and its wheel is the checkout's."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

from build_scripts import pep517, pin
from build_scripts.packaging import build, sdist
from build_scripts.pin import ROOT
from tests.build_scripts.fake_build import files_of, read


def test_a_build_from_the_source_archive_has_the_same_inputs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a build compiles comes from copy_parts and the tree, so the wheel is the same."""
    name = pep517.build_sdist(str(tmp_path))
    version = pin.read_pin().version
    assert name == f"llama_ctypes-{version}.tar.gz"
    with tarfile.open(tmp_path / name) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # Debian 12's Python has none
        archive.extractall(tmp_path)  # noqa: S202 - filtered
    root = tmp_path / name.removesuffix(".tar.gz")
    assert {path.name for path in root.iterdir()} == {
        *("LICENSE", "PKG-INFO", "README.md", "pyproject.toml", "variants.yaml"),
        *("build_scripts", "llama_ctypes", "recipe"),
    }
    build.copy_parts(tmp_path / "of the checkout")
    monkeypatch.setattr(build, "ROOT", root)
    build.copy_parts(tmp_path / "of the archive")
    assert files_of(tmp_path / "of the archive") == files_of(tmp_path / "of the checkout")
    assert (root / "pyproject.toml").read_bytes() == (ROOT / "pyproject.toml").read_bytes()
    metadata = read(root / "PKG-INFO")
    assert (metadata["Name"], metadata["Version"]) == ("llama-ctypes", version)


def test_source_archives_are_reproducible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    (tmp_path / "2").mkdir()
    first = sdist.make(tmp_path)
    monkeypatch.setattr(time, "time", lambda: 1e9)
    again = sdist.make(tmp_path / "2")
    assert first.read_bytes() == again.read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    with tarfile.open(sdist.make(tmp_path)) as archive:
        entries = archive.getmembers()
    assert {(entry.mtime, entry.mode, entry.uid, entry.uname) for entry in entries} == {(86400, 0o644, 0, "")}
    assert [entry.name for entry in entries] == sorted(entry.name for entry in entries)


@pytest.mark.skipif(os.name == "nt", reason="a virtual environment has other folders there")
def test_the_source_archive_needs_its_requirements_only(tmp_path: Path) -> None:
    """pip installs nothing else for this hook."""
    yaml = Path(importlib.import_module("yaml").__file__ or "").parent
    (tmp_path / "yaml").symlink_to(yaml)
    script = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(tmp_path)!r}]\n"
        "from build_scripts import pep517\n"
        f"import json; print(json.dumps(pep517.build_sdist({str(tmp_path)!r})))"
    )
    base = Path(sys.base_prefix) / "bin" / Path(sys.executable).resolve().name
    done = subprocess.run([base, "-I", "-S", "-c", script], stdout=subprocess.PIPE, text=True, check=True)
    assert json.loads(done.stdout).endswith(".tar.gz")
