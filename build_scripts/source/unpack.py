"""Unpack a tar archive that may be hostile: it writes nothing, and links to nothing, outside its folder.

`tarfile`'s own data filter is not enough: Debian 12's Python (3.11.2) lacks it, and it lets `..` and
repeated members through. Nothing is written through a symlink, so symlinks are checked once, at the end.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from build_scripts.errors import SourceError

_BLOCK = 512


@dataclass(frozen=True)
class Unpacked:
    """An unpacked archive."""

    root: Path
    """The tree: the destination, or the archive's single top folder in it."""
    executables: frozenset[str]
    """Paths under `root` that the archive marks executable; not every file system keeps that mark."""


def unpack(archive: Path, destination: Path) -> Unpacked:
    """Unpack `archive` (tar; plain, gz, bz2 or xz) into the new folder `destination`.

    Files get mode 0644 or 0755 and the current time. Owners are dropped, and so is a top-level .git: no tree
    id covers it, yet the next git command would run its hooks and settings. Raises SourceError for an
    archive that is damaged, leaves its folder or holds a device; nobody should read `destination` then.
    """
    destination.mkdir()
    top = Path(os.path.realpath(destination))
    # Each file's path, and whether it is executable.
    files: dict[Path, bool] = {}
    try:
        with tarfile.open(archive, "r:*", encoding="utf-8", errors="surrogateescape") as tar:
            for member in tar:
                _extract(tar, member, top, files)
            _check_end(tar)
        root = _tree(top)
        _check_links(root)
    except SourceError as error:
        raise SourceError(f"{archive.name} is rejected: {error}") from error
    except Exception as error:
        if not _means_damage(error):
            raise
        reason = (str(error) or type(error).__name__).splitlines()[0].rstrip(":")
        raise SourceError(
            f"{archive.name} is cut short, corrupt or not a tar archive ({reason}); download it again"
        ) from error
    executables = (path for path, executable in files.items() if executable)
    return Unpacked(root, frozenset(path.relative_to(root).as_posix() for path in executables))


def _means_damage(error: Exception) -> bool:
    if isinstance(error, OSError):
        # For bad data the decompressors raise OSErrors without errno; those with one come from the disk.
        return error.errno is None
    # LZMAError is compared by name because not every Python has lzma.
    damage = (tarfile.TarError, EOFError, zlib.error, ValueError, OverflowError)
    return isinstance(error, damage) or type(error).__name__ == "LZMAError"


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, top: Path, files: dict[Path, bool]) -> None:
    link = member.issym() or member.islnk()
    for name in (member.name, member.linkname) if link else (member.name,):
        # The same checks on every system: an archive is good everywhere or nowhere.
        if not name or name.startswith("/") or set(name) & set("\\:"):
            raise SourceError(f"the path {name!r} is empty, absolute or not portable")
    target = top / member.name
    if os.path.realpath(target) != os.fspath(target):
        raise SourceError(f"{member.name!r} contains '..' or goes through a symlink")
    try:
        (target if member.isdir() else target.parent).mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise SourceError(f"{member.name!r} uses a file as a folder") from error
    if member.isdir():
        return
    if os.path.lexists(target):
        # Also on file systems that ignore case, if two names differ only in that.
        raise SourceError(f"{member.name!r} would overwrite an earlier member")

    if member.isreg():
        source = tar.extractfile(member)
        assert source is not None
        with source, target.open("xb") as output:
            shutil.copyfileobj(source, output, 1 << 20)
        files[target] = bool(member.mode & 0o100)
        target.chmod(0o755 if files[target] else 0o644)
    elif member.issym():
        target.symlink_to(member.linkname)
    elif member.islnk():
        original = top / member.linkname
        if original not in files:
            raise SourceError(f"hard link {member.name!r} points at {member.linkname!r}, not an earlier file")
        # A copy with its mode: through a link, an edit of one file would show in the other.
        shutil.copy(original, target)
        files[target] = files[original]
    else:
        raise SourceError(f"{member.name!r} is neither a file, a folder nor a link")


def _check_end(tar: tarfile.TarFile) -> None:
    """Raise EOFError without an end mark: tarfile takes a cut or a broken header for the end."""
    assert tar.fileobj is not None
    tar.fileobj.seek(tar.offset)
    if tar.fileobj.read(_BLOCK) != bytes(_BLOCK):
        raise EOFError("no end mark")
    # Read to the very end, where the decompressors check their checksums.
    while tar.fileobj.read(1 << 20):
        pass


def _tree(top: Path) -> Path:
    """Return the single folder in `top`, as release archives have it, else `top`; remove its .git."""
    entries = list(top.iterdir())
    single = len(entries) == 1 and entries[0].is_dir() and not entries[0].is_symlink()
    root = entries[0] if single else top
    git = root / ".git"
    if git.is_dir() and not git.is_symlink():
        shutil.rmtree(git)
    else:
        git.unlink(missing_ok=True)
    return root


def _check_links(root: Path) -> None:
    """Raise SourceError for a symlink that leads out of `root`, directly or through other symlinks."""
    for path in root.rglob("*"):
        if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(root):
            raise SourceError(f"link {path.relative_to(root).as_posix()!r} leads out of the folder")
