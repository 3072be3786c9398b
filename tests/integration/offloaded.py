"""Use a model in every way that touches the GPU; print numbers. Arguments: MODEL ADAPTER FOLDER PROMPT."""

from __future__ import annotations

import ctypes
import json
import sys
from typing import Any

import llama_ctypes as llama
from llama_ctypes._commands.session import Session

SIZE = 128


def new_context(model: Any, **settings: Any) -> Any:
    """Create a context with some settings."""
    params = llama.llama_context_default_params()
    params.n_ctx, params.n_threads, params.n_threads_batch = SIZE, 1, 1
    for name, value in settings.items():
        setattr(params, name, value)
    return llama.llama_init_from_model(model, params)


def decode(context: Any, tokens: list[int]) -> None:
    """Decode tokens at the end of the context's only sequence."""
    array = (llama.llama_token * len(tokens))(*tokens)
    assert llama.llama_decode(context, llama.llama_batch_get_one(array, len(array))) == 0


def main(path: str, adapter_path: str, folder: str, prompt: str) -> None:
    """Print the logits with and without a LoRA adapter and from a saved state, an embedding, and buffers."""
    with Session(path, threads=1) as session:
        model, tokens = session.model, session.tokenize(prompt.encode())
        n_vocab = llama.llama_vocab_n_tokens(session.vocab)

        def logits(context: Any) -> list[float]:
            return list(llama.llama_get_logits_ith(context, -1)[:n_vocab])

        # State: another context goes on where the first one stopped.
        first, second = new_context(model), new_context(model)
        decode(first, tokens[:-1])
        state = f"{folder}/state.bin".encode()
        room, count = (llama.llama_token * SIZE)(), ctypes.c_size_t()
        assert llama.llama_state_save_file(first, state, room, 0)
        assert llama.llama_state_load_file(second, state, room, SIZE, ctypes.byref(count))
        for context in (first, second):
            decode(context, tokens[-1:])
        results = {"plain": logits(first), "restored": logits(second)}

        # LoRA.
        adapter = llama.llama_adapter_lora_init(model, adapter_path.encode())
        adapted = new_context(model)
        assert llama.llama_set_adapter_lora(adapted, adapter, 1.0) == 0
        decode(adapted, tokens)
        results["adapted"] = logits(adapted)

        # The callback sees each result, and where it is.
        buffers: set[str] = set()

        def evaluate(tensor: Any, ask: bool, _data: object) -> bool:
            if not ask:
                value = ctypes.c_float()
                llama.ggml_backend_tensor_get(tensor, ctypes.byref(value), 0, 4)
                buffers.add(llama.ggml_backend_buffer_name(tensor.contents.buffer).decode())
            return True

        watched = new_context(model, cb_eval=llama.ggml_backend_sched_eval_callback(evaluate))
        decode(watched, tokens)
        results["watched"] = logits(watched)

        embedder = new_context(model, embeddings=True, pooling_type=llama.LLAMA_POOLING_TYPE_MEAN)
        decode(embedder, tokens)
        n_embd = llama.llama_model_n_embd(model)
        results["embedding"] = list(llama.llama_get_embeddings_seq(embedder, 0)[:n_embd])

        for context in (first, second, adapted, watched, embedder):
            llama.llama_free(context)
        llama.llama_adapter_lora_free(adapter)
    print(json.dumps({"buffers": sorted(buffers), "numbers": results}))


if __name__ == "__main__":
    main(*sys.argv[1:])
