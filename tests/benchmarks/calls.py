"""Benchmark one call into libllama, by kind of binding and by style of the calling code."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path

from build_scripts.pin import ROOT
from tests.benchmarks.measure import OURS, Goal, Row, Unavailable
from tests.benchmarks.setting import Setting

_ROUNDS = 7
_LLAMA_CPP_PYTHON = "llama-cpp-python 0.3.16"
SHAPES = {
    "none": "no arguments: llama_max_devices()",
    "handle": "a handle: llama_vocab_n_tokens(vocab)",
    "struct": "a struct by value: llama_model_default_params()",
    "text": "a handle and a number, returns text: llama_vocab_get_text(vocab, 5)",
    "six": "six arguments: llama_token_to_piece(vocab, 5, buffer, 64, 0, True)",
    "returned": "returns a handle: llama_model_get_vocab(model)",
}
# Argument of `call_worker.py`, and the peer that it imports.
_CONTENDERS = {
    OURS: ("ours", None),
    _LLAMA_CPP_PYTHON: ("llama_cpp_python", "llama-cpp-python"),
    "ctypes, c_void_p handles": ("void_p", None),
    "ctypes, POINTER handles": ("pointer", None),
    "cffi, ABI mode": ("cffi_abi", "cffi"),
    "cffi, API mode (compiled)": ("cffi_api", "cffi"),
}


def call(setting: Setting) -> Iterator[Row]:
    """Time six shapes of calls into the same libllama, and the check for NULL in one of them."""
    samples: dict[str, dict[str, list[float]]] = {shape: {} for shape in SHAPES}
    checks: list[float] = []
    missing: dict[str, str] = {}
    for number in range(_ROUNDS):
        names = list(_CONTENDERS)
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            if name in missing:
                continue
            try:
                results = _nanoseconds(setting, *_CONTENDERS[name])
            except Unavailable as reason:
                missing[name] = str(reason)
                continue
            checks += [results["null check"]] if name == OURS else []
            for shape in SHAPES:
                samples[shape].setdefault(name, []).append(results[shape])
    if OURS in missing:
        raise Unavailable(missing[OURS])
    for shape, what in SHAPES.items():
        ordered = {name: samples[shape][name] for name in _CONTENDERS if name in samples[shape]}
        # Its handles are plain integers, and their classes are not checked.
        goals = () if shape == "returned" else (Goal(1, _LLAMA_CPP_PYTHON),)
        last = shape == list(SHAPES)[-1]
        note = f"{_LLAMA_CPP_PYTHON} runs on the same libllama, without its compiled part"
        yield Row("call", what, "ns", ordered, goals, missing if last else {}, note if last else "")
    yield Row("call", "the check for NULL of a returned handle", "ns", {OURS: checks}, (Goal(200),))


def _nanoseconds(setting: Setting, contender: str, peer: str | None) -> dict[str, float]:
    path: list[Path] = [ROOT, *([setting.peer(peer)] if peer else [])]
    results: dict[str, float] = setting.worker(
        "call",
        contender,
        setting.stories,
        setting.libraries,
        setting.headers.root,
        setting.scratch,
        path=path,
        LLAMA_CPP_LIB=str(setting.libraries),
        LLAMA_CPP_LIB_PATH=str(setting.libraries),
    )
    return results


def callback(setting: Setting) -> Iterator[Row]:
    """Time a Python function that C calls in a loop."""
    rounds: list[dict[str, float]] = [setting.worker("callback", path=[ROOT]) for _ in range(_ROUNDS)]
    peer = "ctypes, CFUNCTYPE"
    samples = {OURS: [times["ours"] for times in rounds], peer: [times["ctypes"] for times in rounds]}
    yield Row("callback", "C calls a Python function of two arguments", "ns", samples, (Goal(1.3, peer),))


def habits(setting: Setting) -> Iterator[Row]:
    """Time the same work written in several ways; the first way is the recommended one."""
    env = {"LLAMA_CPP_LIB": str(setting.libraries)}
    measure: Callable[[], dict[str, dict[str, float]]] = functools.partial(
        setting.worker, "habits", setting.stories, path=[ROOT], **env
    )
    rounds = [measure() for _ in range(_ROUNDS)]
    for what, ways in rounds[0].items():
        samples = {way: [times[what][way] for times in rounds] for way in ways}
        yield Row("habits", what, "ns", samples, ours=next(iter(ways)))
