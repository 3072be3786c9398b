"""Edits of several files that all happen or none does."""

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
    """What becomes of one file."""

    path: Path
    before: bytes | None
    """None: there is none yet."""
    after: bytes | None
    """None: it is removed."""


def apply(edits: Sequence[Edit]) -> None:
    """Make all the `edits`; where one fails, or a file is not what it was, every file is as before."""
    with ExitStack() as cleanup:
        try:
            steps = [_stage(edit, cleanup) for edit in edits]
            for edit in edits:
                if (edit.path.read_bytes() if edit.path.exists() else None) != edit.before:
                    raise LlamaCtypesError(
                        f"{edit.path} changed meanwhile; nothing was changed, run it again"
                    )
        except OSError as error:
            raise LlamaCtypesError(
                f"cannot write {error.filename}: {error.strerror}; nothing was changed"
            ) from error
        done: list[tuple[Path, Path | None]] = []
        try:
            for edit, (staged, backup) in zip(edits, steps, strict=True):
                done.append((edit.path, backup))
                if staged:
                    staged.replace(edit.path)
                else:
                    edit.path.unlink()
        except BaseException as error:
            for path, backup in reversed(done):
                if backup:
                    backup.replace(path)
                else:
                    path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise LlamaCtypesError(
                    f"cannot write {error.filename}: {error.strerror}; all is as before"
                ) from error
            raise


def _stage(edit: Edit, cleanup: ExitStack) -> tuple[Path | None, Path | None]:
    """Put the new file and a copy of the old one beside it, so that only renaming is left to do."""

    def beside(end: str, data: bytes) -> Path:
        path = edit.path.with_name(f".{edit.path.name}.{os.getpid()}.{end}")
        cleanup.callback(path.unlink, missing_ok=True)
        path.write_bytes(data)
        if edit.before is not None:
            shutil.copymode(edit.path, path)
        return path

    edit.path.parent.mkdir(parents=True, exist_ok=True)
    staged = None if edit.after is None else beside("new", edit.after)
    return staged, None if edit.before is None else beside("old", edit.before)
