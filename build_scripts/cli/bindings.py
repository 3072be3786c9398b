"""Commands that write bindings, check them, and compare or change releases."""

from __future__ import annotations

import argparse
import importlib.util
import logging
import os
import sys
import time
from pathlib import Path

from build_scripts.bindings.headers import HeaderSet, find
from build_scripts.bindings.ir import Model
from build_scripts.errors import UsageError
from build_scripts.pin import ROOT, Pin, read_pin, read_releases
from build_scripts.source import resolve
from build_scripts.versions import check_tag, requested_tag

from .shared import Command, integration_switches, new_file, with_package, with_source, with_words

_logger = logging.getLogger(__name__)


def add(command: Command) -> None:
    """Add the commands of this module."""
    sub = command("generate", _generate, "write the bindings of a release")
    with_source(sub)
    with_words(sub, tag="TAG")
    with_package(sub)
    sub.add_argument("--check", action="store_true", help="write nothing; fail with a diff on any difference")

    sub = command(
        "verify",
        _verify,
        "check that the bindings exist and fit; then run the tests (other arguments go to pytest)",
    )
    with_source(sub)
    with_package(sub)
    sub.add_argument(
        "--libraries", type=Path, metavar="DIR", help="check the compiled libraries there as well"
    )
    sub.add_argument(
        "--define", action="append", default=[], metavar="NAME[=VALUE]",
        help="a macro that the libraries were compiled with (repeatable)",
    )  # fmt: skip
    sub.add_argument("--no-tests", action="store_true", help="run the checks only")
    sub.set_defaults(arguments=[])

    sub = command(
        "test",
        _pytest,
        "run the tests (arguments go to pytest); RUN_*_INTEGRATION variables switch on the integration ones",
    )
    sub.set_defaults(arguments=[])

    sub = command("survey", _survey, "check every available release and print one table")
    sub.add_argument(
        "tags", nargs="*", metavar="TAG", help="check only these (default: every release on npm)"
    )
    sub.add_argument(
        "--packages", type=Path, metavar="DIR", help="also try the packages of this channel folder"
    )
    sub.add_argument("--output", type=new_file, metavar="FILE", help="write the table to this Markdown file")
    sub.add_argument(
        "--functions",
        type=new_file,
        metavar="FILE",
        help="write which release has which function to this file",
    )

    sub = command(
        "diff", _diff, "list the differences between two releases, and which break ABI or source code"
    )
    sub.add_argument("old", metavar="OLD", help="a tag, or the folder of a tree")
    sub.add_argument("new", metavar="NEW", help="a tag, or the folder of a tree")
    form = sub.add_mutually_exclusive_group()
    form.add_argument(
        "--json",
        action="store_true",
        help="for programs; bindings/diff/report.py lists the keys",
    )
    form.add_argument("--markdown", action="store_true", help="for a pull request")

    sub = command(
        "bump", _bump, "move the pin, with bindings and changelog, to another release; or change nothing"
    )
    sub.add_argument("new_tag", metavar="TAG", help="the release to pin")
    sub.add_argument(
        "--source", type=Path, metavar="PATH", help="folder or tar archive of its tree (default: fetch it)"
    )


def _headers(pin: Pin, tag: str | None, source: Path | None = None) -> tuple[HeaderSet, str]:
    """Return the public headers of a release (None: the pin) and the origin of its tree."""
    from build_scripts.bindings import generate

    tree = resolve(
        # For headers, the fallback release is as good, also if the pinned tag is passed by name.
        None if tag == pin.release.tag else tag,
        source,
        pin=pin,
        releases=read_releases(pin),
        accept_fallback=lambda path: find(path).sha256 == pin.headers_sha256,
    )
    return generate.headers_of(tree, tag or pin.release.tag, pin), tree.origin


def _generate(arguments: argparse.Namespace) -> int:
    from build_scripts.bindings import generate
    from build_scripts.bindings.checks import drift

    started = time.perf_counter()
    module = generate.check_module_name(arguments.module_name)
    _check_free(module, arguments.output)
    pin = read_pin()
    requested = requested_tag(arguments.tag)
    headers, origin = _headers(pin, requested, arguments.source)
    tag = requested or pin.release.tag
    files = generate.bindings(headers, tag)
    if arguments.check:
        drift.check(files, arguments.output, module)
        print(f"{module} is what the headers of {tag} give ({origin})")
        return 0
    everything = generate.package_files(files, module, arguments.output)
    target = generate.write(everything, arguments.output, module)
    print(f"{target}: bindings of {tag} ({origin}) in {time.perf_counter() - started:.2f} s")
    return 0


def _check_free(module: str, output: Path) -> None:
    """Raise UsageError if `module` is installed: where both can be imported, one would hide the other.

    In this checkout, a package called json or yaml would stop every command.
    """
    spec = importlib.util.find_spec(module)
    if module in sys.stdlib_module_names or (
        spec is not None
        and spec.origin is not None
        and module != "llama_ctypes"
        and not Path(spec.origin).resolve().is_relative_to(output.resolve())
    ):
        raise UsageError(f"--module-name {module} is the name of an installed module; use one like my_llama")


def _verify(arguments: argparse.Namespace) -> int:
    from build_scripts.bindings import generate, loading, verify
    from build_scripts.bindings.checks import symbols

    pin = read_pin()
    requested = requested_tag(arguments.tag)
    headers, _ = _headers(pin, requested, arguments.source)
    tag = requested or pin.release.tag
    package = arguments.output / generate.check_module_name(arguments.module_name)
    verify.check(package, headers, tag, pin, arguments.define)
    if arguments.libraries is not None:
        count = symbols.check(arguments.libraries, loading.places(package), headers, tag)
        _logger.info(f"{arguments.libraries} exports all {count} bound functions that it should")
    return 0 if arguments.no_tests else _pytest(arguments)


def _pytest(arguments: argparse.Namespace) -> int:
    import pytest

    os.chdir(ROOT)
    packages = os.environ.get("LLAMA_CTYPES_CUDA_CHANNEL")
    if packages and not any(Path(packages).glob("*/llama-ctypes-*-cuda*.conda")):
        raise UsageError(f"{packages} contains no CUDA package to test; run `build-cuda` first")
    # Integration tests compile, and then have all processors; the others share nothing, so each has one.
    spread = [] if integration_switches() else ["--numprocesses=auto"]
    status = int(pytest.main([*spread, *arguments.arguments]))
    if status == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise UsageError(
            "no test ran; name existing tests, and set the RUN_*_INTEGRATION variables they need"
        )
    return status


def _survey(arguments: argparse.Namespace) -> int:
    from build_scripts.upkeep import survey

    pin = read_pin()
    releases = read_releases(pin)
    tags = arguments.tags or [tag for tag, release in releases.items() if release.node_llama_cpp]
    rows = survey.survey(map(check_tag, tags), pin, releases, arguments.packages)
    table = survey.to_markdown(rows)
    if arguments.output is None:
        print(table, end="")
    else:
        arguments.output.write_text(table, encoding="utf-8")
    if arguments.functions is not None:
        arguments.functions.write_text(survey.to_tsv(rows), encoding="utf-8")
    seconds = [row.seconds for row in rows if not row.error]
    _logger.info(f"{len(seconds)} of {len(rows)} releases hold, {sum(seconds):.0f} s without fetching")
    return 0 if len(seconds) == len(rows) else 1


def _diff(arguments: argparse.Namespace) -> int:
    from build_scripts.bindings import diff

    old, new = arguments.old, arguments.new
    compared = diff.compare(_model(old), _model(new))
    if arguments.json:
        print(diff.to_json(compared, old, new), end="")
    elif arguments.markdown:
        print(diff.to_markdown(compared), end="")
    else:
        print(diff.to_text(compared, old, new), end="")
    return 0


def _model(name: str) -> Model:
    """Return the public declarations of a release, or of the tree in a folder."""
    from build_scripts.bindings.parse import parse

    try:
        tag = check_tag(name)
    except UsageError as error:
        if Path(name).is_dir():
            return parse(find(Path(name)))
        raise UsageError(f"{name!r} is neither a release tag, such as b6124, nor a folder") from error
    return parse(_headers(read_pin(), tag)[0])


def _bump(arguments: argparse.Namespace) -> int:
    from build_scripts.upkeep.bump import bump

    print(bump(arguments.new_tag, arguments.source))
    return 0
