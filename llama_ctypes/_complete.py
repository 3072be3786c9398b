"""`python -m llama_ctypes complete`; the example of how to use the bindings."""

from __future__ import annotations

import codecs
import logging
import os
import sys
import time
from collections.abc import Iterator, Sequence
from ctypes import c_char
from typing import Any

import llama_ctypes as llama

from . import _rpc

# Decoded in one call at most; between calls, Ctrl-C is heard.
_BATCH = 512


class CommandError(Exception):
    """What the user asked for cannot be done; the message is one line."""


class _Heard(logging.Handler):
    """Keeps the library's error lines, which say why it returned NULL."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(record.getMessage())

    def __enter__(self) -> _Heard:
        logging.getLogger(__package__).addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger(__package__).removeHandler(self)

    def __str__(self) -> str:
        return f" (llama.cpp: {'; '.join(self.lines[:2])})" if self.lines else ""


class Session:
    """A model, one sequence of tokens, and a sampler; frees them when the `with` block ends."""

    def __init__(
        self,
        path: str,
        threads: int,
        temperature: float = 0,
        seed: int | None = None,
        servers: str | None = None,
    ) -> None:
        """Load the GGUF file at `path`, all of it on the RPC `servers`, else on the GPU where there is one.

        The next token is the most probable one, or drawn with `temperature` where that is above 0.
        """
        self.tokens: list[int] = []
        """What the context's memory holds."""
        self._threads = threads
        self._context: Any = None
        self.model = _load(path, servers)
        self.vocab = llama.llama_model_get_vocab(self.model)
        self.sampler = _sampler(temperature, seed)
        if llama.llama_model_has_encoder(self.model) or not llama.llama_model_has_decoder(self.model):
            self.__exit__()
            raise CommandError(f"{path}: this model does not continue text (it is an encoder)")

    @classmethod
    def of(cls, arguments: Any) -> Session:
        """As the command line asks for it."""
        return cls(arguments.model, arguments.threads, arguments.temperature, arguments.seed, arguments.rpc)

    def __enter__(self) -> Session:
        """Return self."""
        return self

    def __exit__(self, *_: object) -> None:
        """Free sampler, context and model, in that order."""
        llama.llama_sampler_free(self.sampler)
        if self._context:
            llama.llama_free(self._context)
        llama.llama_model_free(self.model)

    def open_context(self, n_ctx: int) -> None:
        """Make room for `n_ctx` tokens; before the first decode."""
        if n_ctx > self.n_ctx_train:
            raise CommandError(
                f"a context of {n_ctx} tokens is too large: the model knows {self.n_ctx_train}"
            )
        params = llama.llama_context_default_params()
        params.n_ctx = n_ctx
        params.n_batch = min(n_ctx, _BATCH)
        # More threads than cores are slower, without OpenMP hundreds of times.
        params.n_threads = params.n_threads_batch = self._threads
        with _Heard() as heard:
            self._context = llama.llama_init_from_model(self.model, params)
        if not self._context:
            raise CommandError(f"no context of {n_ctx} tokens could be made; try a smaller --context{heard}")

    @property
    def n_ctx_train(self) -> int:
        """How long a text the model was trained for."""
        return llama.llama_model_n_ctx_train(self.model)

    @property
    def n_ctx(self) -> int:
        """How many tokens fit."""
        return llama.llama_n_ctx(self._context)

    def tokenize(self, text: bytes) -> list[int]:
        """The tokens of `text`, with the beginning-of-sequence token where the model wants one."""
        needed = -llama.llama_tokenize(self.vocab, text, len(text), None, 0, True, True)
        tokens = (llama.llama_token * needed)()
        llama.llama_tokenize(self.vocab, text, len(text), tokens, needed, True, True)
        return list(tokens)

    def piece(self, token: int, special: bool = True) -> bytes:
        """The bytes a token stands for, not always whole characters; control tokens are `special`."""
        buffer = (c_char * 256)()
        length = llama.llama_token_to_piece(self.vocab, token, buffer, len(buffer), 0, special)
        if length < 0:
            buffer = (c_char * -length)()
            length = llama.llama_token_to_piece(self.vocab, token, buffer, len(buffer), 0, special)
        return buffer.raw[:length]

    def decode(self, tokens: Sequence[int]) -> None:
        """Append `tokens` to the sequence."""
        if len(self.tokens) + len(tokens) > self.n_ctx:
            raise CommandError(f"the context of {self.n_ctx} tokens is full; try a larger --context")
        for start in range(0, len(tokens), _BATCH):
            part = tokens[start : start + _BATCH]
            array = (llama.llama_token * len(part))(*part)
            # The batch points into `array`, which must live until llama_decode returns.
            status = llama.llama_decode(self._context, llama.llama_batch_get_one(array, len(array)))
            if status != 0:
                raise CommandError(f"llama_decode failed with status {status}")
            self.tokens += part

    def rewind(self, tokens: Sequence[int]) -> int:
        """Forget all that does not begin `tokens`; return how many are left, always fewer than all."""
        same = 0
        while same < min(len(self.tokens), len(tokens) - 1) and self.tokens[same] == tokens[same]:
            same += 1
        memory = llama.llama_get_memory(self._context)
        if not llama.llama_memory_seq_rm(memory, 0, same, -1):
            # A recurrent model has no way back.
            llama.llama_memory_clear(memory, True)
            same = 0
        del self.tokens[same:]
        return same

    def generate(self, count: int) -> Iterator[int]:
        """Yield up to `count` tokens after what was decoded, fewer where text or context end."""
        for index in range(count):
            token = llama.llama_sampler_sample(self.sampler, self._context, -1)
            if llama.llama_vocab_is_eog(self.vocab, token):
                return
            yield token
            if index == count - 1 or len(self.tokens) == self.n_ctx:
                return
            self.decode([token])


def check_file(path: str) -> None:
    """CommandError where `path` is no GGUF file, before anything is opened."""
    try:
        with open(path, "rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}; give the path of a GGUF model") from None
    if magic != b"GGUF":
        raise CommandError(
            f"{path}: not a GGUF file (it begins with {magic!r}); give the path of a GGUF model"
        )


def _load(path: str, servers: str | None) -> Any:
    params = llama.llama_model_default_params()
    if servers:
        _rpc.offload(params, servers)
    else:
        params.n_gpu_layers = 999  # all, where there is a GPU: the default of some releases is none
    if sys.stderr.isatty():
        params.progress_callback = llama.llama_progress_callback(_show_progress)
    with _Heard() as heard:
        model = llama.llama_model_load_from_file(os.fsencode(path), params)
    if not model:
        raise CommandError(f"{path}: llama.cpp cannot load this model{heard}")
    return model


def _show_progress(fraction: float, _data: object) -> bool:
    # Returning False would stop the loading.
    print(f"\rloading {fraction:4.0%}" if fraction < 1 else "\r\033[K", end="", file=sys.stderr, flush=True)
    return True


def _sampler(temperature: float, seed: int | None) -> Any:
    if temperature <= 0:
        return llama.llama_sampler_init_greedy()
    chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
    for sampler in (
        llama.llama_sampler_init_top_k(40),
        llama.llama_sampler_init_top_p(0.95, 1),
        llama.llama_sampler_init_temp(temperature),
        llama.llama_sampler_init_dist(llama.LLAMA_DEFAULT_SEED if seed is None else seed),
    ):
        llama.llama_sampler_chain_add(chain, sampler)  # which owns it from now on
    return chain


class Printer:
    """Prints pieces of text as they come, characters only when they are whole."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def write(self, piece: bytes, final: bool = False) -> str:
        """Print what is complete, at once; with `final` also what is not, as replacement characters."""
        text = self._decoder.decode(piece, final)
        sys.stdout.write(text)
        sys.stdout.flush()
        return text


def complete(arguments: Any, where: str) -> None:
    """Continue `arguments.prompt`; the text goes to stdout as it comes, the figures to stderr."""
    with Session.of(arguments) as session:
        prompt = session.tokenize(os.fsencode(arguments.prompt))
        n_ctx = arguments.context or min(len(prompt) + arguments.tokens, session.n_ctx_train)
        if not prompt or len(prompt) > n_ctx:
            raise CommandError(f"the prompt has {len(prompt)} tokens, the context {n_ctx}")
        session.open_context(n_ctx)
        printer = Printer()
        printer.write(os.fsencode(arguments.prompt))
        started = time.perf_counter()
        session.decode(prompt)
        decoded, count = time.perf_counter(), 0
        try:
            for token in session.generate(arguments.tokens):
                printer.write(session.piece(token))
                count += 1
        finally:
            printer.write(b"\n", final=True)
        ended = time.perf_counter()
    print(
        f"prompt: {len(prompt)} tokens, {len(prompt) / (decoded - started):.0f} tokens/s; "
        f"generated: {count} tokens, {count / (ended - decoded):.0f} tokens/s; on {where}",
        file=sys.stderr,
    )
