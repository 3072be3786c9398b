"""The table of dependencies: each with its floor, its feedstock, and what the feedstock has."""

from __future__ import annotations

import io
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path

import pytest

from build_scripts import cli
from build_scripts.errors import CheckError, SourceError
from build_scripts.upkeep import dependencies
from tests import pixi_manifest

MANIFEST = """\
[workspace]
name = "llama-ctypes"

[dependencies]
# The parser.
py-lief = ">=0.16"
ninja = "*"

[target.linux.dependencies]
patchelf = "*"

[feature.conda-build.dependencies]
conda-build = ">=26.5,<27"

[tasks.lint]
cmd = "python -m build_scripts lint"
"""
RECIPES = {
    "lief": '{% set version = "0.17.6" %}\npackage:\n  version: {{ version }}\n',
    "ninja": 'context:\n  version: "1.13.2"\npackage:\n  version: ${{ version }}\n',
    "patchelf": "package:\n  version: {{ computed }}\n",
    "conda-build": "package:\n  version: 26.5.0  # the first\n",
}


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "pixi.toml"
    path.write_text(MANIFEST)
    return path


@pytest.fixture
def feedstocks(tmp_path: Path) -> Path:
    for name, text in RECIPES.items():
        recipe = "recipe.yaml" if "context" in text else "meta.yaml"
        path = tmp_path / "feedstocks" / f"{name}-feedstock" / "recipe" / recipe
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return tmp_path / "feedstocks"


def test_the_table(manifest: Path, feedstocks: Path) -> None:
    assert dependencies.table(feedstocks, manifest) == (
        "package      for          versions    feedstock              has\n"
        "py-lief      default      >=0.16      lief-feedstock         0.17.6\n"
        "ninja        default      *           ninja-feedstock        1.13.2\n"
        "patchelf     linux        *           patchelf-feedstock     unknown\n"
        "conda-build  conda-build  >=26.5,<27  conda-build-feedstock  26.5.0"
    )


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (">=0.16", ">=0.18", "py-lief: pixi.toml requires >=0.18, lief-feedstock has 0.17.6"),
        (
            ">=26.5,",
            ">=26.10,",
            "conda-build: pixi.toml requires >=26.10,<27, conda-build-feedstock has 26.5.0",
        ),
    ],
)
def test_a_floor_that_conda_forge_lacks(
    old: str, new: str, finding: str, manifest: Path, feedstocks: Path
) -> None:
    manifest.write_text(MANIFEST.replace(old, new))
    with pytest.raises(CheckError) as caught:
        dependencies.table(feedstocks, manifest)
    assert caught.value.findings == (finding,)
    assert "py-lief      default" in str(caught.value)


def test_a_feedstock_without_recipe(manifest: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="lief-feedstock has no recipe"):
        dependencies.table(tmp_path, manifest)


def test_it_reads_pixi_toml_as_pixi_does() -> None:
    manifest = pixi_manifest.read()
    tables = {"default": manifest, **manifest["target"], **manifest["feature"]}
    expected = [
        dependencies.Dependency(name, table, requirement)
        for table, content in tables.items()
        for name, requirement in content.get("dependencies", {}).items()
    ]
    assert sorted(map(str, dependencies.read())) == sorted(map(str, expected))


def test_github_is_asked_for_either_recipe(manifest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    requests = []

    def urlopen(url: str, timeout: float) -> io.BytesIO:
        requests.append(url)
        feedstock, _, recipe = url.removeprefix("https://raw.githubusercontent.com/conda-forge/").split(
            "/", 2
        )
        text = RECIPES[feedstock.removesuffix("-feedstock")]
        if recipe != ("recipe/recipe.yaml" if "context" in text else "recipe/meta.yaml"):
            raise urllib.error.HTTPError(url, 404, "Not Found", Message(), None)
        return io.BytesIO(text.encode())

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    assert "ninja-feedstock        1.13.2" in dependencies.table(None, manifest)
    assert requests[:2] == [
        f"https://raw.githubusercontent.com/conda-forge/lief-feedstock/HEAD/recipe/{name}.yaml"
        for name in ("recipe", "meta")
    ]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError("no network"), r"\(no network\); check the network, or pass --feedstocks DIR"),
        (urllib.error.HTTPError("x", 503, "Unavailable", Message(), None), "503 Unavailable; try again"),
    ],
)
def test_github_does_not_answer(
    error: OSError, message: str, manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def urlopen(url: str, timeout: float) -> io.BytesIO:
        raise error

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    with pytest.raises(SourceError, match=message):
        dependencies.table(None, manifest)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for dependency in dependencies.read():
        path = tmp_path / dependency.feedstock / "recipe" / "recipe.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("context:\n  version: 999.0\n")
    assert cli.main(["dependencies", "--feedstocks", str(tmp_path)]) == 0
    assert "clangdev-feedstock" in capsys.readouterr().out
