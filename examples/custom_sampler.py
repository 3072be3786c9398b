"""Continue a text without a letter: a sampler written in Python.

python custom_sampler.py MODEL [LETTER] [PROMPT] [COUNT]
"""

import ctypes
import math

from model import PROMPT, Context, Model, Sampler, chain, run, write

import llama_ctypes as llama
from llama_ctypes.typing import Pointer

NAME = ctypes.create_string_buffer(b"ban")


def ban(tokens: list[int]) -> Sampler:
    """Return a sampler that gives `tokens` no chance."""

    @llama.llama_sampler_i_name
    def name(_sampler: Sampler) -> int:
        return ctypes.addressof(NAME)  # Callbacks return pointers as addresses.

    @llama.llama_sampler_i_apply
    def apply(_sampler: Sampler, candidates: Pointer[llama.llama_token_data_array]) -> None:
        # In the first sampler of a chain, the index of a candidate is its token.
        for token in tokens:
            candidates.contents.data[token].logit = -math.inf

    # The other callbacks are NULL. C points to this struct: the bindings keep it until the process ends.
    return llama.llama_sampler_init(llama.llama_sampler_i(name=name, apply=apply), None)


def main(path: str, letter: str = "e", prompt: str = PROMPT, count: str = "64") -> None:
    """Print the prompt and up to `count` tokens that do not contain the letter."""
    with Model(path) as model, Context(model) as context:
        tokens = range(llama.llama_vocab_n_tokens(model.vocab))
        banned = [token for token in tokens if letter.encode() in model.piece(token)]
        with chain(ban(banned), llama.llama_sampler_init_greedy()) as sampler:
            write(context, sampler, prompt, int(count))


if __name__ == "__main__":
    run(main)
