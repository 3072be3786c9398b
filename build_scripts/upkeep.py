"""The commands that look after this repository, each a few lines; the workflows are made of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from .pin import ROOT

Announce = Callable[[str], None]

# Where update and lock leave what propose makes a pull request of.
_PROPOSAL = ROOT / "proposal"


class Command(Protocol):
    """How cli adds a command: its name, what runs it and gives its exit status, its help."""

    def __call__(
        self, name: str, run: Callable[[argparse.Namespace], int], help: str
    ) -> argparse.ArgumentParser:
        """Give the command's own parser."""


def add(command: Command, announce: Announce) -> None:
    """Add them all."""

    def update(arguments: argparse.Namespace) -> int:
        from .update import update

        print(update(arguments.tag, arguments.output, announce))
        return 0

    def lock(arguments: argparse.Namespace) -> int:
        from .update import lock

        print(lock(arguments.output))
        return 0

    def propose(arguments: argparse.Namespace) -> int:
        from .propose import propose

        print(propose(arguments.folder, announce))
        return 0

    def release(_: argparse.Namespace) -> int:
        from .release import cut

        print(cut())
        return 0

    def publish(arguments: argparse.Namespace) -> int:
        from .release import publish

        print(publish(arguments.release, arguments.folder, arguments.channel, announce))
        return 0

    def github_release(arguments: argparse.Namespace) -> int:
        from .release import github_release

        print(github_release(arguments.release))
        return 0

    def lint(_: argparse.Namespace) -> int:
        from . import lint

        lint.code(announce)
        lint.workflows(ROOT, announce)
        return 0

    sub = command("update", update, "bump to upstream's newest release, and write down the pull request")
    sub.add_argument("--tag", help="to this release instead")
    sub.add_argument("--output", type=Path, default=_PROPOSAL, metavar="DIR", help="where to write it")
    sub = command("lock", lock, "solve pixi.lock anew, and write down the pull request")
    sub.add_argument("--output", type=Path, default=_PROPOSAL, metavar="DIR", help="where to write it")
    sub = command("propose", propose, "open the pull request that update or lock wrote down")
    sub.add_argument("folder", type=Path, nargs="?", default=_PROPOSAL, metavar="DIR", help="where it is")

    command("release", release, "give what is unreleased in CHANGELOG.md its version")
    sub = command("publish", publish, "upload a release's packages, attested; in the release workflow only")
    sub.add_argument("release", metavar="TAG", help="the release, such as v0.0.6124")
    sub.add_argument("folder", type=Path, metavar="DIR", help="the folder its packages are below")
    sub.add_argument("--channel", default="llama-ctypes", help="of prefix.dev (default: %(default)s)")
    sub = command("github-release", github_release, "make the GitHub release, its notes from CHANGELOG.md")
    sub.add_argument("release", metavar="TAG", help="the release, such as v0.0.6124")

    command("lint", lint, "ruff, mypy, and for .github zizmor, actionlint and the schemas")
