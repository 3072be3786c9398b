"""A comparison as text for a terminal, as Markdown for a changelog or pull request, and as JSON.

The JSON document, whose keys only ever grow:

    format            1
    old, new          the labels of the two releases
    summary           breaks_abi, breaks_source, added, removed, deprecated: numbers of declarations
    headers           added, removed: file names
    changes           kind, name, header, breaks_abi, breaks_source, facts; see `changes.Change`
    changes[].facts   part, change, old, new, breaks_abi, breaks_source; see `changes.Fact`
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby

from .changes import Change, Diff, Fact

FORMAT = 1

_GROUPS = (
    "Breaks ABI and source",
    "Breaks ABI",
    "Breaks source",
    "Deprecated",
    "Changed, breaks nothing",
    "Added",
)
# The widest column of names in the text. Longer names shift the rest of their line.
_NAME_WIDTH = 46


def summary(diff: Diff) -> str:
    """A summary of the differences in one line."""
    both, abi, source, deprecated, _, added = (len(group) for group in _grouped(diff).values())
    if not diff.changes:
        return "no differences"
    breaks = [f"{both} ABI and source", f"{abi} ABI only", f"{source} source only"]
    broken = f"{', '.join(breaks)}" if both or abi or source else "nothing"
    return f"breaks {broken}; {deprecated} deprecated, {added} added"


def to_text(diff: Diff, old: str, new: str) -> str:
    """The comparison as aligned text: what breaks comes first, a summary line last."""
    lines: list[str] = []
    for title, changes in _grouped(diff).items():
        rows = [
            *_header_rows(diff, title),
            *(_row(change) for change in changes if not _is_summed(change, diff)),
        ]
        if not rows:
            continue
        lines.append(f"{title} ({len(changes)})")
        width = min(max(len(name) for _, name, _ in rows), _NAME_WIDTH)
        for kind, name, facts in rows:
            start = f"  {kind:<8}  {name:<{width}}  "
            lines += [
                f"{start if not number else ' ' * (width + 14)}{fact}" for number, fact in enumerate(facts)
            ]
        lines.append("")
    return "\n".join([*lines, f"{old} -> {new}: {summary(diff)}"]) + "\n"


def to_markdown(diff: Diff, *, level: int = 2, brief: bool = False) -> str:
    """The comparison as Markdown, summary first; `brief` leaves out changes that break nothing."""
    line = summary(diff)
    blocks = [f"{line[0].upper()}{line[1:]}."]
    for title, changes in _grouped(diff).items():
        if brief and title not in _GROUPS[:3]:
            continue
        rows = [
            *_header_rows(diff, title),
            *(_row(change) for change in changes if not _is_summed(change, diff)),
        ]
        if rows:
            bullets = [f"- {kind} `{name}`: {'; '.join(_escaped(facts))}" for kind, name, facts in rows]
            blocks += [f"{'#' * level} {title}", "\n".join(bullets)]
    return "\n\n".join(blocks) + "\n"


def to_json(diff: Diff, old: str, new: str) -> str:
    """The comparison as the JSON document that this module's docstring describes."""
    changes = diff.changes
    document = {
        "format": FORMAT,
        "old": old,
        "new": new,
        "summary": {
            "breaks_abi": sum(change.breaks_abi for change in changes),
            "breaks_source": sum(change.breaks_source for change in changes),
            **{
                what: sum(change.whole() == what for change in changes)
                for what in ("added", "removed", "deprecated")
            },
        },
        "headers": {"added": diff.headers_added, "removed": diff.headers_removed},
        "changes": [
            {
                "kind": change.kind,
                "name": change.name,
                "header": change.header,
                "breaks_abi": change.breaks_abi,
                "breaks_source": change.breaks_source,
                "facts": [asdict(fact) for fact in change.facts],
            }
            for change in changes
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def _grouped(diff: Diff) -> dict[str, list[Change]]:
    groups: dict[str, list[Change]] = {title: [] for title in _GROUPS}
    for change in diff.changes:
        groups[_group(change)].append(change)
    return groups


def _group(change: Change) -> str:
    if change.breaks_abi:
        return _GROUPS[0 if change.breaks_source else 1]
    if change.breaks_source:
        return _GROUPS[2]
    return {"deprecated": _GROUPS[3], "added": _GROUPS[5]}.get(change.whole(), _GROUPS[4])


def _is_summed(change: Change, diff: Diff) -> bool:
    """Whether it was added or removed with its header, for which the report has one line."""
    whole = {"added": diff.headers_added, "removed": diff.headers_removed}
    return change.header in whole.get(change.whole(), ())


def _header_rows(diff: Diff, title: str) -> Iterator[tuple[str, str, list[str]]]:
    for verb, headers in (("removed", diff.headers_removed), ("added", diff.headers_added)):
        for header in headers:
            own = [c for c in diff.changes if c.header == header and c.whole() == verb and _group(c) == title]
            counts = Counter(change.kind for change in own)
            if own:
                yield "header", header, [f"{verb}, with {_listed(counts)}"]


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {kind}{'s' * (number > 1)}" for kind, number in counts.items())


def _row(change: Change) -> tuple[str, str, list[str]]:
    """The kind and the name of a change, and its facts as phrases."""
    phrases: list[str] = []
    for part, group in groupby(change.facts, lambda fact: fact.part.partition(" ")[0]):
        facts = list(group)
        phrases += _enumerators(facts) if part == "enumerator" else map(_phrase, facts)
    if change.whole() == "removed" and change.kind == "enum" and len(phrases) > 1:
        phrases = [f"removed, with {len(change.facts) - 1} enumerators"]
    return change.kind, change.name, phrases


def _enumerators(facts: list[Fact]) -> Iterator[str]:
    """Facts about enumerators as phrases: an insertion renumbers all later ones, so they share one phrase."""
    for what in ("changed", "removed", "added"):
        own = [fact for fact in facts if fact.change == what]
        if what == "changed" and len(own) > 3:
            first, last = (f"{_name(fact)} {fact.old} -> {fact.new}" for fact in (own[0], own[-1]))
            yield f"{len(own)} enumerators renumbered, from {first} to {last}"
        elif what != "changed" and len(own) > 1:
            yield f"enumerators {what}: {', '.join(f'{_name(f)} = {f.old or f.new}' for f in own)}"
        else:
            yield from map(_phrase, own)


def _name(fact: Fact) -> str:
    return fact.part.partition(" ")[2]


def _phrase(fact: Fact) -> str:
    part, old, new = fact.part, fact.old, fact.new
    if not part:
        match fact.change:
            case "opaque":
                return "its members are now hidden"
            case "complete":
                return "its members are now public"
            case "undeprecated":
                return "no longer deprecated"
            case "refused":
                return f"can no longer be bound: {new}"
            case "changed":
                return f"a {old} became a {new}"
            case "removed":
                return "removed"
        return f"{fact.change}: {new}" if new else fact.change
    match fact.change:
        case "added" | "removed":
            return f"{part} {fact.change}: {new or old}" if new or old else f"{part} {fact.change}"
        case "moved":
            return f"{part} moved: {old} -> {new}"
        case "renamed":
            return f"{part} is now called {new}"
    return f"{part}: {old} -> {new}"


def _escaped(phrases: list[str]) -> Iterator[str]:
    """The phrases with Markdown's special characters escaped."""
    for phrase in phrases:
        yield "".join(f"\\{character}" if character in "*_<`[" else character for character in phrase)
