"""What the commands share: how one is added, its usual options, the release it is about."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable
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


def announce(line: str) -> None:
    """Tell the user one thing, at once; results go to stdout, this to stderr."""
    print(line, file=sys.stderr, flush=True)


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
        announce=announce,
    )
