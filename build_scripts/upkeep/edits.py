"""Change several files: all of them, or none if something fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from build_scripts.errors import LlamaCtypesError


@dataclass(frozen=True)
class Edit:
    """A change of one file: its contents before and after."""

    path: Path
    before: bytes | None
    """None: the file does not exist yet."""
    after: bytes | None
    """None: the file is deleted."""


def apply(edits: Sequence[Edit]) -> None:
    """Apply all `edits`. If one fails, or a file differs from `before`, restore all and raise an error."""
    with ExitStack() as cleanup:
        try:
            steps = [_stage(edit, cleanup) for edit in edits]
            for edit in edits:
                if (edit.path.read_bytes() if edit.path.exists() else None) != edit.before:
                    raise LlamaCtypesError(
                        f"cannot edit {edit.path}: it changed meanwhile; nothing was changed, try again"
                    )
        except OSError as error:
            raise LlamaCtypesError(
                f"cannot write {error.filename}: {error.strerror}; nothing was changed"
            ) from error
        applied: list[tuple[Path, Path | None]] = []
        try:
            for edit, (staged, backup) in zip(edits, steps, strict=True):
                applied.append((edit.path, backup))
                if staged:
                    staged.replace(edit.path)
                else:
                    edit.path.unlink()
        except BaseException as error:
            for path, backup in reversed(applied):
                if backup:
                    backup.replace(path)
                else:
                    path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise LlamaCtypesError(
                    f"cannot write {error.filename}: {error.strerror}; nothing was changed"
                ) from error
            raise


def _stage(edit: Edit, cleanup: ExitStack) -> tuple[Path | None, Path | None]:
    """Write the new file and a copy of the old one next to it, so that applying and undoing only rename."""

    def write(end: str, data: bytes) -> Path:
        path = edit.path.with_name(f".{edit.path.name}.{os.getpid()}.{end}")
        cleanup.callback(path.unlink, missing_ok=True)
        path.write_bytes(data)
        if edit.before is not None:
            shutil.copymode(edit.path, path)
        return path

    edit.path.parent.mkdir(parents=True, exist_ok=True)
    staged = None if edit.after is None else write("new", edit.after)
    return staged, None if edit.before is None else write("old", edit.before)
