"""The subprocess runner's line by line form."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from build_scripts.cli.shared import ended_like_ctrl_c
from build_scripts.errors import ToolError
from build_scripts.process import run, stream

CHILD = """
import os, sys
print(os.environ["WORD"], flush=True)
print("an error", file=sys.stderr, flush=True)
sys.stdout.buffer.write(b"\\xff no text\\n")
sys.exit(3)
"""


def test_lines_come_in_their_order_with_the_exit_status() -> None:
    lines: list[str] = []
    assert (
        stream([sys.executable, "-c", CHILD], lines.append, env={"WORD": os.fsdecode("wörter".encode())}) == 3
    )
    assert lines[1:] == ["an error", "\N{REPLACEMENT CHARACTER} no text"]
    assert lines[0].startswith("w")


def test_a_program_that_is_not_there_is_one_line() -> None:
    with pytest.raises(ToolError, match=r"cannot run /nowhere/program: "):
        stream(["/nowhere/program"], print)


# Prints its number and that of a child in another process group, as ninja's compilers are; ignores signals.
STUBBORN = """
import os, signal, subprocess, sys, time
for number in map(int, sys.argv[1:]):
    signal.signal(number, signal.SIG_IGN)
sleep = [sys.executable, "-c", "import time; time.sleep(300)"]
child = subprocess.Popen(sleep, preexec_fn=lambda: os.setpgid(0, 0))
print(os.getpid(), child.pid, flush=True)
time.sleep(300)
"""


def living(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def ends(pid: int) -> bool:
    """Whether a process that got its last signal ends: on a busy machine it is not gone at once."""
    limit = time.monotonic() + 30
    while living(pid) and time.monotonic() < limit:
        time.sleep(0.01)
    return not living(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("ignored", [[], ["2"], ["2", "15"]], ids=["nothing", "int", "int and term"])
def test_an_interrupt_ends_the_program_and_all_that_it_started(ignored: list[str]) -> None:
    pids: list[int] = []

    def interrupt(line: str) -> None:
        pids.extend(map(int, line.split()))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stream([sys.executable, "-c", STUBBORN, *ignored], interrupt)
    assert len(pids) == 2
    assert all(map(ends, pids))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_program_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    marker = tmp_path / "pids"
    code = STUBBORN.replace("flush=True", f"flush=True, file=open({str(marker)!r}, 'w', 1)")
    with pytest.raises(ToolError, match="did not finish in 2 s"):
        run([sys.executable, "-c", code], timeout=2)
    assert all(ends(int(word)) for word in marker.read_text().split())


def test_a_program_that_cannot_be_run_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "program").write_text("x")
    with pytest.raises(ToolError, match="cannot run"):
        run([tmp_path / "program"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_other_signals_end_a_command_like_ctrl_c(name: str) -> None:
    number = signal.Signals[name]

    def end() -> None:
        with ended_like_ctrl_c():
            os.kill(os.getpid(), number)
            time.sleep(10)

    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt):
        end()
    assert signal.getsignal(number) == before
