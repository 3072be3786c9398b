"""Time callbacks that C calls in a loop; print nanoseconds for each kind as JSON."""

from __future__ import annotations

import ctypes
import json
import sys
import time
from typing import Any

from llama_ctypes._callback import callback

_CALLS, _REPEATS = 5_000, 9


def kinds() -> dict[str, Any]:
    """Return callbacks of the same work, made by llama-ctypes and by ctypes alone."""
    signature = (ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    return {
        "ours": callback("compare", *signature)(lambda key, element: 1),
        "ctypes": ctypes.CFUNCTYPE(*signature)(lambda key, element: 1),
    }


def main() -> dict[str, float]:
    """Return nanoseconds per callback by kind: the least of several timings, which alternate."""
    # The C library's linear search calls the function for every element until it returns 0.
    find = ctypes.CDLL(None).lfind
    find.restype = ctypes.c_void_p
    elements = (ctypes.c_int * _CALLS)()
    count, size = ctypes.c_size_t(_CALLS), ctypes.c_size_t(ctypes.sizeof(ctypes.c_int))
    results: dict[str, float] = {}
    callbacks = kinds()
    for _ in range(_REPEATS):
        for name, compare in callbacks.items():
            start = time.perf_counter()
            find(elements, elements, ctypes.byref(count), size, compare)
            nanoseconds = (time.perf_counter() - start) / _CALLS * 1e9
            results[name] = min(nanoseconds, results.get(name, nanoseconds))
    return results


if __name__ == "__main__":
    json.dump(main(), sys.stdout)
