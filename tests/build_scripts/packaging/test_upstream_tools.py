"""The release's own programs: what is recorded about their libraries."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from build_scripts.bindings import abi_digest
from build_scripts.bindings.checks import compiler
from build_scripts.bindings.parse import parse
from build_scripts.errors import ToolError
from build_scripts.packaging import upstream_tools
from build_scripts.source import SourceTree
from build_scripts.steps import Step
from llama_ctypes import _abi
from tests.build_scripts.bindings.header_tree import make_tree


def test_the_loader_reads_the_metadata_of_the_build(tmp_path: Path) -> None:
    headers = make_tree(tmp_path / "tree", "int ggml_one(int x);")
    (tmp_path / "bin").mkdir()
    tree = SourceTree("b7", tmp_path / "tree", "path", "0" * 40)
    upstream_tools._write_metadata(tree, tmp_path)
    digest = abi_digest.digest(parse(headers))
    assert _abi.metadata(str(tmp_path / "bin")) == {"release": "b7", "abi_sha256": digest}


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps that `build` runs: a cmake that only writes its cache, and a ninja without targets."""
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(upstream_tools, "find_tool", lambda name, **_: name)
    monkeypatch.setattr(compiler, "compiler", lambda: "c++")
    steps: list[str] = []

    def run(command: Sequence[str | Path]) -> str:
        if command[1] == "-S":
            steps.append("configure")
            source, folder = Path(command[2]), Path(command[4])
            (folder / "bin").mkdir(parents=True)
            (folder / "CMakeCache.txt").write_text(
                f"x\nCMAKE_CACHEFILE_DIR:INTERNAL={folder.as_posix()}\n"
                f"CMAKE_HOME_DIRECTORY:INTERNAL={source.as_posix()}\n"
            )
        return ""

    monkeypatch.setattr(upstream_tools, "run", run)
    monkeypatch.setattr(upstream_tools, "stream", lambda *_: 0)
    return steps


def test_compiling_reports_its_steps_and_a_failure_ends_with_the_output(
    tmp_path: Path, commands: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stream(_: object, on_line: Callable[[str], object]) -> int:
        for line in ("[1/2] Building x.o", "[2/2] Building y.o", "y.c:1: error: no"):
            on_line(line)
        return 1

    monkeypatch.setattr(upstream_tools, "stream", stream)
    caplog.set_level(logging.DEBUG, "build_scripts")
    make_tree(tmp_path / "tree", "int ggml_one(int x);")
    with pytest.raises(ToolError, match=r"(?s)upstream tools of b7 \(exit status 1\):\n.*y\.c:1: error: no$"):
        upstream_tools.build(SourceTree("b7", tmp_path / "tree", "path", "0" * 40))
    steps = [record.step for record in caplog.records if hasattr(record, "step")]
    assert steps == [Step("compiling", 1, 2), Step("compiling", 2, 2)]


def test_the_programs_are_compiled_again_where_the_cache_was_moved(
    tmp_path: Path, commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_tree(tmp_path / "tree", "int ggml_one(int x);")
    tree = SourceTree("b7", tmp_path / "tree", "path", "0" * 40)
    assert upstream_tools.build(tree) == upstream_tools.build(tree)
    assert commands == ["configure"]
    (tmp_path / "cache").rename(tmp_path / "moved")
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(tmp_path / "moved"))
    (upstream_tools.folder_of(tree) / "stale").write_text("x")
    folder = upstream_tools.build(tree)
    assert folder.is_relative_to(tmp_path / "moved")
    assert not (folder / "stale").exists()
    assert upstream_tools.build(tree) == folder
    assert commands == ["configure"] * 2
    (tmp_path / "tree").rename(tmp_path / "other")
    upstream_tools.build(replace(tree, path=tmp_path / "other"))
    assert commands == ["configure"] * 3
