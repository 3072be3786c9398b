"""Move the pin to another upstream release, and update everything that depends on it, or change nothing.

These depend on the pin: the llama_cpp_* keys of variants.yaml, the generated bindings, the pin's line in
README.md, an entry in CHANGELOG.md, the rows of releases.tsv, and executables.txt.

- The archive's sha256 comes from releases.tsv, else from GitHub's archive, if that has the verified git tree.
  If GitHub is unreachable, it stays empty: sources are then verified by git tree, and another `bump` to the
  same tag adds it later.
- The pin has a row in releases.tsv only if the row contains more than variants.yaml (npm, submodules). Other
  pins get a row when the pin moves on, and lose it when it returns. The row also records the version, header
  digest and fallback release, so `bump` can return to that pin if only the fallback's tree is available.
- The fallback release is the pin itself if npm carries it, else the nearest release on npm whose public
  headers are byte-identical. If there is none, the pin names itself.
- Going back removes the changelog entry, unless someone edited it.
"""

from __future__ import annotations

import csv
import logging
import re
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from build_scripts.bindings import diff
from build_scripts.bindings.emit import Provenance, emit
from build_scripts.bindings.generate import GENERATED, PACKAGE, headers_of
from build_scripts.bindings.headers import HeaderSet, find
from build_scripts.bindings.ir import Model
from build_scripts.bindings.parse import parse
from build_scripts.errors import LlamaCtypesError, SourceError, UsageError, VerificationError
from build_scripts.pin import (
    EXECUTABLES,
    RELEASES,
    ROOT,
    VARIANTS,
    Pin,
    Release,
    pin_value,
    read_pin,
    read_releases,
)
from build_scripts.source import SourceTree, executables, fetch, keep, resolve
from build_scripts.versions import check_tag, package_version, sort_key

from .edits import Edit, apply

_logger = logging.getLogger(__name__)

# Columns of releases.tsv that variants.yaml lacks, and those that only former pins fill.
_ROW_COLUMNS = ("node_llama_cpp", "gitlinks")
_PIN_COLUMNS = ("version", "headers_sha256", "fallback")
_UNRELEASED = "## Unreleased\n"


def bump(tag: str, source: Path | None, root: Path = ROOT) -> str:
    """Pin release `tag` in the checkout `root`, with the tree of `source` unless None; return a summary.

    Files change only after every new file is checked and written next to its target. If that fails, all
    changes are undone.
    """
    check_tag(tag)
    table = root / RELEASES.relative_to(ROOT)
    old_pin = read_pin(root / VARIANTS.relative_to(ROOT))
    releases = read_releases(old_pin, table)
    old_tag = old_pin.release.tag
    recorded = recorded_pin(table, tag) or (old_pin if tag == old_tag else None)
    tree = _tree(tag, source, recorded, old_pin, releases)
    try:
        old_tree = tree if tag == old_tag else resolve(None, pin=old_pin, releases=releases)
    except SourceError as error:
        raise SourceError(
            f"cannot compare {tag} with the pinned {old_tag}: {error}. First run "
            f"`bump {old_tag} --source PATH` with a tree of {old_tag}; the cache keeps it"
        ) from error
    old_model = parse(headers_of(old_tree, old_tag, old_pin))

    headers = find(tree.path)
    model = parse(headers)
    release = releases.get(tag, Release(tag))
    if tree.tag == tag:
        sha256 = _archive_sha256(tree, source, old_pin, releases)
        release = replace(release, git_tree=tree.git_tree, archive_sha256=sha256)
    if recorded and recorded.headers_sha256 == headers.sha256:
        pin = replace(recorded, release=release)
    else:
        fallback = _fallback(tag, headers, old_pin, releases)
        pin = Pin(release, package_version(tag, tree.path), headers.sha256, fallback)
    edits = plan(root, old_pin, pin, old_model, model, executables(tree))
    edits = [edit for edit in edits if edit.before != edit.after]
    keep(tree, release.gitlinks)
    apply(edits)
    if not edits:
        return f"{tag} is already the pin, and every file matches it"
    move = f"still {tag}" if tag == old_tag else f"{old_tag} -> {tag}"
    return f"{move}: {diff.summary(diff.compare(old_model, model))}; {len(edits)} files written"


def _tree(
    tag: str,
    source: Path | None,
    recorded: Pin | None,
    pin: Pin,
    releases: Mapping[str, Release],
) -> SourceTree:
    """Return the tree of `tag`, or of its recorded fallback release if only that is available.

    The fallback's public headers must be identical to those of `tag`.
    """
    try:
        return resolve(tag, source, pin=pin, releases=releases)
    except VerificationError:
        raise
    except SourceError:
        if source is not None or recorded is None or recorded.fallback == tag:
            raise
        tree = resolve(recorded.fallback, pin=pin, releases=releases)
        if find(tree.path).sha256 != recorded.headers_sha256:
            raise
    _logger.info(f"{tag} is not available; using {tree.tag} instead: their public headers are identical")
    return tree


def recorded_pin(path: Path, tag: str) -> Pin | None:
    """Return the former pin `tag` as recorded in releases.tsv; None if the table has no such pin."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            version, headers, fallback = (row.get(column) for column in _PIN_COLUMNS)
            if row["tag"] == tag and version and headers and fallback:
                release = Release(tag, row["git_tree"] or None, row["archive_sha256"] or None)
                return Pin(release, version, headers, check_tag(fallback))
    return None


def _archive_sha256(
    tree: SourceTree, source: Path | None, pin: Pin, releases: Mapping[str, Release]
) -> str | None:
    """Return the sha256 of GitHub's archive of `tree`; None if not recorded and GitHub is unreachable."""
    recorded = releases.get(tree.tag, Release(tree.tag)).archive_sha256
    # The hash of an archive passed as `source` is not used: someone may have repacked it.
    if sha256 := recorded or (tree.archive_sha256 if source is None else None):
        return sha256
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / f"{tree.tag}.tar.gz"
        try:
            sha256 = fetch.github_archive(tree.tag, archive)
        except fetch.OutOfReach as reason:
            _logger.info(
                f"{reason}: the archive of {tree.tag} has no recorded sha256, so it stays empty and sources "
                f"are verified by git tree; run `bump {tree.tag}` again when GitHub is reachable to add it"
            )
            return None
        github_tree = resolve(tree.tag, archive, pin=pin, releases=releases)
    if github_tree.git_tree != tree.git_tree:
        raise VerificationError(
            f"{tree.origin} has the git tree {tree.git_tree}, but GitHub's archive of {tree.tag} has "
            f"{github_tree.git_tree}; nothing was changed. Use GitHub's archive as --source"
        )
    return sha256


def _fallback(tag: str, headers: HeaderSet, pin: Pin, releases: Mapping[str, Release]) -> str:
    """Return the release on npm with these `headers`: `tag` or a neighbour; `tag` if there is none."""
    on_npm = sorted((r.tag for r in releases.values() if r.node_llama_cpp and r.git_tree), key=sort_key)
    if tag in on_npm:
        return tag
    below = [candidate for candidate in on_npm if sort_key(candidate) < sort_key(tag)][-1:]
    above = [candidate for candidate in on_npm if sort_key(candidate) > sort_key(tag)][:1]
    for candidate in below + above:
        try:
            tree = resolve(candidate, pin=pin, releases=releases)
        except LlamaCtypesError as error:
            _logger.info(f"cannot check {candidate} as the fallback of {tag}: {error}")
            continue
        if find(tree.path).sha256 == headers.sha256:
            return candidate
    _logger.info(f"no release on npm has the same headers as {tag}: it has no fallback release")
    return tag


# -- the edits --------------------------------------------------------------------------------------


def plan(
    root: Path, old_pin: Pin, pin: Pin, old_model: Model, model: Model, marked: frozenset[str]
) -> list[Edit]:
    """Return the edits of the files in the checkout `root`, variants.yaml last; write nothing.

    `marked` are the executable files of the new pin.
    """
    texts: dict[Path, str | None] = {}
    generated = root / PACKAGE / GENERATED
    for path in generated.glob("*"):
        if path.suffix in (".py", ".pyi"):
            texts[path] = None
    for name, text in emit(model, Provenance(pin.release.tag, pin.headers_sha256)).items():
        if name.endswith(".py"):
            compile(text, name, "exec")
        texts[generated / name] = text
    old_tag, tag = old_pin.release.tag, pin.release.tag
    texts[root / "README.md"] = readme(_read(root / "README.md"), old_tag, tag)
    if old_tag != tag:
        entries = (entry(old_model, model, old_tag, tag), entry(model, old_model, tag, old_tag))
        texts[root / "CHANGELOG.md"] = changelog(_read(root / "CHANGELOG.md"), *entries)
    path = root / RELEASES.relative_to(ROOT)
    texts[path] = release_table(_read(path), old_pin, tag)
    texts[root / EXECUTABLES.relative_to(ROOT)] = "".join(f"{name}\n" for name in sorted(marked))
    path = root / VARIANTS.relative_to(ROOT)
    texts[path] = variants(_read(path), pin)
    return [
        Edit(path, path.read_bytes() if path.exists() else None, None if text is None else text.encode())
        for path, text in texts.items()
    ]


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}; run this in a complete checkout") from error


def variants(text: str, pin: Pin) -> str:
    """Return the text of variants.yaml with the llama_cpp_* keys of `pin`; all other text stays."""
    values = {
        "tag": pin.release.tag,
        "version": pin.version,
        "url": fetch.ARCHIVE_URL.format(tag=pin.release.tag),
        "sha256": pin.release.archive_sha256 or "",
        "git_tree": pin.release.git_tree or "",
        "headers_sha256": pin.headers_sha256,
        "fallback": pin.fallback,
    }
    for key, value in values.items():
        start, end = pin_value(text, key).span(1)
        text = text[:start] + value + text[end:]
    return text


def release_table(text: str, old_pin: Pin, tag: str) -> str:
    """Return the text of releases.tsv after the pin moves from `old_pin` to `tag`: a row more or less."""
    head, *lines = text.splitlines(keepends=True)
    columns = head.rstrip("\n").split("\t")
    rows = {line.split("\t")[0]: line for line in lines}
    release = old_pin.release
    if release.tag not in (tag, *rows):
        values = {
            "tag": release.tag,
            "git_tree": release.git_tree,
            "archive_sha256": release.archive_sha256,
            "version": old_pin.version,
            "headers_sha256": old_pin.headers_sha256,
            "fallback": old_pin.fallback,
        }
        rows[release.tag] = "\t".join(values.get(column) or "" for column in columns) + "\n"
    cells = dict(zip(columns, rows.get(tag, "").rstrip("\n").split("\t"), strict=False))
    if not any(cells.get(column) for column in _ROW_COLUMNS):
        rows.pop(tag, None)
    return head + "".join(rows[key] for key in sorted(rows, key=sort_key))


def readme(text: str, old_tag: str, tag: str) -> str:
    """Return the text of README.md with `tag` as the pinned release instead of `old_tag`."""
    return re.sub(
        rf"^(Pinned release: \*\*){re.escape(old_tag)}(\*\*)", rf"\g<1>{tag}\g<2>", text, flags=re.MULTILINE
    )


def entry(old_model: Model, model: Model, old_tag: str, tag: str) -> str:
    """Return the changelog's entry for a move from `old_tag` to `tag`: counts, and every breaking change."""
    changes = diff.to_markdown(diff.compare(old_model, model), level=4, brief=True).strip()
    return (
        f"### llama.cpp {tag} (previously {old_tag})\n\n"
        f"{len(model.functions)} functions and {len(model.records)} structs (previously "
        f"{len(old_model.functions)} and {len(old_model.records)}). For all differences, run "
        f"`python3 -m build_scripts diff {old_tag} {tag}`.\n\n{changes}"
    )


def changelog(text: str, new: str, reverse: str) -> str:
    """Return the text of CHANGELOG.md with the entry `new` at the end of the unreleased section.

    If that section ends with `reverse`, the entry of the opposite move, remove that instead.
    """
    before, heading, rest = text.partition(_UNRELEASED)
    if not heading:
        raise UsageError(f"CHANGELOG.md has no heading {_UNRELEASED.strip()!r}; add it for the entry")
    section, following, tail = rest.partition("\n## ")
    # Include the end of the heading's line, so that a blank line precedes the first entry too.
    section = f"\n{section}".rstrip("\n")
    if section.endswith(f"\n\n{reverse}"):
        section = section.removesuffix(f"\n\n{reverse}")
    elif not section.endswith(f"\n\n{new}"):
        section = f"{section}\n\n{new}"
    section = f"{section}\n" if section else "\n"
    return f"{before}{heading}{section[1:]}{following}{tail}"
