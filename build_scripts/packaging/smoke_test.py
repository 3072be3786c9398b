"""The last step of a build: a clean prefix, the package installed into it, and tokens out of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
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

_SITE_PACKAGES = "lib/python*/site-packages/llama_ctypes"
PROMPT = "One day, Lily met a Shoggoth"


@dataclass(frozen=True)
class SmokeTest:
    """What an installed package did."""

    exported: int
    """How many of the bound functions its libraries export."""
    text: str
    """What it generated, prompt included."""


def run_package(
    package: Path,
    tree: SourceTree,
    output_dir: Path,
    channels: Sequence[str],
    announce: Callable[[str], None],
) -> SmokeTest:
    """Install `package` out of the channel `output_dir` into a new prefix, check it and generate with it.

    On the way its libraries are checked, for themselves and against its bindings and the headers of `tree`.
    Nothing of this checkout takes part: the working directory is the prefix, PYTHON* variables are unset.
    """
    name, version, build = package.name.removesuffix(".conda").rsplit("-", 2)
    model = tiny_models.find_or_make(announce)
    with tempfile.TemporaryDirectory(prefix="llama-ctypes-") as temporary:
        prefix = Path(temporary).resolve() / "prefix"
        records = create(prefix, [f"{name} =={version} {build}"], [str(output_dir), *channels], announce)
        (record,) = (record for record in records if record.name.normalized == name)
        found = symbols.check(libraries_of(prefix), places_of(prefix), find(tree.path), tree.tag)
        announce(f"{package.name}: its libraries export {found} of the bound functions, all that they should")
        # Builds run below the cache folder.
        machine = (cache_folder(), ROOT, Path.home())
        compiled = binaries.check(libraries_of(prefix), [str(spec) for spec in record.depends], machine)
        announce(f"{package.name}: its {compiled} libraries are linked and hardened as they should be")
        try:
            text = complete(prefix, model, PROMPT)
        except ToolError as error:
            raise PackageError(f"{package.name} is installed but does not generate: {error}") from error
    announce(f"{package.name} generates, with {model.name}: {text.strip()[:200]!r}")
    return SmokeTest(found, text)


def python_of(prefix: Path) -> Path:
    """The Python of a conda environment."""
    return prefix / "python.exe" if os.name == "nt" else prefix / "bin" / "python"


def libraries_of(prefix: Path) -> Path:
    """The package's library folder in a conda environment."""
    return prefix.joinpath(*(("Library", "lib") if os.name == "nt" else ("lib",)), "llama_ctypes")


def places_of(prefix: Path) -> dict[str, str]:
    """The functions that the package installed in `prefix` binds, with the place of each C declaration."""
    (package,) = prefix.glob("Lib/site-packages/llama_ctypes" if os.name == "nt" else _SITE_PACKAGES)
    return loading.places(package)


def run_installed(prefix: Path, *arguments: str | Path) -> str:
    """Run `python -m llama_ctypes ARGUMENTS` of the package installed in `prefix`; return what it prints.

    Away from this checkout and from variables that could lead back to it.
    """
    clean = {name: "" for name in os.environ if name.startswith(("PYTHON", "LLAMA_CPP_LIB", "CONDA_PREFIX"))}
    return run([python_of(prefix), "-m", "llama_ctypes", *arguments], cwd=prefix, env=clean)


def complete(prefix: Path, model: Path, prompt: str, tokens: int = 64) -> str:
    """Continue `prompt` with the package installed in `prefix`, greedily, on one thread."""
    return run_installed(prefix, "complete", model, prompt, "--tokens", str(tokens), "--threads", "1")
