"""Decode tokens as llama-bench does, or fill batches; print the measurements as JSON.

decode_worker.py decode|prompt MODEL TOKENS THREADS
"""

from __future__ import annotations

import array
import json
import random
import sys
import time
from collections.abc import Callable
from ctypes import addressof
from typing import Any

import llama_ctypes as llama


def _context(model: str, size: int, threads: int) -> tuple[Any, Any]:
    llama.llama_log_set(llama.ggml_log_callback(lambda _level, _text, _data: None), None)
    handle = llama.llama_model_load_from_file(model.encode(), llama.llama_model_default_params())
    assert handle, f"cannot load {model}"
    params = llama.llama_context_default_params()
    params.n_ctx = size
    params.n_batch, params.n_ubatch = size, min(size, 512)
    params.n_threads = params.n_threads_batch = threads
    context = llama.llama_init_from_model(handle, params)
    assert context, "cannot create a context"
    return handle, context


def decode(model: str, count: int, threads: int) -> dict[str, list[float]]:
    """Return tokens per second of three runs of `count` tokens, after an uncounted warm-up run."""
    handle, context = _context(model, count, threads)
    # As in llama-bench: waiting threads, instead of new ones for each token.
    pool_params = llama.ggml_threadpool_params_default(threads)
    pool = llama.ggml_threadpool_new(pool_params)
    llama.llama_attach_threadpool(context, pool, None)
    vocab = llama.llama_model_get_vocab(handle)
    words = llama.llama_vocab_n_tokens(vocab)
    memory = llama.llama_get_memory(context)
    speeds = []
    for _ in range(4):
        llama.llama_memory_clear(memory, False)
        started = time.perf_counter()
        _generate(context, llama.llama_vocab_bos(vocab), words, count)
        speeds.append(count / (time.perf_counter() - started))
    return {"tokens_per_second": speeds[1:]}


def _generate(context: Any, first: int, words: int, count: int) -> None:
    decode, synchronize = llama.llama_decode, llama.llama_synchronize
    token = (llama.llama_token * 1)(first)
    batch = llama.llama_batch_get_one(token, 1)  # points to `token`, so one batch is enough
    choose = random.randrange
    for _ in range(count):
        if decode(context, batch) != 0:
            raise RuntimeError("llama_decode failed")
        synchronize(context)
        token[0] = choose(words)


def prompt(model: str, count: int, threads: int) -> dict[str, list[float]]:
    """Return milliseconds for `count` tokens by way of filling a batch, the recommended way first."""
    handle, context = _context(model, 2 * count, threads)
    words = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(handle))
    tokens = [random.randrange(words) for _ in range(count)]
    batch = llama.llama_batch_init(count, 0, 1)

    def from_buffer() -> Any:
        values = (llama.llama_token * count).from_buffer(array.array("i", tokens))
        return llama.llama_batch_get_one(values, count), values

    def from_arguments() -> Any:
        values = (llama.llama_token * count)(*tokens)
        return llama.llama_batch_get_one(values, count), values

    def slices() -> Any:
        def view(pointer: Any, type_: Any) -> Any:
            return (type_ * count).from_address(addressof(pointer.contents))

        view(batch.token, llama.llama_token)[:] = tokens
        view(batch.pos, llama.llama_pos)[:] = range(count)
        # NULL sequences and logits mean sequence 0 and the last token's logits, as in get_one.
        return llama.llama_batch(n_tokens=count, token=batch.token, pos=batch.pos), batch

    def fields() -> Any:
        batch = llama.llama_batch_init(count, 0, 1)
        for index, token in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = index
            batch.seq_id[index][0] = 0
            batch.n_seq_id[index] = 1
            batch.logits[index] = 0
        batch.n_tokens = count
        return batch

    ways: dict[str, Callable[[], Any]] = {
        "array.array, llama_batch_get_one": from_buffer,
        "a ctypes array, llama_batch_get_one": from_arguments,
        "llama_batch_init, arrays assigned": slices,
        "llama_batch_init, field by field": fields,
    }
    try:
        from llama_cpp._internals import LlamaBatch  # type: ignore[import-not-found]
    except ImportError:
        pass
    else:
        theirs = LlamaBatch(n_tokens=count, embd=0, n_seq_max=1, verbose=False)
        ways["llama-cpp-python's LlamaBatch.set_batch"] = lambda: theirs.set_batch(tokens, 0, False)
    times: dict[str, list[float]] = {}
    for way, fill in ways.items():
        fill()
        times[way] = []
        for _ in range(9):
            started = time.perf_counter()
            result = fill()
            times[way].append(1000 * (time.perf_counter() - started))
            del result
    # llama_decode must accept the batches of the first three.
    for way in list(ways)[:3]:
        llama.llama_memory_clear(llama.llama_get_memory(context), True)
        result = ways[way]()
        decodable = result[0] if isinstance(result, tuple) else result
        assert llama.llama_decode(context, decodable) == 0, way
    return times


if __name__ == "__main__":
    what, model_path, number, thread_count = sys.argv[1:]
    json.dump(globals()[what](model_path, int(number), int(thread_count)), sys.stdout)
