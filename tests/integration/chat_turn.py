"""One chat turn through the bindings: MODEL QUESTION; prints the answer. test_chat.py runs it."""

from __future__ import annotations

import ctypes
import sys

import llama_ctypes as llama
from llama_ctypes.__main__ import Completion


def main(model: str, question: str) -> None:
    """Apply the model's template (chatml where it has none), decode, sample."""
    with Completion(model, n_ctx=1024, threads=1) as chat:
        template = llama.llama_model_chat_template(chat.model, None) or b"chatml"
        message = llama.llama_chat_message(role=b"user", content=question.encode())
        size = llama.llama_chat_apply_template(template, message, 1, True, None, 0)
        assert size > 0
        buffer = ctypes.create_string_buffer(size)
        assert llama.llama_chat_apply_template(template, message, 1, True, buffer, size) == size
        assert question.encode() in buffer.raw
        for token in chat.generate(chat.tokenize(buffer.raw), 32):
            sys.stdout.buffer.write(chat.piece(token))


if __name__ == "__main__":
    main(*sys.argv[1:])
