"""The ids computed here are git's own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from build_scripts.errors import SourceError
from build_scripts.source.gittree import blobs, tree_id
from tests.systems import needs_modes, needs_symlinks

SUBMODULE = ("sub/module", "4565194ed7c32d1d2efa32ceab4d3c6cae006306")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    for name, text in {
        # git sorts the folder `a` between these two files.
        "a.txt": "dot\n",
        "a0": "zero\n",
        "a/deep/file": "deep\n",
        "empty-file": "",
        os.fsdecode("naïve name".encode()): "utf-8\n",
        "run.sh": "#!/bin/sh\n",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "run.sh").chmod(0o755)
    (root / "link").symlink_to("a/deep")
    (root / "empty-folder").mkdir()
    return root


def git_id(tree: Path, *gitlinks: tuple[str, str]) -> str:
    # Without what a git hook that runs the tests has set: it would name this repository.
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}

    def git(*arguments: str) -> str:
        command = ["git", "-c", "core.autocrlf=false", *arguments]
        return subprocess.run(command, cwd=tree, env=env, check=True, capture_output=True, text=True).stdout

    git("init", "--quiet")
    git("add", "--all", "--force")
    for path, commit in gitlinks:
        git("update-index", "--add", "--cacheinfo", f"160000,{commit},{path}")
    return git("write-tree").strip()


def test_same_as_git(tree: Path) -> None:
    # git_id makes a .git in the tree, which must not count.
    assert git_id(tree) == tree_id(blobs(tree))


def test_same_as_git_with_a_submodule(tree: Path) -> None:
    (tree / SUBMODULE[0]).mkdir(parents=True)
    assert git_id(tree, SUBMODULE) == tree_id(blobs(tree), [SUBMODULE])


def test_files_in_a_submodule_folder_count(tree: Path) -> None:
    clean = tree_id(blobs(tree), [SUBMODULE])
    (tree / SUBMODULE[0]).mkdir(parents=True)
    assert tree_id(blobs(tree), [SUBMODULE]) == clean
    (tree / SUBMODULE[0] / "evil.c").write_text("int x;\n")
    assert tree_id(blobs(tree), [SUBMODULE]) != clean


@needs_modes
def test_executables_by_name_where_the_disk_has_no_such_bits(tree: Path) -> None:
    true = tree_id(blobs(tree))
    (tree / "run.sh").chmod(0o644)
    assert tree_id(blobs(tree)) != true
    assert tree_id(blobs(tree, {"run.sh"})) == true


@needs_symlinks
def test_content_name_and_link_target_count(tree: Path) -> None:
    seen = {tree_id(blobs(tree))}
    (tree / "a0").write_text("one\n")
    seen.add(tree_id(blobs(tree)))
    (tree / "a0").rename(tree / "a1")
    seen.add(tree_id(blobs(tree)))
    (tree / "link").unlink()
    (tree / "link").symlink_to("a")
    seen.add(tree_id(blobs(tree)))
    assert len(seen) == 4


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes in folders")
def test_a_pipe_is_refused(tree: Path) -> None:
    os.mkfifo(tree / "pipe")
    with pytest.raises(SourceError, match="pipe is neither a file"):
        blobs(tree)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot read .*gone"):
        blobs(tmp_path / "gone")
