"""Runs other programs; nothing else in build_scripts starts one and waits for its output."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .errors import ToolError

# How many lines of a failed program's output an error repeats.
_TAIL_LINES = 15


def find_tool(name: str, *, purpose: str, hint: str) -> str:
    """Return the full path of program `name`, or raise ToolError with the `purpose` and a `hint`."""
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
    """Run `command` and return its standard output; if it fails, raise ToolError with the end of stderr.

    `env` is added to this process's environment.
    """
    # Imported here because `generate` starts no program.
    import subprocess

    argv = [os.fspath(part) for part in command]
    try:
        done = subprocess.run(
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
    except FileNotFoundError as error:
        raise ToolError(f"cannot run {argv[0]}: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise ToolError(f"{Path(argv[0]).name} did not finish in {timeout:.0f} s") from error
    if done.returncode != 0:
        tail = "\n".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-_TAIL_LINES:])
        raise ToolError(
            f"{Path(argv[0]).name} failed with exit status {done.returncode}: {' '.join(argv)}\n{tail}"
        )
    return done.stdout


def stream(
    command: Sequence[str | os.PathLike[str]],
    take: Callable[[str], object],
    *,
    env: Mapping[str, str] | None = None,
) -> int:
    """Run `command`, pass each line of its output to `take` at once, and return its exit status.

    `env` is added to this process's environment. The lines of stdout and stderr come in their order.
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
            take(line.rstrip("\n"))
    return process.returncode
