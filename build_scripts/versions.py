"""Checks and sorts release tags, and derives the conda package's version from them."""

from __future__ import annotations

import os
import re
from pathlib import Path

from .errors import SourceError, UsageError

# Upstream's two tag styles: build numbers (b6124) and, since 2026, semantic versions (v0.5.0).
_TAG = re.compile(r"b[1-9][0-9]{0,8}|v(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")


def check_tag(tag: str) -> str:
    """Return `tag`; raise UsageError if upstream does not spell tags this way."""
    if not _TAG.fullmatch(tag):
        raise UsageError(
            f"{tag!r} is not a llama.cpp release tag; pass one like b6124 or v0.5.0 (--tag or LLAMA_CPP_TAG)"
        )
    return tag


def sort_key(tag: str) -> tuple[bool, list[int]]:
    """Return a key that sorts b tags by number, then v tags by version.

    A tag alone does not tell whether build b11500 is newer than v0.5.0; `version_key` of their package
    versions does.
    """
    return tag[0] == "v", [int(number) for number in tag[1:].split(".")]


def requested_tag(argument: str | None) -> str | None:
    """Return the tag in `argument`, else in LLAMA_CPP_TAG; None means the pin."""
    # Workflows pass on empty inputs, so an empty variable counts as unset. An empty argument is a mistake.
    tag = argument if argument is not None else os.environ.get("LLAMA_CPP_TAG") or None
    return None if tag is None else check_tag(tag)


def package_version(tag: str, tree: Path) -> str:
    """Return the conda version of release `tag`, unique and in the order of upstream's releases.

    vX.Y.Z is X.Y.Z. bN is 0.0.N until CMakeLists.txt of its `tree` contains a version. From then on the file
    contains the last release X.Y.Z, and bN is X.Y.Z.N: after that release, before the next.
    """
    if tag.startswith("v"):
        return tag[1:]
    lists = tree / "CMakeLists.txt"
    try:
        text = lists.read_text(encoding="utf-8")
    except OSError as error:
        raise SourceError(
            f"cannot read {lists} ({error.strerror}); check that {tree} is a llama.cpp tree"
        ) from error
    parts = [
        re.search(rf"^\s*set\(LLAMA_VERSION_{part}\s+(\d+)\)", text, re.MULTILINE)
        for part in ("MAJOR", "MINOR", "PATCH")
    ]
    numbers = [match[1] for match in parts if match]
    return ".".join([*(numbers if len(numbers) == len(parts) else "00"), tag[1:]])


def version_key(version: str) -> list[int]:
    """Return a key that sorts versions of numbers, such as those of `package_version`, as conda does."""
    return [int(number) for number in version.split(".")]
