"""The last step of a build: install the package into a clean prefix, check it and generate text."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from build_scripts.bindings import loading
from build_scripts.bindings.checks import symbols
from build_scripts.bindings.headers import find
from build_scripts.cache import cache_folder
from build_scripts.errors import PackageError, ToolError
from build_scripts.pin import ROOT
from build_scripts.process import run
from build_scripts.source import SourceTree

from . import binaries, tiny_models
from .install import create

_logger = logging.getLogger(__name__)

_SITE_PACKAGES = "lib/python*/site-packages/llama_ctypes"
PROMPT = "One day, Lily met a Shoggoth"


@dataclass(frozen=True)
class SmokeTest:
    """The result of a smoke test."""

    exported: int
    """Number of bound functions that the package's libraries export."""
    text: str | None
    """The generated text, prompt included; None if the package is for another platform."""
    libraries: dict[str, str]
    """The library of each exported name."""


def run_package(
    package: Path,
    tree: SourceTree,
    output_dir: Path,
    channels: Sequence[str],
    platform: str | None = None,
) -> SmokeTest:
    """Install `package` from the channel `output_dir` into a temporary prefix, check it and generate text.

    A package for another `platform` than this machine's (None) is not run.

    The checks cover how its libraries are linked, and that they export what its bindings and the headers
    of `tree` require. They use the installed package only: the working directory is the prefix, and
    PYTHON* variables are unset. CheckError or PackageError if anything fails.
    """
    name, version, build = package.name.removesuffix(".conda").rsplit("-", 2)
    model = tiny_models.find_or_make() if platform is None else None
    with tempfile.TemporaryDirectory(prefix="llama-ctypes-") as temporary:
        prefix = Path(temporary).resolve() / "prefix"
        records = create(prefix, [f"{name} =={version} {build}"], [str(output_dir), *channels], platform)
        (record,) = (record for record in records if record.name.normalized == name)
        exported = symbols.check(libraries_of(prefix), places_of(prefix), find(tree.path), tree.tag)
        libraries = symbols.owners(libraries_of(prefix))
        _logger.info(f"{package.name}: its libraries export all {exported} bound functions that they should")
        # Builds run in the cache folder.
        build_paths = (cache_folder(), ROOT, Path.home())
        count = binaries.check(libraries_of(prefix), [str(spec) for spec in record.depends], build_paths)
        binaries.check_backends(libraries_of(prefix))
        _logger.info(f"{package.name}: its {count} libraries are correctly linked and hardened")
        if model is None:
            _logger.info(f"{package.name} is for {platform}: it is not run on this machine")
            return SmokeTest(exported, None, libraries)
        try:
            text = complete(prefix, model, PROMPT)
        except ToolError as error:
            raise PackageError(f"{package.name} was installed but cannot generate text: {error}") from error
    _logger.info(f"{package.name} generates text with {model.name}: {text.strip()[:200]!r}")
    return SmokeTest(exported, text, libraries)


def python_of(prefix: Path) -> Path:
    """Return the Python executable of a conda environment."""
    return prefix / "python.exe" if os.name == "nt" else prefix / "bin" / "python"


def command_of(prefix: Path) -> Path:
    """Return the command `llama-ctypes` of a conda environment; it ignores a checkout that it starts in."""
    return prefix.joinpath(*(("Scripts", "llama-ctypes.exe") if os.name == "nt" else ("bin", "llama-ctypes")))


def libraries_of(prefix: Path) -> Path:
    """Return the package's library folder in a conda environment."""
    return prefix.joinpath(*(("Library", "lib") if os.name == "nt" else ("lib",)), "llama_ctypes")


def places_of(prefix: Path) -> dict[str, str]:
    """Map each function that the package in `prefix` binds to the place of its C declaration."""
    (package,) = prefix.glob("Lib/site-packages/llama_ctypes" if os.name == "nt" else _SITE_PACKAGES)
    return loading.places(package)


def run_installed(prefix: Path, *arguments: str | Path) -> str:
    """Run `python -m llama_ctypes ARGUMENTS` in the environment `prefix` and return its output.

    The working directory is `prefix`, and variables that could lead back to this checkout are unset.
    """
    environment = {
        name: "" for name in os.environ if name.startswith(("PYTHON", "LLAMA_CPP_LIB", "CONDA_PREFIX"))
    }
    return run([python_of(prefix), "-m", "llama_ctypes", *arguments], cwd=prefix, env=environment)


def complete(prefix: Path, model: Path, prompt: str, tokens: int = 64) -> str:
    """Continue `prompt` with the package installed in `prefix`, greedily, on one thread."""
    return run_installed(prefix, "complete", model, prompt, "--tokens", str(tokens), "--threads", "1")
