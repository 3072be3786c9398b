"""A package build's events: phases and tenths for people, all of it for the log."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import pytest

from build_scripts.packaging.progress import Progress
from build_scripts.steps import Step


def test_progress_tells_phases_and_tenths_and_keeps_all(caplog: pytest.LogCaptureFixture) -> None:
    log: list[str] = []
    progress = Progress(log.append)
    for step in range(1, 101):
        message = f"[{step}/100] Building CXX object x.o"
        progress.on_log(SimpleNamespace(level="info", message=message, span="Running build script"))
    assert caplog.messages[0] == "generating and compiling"
    assert caplog.messages[1:] == [f"compiling: {step} of 100" for step in range(10, 101, 10)]
    assert len(log) == 101
    assert progress.tail()[-1].startswith("[100/100]")
    assert len(progress.tail()) <= 25
    failure = "Script failed with status 1\n\n" + "\n".join(["To run it in a folder that is gone:"] * 12)
    progress.on_log(SimpleNamespace(level="error", message=failure, span=None))
    assert progress.tail()[-1].startswith("[100/100]")


def test_a_bar_hears_of_every_compiled_file(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "build_scripts")
    progress = Progress(lambda _: None)
    for step in (1, 2, 3):
        progress.line(f"[{step}/3] Building CXX object x.o")
    assert [record.step for record in caplog.records] == [  # type: ignore[attr-defined]
        Step("compiling", number, 3) for number in (1, 2, 3)
    ]


def test_a_notice_of_the_build_script_reaches_the_terminal(caplog: pytest.LogCaptureFixture) -> None:
    log: list[str] = []
    progress = Progress(log.append)
    progress.line("no notice: a compiler's output")
    progress.line("notice: without the newest variants")
    assert caplog.messages == ["without the newest variants"]
    assert log == ["no notice: a compiler's output\n", "notice: without the newest variants\n"]
