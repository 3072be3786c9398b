"""Release tags and what follows from them: their spelling, their order, the conda package's version."""

from __future__ import annotations

import os
import re
from pathlib import Path

from .errors import SourceError, UsageError

# Upstream's two tag styles: build numbers (b6124) and, since 2026, semantic versions (v0.5.0).
_TAG = re.compile(r"b[1-9][0-9]{0,8}|v(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")


def check_tag(tag: str) -> str:
    """Return `tag` if it is spelled as upstream spells tags, else raise UsageError."""
    if not _TAG.fullmatch(tag):
        raise UsageError(
            f"{tag!r} is no llama.cpp release tag; tags look like b6124 or v0.5.0 (--tag or LLAMA_CPP_TAG)"
        )
    return tag


def sort_key(tag: str) -> tuple[bool, list[int]]:
    """A sort key: b-numbers first, as upstream had them, each style in the order of its numbers."""
    return tag[0] == "v", [int(number) for number in tag[1:].split(".")]


def requested_tag(argument: str | None) -> str | None:
    """The tag asked for, by argument or else LLAMA_CPP_TAG; None means the pin."""
    # An empty variable is an unset one (workflows pass empty inputs on); an empty argument is a mistake.
    tag = argument if argument is not None else os.environ.get("LLAMA_CPP_TAG") or None
    return None if tag is None else check_tag(tag)


def package_version(tag: str, tree: Path) -> str:
    """The conda version of release `tag`: what upstream itself installs, so that the order is upstream's.

    bN is 0.0.N until CMakeLists.txt carries a version of its own; vX.Y.Z is X.Y.Z.
    """
    if tag.startswith("v"):
        return tag[1:]
    lists = tree / "CMakeLists.txt"
    try:
        text = lists.read_text(encoding="utf-8")
    except OSError as error:
        raise SourceError(
            f"{lists} cannot be read ({error.strerror}); is {tree} llama.cpp's source?"
        ) from error
    parts = [
        re.search(rf"^\s*set\(LLAMA_VERSION_{part}\s+(\d+)\)", text, re.MULTILINE)
        for part in ("MAJOR", "MINOR", "PATCH")
    ]
    numbers = [match[1] for match in parts if match]
    return ".".join(numbers) if len(numbers) == len(parts) else f"0.0.{tag[1:]}"
