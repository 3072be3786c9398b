"""Scratch folders go at the end, also after a kill, whatever is in them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.errors import SourceError
from build_scripts.pin import ROOT
from build_scripts.source.scratch import remove, scratch
from build_scripts.source.treecache import TreeCache
from tests.systems import needs_modes, needs_symlinks

DEPTH = 1200
HOLD = """
import sys
from pathlib import Path
from build_scripts.source.scratch import scratch

with scratch(Path(sys.argv[1])) as folder:
    (folder / "work").write_text("x")
    print(folder, flush=True)
    sys.stdin.read()
"""


def deep(folder: Path) -> Path:
    """Nest folders until Python's own removal would end in a RecursionError."""
    folder.mkdir(parents=True)
    place = Path.cwd()
    os.chdir(folder)
    try:
        for _ in range(DEPTH):
            Path("a").mkdir()
            os.chdir("a")
    finally:
        os.chdir(place)
    return folder


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such deep folders")
def test_a_deep_folder_is_removed_and_stops_no_later_use(tmp_path: Path) -> None:
    deep(tmp_path / "cache" / "tmp" / "tmpdeep")
    with scratch(tmp_path / "cache") as folder:
        assert sorted((tmp_path / "cache" / "tmp").iterdir()) == [folder, folder.with_suffix(".lock")]
    assert list((tmp_path / "cache" / "tmp").iterdir()) == []


@pytest.mark.parametrize("leftover", ["tmpx.lock", ".lock", "a.b.c", "..lock", "file"])
def test_any_leftover_file_is_swept(tmp_path: Path, leftover: str) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / leftover).write_text("x")
    with scratch(tmp_path):
        pass
    assert list((tmp_path / "tmp").iterdir()) == []


def test_what_cannot_be_swept_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp" / "x").mkdir(parents=True)

    def refuse(*_: object) -> None:
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rmdir", refuse)
        with scratch(tmp_path) as folder:
            assert folder.is_dir()
    assert (tmp_path / "tmp" / "x").is_dir()


@needs_modes
@needs_symlinks
def test_removing_follows_no_link_and_needs_no_permission(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("x")
    (tmp_path / "folder" / "closed").mkdir(parents=True)
    (tmp_path / "folder" / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "folder" / "closed" / "file").write_text("x")
    (tmp_path / "folder" / "closed").chmod(0)
    remove(tmp_path / "folder")
    assert [path.name for path in tmp_path.rglob("*")] == ["kept", "file"]


def test_a_killed_process_leaves_nothing_for_long(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD, tmp_path],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    killed, living = processes
    try:
        folders = [Path(process.stdout.readline().strip()) for process in processes if process.stdout]
        killed.kill()
        killed.communicate()
        assert folders[0].is_dir()
        with scratch(tmp_path):
            assert not folders[0].exists()
            assert (folders[1] / "work").exists()
    finally:
        living.communicate()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(SourceError, match="cannot write to the cache folder"), scratch(tmp_path / "cache"):
        pass


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such deep folders")
def test_an_entry_of_the_cache_may_be_deep(tmp_path: Path) -> None:
    cache = TreeCache(tmp_path)
    deep(tmp_path / "trees" / ("0" * 40) / "tree")
    assert cache.find("0" * 40, ()) is None
    assert not cache.has("0" * 40)
