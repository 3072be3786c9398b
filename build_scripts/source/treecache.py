"""Keeps unpacked trees in the user's cache folder, named by content and checked before each use.

CACHE/trees/TREE_ID/tree            the files; published by one rename of the folder TREE_ID
CACHE/trees/TREE_ID/manifest.json   size, times and mode of each file when it was verified
CACHE/tags/TAG.json                 archive hash and tree id of the first download of TAG from GitHub
CACHE/tmp, CACHE/locks              work in progress; locks end with the process that holds them
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from build_scripts.errors import SourceError

from . import gittree, locking, scratch

_logger = logging.getLogger(__name__)

Gitlinks = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TreeCache:
    """A cache of trees in one folder, which is created when needed."""

    folder: Path

    def has(self, git_tree: str) -> bool:
        """Return whether the cache has a tree of that id; only `find` checks it."""
        return (self.folder / "trees" / git_tree).is_dir()

    def find(self, git_tree: str, gitlinks: Gitlinks) -> Path | None:
        """Return the folder with exactly the files of tree `git_tree`, or None.

        If no file was touched since it was verified, this costs one stat per file, else a full hash. A tree
        with other content is removed. Finding a good tree needs no write access.
        """
        if not self.has(git_tree):
            return None
        tree = self.folder / "trees" / git_tree / "tree"
        if self._sound(tree, git_tree, gitlinks):
            return tree
        with self.lock(git_tree):
            # Check again: another process may have replaced it with a good one.
            if self._sound(tree, git_tree, gitlinks):
                return tree
            if self.has(git_tree):
                _logger.info(f"the cached tree {git_tree} was changed after it was verified; removing it")
                self._remove(tree.parent)
        return None

    def publish(self, tree: Path, git_tree: str, gitlinks: Gitlinks, executables: frozenset[str]) -> Path:
        """Move the verified `tree` from `temporary()` into the cache; return its new path."""
        with self.lock(git_tree):
            entry = self.folder / "trees" / git_tree
            if self._sound(entry / "tree", git_tree, gitlinks):
                return entry / "tree"
            self._remove(entry)
            staged = tree.with_name(f"{tree.name}.entry")
            staged.mkdir()
            tree.rename(staged / "tree")
            _write_manifest(staged / "tree", executables)
            with self._writing():
                entry.parent.mkdir(exist_ok=True)
                staged.rename(entry)
            return entry / "tree"

    def executables(self, git_tree: str) -> frozenset[str] | None:
        """Return which files of a cached tree its archive marks executable; None if it is not cached."""
        return _executables(_read_json(self.folder / "trees" / git_tree / "manifest.json")) or None

    def first_use(self, tag: str) -> Mapping[str, str]:
        """Return archive_sha256 and git_tree of the first download of `tag` from GitHub, or nothing."""
        return _read_json(self.folder / "tags" / f"{tag}.json")

    def record_first_use(self, tag: str, *, archive_sha256: str, git_tree: str) -> None:
        """Record the first download of `tag` for `first_use`."""
        path = self.folder / "tags" / f"{tag}.json"
        with self._writing():
            path.parent.mkdir(exist_ok=True)
            _write_json(path, {"archive_sha256": archive_sha256, "git_tree": git_tree})

    def tags(self) -> list[str]:
        """Return the tags with a recorded first use."""
        return [path.stem for path in (self.folder / "tags").glob("*.json")]

    @contextlib.contextmanager
    def temporary(self) -> Iterator[Path]:
        """Create a scratch folder (see scratch.py) on the cache's disk.

        An OSError in the block, such as a full disk, becomes a SourceError about the cache.
        """
        with self._writing(), scratch.scratch(self.folder) as folder:
            yield folder

    @contextlib.contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold the lock `name` against other processes; the system releases it if this one dies."""
        with self._writing():
            for folder in ("locks", "tmp"):
                (self.folder / folder).mkdir(parents=True, exist_ok=True)
        with self._lock_file(self.folder / "locks" / f"{name}.lock", name):
            yield

    @contextlib.contextmanager
    def _lock_file(self, path: Path, name: str) -> Iterator[None]:
        def waiting() -> None:
            _logger.info(f"waiting for another process that is working on {name.removeprefix('tag-')}")

        with contextlib.ExitStack() as stack:
            with self._writing():
                stack.enter_context(locking.locked(path, waiting))
            yield

    def _sound(self, tree: Path, git_tree: str, gitlinks: Gitlinks) -> bool:
        manifest = _read_json(tree.parent / "manifest.json")
        try:
            if manifest.get("files") == _listing(tree):
                return True
            executables = _executables(manifest)
            files = gittree.blobs(tree, None if gittree.MODES_ON_DISK else executables)
        except (OSError, SourceError):
            return False
        if gittree.tree_id(files, gitlinks) != git_tree:
            return False
        # The same files with other times, as in a copied cache, which may be read-only.
        with contextlib.suppress(OSError):
            _write_manifest(tree, executables)
        return True

    def _remove(self, entry: Path) -> None:
        if not entry.exists():
            return
        with self._writing():
            # Rename it first, so that a kill halfway does not leave half a tree.
            trash = Path(tempfile.mkdtemp(dir=self.folder / "tmp"))
            entry.rename(trash / "tree")
        scratch.remove(trash)

    def _writing(self) -> contextlib.AbstractContextManager[None]:
        return scratch.writing(self.folder)


def _listing(tree: Path) -> str:
    # Anyone can set a file's mtime back after an edit, but not its ctime (on Windows, the time of creation).
    rows = [
        f"{status.st_mode:o} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {name}"
        for name, status in gittree.walk(tree)
    ]
    return "\n".join(sorted(rows))


def _executables(manifest: Mapping[str, str]) -> frozenset[str]:
    return frozenset(manifest.get("executables", "").splitlines())


def _write_manifest(tree: Path, executables: frozenset[str]) -> None:
    document = {"files": _listing(tree), "executables": "\n".join(sorted(executables))}
    _write_json(tree.parent / "manifest.json", document)


def _read_json(path: Path) -> dict[str, str]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        # Absent, or cut short by a crash.
        return {}
    valid = isinstance(document, dict) and all(isinstance(value, str) for value in document.values())
    return document if valid else {}


def _write_json(path: Path, document: Mapping[str, str]) -> None:
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    partial.write_text(json.dumps(document), encoding="utf-8")
    partial.replace(path)
