"""Copies of read-only files and folders are writable, and otherwise like the originals."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from build_scripts.copying import copy_writable
from tests.systems import needs_modes, needs_symlinks


@needs_symlinks
@needs_modes
def test_a_copy_of_a_read_only_folder_is_writable(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "inner").mkdir(parents=True)
    (source / "inner" / "program").write_text("program")
    (source / "left out").write_text("")
    (source / "link").symlink_to("inner/program")
    (source / "dangling").symlink_to("/nowhere")
    os.utime(source / "inner" / "program", (1, 1))
    for path, mode in ((source / "inner" / "program", 0o555), (source / "inner", 0o555), (source, 0o555)):
        path.chmod(mode)
    copy = copy_writable(source, tmp_path / "copy", shutil.ignore_patterns("left out"))
    paths = {path.relative_to(copy).as_posix(): path.lstat() for path in copy.rglob("*")}
    assert sorted(paths) == ["dangling", "inner", "inner/program", "link"]
    assert [stat.S_IMODE(copy.stat().st_mode), stat.S_IMODE(paths["inner"].st_mode)] == [0o755, 0o755]
    assert stat.S_IMODE(paths["inner/program"].st_mode) == 0o755
    assert paths["inner/program"].st_mtime == 1
    assert (copy / "link").readlink() == Path("inner/program")
    # The originals stay as they were, also through the link.
    assert stat.S_IMODE((source / "inner" / "program").stat().st_mode) == 0o555
    file = copy_writable(source / "inner" / "program", tmp_path / "file")
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("program", 0o755)
