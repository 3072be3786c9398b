"""Mistakes that type checkers must find; the comment on each line names the mistake.

A mistake that a checker does not find is an error too: an unused `type: ignore`. This file never runs.
"""

from __future__ import annotations

import llama_ctypes as llama

model, context = llama.llama_model(), llama.llama_context()
params = llama.llama_model_default_params()

llama.llama_free(model)  # type: ignore[arg-type] # a model instead of a context
llama.llama_model_load_from_file("model.gguf", params)  # type: ignore[arg-type] # str instead of bytes
llama.llama_model_load_from_file(b"model.gguf")  # type: ignore[call-arg] # one argument too few
llama.llama_max_devices(1)  # type: ignore[call-arg] # one argument too many
llama.llama_n_ctx(ctx=context)  # type: ignore[call-arg] # by keyword, which ctypes cannot do
llama.llama_decode(context, None)  # type: ignore[arg-type] # a record by value is never NULL
llama.llama_sampler_init_temp("hot")  # type: ignore[arg-type] # str instead of a number
llama.llama_log_set(lambda level, text, data: None, None)  # type: ignore[arg-type] # not a callback object
llama.ggml_log_callback(lambda level: None)  # type: ignore[arg-type, misc] # a callback with other parameters
llama.ggml_add(llama.ggml_context(), model, model)  # type: ignore[arg-type] # handles instead of tensors
llama.gguf_get_n_kv(context)  # type: ignore[arg-type] # a context of another kind
params.n_gpu_layers = "all"  # type: ignore[assignment] # str instead of a number
params.progress_callback = print  # type: ignore[assignment] # not a callback object
params.progress_callback = llama.llama_free  # type: ignore[assignment] # a C function with another prototype
llama.ggml_opt_get_optimizer_params(lambda data: None)  # type: ignore[arg-type] # Python cannot return a struct
llama.llama_sampler_i_name(lambda sampler: b"name")  # type: ignore[arg-type, return-value] # bytes instead of an address
llama.llama_get_model(context).value  # type: ignore[union-attr] # noqa: B018 # None is NULL
llama.llama_model_params(layers=3)  # type: ignore[call-arg] # no such field
llama.llama_decodes  # type: ignore[attr-defined] # noqa: B018 # no such function
llama.ggml_type.GGML_TYPE_F31  # type: ignore[attr-defined] # noqa: B018 # no such enumerator
count: str = llama.llama_n_ctx(context)  # type: ignore[assignment] # a number instead of str
