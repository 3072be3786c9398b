"""What is told while a package is built: all of it into a log, the telling lines to people."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

_logger = logging.getLogger(__name__)


# How much of the log a failure repeats; the whole of it is in the file the message names.
_TAIL_LINES = 25
# rattler-build's spans that are worth a line, and how they read.
_PHASES = {
    "Fetching source code": "copying the sources",
    "Running build for": "making the build environments",
    "Running build script": "generating and compiling",
    "Packaging new files": "packaging",
    "Package content test": "testing the package",
}
_SCRIPT_FAILED = "Script failed with status"
_COMPILE_STEP = re.compile(r"^\[(\d+)/(\d+)\] ")


class Progress:
    """rattler-build's events: all into the log, the important ones also as single lines for people."""

    def __init__(self, write: Callable[[str], object]) -> None:
        """Write the log with `write`, which gets whole lines."""
        self._write = write
        self._recent: list[str] = []
        self._phase = ""
        self._tenth = 0

    def tail(self) -> list[str]:
        """The last lines of the log; of a failed script, those before rattler-build's advice.

        That is how to go on in the scratch folder, which is gone by the time anyone reads it.
        """
        ends = [at for at, line in enumerate(self._recent) if _SCRIPT_FAILED in line]
        return self._recent[: ends[0] if ends else None][-_TAIL_LINES:]

    def on_log(self, event: Any) -> None:
        """One log line, with the span (rattler-build's phase) it belongs to."""
        phase = (event.span or "").strip()
        if phase and phase != self._phase:
            self._phase = phase
            self._write(f"== {phase}\n")
            if phase in _PHASES:
                _logger.info(_PHASES[phase])
        for line in event.message.splitlines():
            self.line(line)

    def line(self, text: str) -> None:
        """One line of output."""
        self._write(f"{text}\n")
        self._recent = [*self._recent[-2 * _TAIL_LINES :], text]
        step = _COMPILE_STEP.match(text)
        if step:
            self._compiled(int(step[1]), int(step[2]))

    def _compiled(self, done: int, total: int) -> None:
        tenth = done * 10 // total
        if tenth != self._tenth:
            self._tenth = tenth
            _logger.info(f"compiling: {done} of {total}")

    def on_build_step(self, event: Any) -> None:
        """A step of the build begins."""
        self._write(f"== {event.step_name}: {event.message}\n")

    def on_download_start(self, event: Any) -> None:
        """A package download begins."""
        self._write(f"download {event.url}\n")

    def on_download_progress(self, event: Any) -> None:
        """Bytes came; nothing to say."""

    def on_download_complete(self, event: Any) -> None:
        """A package download is done; nothing to say."""
