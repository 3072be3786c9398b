"""`python -m llama_ctypes complete`: continue a text."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from .session import CommandError, Printer, Session


def complete(arguments: Any, hardware: str) -> None:
    """Continue `arguments.prompt`: print the text to stdout as it arrives, the speed to stderr.

    `hardware` is the phrase that names what the model runs on.
    """
    with Session.from_arguments(arguments) as session:
        prompt = session.tokenize(os.fsencode(arguments.prompt))
        n_ctx = arguments.context or min(len(prompt) + arguments.tokens, session.n_ctx_train)
        if not prompt:
            raise CommandError("the prompt is empty, and this model needs at least one token to continue")
        if len(prompt) > n_ctx:
            fits = len(prompt) <= session.n_ctx_train
            advice = "try a larger --context" if fits else "shorten it: the model was trained for no more"
            raise CommandError(
                f"the prompt has {len(prompt)} tokens, the context {n_ctx}; {advice}"
                + (f" (at most {session.n_ctx_train})" if fits else "")
            )
        session.open_context(n_ctx)
        printer = Printer()
        printer.write(os.fsencode(arguments.prompt))
        start = time.perf_counter()
        session.decode(prompt)
        middle, count = time.perf_counter(), 0
        try:
            for token in session.generate(arguments.tokens):
                printer.write(session.piece(token))
                count += 1
        finally:
            printer.write(b"\n", final=True)
        end = time.perf_counter()
        print(
            f"prompt: {len(prompt)} tokens, {speed(len(prompt), middle - start)}; "
            f"generated: {count} tokens, {speed(count, end - middle)}; on {hardware}",
            file=sys.stderr,
        )
        if session.is_full():
            advice = session.larger_context("; ")
            print(f"the context of {session.n_ctx} tokens is full{advice}", file=sys.stderr)


def speed(tokens: int, seconds: float) -> str:
    """Return the speed as text, below 10 tokens/s with a decimal."""
    rate = tokens / max(seconds, 1e-9)  # Windows' clock may not have moved
    return f"{rate:.{0 if rate >= 9.95 else 1}f} tokens/s"
