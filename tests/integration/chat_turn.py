"""One chat turn through the bindings: MODEL QUESTION; prints the answer. test_chat.py runs it."""

from __future__ import annotations

import sys

import llama_ctypes as llama
from llama_ctypes._commands.chat import Chat, select_template
from llama_ctypes._commands.session import Printer, Session


def main(model: str, question: str) -> None:
    """Apply the model's template (chatml where it has none), decode, sample."""
    with Session(model, threads=1) as session:
        own = llama.llama_model_chat_template(session.model, None)
        session.open_context(min(1024, session.n_ctx_train))
        Chat(session, select_template(session, None if own else "chatml"), None).ask(question, 32, Printer())


if __name__ == "__main__":
    main(*sys.argv[1:])
