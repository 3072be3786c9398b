"""Move the pin to another release: all that names or follows from it, or nothing.

What follows from the pin: the llama_cpp_* keys of variants.yaml, the generated bindings, the line of
README.md that names the pin, an entry of CHANGELOG.md, and which releases releases.tsv has to remember.

- The archive's sha256 is the one on record, else that of GitHub's archive once its tree is the verified one.
  Where GitHub is out of reach it stays empty: every source is then verified by git tree, and `bump` of the
  same tag fills it in later.
- releases.tsv has a row for the pin only where that says more than variants.yaml (npm, submodules): a pin
  without one gets it when the pin moves on, and loses it when the pin comes back. Such a row also keeps
  the version, header digest and stand-in, so that the way back needs no more than the stand-in's tree.
- The stand-in is the pin itself where npm carries it, else the nearest release npm carries that has the
  same public headers to the byte, else again the pin itself: none.
- Going back takes the changelog entry away again, unless it was edited.
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
from build_scripts.pin import RELEASES, ROOT, VARIANTS, Pin, Release, pin_value, read_pin, read_releases
from build_scripts.source import SourceTree, fetch, resolve
from build_scripts.versions import check_tag, package_version, sort_key

from .edits import Edit, apply

_logger = logging.getLogger(__name__)

# Columns of releases.tsv: what only a row can say, and what only a release that was pinned has in its row.
_NOT_OF_PINS = ("node_llama_cpp", "gitlinks")
_OF_PINS = ("version", "headers_sha256", "fallback")
_UNRELEASED = "## Unreleased\n"


def bump(tag: str, source: Path | None, root: Path = ROOT) -> str:
    """Pin release `tag` in the checkout `root`, taking its tree from `source` if given; say what was done.

    Nothing is written before all of it is known, checked and on the disk; what fails then is undone.
    """
    check_tag(tag)
    records = root / RELEASES.relative_to(ROOT)
    old_pin = read_pin(root / VARIANTS.relative_to(ROOT))
    releases = read_releases(old_pin, records)
    was = old_pin.release.tag
    once = pinned_once(records, tag) or (old_pin if tag == was else None)
    tree = _tree(tag, source, once, old_pin, releases)
    try:
        old_tree = tree if tag == was else resolve(None, pin=old_pin, releases=releases)
    except SourceError as error:
        raise SourceError(f"the changelog needs the headers of the pin so far: {error}") from error
    old = parse(headers_of(old_tree, was, old_pin))

    headers = find(tree.path)
    new = parse(headers)
    release = releases.get(tag, Release(tag))
    if tree.tag == tag:
        sha256 = _archive_sha256(tree, source, old_pin, releases)
        release = replace(release, git_tree=tree.git_tree, archive_sha256=sha256)
    if once and once.headers_sha256 == headers.sha256:
        pin = replace(once, release=release)
    else:
        fallback = _fallback(tag, headers, old_pin, releases)
        pin = Pin(release, package_version(tag, tree.path), headers.sha256, fallback)
    edits = [edit for edit in plan(root, old_pin, pin, old, new) if edit.before != edit.after]
    apply(edits)
    if not edits:
        return f"{tag} is the pin already, and all that follows from it is in place"
    changed = "the same pin" if tag == was else f"{was} -> {tag}"
    return f"{changed}: {diff.summary(diff.compare(old, new))}; {len(edits)} files written"


def _tree(
    tag: str,
    source: Path | None,
    once: Pin | None,
    pin: Pin,
    releases: Mapping[str, Release],
) -> SourceTree:
    """The tree of `tag`; of one that was pinned once and cannot be had, its stand-in's, by the headers."""
    try:
        return resolve(tag, source, pin=pin, releases=releases)
    except VerificationError:
        raise
    except SourceError:
        if source is not None or once is None or once.fallback == tag:
            raise
        tree = resolve(once.fallback, pin=pin, releases=releases)
        if find(tree.path).sha256 != once.headers_sha256:
            raise
    _logger.info(f"{tag} cannot be had here: {tree.tag} stands in for it; its public headers are the same")
    return tree


def pinned_once(path: Path, tag: str) -> Pin | None:
    """What releases.tsv remembers of the pin `tag`, if it was one; see `remember`."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            version, headers, fallback = (row.get(column) for column in _OF_PINS)
            if row["tag"] == tag and version and headers and fallback:
                release = Release(tag, row["git_tree"] or None, row["archive_sha256"] or None)
                return Pin(release, version, headers, check_tag(fallback))
    return None


def _archive_sha256(
    tree: SourceTree, source: Path | None, pin: Pin, releases: Mapping[str, Release]
) -> str | None:
    """The hash of GitHub's archive of that very tree; None where no record has it, nor GitHub is reached."""
    recorded = releases.get(tree.tag, Release(tree.tag)).archive_sha256
    # Of a given archive the hash is its own: it may have been packed anew.
    if sha256 := recorded or (tree.archive_sha256 if source is None else None):
        return sha256
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / f"{tree.tag}.tar.gz"
        try:
            sha256 = fetch.github_archive(tree.tag, archive)
        except fetch.OutOfReach as reason:
            _logger.info(
                f"{reason}: the sha256 of the archive of {tree.tag} is on no record and stays empty; its git "
                f"tree is what is verified. `bump {tree.tag}` where GitHub is reached fills it in"
            )
            return None
        found = resolve(tree.tag, archive, pin=pin, releases=releases)
    if found.git_tree != tree.git_tree:
        raise VerificationError(
            f"{tree.origin} has the git tree {tree.git_tree}, but GitHub's archive of {tree.tag} has "
            f"{found.git_tree}; nothing was changed"
        )
    return sha256


def _fallback(tag: str, headers: HeaderSet, pin: Pin, releases: Mapping[str, Release]) -> str:
    """The release npm carries that has these headers: `tag` itself or a neighbour; `tag` if there is none."""
    carried = sorted((r.tag for r in releases.values() if r.node_llama_cpp and r.git_tree), key=sort_key)
    if tag in carried:
        return tag
    below = [other for other in carried if sort_key(other) < sort_key(tag)][-1:]
    above = [other for other in carried if sort_key(other) > sort_key(tag)][:1]
    for candidate in below + above:
        try:
            tree = resolve(candidate, pin=pin, releases=releases)
        except LlamaCtypesError as error:
            _logger.info(f"whether {candidate} can stand in for {tag} is unknown: {error}")
            continue
        if find(tree.path).sha256 == headers.sha256:
            return candidate
    _logger.info(f"no release that npm carries has the headers of {tag}: nothing stands in for it")
    return tag


# -- what changes -----------------------------------------------------------------------------------


def plan(root: Path, old_pin: Pin, pin: Pin, old: Model, new: Model) -> list[Edit]:
    """What becomes of each file of the checkout `root`; the pin itself comes last. Writes nothing."""
    texts: dict[Path, str | None] = {}
    generated = root / PACKAGE / GENERATED
    for path in generated.glob("*"):
        if path.suffix in (".py", ".pyi"):
            texts[path] = None
    for name, text in emit(new, Provenance(pin.release.tag, pin.headers_sha256)).items():
        if name.endswith(".py"):
            compile(text, name, "exec")
        texts[generated / name] = text
    was, tag = old_pin.release.tag, pin.release.tag
    texts[root / "README.md"] = readme(_read(root / "README.md"), was, tag)
    if was != tag:
        entries = (entry(old, new, was, tag), entry(new, old, tag, was))
        texts[root / "CHANGELOG.md"] = changelog(_read(root / "CHANGELOG.md"), *entries)
    path = root / RELEASES.relative_to(ROOT)
    texts[path] = remember(_read(path), old_pin, tag)
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
        raise UsageError(f"cannot read {path}: {error.strerror}; is this a whole checkout?") from error


def variants(text: str, pin: Pin) -> str:
    """variants.yaml with the llama_cpp_* keys of `pin`, line by line: all else, comments too, stays."""
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


def remember(text: str, leaving: Pin, tag: str) -> str:
    """releases.tsv when the pin moves from `leaving` to `tag`; see the module's docstring."""
    head, *lines = text.splitlines(keepends=True)
    columns = head.rstrip("\n").split("\t")
    rows = {line.split("\t")[0]: line for line in lines}
    if leaving.release.tag not in (tag, *rows):
        release = leaving.release
        known = (release.tag, release.git_tree, release.archive_sha256)
        values = dict(zip(("tag", "git_tree", "archive_sha256"), known, strict=True))
        known = (leaving.version, leaving.headers_sha256, leaving.fallback)
        values |= dict(zip(_OF_PINS, known, strict=True))
        rows[release.tag] = "\t".join(values.get(column) or "" for column in columns) + "\n"
    cells = dict(zip(columns, rows.get(tag, "").rstrip("\n").split("\t"), strict=False))
    if not any(cells.get(column) for column in _NOT_OF_PINS):
        rows.pop(tag, None)
    return head + "".join(rows[other] for other in sorted(rows, key=sort_key))


def readme(text: str, was: str, tag: str) -> str:
    """README.md naming the new pin where it names the old one as that."""
    return re.sub(
        rf"^(Pinned release: \*\*){re.escape(was)}(\*\*)", rf"\g<1>{tag}\g<2>", text, flags=re.MULTILINE
    )


def entry(old: Model, new: Model, was: str, tag: str) -> str:
    """What the changelog says of a move: counts, and all that breaks something."""
    changes = diff.to_markdown(diff.compare(old, new), level=4, brief=True).strip()
    return (
        f"### llama.cpp {tag}, after {was}\n\n"
        f"{len(new.functions)} functions, {len(new.records)} records; they were {len(old.functions)} and "
        f"{len(old.records)}. All differences: `python3 -m build_scripts diff {was} {tag}`.\n\n{changes}"
    )


def changelog(text: str, new: str, undone: str) -> str:
    """CHANGELOG.md with the entry `new` last of what is unreleased, or without `undone`, if that is last."""
    before, heading, rest = text.partition(_UNRELEASED)
    if not heading:
        raise UsageError(f"CHANGELOG.md must have a heading {_UNRELEASED.strip()!r} for the entry")
    own, following, tail = rest.partition("\n## ")
    # From the heading's end of line on, so that the first entry stands after a blank line like any other.
    own = f"\n{own}".rstrip("\n")
    if own.endswith(f"\n\n{undone}"):
        own = own.removesuffix(f"\n\n{undone}")
    elif not own.endswith(f"\n\n{new}"):
        own = f"{own}\n\n{new}"
    section = f"{own}\n" if own else "\n"
    return f"{before}{heading}{section[1:]}{following}{tail}"
