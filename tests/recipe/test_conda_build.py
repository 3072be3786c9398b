"""conda-build reads recipe/ and variants.yaml to the same packages as `build` does.

Its reading is py-rattler-build's with less said: files are read without a platform, and `build.skip` and
`# [selector]` comments are passed over. The first tests hold that against `render` without conda-build; the
last asks conda-build itself, where it is installed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from build_scripts.errors import ToolError
from build_scripts.packaging import conda
from build_scripts.packaging.variants import RECIPE, host_platform, render
from build_scripts.pin import VARIANTS
from build_scripts.process import run

rattler_build = pytest.importorskip("rattler_build")


def identity(recipe: dict[str, Any]) -> dict[str, Any]:
    """What tells one package from another and what it depends on, out of a rendered recipe."""
    build = {key: recipe["build"].get(key) for key in ("number", "string", "python", "dynamic_linking")}
    return {"package": recipe["package"], "build": build, "requirements": recipe["requirements"]}


def expected() -> list[dict[str, Any]]:
    return [identity(variant.recipe.to_dict()) for variant in render(host_platform()).values()]


def as_conda_build(variants: Path, recipe: Path = RECIPE) -> list[dict[str, Any]]:
    """Render with the calls that conda-build 26.7 makes."""
    here = rattler_build.PlatformConfig(
        target_platform=host_platform(), build_platform=host_platform(), host_platform=host_platform()
    )
    known = rattler_build.VariantConfig().merge(rattler_build.VariantConfig.from_file(variants))
    rendered = rattler_build.Stage0Recipe.from_file(recipe).render(
        known, rattler_build.RenderConfig(platform=here)
    )
    return [identity(variant.recipe.to_dict()) for variant in rendered]


def selectors(text: str) -> list[str]:
    """Lines with a `# [linux]`: conda-build's older way, which nobody reads in files like ours."""
    return [line for line in text.splitlines() if re.search(r"#\s*\[[^\]]+\]\s*$", line)]


def conditions(node: object) -> list[str]:
    """Every `if:` in a YAML document."""
    if isinstance(node, dict):
        own = [str(node["if"])] if "if" in node else []
        return own + [found for value in node.values() for found in conditions(value)]
    if isinstance(node, list):
        return [found for value in node for found in conditions(value)]
    return []


def test_its_calls_render_the_same_packages() -> None:
    assert as_conda_build(VARIANTS) == expected()


def test_another_variant_is_another_package(tmp_path: Path) -> None:
    other = tmp_path / "variants.yaml"
    text = VARIANTS.read_text(encoding="utf-8")
    other.write_text(text.replace('python_min: ["3.10"]', 'python_min: ["3.11"]'), encoding="utf-8")
    assert other.read_text(encoding="utf-8") != text
    assert as_conda_build(other) != expected()


def test_no_selectors() -> None:
    assert selectors("c_compiler:\n  - gcc  # [linux]\n  - a  # of [linux] and more\n") == [
        "  - gcc  # [linux]"
    ]
    for path in (VARIANTS, RECIPE):
        assert selectors(path.read_text(encoding="utf-8")) == []


def test_variants_depend_on_the_platform_only() -> None:
    """Whatever else `if:` may ask is not known where conda-build reads the file."""
    assert conditions({"a": [{"if": "win", "then": "b"}, "c"]}) == ["win"]
    found = conditions(yaml.safe_load(VARIANTS.read_text(encoding="utf-8")))
    words = {word for condition in found for word in re.findall(r"\w+", condition)}
    assert words <= {"linux", "osx", "win", "arm64", "aarch64", "x86_64", "and", "or", "not"}


def test_nothing_is_left_to_skip() -> None:
    """conda-build builds what the recipe says to skip; variants.yaml lists what there is and no more."""
    assert "skip" not in yaml.safe_load(RECIPE.read_text(encoding="utf-8"))["build"]


def test_conda_build_itself_renders_the_same_packages(tmp_path: Path) -> None:
    try:
        conda_render = conda.build_program("conda-render")
    except ToolError as error:
        pytest.skip(str(error))
    options: list[str | Path] = [
        "--exclusive-config-file",
        VARIANTS,
        "--override-channels",
        "--channel",
        tmp_path.as_uri(),
    ]
    command: list[str | Path] = [conda_render, RECIPE.parent, *options]
    text = run(command, env={"PYTHONPATH": ""})
    # One document after the other, without YAML's mark between them.
    documents = re.split(r"(?m)^(?=schema_version:)", text)[1:]
    assert [identity(yaml.safe_load(document)) for document in documents] == expected()
