"""Long work shows a bar on a terminal and plain lines elsewhere."""

from __future__ import annotations

import logging
import os
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from functools import partial

import pytest

from build_scripts.cli import shared
from build_scripts.cli.shared import progress_on_stderr
from build_scripts.pin import ROOT
from build_scripts.steps import Step, report

_fetch, _build = (logging.getLogger(f"build_scripts.{name}") for name in ("source.fetch", "packaging"))
needs_pty = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


def on_a_terminal(
    run: Callable[[], object], monkeypatch: pytest.MonkeyPatch, term: str = "xterm", rows: int = 24
) -> str:
    """Run `run` with stderr on a terminal of 80 columns; return what appears there."""
    import fcntl
    import pty
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 80, 0, 0))
    with os.fdopen(slave, "w", encoding="utf-8") as stream, monkeypatch.context() as patch:
        patch.setenv("TERM", term)
        patch.setattr(sys, "stderr", stream)
        with progress_on_stderr():
            run()
        print("end", file=stream, flush=True)
        output = b""
        while not output.endswith(b"end\r\n"):
            output += os.read(master, 1 << 16)
    os.close(master)
    return output.decode().removesuffix("end\r\n")


def compile_four() -> None:
    for number in range(1, 5):
        report(_build, Step("compiling", number, 4), line=number == 2)


@needs_pty
def test_a_terminal_shows_a_bar_with_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    output = on_a_terminal(compile_four, monkeypatch)
    assert re.search(r"\rcompiling  25% \|\S+ +\| 1 of 4, .* left", output)
    assert "compiling: 2 of 4" not in output, "a line for where no bar is shown"
    # It is gone at the end.
    assert re.search(r"\r +\r$", output)


@needs_pty
def test_downloads_are_counted_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    known, unknown = (
        on_a_terminal(
            partial(report, _fetch, Step("b1", 3_000_000, total, bytes=True), line=True), monkeypatch
        )
        for total in (30_000_000, None)
    )
    assert re.search(r"\rb1  10% \|.*\| 3\.00M of 30\.0MB, . left", known)
    assert re.search(r"\rb1 3\.00MB, 00:0\d", unknown)


@needs_pty
def test_messages_are_lines_above_the_bar_and_another_module_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def run() -> None:
        report(_build, Step("compiling", 1, 4), line=False)
        _build.info("a notice")
        _fetch.info("fetching b1")
        _fetch.info("fetching b2")

    output = on_a_terminal(run, monkeypatch)
    before, after = output.split("a notice\r\n")
    assert before.endswith("\r")
    assert after.count("compiling  25%") == 1
    assert re.search(r"\r +\rfetching b1\r\nfetching b2\r\n$", after)


@needs_pty
@pytest.mark.parametrize(("term", "rows"), [("dumb", 24), ("xterm", 0)])
def test_a_terminal_that_can_show_no_bar_gets_lines(
    monkeypatch: pytest.MonkeyPatch, term: str, rows: int
) -> None:
    assert on_a_terminal(compile_four, monkeypatch, term, rows) == "compiling: 2 of 4\r\n"


def test_a_pipe_gets_lines() -> None:
    """The module of the bar is not imported: a package build does not have it."""
    program = (
        "import logging, sys; from build_scripts.cli.shared import progress_on_stderr\n"
        "from build_scripts.steps import Step, report\n"
        "with progress_on_stderr():\n"
        "    for number in range(5):\n"
        "        report(logging.getLogger('build_scripts.x'), Step('b1', number * 10**6, None, bytes=True), "
        "line=number > 3)\n"
        "assert 'tqdm' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stderr, done.stdout, done.returncode) == ("b1: 4 MB\n", "", 0)


@needs_pty
def test_an_error_removes_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        report(_build, Step("compiling", 1, 4), line=False)
        raise KeyboardInterrupt

    def run() -> None:
        with pytest.raises(KeyboardInterrupt), shared.progress_on_stderr():
            fail()

    assert re.search(r"\r +\r$", on_a_terminal(run, monkeypatch))
