"""A model, a context and a sampler chain, as most of the examples use them. Read this file first.

The objects are C's: who makes one frees it, a context before its model. So all three are for `with` blocks.
Every name that begins with `llama_` is C's, and `help(llama.llama_decode)` explains it.
"""

from __future__ import annotations

import ctypes
import inspect
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import llama_ctypes as llama
from llama_ctypes.typing import Pointer

PROMPT = "One day, Lily met a Shoggoth"

Sampler = Pointer[llama.llama_sampler]


class Model:
    """A GGUF file, loaded with all its layers on the GPU if there is one, and its vocabulary."""

    def __init__(self, path: str) -> None:
        params = llama.llama_model_default_params()
        params.n_gpu_layers = 999
        handle = llama.llama_model_load_from_file(os.fsencode(path), params)
        if handle is None:  # C's NULL. llama.cpp has logged the reason.
            sys.exit(f"cannot load {path}")
        self.handle = handle
        self.vocab = llama.llama_model_get_vocab(handle)

    def __enter__(self) -> Model:
        """Return the model itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Free the model."""
        llama.llama_model_free(self.handle)

    def tokenize(self, text: str) -> list[int]:
        """Convert text to tokens, after the token that begins a text if the model has one."""
        data = text.encode()
        count = -llama.llama_tokenize(self.vocab, data, len(data), None, 0, True, True)
        tokens = (llama.llama_token * count)()
        llama.llama_tokenize(self.vocab, data, len(data), tokens, count, True, True)
        return list(tokens)

    def piece(self, token: int) -> bytes:
        """Convert a token to UTF-8, which may end inside a character."""
        buffer = ctypes.create_string_buffer(256)
        length = llama.llama_token_to_piece(self.vocab, token, buffer, len(buffer), 0, False)
        return buffer.raw[:length]

    def text(self, tokens: Sequence[int]) -> str:
        """Convert tokens to text."""
        return b"".join(map(self.piece, tokens)).decode(errors="replace")

    def is_end(self, token: int) -> bool:
        """Return whether a token ends the text."""
        return llama.llama_vocab_is_eog(self.vocab, token)


class Entry(NamedTuple):
    """One token of a batch."""

    token: int
    position: int
    """Its place in its sequence, counted from 0."""
    sequence: int = 0
    output: bool = False
    """Whether to compute the logits after it, from which the next token is sampled."""


class Context:
    """The memory of a model: the sequences that it has decoded so far."""

    def __init__(self, model: Model, **settings: object) -> None:
        """Create a context; `settings` are fields of llama_context_params."""
        params = llama.llama_context_default_params()
        params.n_threads = params.n_threads_batch = min(8, os.cpu_count() or 1)  # more than cores are slower
        for name, value in settings.items():
            setattr(params, name, value)
        if "n_ctx" not in settings:  # The sequences share the room.
            params.n_ctx = min(2048, llama.llama_model_n_ctx_train(model.handle)) * params.n_seq_max
        handle = llama.llama_init_from_model(model.handle, params)
        if handle is None:
            sys.exit("cannot create a context")
        self.model, self.handle = model, handle
        self.memory = llama.llama_get_memory(handle)

    def __enter__(self) -> Context:
        """Return the context itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Free the context."""
        llama.llama_free(self.handle)

    def decode(self, tokens: Sequence[int]) -> None:
        """Decode tokens that continue sequence 0, with the logits after the last one."""
        array = (llama.llama_token * len(tokens))(*tokens)
        # The batch points into `array`, which must live until llama_decode returns.
        self._decode(llama.llama_batch_get_one(array, len(array)))

    def decode_entries(self, entries: Sequence[Entry]) -> None:
        """Decode tokens of any sequences at once."""
        batch = llama.llama_batch_init(len(entries), 0, 1)
        batch.n_tokens = len(entries)
        for index, entry in enumerate(entries):
            batch.token[index], batch.pos[index] = entry.token, entry.position
            batch.n_seq_id[index], batch.seq_id[index][0] = 1, entry.sequence
            batch.logits[index] = entry.output
        try:
            self._decode(batch)
        finally:
            llama.llama_batch_free(batch)

    def _decode(self, batch: llama.llama_batch) -> None:
        status = llama.llama_decode(self.handle, batch)
        if status != 0:
            sys.exit(f"llama_decode failed with status {status}" + "; the context is full" * (status == 1))

    def rewind(self, length: int) -> None:
        """Forget all but the first `length` tokens of sequence 0."""
        llama.llama_memory_seq_rm(self.memory, 0, length, -1)


@contextmanager
def chain(*samplers: Sampler) -> Iterator[Sampler]:
    """Return a sampler that applies `samplers` in this order; the last one chooses the token."""
    result = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
    for sampler in samplers:
        llama.llama_sampler_chain_add(result, sampler)  # From here on it belongs to the chain.
    try:
        yield result
    finally:
        llama.llama_sampler_free(result)


def generate(context: Context, sampler: Sampler, tokens: Sequence[int], count: int) -> Iterator[int]:
    """Decode `tokens`, then yield up to `count` tokens that follow; the last one is not decoded."""
    for _ in range(count):
        context.decode(tokens)
        token = llama.llama_sampler_sample(sampler, context.handle, -1)
        if context.model.is_end(token):
            return
        yield token
        tokens = [token]


def write(context: Context, sampler: Sampler, prompt: str, count: int) -> None:
    """Print `prompt` and up to `count` tokens that follow, each as soon as it is there."""
    show(prompt.encode())
    for token in generate(context, sampler, context.model.tokenize(prompt), count):
        show(context.model.piece(token))
    show(b"\n")


def show(piece: bytes) -> None:
    """Write a piece of text to stdout at once; the terminal joins the parts of a character."""
    sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


def run(main: Callable[..., None]) -> None:
    """Call a program's `main` with the words of the command line, or print what it needs."""
    try:
        inspect.signature(main).bind(*sys.argv[1:])
    except TypeError:
        sys.exit(sys.modules["__main__"].__doc__)
    main(*sys.argv[1:])
