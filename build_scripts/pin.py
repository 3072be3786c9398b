"""variants.yaml and releases.tsv: which release is built, and what is known of each release.

The pin lives in variants.yaml and nowhere else, each key on a line of its own, `llama_cpp_KEY: ["VALUE"]`:
so `bump` can change a value and leave the rest of the file as it is, and every command can read the pin
without a YAML parser, whose import alone takes a twentieth of the time of `generate`. releases.tsv adds
what was recorded of other releases, so that trees from any mirror can be verified without trusting it.
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


@dataclass(frozen=True)
class Release:
    """What is on record about one upstream release; None where nothing is."""

    tag: str
    git_tree: str | None = None
    """Id of the release's root tree object: content-addressed, so any mirror's copy can be checked."""
    archive_sha256: str | None = None
    """Of GitHub's archive/refs/tags/TAG.tar.gz."""
    node_llama_cpp: str | None = None
    """The version of the npm package whose gitRelease.bundle holds this tree."""
    gitlinks: tuple[tuple[str, str], ...] = ()
    """(path, commit) of submodules: part of the tree's id, absent from its files."""


@dataclass(frozen=True)
class Pin:
    """The release the committed bindings and the default package are made from."""

    release: Release
    version: str
    """The conda package's version."""
    headers_sha256: str
    """Digest of the public headers (see build_scripts/bindings/headers.py)."""
    fallback: str
    """Tag of a release with byte-identical public headers that npm carries; the pin's own where it is that
    release, or where there is none."""


def pin_value(text: str, key: str) -> re.Match[str]:
    """The line of `llama_cpp_KEY` in the `text` of variants.yaml; group 1 is the value."""
    line = re.compile(rf'^llama_cpp_{key}: \["([^"\\\n]*)"\] *(?:#.*)?$', re.MULTILINE)
    found = list(line.finditer(text))
    if len(found) != 1:
        raise UsageError(f'{VARIANTS.name} must have one line llama_cpp_{key}: ["..."]; it has {len(found)}')
    return found[0]


def read_pin(path: Path = VARIANTS) -> Pin:
    """Read the pin out of variants.yaml."""
    text = path.read_text(encoding="utf-8")

    def value(key: str) -> str:
        return pin_value(text, key)[1]

    release = Release(
        tag=check_tag(value("tag")),
        git_tree=value("git_tree"),
        # Empty where GitHub was out of reach when the pin was moved: the git tree is what counts.
        archive_sha256=value("sha256") or None,
    )
    return Pin(release, value("version"), value("headers_sha256"), check_tag(value("fallback")))


def read_releases(pin: Pin, path: Path = RELEASES) -> dict[str, Release]:
    """Every release something is on record about, the pin included, by tag."""
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
    # A row for the pin adds to what variants.yaml says; it has no say in that.
    known = releases.get(pin.release.tag, pin.release)
    own = replace(known, git_tree=pin.release.git_tree, archive_sha256=pin.release.archive_sha256)
    return releases | {own.tag: own}
