"""Write a story in instalments: every run continues where the last one stopped, without decoding it again.

python state.py MODEL STATE [COUNT] [PROMPT]

STATE is a file: the first run writes it, later runs read it and write it again.
"""

import ctypes
import os
from pathlib import Path

from model import PROMPT, Context, Model, chain, generate, run

import llama_ctypes as llama


def load(context: Context, path: str) -> list[int]:
    """Read a state into the context; return its tokens."""
    room = (llama.llama_token * llama.llama_n_ctx(context.handle))()
    count = ctypes.c_size_t()
    if not llama.llama_state_load_file(
        context.handle, os.fsencode(path), room, len(room), ctypes.byref(count)
    ):
        raise SystemExit(f"{path} is not a state of this model, or of another release of llama.cpp")
    return room[: count.value]


def main(path: str, state: str, count: str = "16", prompt: str = PROMPT) -> None:
    """Print the story so far, and save it."""
    with Model(path) as model, Context(model) as context, chain(llama.llama_sampler_init_greedy()) as greedy:
        if Path(state).exists():
            tokens = load(context, state)
            pending = tokens[-1:]  # The last token is in the list, but was not decoded.
        else:
            tokens = model.tokenize(prompt)
            pending = tokens
        tokens += generate(context, greedy, pending, int(count))
        array = (llama.llama_token * len(tokens))(*tokens)
        llama.llama_state_save_file(context.handle, os.fsencode(state), array, len(array))
        print(model.text(tokens).strip())


if __name__ == "__main__":
    run(main)
