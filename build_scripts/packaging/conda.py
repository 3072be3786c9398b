"""Build the package with conda-build, and install it with conda, mamba or micromamba.

conda-build reads the same recipe/ and variants.yaml. Since version 26.5 it passes recipes of this format to
its own copy of py-rattler-build. The programs are optional: only the commands of this module need them.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from build_scripts.errors import PackageError, ToolError
from build_scripts.pin import ROOT
from build_scripts.process import run, stream

from . import tiny_models
from .build import Builder
from .install import require_package
from .progress import Progress
from .smoke_test import PROMPT, complete, run_installed

if TYPE_CHECKING:
    from rattler_build import RenderedVariant

_logger = logging.getLogger(__name__)

OLDEST = (26, 5)
# Programs that install packages, and the variables in which their shell hooks store their paths.
INSTALLERS = {"conda": "CONDA_EXE", "mamba": "MAMBA_EXE", "micromamba": "MAMBA_EXE"}
_HINT = "`conda install -n base conda-build`, or use `pixi run conda-build`"
# pixi's environment for these programs. It has none of this project's tools, so that both can be solved.
_PIXI = ROOT / ".pixi" / "envs" / "conda"
_PIXI_FOLDERS = (".", "Scripts", "Library/bin") if os.name == "nt" else ("bin",)


def build_program(name: str = "conda-build") -> str:
    """Return the path of conda-build or a sibling: from PATH, or from the folder of CONDA_EXE.

    ToolError if it is missing or too old for this recipe.
    """
    # If another environment is active, base's programs are not on PATH.
    conda = os.environ.get("CONDA_EXE")
    path = (
        _in_pixi(name) or shutil.which(name) or (conda and shutil.which(name, path=str(Path(conda).parent)))
    )
    if not path:
        raise ToolError(f"{name} is neither on PATH nor in CONDA_EXE's folder; install it with {_HINT}")
    output = run([path, "--version"], env=_environment(path))
    version = re.search(r"(\d+)\.(\d+)", output)
    if version is None or (int(version[1]), int(version[2])) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise ToolError(f"{path} is {output.strip()!r}, but recipe.yaml needs {oldest} or newer; use {_HINT}")
    return path


def _in_pixi(name: str) -> str | None:
    """Find a program in pixi's environment, if pixi runs this; it is preferred to a conda of the system."""
    return shutil.which(name, path=_pixi_path()) if os.environ.get("PIXI_IN_SHELL") else None


def _pixi_path() -> str:
    return os.pathsep.join(str(_PIXI / folder) for folder in _PIXI_FOLDERS)


def _environment(program: str) -> dict[str, str]:
    """Return the variables for a program that runs in another Python, and needs its own environment."""
    own = [_pixi_path()] if Path(program).is_relative_to(_PIXI) else []
    return {"PYTHONPATH": "", "PATH": os.pathsep.join([*own, os.environ.get("PATH", "")])}


def builder() -> Builder:
    """Return conda-build as a builder for build.build; ToolError at once if it is missing or too old."""
    return partial(_build, build_program())


def _build(
    conda_build: str,
    project: Path,
    rendered: RenderedVariant,
    output_dir: Path,
    channels: Sequence[str],
    progress: Progress,
) -> Path:
    """Build and test one package; PackageError unless its name is the one that rattler-build would give."""
    output_dir.mkdir(parents=True)
    variant = output_dir / "variant.json"
    # One value for every key the recipe uses, so nothing needs zipping. The recipe adds the virtual packages.
    values = {key: [value] for key, value in rendered.variant.items() if not key.startswith("__")}
    variant.write_text(json.dumps(values | {"zip_keys": []}), encoding="utf-8")
    command: list[str | Path] = [conda_build, project / "recipe", "--output-folder", output_dir]
    # Exclusive: conda-build must ignore the conda_build_config.yaml in the home directory.
    command += ["--exclusive-config-file", project / "variants.yaml", "--variant-config-files", variant]
    command += ["--no-anaconda-upload", "--override-channels"]
    command += [argument for channel in channels for argument in ("--channel", channel)]
    environment = {**_environment(conda_build), "PYTHONUNBUFFERED": "1"}
    status = stream(command, progress.line, env=environment)
    if status != 0:
        raise PackageError(f"conda-build failed with exit status {status}")
    recipe = rendered.recipe
    name = f"{recipe.package.name}-{recipe.package.version}-{recipe.build.string}.conda"
    packages = {path.name: path for path in output_dir.glob("*/*.conda")}
    if name not in packages:
        output = ", ".join(packages) or "no package"
        raise PackageError(f"conda-build built {output}, but rattler-build would build {name}; use `build`")
    return packages[name]


def installer(name: str | None = None) -> str:
    """Return the path of the installer `name`, or of the first available one; ToolError if none is."""
    for candidate in [name] if name else INSTALLERS:
        # micromamba and mamba share a variable.
        hook = os.environ.get(INSTALLERS[candidate], "")
        named = hook if Path(hook).stem == candidate and shutil.which(hook) else None
        path = _in_pixi(candidate) or named or shutil.which(candidate)
        if path:
            return path
    raise ToolError(
        f"no {name or 'conda, mamba or micromamba'} on PATH or in CONDA_EXE or MAMBA_EXE; "
        "install one, or use `build`, which tests its packages with py-rattler"
    )


def install_check(program: str, output_dir: Path, channels: Sequence[str]) -> str:
    """Install llama-ctypes with `program` into a temporary environment and return text that it generates.

    `output_dir` is the channel of highest priority. PackageError if another package gets installed.
    """
    require_package(output_dir)
    model = tiny_models.find_or_make()
    with tempfile.TemporaryDirectory(prefix="llama-ctypes-") as temporary:
        prefix = Path(temporary).resolve() / "prefix"
        command: list[str | Path] = [program, "create", "--yes", "--prefix", prefix, "--override-channels"]
        sources = [output_dir.resolve().as_uri(), *channels]
        command += [argument for channel in sources for argument in ("--channel", channel)]
        # conda adds pip to every Python, but the package must work without it.
        environment = {**_environment(program), "CONDA_ADD_PIP_AS_PYTHON_DEPENDENCY": "false"}
        run([*command, "llama-ctypes"], env=environment)
        (record,) = (json.loads(path.read_text()) for path in prefix.glob("conda-meta/llama-ctypes-*.json"))
        package = output_dir / record["subdir"] / record["fn"]
        if not package.is_file() or hashlib.sha256(package.read_bytes()).hexdigest() != record["sha256"]:
            raise PackageError(
                f"{program} installed {record['url']}, which is not in {output_dir}; remove it from its cache"
            )
        _logger.info(f"{Path(program).stem} installed {record['fn']}")
        info = json.loads(run_installed(prefix, "info", "--json"))
        if not Path(info["library"]).is_relative_to(prefix):
            raise PackageError(
                f"the installed package loads {info['library']}, which is outside its prefix; rebuild it"
            )
        _logger.info(
            "devices: "
            + ", ".join(f"{device['name']} ({device['description']})" for device in info["devices"])
        )
        text = complete(prefix, model, PROMPT)
    _logger.info(f"{record['fn']} generates text with {model.name}: {text.strip()[:200]!r}")
    return text
