"""Computes the id that git gives to a folder's content, without git or a repository.

The id depends on the files only, so a copy from any mirror can be checked against it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from build_scripts.errors import SourceError

MODES_ON_DISK = os.name != "nt"
"""Whether the file system marks executable files."""

MAX_DEPTH = 64
"""How deep folders may be nested; llama.cpp's are less than a tenth of that."""

_LINK, _FILE, _EXECUTABLE, _GITLINK = "120000", "100644", "100755", "160000"


def walk(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield (path with slashes, lstat) for each file and symlink under `root`, except a top-level .git.

    Raises SourceError for devices, pipes and sockets, which git cannot store, and for more than MAX_DEPTH
    folders in each other.
    """
    pending = [("", os.fspath(root))]
    while pending:
        prefix, folder = pending.pop()
        if prefix.count("/") > MAX_DEPTH:
            raise SourceError(f"{root} has folders that are nested {MAX_DEPTH} deep; pass a llama.cpp tree")
        with os.scandir(folder) as entries:
            for entry in entries:
                name = prefix + entry.name
                if name == ".git":
                    continue
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode):
                    pending.append((f"{name}/", entry.path))
                elif stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
                    yield name, status
                else:
                    raise SourceError(f"{entry.path} is neither a file, a folder nor a symlink; remove it")


def blobs(root: Path, executables: Collection[str] | None = None) -> dict[str, tuple[str, str]]:
    """Hash every file under `root`; return its path mapped to (git mode, blob id).

    `executables` lists the executable files for file systems that cannot mark them (Windows); None reads the
    file system's marks. Raises SourceError if a file cannot be read.
    """
    files = {}
    try:
        for name, status in walk(root):
            path = root / name
            if stat.S_ISLNK(status.st_mode):
                mode, data = _LINK, os.fsencode(path.readlink())
            else:
                executable = status.st_mode & 0o100 if executables is None else name in executables
                mode, data = _EXECUTABLE if executable else _FILE, path.read_bytes()
            files[name] = (mode, _object_id("blob", data).hexdigest())
    except OSError as error:
        raise SourceError(f"cannot read {error.filename or root}: {error.strerror}") from error
    return files


def executables(root: Path) -> frozenset[str]:
    """Return the files under `root` that the file system marks executable."""
    return frozenset(
        name for name, status in walk(root) if stat.S_ISREG(status.st_mode) and status.st_mode & 0o100
    )


def tree_id(files: Mapping[str, tuple[str, str]], gitlinks: Iterable[tuple[str, str]] = ()) -> str:
    """Return the id of the tree with `files` (from `blobs`) and the submodules `gitlinks`.

    A submodule's folder must be empty, as it is in archives and fresh clones. Files in it are hashed like any
    other, so they change the id and cannot go unverified.
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
    # git's object format is SHA-1; this is not a choice of ours.
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data, usedforsecurity=False)
