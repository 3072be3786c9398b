"""Continue a text with tokens drawn at random: a chain of samplers. The same seed draws the same text.

python samplers.py MODEL [PROMPT] [SEED] [COUNT]
"""

from model import PROMPT, Context, Model, chain, run, write

import llama_ctypes as llama


def main(path: str, prompt: str = PROMPT, seed: str = "1", count: str = "64") -> None:
    """Print the prompt and up to `count` tokens."""
    samplers = (
        llama.llama_sampler_init_top_k(40),  # keep the 40 most probable tokens
        llama.llama_sampler_init_top_p(0.95, 1),  # and of these, the first that sum up to 95 %
        llama.llama_sampler_init_temp(0.8),  # below 1: the probable ones become more so
        llama.llama_sampler_init_dist(int(seed)),  # draw one
    )
    with Model(path) as model, Context(model) as context, chain(*samplers) as sampler:
        write(context, sampler, prompt, int(count))


if __name__ == "__main__":
    run(main)
