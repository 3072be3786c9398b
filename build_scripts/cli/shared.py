"""Shared by the commands: their type, common options, progress on stderr, the tree of a release."""

from __future__ import annotations

import argparse
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol, TextIO

from build_scripts.errors import UsageError
from build_scripts.pin import ROOT, read_pin, read_releases
from build_scripts.source import SourceTree, resolve
from build_scripts.steps import Step
from build_scripts.versions import requested_tag

if TYPE_CHECKING:
    from tqdm import tqdm

    _StreamHandler = logging.StreamHandler[TextIO]
else:
    _StreamHandler = logging.StreamHandler  # not subscriptable in Python 3.10


class Command(Protocol):
    """A function that adds a command: its name, the function that runs it, its help."""

    def __call__(
        self, name: str, run: Callable[[argparse.Namespace], int], help: str
    ) -> argparse.ArgumentParser:
        """Return the parser of the new command."""


class _Bar(_StreamHandler):
    """Shows the steps of a long task as a bar with the time left, and other messages as lines above it."""

    _bar: tqdm[NoReturn] | None = None
    _step: Step | None = None
    _logger = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Show one message or step."""
        step: Step | None = getattr(record, "step", None)
        if step is not None:
            self._show(step)
            self._logger = record.name
        elif self._bar is not None and record.name == self._logger:
            self._bar.write(self.format(record), file=self.stream)
        else:
            self.end()
            super().emit(record)

    def _show(self, step: Step) -> None:
        last = self._step
        if last is None or (step.task, step.total) != (last.task, last.total) or step.done < last.done:
            self.end()
            self._bar = self._open(step)
        self._step = step
        assert self._bar is not None
        self._bar.update(step.done - self._bar.n)
        if step.done == step.total:
            self.end()

    def _open(self, step: Step) -> tqdm[NoReturn]:
        from tqdm import tqdm

        # tqdm's own lock is one between processes, and its thread only helps bars that are updated seldom.
        tqdm.set_lock(threading.RLock())
        tqdm.monitor_interval = 0
        suffix = "B" if step.bytes else ""
        form = "{desc} {n_fmt}" + suffix + ", {elapsed}"
        if step.total is not None:
            form = "{desc} {percentage:3.0f}% |{bar}| {n_fmt} of {total_fmt}" + suffix + ", {remaining} left"
        return tqdm(
            desc=step.task,
            total=step.total,
            initial=step.done,
            unit_scale=step.bytes,
            file=self.stream,
            leave=False,
            dynamic_ncols=True,
            bar_format=form,
        )

    def end(self) -> None:
        """Remove the bar, if there is one."""
        if self._bar is not None:
            self._bar.close()
        self._bar = self._step = None


def _can_show_bar() -> bool:
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return False
    try:
        # tqdm draws nothing if the height is unknown, as in some containers.
        return os.get_terminal_size(sys.stderr.fileno()).lines > 1
    except OSError:
        return False


@contextmanager
def progress_on_stderr() -> Iterator[None]:
    """Print this project's log messages on stderr, with a bar if it is a terminal; results go to stdout."""
    terminal = _can_show_bar()
    handler: _StreamHandler = _Bar() if terminal else logging.StreamHandler()
    root, own = logging.getLogger(), [logging.getLogger(name) for name in ("build_scripts", "tests")]
    root.addHandler(handler)
    for logger in own:
        # Steps that get no line are for the bar only.
        logger.setLevel(logging.DEBUG if terminal else logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        if isinstance(handler, _Bar):
            handler.end()


@contextmanager
def ended_like_ctrl_c() -> Iterator[None]:
    """Treat SIGTERM and SIGHUP in the block like Ctrl-C, so that they too end programs and remove files.

    The programs that a command starts get no signal from the terminal themselves.
    """
    names = ("SIGTERM", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    # A signal that is ignored, as under nohup, stays ignored.
    replaced = [number for number in numbers if signal.getsignal(number) == signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread():
        replaced = []
    for number in replaced:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in replaced:
            signal.signal(number, signal.SIG_DFL)


def integration_switches() -> list[str]:
    """Return the RUN_*_INTEGRATION variables that are set, but not to 0."""
    names = (name for name in os.environ if re.fullmatch(r"RUN_\w+_INTEGRATION", name))
    return [name for name in names if os.environ[name] not in ("", "0")]


def with_words(sub: argparse.ArgumentParser, **words: str) -> None:
    """Let options of `sub` be given as plain words too, in this order: the option's name, and its metavar.

    `pixi run build cuda` is what people type, and so is `build --backend cuda`.
    """
    for name, metavar in words.items():
        option = f"--{name.replace('_', '-')}"
        sub.add_argument(f"word_{name}", nargs="?", metavar=metavar, help=f"the same as {option} {metavar}")
    sub.set_defaults(words=tuple(words))


def place_words(arguments: argparse.Namespace, others: Sequence[str]) -> list[str]:
    """Store the words of `with_words` under their options' names; return what is left of `others`.

    `others` are the arguments that argparse did not place: it gives up an optional word at the first option.
    """
    names: tuple[str, ...] = getattr(arguments, "words", ())
    empty = [name for name in names if getattr(arguments, f"word_{name}") is None]
    rest = []
    for other in others:
        if empty and not other.startswith("-"):
            setattr(arguments, f"word_{empty.pop(0)}", other)
        else:
            rest.append(other)
    for name in names:
        # Workflows pass on empty values.
        if word := getattr(arguments, f"word_{name}"):
            option = getattr(arguments, name)
            if option not in (None, word):
                raise UsageError(f"both {option} and {word} are given; keep one")
            setattr(arguments, name, word)
    return rest


def with_source(sub: argparse.ArgumentParser) -> None:
    """Add the options --tag and --source, which select a release and its tree."""
    sub.add_argument("--tag", help="release, such as b6124 or v0.5.0 (default: LLAMA_CPP_TAG, else the pin)")
    sub.add_argument(
        "--source", type=Path, metavar="PATH", help="folder or tar archive of its tree (default: fetch it)"
    )


def with_package(sub: argparse.ArgumentParser) -> None:
    """Add the options --output and --module-name, which select a package of bindings."""
    sub.add_argument(
        "--output",
        type=Path,
        default=ROOT,
        metavar="DIR",
        help="folder that contains the package (default: this checkout)",
    )
    sub.add_argument(
        "--module-name", default="llama_ctypes", metavar="NAME", help="its import name (default: %(default)s)"
    )


def new_file(text: str) -> Path:
    """Return the path of a file to write, as an option's type; UsageError if it cannot be written there."""
    path = Path(text)
    if not path.parent.is_dir():
        raise UsageError(f"cannot write {path}: there is no folder {path.parent}; create it first")
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise UsageError(f"cannot write {path}: it is a folder or not writable; name another file")
    return path


def tree_of(arguments: argparse.Namespace) -> SourceTree:
    """Return the tree of the release that the options of `with_source` select."""
    pin = read_pin()
    return resolve(
        requested_tag(arguments.tag),
        arguments.source,
        pin=pin,
        releases=read_releases(pin),
    )
