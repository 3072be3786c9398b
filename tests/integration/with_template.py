"""Copy a GGUF model and add a chat template, using only gguf_* functions. Arguments: MODEL OUTPUT."""

from __future__ import annotations

import ctypes
import sys

import llama_ctypes as llama


def main(model: str, output: str) -> None:
    """Read the model, set one key, write the copy."""
    tensors = llama.ggml_context()
    params = llama.gguf_init_params(no_alloc=False, ctx=ctypes.pointer(tensors))
    source = llama.gguf_init_from_file(model.encode(), params)
    copy = llama.gguf_init_empty()
    llama.gguf_set_kv(copy, source)
    template = (
        b"USER: {{ messages[0]['content'] }} ASSISTANT: "  # llama.cpp recognizes it, but does not run it
    )
    llama.gguf_set_val_str(copy, b"tokenizer.chat_template", template)
    for index in range(llama.gguf_get_n_tensors(source)):
        name = llama.gguf_get_tensor_name(source, index)
        llama.gguf_add_tensor(copy, llama.ggml_get_tensor(tensors, name))
    success = llama.gguf_write_to_file(copy, output.encode(), False)
    llama.gguf_free(copy)
    llama.gguf_free(source)
    llama.ggml_free(tensors)
    assert success


if __name__ == "__main__":
    main(*sys.argv[1:])
