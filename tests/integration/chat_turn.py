"""Run one chat turn through the bindings and print the answer. Arguments: MODEL QUESTION."""

from __future__ import annotations

import sys

import llama_ctypes as llama
from llama_ctypes._commands.chat import Chat
from llama_ctypes._commands.session import Printer, Session
from llama_ctypes._commands.template import select_template


def main(model: str, question: str) -> None:
    """Apply the model's template (chatml if it has none), decode, sample."""
    with Session(model, threads=1) as session:
        template = llama.llama_model_chat_template(session.model, None)
        session.open_context(min(1024, session.n_ctx_train))
        chat = Chat(session, select_template(session, None if template else "chatml"), None)
        chat.ask(question, 32, Printer())


if __name__ == "__main__":
    main(*sys.argv[1:])
