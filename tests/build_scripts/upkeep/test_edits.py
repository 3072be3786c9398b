"""Edits of several files: all or none, and modes stay."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from build_scripts.errors import LlamaCtypesError
from build_scripts.upkeep import edits
from build_scripts.upkeep.edits import Edit


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600])
def test_a_changed_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"1")
    path.chmod(mode)
    edits.apply([Edit(path, b"1", b"2")])
    assert path.read_bytes() == b"2"
    assert path.stat().st_mode & 0o777 == mode


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_files_that_are_put_back_are_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed, removed, added = (tmp_path / name for name in ("changed", "removed", "added"))
    for path in (changed, removed):
        path.write_bytes(b"1")
        path.chmod(0o755)
    replace = Path.replace

    def fail_for_added(path: Path, target: Path) -> Path:
        if target == added:
            raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fail_for_added)
    with pytest.raises(LlamaCtypesError, match=os.strerror(errno.EACCES)):
        edits.apply([Edit(changed, b"1", b"2"), Edit(removed, b"1", None), Edit(added, None, b"2")])
    assert sorted(tmp_path.iterdir()) == [changed, removed]
    for path in (changed, removed):
        assert path.read_bytes() == b"1"
        assert path.stat().st_mode & 0o777 == 0o755


def test_files_are_added_and_removed_and_nothing_else_is_left(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"1")
    edits.apply([Edit(tmp_path / "old", b"1", None), Edit(tmp_path / "below" / "new", None, b"2")])
    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*"))] == [
        "below",
        "below/new",
    ]
    assert (tmp_path / "below" / "new").read_bytes() == b"2"
