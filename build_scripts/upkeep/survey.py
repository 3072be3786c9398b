"""Run every check on every available upstream release, and write the results as one table."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from build_scripts.bindings import generate
from build_scripts.bindings.checks import compiler
from build_scripts.bindings.headers import find
from build_scripts.bindings.parse import parse
from build_scripts.errors import LlamaCtypesError, UsageError
from build_scripts.packaging.channel import choose
from build_scripts.packaging.smoke_test import run_package
from build_scripts.pin import Pin, Release
from build_scripts.source import resolve
from build_scripts.versions import package_version

from . import functions

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Row:
    """The results for one release: what the compiler confirmed, or the error."""

    tag: str
    headers: int = 0
    functions: int = 0
    records: int = 0
    fields: int = 0
    enumerators: int = 0
    constants: int = 0
    callbacks: int = 0
    unsupported: int = 0
    """Declarations that ctypes cannot express."""
    exported: int | None = None
    """Bound functions that the package's libraries export, all that they should; None without a package."""
    disagreements: int = 0
    seconds: float = 0.0
    """Time to parse, write, import and compile, without the download."""
    error: str = ""
    names: tuple[str, ...] = ()
    """The functions that the headers declare."""
    libraries: Mapping[str, str] = field(default_factory=dict)
    """The library of each name that the package's libraries export."""


def survey(
    tags: Iterable[str],
    pin: Pin,
    releases: Mapping[str, Release],
    packages: Path | None,
) -> list[Row]:
    """Check each of `tags`; return a row per tag, with the error for a tag that fails.

    A release with a package in the channel folder `packages` is also installed and generates text.
    """
    channels = [] if packages is None else choose(None)
    rows = []
    for tag in tags:
        try:
            row = _check(tag, pin, releases, packages, channels)
        except LlamaCtypesError as error:
            findings = getattr(error, "findings", ())
            row = Row(tag, disagreements=len(findings), error=str(error).splitlines()[0])
        _logger.info(f"{tag}: {row.error or f'{row.functions} functions confirmed'}")
        rows.append(row)
    if not rows:
        raise UsageError("no release to survey: name one, such as b6122")
    return rows


def _check(
    tag: str,
    pin: Pin,
    releases: Mapping[str, Release],
    packages: Path | None,
    channels: Sequence[str],
) -> Row:
    tree = resolve(tag, pin=pin, releases=releases)
    started = time.perf_counter()
    headers = find(tree.path)
    model = parse(headers)
    with tempfile.TemporaryDirectory() as folder:
        files = generate.render(model, headers, tag)
        contents = generate.package_files(files, "surveyed", Path(folder))
        package = generate.write(contents, Path(folder), "surveyed")
        counts = compiler.check(package, model, headers)
    row = Row(
        tag,
        headers=len(headers.files),
        unsupported=len(model.unsupported),
        seconds=time.perf_counter() - started,
        names=tuple(function.name for function in model.functions),
        **asdict(counts),
    )
    if packages is None:
        return row
    candidates = sorted(packages.glob(f"*/llama-ctypes-{package_version(tag, tree.path)}-*.conda"))
    if not candidates:
        return row
    result = run_package(candidates[0], tree, packages, channels)
    return replace(row, exported=result.exported, libraries=result.libraries)


_COLUMNS = (
    *("headers", "functions", "records", "fields", "enumerators", "constants", "callbacks", "unsupported"),
    "exported",
)
# Words for users, if they differ from the fields' names.
_HEADINGS = {"records": "structs"}
_TITLE = """\
# Which releases were checked

`python3 -m build_scripts survey --packages output --output docs/releases.md` wrote this table. For each
release it generated and imported the bindings. The C++ compiler then confirmed the ctypes objects that a
user gets: the size and alignment of every struct and union, and the offset, size and type of each field;
the value of every enumerator and constant; the result, the number of parameters and the type of each
parameter of every function and callback.

`unsupported` counts declarations that ctypes cannot express; the bindings leave them out. `exported` is
filled in if a package was built: it counts the functions that the libraries export, and none that they
should export is missing. Those packages were also installed into an empty prefix and generated text.

"""


def to_markdown(rows: Sequence[Row]) -> str:
    """Format the rows as a Markdown document; without times, so that only changed results change it."""
    lines = _TITLE.splitlines()
    lines += [
        f"| release | {' | '.join(_HEADINGS.get(column, column) for column in _COLUMNS)} | disagreements |",
        f"|---|{'---:|' * (len(_COLUMNS) + 1)}",
    ]
    for row in rows:
        cells = (getattr(row, column) for column in _COLUMNS)
        values = " | ".join("" if cell is None else str(cell) for cell in cells)
        verdict = f"{row.error} ({row.disagreements})" if row.error else str(row.disagreements)
        lines.append(f"| {row.tag} | {values} | {verdict} |")
    return "\n".join(lines) + "\n"


def to_tsv(rows: Sequence[Row]) -> str:
    """Format which release has which function, and in which library, as the table that functions.py reads."""
    libraries: dict[str, str] = {}
    for row in rows:
        libraries.update(row.libraries)
    return functions.to_tsv({row.tag: row.names for row in rows if row.names}, libraries)
