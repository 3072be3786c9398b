"""Time several ways to write the same work; print nanoseconds as JSON, the recommended way first.

habits_worker.py MODEL
"""

from __future__ import annotations

import ctypes
import json
import statistics
import sys
import timeit
from ctypes import addressof, byref, pointer
from typing import Any

import llama_ctypes as llama

# Statements by way, by task.
WAYS = {
    "a function used often": {
        "a local name": "get_text(vocab, 5)",
        "an attribute of the module": "llama.llama_vocab_get_text(vocab, 5)",
    },
    "a struct by reference": {
        "the struct, wrapped once by pointer()": "match(wrapped, wrapped)",
        "byref(struct)": "match(byref(params), byref(params))",
        "pointer(struct)": "match(pointer(params), pointer(params))",
    },
    "an output buffer": {
        "one for all calls": "to_piece(vocab, 5, buffer, 64, 0, True)",
        "a new one per call": "to_piece(vocab, 5, (c_char * 64)(), 64, 0, True)",
    },
    "a batch of one token": {
        "one batch, its token replaced": "token[0] = 5",
        "a new array and batch": "get_one((llama_token * 1)(5), 1)",
    },
    "512 floats behind a pointer": {
        "an array over them, copied to a list": "(c_float * 512).from_address(addressof(floats.contents))[:]",
        "a slice of the pointer": "floats[:512]",
        "indexing one by one": "[floats[i] for i in range(512)]",
    },
    "the largest of 512 floats": {
        "numpy.argmax over a view": "numpy.frombuffer(view, numpy.float32).argmax()",
        "max() of a list": "max(range(512), key=(view[:]).__getitem__)",
    },
}


def names(model: str) -> dict[str, Any]:
    """Return the names that the statements use."""
    params = llama.ggml_threadpool_params_default(1)
    handle = llama.llama_model_load_from_file(model.encode(), llama.llama_model_default_params())
    assert handle, f"cannot load {model}"
    values = (ctypes.c_float * 512)(*range(512))
    try:
        import numpy
    except ImportError:
        numpy = None  # type: ignore[assignment]
    return {
        "llama": llama,
        "numpy": numpy,
        "get_text": llama.llama_vocab_get_text,
        "to_piece": llama.llama_token_to_piece,
        "match": llama.ggml_threadpool_params_match,
        "get_one": llama.llama_batch_get_one,
        "llama_token": llama.llama_token,
        "vocab": llama.llama_model_get_vocab(handle),
        "params": params,
        "wrapped": pointer(params),
        "buffer": ctypes.create_string_buffer(64),
        "token": (llama.llama_token * 1)(),
        "floats": ctypes.cast(values, ctypes.POINTER(ctypes.c_float)),
        "view": values,
        "c_float": ctypes.c_float,
        "c_char": ctypes.c_char,
        "addressof": addressof,
        "byref": byref,
        "pointer": pointer,
    }


def main(model: str) -> dict[str, dict[str, float]]:
    """Return nanoseconds by way, by task."""
    namespace = names(model)
    results: dict[str, dict[str, float]] = {}
    for what, ways in WAYS.items():
        for way, statement in ways.items():
            if "numpy" in statement and namespace["numpy"] is None:
                continue
            number = 500 if "512" in what else 20_000
            times = timeit.repeat(statement, globals=namespace, number=number, repeat=5)
            results.setdefault(what, {})[way] = statistics.median(times) / number * 1e9
    return results


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:]), sys.stdout)
