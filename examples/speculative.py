"""Let a small model guess what a large one will write; the large one checks several tokens in one batch.

python speculative.py MODEL DRAFT_MODEL [PROMPT] [COUNT]

The text is that of the large model. Both models need the same vocabulary.
"""

import sys
from collections.abc import Iterator

from model import PROMPT, Context, Entry, Model, Sampler, chain, generate, run

import llama_ctypes as llama

GUESSES = 5


def speculate(target: Context, draft: Context, greedy: Sampler, tokens: list[int]) -> Iterator[list[int]]:
    """Yield the tokens that follow `tokens`, up to GUESSES + 1 at a time."""
    text = list(tokens)  # The last token is not decoded yet, in neither context.
    lengths = {target: 0, draft: 0}
    while True:
        guesses = list(generate(draft, greedy, text[lengths[draft] :], GUESSES))
        lengths[draft] = len(text) + len(guesses) - 1
        # The logits after the last token of the text, and after each guess.
        start = lengths[target]
        entries = [
            Entry(token, start + index, output=start + index >= len(text) - 1)
            for index, token in enumerate(text[start:] + guesses)
        ]
        target.decode_entries(entries)
        accepted = []
        for row, guess in zip(range(len(text) - 1 - start, len(entries)), [*guesses, None], strict=True):
            accepted.append(llama.llama_sampler_sample(greedy, target.handle, row))
            if accepted[-1] != guess:
                break
        text += accepted
        # Forget the wrong guesses.
        lengths = {context: min(length, len(text) - 1) for context, length in lengths.items()}
        lengths[target] = len(text) - 1
        for context, length in lengths.items():
            context.rewind(length)
        yield accepted


def main(path: str, draft_path: str, prompt: str = PROMPT, count: str = "64") -> None:
    """Print the text, and on stderr how many batches of the large model it took."""
    with (
        Model(path) as model,
        Model(draft_path) as draft_model,
        Context(model) as target,
        Context(draft_model) as draft,
        chain(llama.llama_sampler_init_greedy()) as greedy,
    ):
        answer: list[int] = []
        batches = 0
        for accepted in speculate(target, draft, greedy, model.tokenize(prompt)):
            batches += 1
            answer += accepted
            if len(answer) >= int(count) or any(map(model.is_end, accepted)):
                break
        ends = [index for index, token in enumerate(answer) if model.is_end(token)]
        answer = answer[: min([int(count), *ends])]
        print(prompt + model.text(answer))
        print(f"{len(answer)} tokens in {batches} batches", file=sys.stderr)


if __name__ == "__main__":
    run(main)
