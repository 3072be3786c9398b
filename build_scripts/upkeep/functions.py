"""docs/functions.tsv: in which surveyed releases each function exists, and in which library it is.

`survey` writes it; `site` reads it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from build_scripts.pin import ROOT

FUNCTIONS = ROOT / "docs" / "functions.tsv"


@dataclass(frozen=True)
class Record:
    """What the survey found about one function."""

    library: str
    """Its library's name without the ending, such as libllama; empty if no surveyed package had it."""
    releases: str
    """The surveyed releases that have it, as spans: `b3543-b5415, b6431-v0.5.0`."""


def to_tsv(names: Mapping[str, Iterable[str]], libraries: Mapping[str, str]) -> str:
    """Format the table: `names` maps each release, in order, to its functions."""
    tags = list(names)
    having: dict[str, set[str]] = {}
    for tag, functions in names.items():
        for function in functions:
            having.setdefault(function, set()).add(tag)
    rows = [
        f"{function}\t{libraries.get(function, '')}\t{_spans(tags, having[function])}"
        for function in sorted(having)
    ]
    return "\n".join(["function\tlibrary\treleases", *rows]) + "\n"


def _spans(tags: Sequence[str], having: set[str]) -> str:
    spans = []
    for present, group in groupby(tags, having.__contains__):
        run = list(group)
        if present:
            spans.append(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}")
    return ", ".join(spans)


def read(path: Path = FUNCTIONS) -> dict[str, Record]:
    """Read the table: each function's record."""
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")), delimiter="\t")
    return {row["function"]: Record(row["library"], row["releases"]) for row in rows}
