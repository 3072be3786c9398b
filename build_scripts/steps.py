"""Reports how far a long task is: the command line shows a bar on a terminal, and lines elsewhere."""

from __future__ import annotations

import logging
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """The state of a task: so much is done of the total, which is None if nobody knows it."""

    task: str
    done: int
    total: int | None
    bytes: bool = False
    """Whether `done` and `total` are numbers of bytes."""

    def __str__(self) -> str:
        total = "" if self.total is None else f" of {self._text(self.total)}"
        return f"{self.task}: {self._text(self.done)}{total}"

    def _text(self, number: int) -> str:
        return f"{number / 1e6:.0f} MB" if self.bytes else str(number)


def report(logger: logging.Logger, step: Step, *, line: bool) -> None:
    """Log `step`; only with `line` does it get a line where no bar is shown.

    A task ends with the step that has `done` equal to `total`, or with a message of another logger.
    """
    logger.log(logging.INFO if line else logging.DEBUG, "%s", step, extra={"step": step})
