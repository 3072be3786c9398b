"""Unpack a tar archive that may be hostile: it writes nothing, and links to nothing, outside its folder.

`tarfile`'s own data filter is not enough: Debian 12's Python (3.11.2) lacks it, and it lets `..` and
repeated members through. Nothing is written through a symlink, so symlinks are checked once, at the end.
"""

from __future__ import annotations

import errno
import os
import shutil
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from build_scripts.errors import SourceError

from .gittree import MAX_DEPTH

_BLOCK = 512
# No release of llama.cpp comes near these: a hundred times fewer files, a tenth of the size.
_MAX_MEMBERS = 200_000
_MAX_BYTES = 4 << 30
_MAX_NAME, _MAX_PATH = 255, 1024
# For one extended header, which tarfile reads into memory: long names and pax records.
_MAX_HEADER = 1 << 20
_HEADERS = (
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
)


class BoundedTarInfo(tarfile.TarInfo):
    """A member whose extended headers are of a sane size; SourceError for others."""

    def _proc_member(self, tar: tarfile.TarFile) -> tarfile.TarInfo:
        # tarfile's hook for subclasses: it is called with each header, before the content is read.
        if self.type in _HEADERS and self.size > _MAX_HEADER:
            raise SourceError(f"a header of {self.size} bytes is longer than {_MAX_HEADER}")
        return super()._proc_member(tar)  # type: ignore[misc,no-any-return]


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
    archive that is damaged, too large, leaves its folder or holds a device; nobody should read `destination`
    then.
    """
    destination.mkdir()
    top = Path(os.path.realpath(destination))
    # Each file's path, and whether it is executable.
    files: dict[Path, bool] = {}
    try:
        with tarfile.open(
            archive, "r:*", tarinfo=BoundedTarInfo, encoding="utf-8", errors="surrogateescape"
        ) as tar:
            size = 0
            for number, member in enumerate(tar, 1):
                size += member.size
                if number > _MAX_MEMBERS:
                    raise SourceError(f"it has more than {_MAX_MEMBERS} members")
                if size > _MAX_BYTES:
                    raise SourceError(f"its files have more than {_MAX_BYTES} bytes")
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


# The file system cannot store such a name: too long, or not of its encoding.
_NAME_ERRORS = (errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL)


def _means_damage(error: Exception) -> bool:
    if isinstance(error, OSError):
        # For bad data the decompressors raise OSErrors without errno; those with one come from the disk.
        return error.errno is None or error.errno in _NAME_ERRORS
    # LZMAError is compared by name because not every Python has lzma.
    damage = (tarfile.TarError, EOFError, zlib.error, ValueError, OverflowError, RecursionError)
    return isinstance(error, damage) or type(error).__name__ == "LZMAError"


def _check_name(name: str) -> None:
    """Raise SourceError for a name that not every system can store."""
    if not name or name.startswith("/") or set(name) & set("\\:"):
        raise SourceError(f"the path {name[:100]!r} is empty, absolute or not portable")
    path = name.encode("utf-8", "surrogateescape")
    parts = path.split(b"/")
    if len(path) > _MAX_PATH or max(map(len, parts)) > _MAX_NAME:
        raise SourceError(f"the name {name[:50]!r}... is too long: {len(path)} bytes")
    if len(parts) > MAX_DEPTH:
        raise SourceError(f"the folders in {name[:50]!r}... are nested {len(parts)} deep")


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, top: Path, files: dict[Path, bool]) -> None:
    link = member.issym() or member.islnk()
    for name in (member.name, member.linkname) if link else (member.name,):
        _check_name(name)
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
    rest = 0
    while chunk := tar.fileobj.read(1 << 20):
        rest += len(chunk)
        if rest > _MAX_BYTES:
            raise SourceError(f"more than {_MAX_BYTES} bytes follow its end mark")


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
