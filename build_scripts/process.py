"""Runs other programs: ToolError if one cannot start or fails, and none outlives an interrupt."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from .errors import ToolError

if TYPE_CHECKING:
    from subprocess import Popen

# How long a program may take to end by itself, before it is killed.
_GRACE_SECONDS = 1.0
_PROC = Path("/proc")
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
    argv = [os.fspath(part) for part in command]
    with _started(argv, env, stderr_apart=True, cwd=cwd, has_input=input is not None) as process:
        try:
            stdout, stderr = process.communicate(input, timeout)
        except _subprocess().TimeoutExpired as error:
            raise ToolError(f"{Path(argv[0]).name} did not finish in {timeout:.0f} s") from error
    if process.returncode != 0:
        tail = "\n".join((stderr.strip() or stdout.strip()).splitlines()[-_TAIL_LINES:])
        raise ToolError(
            f"{Path(argv[0]).name} failed with exit status {process.returncode}: {' '.join(argv)}\n{tail}"
        )
    return stdout


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
    with _started([os.fspath(part) for part in command], env, stderr_apart=False) as process:
        assert process.stdout is not None
        for line in process.stdout:
            on_line(line.rstrip("\n"))
        return process.wait()


def _subprocess() -> ModuleType:
    # Imported here because `generate` starts no program and should not wait for this.
    import subprocess

    return subprocess


@contextmanager
def _started(
    argv: list[str],
    env: Mapping[str, str] | None,
    *,
    stderr_apart: bool,
    cwd: Path | None = None,
    has_input: bool = False,
) -> Iterator[Popen[str]]:
    """Start a program; end it, with all that it started, if the block ends before it does.

    It leads its own session: a Ctrl-C on the terminal reaches this process only, which then ends the program.
    """
    subprocess = _subprocess()
    try:
        process: Popen[str] = subprocess.Popen(
            argv,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.PIPE if has_input else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if stderr_apart else subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise ToolError(f"cannot run {argv[0]}: {error.strerror}") from error
    try:
        yield process
    except BaseException:
        _end(process)
        raise
    finally:
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _end(process: Popen[str]) -> None:
    """End `process` and every process of its session: politely first, since ninja then ends its compilers."""
    if os.name == "nt":
        _subprocess().run(
            ["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False
        )
        process.wait()
        return
    with _no_interrupt():
        _signal(process.pid, signal.SIGTERM)
        limit = time.monotonic() + _GRACE_SECONDS
        while process.poll() is None or _has_members(process.pid):
            if time.monotonic() > limit:
                break
            time.sleep(0.02)
        _signal(process.pid, signal.SIGKILL)
        process.wait()


def _signal(leader: int, number: int) -> None:
    """Send a signal to the process group of `leader`, and to the rest of its session if that is known."""
    with suppress(OSError):
        os.killpg(leader, number)
    for pid in _session(leader):
        with suppress(OSError):
            os.kill(pid, number)


def _has_members(leader: int) -> bool:
    if _PROC.is_dir():
        return bool(_session(leader))
    try:
        os.killpg(leader, 0)
    except OSError:
        return False
    return True


def _session(leader: int) -> list[int]:
    """Return the living processes in the session of `leader`; empty if the system has no /proc."""
    members = []
    for path in _PROC.glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            # After the name, which may contain anything: state, parent, group, session.
            state, _, _, session = path.read_text(errors="replace").rpartition(")")[2].split()[:4]
            if int(session) == leader and state != "Z":
                members.append(int(path.parent.name))
    return members


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ignore Ctrl-C in the block: people press it twice."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
