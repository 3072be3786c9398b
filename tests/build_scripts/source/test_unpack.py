"""Good archives are unpacked whole; hostile and damaged ones are rejected and write nothing outside."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import tracemalloc
from functools import partial
from pathlib import Path

import pytest

from build_scripts.errors import SourceError
from build_scripts.source import fetch
from build_scripts.source import unpack as module
from build_scripts.source.unpack import unpack
from tests.systems import needs_modes, needs_symlinks

Member = tuple[tarfile.TarInfo, bytes]


def file(name: str, data: bytes = b"data\n", mode: int = 0o644) -> Member:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), mode
    return info, data


def special(name: str, kind: bytes, linkname: str = "") -> Member:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, linkname, 0o755
    return info, b""


def symlink(name: str, target: str) -> Member:
    return special(name, tarfile.SYMTYPE, target)


def hardlink(name: str, target: str) -> Member:
    return special(name, tarfile.LNKTYPE, target)


def archive(folder: Path, *members: Member, mode: str = "gz") -> Path:
    path = folder / f"x.tar.{mode}"
    with tarfile.open(path, f"w:{mode}") as tar:  # type: ignore[call-overload]
        for info, data in members:
            tar.addfile(info, io.BytesIO(data))
    return path


@needs_symlinks
@needs_modes
@pytest.mark.parametrize("mode", ["", "gz", "bz2", "xz"])
def test_a_release_archive(tmp_path: Path, mode: str) -> None:
    path = archive(
        tmp_path,
        special("top", tarfile.DIRTYPE),
        file("top/include/llama.h", b"header\n"),
        file("top/run.sh", mode=0o4775),
        symlink("top/docs/link", "../include/llama.h"),
        hardlink("top/copy.sh", "top/run.sh"),
        special("top/empty", tarfile.DIRTYPE),
        mode=mode,
    )
    unpacked = unpack(path, tmp_path / "out")
    assert unpacked.root == tmp_path / "out" / "top"
    assert unpacked.executables == {"run.sh", "copy.sh"}
    assert (unpacked.root / "docs" / "link").read_bytes() == b"header\n"
    assert (unpacked.root / "docs" / "link").is_symlink()
    assert (unpacked.root / "run.sh").stat().st_mode & 0o7777 == 0o755
    assert (unpacked.root / "copy.sh").stat().st_mode & 0o7777 == 0o755
    assert (unpacked.root / "copy.sh").stat().st_nlink == 1
    assert (unpacked.root / "include" / "llama.h").stat().st_mode & 0o7777 == 0o644
    assert (unpacked.root / "empty").is_dir()


def test_without_a_top_folder(tmp_path: Path) -> None:
    path = archive(tmp_path, file("./a"), file("./b/c", mode=0o755), file("./.git/hooks/evil", mode=0o755))
    unpacked = unpack(path, tmp_path / "out")
    assert unpacked.root == tmp_path / "out"
    assert "b/c" in unpacked.executables
    assert sorted(p.name for p in unpacked.root.iterdir()) == ["a", "b"]


HOSTILE = {
    "dotdot": [file("top/../../escaped")],
    "dotdot that comes back": [file("top/a/../b")],
    "drive": [file("C:/escaped")],
    "drive in a symlink": [symlink("top/a", "C:b"), file("top/C")],
    "stream": [file("top/a:b")],
    "backslash in a symlink": [symlink("top/a", "b\\c")],
    "backslash": [file("top\\..\\..\\escaped")],
    "symlink absolute": [symlink("top/a", "/etc/passwd")],
    "symlink out": [symlink("top/a", "../../escaped")],
    "symlink out of the top folder": [file("top/b"), symlink("top/a", "../other")],
    "symlink to nothing": [symlink("top/a", "")],
    "symlink out through a symlink": [
        symlink("top/deep/er/up", "../../.."),
        symlink("top/a", "deep/er/up/.."),
    ],
    "file through a symlink": [
        special("top/real", tarfile.DIRTYPE),
        symlink("top/a", "real"),
        file("top/a/escaped"),
    ],
    "file over a symlink": [file("top/b"), symlink("top/a", "b"), file("top/a")],
    "folder over a symlink": [file("top/b/c"), symlink("top/a", "b"), special("top/a", tarfile.DIRTYPE)],
    "file through a file": [file("top/a"), file("top/a/b")],
    "folder over a file": [file("top/a"), special("top/a", tarfile.DIRTYPE)],
    "file deep in a file": [file("top/a"), file("top/a/b/c")],
    "twice": [file("top/a"), file("top/a")],
    "hard link absolute": [hardlink("top/a", "/etc/passwd")],
    "hard link out": [hardlink("top/a", "../escaped")],
    "hard link to a symlink": [file("top/c"), symlink("top/b", "c"), hardlink("top/a", "top/b")],
    "hard link ahead": [hardlink("top/a", "top/b"), file("top/b")],
    "character device": [special("top/a", tarfile.CHRTYPE)],
    "block device": [special("top/a", tarfile.BLKTYPE)],
    "pipe": [special("top/a", tarfile.FIFOTYPE)],
    "the top is a file": [file(".")],
    "990 nested folders": [special("a/" * 990, tarfile.DIRTYPE)],
    "a link to a deep place": [symlink("top/a", "b/" * 100)],
    "a long name": [file("top/" + "a" * 256)],
    "a long name in many bytes": [file("top/" + "\u00e4" * 128)],
    "a long path": [file("top/" + ("b" * 200 + "/") * 6 + "c")],
}


# Rejected for what the links lead to on the disk; the others are for their names.
MADE_LINKS = {
    "symlink out",
    "symlink out of the top folder",
    "symlink out through a symlink",
    "file through a symlink",
    "file over a symlink",
    "folder over a symlink",
}


@pytest.mark.parametrize(
    "members",
    [
        pytest.param(members, id=name, marks=needs_symlinks if name in MADE_LINKS else ())
        for name, members in HOSTILE.items()
    ],
)
def test_hostile(tmp_path: Path, members: list[Member]) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    path = archive(tmp_path, *members)
    with pytest.raises(SourceError, match=r"^x\.tar\.gz is rejected: ") as caught:
        unpack(path, inner / "out")
    assert "\n" not in str(caught.value)
    assert [entry.name for entry in inner.iterdir()] == ["out"]
    assert {entry.name for entry in tmp_path.iterdir()} == {"inner", "x.tar.gz"}


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [
        ("_MAX_MEMBERS", 3, "more than 3 members"),
        ("_MAX_BYTES", 350, "more than 350 bytes"),
    ],
)
def test_an_archive_that_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, reason: str
) -> None:
    path = archive(tmp_path, *(file(f"top/{number}", b"x" * 100) for number in range(4)))
    unpack(path, tmp_path / "good")
    monkeypatch.setattr(module, limit, value)
    with pytest.raises(SourceError, match=f"is rejected: .*{reason}") as caught:
        unpack(path, tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert len(list((tmp_path / "out" / "top").iterdir())) == 3


def test_a_size_that_is_only_claimed_is_not_written(tmp_path: Path) -> None:
    # A sparse file of 8 GiB takes 512 bytes in the archive.
    header = tarfile.TarInfo("top/a")
    header.type, header.size = tarfile.GNUTYPE_SPARSE, 0
    block = bytearray(header.tobuf(tarfile.GNU_FORMAT))
    block[483:495] = b"%011o\0" % (8 << 30)
    block[148:156] = b"        "
    block[148:156] = b"%06o\0 " % sum(block)
    path = tmp_path / "x.tar"
    path.write_bytes(bytes(block) + bytes(1024))
    with pytest.raises(SourceError, match="its files have more than"):
        unpack(path, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    "kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, b"L", b"K"], ids=repr
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_header_of_a_gigabyte_is_not_read(tmp_path: Path, kind: bytes, stream: bool) -> None:
    header = tarfile.TarInfo("pax")
    header.type, header.size = kind, 1 << 30
    path = tmp_path / "x.tar.gz"
    path.write_bytes(gzip.compress(header.tobuf(tarfile.USTAR_FORMAT) + bytes(1 << 20)))
    read = partial(fetch._extract_member, path, "x") if stream else partial(unpack, path)
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match=r"a header of 1073741824 bytes is longer"):
            read(tmp_path / "out")
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_headers_in_headers_are_damage(tmp_path: Path) -> None:
    header = tarfile.TarInfo("pax")
    header.type = tarfile.XHDTYPE
    path = tmp_path / "x.tar"
    path.write_bytes(header.tobuf(tarfile.USTAR_FORMAT) * 3000)
    with pytest.raises(SourceError, match="is cut short, corrupt") as caught:
        unpack(path, tmp_path / "out")
    assert "\n" not in str(caught.value)


def test_endless_zeros_after_the_end_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path, file("top/a"))
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()) + bytes(3 << 20)))
    unpack(path, tmp_path / "good")
    monkeypatch.setattr(module, "_MAX_BYTES", 1 << 20)
    with pytest.raises(SourceError, match="follow its end mark"):
        unpack(path, tmp_path / "out")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no error that means a long name")
def test_a_name_that_the_disk_cannot_store_is_the_archives_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MAX_NAME", 1000)
    with pytest.raises(SourceError, match=r"^x\.tar\.gz is cut short, corrupt .*name"):
        unpack(archive(tmp_path, file("top/" + "a" * 256)), tmp_path / "out")


def test_an_absolute_path(tmp_path: Path) -> None:
    escaped = tmp_path / "escaped"
    with pytest.raises(SourceError, match=r"is rejected: .* absolute"):
        unpack(archive(tmp_path, file(str(escaped))), tmp_path / "out")
    assert not escaped.exists()


@pytest.mark.parametrize("mode", ["", "gz", "bz2", "xz"])
@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.95])
def test_cut_short(tmp_path: Path, mode: str, part: float) -> None:
    members = [file(f"top/{number}", os.urandom(3000)) for number in range(20)]
    path = archive(tmp_path, *members, mode=mode)
    data = path.read_bytes()
    keep = int(len(data) * part)
    if mode == "":
        # Between two members: tarfile itself takes that for the end.
        keep = int(20 * part) * (512 + 3072)
    path.write_bytes(data[:keep])
    with pytest.raises(SourceError, match="cut short") as caught:
        unpack(path, tmp_path / "out")
    assert "\n" not in str(caught.value)


def test_a_broken_header_is_no_end(tmp_path: Path) -> None:
    path = archive(tmp_path, *(file(f"top/{number}") for number in range(4)), mode="")
    data = bytearray(path.read_bytes())
    data[2 * 1024 + 150] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(SourceError, match="cut short, corrupt"):
        unpack(path, tmp_path / "out")


def test_a_wrong_checksum(tmp_path: Path) -> None:
    path = archive(tmp_path, file("top/a"))
    data = bytearray(path.read_bytes())
    data[-6] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(SourceError, match="corrupt"):
        unpack(path, tmp_path / "out")


@pytest.mark.parametrize("data", [b"", b"PK\3\4 this is a zip", b"<html>sign in</html>" * 100])
def test_no_archive(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(SourceError, match="not a tar archive") as caught:
        unpack(path, tmp_path / "out")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "git",
    [file("top/.git", b"gitdir: /elsewhere\n"), symlink("top/.git", "include"), None],
    ids=["file", "link", "folder"],
)
def test_whatever_git_would_read_is_removed(tmp_path: Path, git: Member | None) -> None:
    hooks = file("top/.git/hooks/post-checkout", mode=0o755)
    path = archive(tmp_path, file("top/include/llama.h"), git or hooks)
    root = unpack(path, tmp_path / "out").root
    assert [item.name for item in root.iterdir()] == ["include"]
    assert (root / "include" / "llama.h").is_file()


@pytest.mark.parametrize("member", [file("only"), symlink("only", ".")], ids=["file", "link"])
def test_one_thing_that_is_not_a_folder_is_not_the_top(tmp_path: Path, member: Member) -> None:
    assert unpack(archive(tmp_path, member), tmp_path / "out").root == tmp_path / "out"
