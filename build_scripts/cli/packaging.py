"""Commands that build and install packages, and that compile what packages are compared with."""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from build_scripts.errors import PackageError, UsageError
from build_scripts.pin import ROOT, read_pin
from build_scripts.versions import requested_tag

from .shared import Command, new_file, tree_of, with_source, with_words

if TYPE_CHECKING:
    from build_scripts.packaging.build import Builder

_logger = logging.getLogger(__name__)


_BACKENDS = ("cpu", "cuda", "metal", "vulkan")


def add(command: Command) -> None:
    """Add the commands of this module."""
    from build_scripts.packaging.variants import PLATFORMS

    for name, run, how in (
        ("build", _build, "build the conda package"),
        ("conda-build", _conda_build, "build the conda package with conda-build, which must be installed"),
    ):
        sub = command(name, run, f"{how}, install it into a clean prefix and generate text")
        with_source(sub)
        with_kind(sub)
        _with_channel(sub)
        if run is _build:
            sub.add_argument(
                "--platform",
                metavar="PLATFORM",
                choices=PLATFORMS,
                help="cross-build for it, such as linux-aarch64 (default: this machine's)",
            )
        else:
            sub.set_defaults(platform=None)
        sub.add_argument(
            "--prefix",
            type=Path,
            metavar="DIR",
            help="also install the package into this new environment, and keep it",
        )
    sub = command(
        "install", _install, "install the built package into a new environment; this needs no conda"
    )
    sub.add_argument("prefix", type=Path, metavar="DIR", help="folder of the environment: absent or empty")
    sub.add_argument(
        "--spec",
        default="llama-ctypes",
        help="package to install, such as 'llama-ctypes=*=cpu*' (default: the best one for this machine)",
    )
    _with_channel(sub)
    sub = command("wheel", _wheel, "make a wheel for pip from the built package")
    sub.add_argument(
        "package",
        type=Path,
        nargs="?",
        metavar="PACKAGE.conda",
        help="package that `build` made (default: the newest one in output/)",
    )
    sub.add_argument(
        "--output",
        type=Path,
        default=ROOT / "output",
        metavar="DIR",
        help="folder for the wheel (default: output)",
    )
    sub.add_argument("--channel", help="channel for libraries to include (default: as for `build`)")
    sub = command(
        "install-check",
        _install_check,
        "install the built package with conda, mamba or micromamba, and generate tokens",
    )
    _with_channel(sub)
    sub.add_argument(
        "--installer", choices=("conda", "mamba", "micromamba"), help="default: the first that is installed"
    )
    command("matrix", _matrix, "print every package of every platform as JSON for CI")

    sub = command("tools", _tools, "compile the release's own programs, for LLAMA_CPP_BUILD_DIR")
    with_source(sub)
    with_words(sub, tag="TAG")
    sub = command(
        "stories", _stories, "make stories260K.gguf, a tiny real model, with the release's converter"
    )
    with_source(sub)
    with_words(sub, tag="TAG")
    sub.add_argument(
        "--output",
        type=new_file,
        metavar="FILE",
        help="also copy it to this file (default: keep it in the cache only)",
    )


def with_kind(sub: argparse.ArgumentParser) -> None:
    """Add the options that select the hardware that a package is for."""
    sub.add_argument(
        "--backend",
        choices=_BACKENDS,
        help="hardware to build for (default: cpu)",
    )
    sub.add_argument(
        "--cuda-version", metavar="X.Y", help="version of the CUDA toolkit (default: every available one)"
    )
    sub.add_argument(
        "--cuda-architectures",
        type=_architectures,
        metavar="LIST",
        help="build only for these GPUs, such as 89 or '75-real;89' (default: those in variants.yaml)",
    )
    with_words(sub, backend="BACKEND", cuda_version="X.Y")
    sub.add_argument(
        "--for-publish",
        action="store_true",
        help="build from GitHub's archive of the release, so that `rattler-build rebuild` can repeat it",
    )


def _architectures(text: str) -> str:
    """Return CMake's list of GPU generations; the recipe needs the oldest one first."""
    numbers = [re.fullmatch(r"(\d{2,3})[af]?(-real|-virtual)?", part) for part in text.split(";")]
    ordered = [int(number[1]) for number in numbers if number]
    if None in numbers or ordered != sorted(ordered):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a list of compute capabilities, oldest first, such as 89 or '75-real;89'"
        )
    return text


def _with_channel(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--output-dir",
        type=Path,
        default=ROOT / "output",
        metavar="DIR",
        help="channel folder for the result (default: output)",
    )
    sub.add_argument("--channel", help="channel for dependencies (default: conda-forge, else made from PyPI)")


def _build(arguments: argparse.Namespace) -> int:
    from build_scripts.packaging import build

    return _packages(arguments, build.rattler_build)


def _conda_build(arguments: argparse.Namespace) -> int:
    from build_scripts.packaging import conda

    return _packages(arguments, conda.builder())


def _packages(arguments: argparse.Namespace, builder: Builder) -> int:
    from build_scripts.packaging import build, built, channel, install, smoke_test
    from build_scripts.packaging.variants import cross_target

    backend = arguments.backend or "cpu"
    if backend not in _BACKENDS:
        raise UsageError(f"{backend!r} is not a backend; choose one of {', '.join(_BACKENDS)} (a tag: --tag)")
    target = cross_target(arguments.platform)
    if arguments.prefix:
        install.require_empty(arguments.prefix)
    pin = read_pin()
    tree = tree_of(arguments)
    requested = requested_tag(arguments.tag) or pin.release.tag
    if arguments.for_publish and tree.tag != requested:
        raise PackageError(
            f"{requested} is not available, only {tree.tag}; --for-publish builds from nothing else"
        )
    channels = channel.choose(arguments.channel, backend=backend, target=target)
    request = build.BuildRequest(
        tree,
        backend,
        arguments.cuda_version,
        arguments.cuda_architectures,
        arguments.for_publish,
        target,
    )
    lines: list[str] = []
    for package in build.build(request, pin, arguments.output_dir, channels, builder):
        smoke_test.run_package(package, tree, arguments.output_dir, channels, target)
        print(package, flush=True)
        lines = built.pixi_lines(package, [arguments.output_dir.resolve().as_uri(), *channels])
    if arguments.prefix:
        name, version, build_string = package.name.removesuffix(".conda").rsplit("-", 2)
        sources = [str(arguments.output_dir), *channels]
        install.create(arguments.prefix, [f"{name} =={version} {build_string}"], sources, target)
    if target is None:
        _suggest(arguments.prefix, backend)
        _logger.info("Or with pixi, in a pixi.toml:\n" + "\n".join(f"  {line}" for line in lines))
    return 0


def _suggest(prefix: Path | None, backend: str) -> None:
    """Log the commands that generate text with the package in `prefix`, ready to paste."""
    from build_scripts.packaging import smoke_test, tiny_models

    folder = prefix or Path("try-llama")
    program = smoke_test.command_of(folder.absolute() if prefix else folder)
    spec = [] if backend == "cpu" else ["--spec", f"llama-ctypes=*={backend}*"]
    lines = [] if prefix else [["python3", "-m", "build_scripts", "install", folder, *spec]]
    lines += [[program, "info"], [program, "complete", tiny_models.find_or_make(), smoke_test.PROMPT]]
    join = subprocess.list2cmdline if os.name == "nt" else shlex.join
    _logger.info("Try it:\n" + "\n".join(f"  {join(map(str, line))}" for line in lines))


def _install(arguments: argparse.Namespace) -> int:
    from build_scripts.packaging import channel, install

    install.require_empty(arguments.prefix)
    install.require_package(arguments.output_dir)
    # A local channel has a backend's libraries only if it is asked for.
    backend = next((name for name in _BACKENDS if re.search(rf"[ =]{name}", arguments.spec)), "cpu")
    channels = [str(arguments.output_dir), *channel.choose(arguments.channel, backend=backend)]
    records = install.create(arguments.prefix, [arguments.spec], channels)
    print(*(record.file_name for record in records if record.name.normalized == "llama-ctypes"))
    _suggest(arguments.prefix, backend)
    return 0


def _wheel(arguments: argparse.Namespace) -> int:
    from build_scripts.packaging import built, wheel

    package = arguments.package or built.newest(ROOT / "output")
    print(wheel.make(package, arguments.output, arguments.channel))
    return 0


def _install_check(arguments: argparse.Namespace) -> int:
    from build_scripts.packaging import channel, conda

    program = conda.installer(arguments.installer)
    channels = channel.choose(arguments.channel)
    print(conda.install_check(program, arguments.output_dir, channels), end="")
    return 0


def _matrix(_: argparse.Namespace) -> int:
    from build_scripts.packaging.variants import matrix

    print(json.dumps({"include": list(matrix())}))
    return 0


def _tools(arguments: argparse.Namespace) -> int:
    from build_scripts.packaging import upstream_tools

    print(upstream_tools.build(tree_of(arguments)))
    return 0


def _stories(arguments: argparse.Namespace) -> int:
    from build_scripts.packaging import tiny_models, upstream_tools

    model = tiny_models.stories(upstream_tools.build(tree_of(arguments)))
    if arguments.output is not None:
        model = Path(shutil.copy(model, arguments.output))
    print(model)
    return 0
