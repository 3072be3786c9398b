"""Benchmark llama-ctypes against the alternatives and print one table: the `bench` command.

    measure    rows, and their medians, spreads, ratios and fitted exponents
    report     prints rows as a table, JSON or a chart
    peers      installs other generators and bindings into folders of the cache
    setting    provides the tree, libraries and models that rows share
    processes  generate, import, first: whole processes
    calls      call: one call into libllama; callback: one from it; habits: cheaper ways to write calls
    decoding   decode, prompt: tokens
    growth     growth: how the cost of generating and binding grows
    whole      tests, package, build

`*_worker.py` are programs that run in separate processes. test_benchmarks.py measures no times.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

from build_scripts.errors import LlamaCtypesError, UsageError
from tests.benchmarks.measure import OURS, Row, Unavailable
from tests.benchmarks.setting import Setting

from . import calls, decoding, growth, processes, whole

_logger = logging.getLogger(__name__)

ROWS: dict[str, Callable[[Setting], Iterable[Row]]] = {
    "generate": processes.generate,
    "import": processes.imports,
    "first": processes.first,
    "call": calls.call,
    "callback": calls.callback,
    "habits": calls.habits,
    "decode": decoding.decode,
    "prompt": decoding.prompt,
    "growth": growth.growth,
    "tests": whole.tests,
    "package": whole.package,
    "build": whole.build,
}
# These compile for minutes, so they run only on request.
SLOW = ("build",)


def run(keys: Sequence[str]) -> list[Row]:
    """Measure the rows `keys` (empty: all except the slow ones); failed rows contain the reason."""
    unknown = sorted({*keys} - {*ROWS})
    if unknown:
        raise UsageError(f"unknown row {', '.join(unknown)}; choose from {', '.join(ROWS)}")
    rows: list[Row] = []
    with Setting() as setting:
        for key in keys or [key for key in ROWS if key not in SLOW]:
            _logger.info(f"bench: {key}")
            rows += _measure(key, ROWS[key], setting)
    return rows


def _measure(key: str, benchmark: Callable[[Setting], Iterable[Row]], setting: Setting) -> list[Row]:
    """Run `benchmark` and return its rows; if it stops early, the last row contains the reason."""
    rows: list[Row] = []
    try:
        rows.extend(benchmark(setting))
    except (Unavailable, LlamaCtypesError) as error:
        rows.append(Row(key, key, missing={OURS: str(error).splitlines()[0]}))
    return rows or [Row(key, key, missing={OURS: "it measured nothing"})]
