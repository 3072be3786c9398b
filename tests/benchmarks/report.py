"""Format rows as a table, as JSON or as a chart."""

from __future__ import annotations

import json
import math
import platform
import sys
from collections.abc import Iterator, Sequence

from build_scripts.upkeep import pictures
from tests.benchmarks.measure import Goal, Row, is_met, median, ratio, spread


def to_text(rows: Sequence[Row]) -> str:
    """Format a Markdown table: a line per contender, ours first; below it, notes and what did not run."""
    lines: list[tuple[str, ...]] = [("benchmark", "contender", "median", "spread", "ours / theirs", "goal")]
    notes: list[str] = []
    for row in rows:
        lines += _lines(row)
        notes += [f"{row.what}: {name}: {reason}" for name, reason in row.missing.items() if name != row.ours]
        notes += [f"{row.what}: {row.note}"] if row.note else []
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    lines.insert(1, tuple("-" * width for width in widths))
    table = "".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |\n"
        for line in lines
    )
    return table + "".join(f"\n- {note}" for note in notes) + ("\n" if notes else "")


def _lines(row: Row) -> Iterator[tuple[str, ...]]:
    if row.ours in row.missing:
        yield row.what, "", "did not run", "", "", row.missing[row.ours]
        return
    for name in row.samples:
        own = name == row.ours
        goals = [goal for goal in row.goals if (goal.against or row.ours) == name]
        yield (
            row.what if own else "",
            name,
            f"{_number(median(row, name))} {row.unit}".rstrip(),
            f"{100 * spread(row, name):.0f} %",
            "" if own else _number(ratio(row, name)),
            "; ".join(_goal(row, goal) for goal in goals),
        )


def _goal(row: Row, goal: Goal) -> str:
    unit = "" if goal.against else f" {row.unit}"
    sign = ">=" if goal.at_least else "<="
    return f"{sign} {goal.limit:g}{unit}".rstrip() + (": met" if is_met(row, goal) else ": missed")


def _number(value: float) -> str:
    """Format with three significant digits."""
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    return f"{value:.{max(digits, 0)}f}"


def to_json(rows: Sequence[Row]) -> str:
    """Format everything as JSON, samples included."""
    document = {
        "machine": {
            "platform": platform.platform(),
            "processor": _processor(),
            "python": sys.version.split()[0],
        },
        "rows": [
            {
                "key": row.key,
                "what": row.what,
                "unit": row.unit,
                "contenders": {
                    name: {
                        "median": median(row, name),
                        "spread": spread(row, name),
                        "ours_over_theirs": ratio(row, name),
                        "samples": list(samples),
                    }
                    for name, samples in row.samples.items()
                },
                "goals": [
                    {
                        "limit": goal.limit,
                        "against": goal.against,
                        "at_least": goal.at_least,
                        "met": is_met(row, goal),
                    }
                    for goal in row.goals
                ],
                "missing": dict(row.missing),
                "note": row.note,
            }
            for row in rows
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 - no Path for one line
            names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    except OSError:
        return platform.processor()
    return f"{names[0]}, {len(names)} cores" if names else platform.processor()


def to_svg(rows: Sequence[Row]) -> str:
    """Draw ours / theirs for each contender."""
    return pictures.ratio_bars(
        [
            pictures.Bar(
                f"{row.what}, over {name}", ratio(row, name), any(goal.at_least for goal in row.goals)
            )
            for row in rows
            for name in row.samples
            if name != row.ours and row.ours in row.samples
        ]
    )
