"""conda's own programs, where they are installed: the package as others build and install it.

conda-build reads the same recipe/ and variants.yaml; from version 26.5 on it hands recipes of our format to
py-rattler-build, its own copy. Nothing else needs these programs.
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
from build_scripts.process import run, stream

from . import tiny_models
from .build import Builder
from .progress import Progress
from .smoke_test import PROMPT, complete, run_installed

if TYPE_CHECKING:
    from rattler_build import RenderedVariant

_logger = logging.getLogger(__name__)


OLDEST = (26, 5)
# Programs that install packages, and the variables in which their shell hooks leave their paths.
INSTALLERS = {"conda": "CONDA_EXE", "mamba": "MAMBA_EXE", "micromamba": "MAMBA_EXE"}
_HINT = "`conda install -n base conda-build`, or `pixi run -e conda-build conda-build`"


def build_program(name: str = "conda-build") -> str:
    """The path of conda-build or one of its siblings: on PATH, or beside the conda that CONDA_EXE names.

    Raises ToolError where there is none, or one too old for this recipe.
    """
    # With another environment active, base's programs are not on PATH.
    conda = os.environ.get("CONDA_EXE")
    path = shutil.which(name) or (conda and shutil.which(name, path=str(Path(conda).parent)))
    if not path:
        raise ToolError(f"{name} is neither on PATH nor beside CONDA_EXE; get it with {_HINT}")
    answer = run([path, "--version"], env={"PYTHONPATH": ""})
    version = re.search(r"(\d+)\.(\d+)", answer)
    if version is None or (int(version[1]), int(version[2])) < OLDEST:
        needed = ".".join(map(str, OLDEST))
        raise ToolError(f"{path} is {answer.strip()!r}; {needed} or newer reads recipe.yaml: {_HINT}")
    return path


def builder() -> Builder:
    """conda-build as an builder of package.build; ToolError now, not later, where it cannot be had."""
    return partial(_build, build_program())


def _build(
    conda_build: str,
    project: Path,
    rendered: RenderedVariant,
    output_dir: Path,
    channels: Sequence[str],
    progress: Progress,
) -> Path:
    """Build and test one package; it must come out under the name that rattler-build would give it."""
    output_dir.mkdir(parents=True)
    chosen = output_dir / "variant.json"
    # Every value the recipe uses, so nothing is left to zip. Virtual packages follow from the recipe.
    values = {key: [value] for key, value in rendered.variant.items() if not key.startswith("__")}
    chosen.write_text(json.dumps(values | {"zip_keys": []}), encoding="utf-8")
    command: list[str | Path] = [conda_build, project / "recipe", "--output-folder", output_dir]
    # Exclusive: the home directory's conda_build_config.yaml has no say in what the package is.
    command += ["--exclusive-config-file", project / "variants.yaml", "--variant-config-files", chosen]
    command += ["--no-anaconda-upload", "--override-channels"]
    command += [argument for channel in channels for argument in ("--channel", channel)]
    # It runs in a Python of its own.
    status = stream(command, progress.line, env={"PYTHONPATH": "", "PYTHONUNBUFFERED": "1"})
    if status != 0:
        raise PackageError(f"conda-build failed with exit status {status}")
    recipe = rendered.recipe
    name = f"{recipe.package.name}-{recipe.package.version}-{recipe.build.string}.conda"
    made = {path.name: path for path in output_dir.glob("*/*.conda")}
    if name not in made:
        raise PackageError(f"conda-build made {', '.join(made) or 'nothing'}, rattler-build would {name}")
    return made[name]


def installer(name: str | None = None) -> str:
    """The path of the installer `name`, else of the first there is; raises ToolError where there is none."""
    for candidate in [name] if name else INSTALLERS:
        # micromamba and mamba share a variable.
        told = os.environ.get(INSTALLERS[candidate], "")
        path = told if Path(told).stem == candidate and shutil.which(told) else shutil.which(candidate)
        if path:
            return path
    raise ToolError(
        f"no {name or 'conda, mamba or micromamba'} on PATH or in CONDA_EXE or MAMBA_EXE; "
        "`build` tries its packages without them, with py-rattler"
    )


def install_check(program: str, output_dir: Path, channels: Sequence[str]) -> str:
    """Let `program` install what `conda install llama-ctypes` means, `output_dir` first of the channels.

    The new environment says what it runs on and generates; it is gone afterwards. Returns the text.
    """
    if not any(output_dir.glob("*/llama-ctypes-*.conda")):
        raise PackageError(f"there is no llama-ctypes package in {output_dir}; `build` makes one")
    model = tiny_models.find_or_make()
    with tempfile.TemporaryDirectory(prefix="llama-ctypes-") as temporary:
        prefix = Path(temporary).resolve() / "prefix"
        command: list[str | Path] = [program, "create", "--yes", "--prefix", prefix, "--override-channels"]
        sources = [output_dir.resolve().as_uri(), *channels]
        command += [argument for channel in sources for argument in ("--channel", channel)]
        # conda adds pip to any Python, which a channel made from this machine does not hold.
        without = {"PYTHONPATH": "", "CONDA_ADD_PIP_AS_PYTHON_DEPENDENCY": "false"}
        run([*command, "llama-ctypes"], env=without)
        (record,) = (json.loads(path.read_text()) for path in prefix.glob("conda-meta/llama-ctypes-*.json"))
        built = output_dir / record["subdir"] / record["fn"]
        if not built.is_file() or hashlib.sha256(built.read_bytes()).hexdigest() != record["sha256"]:
            raise PackageError(f"{program} installed {record['url']}, which is not what is in {output_dir}")
        _logger.info(f"{Path(program).stem} installed {record['fn']}")
        info = json.loads(run_installed(prefix, "info", "--json"))
        if not Path(info["library"]).is_relative_to(prefix):
            raise PackageError(f"the installed package loads {info['library']}, which is not its own")
        _logger.info(
            "devices: " + ", ".join(f"{one['name']} ({one['description']})" for one in info["devices"])
        )
        text = complete(prefix, model, PROMPT)
    _logger.info(f"{record['fn']} generates, with {model.name}: {text.strip()[:200]!r}")
    return text
