"""Define rows and goals, and compute medians, spreads, ratios and exponents."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

OURS = "llama-ctypes"


class Unavailable(Exception):  # noqa: N818 - a row that did not run, not a failure
    """A row, or one contender of it, cannot be measured on this machine; the message has the reason."""


@dataclass(frozen=True)
class Goal:
    """A limit for our value, or for ours / theirs: a maximum, or with `at_least` a minimum."""

    limit: float
    against: str | None = None
    at_least: bool = False


@dataclass(frozen=True)
class Row:
    """One benchmark of several contenders, with one sample per round."""

    key: str
    """Its name in `--rows`; several rows may share one."""
    what: str
    unit: str = ""
    samples: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Numbers by contender, one per round."""
    goals: tuple[Goal, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    """Reasons by contender that could not be measured; if `ours` is missing, the whole row is."""
    note: str = ""
    ours: str = OURS
    """The contender to compare the others with."""


def median(row: Row, contender: str) -> float:
    """Return the median of a contender's samples."""
    return statistics.median(row.samples[contender])


def spread(row: Row, contender: str) -> float:
    """Return half the interquartile range divided by the median; 0 for a single sample."""
    samples = row.samples[contender]
    if len(samples) < 2:
        return 0.0
    low, _, high = statistics.quantiles(samples, n=4, method="inclusive")
    return (high - low) / 2 / abs(median(row, contender) or 1)


def ratio(row: Row, contender: str) -> float:
    """Return ours / theirs as the median of the rounds' ratios: other load slows both sides of a round."""
    ours, theirs = row.samples[row.ours], row.samples[contender]
    if len(ours) == len(theirs):
        return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    return statistics.median(ours) / statistics.median(theirs)


def is_met(row: Row, goal: Goal) -> bool | None:
    """Return whether the row meets the goal; None if one of its contenders was not measured."""
    if row.ours not in row.samples or (goal.against and goal.against not in row.samples):
        return None
    # Two decimals: smaller differences are noise.
    value = round(ratio(row, goal.against), 2) if goal.against else median(row, row.ours)
    return value >= goal.limit if goal.at_least else value <= goal.limit


def interleave(
    contenders: Mapping[str, Callable[[], float]], rounds: int, *, warm: bool = False
) -> tuple[dict[str, list[float]], dict[str, str]]:
    """Call every contender once per round; return the samples, and the reasons of those that are missing.

    Each round begins with another contender. One that raises `Unavailable` is skipped from then on. `warm`
    adds an uncounted first round, which compiles bytecode and fills the system's caches.
    """
    samples: dict[str, list[float]] = {name: [] for name in contenders}
    missing: dict[str, str] = {}
    for number in range(-warm, rounds):
        names = list(contenders)
        start = number % len(names)
        for name in names[start:] + names[:start]:
            if name in missing:
                continue
            try:
                sample = contenders[name]()
                samples[name] += [sample] if number >= 0 else []
            except Unavailable as reason:
                missing[name] = str(reason)
                del samples[name]
    return samples, missing


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Fit k in cost ~ size**k (least squares of the logarithms); 1 is linear."""
    x, y = [math.log(size) for size in sizes], [math.log(cost) for cost in costs]
    return statistics.linear_regression(x, y).slope
