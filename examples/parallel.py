"""Continue many texts, two at a time: when one ends, the next takes its place in the batch, as in a server.

python parallel.py MODEL COUNT PROMPT...
"""

from dataclasses import dataclass, field

from model import Context, Entry, Model, chain, run

import llama_ctypes as llama

SLOTS = 2


@dataclass
class Request:
    """A prompt, and its answer so far."""

    prompt: str
    pending: list[int]
    """The tokens to decode next: at first the prompt, then the last token of the answer."""
    answer: list[int] = field(default_factory=list)
    length: int = 0
    """The number of decoded tokens."""
    row: int = 0
    """Where in the last batch its logits are."""


def main(path: str, count: str, *prompts: str) -> None:
    """Print each prompt with up to `count` tokens that follow it, in the order in which they end."""
    with (
        Model(path) as model,
        Context(model, n_seq_max=SLOTS) as context,
        chain(llama.llama_sampler_init_greedy()) as greedy,
    ):
        waiting = [Request(prompt, model.tokenize(prompt)) for prompt in prompts]
        running: dict[int, Request] = {}  # by sequence
        while waiting or running:
            for sequence in set(range(SLOTS)) - set(running):
                if waiting:
                    running[sequence] = waiting.pop(0)
            entries: list[Entry] = []
            for sequence, request in running.items():
                for token in request.pending:
                    entries.append(Entry(token, request.length, sequence))
                    request.length += 1
                request.row = len(entries) - 1
                entries[-1] = entries[-1]._replace(output=True)
            context.decode_entries(entries)
            for sequence, request in list(running.items()):
                token = llama.llama_sampler_sample(greedy, context.handle, request.row)
                end = model.is_end(token)
                if not end:
                    request.answer.append(token)
                    request.pending = [token]
                if end or len(request.answer) == int(count):
                    print(request.prompt + model.text(request.answer))
                    del running[sequence]
                    llama.llama_memory_seq_rm(context.memory, sequence, -1, -1)


if __name__ == "__main__":
    run(main)
