"""conda-build renders the same packages from recipe/ and variants.yaml as `build` does.

It uses py-rattler-build too, but reads files without a platform, and ignores `build.skip` and `# [selector]`
comments. The first tests make the same calls without conda-build and compare them with `render`. The last
one runs conda-build itself, if it is installed.
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
    """Extract what identifies a package, and its requirements, from a rendered recipe."""
    build = {key: recipe["build"].get(key) for key in ("number", "string", "python", "dynamic_linking")}
    return {"package": recipe["package"], "build": build, "requirements": recipe["requirements"]}


def expected() -> list[dict[str, Any]]:
    return [identity(variant.recipe.to_dict()) for variant in render(host_platform()).values()]


def as_conda_build(variants: Path, recipe: Path = RECIPE) -> list[dict[str, Any]]:
    """Render with the calls that conda-build 26.7 makes."""
    here = rattler_build.PlatformConfig(
        target_platform=host_platform(), build_platform=host_platform(), host_platform=host_platform()
    )
    config = rattler_build.VariantConfig().merge(rattler_build.VariantConfig.from_file(variants))
    rendered = rattler_build.Stage0Recipe.from_file(recipe).render(
        config, rattler_build.RenderConfig(platform=here)
    )
    return [identity(variant.recipe.to_dict()) for variant in rendered]


def selectors(text: str) -> list[str]:
    """Find lines with a selector like `# [linux]`, which conda-build ignores in files of this format."""
    return [line for line in text.splitlines() if re.search(r"#\s*\[[^\]]+\]\s*$", line)]


def conditions(node: object) -> list[str]:
    """Return the text of every `if:` in a YAML document."""
    if isinstance(node, dict):
        first = [str(node["if"])] if "if" in node else []
        return first + [condition for value in node.values() for condition in conditions(value)]
    if isinstance(node, list):
        return [condition for value in node for condition in conditions(value)]
    return []


def test_the_calls_of_conda_build_render_the_same_packages() -> None:
    assert as_conda_build(VARIANTS) == expected()


def test_another_variant_gives_another_package(tmp_path: Path) -> None:
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
    """conda-build knows nothing else when it evaluates an `if:`."""
    assert conditions({"a": [{"if": "win", "then": "b"}, "c"]}) == ["win"]
    texts = conditions(yaml.safe_load(VARIANTS.read_text(encoding="utf-8")))
    words = {word for condition in texts for word in re.findall(r"\w+", condition)}
    assert words <= {"linux", "osx", "win", "arm64", "aarch64", "x86_64", "and", "or", "not"}


def test_the_recipe_skips_nothing() -> None:
    """conda-build ignores `skip`, so variants.yaml must list only the packages to build."""
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
    # The documents follow each other without a YAML separator.
    documents = re.split(r"(?m)^(?=schema_version:)", text)[1:]
    assert [identity(yaml.safe_load(document)) for document in documents] == expected()
