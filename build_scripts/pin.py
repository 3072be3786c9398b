"""Reads variants.yaml and releases.tsv: the pinned release, and the records of all releases.

The pin is in variants.yaml only, one key per line: `llama_cpp_KEY: ["VALUE"]`. So `bump` can change a value
without touching the rest of the file, and commands can read the pin without a YAML parser, whose import
alone takes a twentieth of the time of `generate`. releases.tsv records other releases, so that their trees
can be verified whichever mirror they come from.
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
    """The record of one upstream release; None for what is not recorded."""

    tag: str
    git_tree: str | None = None
    """Id of the root tree object. It depends on the content only, so any mirror's copy can be checked."""
    archive_sha256: str | None = None
    """The sha256 of GitHub's archive/refs/tags/TAG.tar.gz."""
    node_llama_cpp: str | None = None
    """The version of the npm package whose gitRelease.bundle contains this tree."""
    gitlinks: tuple[tuple[str, str], ...] = ()
    """(path, commit) of each submodule: part of the tree's id, but not of its files."""


@dataclass(frozen=True)
class Pin:
    """The release from which the committed bindings and the default package are made."""

    release: Release
    version: str
    """The conda package's version."""
    headers_sha256: str
    """Digest of the public headers (see build_scripts/bindings/headers.py)."""
    fallback: str
    """Tag of a release on npm with byte-identical public headers; the pinned tag itself if npm has it, or if
    there is no such release."""


def pin_value(text: str, key: str) -> re.Match[str]:
    """Find the line of `llama_cpp_KEY` in the `text` of variants.yaml; group 1 of the match is the value."""
    line = re.compile(rf'^llama_cpp_{key}: \["([^"\\\n]*)"\] *(?:#.*)?$', re.MULTILINE)
    matches = list(line.finditer(text))
    if len(matches) != 1:
        raise UsageError(
            f'{VARIANTS.name} has {len(matches)} lines llama_cpp_{key}: ["..."]; it must have exactly one'
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
        # Empty if GitHub was out of reach when the pin was moved. The git tree is enough to verify it.
        archive_sha256=value("sha256") or None,
    )
    return Pin(release, value("version"), value("headers_sha256"), check_tag(value("fallback")))


def read_executables(path: Path = EXECUTABLES) -> frozenset[str]:
    """Read which files of the pin's tree are executable, as paths with slashes."""
    return frozenset(path.read_text(encoding="utf-8").splitlines())


def read_releases(pin: Pin, path: Path = RELEASES) -> dict[str, Release]:
    """Read the records of all releases, including the pin, by tag."""
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
    # A row for the pin adds to variants.yaml but does not override it.
    row_of_pin = releases.get(pin.release.tag, pin.release)
    release = replace(row_of_pin, git_tree=pin.release.git_tree, archive_sha256=pin.release.archive_sha256)
    return releases | {release.tag: release}
