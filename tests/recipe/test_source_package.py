"""pixi compiles this repository as a source package: from the files that the recipe names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from build_scripts.copying import copy_writable
from build_scripts.packaging import variants
from build_scripts.packaging.build import _IGNORED, _PROJECT_PARTS
from build_scripts.pin import ROOT
from tests.build_scripts.bindings import header_tree

FILTER = yaml.safe_load((ROOT / "recipe" / "recipe.yaml").read_text(encoding="utf-8"))["source"][-1]["filter"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy the files that the source's filter names, to a folder that has nothing else."""
    folder = tmp_path / "llama-ctypes"
    folder.mkdir()
    for pattern in FILTER:
        name = pattern.removesuffix("/**")
        copy_writable(ROOT / name, folder / name, _IGNORED)
    return folder


def test_builds_copy_the_same_files() -> None:
    assert [pattern.removesuffix("/**") for pattern in FILTER] == list(_PROJECT_PARTS)


@pytest.mark.parametrize("platform", variants.PLATFORMS)
def test_the_recipe_renders_from_its_folder_and_the_variants_alone(checkout: Path, platform: str) -> None:
    """As pixi's backend does it: each value comes from variants.yaml."""
    rattler_build = pytest.importorskip("rattler_build")
    target = rattler_build.PlatformConfig(target_platform=platform)
    config = rattler_build.VariantConfig.from_file_with_context(
        checkout / "variants.yaml", rattler_build.JinjaConfig(platform=target)
    )
    recipe = rattler_build.Stage0Recipe.from_file(checkout / "recipe" / "recipe.yaml")
    packages = recipe.render(config, rattler_build.RenderConfig(platform=target))
    expected = variants.render(platform).values()
    assert [str(package.recipe.build.string) for package in packages] == [
        str(package.recipe.build.string) for package in expected
    ]
    for package in packages:
        archive, project = (source.to_dict() for source in package.recipe.sources)
        assert archive["url"].startswith("https://github.com/ggml-org/llama.cpp/archive/refs/tags/")
        assert project["path"] == ".."


def test_the_build_reads_nothing_else_of_the_checkout(checkout: Path, tmp_path: Path) -> None:
    """The recipe's commands run on a tiny tree, and give a complete package of bindings."""
    header_tree.make_tree(tmp_path / "llama.cpp", "int ggml_one(int x);")
    generate = ["-m", "build_scripts", "generate", "--source", "../llama.cpp", "--tag", header_tree.TAG]
    output = tmp_path / "site-packages"
    # CONDA_BUILD: rattler-build sets it, and the environment is then complete.
    environment = {**os.environ, "CONDA_BUILD": "1", "PYTHONPATH": ""}
    for command in (
        [*generate, "--module-name", "llama_ctypes", "--output", str(output)],
        ["-m", "build_scripts", "verify", *generate[3:], "--output", str(output), "--no-tests"],
        ["recipe/build.py", "--help"],
    ):
        subprocess.run([sys.executable, "-B", *command], cwd=checkout, env=environment, check=True)
    assert (output / "llama_ctypes" / "_commands" / "info.py").is_file()
