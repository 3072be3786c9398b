"""What holds for which release: every check on every release that can be had, as one table."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from . import generate
from .checks import compiler
from .emit import Provenance, emit
from .errors import LlamaCtypesError
from .headers import find
from .parse import parse
from .pin import Pin, Release
from .source import resolve


@dataclass(frozen=True)
class Row:
    """One release: what the compiler confirmed, or why nothing was."""

    tag: str
    headers: int = 0
    functions: int = 0
    records: int = 0
    fields: int = 0
    enumerators: int = 0
    constants: int = 0
    callbacks: int = 0
    refused: int = 0
    """Declarations that ctypes cannot express."""
    disagreements: int = 0
    seconds: float = 0.0
    """Parsing, writing, importing and compiling, without fetching."""
    error: str = ""


def survey(
    tags: Iterable[str], pin: Pin, releases: Mapping[str, Release], announce: Callable[[str], None]
) -> list[Row]:
    """Check each of `tags`; what fails is a row with its reason, not an end."""
    rows = []
    for tag in tags:
        try:
            row = _check(tag, pin, releases, announce)
        except LlamaCtypesError as error:
            findings = getattr(error, "findings", ())
            row = Row(tag, disagreements=len(findings), error=str(error).splitlines()[0])
        announce(f"{tag}: {row.error or f'{row.functions} functions confirmed'}")
        rows.append(row)
    return rows


def _check(tag: str, pin: Pin, releases: Mapping[str, Release], announce: Callable[[str], None]) -> Row:
    tree = resolve(tag, pin=pin, releases=releases, announce=announce)
    started = time.perf_counter()
    headers = find(tree.path)
    model = parse(headers)
    files = emit(model, Provenance(tag, headers.sha256))
    with tempfile.TemporaryDirectory() as folder:
        generated = {f"{generate.GENERATED}/{name}": text for name, text in files.items()}
        everything = generate.package_files(generated, "surveyed", Path(folder))
        package = generate.write(everything, Path(folder), "surveyed")
        counts = compiler.check(package, model, headers)
    return Row(
        tag,
        headers=len(headers.files),
        refused=len(model.refusals),
        seconds=time.perf_counter() - started,
        **asdict(counts),
    )


def to_markdown(rows: Sequence[Row]) -> str:
    """The table as a document; without times, so that it changes only where a result does."""
    columns = (
        "headers",
        "functions",
        "records",
        "fields",
        "enumerators",
        "constants",
        "callbacks",
        "refused",
    )
    lines = [
        "# What was proved, release by release",
        "",
        "Made by `python3 -m build_scripts survey --output docs/releases.md`. For each release bindings were",
        "generated and imported, and the C++ compiler confirmed, of the ctypes objects a user gets: size,",
        "alignment, and every field's offset, size and type of every record; the value of every enumerator",
        "and constant; result, number of parameters and each parameter's type of each function and callback.",
        "",
        f"| release | {' | '.join(columns)} | disagreements |",
        f"|---|{'---:|' * (len(columns) + 1)}",
    ]
    for row in rows:
        values = " | ".join(str(getattr(row, column)) for column in columns)
        last = f"{row.error} ({row.disagreements})" if row.error else str(row.disagreements)
        lines.append(f"| {row.tag} | {values} | {last} |")
    return "\n".join(lines) + "\n"
