"""Runs other programs, and raises ToolError with the reason if one cannot start or fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .errors import ToolError

# The number of lines of a failed program's output that an error repeats.
_TAIL_LINES = 15


def find_tool(name: str, *, purpose: str, hint: str) -> str:
    """Return the full path of program `name`; if it is missing, raise ToolError with `purpose` and `hint`."""
    path = shutil.which(name)
    if path is None:
        raise ToolError(f"{name} is not on PATH; it is needed {purpose}. {hint}")
    return path


def run(
    command: Sequence[str | os.PathLike[str]],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
    input: str | None = None,
) -> str:
    """Run `command` and return its standard output; raise ToolError with the end of its stderr if it fails.

    `env` is added to the environment of this process and does not replace it.
    """
    # Imported here because `generate` starts no program and should not wait for this.
    import subprocess

    argv = [os.fspath(part) for part in command]
    try:
        process = subprocess.run(
            argv,
            cwd=cwd,
            env={**os.environ, **env} if env else None,
            input=input,
            stdin=subprocess.DEVNULL if input is None else None,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except OSError as error:
        raise ToolError(f"cannot run {argv[0]}: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise ToolError(f"{Path(argv[0]).name} did not finish in {timeout:.0f} s") from error
    if process.returncode != 0:
        tail = "\n".join((process.stderr.strip() or process.stdout.strip()).splitlines()[-_TAIL_LINES:])
        raise ToolError(
            f"{Path(argv[0]).name} failed with exit status {process.returncode}: {' '.join(argv)}\n{tail}"
        )
    return process.stdout


def stream(
    command: Sequence[str | os.PathLike[str]],
    on_line: Callable[[str], object],
    *,
    env: Mapping[str, str] | None = None,
) -> int:
    """Run `command` and call `on_line` with each line as it is printed; return the exit status.

    The lines are those of standard output and standard error, in order. `env` is added to the environment of
    this process.
    """
    import subprocess

    argv = [os.fspath(part) for part in command]
    try:
        process = subprocess.Popen(
            argv,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise ToolError(f"cannot run {argv[0]}: {error.strerror}") from error
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            on_line(line.rstrip("\n"))
    return process.returncode
