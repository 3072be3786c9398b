"""Commands that maintain this repository; the workflows consist of them."""

from __future__ import annotations

import argparse
from pathlib import Path

from build_scripts.errors import UsageError
from build_scripts.pin import ROOT

from .shared import Command, new_file

# update and lock write their proposal here; propose opens a pull request from it.
_PROPOSAL = ROOT / "proposal"


def add(command: Command) -> None:
    """Add the commands of this module."""

    def update(arguments: argparse.Namespace) -> int:
        from build_scripts.upkeep.update import update

        print(update(arguments.tag, arguments.output))
        return 0

    def lock(arguments: argparse.Namespace) -> int:
        from build_scripts.upkeep.update import lock

        print(lock(arguments.output))
        return 0

    def propose(arguments: argparse.Namespace) -> int:
        from build_scripts.upkeep.pull_request import propose

        print(propose(arguments.folder))
        return 0

    def release(_: argparse.Namespace) -> int:
        from build_scripts.upkeep.release import cut

        print(cut())
        return 0

    def publish(arguments: argparse.Namespace) -> int:
        from build_scripts.upkeep.release import publish

        print(publish(arguments.release, arguments.folder, arguments.channel))
        return 0

    def github_release(arguments: argparse.Namespace) -> int:
        from build_scripts.upkeep.release import github_release

        print(github_release(arguments.release, arguments.folder))
        return 0

    def lint(_: argparse.Namespace) -> int:
        from build_scripts.upkeep import lint

        lint.code()
        lint.spelling(ROOT)
        lint.workflows(ROOT)
        return 0

    sub = command("bench", _bench, "run benchmarks against the alternatives and print one table")
    sub.add_argument(
        "--rows",
        nargs="+",
        default=[],
        metavar="ROW",
        help="run only these; tests/benchmarks/__init__.py lists them",
    )
    sub.add_argument("--json", action="store_true", help="print JSON with every sample")
    sub.add_argument("--plot", type=new_file, metavar="FILE", help="also draw the ratios as an SVG")

    sub = command("update", update, "bump to upstream's newest release and prepare a pull request")
    sub.add_argument("--tag", help="bump to this release instead")
    _with_proposal(sub)
    sub = command("lock", lock, "solve pixi.lock and requirements.lock again, and prepare a pull request")
    _with_proposal(sub)
    sub = command("propose", propose, "open the pull request that update or lock prepared")
    sub.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=_PROPOSAL,
        metavar="DIR",
        help="its folder (default: proposal)",
    )

    command("release", release, "give the unreleased section of CHANGELOG.md its version")
    sub = command("publish", publish, "upload a release's packages, attested; in the release workflow only")
    sub.add_argument("release", metavar="TAG", help="the release, such as v0.0.6124")
    sub.add_argument("folder", type=Path, metavar="DIR", help="folder that contains its packages")
    sub.add_argument("--channel", default="llama-ctypes", help="channel on prefix.dev (default: %(default)s)")
    sub = command("github-release", github_release, "create the GitHub release, with notes from CHANGELOG.md")
    sub.add_argument("release", metavar="TAG", help="the release, such as v0.0.6124")
    sub.add_argument(
        "folder", type=Path, nargs="?", metavar="DIR", help="folder with wheels to attach (default: none)"
    )

    sub = command(
        "pictures", _pictures, "draw README.md's pictures again, from docs/ and an installed package"
    )
    sub.add_argument(
        "--prefix", type=Path, metavar="DIR", help="environment with the package; without it, only the charts"
    )
    sub.add_argument(
        "--model", type=Path, metavar="FILE", help="for the conversation (default: as in `build`)"
    )

    sub = command("site", _site, "write the documentation as web pages, with a reference of all functions")
    sub.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=ROOT / "site",
        metavar="DIR",
        help="the folder (default: site)",
    )

    command("lint", lint, "run ruff, mypy and typos, and for .github zizmor, actionlint and the schemas")
    _add_conda_forge(command)


def _with_proposal(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--output",
        type=Path,
        default=_PROPOSAL,
        metavar="DIR",
        help="folder for the prepared pull request (default: proposal)",
    )


def _add_conda_forge(command: Command) -> None:
    def feedstock(arguments: argparse.Namespace) -> int:
        from build_scripts.upkeep import feedstock

        print(feedstock.write(arguments.folder, arguments.maintainer, arguments.archive))
        return 0

    def dependencies(arguments: argparse.Namespace) -> int:
        from build_scripts.upkeep.dependencies import table

        print(table(arguments.feedstocks))
        return 0

    sub = command("feedstock", feedstock, "write the folder that conda-forge's staged-recipes takes")
    sub.add_argument("folder", type=Path, metavar="DIR", help="the new folder")
    sub.add_argument(
        "--maintainer",
        action="append",
        required=True,
        metavar="NAME",
        help="a maintainer's name on GitHub; can be repeated",
    )
    sub.add_argument(
        "--archive",
        type=Path,
        metavar="FILE",
        help="this project's release archive, to be hashed (default: download it from GitHub)",
    )

    sub = command("dependencies", dependencies, "compare pixi.toml's floors with conda-forge's feedstocks")
    sub.add_argument(
        "--feedstocks",
        type=Path,
        metavar="DIR",
        help="folder that contains clones of them (default: read them on GitHub)",
    )


def _pictures(arguments: argparse.Namespace) -> int:
    from build_scripts.packaging import tiny_models
    from build_scripts.upkeep import pictures

    for path in pictures.write(arguments.prefix, arguments.model or tiny_models.find_or_make()):
        print(path)
    return 0


def _site(arguments: argparse.Namespace) -> int:
    from build_scripts.upkeep import site

    print(site.build(arguments.folder.resolve()))
    return 0


def _bench(arguments: argparse.Namespace) -> int:
    from tests import benchmarks
    from tests.benchmarks import report

    if arguments.plot is not None and arguments.plot.suffix != ".svg":
        raise UsageError(f"--plot {arguments.plot}: the picture is an SVG; give a name that ends in .svg")
    rows = benchmarks.run(arguments.rows)
    print(report.to_json(rows) if arguments.json else report.to_text(rows), end="")
    if arguments.plot is not None:
        arguments.plot.write_text(report.to_svg(rows), encoding="utf-8")
    return 0
