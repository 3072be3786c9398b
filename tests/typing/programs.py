"""Programs for every API family, as users write them; type checkers find no mistakes in them.

This file never runs: `test_typing.py` and `lint` only type-check it.
"""

from __future__ import annotations

import ctypes

import llama_ctypes as llama
from llama_ctypes.typing import Pointer


def generate(path: bytes, prompt: bytes) -> bytes:
    """llama.h: load, tokenize, decode, sample."""
    params = llama.llama_model_default_params()
    params.n_gpu_layers = 99
    params.use_mmap = False
    params.progress_callback = llama.llama_progress_callback(lambda fraction, data: fraction < 2)
    model = llama.llama_model_load_from_file(path, params)
    if model is None:
        raise SystemExit(1)
    address: int = int(model)
    vocab = llama.llama_model_get_vocab(model)
    context_params = llama.llama_context_default_params()
    context_params.n_ctx = 512
    context_params.pooling_type = llama.LLAMA_POOLING_TYPE_MEAN
    context = llama.llama_init_from_model(model, context_params)
    tokens = (llama.llama_token * 64)()
    count: int = llama.llama_tokenize(vocab, prompt, len(prompt), tokens, len(tokens), True, True)
    status: int = llama.llama_decode(context, llama.llama_batch_get_one(tokens, count))
    logits = llama.llama_get_logits_ith(context, -1)
    best: float = logits[0] if bool(logits) else 0.0
    chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
    llama.llama_sampler_chain_add(chain, llama.llama_sampler_init_temp(0.8))
    llama.llama_sampler_chain_add(chain, llama.llama_sampler_init_dist(llama.LLAMA_DEFAULT_SEED))
    token = llama.llama_sampler_sample(chain, context, -1)
    buffer = ctypes.create_string_buffer(64)
    length = llama.llama_token_to_piece(vocab, token, buffer, len(buffer), 0, True)
    kind = llama.enum_llama_vocab_type(llama.llama_vocab_type(vocab))
    print(
        address, status, best, kind.name, llama.llama_memory_seq_pos_max(llama.llama_get_memory(context), 0)
    )
    llama.llama_sampler_free(chain)
    llama.llama_free(context)
    llama.llama_model_free(model)
    return buffer.raw[:length]


def sampler(banned: list[int]) -> Pointer[llama.llama_sampler]:
    """llama.h: a sampler in Python, in a chain."""
    label = ctypes.create_string_buffer(b"ban")

    @llama.llama_sampler_i_name
    def name(_sampler: Pointer[llama.llama_sampler]) -> int:
        return ctypes.addressof(label)

    @llama.llama_sampler_i_apply
    def apply(
        _sampler: Pointer[llama.llama_sampler], candidates: Pointer[llama.llama_token_data_array]
    ) -> None:
        for token in banned:
            candidates.contents.data[token].logit = -1e9

    interface = llama.llama_sampler_i(name=name, apply=apply)
    interface.reset = llama.llama_sampler_i_reset(lambda sampler: None)
    interface.accept = llama.llama_sampler_accept  # a C function
    chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
    llama.llama_sampler_chain_add(chain, llama.llama_sampler_init(interface, None))
    interface.apply(chain, llama.llama_token_data_array())
    return chain


def largest(logits: Pointer[ctypes.c_float], count: int) -> float:
    """A function that takes a pointer."""
    largest_one: float = max(logits[:count])
    return largest_one


def training(context: llama.llama_context | None) -> None:
    """llama.h: C functions as callbacks."""
    params = llama.llama_opt_params(get_opt_pars=llama.ggml_opt_get_constant_optimizer_params)
    params.param_filter = llama.llama_opt_param_filter_all
    params.get_opt_pars = llama.ggml_opt_get_optimizer_params(llama.ggml_opt_get_default_optimizer_params)
    data = llama.ggml_opt_dataset_init(llama.GGML_TYPE_F32, llama.GGML_TYPE_F32, 2, 1, 100, 1)
    progress = llama.ggml_opt_epoch_callback_progress_bar
    llama.llama_opt_epoch(context, data, None, None, 1, progress, None)
    rates: float = llama.ggml_opt_get_default_optimizer_params(None).adamw.alpha
    print(largest(llama.llama_get_logits(context), 5), rates)


def load_once(path: bytes) -> llama.llama_model | None:
    """llama.h: a callback for one call."""
    params = llama.llama_model_default_params()
    with llama.llama_progress_callback(lambda fraction, data: True) as progress:
        params.progress_callback = progress
        model = llama.llama_model_load_from_file(path, params)
    llama.llama_log_set(llama.ggml_log_callback(lambda level, text, data: None), None)
    llama.ggml_log_callback().close()
    return model


def batch() -> llama.llama_batch:
    """llama.h: a batch that the program allocates."""
    tokens = llama.llama_batch_init(8, 0, 1)
    tokens.n_tokens = 1
    tokens.token[0] = 5
    tokens.pos[0] = 0
    tokens.n_seq_id[0] = 1
    tokens.seq_id[0][0] = 0
    tokens.logits[0] = 1
    return tokens


def chat(model: llama.llama_model, messages: list[tuple[bytes, bytes]]) -> bytes:
    """llama.h: an array of structs in, text out."""
    array = (llama.llama_chat_message * len(messages))()
    for element, (role, content) in zip(array, messages, strict=True):
        element.role, element.content = role, content
    template = llama.llama_model_chat_template(model, None)
    buffer = ctypes.create_string_buffer(1024)
    size = llama.llama_chat_apply_template(template, array, len(array), True, buffer, len(buffer))
    return buffer.raw[:size]


def graph() -> float:
    """ggml.h and ggml-cpu.h: compute a product."""
    context = llama.ggml_init(llama.ggml_init_params(mem_size=1 << 20, mem_buffer=None, no_alloc=False))
    a = llama.ggml_new_tensor_1d(context, llama.GGML_TYPE_F32, 4)
    llama.ggml_set_f32(a, 2.0)
    product = llama.ggml_mul(context, a, a)
    plan = llama.ggml_new_graph(context)
    llama.ggml_build_forward_expand(plan, product)
    status = llama.ggml_graph_compute_with_ctx(context, plan, 1)
    assert llama.ggml_status(status) is llama.ggml_status.GGML_STATUS_SUCCESS
    rows: int = product.contents.ne[0]
    data = ctypes.cast(llama.ggml_get_data(product), ctypes.POINTER(ctypes.c_float))
    value: float = data[rows - 1]
    llama.ggml_free(context)
    return value


def metadata(path: bytes) -> dict[str, int]:
    """gguf.h: list the keys of a file."""
    tensors = llama.ggml_context()
    params = llama.gguf_init_params(no_alloc=True, ctx=ctypes.pointer(tensors))
    file = llama.gguf_init_from_file(path, params)
    keys = {
        llama.gguf_get_key(file, index).decode(): llama.gguf_get_kv_type(file, index)
        for index in range(llama.gguf_get_n_kv(file))
    }
    llama.gguf_free(file)
    return keys


def devices() -> list[tuple[str, int]]:
    """ggml-backend.h: list the devices."""
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    memory: list[tuple[str, int]] = []
    for index in range(llama.ggml_backend_dev_count()):
        device = llama.ggml_backend_dev_get(index)
        llama.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
        memory.append((llama.ggml_backend_dev_name(device).decode(), total.value))
    backend = llama.ggml_backend_init_best()
    llama.ggml_backend_free(backend)
    return memory


def dataset() -> int:
    """ggml-opt.h: training data."""
    data = llama.ggml_opt_dataset_init(llama.GGML_TYPE_F32, llama.GGML_TYPE_F32, 2, 1, 100, 1)
    points = llama.ggml_opt_dataset_data(data)
    size = llama.ggml_nelements(points)
    llama.ggml_opt_dataset_free(data)
    return size


def image(projector: bytes, model: llama.llama_model, pixels: bytes, text: bytes) -> int:
    """mtmd.h: turn a picture and a question into chunks of tokens."""
    context = llama.mtmd_init_from_file(projector, model, llama.mtmd_context_params_default())
    raw = (ctypes.c_ubyte * len(pixels)).from_buffer_copy(pixels)
    bitmap = llama.mtmd_bitmap_init(2, 2, raw)
    bitmaps = (llama.mtmd_bitmap * 1)(bitmap)
    chunks = llama.mtmd_input_chunks_init()
    question = llama.mtmd_input_text(text=text, add_special=True, parse_special=True)
    return llama.mtmd_tokenize(context, chunks, ctypes.byref(question), bitmaps, 1)


def log(level: int, text: bytes, data: int | None) -> None:
    """Print log lines: a callback for llama_log_set, which also accepts None."""
    print(level, text, data)


llama.llama_log_set(llama.ggml_log_callback(log), None)
llama.llama_log_set(None, None)
