"""The commands. Each is a few lines that call the stages; what they print goes through here."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import LlamaCtypesError, UsageError
from .model import Model
from .pin import ROOT, check_tag, read_pin, read_releases, requested_tag
from .source import SourceTree, resolve

if TYPE_CHECKING:
    from .package import Engine


def announce(line: str) -> None:
    """Tell the user one thing, at once; results go to stdout, this to stderr."""
    print(line, file=sys.stderr, flush=True)


def _tree(arguments: argparse.Namespace) -> SourceTree:
    pin = read_pin()
    return resolve(
        requested_tag(arguments.tag),
        arguments.source,
        pin=pin,
        releases=read_releases(pin),
        announce=announce,
    )


def _generate(arguments: argparse.Namespace) -> int:
    from . import generate

    started = time.perf_counter()
    module = generate.check_module_name(arguments.module_name)
    pin = read_pin()
    tree = _tree(arguments)
    tag = requested_tag(arguments.tag) or pin.release.tag
    headers = generate.headers_of(tree, tag, pin)
    files = generate.bindings(headers, tag)
    if arguments.check:
        generate.compare(files, arguments.output, module)
        print(f"{module} is what the headers of {tag} give ({tree.origin})")
        return 0
    everything = generate.package_files(files, module, arguments.output)
    target = generate.write(everything, arguments.output, module)
    print(f"{target}: bindings of {tag} ({tree.origin}) in {time.perf_counter() - started:.2f} s")
    return 0


def _build(arguments: argparse.Namespace) -> int:
    from . import package

    return _packages(arguments, package.rattler_build)


def _conda_build(arguments: argparse.Namespace) -> int:
    from . import conda

    return _packages(arguments, conda.engine())


def _packages(arguments: argparse.Namespace, engine: Engine) -> int:
    from . import channel, package, trial

    pin = read_pin()
    tree = _tree(arguments)
    channels = channel.choose(arguments.channel, announce, cuda=arguments.backend == "cuda")
    order = package.Order(
        tree, arguments.backend, arguments.cuda_version, arguments.cuda_architectures, arguments.release
    )
    for kind, built in package.build(order, pin, arguments.output_dir, channels, announce, engine):
        with package.assumed_driver(kind, lambda _: None):
            trial.run_package(built, tree, arguments.output_dir, channels, announce)
        print(built, flush=True)
    return 0


def _install_check(arguments: argparse.Namespace) -> int:
    from . import channel, conda

    program = conda.installer(arguments.installer)
    channels = channel.choose(arguments.channel, announce)
    print(conda.install_check(program, arguments.output_dir, channels, announce), end="")
    return 0


def _matrix(_: argparse.Namespace) -> int:
    from .render import matrix

    print(json.dumps({"include": list(matrix())}))
    return 0


def _tools(arguments: argparse.Namespace) -> int:
    from . import reference

    print(reference.build(_tree(arguments), announce))
    return 0


def _stories(arguments: argparse.Namespace) -> int:
    from . import models, reference

    model = models.stories(reference.build(_tree(arguments), announce), announce)
    if arguments.output is not None:
        model = Path(shutil.copy(model, arguments.output))
    print(model)
    return 0


def _survey(arguments: argparse.Namespace) -> int:
    from . import survey

    pin = read_pin()
    releases = read_releases(pin)
    tags = arguments.tags or [tag for tag, release in releases.items() if release.node_llama_cpp]
    rows = survey.survey(map(check_tag, tags), pin, releases, arguments.packages, announce)
    table = survey.to_markdown(rows)
    if arguments.output is None:
        print(table, end="")
    else:
        arguments.output.write_text(table, encoding="utf-8")
    seconds = [row.seconds for row in rows if not row.error]
    announce(f"{len(seconds)} of {len(rows)} releases hold, {sum(seconds):.0f} s without fetching")
    return 0 if len(seconds) == len(rows) else 1


def _verify(arguments: argparse.Namespace) -> int:
    from . import generate
    from .checks import bindings, compiler, symbols

    pin = read_pin()
    tag = requested_tag(arguments.tag) or pin.release.tag
    headers = generate.headers_of(_tree(arguments), tag, pin)
    package = arguments.output / generate.check_module_name(arguments.module_name)
    bindings.check(package, headers, tag, pin, announce)
    if arguments.libraries is not None:
        found = symbols.check(
            arguments.libraries, compiler.load(package)["functions"].FUNCTIONS, headers, tag
        )
        announce(f"{arguments.libraries} exports {found} of the bound functions, all that it should")
    return 0 if arguments.no_tests else _pytest(arguments)


def _pytest(arguments: argparse.Namespace) -> int:
    import pytest

    os.chdir(ROOT)
    return int(pytest.main(list(arguments.arguments)))


def _diff(arguments: argparse.Namespace) -> int:
    from . import diff

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
    """The public declarations of a release, or of the tree in a folder."""
    from . import generate, headers
    from .parse import parse

    try:
        tag = check_tag(name)
    except UsageError as error:
        if Path(name).is_dir():
            return parse(headers.find(Path(name)))
        raise UsageError(f"{name!r} is neither a release tag, such as b6124, nor a folder") from error
    pin = read_pin()
    # The pin's stand-in has the same headers, so it may speak for the pin here.
    wanted = None if tag == pin.release.tag else tag
    tree = resolve(wanted, pin=pin, releases=read_releases(pin), announce=announce)
    return parse(generate.headers_of(tree, tag, pin))


def _bump(arguments: argparse.Namespace) -> int:
    from .bump import bump

    print(bump(arguments.new_tag, arguments.source, announce))
    return 0


def _lint(_: argparse.Namespace) -> int:
    from .process import run

    for tool, *rest in (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",)):
        announce(" ".join([tool, *rest]))
        run([sys.executable, "-m", tool, *rest], cwd=ROOT)
    return 0


def _add_build_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--backend", default="cpu", choices=("cpu", "cuda", "metal"), help="kind of hardware")
    sub.add_argument("--cuda-version", metavar="X.Y", help="of the toolkit (default: every one there is)")
    sub.add_argument(
        "--cuda-architectures",
        metavar="LIST",
        help="for these GPUs only, such as 89 (default: variants.yaml's)",
    )
    sub.add_argument(
        "--release",
        action="store_true",
        help="to publish: made of the release's archive on GitHub, and `rattler-build rebuild` can repeat it",
    )
    _add_channel_options(sub)


def _add_channel_options(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--output-dir", type=Path, default=ROOT / "output", metavar="DIR", help="channel folder")
    sub.add_argument("--channel", help="channel for dependencies (default: conda-forge, else made from PyPI)")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m build_scripts",
        description="Turn a llama.cpp release into bindings and a conda package.",
        epilog="Environment: LLAMA_CPP_TAG is the default of --tag; LLAMA_CTYPES_CACHE moves the cache.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help, allow_abbrev=False)
        sub.set_defaults(run=run)
        return sub

    def with_source(sub: argparse.ArgumentParser) -> None:
        sub.add_argument(
            "--tag", help="release, such as b6124 or v0.5.0 (default: LLAMA_CPP_TAG, else the pin)"
        )
        sub.add_argument("--source", type=Path, metavar="PATH", help="its tree: a folder or a tar archive")

    def with_package(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--output", type=Path, default=ROOT, metavar="DIR", help="folder the package is in")
        sub.add_argument(
            "--module-name", default="llama_ctypes", metavar="NAME", help="what it is imported as"
        )

    sub = command("generate", _generate, "write the bindings of a release")
    with_source(sub)
    with_package(sub)
    sub.add_argument("--check", action="store_true", help="write nothing; fail with a diff on any difference")
    for name, run, how in (
        ("build", _build, "build the conda package"),
        ("conda-build", _conda_build, "build the conda package with conda-build, which has to be installed"),
    ):
        sub = command(name, run, f"{how}, install it into a clean prefix, generate tokens")
        with_source(sub)
        _add_build_options(sub)
    sub = command(
        "install-check",
        _install_check,
        "install the built package with conda, mamba or micromamba, and generate tokens",
    )
    _add_channel_options(sub)
    sub.add_argument(
        "--installer", choices=("conda", "mamba", "micromamba"), help="(default: the first there is)"
    )

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
    sub.add_argument("--no-tests", action="store_true", help="the checks only")
    sub.set_defaults(arguments=[])

    sub = command("survey", _survey, "check every release that can be had, and make one table of it")
    sub.add_argument("tags", nargs="*", metavar="TAG", help="these only (default: all that npm carries)")
    sub.add_argument(
        "--packages", type=Path, metavar="DIR", help="also try the packages of this channel folder"
    )
    sub.add_argument("--output", type=Path, metavar="FILE", help="write the table there, as Markdown")

    sub = command(
        "test",
        _pytest,
        "run the tests (arguments go to pytest); RUN_* variables switch on the integration ones",
    )
    sub.set_defaults(arguments=[])

    sub = command("tools", _tools, "compile the release's own programs, for LLAMA_CPP_BUILD_DIR")
    with_source(sub)

    sub = command(
        "stories", _stories, "make stories260K.gguf, a tiny real model, with the release's converter"
    )
    with_source(sub)
    sub.add_argument("--output", type=Path, metavar="FILE", help="copy it there (default: the cache only)")

    sub = command("diff", _diff, "what differs between two releases, and what of it breaks ABI or source")
    sub.add_argument("old", metavar="OLD", help="a tag, or the folder of a tree")
    sub.add_argument("new", metavar="NEW", help="likewise")
    form = sub.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_true", help="for programs; build_scripts/diff/report.py has the keys"
    )
    form.add_argument("--markdown", action="store_true", help="for a pull request")

    sub = command(
        "bump", _bump, "move the pin, with bindings and changelog, to another release; or change nothing"
    )
    sub.add_argument("new_tag", metavar="TAG", help="the release to pin")
    sub.add_argument("--source", type=Path, metavar="PATH", help="its tree: a folder or a tar archive")

    command("matrix", _matrix, "every package of every platform, as JSON for CI")
    command("lint", _lint, "ruff and mypy")
    return parser


def main(argv: Sequence[str]) -> int:
    """Run one command; return its exit status. What a user can mend is one line, not a traceback."""
    parser = _parser()
    arguments, others = parser.parse_known_args(argv)
    if others and not hasattr(arguments, "arguments"):
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    arguments.arguments = others  # pytest's
    try:
        return int(arguments.run(arguments))
    except LlamaCtypesError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
