"""Unpacked trees in the user's cache folder, named by content and checked before each use.

CACHE/trees/TREE_ID/tree            the files; published by one rename of the folder TREE_ID
CACHE/trees/TREE_ID/manifest.json   size, time and mode of each file when it was verified
CACHE/tags/TAG.json                 what GitHub first gave for TAG: archive hash and tree id
CACHE/tmp, CACHE/locks              work in progress; locks end with the process that holds them
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from build_scripts.errors import SourceError

from . import gittree, locking

_logger = logging.getLogger(__name__)

Gitlinks = tuple[tuple[str, str], ...]

# Where the file system has no executable bits, the manifest's stand in for them.
_MODES_ON_DISK = os.name != "nt"


@dataclass(frozen=True)
class TreeCache:
    """The cache in one folder, which need not exist yet."""

    folder: Path

    def has(self, git_tree: str) -> bool:
        """Whether an entry of that id is there; `find` says whether it is sound."""
        return (self.folder / "trees" / git_tree).is_dir()

    def find(self, git_tree: str, gitlinks: Gitlinks) -> Path | None:
        """The folder with exactly the files of tree `git_tree`, or None.

        Costs a stat per file where nothing was touched since verification, else a full hash; an
        entry that fails that is removed. Needs no write access as long as the entry is sound.
        """
        if not self.has(git_tree):
            return None
        tree = self.folder / "trees" / git_tree / "tree"
        if self._sound(tree, git_tree, gitlinks):
            return tree
        with self.lock(git_tree):
            # Again, as another process may just have put a good one in its place.
            if self._sound(tree, git_tree, gitlinks):
                return tree
            if self.has(git_tree):
                _logger.info(f"the cached tree {git_tree} was changed after it was verified; dropping it")
                self._drop(tree.parent)
        return None

    def publish(self, tree: Path, git_tree: str, gitlinks: Gitlinks, executables: frozenset[str]) -> Path:
        """Move `tree`, verified to be `git_tree` and inside `temporary()`, to its place; return that."""
        with self.lock(git_tree):
            entry = self.folder / "trees" / git_tree
            if self._sound(entry / "tree", git_tree, gitlinks):
                return entry / "tree"
            self._drop(entry)
            staged = tree.with_name(f"{tree.name}.entry")
            staged.mkdir()
            tree.rename(staged / "tree")
            _write_manifest(staged / "tree", executables)
            with self._writing():
                entry.parent.mkdir(exist_ok=True)
                staged.rename(entry)
            return entry / "tree"

    def first_use(self, tag: str) -> Mapping[str, str]:
        """What GitHub's archive of `tag` was the first time: archive_sha256 and git_tree; or empty."""
        return _read_json(self.folder / "tags" / f"{tag}.json")

    def record_first_use(self, tag: str, *, archive_sha256: str, git_tree: str) -> None:
        """Keep what `first_use` is to return."""
        path = self.folder / "tags" / f"{tag}.json"
        with self._writing():
            path.parent.mkdir(exist_ok=True)
            _write_json(path, {"archive_sha256": archive_sha256, "git_tree": git_tree})

    def tags(self) -> list[str]:
        """The tags that have a first use on record."""
        return [path.stem for path in (self.folder / "tags").glob("*.json")]

    @contextlib.contextmanager
    def temporary(self) -> Iterator[Path]:
        """An empty folder on the cache's disk, removed at the end, come what may.

        What killed processes left is removed on the way. An OSError inside, such as a full disk,
        becomes a SourceError about the cache.
        """
        with contextlib.ExitStack() as stack:
            with self.lock("tmp"):
                self._sweep()
                with self._writing():
                    folder = Path(tempfile.mkdtemp(dir=self.folder / "tmp"))
                lock = folder.with_suffix(".lock")
                stack.callback(lock.unlink, missing_ok=True)
                stack.enter_context(self._lock_file(lock, folder.name))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            stack.enter_context(self._writing())
            yield folder

    @contextlib.contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold the lock `name` against other processes; the system frees it if this one dies."""
        with self._writing():
            for folder in ("locks", "tmp"):
                (self.folder / folder).mkdir(parents=True, exist_ok=True)
        with self._lock_file(self.folder / "locks" / f"{name}.lock", name):
            yield

    @contextlib.contextmanager
    def _lock_file(self, path: Path, name: str) -> Iterator[None]:
        def waiting() -> None:
            _logger.info(f"waiting for another process that works on {name.removeprefix('tag-')}")

        with contextlib.ExitStack() as stack:
            with self._writing():
                stack.enter_context(locking.locked(path, waiting))
            yield

    def _sweep(self) -> None:
        for left in list((self.folder / "tmp").iterdir()):
            lock = left.with_suffix(".lock")
            if locking.is_free(lock):
                shutil.rmtree(left.with_suffix(""), ignore_errors=True)
                with contextlib.suppress(OSError):
                    lock.unlink()

    def _sound(self, tree: Path, git_tree: str, gitlinks: Gitlinks) -> bool:
        manifest = _read_json(tree.parent / "manifest.json")
        try:
            if manifest.get("files") == _listing(tree):
                return True
            executables = frozenset(manifest.get("executables", "").splitlines())
            files = gittree.blobs(tree, None if _MODES_ON_DISK else executables)
        except (OSError, SourceError):
            return False
        if gittree.tree_id(files, gitlinks) != git_tree:
            return False
        # The same files with other times: a copied cache, say. It may be read-only.
        with contextlib.suppress(OSError):
            _write_manifest(tree, executables)
        return True

    def _drop(self, entry: Path) -> None:
        if not entry.exists():
            return
        with self._writing():
            # Renamed first, so that a kill half way leaves no half entry.
            away = Path(tempfile.mkdtemp(dir=self.folder / "tmp"))
            entry.rename(away / "dropped")
        shutil.rmtree(away, ignore_errors=True)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise SourceError(
                f"cannot write to the cache folder {self.folder} ({error.strerror or error}); "
                "set LLAMA_CTYPES_CACHE to a folder that can be written"
            ) from error


def _listing(tree: Path) -> str:
    rows = [
        f"{status.st_mode:o} {status.st_size} {status.st_mtime_ns} {name}"
        for name, status in gittree.walk(tree)
    ]
    return "\n".join(sorted(rows))


def _write_manifest(tree: Path, executables: frozenset[str]) -> None:
    document = {"files": _listing(tree), "executables": "\n".join(sorted(executables))}
    _write_json(tree.parent / "manifest.json", document)


def _read_json(path: Path) -> dict[str, str]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        # Absent, or cut short by a crash: either way nothing is known.
        return {}
    valid = isinstance(document, dict) and all(isinstance(value, str) for value in document.values())
    return document if valid else {}


def _write_json(path: Path, document: Mapping[str, str]) -> None:
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    partial.write_text(json.dumps(document), encoding="utf-8")
    partial.replace(path)
