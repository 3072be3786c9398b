"""Continue a text with the most probable tokens.

python simple.py MODEL [PROMPT] [COUNT]
"""

from model import PROMPT, Context, Model, chain, run, write

import llama_ctypes as llama


def main(path: str, prompt: str = PROMPT, count: str = "64") -> None:
    """Print the prompt and up to `count` tokens, each as soon as it is there."""
    with Model(path) as model, Context(model) as context, chain(llama.llama_sampler_init_greedy()) as greedy:
        write(context, greedy, prompt, int(count))


if __name__ == "__main__":
    run(main)
