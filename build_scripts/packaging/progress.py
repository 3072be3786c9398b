"""Report a package build: every event to a log file, the important ones to the terminal."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from build_scripts.steps import Step, report

_logger = logging.getLogger(__name__)

# Lines of the log that an error message repeats. The message also names the log file.
_TAIL_LINES = 25
# rattler-build's spans that get a line on the terminal, and the text of that line.
_PHASES = {
    "Fetching source code": "copying the sources",
    "Running build for": "creating the build environments",
    "Running build script": "generating and compiling",
    "Packaging new files": "packaging",
    "Package content test": "testing the package",
}
# The start of the build script's lines that belong on the terminal.
_NOTICE = "notice: "
_SCRIPT_FAILED = "Script failed with status"
_COMPILE_STEP = re.compile(r"^\[(\d+)/(\d+)\] ")


class Progress:
    """Receives rattler-build's events; writes all to the log and logs the important ones as single lines."""

    def __init__(self, write: Callable[[str], object]) -> None:
        """Write the log through `write`, which receives whole lines."""
        self._write = write
        self._recent: list[str] = []
        self._phase = ""
        self._tenth = 0

    def tail(self) -> list[str]:
        """Return the last lines of the log; if the build script failed, those before rattler-build's advice.

        The advice is about the scratch folder, which is deleted before anyone can follow it.
        """
        failures = [number for number, line in enumerate(self._recent) if _SCRIPT_FAILED in line]
        return self._recent[: failures[0] if failures else None][-_TAIL_LINES:]

    def on_log(self, event: Any) -> None:
        """Handle one log event: its lines, and the span (rattler-build's phase) that it belongs to."""
        phase = (event.span or "").strip()
        if phase and phase != self._phase:
            self._phase = phase
            self._write(f"== {phase}\n")
            if phase in _PHASES:
                _logger.info(_PHASES[phase])
        for line in event.message.splitlines():
            self.line(line)

    def line(self, text: str) -> None:
        """Handle one line of output."""
        self._write(f"{text}\n")
        self._recent = [*self._recent[-2 * _TAIL_LINES :], text]
        if text.startswith(_NOTICE):
            _logger.info(text.removeprefix(_NOTICE))
        step = _COMPILE_STEP.match(text)
        if step:
            self._compiled(int(step[1]), int(step[2]))

    def _compiled(self, step: int, total: int) -> None:
        tenth = step * 10 // total
        report(_logger, Step("compiling", step, total), line=tenth != self._tenth)
        self._tenth = tenth

    def on_build_step(self, event: Any) -> None:
        """Handle the start of a build step."""
        self._write(f"== {event.step_name}: {event.message}\n")

    def on_download_start(self, event: Any) -> None:
        """Handle the start of a download."""
        self._write(f"download {event.url}\n")

    def on_download_progress(self, event: Any) -> None:
        """Ignore the progress of a download."""

    def on_download_complete(self, event: Any) -> None:
        """Ignore the end of a download."""
