"""List what pixi.toml requires: each package, its floor, and the version in its conda-forge feedstock.

A floor is the oldest version that this project's code works with. A floor above the feedstock's version is an
error, because no environment would solve.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from build_scripts.errors import CheckError, SourceError
from build_scripts.pin import ROOT
from build_scripts.versions import version_key

_RECIPES = ("recipe.yaml", "meta.yaml")
_URL = "https://raw.githubusercontent.com/conda-forge/{feedstock}/HEAD/recipe/{recipe}"
# Packages whose feedstock has another name.
_FEEDSTOCKS = {
    "cxx-compiler": "compilers",
    "py-lief": "lief",
    "python-clang": "clangdev",
}


@dataclass(frozen=True)
class Dependency:
    """A package that pixi.toml requires."""

    name: str
    table: str
    """Where pixi.toml requires it: a feature, a target, or `default`."""
    requirement: str
    """The versions that it may have, such as `>=0.28`."""

    @property
    def floor(self) -> str | None:
        """The oldest version that the requirement allows; None for any."""
        match = re.match(r">=([\d.]+)", self.requirement)
        return match[1] if match else None

    @property
    def feedstock(self) -> str:
        """The repository on conda-forge that builds it."""
        return f"{_FEEDSTOCKS.get(self.name, self.name)}-feedstock"


def read(path: Path = ROOT / "pixi.toml") -> Iterator[Dependency]:
    """Yield the dependencies in the order of pixi.toml."""
    table = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"\[(?:(?:feature|target)\.([\w-]+)\.)?(dependencies)?.*\]", line):
            table = (heading[1] or "default") if heading[2] else None
        elif table and (entry := re.fullmatch(r'([\w.-]+) = "([^"]+)"', line)):
            yield Dependency(entry[1], table, entry[2])


def table(feedstocks: Path | None = None, path: Path = ROOT / "pixi.toml") -> str:
    """Return the table as text; CheckError if a floor is above its feedstock's version.

    `feedstocks` is a folder of clones; None asks GitHub.
    """
    rows, findings = [("package", "for", "versions", "feedstock", "has")], []
    for dependency in read(path):
        version = _version(dependency.feedstock, feedstocks)
        rows.append(
            (
                dependency.name,
                dependency.table,
                dependency.requirement,
                dependency.feedstock,
                version or "unknown",
            )
        )
        if (
            version
            and dependency.floor
            and version_key(dependency.floor.strip(".")) > version_key(version.strip("."))
        ):
            findings.append(
                f"{dependency.name}: pixi.toml requires {dependency.requirement}, "
                f"{dependency.feedstock} has {version}"
            )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    if findings:
        raise CheckError("\n".join([*lines, "", "pixi.toml requires what conda-forge lacks:"]), findings)
    return "\n".join(lines)


def _version(feedstock: str, folder: Path | None) -> str | None:
    """Return the version in the feedstock's recipe; None if the recipe computes it."""
    for recipe in _RECIPES:
        text = _fetch(feedstock, recipe) if folder is None else _open(folder / feedstock / "recipe" / recipe)
        if text is not None:
            match = re.search(
                r"""^\s*(?:version:|{%-? set version =) *["']?(\d[\d.]*)["']?\s*(?:%}|#|$)""",
                text,
                re.MULTILINE,
            )
            return match[1] if match else None
    raise SourceError(f"{feedstock} has no recipe; correct the name in build_scripts/upkeep/dependencies.py")


def _open(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _fetch(feedstock: str, recipe: str) -> str | None:
    import urllib.error
    import urllib.request

    url = _URL.format(feedstock=feedstock, recipe=recipe)
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return str(response.read().decode())
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 404:
            return None
        raise SourceError(f"cannot read {url}: {error.code} {error.reason}; try again") from error
    except OSError as error:
        raise SourceError(
            f"cannot read {url} ({error}); check the network, or pass --feedstocks DIR, a folder of clones"
        ) from error
