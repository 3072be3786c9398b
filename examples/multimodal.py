"""Ask about a picture.

python multimodal.py MODEL PROJECTOR IMAGE [PROMPT] [COUNT]

PROJECTOR is the model's second file (mmproj-*.gguf), which turns pictures into embeddings.
"""

import ctypes
import os

from model import Context, Model, chain, run, show

import llama_ctypes as llama


def decode(context: Context, projector: str, image: str, prompt: str) -> None:
    """Decode the picture and the prompt."""
    params = llama.mtmd_context_params_default()
    params.print_timings, params.verbosity = False, llama.GGML_LOG_LEVEL_ERROR
    vision = llama.mtmd_init_from_file(os.fsencode(projector), context.model.handle, params)
    if vision is None:
        raise SystemExit(f"cannot load {projector}")
    bitmap = llama.mtmd_helper_bitmap_init_from_file(vision, os.fsencode(image))
    if bitmap is None:
        raise SystemExit(f"cannot read {image}")
    # The marker in the text stands for the picture.
    text = llama.mtmd_input_text(llama.mtmd_default_marker() + prompt.encode(), True, True)
    chunks = llama.mtmd_input_chunks_init()
    status = llama.mtmd_tokenize(vision, chunks, ctypes.byref(text), (llama.mtmd_bitmap * 1)(bitmap), 1)
    if status == 0:
        length = llama.llama_pos()
        n_batch = llama.llama_n_batch(context.handle)
        status = llama.mtmd_helper_eval_chunks(
            vision, context.handle, chunks, 0, 0, n_batch, True, ctypes.byref(length)
        )
    if status != 0:
        raise SystemExit(f"cannot decode {image}: mtmd returned {status}")
    llama.mtmd_input_chunks_free(chunks)
    llama.mtmd_bitmap_free(bitmap)
    llama.mtmd_free(vision)


def main(path: str, projector: str, image: str, prompt: str = "What is this?", count: str = "64") -> None:
    """Print the answer."""
    with Model(path) as model, Context(model) as context, chain(llama.llama_sampler_init_greedy()) as greedy:
        decode(context, projector, image, prompt)
        for _ in range(int(count)):
            token = llama.llama_sampler_sample(greedy, context.handle, -1)
            if model.is_end(token):
                break
            show(model.piece(token))
            context.decode([token])
        show(b"\n")


if __name__ == "__main__":
    run(main)
