"""What a row of the table holds, and the arithmetic behind it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

OURS = "llama-ctypes"


class Unavailable(Exception):  # noqa: N818 - a row that did not run, not a failure
    """A row, or one contender of it, cannot be measured here; the message says why."""


@dataclass(frozen=True)
class Goal:
    """What is aimed at: ours, or ours over a contender's, is at most (`at_least`: no less than) `limit`."""

    limit: float
    against: str | None = None
    at_least: bool = False


@dataclass(frozen=True)
class Row:
    """One thing measured of several contenders, round after round in one run."""

    key: str
    """What `--rows` calls it; several rows may share one."""
    what: str
    unit: str = ""
    samples: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """By contender, one number for each round."""
    goals: tuple[Goal, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    """Contenders that could not be measured, and why; that of `ours` stands for the whole row."""
    note: str = ""
    ours: str = OURS
    """The contender that the others are compared with."""


def median(row: Row, contender: str) -> float:
    """The contender's number."""
    return statistics.median(row.samples[contender])


def spread(row: Row, contender: str) -> float:
    """Half the distance between the quartiles, over the median; 0 for a single sample."""
    samples = row.samples[contender]
    if len(samples) < 2:
        return 0.0
    low, _, high = statistics.quantiles(samples, n=4, method="inclusive")
    return (high - low) / 2 / abs(median(row, contender) or 1)


def ratio(row: Row, contender: str) -> float:
    """Ours over the contender's: the median of the rounds' ratios, for what slows a round slows both."""
    ours, theirs = row.samples[row.ours], row.samples[contender]
    if len(ours) == len(theirs):
        return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    return statistics.median(ours) / statistics.median(theirs)


def is_met(row: Row, goal: Goal) -> bool | None:
    """Whether the row meets the goal; None where what it speaks of was not measured."""
    if row.ours not in row.samples or (goal.against and goal.against not in row.samples):
        return None
    # To two places: two that do the same are not told apart by more.
    value = round(ratio(row, goal.against), 2) if goal.against else median(row, row.ours)
    return value >= goal.limit if goal.at_least else value <= goal.limit


def interleave(
    contenders: Mapping[str, Callable[[], float]], rounds: int, *, warm: bool = False
) -> tuple[dict[str, list[float]], dict[str, str]]:
    """Ask every contender for a number, `rounds` times in turn; the samples, and why some have none.

    The turn begins with another contender each round. One that raises `Unavailable` is out from there on.
    With `warm` a round goes before that does not count: it compiles bytecode and fills the system's caches.
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
                found = contenders[name]()
                samples[name] += [found] if number >= 0 else []
            except Unavailable as reason:
                missing[name] = str(reason)
                del samples[name]
    return samples, missing


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The k of cost ~ size**k that fits best (least squares of the logarithms): 1 is linear."""
    x, y = [math.log(size) for size in sizes], [math.log(cost) for cost in costs]
    return statistics.linear_regression(x, y).slope
