"""RUN_LLAMA_CHAT_INTEGRATION: a chat turn on the model LLAMA_MODEL_PATH, with the library LLAMA_CPP_LIB."""

from __future__ import annotations

import ctypes
import os

import pytest

from .conftest import switched_on

pytestmark = [
    switched_on("RUN_LLAMA_CHAT_INTEGRATION"),
    pytest.mark.skipif(not os.environ.get("LLAMA_CPP_LIB"), reason="LLAMA_CPP_LIB is not set"),
    pytest.mark.skipif(not os.environ.get("LLAMA_MODEL_PATH"), reason="LLAMA_MODEL_PATH is not set"),
]


def test_one_turn() -> None:
    """A question in the model's own template gets an answer."""
    import llama_ctypes as llama
    from llama_ctypes.__main__ import Completion

    with Completion(os.environ["LLAMA_MODEL_PATH"], n_ctx=1024, threads=1) as chat:
        template = llama.llama_model_chat_template(chat.model, None) or b"chatml"
        message = llama.llama_chat_message(role=b"user", content=b"Say hello.")
        size = llama.llama_chat_apply_template(template, message, 1, True, None, 0)
        assert size > 0
        buffer = ctypes.create_string_buffer(size)
        assert llama.llama_chat_apply_template(template, message, 1, True, buffer, size) == size
        prompt = buffer.raw
        assert b"Say hello." in prompt
        answer = b"".join(chat.piece(token) for token in chat.generate(chat.tokenize(prompt), 32))
        assert answer.strip()
