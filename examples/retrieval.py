"""Find the texts that are closest to a question: embeddings, and the cosine of the angle between them.

python retrieval.py MODEL QUESTION TEXT...
"""

import math

from model import Context, Entry, Model, run

import llama_ctypes as llama


def embed(model: Model, texts: list[str]) -> list[list[float]]:
    """Return an embedding of length 1 per text; all texts are one batch, each a sequence."""
    settings = {"embeddings": True, "pooling_type": llama.LLAMA_POOLING_TYPE_MEAN}
    settings["kv_unified"] = True  # Without it, some releases mix up the sequences.
    with Context(model, n_seq_max=len(texts), **settings) as context:
        context.decode_entries(
            [
                Entry(token, position, sequence, output=True)
                for sequence, text in enumerate(texts)
                for position, token in enumerate(model.tokenize(text))
            ]
        )
        size = llama.llama_model_n_embd(model.handle)
        # The slice copies: C's memory is valid until the next llama_decode.
        vectors = [
            llama.llama_get_embeddings_seq(context.handle, index)[:size] for index in range(len(texts))
        ]
    return [[value / math.hypot(*vector) for value in vector] for vector in vectors]


def main(path: str, question: str, *texts: str) -> None:
    """Print the texts with their similarity to the question, the most similar first."""
    with Model(path) as model:
        first, *others = embed(model, [question, *texts])
    similarities = [sum(a * b for a, b in zip(first, other, strict=True)) for other in others]
    for similarity, text in sorted(zip(similarities, texts, strict=True), reverse=True):
        print(f"{similarity:.6f} {text}")


if __name__ == "__main__":
    run(main)
