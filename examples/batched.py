"""Continue a text in several ways at once: each batch has one token of every text.

python batched.py MODEL [PROMPT] [TEXTS] [COUNT]
"""

from model import PROMPT, Context, Entry, Model, run

import llama_ctypes as llama


def main(path: str, prompt: str = PROMPT, texts: str = "4", count: str = "32") -> None:
    """Print each text on a line; text N is drawn with the seed N."""
    n = int(texts)
    with Model(path) as model, Context(model, n_seq_max=n) as context:
        tokens = model.tokenize(prompt)
        context.decode(tokens)
        for sequence in range(1, n):
            llama.llama_memory_seq_cp(context.memory, 0, sequence, -1, -1)

        answers: list[list[int]] = [[] for _ in range(n)]
        rows = dict.fromkeys(range(n), -1)  # where in the last batch each text's logits are; -1: at its end
        samplers = [llama.llama_sampler_init_dist(seed) for seed in range(n)]
        for position in range(len(tokens), len(tokens) + int(count)):
            entries: list[Entry] = []
            for sequence, row in list(rows.items()):
                token = llama.llama_sampler_sample(samplers[sequence], context.handle, row)
                if model.is_end(token):
                    del rows[sequence]
                    continue
                answers[sequence].append(token)
                rows[sequence] = len(entries)
                entries.append(Entry(token, position, sequence, output=True))
            if not entries:
                break
            context.decode_entries(entries)
        for sampler, answer in zip(samplers, answers, strict=True):
            llama.llama_sampler_free(sampler)
            print(prompt + model.text(answer))


if __name__ == "__main__":
    run(main)
