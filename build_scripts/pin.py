"""Reads variants.yaml and releases.tsv: the pinned release, and what is recorded about every release.

Only variants.yaml names the pin. Each of its keys has one line, `llama_cpp_KEY: ["VALUE"]`. So `bump` can
change a value without touching the rest of the file, and no command needs a YAML parser to read the pin.
releases.tsv records digests of other releases, so a tree from any mirror can be verified.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path

from .errors import UsageError
from .versions import check_tag

ROOT = Path(__file__).resolve().parent.parent
VARIANTS = ROOT / "variants.yaml"
RELEASES = Path(__file__).with_name("releases.tsv")
EXECUTABLES = Path(__file__).with_name("executables.txt")
"""Lists the pin's executable files, for folders on file systems that cannot mark them (Windows)."""


@dataclass(frozen=True)
class Release:
    """The record of one upstream release; None for each unknown value."""

    tag: str
    git_tree: str | None = None
    """The id of its root tree object. It follows from the content, so it verifies a copy from any mirror."""
    archive_sha256: str | None = None
    """The sha256 of GitHub's archive/refs/tags/TAG.tar.gz."""
    node_llama_cpp: str | None = None
    """The version of the npm package whose gitRelease.bundle contains this tree."""
    gitlinks: tuple[tuple[str, str], ...] = ()
    """(path, commit) of each submodule. They are part of the tree's id but not of its files."""


@dataclass(frozen=True)
class Pin:
    """The release of the committed bindings and of the default package."""

    release: Release
    version: str
    """The conda package's version."""
    headers_sha256: str
    """The digest of its public headers; bindings/headers.py computes it."""
    fallback: str
    """The tag of a release on npm with byte-identical public headers: the pin's own tag if npm carries the
    pin, or if no release fits."""


def pin_value(text: str, key: str) -> re.Match[str]:
    """Find the line of `llama_cpp_KEY` in the `text` of variants.yaml; group 1 of the match is the value."""
    line = re.compile(rf'^llama_cpp_{key}: \["([^"\\\n]*)"\] *(?:#.*)?$', re.MULTILINE)
    matches = list(line.finditer(text))
    if len(matches) != 1:
        raise UsageError(
            f'{VARIANTS.name} must have one line llama_cpp_{key}: ["..."]; it has {len(matches)}'
        )
    return matches[0]


def read_pin(path: Path = VARIANTS) -> Pin:
    """Read the pin from variants.yaml."""
    text = path.read_text(encoding="utf-8")

    def value(key: str) -> str:
        return pin_value(text, key)[1]

    release = Release(
        tag=check_tag(value("tag")),
        git_tree=value("git_tree"),
        # Empty if GitHub was out of reach when the pin was moved; the git tree verifies the source.
        archive_sha256=value("sha256") or None,
    )
    return Pin(release, value("version"), value("headers_sha256"), check_tag(value("fallback")))


def read_executables(path: Path = EXECUTABLES) -> frozenset[str]:
    """Read which files of the pin's tree are executable, as paths with slashes."""
    return frozenset(path.read_text(encoding="utf-8").splitlines())


def read_releases(pin: Pin, path: Path = RELEASES) -> dict[str, Release]:
    """Read the record of every known release, including the pin, by tag."""
    releases: dict[str, Release] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            links = (link.split("=") for link in (row["gitlinks"] or "").split())
            releases[row["tag"]] = Release(
                tag=row["tag"],
                git_tree=row["git_tree"] or None,
                archive_sha256=row["archive_sha256"] or None,
                node_llama_cpp=row["node_llama_cpp"] or None,
                gitlinks=tuple((name, commit) for name, commit in links),
            )
    # The pin's row adds to variants.yaml and never overrides it.
    known = releases.get(pin.release.tag, pin.release)
    own = replace(known, git_tree=pin.release.git_tree, archive_sha256=pin.release.archive_sha256)
    return releases | {own.tag: own}
