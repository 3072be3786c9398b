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
        if not prompt or len(prompt) > n_ctx:
            raise CommandError(f"the prompt has {len(prompt)} tokens, the context {n_ctx}")
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
        f"prompt: {len(prompt)} tokens, {len(prompt) / (middle - start):.0f} tokens/s; "
        f"generated: {count} tokens, {count / (end - middle):.0f} tokens/s; on {hardware}",
        file=sys.stderr,
    )
