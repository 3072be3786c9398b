"""A llama.cpp without a model: one token per byte, a memory that can be read, answers by a script."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from typing import Any

import llama_ctypes

END = 0
"""The token that ends an answer."""


class FakeLlama:
    """Stands for the module in a command; types and constants are the real ones, which need no library."""

    def __init__(self, n_ctx: int = 64, *, can_rewind: bool = True) -> None:
        self.n_ctx = self.n_ctx_train = n_ctx
        self.can_rewind = can_rewind
        self.memory: list[int] = []
        """The tokens in the context's memory."""
        self.decoded: list[list[int]] = []
        """The tokens of each call of llama_decode."""
        self.freed: list[str] = []
        self.answers: list[Any] = []
        """What llama_sampler_sample returns next, or an exception to raise; END if there is no more."""
        self.encoder = False
        self.template: bytes | None = b"own"
        self.add_bos = False
        self.context: str | None = "context"
        self.status = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(llama_ctypes, name)

    # -- the model ----------------------------------------------------------------------------

    def llama_model_default_params(self) -> Any:
        return llama_ctypes.llama_model_params()

    def llama_model_load_from_file(self, path: bytes, _params: object) -> str | None:
        return None if path == b"broken.gguf" else "model"

    def llama_model_get_vocab(self, _model: object) -> str:
        return "vocab"

    def llama_model_has_encoder(self, _model: object) -> bool:
        return self.encoder

    def llama_model_has_decoder(self, _model: object) -> bool:
        return True

    def llama_model_n_ctx_train(self, _model: object) -> int:
        return self.n_ctx_train

    def llama_model_free(self, model: str) -> None:
        self.freed.append(model)

    # -- context and memory -------------------------------------------------------------------

    def llama_context_default_params(self) -> Any:
        return llama_ctypes.llama_context_params()

    def llama_init_from_model(self, _model: object, params: Any) -> str | None:
        self.n_ctx = params.n_ctx
        return self.context

    def llama_n_ctx(self, _context: object) -> int:
        return self.n_ctx

    def llama_free(self, context: str) -> None:
        self.freed.append(context)

    def llama_get_memory(self, _context: object) -> str:
        return "memory"

    def llama_memory_seq_rm(self, _memory: object, _sequence: int, start: int, end: int) -> bool:
        if self.can_rewind or start == len(self.memory):
            self.memory[start : None if end < 0 else end] = []
            return True
        return False

    def llama_memory_clear(self, _memory: object, _data: bool) -> None:
        self.memory.clear()

    def llama_batch_get_one(self, tokens: Iterable[int], count: int) -> list[int]:
        return list(tokens)[:count]

    def llama_decode(self, _context: object, batch: list[int]) -> int:
        if not self.status:
            self.decoded.append(batch)
            self.memory += batch
        return self.status

    # -- text ---------------------------------------------------------------------------------

    def llama_tokenize(
        self, _vocab: object, text: bytes, _length: int, tokens: Any, count: int, _add: bool, _parse: bool
    ) -> int:
        if tokens is None:
            return -len(text)
        tokens[:count] = list(text)
        return len(text)

    def llama_token_to_piece(
        self, _vocab: object, token: int, buffer: Any, size: int, _lstrip: int, _special: bool
    ) -> int:
        text = bytes([token]) if token < 256 else b"x" * token  # a token above 255 is a long piece
        if len(text) > size:
            return -len(text)
        buffer[: len(text)] = text
        return len(text)

    def llama_vocab_bos(self, _vocab: object) -> int:
        return ord("^")

    def llama_vocab_eos(self, _vocab: object) -> int:
        return -1  # LLAMA_TOKEN_NULL

    def llama_vocab_get_add_bos(self, _vocab: object) -> bool:
        return self.add_bos

    def llama_vocab_is_eog(self, _vocab: object, token: int) -> bool:
        return token == END

    def llama_sampler_init_greedy(self) -> str:
        return "sampler"

    def llama_sampler_sample(self, _sampler: object, _context: object, _index: int) -> int:
        token = self.answers.pop(0) if self.answers else END
        if isinstance(token, BaseException):
            raise token
        return int(token)

    def llama_sampler_free(self, sampler: str) -> None:
        self.freed.append(sampler)

    # -- templates: a message is <role:text>, and "?" begins the answer ---------------------------

    def llama_model_chat_template(self, _model: object, _name: object) -> bytes | None:
        return self.template

    def llama_chat_builtin_templates(self, names: Any, _count: int) -> int:
        if names is not None:
            names[0] = b"chatml"
        return 1

    def llama_chat_apply_template(
        self, template: bytes, messages: Any, _count: int, answer: bool, buffer: Any, size: int
    ) -> int:
        if template not in (b"own", b"chatml"):
            return -1
        text = b"".join(b"<%c:%b>" % (message.role[0], message.content) for message in messages)
        text += b"?" if answer else b""
        if buffer is not None:
            ctypes.memmove(buffer, text, size)
        return len(text)
