"""Unpack a tar archive that may be hostile: nothing is written, or points, outside the folder.

Every file is written by this module rather than by `tarfile`, whose own filters are missing from
early 3.10 releases and have let links through more than once.
"""

from __future__ import annotations

import os
import posixpath
import shutil
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from build_scripts.errors import SourceError

_BLOCK = 512


@dataclass(frozen=True)
class Unpacked:
    """A folder just unpacked."""

    root: Path
    """The tree: the destination, or the archive's single top folder in it."""
    executables: frozenset[str]
    """Paths under `root` that the archive marks executable; not every file system can say."""


def unpack(archive: Path, destination: Path) -> Unpacked:
    """Unpack `archive` (tar; plain, gz, bz2 or xz) into `destination`, which must not exist yet.

    Files come out as 0644 or 0755 and dated now; owners are dropped, and so is a top-level .git
    (no tree id covers it, yet its hooks and settings would run with the next git command).
    Raises SourceError, one line, for an archive that is cut short or corrupt and for members that
    leave the folder or are devices; `destination` then holds a part that nobody should read.
    """
    destination.mkdir()
    # True where executable; also what a hard link may point at.
    files: dict[str, bool] = {}
    try:
        with tarfile.open(archive, "r:*", encoding="utf-8", errors="surrogateescape") as tar:
            for member in tar:
                _extract(tar, member, destination, files)
            _check_end(tar)
    except SourceError as error:
        raise SourceError(f"{archive.name} is refused: {error}") from error
    except Exception as error:
        if not _means_damage(error):
            raise
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise SourceError(f"{archive.name} is cut short, corrupt or no tar archive ({reason})") from error

    root = _top(destination)
    _drop(root / ".git")
    try:
        _check_links(root)
    except SourceError as error:
        raise SourceError(f"{archive.name} is refused: {error}") from error
    prefix = "" if root == destination else f"{root.name}/"
    return Unpacked(
        root,
        frozenset(
            name[len(prefix) :]
            for name, executable in files.items()
            if executable and name.startswith(prefix)
        ),
    )


def _means_damage(error: Exception) -> bool:
    if isinstance(error, OSError):
        # The decompressors raise OSErrors without errno for bad data; those with one are the disk's.
        return error.errno is None
    # lzma.LZMAError goes by name: not every Python has lzma.
    damage = (tarfile.TarError, EOFError, zlib.error, ValueError, OverflowError)
    return isinstance(error, damage) or type(error).__name__ == "LZMAError"


def _extract(
    tar: tarfile.TarFile, member: tarfile.TarInfo, destination: Path, files: dict[str, bool]
) -> None:
    name = _inside(member.name, "the path", may_climb=False)
    if name == ".":
        if not member.isdir():
            raise SourceError(f"{member.name!r} is not a folder")
        return
    target = destination / name
    _make_folders(destination, name if member.isdir() else posixpath.dirname(name))
    if member.isdir():
        return
    if os.path.lexists(target):
        # Also what two spellings of one name come to where file names ignore case.
        raise SourceError(f"it holds {member.name!r} twice")

    if member.isreg():
        source = tar.extractfile(member)
        assert source is not None
        with source, target.open("xb") as output:
            shutil.copyfileobj(source, output, 1 << 20)
        files[name] = bool(member.mode & 0o100)
        target.chmod(0o755 if files[name] else 0o644)
    elif member.issym():
        pointed = posixpath.join(posixpath.dirname(name), member.linkname)
        _inside(pointed if member.linkname else "", f"the target of link {name!r},", may_climb=True)
        target.symlink_to(member.linkname)
    elif member.islnk():
        original = _inside(member.linkname, f"the target of hard link {name!r},", may_climb=False)
        if original not in files:
            raise SourceError(f"hard link {name!r} points at {member.linkname!r}, no file before it")
        # A copy: links would make an edit of one file show in another. copy keeps the mode.
        shutil.copy(destination / original, target)
        files[name] = files[original]
    else:
        raise SourceError(f"{member.name!r} is a device, a pipe or of a type unknown")


def _inside(name: str, what: str, *, may_climb: bool) -> str:
    """Return `name` normalized, or raise SourceError where it is absolute or climbs out."""
    # The checks are Windows's too, on every system: one archive is good or bad everywhere.
    if not name or name.startswith("/") or PureWindowsPath(name).drive or "\\" in name or "\0" in name:
        raise SourceError(f"{what} {name!r} is empty, absolute or not portable")
    if os.name == "nt" and ":" in name:
        raise SourceError(f"{what} {name!r} holds a colon")
    # A path has no business with `..` at all; a symlink's target may climb, but not out.
    normal = posixpath.normpath(name)
    if normal == ".." or normal.startswith("../") or (not may_climb and ".." in name.split("/")):
        raise SourceError(f"{what} {name!r} leaves the folder")
    return normal


def _make_folders(destination: Path, name: str) -> None:
    """Make the folder `name` and those above it; refuse to go through anything but real folders."""
    folder = destination
    for part in name.split("/") if name not in ("", ".") else ():
        folder = folder / part
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise SourceError(
                f"a member goes through {folder.relative_to(destination).as_posix()!r}, no folder"
            )
        folder.mkdir(exist_ok=True)


def _check_end(tar: tarfile.TarFile) -> None:
    """Raise where the end mark is missing: tarfile takes a cut or a broken header as the end."""
    assert tar.fileobj is not None
    tar.fileobj.seek(tar.offset)
    if tar.fileobj.read(_BLOCK) != bytes(_BLOCK):
        raise EOFError("no end mark")
    # To the very end: the compressors' checksums stand there.
    while tar.fileobj.read(1 << 20):
        pass


def _top(destination: Path) -> Path:
    """The archive's single top folder, as release archives have it, else the destination itself."""
    entries = list(destination.iterdir())
    if len(entries) == 1 and entries[0].is_dir() and not entries[0].is_symlink():
        return entries[0]
    return destination


def _drop(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif os.path.lexists(path):
        path.unlink()


def _check_links(root: Path) -> None:
    """Raise where a symlink, followed through the others, ends outside `root`.

    The look at each target alone does not see `a -> deep/link-to-the-top/..`.
    """
    real = os.path.realpath(root)
    for folder, folders, names in os.walk(root):
        for name in [*folders, *names]:
            path = Path(folder, name)
            if path.is_symlink():
                end = os.path.realpath(path)
                if end != real and not end.startswith(real + os.sep):
                    raise SourceError(f"link {path.relative_to(root).as_posix()!r} leads out of the folder")
