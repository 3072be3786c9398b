"""Benchmark tokens: a Python loop against upstream's llama-bench, and a long prompt put into a batch."""

from __future__ import annotations

import functools
import json
import os
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

from build_scripts.packaging.upstream_tools import program
from build_scripts.pin import ROOT
from build_scripts.process import find_tool, run
from tests.benchmarks.measure import OURS, Goal, Row, Unavailable, interleave
from tests.benchmarks.setting import Setting

_ROUNDS = 7
_PROGRAM = "llama-bench"
# One thread: two wait for each other whenever another process takes one of their cores.
_THREADS = 1


def _llama_bench(setting: Setting) -> Path:
    """Compile llama-bench, which `tools` leaves out, and return its path."""
    folder = setting.reference
    ninja = find_tool("ninja", purpose=f"to compile {_PROGRAM}", hint="It comes with .venv; see README.md.")
    # Configure again: an older build folder may contain the paths of another .venv's cmake and ninja.
    run(["cmake", "-S", setting.tree.path, "-B", folder, f"-DCMAKE_MAKE_PROGRAM={ninja}"])
    run(["cmake", "--build", folder, "--target", _PROGRAM])
    return program(folder, _PROGRAM)


def decode(setting: Setting) -> Iterator[Row]:
    """Generate one token at a time, with the calls, model, libraries and threads of llama-bench."""
    folder = setting.reference / "bin"
    bench = _llama_bench(setting)
    for name, count, limit in (("stories260K", 512, 0.95), ("gemma-3-270m Q4_K_M", 64, 0.99)):
        try:
            model = setting.stories if name == "stories260K" else setting.gemma
        except Unavailable as reason:
            yield Row("decode", f"decode, {name}", missing={OURS: str(reason)})
            continue
        contenders: dict[str, Callable[[], float]] = {
            OURS: functools.partial(_ours, setting, model, count, folder),
            _PROGRAM: functools.partial(_theirs, bench, model, count),
        }
        samples, missing = interleave(contenders, _ROUNDS)
        goals = (Goal(limit, _PROGRAM, at_least=True),)
        note = f"{count} tokens, {_THREADS} thread, best of three runs per process"
        yield Row("decode", f"decode, {name}", "tokens/s", samples, goals, missing, note)


def _ours(setting: Setting, model: Path, count: int, folder: Path) -> float:
    results: dict[str, list[float]] = setting.worker(
        "decode", "decode", model, count, _THREADS, path=[ROOT], LLAMA_CPP_LIB=os.fspath(folder)
    )
    return max(results["tokens_per_second"])


def _theirs(bench: Path, model: Path, count: int) -> float:
    options = ["-p", "0", "-n", str(count), "-t", str(_THREADS), "-r", "3", "-o", "json"]
    (result,) = json.loads(run([bench, "-m", model, *options], timeout=600))
    return float(max(result["samples_ts"]))


def prompt(setting: Setting) -> Iterator[Row]:
    """Put 2,000 tokens from a Python list into a llama_batch."""
    env = {"LLAMA_CPP_LIB": os.fspath(setting.libraries), "LLAMA_CPP_LIB_PATH": os.fspath(setting.libraries)}
    missing: dict[str, str] = {}
    path = [ROOT]
    try:
        path.append(setting.peer("llama-cpp-python"))
    except Unavailable as reason:
        missing["llama-cpp-python"] = str(reason)
    rounds = [
        setting.worker("decode", "prompt", setting.stories, 2000, _THREADS, path=path, **env)
        for _ in range(_ROUNDS)
    ]
    samples = {way: [statistics.median(times[way]) for times in rounds] for way in rounds[0]}
    what = "2,000 tokens from a list into a batch"
    yield Row("prompt", what, "ms", samples, (Goal(0.2),), missing, ours=next(iter(samples)))
