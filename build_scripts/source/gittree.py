"""The id git gives a folder's content, computed from the files alone (no git, no repository).

It names a release's tree whatever way the files came, so any mirror's copy can be checked against it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from build_scripts.errors import SourceError

_LINK, _FILE, _EXECUTABLE, _GITLINK = "120000", "100644", "100755", "160000"


def walk(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every file and symlink under `root` as (path with slashes, lstat), but not a top-level .git.

    Raises SourceError for devices, pipes and sockets: git cannot hold them, so no release has them.
    """
    pending = [("", os.fspath(root))]
    while pending:
        prefix, folder = pending.pop()
        with os.scandir(folder) as found:
            for entry in found:
                name = prefix + entry.name
                if name == ".git":
                    continue
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode):
                    pending.append((f"{name}/", entry.path))
                elif stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
                    yield name, status
                else:
                    raise SourceError(f"{entry.path} is neither a file, a folder nor a symlink")


def blobs(root: Path, executables: Collection[str] | None = None) -> dict[str, tuple[str, str]]:
    """Hash every file under `root`: path to (git mode, blob id).

    `executables` names the executable files where the file system cannot (Windows); None asks it.
    Raises SourceError where a file cannot be read.
    """
    found = {}
    try:
        for name, status in walk(root):
            path = root / name
            if stat.S_ISLNK(status.st_mode):
                mode, data = _LINK, os.fsencode(path.readlink())
            else:
                executable = status.st_mode & 0o100 if executables is None else name in executables
                mode, data = _EXECUTABLE if executable else _FILE, path.read_bytes()
            found[name] = (mode, _object_id("blob", data).hexdigest())
    except OSError as error:
        raise SourceError(f"cannot read {error.filename or root}: {error.strerror}") from error
    return found


def tree_id(files: Mapping[str, tuple[str, str]], gitlinks: Iterable[tuple[str, str]] = ()) -> str:
    """The id of the tree that holds `files` (from `blobs`) and the submodules `gitlinks`.

    A submodule's folder must be empty, as it is in archives and fresh clones: files in it are
    hashed as ordinary ones, so nothing unverified hides there behind a right id.
    """
    root: dict[str, object] = {}
    for name, entry in [*files.items(), *((name, (_GITLINK, commit)) for name, commit in gitlinks)]:
        *parents, last = name.split("/")
        folder = root
        for parent in parents:
            child = folder.setdefault(parent, {})
            assert isinstance(child, dict)
            folder = child
        folder.setdefault(last, entry)
    return _hash_tree(root).hexdigest()


def _hash_tree(folder: Mapping[str, object]) -> hashlib._Hash:
    rows = []
    for name, entry in folder.items():
        raw = os.fsencode(name)
        if isinstance(entry, dict):
            # git sorts a folder as if its name ended in a slash.
            rows.append((raw + b"/", b"40000 " + raw + b"\0" + _hash_tree(entry).digest()))
        else:
            assert isinstance(entry, tuple)
            mode, blob = entry
            rows.append((raw, mode.encode() + b" " + raw + b"\0" + bytes.fromhex(blob)))
    return _object_id("tree", b"".join(row for _, row in sorted(rows)))


def _object_id(kind: str, data: bytes) -> hashlib._Hash:
    # SHA-1 is git's object format, not a choice made here.
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data, usedforsecurity=False)
