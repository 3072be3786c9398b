"""Copy a GGUF file and set a key to a text, such as another chat template.

python gguf_write.py FILE OUTPUT KEY TEXT
"""

import ctypes
import os

from model import run

import llama_ctypes as llama


def main(path: str, output: str, key: str, text: str) -> None:
    """Write the copy."""
    tensors = llama.ggml_context()  # gguf_init_from_file makes one, with the weights.
    params = llama.gguf_init_params(no_alloc=False, ctx=ctypes.pointer(tensors))
    source = llama.gguf_init_from_file(os.fsencode(path), params)
    if source is None:
        raise SystemExit(f"cannot read {path}")
    copy = llama.gguf_init_empty()
    llama.gguf_set_kv(copy, source)
    llama.gguf_set_val_str(copy, key.encode(), text.encode())
    for index in range(llama.gguf_get_n_tensors(source)):
        name = llama.gguf_get_tensor_name(source, index)
        llama.gguf_add_tensor(copy, llama.ggml_get_tensor(tensors, name))
    written = llama.gguf_write_to_file(copy, os.fsencode(output), False)
    llama.gguf_free(copy)
    llama.gguf_free(source)
    llama.ggml_free(tensors)
    if not written:
        raise SystemExit(f"cannot write {output}")


if __name__ == "__main__":
    run(main)
