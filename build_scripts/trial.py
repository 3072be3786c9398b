"""The last step of a build: a clean prefix, the package installed into it, and tokens out of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from . import models
from .errors import PackageError, ToolError
from .install import create
from .process import run

PROMPT = "One day, Lily met a Shoggoth"


def run_package(
    package: Path, output_dir: Path, channels: Sequence[str], announce: Callable[[str], None]
) -> str:
    """Install `package` out of the channel `output_dir` into a new prefix and return the text it generates.

    Nothing of this checkout is on the way: the working directory is the prefix, PYTHON* variables are unset.
    """
    name, version, build = package.name.removesuffix(".conda").rsplit("-", 2)
    model = models.find_or_make(announce)
    with tempfile.TemporaryDirectory(prefix="llama-ctypes-") as temporary:
        prefix = Path(temporary).resolve() / "prefix"
        create(prefix, [f"{name} =={version} {build}"], [str(output_dir), *channels], announce)
        try:
            text = complete(prefix, model, PROMPT)
        except ToolError as error:
            raise PackageError(f"{package.name} is installed but does not generate: {error}") from error
    announce(f"{package.name} generates, with {model.name}: {text.strip()[:200]!r}")
    return text


def python_of(prefix: Path) -> Path:
    """The Python of a conda environment."""
    return prefix / "python.exe" if os.name == "nt" else prefix / "bin" / "python"


def complete(prefix: Path, model: Path, prompt: str, tokens: int = 64) -> str:
    """Continue `prompt` with the package installed in `prefix`, greedily, on one thread."""
    clean = {name: "" for name in os.environ if name.startswith(("PYTHON", "LLAMA_CPP_LIB", "CONDA_PREFIX"))}
    command: list[str | Path] = [python_of(prefix), "-m", "llama_ctypes", "complete", model, prompt]
    return run([*command, "--tokens", str(tokens), "--threads", "1"], cwd=prefix, env=clean)
