"""What the commands share: how one is added, its usual options, the release it is about."""

from __future__ import annotations

import argparse
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from build_scripts.pin import ROOT, read_pin, read_releases
from build_scripts.source import SourceTree, resolve
from build_scripts.versions import requested_tag


class Command(Protocol):
    """How a command is added: its name, what runs it and gives its exit status, its help."""

    def __call__(
        self, name: str, run: Callable[[argparse.Namespace], int], help: str
    ) -> argparse.ArgumentParser:
        """Give the command's own parser."""


@contextmanager
def progress_on_stderr() -> Iterator[None]:
    """Show what this project's modules log as plain lines on stderr; results go to stdout."""
    handler = logging.StreamHandler()
    root, own = logging.getLogger(), [logging.getLogger(name) for name in ("build_scripts", "tests")]
    root.addHandler(handler)
    for logger in own:
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)


def integration_switches() -> list[str]:
    """The variables that switch integration tests on, as far as they are set to something other than 0."""
    names = (name for name in os.environ if re.fullmatch(r"RUN_\w+_INTEGRATION", name))
    return [name for name in names if os.environ[name] not in ("", "0")]


def with_source(sub: argparse.ArgumentParser) -> None:
    """Add --tag and --source: which release, and where its tree is."""
    sub.add_argument("--tag", help="release, such as b6124 or v0.5.0 (default: LLAMA_CPP_TAG, else the pin)")
    sub.add_argument("--source", type=Path, metavar="PATH", help="its tree: a folder or a tar archive")


def with_package(sub: argparse.ArgumentParser) -> None:
    """Add --output and --module-name: which package of bindings."""
    sub.add_argument("--output", type=Path, default=ROOT, metavar="DIR", help="folder the package is in")
    sub.add_argument("--module-name", default="llama_ctypes", metavar="NAME", help="what it is imported as")


def tree_of(arguments: argparse.Namespace) -> SourceTree:
    """The tree of the release that `with_source` asked for."""
    pin = read_pin()
    return resolve(
        requested_tag(arguments.tag),
        arguments.source,
        pin=pin,
        releases=read_releases(pin),
    )
