"""`bench`: what users feel, measured beside what they would use instead, as one table.

    measure    what a row holds; medians, spreads, ratios, fitted exponents
    report     the table, JSON, the picture
    peers      other generators and bindings, installed into folders of the cache
    setting    the tree, libraries and models that rows have in common
    processes  generate, import, first: whole processes
    calls      call: a call into libllama; habits: cheaper ways to write one
    decoding   decode, prompt: tokens
    growth     growth: how the cost of generating and binding grows
    whole      tests, package, build

`*_worker.py` are programs that these start, in processes of their own. Nothing here is a test, and no
test here takes the time of anything.
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
    "habits": calls.habits,
    "decode": decoding.decode,
    "prompt": decoding.prompt,
    "growth": growth.growth,
    "tests": whole.tests,
    "package": whole.package,
    "build": whole.build,
}
# Minutes of compiling: only where they are asked for.
SLOW = ("build",)


def run(keys: Sequence[str]) -> list[Row]:
    """Measure the rows `keys` (none: all but the slow); one that cannot run says why in its place."""
    unknown = sorted({*keys} - {*ROWS})
    if unknown:
        raise UsageError(f"no row is called {', '.join(unknown)}; there are {', '.join(ROWS)}")
    found: list[Row] = []
    with Setting() as setting:
        for key in keys or [key for key in ROWS if key not in SLOW]:
            _logger.info(f"bench: {key}")
            found += measured(key, ROWS[key], setting)
    return found


def measured(key: str, row: Callable[[Setting], Iterable[Row]], setting: Setting) -> list[Row]:
    """The rows that `row` gives, and where it breaks off one that says why."""
    found: list[Row] = []
    try:
        found.extend(row(setting))
    except (Unavailable, LlamaCtypesError) as error:
        found.append(Row(key, key, missing={OURS: str(error).splitlines()[0]}))
    return found
