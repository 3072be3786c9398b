"""Entries of the cache: unsound ones go, sound ones stay, whoever else works on them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from build_scripts.source import treecache
from build_scripts.source.gittree import blobs, tree_id
from build_scripts.source.treecache import TreeCache


@pytest.fixture
def cache(tmp_path: Path) -> TreeCache:
    return TreeCache(tmp_path / "cache")


def publish(cache: TreeCache, text: str = "sound") -> tuple[Path, str]:
    """Publish a tree of one file; return its folder in the cache and its id."""
    with cache.temporary() as temporary:
        tree = temporary / "tree"
        tree.mkdir()
        (tree / "file").write_text(text)
        git_tree = tree_id(blobs(tree))
        return cache.publish(tree, git_tree, (), frozenset()), git_tree


def test_an_unsound_entry_is_removed_when_it_is_looked_up(cache: TreeCache) -> None:
    tree, git_tree = publish(cache)
    assert cache.find(git_tree, ()) == tree
    (tree / "file").write_text("edited")
    assert cache.find(git_tree, ()) is None
    assert not cache.has(git_tree)
    assert not tree.exists()
    assert list((cache.folder / "tmp").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows does not record when a file's status changed")
def test_an_edit_that_restores_size_and_time_is_noticed(cache: TreeCache) -> None:
    tree, git_tree = publish(cache)
    before = (tree / "file").stat()
    (tree / "file").write_text("SOUND")
    os.utime(tree / "file", ns=(before.st_atime_ns, before.st_mtime_ns))
    after = (tree / "file").stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert cache.find(git_tree, ()) is None


def test_an_unsound_entry_is_replaced_by_a_sound_one(cache: TreeCache) -> None:
    tree, git_tree = publish(cache)
    (tree / "file").write_text("edited")
    assert publish(cache) == (tree, git_tree)
    assert (tree / "file").read_text() == "sound"
    assert cache.find(git_tree, ()) == tree


def test_a_sound_entry_is_not_replaced(cache: TreeCache) -> None:
    tree, _ = publish(cache)
    before = tree.stat()
    assert publish(cache)[0] == tree
    after = tree.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_entry_that_another_process_repairs_meanwhile_is_used(
    cache: TreeCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree, git_tree = publish(cache)
    (tree / "file").write_text("edited")
    lock = TreeCache.lock

    def repair_and_lock(self: TreeCache, name: str) -> object:
        (tree / "file").write_text("sound")
        return lock(self, name)

    monkeypatch.setattr(TreeCache, "lock", repair_and_lock)
    assert cache.find(git_tree, ()) == tree


def test_a_sound_entry_in_a_read_only_copy_of_the_cache_is_used(
    cache: TreeCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object) -> None:
        raise PermissionError

    tree, git_tree = publish(cache)
    os.utime(tree / "file", (1, 1))
    monkeypatch.setattr(treecache, "_write_manifest", read_only)
    monkeypatch.setattr(TreeCache, "lock", read_only)
    assert cache.find(git_tree, ()) == tree
