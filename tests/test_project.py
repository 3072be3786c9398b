"""Facts about this project that several files repeat agree."""

from __future__ import annotations

import configparser
import re
from typing import Any

import pytest
import yaml

from build_scripts.pin import ROOT

from . import pixi_manifest


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture
def pyproject() -> dict[str, Any]:
    tomllib = pytest.importorskip("tomllib", reason="tomllib came with Python 3.11")
    settings: dict[str, Any] = tomllib.loads(text("pyproject.toml"))
    return settings


def test_pyproject_and_pixi_describe_one_project(pyproject: dict[str, Any]) -> None:
    project, workspace = pyproject["project"], pixi_manifest.read()["workspace"]
    assert {key: project[key] for key in ("name", "description")} == {
        key: workspace[key] for key in ("name", "description")
    }
    oldest = yaml.safe_load(text("variants.yaml"))["python_min"]
    assert [project["requires-python"]] == [f">={version}" for version in oldest]
    assert pyproject["tool"]["mypy"]["python_version"] in oldest


def test_the_project_url_is_the_same_everywhere(pyproject: dict[str, Any]) -> None:
    urls = pyproject["project"]["urls"]
    home = urls["Repository"]
    assert all(url.startswith(home) for url in urls.values())
    about = text("recipe/recipe.yaml").partition("\nabout:\n")[2]
    for key in ("homepage", "repository", "documentation"):
        assert re.findall(rf"^  {key}: (\S+)$", about, re.MULTILINE) == [urls[key.capitalize()]]
    for page in ("README.md", "docs/install.md"):
        assert f"\npixi add --git {home} llama-ctypes\n" in text(page)
        assert 'preview = ["pixi-build"]' in text(page)
    report = f"{home}/security/advisories/new"
    assert report in text("SECURITY.md")
    assert report in text(".github/ISSUE_TEMPLATE/config.yml")


def test_editors_get_the_settings_of_ruff(pyproject: dict[str, Any]) -> None:
    settings = configparser.ConfigParser()
    settings.read_string("[top]\n" + text(".editorconfig"))
    assert settings["*.py"]["max_line_length"] == str(pyproject["tool"]["ruff"]["line-length"])
    # ruff's defaults, which pyproject.toml does not change.
    assert "format" not in pyproject["tool"]["ruff"]
    assert (settings["*"]["indent_style"], settings["*"]["indent_size"]) == ("space", "4")
