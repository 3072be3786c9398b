"""A loaded model with one context and one sampler: what `complete` and `chat` share.

It is also the example of how to use the bindings.
"""

from __future__ import annotations

import codecs
import logging
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from ctypes import c_char
from typing import Any

import llama_ctypes as llama

from .rpc_server import offload

# The most tokens decoded in one call. Python handles Ctrl-C between calls.
_BATCH = 512

EXAMPLE_MODEL = "qwen2.5-0.5b-instruct-q4_k_m.gguf"
"""The file of a small instruct model."""
DOWNLOAD = f"hf download Qwen/Qwen2.5-0.5B-Instruct-GGUF {EXAMPLE_MODEL} --local-dir ."
"""The command that downloads it; `hf` is part of huggingface_hub."""


class CommandError(Exception):
    """A command cannot do what the user asked for; the message is one line."""


class _ErrorLines(logging.Handler):
    """Keeps the error lines that llama.cpp logs: they explain why a function returned NULL."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the text of `record`."""
        self.lines.append(record.getMessage())

    def __enter__(self) -> _ErrorLines:
        logging.getLogger(llama.__name__).addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger(llama.__name__).removeHandler(self)

    def __str__(self) -> str:
        return f" (llama.cpp: {'; '.join(self.lines[:2])})" if self.lines else ""


class Session:
    """A model, one sequence of tokens and a sampler; leaving the `with` block frees them.

    Call `open_context` before anything that decodes. Every method may raise CommandError.
    """

    def __init__(
        self,
        path: str,
        threads: int,
        temperature: float = 0,
        seed: int | None = None,
        servers: str | None = None,
    ) -> None:
        """Load the GGUF file at `path` and make the sampler.

        All layers go to the RPC `servers` (HOST:PORT[,HOST:PORT]), or without them to the GPU if there is
        one. With a `temperature` above 0 tokens are drawn at random, else the most probable one is taken.
        """
        self.tokens: list[int] = []
        """The tokens in the context's memory."""
        self._threads = threads
        self._context: Any = None
        self.model = _load(path, servers)
        self.vocab = llama.llama_model_get_vocab(self.model)
        self.sampler = _sampler(temperature, seed)
        if llama.llama_model_has_encoder(self.model) or not llama.llama_model_has_decoder(self.model):
            self.__exit__()
            raise CommandError(f"{path}: this model is an encoder; it cannot continue text")

    @classmethod
    def from_arguments(cls, arguments: Any) -> Session:
        """Load the model that the command line names, with the options it sets."""
        return cls(arguments.model, arguments.threads, arguments.temperature, arguments.seed, arguments.rpc)

    def __enter__(self) -> Session:
        """Return the session itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Free sampler, context and model, in that order."""
        llama.llama_sampler_free(self.sampler)
        if self._context:
            llama.llama_free(self._context)
        llama.llama_model_free(self.model)

    def open_context(self, n_ctx: int) -> None:
        """Create the context, with room for `n_ctx` tokens; the session frees it."""
        if n_ctx > self.n_ctx_train:
            raise CommandError(
                f"a context of {n_ctx} tokens is too large: the model was trained for {self.n_ctx_train}"
            )
        params = llama.llama_context_default_params()
        params.n_ctx = n_ctx
        params.n_batch = min(n_ctx, _BATCH)
        # More threads than cores are slower, without OpenMP hundreds of times.
        params.n_threads = params.n_threads_batch = self._threads
        with _ErrorLines() as errors:
            self._context = llama.llama_init_from_model(self.model, params)
        if not self._context:
            raise CommandError(
                f"llama.cpp cannot create a context of {n_ctx} tokens; try a smaller --context{errors}"
            )

    @property
    def n_ctx_train(self) -> int:
        """The longest text, in tokens, that the model was trained for."""
        return llama.llama_model_n_ctx_train(self.model)

    @property
    def n_ctx(self) -> int:
        """The number of tokens that fit in the context."""
        return llama.llama_n_ctx(self._context)

    def is_full(self) -> bool:
        """Return whether the sequence fills the context, so that the text could not go on."""
        return len(self.tokens) >= self.n_ctx

    def larger_context(self, conjunction: str) -> str:
        """Return `conjunction` and the advice to use a larger context; empty if this one is the largest."""
        if self.n_ctx >= self.n_ctx_train:
            return ""
        return f"{conjunction}start again with a larger --context (at most {self.n_ctx_train})"

    def tokenize(self, text: bytes) -> list[int]:
        """Convert `text` to tokens, after the beginning-of-sequence token if the model uses one."""
        count = -llama.llama_tokenize(self.vocab, text, len(text), None, 0, True, True)
        tokens = (llama.llama_token * count)()
        llama.llama_tokenize(self.vocab, text, len(text), tokens, count, True, True)
        return list(tokens)

    def piece(self, token: int, special: bool = True) -> bytes:
        """Convert `token` to bytes, which may end inside a character.

        A control token gives its name if `special` is true, else nothing.
        """
        buffer = (c_char * 256)()
        length = llama.llama_token_to_piece(self.vocab, token, buffer, len(buffer), 0, special)
        if length < 0:
            buffer = (c_char * -length)()
            length = llama.llama_token_to_piece(self.vocab, token, buffer, len(buffer), 0, special)
        return buffer.raw[:length]

    def decode(self, tokens: Sequence[int]) -> None:
        """Decode `tokens` and append them to the sequence."""
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
        """Keep only what the sequence and `tokens` have in common at the start; return its length.

        It always leaves at least the last of `tokens` to decode, because the next token is sampled from
        that result.
        """
        common = 0
        while common < min(len(self.tokens), len(tokens) - 1) and self.tokens[common] == tokens[common]:
            common += 1
        memory = llama.llama_get_memory(self._context)
        if not llama.llama_memory_seq_rm(memory, 0, common, -1):
            # A recurrent model cannot go back to an earlier state.
            llama.llama_memory_clear(memory, True)
            common = 0
        del self.tokens[common:]
        return common

    def generate(self, count: int) -> Iterator[int]:
        """Yield up to `count` tokens that continue the sequence, fewer if the text or the context ends.

        The last token is yielded but not decoded.
        """
        for index in range(count):
            token = llama.llama_sampler_sample(self.sampler, self._context, -1)
            if llama.llama_vocab_is_eog(self.vocab, token):
                return
            yield token
            if index == count - 1 or len(self.tokens) == self.n_ctx:
                return
            self.decode([token])


def check_file(path: str) -> None:
    """Raise CommandError if `path` is not a GGUF file; this opens no library."""
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):  # reading would wait for whoever writes
            raise CommandError(f"{path}: not a regular file; give the path of a GGUF model")
        with open(path, "rb") as file:
            magic = file.read(4)
    except OSError as error:
        download = f"; to download a small one: {DOWNLOAD}" if isinstance(error, FileNotFoundError) else ""
        raise CommandError(f"{path}: {error.strerror}; give the path of a GGUF model{download}") from None
    if magic != b"GGUF":
        raise CommandError(
            f"{path}: not a GGUF file (it begins with {magic!r}); give the path of a GGUF model"
        )


def _load(path: str, servers: str | None) -> Any:
    params = llama.llama_model_default_params()
    if servers:
        offload(params, servers)
    else:
        params.n_gpu_layers = 999  # all of them, if there is a GPU; some releases default to none
    if sys.stderr.isatty():
        params.progress_callback = llama.llama_progress_callback(_show_progress)
    with _ErrorLines() as errors:
        model = llama.llama_model_load_from_file(os.fsencode(path), params)
    if not model:
        raise CommandError(f"{path}: llama.cpp cannot load this model{errors}")
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
        llama.llama_sampler_chain_add(chain, sampler)  # from here on the chain owns the sampler
    return chain


class Printer:
    """Prints pieces of text as they arrive, but never part of a character."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def write(self, piece: bytes, final: bool = False) -> str:
        """Print the complete characters at once and return them.

        With `final`, an incomplete character at the end becomes a replacement character.
        """
        text = self._decoder.decode(piece, final)
        sys.stdout.write(text)
        sys.stdout.flush()
        return text
