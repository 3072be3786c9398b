# Generated from the public headers of llama.cpp b6124
# (sha256 3ca7b56b40928200fffa7dbe75758cd4648c1d08d9f9ed825bc3cc563269ede3)
# by build_scripts, generator 4. Do not edit: `python3 -m build_scripts generate`.
# seal 9bff396debf095ef4e8878058154ff9414da29ce30b04a27c92b16fcf5853d84
from _ctypes import CFuncPtr
from collections.abc import Callable
from ctypes import (
    Array,
    Structure,
    Union,
    _CArgObject,
    _Pointer,
    _SimpleCData,
    c_bool,
    c_char,
    c_char_p,
    c_double,
    c_float,
    c_int,
    c_int16,
    c_int32,
    c_int64,
    c_int8,
    c_size_t,
    c_ubyte,
    c_uint16,
    c_uint32,
    c_uint64,
    c_uint8,
    c_void_p,
)
from enum import IntEnum
from typing import Any, Final, TypeAlias, TypeVar

from typing_extensions import Self, deprecated

_C = TypeVar("_C", bound=_SimpleCData[Any] | _Pointer[Any] | Structure | Union | Array[Any] | CFuncPtr)
_To: TypeAlias = _Pointer[_C] | Array[_C] | _CArgObject | None
class _Handle(c_void_p):
    def __bool__(self) -> bool: ...
    def __int__(self) -> int: ...

class _Callback(CFuncPtr):
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...

_K = TypeVar("_K", bound=CFuncPtr)
def _is(kind: type[_K], /) -> Callable[[Callable[..., Any]], _K]: ...

_Void: TypeAlias = int | bytes | c_void_p | _Pointer[Any] | Array[Any] | _CArgObject | CFuncPtr | None
_Text: TypeAlias = bytes | c_char_p | Array[c_char] | None

RELEASE: Final[str]
HEADERS_SHA256: Final[str]
ABI_SHA256: Final[str]
GENERATOR: Final[int]

class FILE(_Handle): "FILE *\n\n<stdio.h>"
class ggml_backend(_Handle): "struct ggml_backend *\n\nggml/include/ggml-alloc.h:11"
class ggml_backend_buffer(_Handle): "struct ggml_backend_buffer *\n\nggml/include/ggml.h:614"
class ggml_backend_buffer_type(_Handle): "struct ggml_backend_buffer_type *\n\nggml/include/ggml-alloc.h:9"
class ggml_backend_device(_Handle): "struct ggml_backend_device *\n\nggml/include/ggml-backend.h:30"
class ggml_backend_event(_Handle): "struct ggml_backend_event *\n\nggml/include/ggml-backend.h:26"
class ggml_backend_reg(_Handle): "struct ggml_backend_reg *\n\nggml/include/ggml-backend.h:29"
class ggml_backend_sched(_Handle): "struct ggml_backend_sched *\n\nggml/include/ggml-backend.h:280"
class ggml_cgraph(_Handle): "struct ggml_cgraph *\n\nggml/include/ggml.h:365"
class ggml_context(_Handle): "struct ggml_context *\n\nggml/include/ggml.h:364"
class ggml_gallocr(_Handle): "struct ggml_gallocr *\n\nggml/include/ggml-alloc.h:46"
class ggml_object(_Handle): "struct ggml_object *\n\nggml/include/ggml.h:363"
class ggml_opt_context(_Handle): "struct ggml_opt_context *\n\nggml/include/ggml-opt.h:19"
class ggml_opt_dataset(_Handle): "struct ggml_opt_dataset *\n\nggml/include/ggml-opt.h:18"
class ggml_opt_result(_Handle): "struct ggml_opt_result *\n\nggml/include/ggml-opt.h:20"
class ggml_threadpool(_Handle): "struct ggml_threadpool *\n\nggml/include/ggml.h:2431"
class gguf_context(_Handle): "struct gguf_context *\n\nggml/include/gguf.h:70"
class llama_adapter_lora(_Handle): "struct llama_adapter_lora *\n\ninclude/llama.h:378"
class llama_context(_Handle): "struct llama_context *\n\ninclude/llama.h:62"
class llama_kv_cache(_Handle): "struct llama_kv_cache *\n\ninclude/llama.h:67"
class llama_memory_i(_Handle): "struct llama_memory_i *\n\ninclude/llama.h:65"
class llama_model(_Handle): "struct llama_model *\n\ninclude/llama.h:61"
class llama_vocab(_Handle): "struct llama_vocab *\n\ninclude/llama.h:60"
class mtmd_bitmap(_Handle): "struct mtmd_bitmap *\n\ntools/mtmd/mtmd.h:56"
class mtmd_context(_Handle): "struct mtmd_context *\n\ntools/mtmd/mtmd.h:55"
class mtmd_image_tokens(_Handle): "struct mtmd_image_tokens *\n\ntools/mtmd/mtmd.h:57"
class mtmd_input_chunk(_Handle): "struct mtmd_input_chunk *\n\ntools/mtmd/mtmd.h:58"
class mtmd_input_chunks(_Handle): "struct mtmd_input_chunks *\n\ntools/mtmd/mtmd.h:59"
class ggml_backend_dev_caps(Structure):
    "struct ggml_backend_dev_caps\n\nggml/include/ggml-backend.h:140"
    async_: bool
    host_buffer: bool
    buffer_from_host_ptr: bool
    events: bool
    def __init__(self, async_: bool = ..., host_buffer: bool = ..., buffer_from_host_ptr: bool = ..., events: bool = ...) -> None: ...
class ggml_backend_dev_props(Structure):
    "struct ggml_backend_dev_props\n\nggml/include/ggml-backend.h:152"
    name: bytes | Any
    description: bytes | Any
    memory_free: int
    memory_total: int
    type: int
    caps: ggml_backend_dev_caps
    def __init__(self, name: bytes | Any = ..., description: bytes | Any = ..., memory_free: int = ..., memory_total: int = ..., type: int = ..., caps: ggml_backend_dev_caps = ...) -> None: ...
class ggml_backend_feature(Structure):
    "struct ggml_backend_feature\n\nggml/include/ggml-backend.h:196"
    name: bytes | Any
    value: bytes | Any
    def __init__(self, name: bytes | Any = ..., value: bytes | Any = ...) -> None: ...
class ggml_bf16_t(Structure):
    "ggml_bf16_t\n\nggml/include/ggml.h:356"
    bits: int
    def __init__(self, bits: int = ...) -> None: ...
class ggml_cplan(Structure):
    "struct ggml_cplan\n\nggml/include/ggml-cpu.h:12"
    work_size: int
    work_data: _Pointer[c_uint8]
    n_threads: int
    threadpool: ggml_threadpool
    abort_callback: ggml_abort_callback
    abort_callback_data: int | Any
    def __init__(self, work_size: int = ..., work_data: _Pointer[c_uint8] = ..., n_threads: int = ..., threadpool: ggml_threadpool = ..., abort_callback: ggml_abort_callback = ..., abort_callback_data: int | Any = ...) -> None: ...
class ggml_init_params(Structure):
    "struct ggml_init_params\n\nggml/include/ggml.h:603"
    mem_size: int
    mem_buffer: int | Any
    no_alloc: bool
    def __init__(self, mem_size: int = ..., mem_buffer: int | Any = ..., no_alloc: bool = ...) -> None: ...
class ggml_opt_optimizer_params(Structure):
    "struct ggml_opt_optimizer_params\n\nggml/include/ggml-opt.h:78"
    adamw: ggml_opt_optimizer_params_adamw
    def __init__(self, adamw: ggml_opt_optimizer_params_adamw = ...) -> None: ...
class ggml_opt_optimizer_params_adamw(Structure):
    "ggml/include/ggml-opt.h:80"
    alpha: float
    beta1: float
    beta2: float
    eps: float
    wd: float
    def __init__(self, alpha: float = ..., beta1: float = ..., beta2: float = ..., eps: float = ..., wd: float = ...) -> None: ...
class ggml_opt_params(Structure):
    "struct ggml_opt_params\n\nggml/include/ggml-opt.h:101"
    backend_sched: ggml_backend_sched
    ctx_compute: ggml_context
    inputs: _Pointer[ggml_tensor]
    outputs: _Pointer[ggml_tensor]
    loss_type: int
    build_type: int
    opt_period: int
    get_opt_pars: ggml_opt_get_optimizer_params
    get_opt_pars_ud: int | Any
    def __init__(self, backend_sched: ggml_backend_sched = ..., ctx_compute: ggml_context = ..., inputs: _Pointer[ggml_tensor] = ..., outputs: _Pointer[ggml_tensor] = ..., loss_type: int = ..., build_type: int = ..., opt_period: int = ..., get_opt_pars: ggml_opt_get_optimizer_params = ..., get_opt_pars_ud: int | Any = ...) -> None: ...
class ggml_tallocr(Structure):
    "struct ggml_tallocr\n\nggml/include/ggml-alloc.h:14"
    buffer: ggml_backend_buffer
    base: int | Any
    alignment: int
    offset: int
    def __init__(self, buffer: ggml_backend_buffer = ..., base: int | Any = ..., alignment: int = ..., offset: int = ...) -> None: ...
class ggml_tensor(Structure):
    "struct ggml_tensor\n\nggml/include/ggml.h:611"
    type: int
    buffer: ggml_backend_buffer
    ne: Array[c_int64]
    nb: Array[c_size_t]
    op: int
    op_params: Array[c_int32]
    flags: int
    src: Array[_Pointer[ggml_tensor]]
    view_src: _Pointer[ggml_tensor]
    view_offs: int
    data: int | Any
    name: bytes
    extra: int | Any
    padding: bytes
    def __init__(self, type: int = ..., buffer: ggml_backend_buffer = ..., ne: Array[c_int64] = ..., nb: Array[c_size_t] = ..., op: int = ..., op_params: Array[c_int32] = ..., flags: int = ..., src: Array[_Pointer[ggml_tensor]] = ..., view_src: _Pointer[ggml_tensor] = ..., view_offs: int = ..., data: int | Any = ..., name: bytes = ..., extra: int | Any = ..., padding: bytes = ...) -> None: ...
class ggml_threadpool_params(Structure):
    "struct ggml_threadpool_params\n\nggml/include/ggml.h:2422"
    cpumask: Array[c_bool]
    n_threads: int
    prio: int
    poll: int
    strict_cpu: bool
    paused: bool
    def __init__(self, cpumask: Array[c_bool] = ..., n_threads: int = ..., prio: int = ..., poll: int = ..., strict_cpu: bool = ..., paused: bool = ...) -> None: ...
class ggml_type_traits(Structure):
    "struct ggml_type_traits\n\nggml/include/ggml.h:2395"
    type_name: bytes | Any
    blck_size: int
    blck_size_interleave: int
    type_size: int
    is_quantized: bool
    to_float: ggml_to_float_t
    from_float_ref: ggml_from_float_t
    def __init__(self, type_name: bytes | Any = ..., blck_size: int = ..., blck_size_interleave: int = ..., type_size: int = ..., is_quantized: bool = ..., to_float: ggml_to_float_t = ..., from_float_ref: ggml_from_float_t = ...) -> None: ...
class ggml_type_traits_cpu(Structure):
    "struct ggml_type_traits_cpu\n\nggml/include/ggml-cpu.h:113"
    from_float: ggml_from_float_t
    vec_dot: ggml_vec_dot_t
    vec_dot_type: int
    nrows: int
    def __init__(self, from_float: ggml_from_float_t = ..., vec_dot: ggml_vec_dot_t = ..., vec_dot_type: int = ..., nrows: int = ...) -> None: ...
class gguf_init_params(Structure):
    "struct gguf_init_params\n\nggml/include/gguf.h:72"
    no_alloc: bool
    ctx: _Pointer[ggml_context]
    def __init__(self, no_alloc: bool = ..., ctx: _Pointer[ggml_context] = ...) -> None: ...
class llama_batch(Structure):
    "struct llama_batch\n\ninclude/llama.h:224"
    n_tokens: int
    token: _Pointer[llama_token]
    embd: _Pointer[c_float]
    pos: _Pointer[llama_pos]
    n_seq_id: _Pointer[c_int32]
    seq_id: _Pointer[_Pointer[llama_seq_id]]
    logits: _Pointer[c_int8]
    def __init__(self, n_tokens: int = ..., token: _Pointer[llama_token] = ..., embd: _Pointer[c_float] = ..., pos: _Pointer[llama_pos] = ..., n_seq_id: _Pointer[c_int32] = ..., seq_id: _Pointer[_Pointer[llama_seq_id]] = ..., logits: _Pointer[c_int8] = ...) -> None: ...
class llama_chat_message(Structure):
    "struct llama_chat_message\n\ninclude/llama.h:372"
    role: bytes | Any
    content: bytes | Any
    def __init__(self, role: bytes | Any = ..., content: bytes | Any = ...) -> None: ...
class llama_context_params(Structure):
    "struct llama_context_params\n\ninclude/llama.h:297"
    n_ctx: int
    n_batch: int
    n_ubatch: int
    n_seq_max: int
    n_threads: int
    n_threads_batch: int
    rope_scaling_type: int
    pooling_type: int
    attention_type: int
    rope_freq_base: float
    rope_freq_scale: float
    yarn_ext_factor: float
    yarn_attn_factor: float
    yarn_beta_fast: float
    yarn_beta_slow: float
    yarn_orig_ctx: int
    defrag_thold: float
    cb_eval: ggml_backend_sched_eval_callback
    cb_eval_user_data: int | Any
    type_k: int
    type_v: int
    abort_callback: ggml_abort_callback
    abort_callback_data: int | Any
    embeddings: bool
    offload_kqv: bool
    flash_attn: bool
    no_perf: bool
    op_offload: bool
    swa_full: bool
    kv_unified: bool
    def __init__(self, n_ctx: int = ..., n_batch: int = ..., n_ubatch: int = ..., n_seq_max: int = ..., n_threads: int = ..., n_threads_batch: int = ..., rope_scaling_type: int = ..., pooling_type: int = ..., attention_type: int = ..., rope_freq_base: float = ..., rope_freq_scale: float = ..., yarn_ext_factor: float = ..., yarn_attn_factor: float = ..., yarn_beta_fast: float = ..., yarn_beta_slow: float = ..., yarn_orig_ctx: int = ..., defrag_thold: float = ..., cb_eval: ggml_backend_sched_eval_callback = ..., cb_eval_user_data: int | Any = ..., type_k: int = ..., type_v: int = ..., abort_callback: ggml_abort_callback = ..., abort_callback_data: int | Any = ..., embeddings: bool = ..., offload_kqv: bool = ..., flash_attn: bool = ..., no_perf: bool = ..., op_offload: bool = ..., swa_full: bool = ..., kv_unified: bool = ...) -> None: ...
class llama_logit_bias(Structure):
    "struct llama_logit_bias\n\ninclude/llama.h:362"
    token: int
    bias: float
    def __init__(self, token: int = ..., bias: float = ...) -> None: ...
class llama_model_kv_override(Structure):
    "struct llama_model_kv_override\n\ninclude/llama.h:242"
    tag: int
    key: bytes
    val_i64: int
    val_f64: float
    val_bool: bool
    val_str: bytes
    def __init__(self, tag: int = ..., key: bytes = ..., val_i64: int = ..., val_f64: float = ..., val_bool: bool = ..., val_str: bytes = ...) -> None: ...
class llama_model_kv_override_anonymous2(Union):
    "include/llama.h:247"
    val_i64: int
    val_f64: float
    val_bool: bool
    val_str: bytes
    def __init__(self, val_i64: int = ..., val_f64: float = ..., val_bool: bool = ..., val_str: bytes = ...) -> None: ...
class llama_model_params(Structure):
    "struct llama_model_params\n\ninclude/llama.h:260"
    devices: _Pointer[ggml_backend_dev_t]
    tensor_buft_overrides: _Pointer[llama_model_tensor_buft_override]
    n_gpu_layers: int
    split_mode: int
    main_gpu: int
    tensor_split: _Pointer[c_float]
    progress_callback: llama_progress_callback
    progress_callback_user_data: int | Any
    kv_overrides: _Pointer[llama_model_kv_override]
    vocab_only: bool
    use_mmap: bool
    use_mlock: bool
    check_tensors: bool
    use_extra_bufts: bool
    def __init__(self, devices: _Pointer[ggml_backend_dev_t] = ..., tensor_buft_overrides: _Pointer[llama_model_tensor_buft_override] = ..., n_gpu_layers: int = ..., split_mode: int = ..., main_gpu: int = ..., tensor_split: _Pointer[c_float] = ..., progress_callback: llama_progress_callback = ..., progress_callback_user_data: int | Any = ..., kv_overrides: _Pointer[llama_model_kv_override] = ..., vocab_only: bool = ..., use_mmap: bool = ..., use_mlock: bool = ..., check_tensors: bool = ..., use_extra_bufts: bool = ...) -> None: ...
class llama_model_quantize_params(Structure):
    "struct llama_model_quantize_params\n\ninclude/llama.h:346"
    nthread: int
    ftype: int
    output_tensor_type: int
    token_embedding_type: int
    allow_requantize: bool
    quantize_output_tensor: bool
    only_copy: bool
    pure: bool
    keep_split: bool
    imatrix: int | Any
    kv_overrides: int | Any
    tensor_types: int | Any
    prune_layers: int | Any
    def __init__(self, nthread: int = ..., ftype: int = ..., output_tensor_type: int = ..., token_embedding_type: int = ..., allow_requantize: bool = ..., quantize_output_tensor: bool = ..., only_copy: bool = ..., pure: bool = ..., keep_split: bool = ..., imatrix: int | Any = ..., kv_overrides: int | Any = ..., tensor_types: int | Any = ..., prune_layers: int | Any = ...) -> None: ...
class llama_model_tensor_buft_override(Structure):
    "struct llama_model_tensor_buft_override\n\ninclude/llama.h:255"
    pattern: bytes | Any
    buft: ggml_backend_buffer_type
    def __init__(self, pattern: bytes | Any = ..., buft: ggml_backend_buffer_type = ...) -> None: ...
class llama_opt_params(Structure):
    "struct llama_opt_params\n\ninclude/llama.h:1432"
    n_ctx_train: int
    param_filter: llama_opt_param_filter
    param_filter_ud: int | Any
    get_opt_pars: ggml_opt_get_optimizer_params
    get_opt_pars_ud: int | Any
    def __init__(self, n_ctx_train: int = ..., param_filter: llama_opt_param_filter = ..., param_filter_ud: int | Any = ..., get_opt_pars: ggml_opt_get_optimizer_params = ..., get_opt_pars_ud: int | Any = ...) -> None: ...
class llama_perf_context_data(Structure):
    "struct llama_perf_context_data\n\ninclude/llama.h:1396"
    t_start_ms: float
    t_load_ms: float
    t_p_eval_ms: float
    t_eval_ms: float
    n_p_eval: int
    n_eval: int
    n_reused: int
    def __init__(self, t_start_ms: float = ..., t_load_ms: float = ..., t_p_eval_ms: float = ..., t_eval_ms: float = ..., n_p_eval: int = ..., n_eval: int = ..., n_reused: int = ...) -> None: ...
class llama_perf_sampler_data(Structure):
    "struct llama_perf_sampler_data\n\ninclude/llama.h:1407"
    t_sample_ms: float
    n_sample: int
    def __init__(self, t_sample_ms: float = ..., n_sample: int = ...) -> None: ...
class llama_sampler(Structure):
    "struct llama_sampler\n\ninclude/llama.h:1186"
    iface: _Pointer[llama_sampler_i]
    ctx: int | Any
    def __init__(self, iface: _Pointer[llama_sampler_i] = ..., ctx: int | Any = ...) -> None: ...
class llama_sampler_chain_params(Structure):
    "struct llama_sampler_chain_params\n\ninclude/llama.h:367"
    no_perf: bool
    def __init__(self, no_perf: bool = ...) -> None: ...
class llama_sampler_i(Structure):
    "struct llama_sampler_i\n\ninclude/llama.h:1174"
    name: llama_sampler_i_name
    accept: llama_sampler_i_accept
    apply: llama_sampler_i_apply
    reset: llama_sampler_i_reset
    clone: llama_sampler_i_clone
    free: llama_sampler_i_free
    def __init__(self, name: llama_sampler_i_name = ..., accept: llama_sampler_i_accept = ..., apply: llama_sampler_i_apply = ..., reset: llama_sampler_i_reset = ..., clone: llama_sampler_i_clone = ..., free: llama_sampler_i_free = ...) -> None: ...
class llama_token_data(Structure):
    "struct llama_token_data\n\ninclude/llama.h:191"
    id: int
    logit: float
    p: float
    def __init__(self, id: int = ..., logit: float = ..., p: float = ...) -> None: ...
class llama_token_data_array(Structure):
    "struct llama_token_data_array\n\ninclude/llama.h:197"
    data: _Pointer[llama_token_data]
    size: int
    selected: int
    sorted: bool
    def __init__(self, data: _Pointer[llama_token_data] = ..., size: int = ..., selected: int = ..., sorted: bool = ...) -> None: ...
class mtmd_context_params(Structure):
    "struct mtmd_context_params\n\ntools/mtmd/mtmd.h:78"
    use_gpu: bool
    print_timings: bool
    n_threads: int
    verbosity: int
    image_marker: bytes | Any
    media_marker: bytes | Any
    def __init__(self, use_gpu: bool = ..., print_timings: bool = ..., n_threads: int = ..., verbosity: int = ..., image_marker: bytes | Any = ..., media_marker: bytes | Any = ...) -> None: ...
class mtmd_input_text(Structure):
    "struct mtmd_input_text\n\ntools/mtmd/mtmd.h:61"
    text: bytes | Any
    add_special: bool
    parse_special: bool
    def __init__(self, text: bytes | Any = ..., add_special: bool = ..., parse_special: bool = ...) -> None: ...
class struct_ggml_backend_graph_copy(Structure):
    "struct ggml_backend_graph_copy\n\nggml/include/ggml-backend.h:328"
    buffer: ggml_backend_buffer
    ctx_allocated: ggml_context
    ctx_unallocated: ggml_context
    graph: ggml_cgraph
    def __init__(self, buffer: ggml_backend_buffer = ..., ctx_allocated: ggml_context = ..., ctx_unallocated: ggml_context = ..., graph: ggml_cgraph = ...) -> None: ...
class ggml_abort_callback(_Callback):
    "typedef bool (*ggml_abort_callback)(void * data)\n\nggml/include/ggml.h:650"
    def __init__(self, function: Callable[[int | Any], bool] | int = ..., /) -> None: ...
    def __call__(self, _0: _Void, /) -> bool: ...
class ggml_abort_callback_t(_Callback):
    "typedef void (*ggml_abort_callback_t)(const char * error_message)\n\nggml/include/ggml.h:328"
    def __init__(self, function: Callable[[bytes | Any], None] | int = ..., /) -> None: ...
    def __call__(self, _0: _Text, /) -> None: ...
class ggml_backend_dev_get_extra_bufts_t(_Callback):
    "typedef ggml_backend_buffer_type_t * (*ggml_backend_dev_get_extra_bufts_t)(ggml_backend_dev_t device)\n\nggml/include/ggml-backend.h:192"
    def __init__(self, function: Callable[[ggml_backend_device], int | None] | int = ..., /) -> None: ...
    def __call__(self, _0: ggml_backend_device | None, /) -> _Pointer[ggml_backend_buffer_type_t]: ...
class ggml_backend_eval_callback(_Callback):
    "typedef bool (*ggml_backend_eval_callback)(int node_index, struct ggml_tensor * t1, struct ggml_tensor * t2, void * user_data)\n\nggml/include/ggml-backend.h:339"
    def __init__(self, function: Callable[[int, _Pointer[ggml_tensor], _Pointer[ggml_tensor], int | Any], bool] | int = ..., /) -> None: ...
    def __call__(self, _0: int, _1: _To[ggml_tensor] | ggml_tensor, _2: _To[ggml_tensor] | ggml_tensor, _3: _Void, /) -> bool: ...
class ggml_backend_get_features_t(_Callback):
    "typedef struct ggml_backend_feature * (*ggml_backend_get_features_t)(ggml_backend_reg_t reg)\n\nggml/include/ggml-backend.h:200"
    def __init__(self, function: Callable[[ggml_backend_reg], int | None] | int = ..., /) -> None: ...
    def __call__(self, _0: ggml_backend_reg | None, /) -> _Pointer[ggml_backend_feature]: ...
class ggml_backend_sched_eval_callback(_Callback):
    "typedef bool (*ggml_backend_sched_eval_callback)(struct ggml_tensor * t, bool ask, void * user_data)\n\nggml/include/ggml-backend.h:289"
    def __init__(self, function: Callable[[_Pointer[ggml_tensor], bool, int | Any], bool] | int = ..., /) -> None: ...
    def __call__(self, _0: _To[ggml_tensor] | ggml_tensor, _1: bool, _2: _Void, /) -> bool: ...
class ggml_backend_set_abort_callback_t(_Callback):
    "typedef void (*ggml_backend_set_abort_callback_t)(ggml_backend_t backend, ggml_abort_callback abort_callback, void * abort_callback_data)\n\nggml/include/ggml-backend.h:194"
    def __init__(self, function: Callable[[ggml_backend, ggml_abort_callback, int | Any], None] | int = ..., /) -> None: ...
    def __call__(self, _0: ggml_backend | None, _1: ggml_abort_callback | None, _2: _Void, /) -> None: ...
class ggml_backend_set_n_threads_t(_Callback):
    "typedef void (*ggml_backend_set_n_threads_t)(ggml_backend_t backend, int n_threads)\n\nggml/include/ggml-backend.h:190"
    def __init__(self, function: Callable[[ggml_backend, int], None] | int = ..., /) -> None: ...
    def __call__(self, _0: ggml_backend | None, _1: int, /) -> None: ...
class ggml_backend_split_buffer_type_t(_Callback):
    "typedef ggml_backend_buffer_type_t (*ggml_backend_split_buffer_type_t)(int main_device, const float * tensor_split)\n\nggml/include/ggml-backend.h:188"
    def __init__(self, function: Callable[[int, _Pointer[c_float]], int | None] | int = ..., /) -> None: ...
    def __call__(self, _0: int, _1: _To[c_float], /) -> ggml_backend_buffer_type | None: ...
class ggml_custom1_op_t(_Callback):
    "typedef void (*ggml_custom1_op_t)(struct ggml_tensor * dst, const struct ggml_tensor * a, int ith, int nth, void * userdata)\n\nggml/include/ggml.h:2195"
    def __init__(self, function: Callable[[_Pointer[ggml_tensor], _Pointer[ggml_tensor], int, int, int | Any], None] | int = ..., /) -> None: ...
    def __call__(self, _0: _To[ggml_tensor] | ggml_tensor, _1: _To[ggml_tensor] | ggml_tensor, _2: int, _3: int, _4: _Void, /) -> None: ...
class ggml_custom2_op_t(_Callback):
    "typedef void (*ggml_custom2_op_t)(struct ggml_tensor * dst, const struct ggml_tensor * a, const struct ggml_tensor * b, int ith, int nth, void * userdata)\n\nggml/include/ggml.h:2196"
    def __init__(self, function: Callable[[_Pointer[ggml_tensor], _Pointer[ggml_tensor], _Pointer[ggml_tensor], int, int, int | Any], None] | int = ..., /) -> None: ...
    def __call__(self, _0: _To[ggml_tensor] | ggml_tensor, _1: _To[ggml_tensor] | ggml_tensor, _2: _To[ggml_tensor] | ggml_tensor, _3: int, _4: int, _5: _Void, /) -> None: ...
class ggml_custom3_op_t(_Callback):
    "typedef void (*ggml_custom3_op_t)(struct ggml_tensor * dst, const struct ggml_tensor * a, const struct ggml_tensor * b, const struct ggml_tensor * c, int ith, int nth, void * userdata)\n\nggml/include/ggml.h:2197"
    def __init__(self, function: Callable[[_Pointer[ggml_tensor], _Pointer[ggml_tensor], _Pointer[ggml_tensor], _Pointer[ggml_tensor], int, int, int | Any], None] | int = ..., /) -> None: ...
    def __call__(self, _0: _To[ggml_tensor] | ggml_tensor, _1: _To[ggml_tensor] | ggml_tensor, _2: _To[ggml_tensor] | ggml_tensor, _3: _To[ggml_tensor] | ggml_tensor, _4: int, _5: int, _6: _Void, /) -> None: ...
class ggml_custom_op_t(_Callback):
    "typedef void (*ggml_custom_op_t)(struct ggml_tensor * dst, int ith, int nth, void * userdata)\n\nggml/include/ggml.h:2250"
    def __init__(self, function: Callable[[_Pointer[ggml_tensor], int, int, int | Any], None] | int = ..., /) -> None: ...
    def __call__(self, _0: _To[ggml_tensor] | ggml_tensor, _1: int, _2: int, _3: _Void, /) -> None: ...
class ggml_from_float_t(_Callback):
    "typedef void (*ggml_from_float_t)(const float *restrict x, void *restrict y, int64_t k)\n\nggml/include/ggml.h:2393"
    def __init__(self, function: Callable[[_Pointer[c_float], int | Any, int], None] | int = ..., /) -> None: ...
    def __call__(self, _0: _To[c_float], _1: _Void, _2: int, /) -> None: ...
class ggml_log_callback(_Callback):
    "typedef void (*ggml_log_callback)(enum ggml_log_level level, const char * text, void * user_data)\n\nggml/include/ggml.h:2337"
    def __init__(self, function: Callable[[int, bytes | Any, int | Any], None] | int = ..., /) -> None: ...
    def __call__(self, _0: int, _1: _Text, _2: _Void, /) -> None: ...
class ggml_opt_epoch_callback(_Callback):
    "typedef void (*ggml_opt_epoch_callback)(bool train, ggml_opt_context_t opt_ctx, ggml_opt_dataset_t dataset, ggml_opt_result_t result, int64_t ibatch, int64_t ibatch_max, int64_t t_start_us)\n\nggml/include/ggml-opt.h:192"
    def __init__(self, function: Callable[[bool, ggml_opt_context, ggml_opt_dataset, ggml_opt_result, int, int, int], None] | int = ..., /) -> None: ...
    def __call__(self, _0: bool, _1: ggml_opt_context | None, _2: ggml_opt_dataset | None, _3: ggml_opt_result | None, _4: int, _5: int, _6: int, /) -> None: ...
class ggml_opt_get_optimizer_params(_Callback):
    "typedef struct ggml_opt_optimizer_params (*ggml_opt_get_optimizer_params)(void * userdata)\n\nggml/include/ggml-opt.h:91"
    def __init__(self, function: CFuncPtr | int = ..., /) -> None: ...
    def __call__(self, _0: _Void, /) -> ggml_opt_optimizer_params: ...
class ggml_to_float_t(_Callback):
    "typedef void (*ggml_to_float_t)(const void *restrict x, float *restrict y, int64_t k)\n\nggml/include/ggml.h:2392"
    def __init__(self, function: Callable[[int | Any, _Pointer[c_float], int], None] | int = ..., /) -> None: ...
    def __call__(self, _0: _Void, _1: _To[c_float], _2: int, /) -> None: ...
class ggml_vec_dot_t(_Callback):
    "typedef void (*ggml_vec_dot_t)(int n, float *restrict s, size_t bs, const void *restrict x, size_t bx, const void *restrict y, size_t by, int nrc)\n\nggml/include/ggml-cpu.h:110"
    def __init__(self, function: Callable[[int, _Pointer[c_float], int, int | Any, int, int | Any, int, int], None] | int = ..., /) -> None: ...
    def __call__(self, _0: int, _1: _To[c_float], _2: int, _3: _Void, _4: int, _5: _Void, _6: int, _7: int, /) -> None: ...
class llama_opt_param_filter(_Callback):
    "typedef bool (*llama_opt_param_filter)(const struct ggml_tensor * tensor, void * userdata)\n\ninclude/llama.h:1427"
    def __init__(self, function: Callable[[_Pointer[ggml_tensor], int | Any], bool] | int = ..., /) -> None: ...
    def __call__(self, _0: _To[ggml_tensor] | ggml_tensor, _1: _Void, /) -> bool: ...
class llama_progress_callback(_Callback):
    "typedef bool (*llama_progress_callback)(float progress, void * user_data)\n\ninclude/llama.h:206"
    def __init__(self, function: Callable[[float, int | Any], bool] | int = ..., /) -> None: ...
    def __call__(self, _0: float, _1: _Void, /) -> bool: ...
class llama_sampler_i_accept(_Callback):
    "void (*accept)(struct llama_sampler *, llama_token)\n\ninclude/llama.h:1174"
    def __init__(self, function: Callable[[_Pointer[llama_sampler], int], None] | int = ..., /) -> None: ...
    def __call__(self, _0: _To[llama_sampler] | llama_sampler, _1: int, /) -> None: ...
class llama_sampler_i_apply(_Callback):
    "void (*apply)(struct llama_sampler *, struct llama_token_data_array *)\n\ninclude/llama.h:1174"
    def __init__(self, function: Callable[[_Pointer[llama_sampler], _Pointer[llama_token_data_array]], None] | int = ..., /) -> None: ...
    def __call__(self, _0: _To[llama_sampler] | llama_sampler, _1: _To[llama_token_data_array] | llama_token_data_array, /) -> None: ...
class llama_sampler_i_clone(_Callback):
    "struct llama_sampler * (*clone)(const struct llama_sampler *)\n\ninclude/llama.h:1174"
    def __init__(self, function: Callable[[_Pointer[llama_sampler]], int | None] | int = ..., /) -> None: ...
    def __call__(self, _0: _To[llama_sampler] | llama_sampler, /) -> _Pointer[llama_sampler]: ...
class llama_sampler_i_free(_Callback):
    "void (*free)(struct llama_sampler *)\n\ninclude/llama.h:1174"
    def __init__(self, function: Callable[[_Pointer[llama_sampler]], None] | int = ..., /) -> None: ...
    def __call__(self, _0: _To[llama_sampler] | llama_sampler, /) -> None: ...
class llama_sampler_i_name(_Callback):
    "const char * (*name)(const struct llama_sampler *)\n\ninclude/llama.h:1174"
    def __init__(self, function: Callable[[_Pointer[llama_sampler]], int | None] | int = ..., /) -> None: ...
    def __call__(self, _0: _To[llama_sampler] | llama_sampler, /) -> bytes | Any: ...
class llama_sampler_i_reset(_Callback):
    "void (*reset)(struct llama_sampler *)\n\ninclude/llama.h:1174"
    def __init__(self, function: Callable[[_Pointer[llama_sampler]], None] | int = ..., /) -> None: ...
    def __call__(self, _0: _To[llama_sampler] | llama_sampler, /) -> None: ...
ggml_backend_buffer_t = ggml_backend_buffer
ggml_backend_buffer_type_t = ggml_backend_buffer_type
ggml_backend_dev_t = ggml_backend_device
ggml_backend_event_t = ggml_backend_event
ggml_backend_graph_plan_t = c_void_p
ggml_backend_reg_t = ggml_backend_reg
ggml_backend_sched_t = ggml_backend_sched
ggml_backend_t = ggml_backend
ggml_fp16_t = c_uint16
ggml_gallocr_t = ggml_gallocr
ggml_guid = Array[c_uint8]
ggml_guid_t = _Pointer[Array[c_uint8]]
ggml_opt_context_t = ggml_opt_context
ggml_opt_dataset_t = ggml_opt_dataset
ggml_opt_result_t = ggml_opt_result
ggml_threadpool_t = ggml_threadpool
llama_memory_t = llama_memory_i
llama_pos = c_int32
llama_sampler_context_t = c_void_p
llama_seq_id = c_int32
llama_token = c_int32
class enum_ggml_backend_dev_type(IntEnum):
    "enum ggml_backend_dev_type\n\nggml/include/ggml-backend.h:130"
    GGML_BACKEND_DEVICE_TYPE_CPU = 0
    GGML_BACKEND_DEVICE_TYPE_GPU = 1
    GGML_BACKEND_DEVICE_TYPE_ACCEL = 2
GGML_BACKEND_DEVICE_TYPE_CPU: Final = 0
GGML_BACKEND_DEVICE_TYPE_GPU: Final = 1
GGML_BACKEND_DEVICE_TYPE_ACCEL: Final = 2
class enum_llama_pooling_type(IntEnum):
    "enum llama_pooling_type\n\ninclude/llama.h:169"
    LLAMA_POOLING_TYPE_UNSPECIFIED = -1
    LLAMA_POOLING_TYPE_NONE = 0
    LLAMA_POOLING_TYPE_MEAN = 1
    LLAMA_POOLING_TYPE_CLS = 2
    LLAMA_POOLING_TYPE_LAST = 3
    LLAMA_POOLING_TYPE_RANK = 4
LLAMA_POOLING_TYPE_UNSPECIFIED: Final = -1
LLAMA_POOLING_TYPE_NONE: Final = 0
LLAMA_POOLING_TYPE_MEAN: Final = 1
LLAMA_POOLING_TYPE_CLS: Final = 2
LLAMA_POOLING_TYPE_LAST: Final = 3
LLAMA_POOLING_TYPE_RANK: Final = 4
class enum_llama_vocab_type(IntEnum):
    "enum llama_vocab_type\n\ninclude/llama.h:73"
    LLAMA_VOCAB_TYPE_NONE = 0
    LLAMA_VOCAB_TYPE_SPM = 1
    LLAMA_VOCAB_TYPE_BPE = 2
    LLAMA_VOCAB_TYPE_WPM = 3
    LLAMA_VOCAB_TYPE_UGM = 4
    LLAMA_VOCAB_TYPE_RWKV = 5
    LLAMA_VOCAB_TYPE_PLAMO2 = 6
LLAMA_VOCAB_TYPE_NONE: Final = 0
LLAMA_VOCAB_TYPE_SPM: Final = 1
LLAMA_VOCAB_TYPE_BPE: Final = 2
LLAMA_VOCAB_TYPE_WPM: Final = 3
LLAMA_VOCAB_TYPE_UGM: Final = 4
LLAMA_VOCAB_TYPE_RWKV: Final = 5
LLAMA_VOCAB_TYPE_PLAMO2: Final = 6
class ggml_backend_buffer_usage(IntEnum):
    "enum ggml_backend_buffer_usage\n\nggml/include/ggml-backend.h:49"
    GGML_BACKEND_BUFFER_USAGE_ANY = 0
    GGML_BACKEND_BUFFER_USAGE_WEIGHTS = 1
    GGML_BACKEND_BUFFER_USAGE_COMPUTE = 2
GGML_BACKEND_BUFFER_USAGE_ANY: Final = 0
GGML_BACKEND_BUFFER_USAGE_WEIGHTS: Final = 1
GGML_BACKEND_BUFFER_USAGE_COMPUTE: Final = 2
class ggml_ftype(IntEnum):
    "enum ggml_ftype\n\nggml/include/ggml.h:419"
    GGML_FTYPE_UNKNOWN = -1
    GGML_FTYPE_ALL_F32 = 0
    GGML_FTYPE_MOSTLY_F16 = 1
    GGML_FTYPE_MOSTLY_Q4_0 = 2
    GGML_FTYPE_MOSTLY_Q4_1 = 3
    GGML_FTYPE_MOSTLY_Q4_1_SOME_F16 = 4
    GGML_FTYPE_MOSTLY_Q8_0 = 7
    GGML_FTYPE_MOSTLY_Q5_0 = 8
    GGML_FTYPE_MOSTLY_Q5_1 = 9
    GGML_FTYPE_MOSTLY_Q2_K = 10
    GGML_FTYPE_MOSTLY_Q3_K = 11
    GGML_FTYPE_MOSTLY_Q4_K = 12
    GGML_FTYPE_MOSTLY_Q5_K = 13
    GGML_FTYPE_MOSTLY_Q6_K = 14
    GGML_FTYPE_MOSTLY_IQ2_XXS = 15
    GGML_FTYPE_MOSTLY_IQ2_XS = 16
    GGML_FTYPE_MOSTLY_IQ3_XXS = 17
    GGML_FTYPE_MOSTLY_IQ1_S = 18
    GGML_FTYPE_MOSTLY_IQ4_NL = 19
    GGML_FTYPE_MOSTLY_IQ3_S = 20
    GGML_FTYPE_MOSTLY_IQ2_S = 21
    GGML_FTYPE_MOSTLY_IQ4_XS = 22
    GGML_FTYPE_MOSTLY_IQ1_M = 23
    GGML_FTYPE_MOSTLY_BF16 = 24
    GGML_FTYPE_MOSTLY_MXFP4 = 25
GGML_FTYPE_UNKNOWN: Final = -1
GGML_FTYPE_ALL_F32: Final = 0
GGML_FTYPE_MOSTLY_F16: Final = 1
GGML_FTYPE_MOSTLY_Q4_0: Final = 2
GGML_FTYPE_MOSTLY_Q4_1: Final = 3
GGML_FTYPE_MOSTLY_Q4_1_SOME_F16: Final = 4
GGML_FTYPE_MOSTLY_Q8_0: Final = 7
GGML_FTYPE_MOSTLY_Q5_0: Final = 8
GGML_FTYPE_MOSTLY_Q5_1: Final = 9
GGML_FTYPE_MOSTLY_Q2_K: Final = 10
GGML_FTYPE_MOSTLY_Q3_K: Final = 11
GGML_FTYPE_MOSTLY_Q4_K: Final = 12
GGML_FTYPE_MOSTLY_Q5_K: Final = 13
GGML_FTYPE_MOSTLY_Q6_K: Final = 14
GGML_FTYPE_MOSTLY_IQ2_XXS: Final = 15
GGML_FTYPE_MOSTLY_IQ2_XS: Final = 16
GGML_FTYPE_MOSTLY_IQ3_XXS: Final = 17
GGML_FTYPE_MOSTLY_IQ1_S: Final = 18
GGML_FTYPE_MOSTLY_IQ4_NL: Final = 19
GGML_FTYPE_MOSTLY_IQ3_S: Final = 20
GGML_FTYPE_MOSTLY_IQ2_S: Final = 21
GGML_FTYPE_MOSTLY_IQ4_XS: Final = 22
GGML_FTYPE_MOSTLY_IQ1_M: Final = 23
GGML_FTYPE_MOSTLY_BF16: Final = 24
GGML_FTYPE_MOSTLY_MXFP4: Final = 25
class ggml_glu_op(IntEnum):
    "enum ggml_glu_op\n\nggml/include/ggml.h:569"
    GGML_GLU_OP_REGLU = 0
    GGML_GLU_OP_GEGLU = 1
    GGML_GLU_OP_SWIGLU = 2
    GGML_GLU_OP_SWIGLU_OAI = 3
    GGML_GLU_OP_GEGLU_ERF = 4
    GGML_GLU_OP_GEGLU_QUICK = 5
    GGML_GLU_OP_COUNT = 6
GGML_GLU_OP_REGLU: Final = 0
GGML_GLU_OP_GEGLU: Final = 1
GGML_GLU_OP_SWIGLU: Final = 2
GGML_GLU_OP_SWIGLU_OAI: Final = 3
GGML_GLU_OP_GEGLU_ERF: Final = 4
GGML_GLU_OP_GEGLU_QUICK: Final = 5
GGML_GLU_OP_COUNT: Final = 6
class ggml_log_level(IntEnum):
    "enum ggml_log_level\n\nggml/include/ggml.h:586"
    GGML_LOG_LEVEL_NONE = 0
    GGML_LOG_LEVEL_DEBUG = 1
    GGML_LOG_LEVEL_INFO = 2
    GGML_LOG_LEVEL_WARN = 3
    GGML_LOG_LEVEL_ERROR = 4
    GGML_LOG_LEVEL_CONT = 5
GGML_LOG_LEVEL_NONE: Final = 0
GGML_LOG_LEVEL_DEBUG: Final = 1
GGML_LOG_LEVEL_INFO: Final = 2
GGML_LOG_LEVEL_WARN: Final = 3
GGML_LOG_LEVEL_ERROR: Final = 4
GGML_LOG_LEVEL_CONT: Final = 5
class ggml_numa_strategy(IntEnum):
    "enum ggml_numa_strategy\n\nggml/include/ggml-cpu.h:25"
    GGML_NUMA_STRATEGY_DISABLED = 0
    GGML_NUMA_STRATEGY_DISTRIBUTE = 1
    GGML_NUMA_STRATEGY_ISOLATE = 2
    GGML_NUMA_STRATEGY_NUMACTL = 3
    GGML_NUMA_STRATEGY_MIRROR = 4
    GGML_NUMA_STRATEGY_COUNT = 5
GGML_NUMA_STRATEGY_DISABLED: Final = 0
GGML_NUMA_STRATEGY_DISTRIBUTE: Final = 1
GGML_NUMA_STRATEGY_ISOLATE: Final = 2
GGML_NUMA_STRATEGY_NUMACTL: Final = 3
GGML_NUMA_STRATEGY_MIRROR: Final = 4
GGML_NUMA_STRATEGY_COUNT: Final = 5
class ggml_object_type(IntEnum):
    "enum ggml_object_type\n\nggml/include/ggml.h:580"
    GGML_OBJECT_TYPE_TENSOR = 0
    GGML_OBJECT_TYPE_GRAPH = 1
    GGML_OBJECT_TYPE_WORK_BUFFER = 2
GGML_OBJECT_TYPE_TENSOR: Final = 0
GGML_OBJECT_TYPE_GRAPH: Final = 1
GGML_OBJECT_TYPE_WORK_BUFFER: Final = 2
class ggml_op(IntEnum):
    "enum ggml_op\n\nggml/include/ggml.h:448"
    GGML_OP_NONE = 0
    GGML_OP_DUP = 1
    GGML_OP_ADD = 2
    GGML_OP_ADD_ID = 3
    GGML_OP_ADD1 = 4
    GGML_OP_ACC = 5
    GGML_OP_SUB = 6
    GGML_OP_MUL = 7
    GGML_OP_DIV = 8
    GGML_OP_SQR = 9
    GGML_OP_SQRT = 10
    GGML_OP_LOG = 11
    GGML_OP_SIN = 12
    GGML_OP_COS = 13
    GGML_OP_SUM = 14
    GGML_OP_SUM_ROWS = 15
    GGML_OP_MEAN = 16
    GGML_OP_ARGMAX = 17
    GGML_OP_COUNT_EQUAL = 18
    GGML_OP_REPEAT = 19
    GGML_OP_REPEAT_BACK = 20
    GGML_OP_CONCAT = 21
    GGML_OP_SILU_BACK = 22
    GGML_OP_NORM = 23
    GGML_OP_RMS_NORM = 24
    GGML_OP_RMS_NORM_BACK = 25
    GGML_OP_GROUP_NORM = 26
    GGML_OP_L2_NORM = 27
    GGML_OP_MUL_MAT = 28
    GGML_OP_MUL_MAT_ID = 29
    GGML_OP_OUT_PROD = 30
    GGML_OP_SCALE = 31
    GGML_OP_SET = 32
    GGML_OP_CPY = 33
    GGML_OP_CONT = 34
    GGML_OP_RESHAPE = 35
    GGML_OP_VIEW = 36
    GGML_OP_PERMUTE = 37
    GGML_OP_TRANSPOSE = 38
    GGML_OP_GET_ROWS = 39
    GGML_OP_GET_ROWS_BACK = 40
    GGML_OP_SET_ROWS = 41
    GGML_OP_DIAG = 42
    GGML_OP_DIAG_MASK_INF = 43
    GGML_OP_DIAG_MASK_ZERO = 44
    GGML_OP_SOFT_MAX = 45
    GGML_OP_SOFT_MAX_BACK = 46
    GGML_OP_ROPE = 47
    GGML_OP_ROPE_BACK = 48
    GGML_OP_CLAMP = 49
    GGML_OP_CONV_TRANSPOSE_1D = 50
    GGML_OP_IM2COL = 51
    GGML_OP_IM2COL_BACK = 52
    GGML_OP_CONV_2D = 53
    GGML_OP_CONV_2D_DW = 54
    GGML_OP_CONV_TRANSPOSE_2D = 55
    GGML_OP_POOL_1D = 56
    GGML_OP_POOL_2D = 57
    GGML_OP_POOL_2D_BACK = 58
    GGML_OP_UPSCALE = 59
    GGML_OP_PAD = 60
    GGML_OP_PAD_REFLECT_1D = 61
    GGML_OP_ROLL = 62
    GGML_OP_ARANGE = 63
    GGML_OP_TIMESTEP_EMBEDDING = 64
    GGML_OP_ARGSORT = 65
    GGML_OP_LEAKY_RELU = 66
    GGML_OP_FLASH_ATTN_EXT = 67
    GGML_OP_FLASH_ATTN_BACK = 68
    GGML_OP_SSM_CONV = 69
    GGML_OP_SSM_SCAN = 70
    GGML_OP_WIN_PART = 71
    GGML_OP_WIN_UNPART = 72
    GGML_OP_GET_REL_POS = 73
    GGML_OP_ADD_REL_POS = 74
    GGML_OP_RWKV_WKV6 = 75
    GGML_OP_GATED_LINEAR_ATTN = 76
    GGML_OP_RWKV_WKV7 = 77
    GGML_OP_UNARY = 78
    GGML_OP_MAP_CUSTOM1 = 79
    GGML_OP_MAP_CUSTOM2 = 80
    GGML_OP_MAP_CUSTOM3 = 81
    GGML_OP_CUSTOM = 82
    GGML_OP_CROSS_ENTROPY_LOSS = 83
    GGML_OP_CROSS_ENTROPY_LOSS_BACK = 84
    GGML_OP_OPT_STEP_ADAMW = 85
    GGML_OP_GLU = 86
    GGML_OP_COUNT = 87
GGML_OP_NONE: Final = 0
GGML_OP_DUP: Final = 1
GGML_OP_ADD: Final = 2
GGML_OP_ADD_ID: Final = 3
GGML_OP_ADD1: Final = 4
GGML_OP_ACC: Final = 5
GGML_OP_SUB: Final = 6
GGML_OP_MUL: Final = 7
GGML_OP_DIV: Final = 8
GGML_OP_SQR: Final = 9
GGML_OP_SQRT: Final = 10
GGML_OP_LOG: Final = 11
GGML_OP_SIN: Final = 12
GGML_OP_COS: Final = 13
GGML_OP_SUM: Final = 14
GGML_OP_SUM_ROWS: Final = 15
GGML_OP_MEAN: Final = 16
GGML_OP_ARGMAX: Final = 17
GGML_OP_COUNT_EQUAL: Final = 18
GGML_OP_REPEAT: Final = 19
GGML_OP_REPEAT_BACK: Final = 20
GGML_OP_CONCAT: Final = 21
GGML_OP_SILU_BACK: Final = 22
GGML_OP_NORM: Final = 23
GGML_OP_RMS_NORM: Final = 24
GGML_OP_RMS_NORM_BACK: Final = 25
GGML_OP_GROUP_NORM: Final = 26
GGML_OP_L2_NORM: Final = 27
GGML_OP_MUL_MAT: Final = 28
GGML_OP_MUL_MAT_ID: Final = 29
GGML_OP_OUT_PROD: Final = 30
GGML_OP_SCALE: Final = 31
GGML_OP_SET: Final = 32
GGML_OP_CPY: Final = 33
GGML_OP_CONT: Final = 34
GGML_OP_RESHAPE: Final = 35
GGML_OP_VIEW: Final = 36
GGML_OP_PERMUTE: Final = 37
GGML_OP_TRANSPOSE: Final = 38
GGML_OP_GET_ROWS: Final = 39
GGML_OP_GET_ROWS_BACK: Final = 40
GGML_OP_SET_ROWS: Final = 41
GGML_OP_DIAG: Final = 42
GGML_OP_DIAG_MASK_INF: Final = 43
GGML_OP_DIAG_MASK_ZERO: Final = 44
GGML_OP_SOFT_MAX: Final = 45
GGML_OP_SOFT_MAX_BACK: Final = 46
GGML_OP_ROPE: Final = 47
GGML_OP_ROPE_BACK: Final = 48
GGML_OP_CLAMP: Final = 49
GGML_OP_CONV_TRANSPOSE_1D: Final = 50
GGML_OP_IM2COL: Final = 51
GGML_OP_IM2COL_BACK: Final = 52
GGML_OP_CONV_2D: Final = 53
GGML_OP_CONV_2D_DW: Final = 54
GGML_OP_CONV_TRANSPOSE_2D: Final = 55
GGML_OP_POOL_1D: Final = 56
GGML_OP_POOL_2D: Final = 57
GGML_OP_POOL_2D_BACK: Final = 58
GGML_OP_UPSCALE: Final = 59
GGML_OP_PAD: Final = 60
GGML_OP_PAD_REFLECT_1D: Final = 61
GGML_OP_ROLL: Final = 62
GGML_OP_ARANGE: Final = 63
GGML_OP_TIMESTEP_EMBEDDING: Final = 64
GGML_OP_ARGSORT: Final = 65
GGML_OP_LEAKY_RELU: Final = 66
GGML_OP_FLASH_ATTN_EXT: Final = 67
GGML_OP_FLASH_ATTN_BACK: Final = 68
GGML_OP_SSM_CONV: Final = 69
GGML_OP_SSM_SCAN: Final = 70
GGML_OP_WIN_PART: Final = 71
GGML_OP_WIN_UNPART: Final = 72
GGML_OP_GET_REL_POS: Final = 73
GGML_OP_ADD_REL_POS: Final = 74
GGML_OP_RWKV_WKV6: Final = 75
GGML_OP_GATED_LINEAR_ATTN: Final = 76
GGML_OP_RWKV_WKV7: Final = 77
GGML_OP_UNARY: Final = 78
GGML_OP_MAP_CUSTOM1: Final = 79
GGML_OP_MAP_CUSTOM2: Final = 80
GGML_OP_MAP_CUSTOM3: Final = 81
GGML_OP_CUSTOM: Final = 82
GGML_OP_CROSS_ENTROPY_LOSS: Final = 83
GGML_OP_CROSS_ENTROPY_LOSS_BACK: Final = 84
GGML_OP_OPT_STEP_ADAMW: Final = 85
GGML_OP_GLU: Final = 86
GGML_OP_COUNT: Final = 87
class ggml_op_pool(IntEnum):
    "enum ggml_op_pool\n\nggml/include/ggml.h:1917"
    GGML_OP_POOL_MAX = 0
    GGML_OP_POOL_AVG = 1
    GGML_OP_POOL_COUNT = 2
GGML_OP_POOL_MAX: Final = 0
GGML_OP_POOL_AVG: Final = 1
GGML_OP_POOL_COUNT: Final = 2
class ggml_opt_build_type(IntEnum):
    "enum ggml_opt_build_type\n\nggml/include/ggml-opt.h:71"
    GGML_OPT_BUILD_TYPE_FORWARD = 10
    GGML_OPT_BUILD_TYPE_GRAD = 20
    GGML_OPT_BUILD_TYPE_OPT = 30
GGML_OPT_BUILD_TYPE_FORWARD: Final = 10
GGML_OPT_BUILD_TYPE_GRAD: Final = 20
GGML_OPT_BUILD_TYPE_OPT: Final = 30
class ggml_opt_loss_type(IntEnum):
    "enum ggml_opt_loss_type\n\nggml/include/ggml-opt.h:30"
    GGML_OPT_LOSS_TYPE_MEAN = 0
    GGML_OPT_LOSS_TYPE_SUM = 1
    GGML_OPT_LOSS_TYPE_CROSS_ENTROPY = 2
    GGML_OPT_LOSS_TYPE_MEAN_SQUARED_ERROR = 3
GGML_OPT_LOSS_TYPE_MEAN: Final = 0
GGML_OPT_LOSS_TYPE_SUM: Final = 1
GGML_OPT_LOSS_TYPE_CROSS_ENTROPY: Final = 2
GGML_OPT_LOSS_TYPE_MEAN_SQUARED_ERROR: Final = 3
class ggml_prec(IntEnum):
    "enum ggml_prec\n\nggml/include/ggml.h:413"
    GGML_PREC_DEFAULT = 0
    GGML_PREC_F32 = 10
GGML_PREC_DEFAULT: Final = 0
GGML_PREC_F32: Final = 10
class ggml_scale_flag(IntEnum):
    "enum ggml_scale_flag\n\nggml/include/ggml.h:1963"
    GGML_SCALE_FLAG_ALIGN_CORNERS = 256
GGML_SCALE_FLAG_ALIGN_CORNERS: Final = 256
class ggml_scale_mode(IntEnum):
    "enum ggml_scale_mode\n\nggml/include/ggml.h:1956"
    GGML_SCALE_MODE_NEAREST = 0
    GGML_SCALE_MODE_BILINEAR = 1
    GGML_SCALE_MODE_COUNT = 2
GGML_SCALE_MODE_NEAREST: Final = 0
GGML_SCALE_MODE_BILINEAR: Final = 1
GGML_SCALE_MODE_COUNT: Final = 2
class ggml_sched_priority(IntEnum):
    "enum ggml_sched_priority\n\nggml/include/ggml.h:2412"
    GGML_SCHED_PRIO_LOW = -1
    GGML_SCHED_PRIO_NORMAL = 0
    GGML_SCHED_PRIO_MEDIUM = 1
    GGML_SCHED_PRIO_HIGH = 2
    GGML_SCHED_PRIO_REALTIME = 3
GGML_SCHED_PRIO_LOW: Final = -1
GGML_SCHED_PRIO_NORMAL: Final = 0
GGML_SCHED_PRIO_MEDIUM: Final = 1
GGML_SCHED_PRIO_HIGH: Final = 2
GGML_SCHED_PRIO_REALTIME: Final = 3
class ggml_sort_order(IntEnum):
    "enum ggml_sort_order\n\nggml/include/ggml.h:2035"
    GGML_SORT_ORDER_ASC = 0
    GGML_SORT_ORDER_DESC = 1
GGML_SORT_ORDER_ASC: Final = 0
GGML_SORT_ORDER_DESC: Final = 1
class ggml_status(IntEnum):
    "enum ggml_status\n\nggml/include/ggml.h:337"
    GGML_STATUS_ALLOC_FAILED = -2
    GGML_STATUS_FAILED = -1
    GGML_STATUS_SUCCESS = 0
    GGML_STATUS_ABORTED = 1
GGML_STATUS_ALLOC_FAILED: Final = -2
GGML_STATUS_FAILED: Final = -1
GGML_STATUS_SUCCESS: Final = 0
GGML_STATUS_ABORTED: Final = 1
class ggml_tensor_flag(IntEnum):
    "enum ggml_tensor_flag\n\nggml/include/ggml.h:596"
    GGML_TENSOR_FLAG_INPUT = 1
    GGML_TENSOR_FLAG_OUTPUT = 2
    GGML_TENSOR_FLAG_PARAM = 4
    GGML_TENSOR_FLAG_LOSS = 8
GGML_TENSOR_FLAG_INPUT: Final = 1
GGML_TENSOR_FLAG_OUTPUT: Final = 2
GGML_TENSOR_FLAG_PARAM: Final = 4
GGML_TENSOR_FLAG_LOSS: Final = 8
class ggml_type(IntEnum):
    "enum ggml_type\n\nggml/include/ggml.h:368"
    GGML_TYPE_F32 = 0
    GGML_TYPE_F16 = 1
    GGML_TYPE_Q4_0 = 2
    GGML_TYPE_Q4_1 = 3
    GGML_TYPE_Q5_0 = 6
    GGML_TYPE_Q5_1 = 7
    GGML_TYPE_Q8_0 = 8
    GGML_TYPE_Q8_1 = 9
    GGML_TYPE_Q2_K = 10
    GGML_TYPE_Q3_K = 11
    GGML_TYPE_Q4_K = 12
    GGML_TYPE_Q5_K = 13
    GGML_TYPE_Q6_K = 14
    GGML_TYPE_Q8_K = 15
    GGML_TYPE_IQ2_XXS = 16
    GGML_TYPE_IQ2_XS = 17
    GGML_TYPE_IQ3_XXS = 18
    GGML_TYPE_IQ1_S = 19
    GGML_TYPE_IQ4_NL = 20
    GGML_TYPE_IQ3_S = 21
    GGML_TYPE_IQ2_S = 22
    GGML_TYPE_IQ4_XS = 23
    GGML_TYPE_I8 = 24
    GGML_TYPE_I16 = 25
    GGML_TYPE_I32 = 26
    GGML_TYPE_I64 = 27
    GGML_TYPE_F64 = 28
    GGML_TYPE_IQ1_M = 29
    GGML_TYPE_BF16 = 30
    GGML_TYPE_TQ1_0 = 34
    GGML_TYPE_TQ2_0 = 35
    GGML_TYPE_MXFP4 = 39
    GGML_TYPE_COUNT = 40
GGML_TYPE_F32: Final = 0
GGML_TYPE_F16: Final = 1
GGML_TYPE_Q4_0: Final = 2
GGML_TYPE_Q4_1: Final = 3
GGML_TYPE_Q5_0: Final = 6
GGML_TYPE_Q5_1: Final = 7
GGML_TYPE_Q8_0: Final = 8
GGML_TYPE_Q8_1: Final = 9
GGML_TYPE_Q2_K: Final = 10
GGML_TYPE_Q3_K: Final = 11
GGML_TYPE_Q4_K: Final = 12
GGML_TYPE_Q5_K: Final = 13
GGML_TYPE_Q6_K: Final = 14
GGML_TYPE_Q8_K: Final = 15
GGML_TYPE_IQ2_XXS: Final = 16
GGML_TYPE_IQ2_XS: Final = 17
GGML_TYPE_IQ3_XXS: Final = 18
GGML_TYPE_IQ1_S: Final = 19
GGML_TYPE_IQ4_NL: Final = 20
GGML_TYPE_IQ3_S: Final = 21
GGML_TYPE_IQ2_S: Final = 22
GGML_TYPE_IQ4_XS: Final = 23
GGML_TYPE_I8: Final = 24
GGML_TYPE_I16: Final = 25
GGML_TYPE_I32: Final = 26
GGML_TYPE_I64: Final = 27
GGML_TYPE_F64: Final = 28
GGML_TYPE_IQ1_M: Final = 29
GGML_TYPE_BF16: Final = 30
GGML_TYPE_TQ1_0: Final = 34
GGML_TYPE_TQ2_0: Final = 35
GGML_TYPE_MXFP4: Final = 39
GGML_TYPE_COUNT: Final = 40
class ggml_unary_op(IntEnum):
    "enum ggml_unary_op\n\nggml/include/ggml.h:549"
    GGML_UNARY_OP_ABS = 0
    GGML_UNARY_OP_SGN = 1
    GGML_UNARY_OP_NEG = 2
    GGML_UNARY_OP_STEP = 3
    GGML_UNARY_OP_TANH = 4
    GGML_UNARY_OP_ELU = 5
    GGML_UNARY_OP_RELU = 6
    GGML_UNARY_OP_SIGMOID = 7
    GGML_UNARY_OP_GELU = 8
    GGML_UNARY_OP_GELU_QUICK = 9
    GGML_UNARY_OP_SILU = 10
    GGML_UNARY_OP_HARDSWISH = 11
    GGML_UNARY_OP_HARDSIGMOID = 12
    GGML_UNARY_OP_EXP = 13
    GGML_UNARY_OP_GELU_ERF = 14
    GGML_UNARY_OP_COUNT = 15
GGML_UNARY_OP_ABS: Final = 0
GGML_UNARY_OP_SGN: Final = 1
GGML_UNARY_OP_NEG: Final = 2
GGML_UNARY_OP_STEP: Final = 3
GGML_UNARY_OP_TANH: Final = 4
GGML_UNARY_OP_ELU: Final = 5
GGML_UNARY_OP_RELU: Final = 6
GGML_UNARY_OP_SIGMOID: Final = 7
GGML_UNARY_OP_GELU: Final = 8
GGML_UNARY_OP_GELU_QUICK: Final = 9
GGML_UNARY_OP_SILU: Final = 10
GGML_UNARY_OP_HARDSWISH: Final = 11
GGML_UNARY_OP_HARDSIGMOID: Final = 12
GGML_UNARY_OP_EXP: Final = 13
GGML_UNARY_OP_GELU_ERF: Final = 14
GGML_UNARY_OP_COUNT: Final = 15
class gguf_type(IntEnum):
    "enum gguf_type\n\nggml/include/gguf.h:53"
    GGUF_TYPE_UINT8 = 0
    GGUF_TYPE_INT8 = 1
    GGUF_TYPE_UINT16 = 2
    GGUF_TYPE_INT16 = 3
    GGUF_TYPE_UINT32 = 4
    GGUF_TYPE_INT32 = 5
    GGUF_TYPE_FLOAT32 = 6
    GGUF_TYPE_BOOL = 7
    GGUF_TYPE_STRING = 8
    GGUF_TYPE_ARRAY = 9
    GGUF_TYPE_UINT64 = 10
    GGUF_TYPE_INT64 = 11
    GGUF_TYPE_FLOAT64 = 12
    GGUF_TYPE_COUNT = 13
GGUF_TYPE_UINT8: Final = 0
GGUF_TYPE_INT8: Final = 1
GGUF_TYPE_UINT16: Final = 2
GGUF_TYPE_INT16: Final = 3
GGUF_TYPE_UINT32: Final = 4
GGUF_TYPE_INT32: Final = 5
GGUF_TYPE_FLOAT32: Final = 6
GGUF_TYPE_BOOL: Final = 7
GGUF_TYPE_STRING: Final = 8
GGUF_TYPE_ARRAY: Final = 9
GGUF_TYPE_UINT64: Final = 10
GGUF_TYPE_INT64: Final = 11
GGUF_TYPE_FLOAT64: Final = 12
GGUF_TYPE_COUNT: Final = 13
class llama_attention_type(IntEnum):
    "enum llama_attention_type\n\ninclude/llama.h:178"
    LLAMA_ATTENTION_TYPE_UNSPECIFIED = -1
    LLAMA_ATTENTION_TYPE_CAUSAL = 0
    LLAMA_ATTENTION_TYPE_NON_CAUSAL = 1
LLAMA_ATTENTION_TYPE_UNSPECIFIED: Final = -1
LLAMA_ATTENTION_TYPE_CAUSAL: Final = 0
LLAMA_ATTENTION_TYPE_NON_CAUSAL: Final = 1
class llama_ftype(IntEnum):
    "enum llama_ftype\n\ninclude/llama.h:116"
    LLAMA_FTYPE_ALL_F32 = 0
    LLAMA_FTYPE_MOSTLY_F16 = 1
    LLAMA_FTYPE_MOSTLY_Q4_0 = 2
    LLAMA_FTYPE_MOSTLY_Q4_1 = 3
    LLAMA_FTYPE_MOSTLY_Q8_0 = 7
    LLAMA_FTYPE_MOSTLY_Q5_0 = 8
    LLAMA_FTYPE_MOSTLY_Q5_1 = 9
    LLAMA_FTYPE_MOSTLY_Q2_K = 10
    LLAMA_FTYPE_MOSTLY_Q3_K_S = 11
    LLAMA_FTYPE_MOSTLY_Q3_K_M = 12
    LLAMA_FTYPE_MOSTLY_Q3_K_L = 13
    LLAMA_FTYPE_MOSTLY_Q4_K_S = 14
    LLAMA_FTYPE_MOSTLY_Q4_K_M = 15
    LLAMA_FTYPE_MOSTLY_Q5_K_S = 16
    LLAMA_FTYPE_MOSTLY_Q5_K_M = 17
    LLAMA_FTYPE_MOSTLY_Q6_K = 18
    LLAMA_FTYPE_MOSTLY_IQ2_XXS = 19
    LLAMA_FTYPE_MOSTLY_IQ2_XS = 20
    LLAMA_FTYPE_MOSTLY_Q2_K_S = 21
    LLAMA_FTYPE_MOSTLY_IQ3_XS = 22
    LLAMA_FTYPE_MOSTLY_IQ3_XXS = 23
    LLAMA_FTYPE_MOSTLY_IQ1_S = 24
    LLAMA_FTYPE_MOSTLY_IQ4_NL = 25
    LLAMA_FTYPE_MOSTLY_IQ3_S = 26
    LLAMA_FTYPE_MOSTLY_IQ3_M = 27
    LLAMA_FTYPE_MOSTLY_IQ2_S = 28
    LLAMA_FTYPE_MOSTLY_IQ2_M = 29
    LLAMA_FTYPE_MOSTLY_IQ4_XS = 30
    LLAMA_FTYPE_MOSTLY_IQ1_M = 31
    LLAMA_FTYPE_MOSTLY_BF16 = 32
    LLAMA_FTYPE_MOSTLY_TQ1_0 = 36
    LLAMA_FTYPE_MOSTLY_TQ2_0 = 37
    LLAMA_FTYPE_MOSTLY_MXFP4_MOE = 38
    LLAMA_FTYPE_GUESSED = 1024
LLAMA_FTYPE_ALL_F32: Final = 0
LLAMA_FTYPE_MOSTLY_F16: Final = 1
LLAMA_FTYPE_MOSTLY_Q4_0: Final = 2
LLAMA_FTYPE_MOSTLY_Q4_1: Final = 3
LLAMA_FTYPE_MOSTLY_Q8_0: Final = 7
LLAMA_FTYPE_MOSTLY_Q5_0: Final = 8
LLAMA_FTYPE_MOSTLY_Q5_1: Final = 9
LLAMA_FTYPE_MOSTLY_Q2_K: Final = 10
LLAMA_FTYPE_MOSTLY_Q3_K_S: Final = 11
LLAMA_FTYPE_MOSTLY_Q3_K_M: Final = 12
LLAMA_FTYPE_MOSTLY_Q3_K_L: Final = 13
LLAMA_FTYPE_MOSTLY_Q4_K_S: Final = 14
LLAMA_FTYPE_MOSTLY_Q4_K_M: Final = 15
LLAMA_FTYPE_MOSTLY_Q5_K_S: Final = 16
LLAMA_FTYPE_MOSTLY_Q5_K_M: Final = 17
LLAMA_FTYPE_MOSTLY_Q6_K: Final = 18
LLAMA_FTYPE_MOSTLY_IQ2_XXS: Final = 19
LLAMA_FTYPE_MOSTLY_IQ2_XS: Final = 20
LLAMA_FTYPE_MOSTLY_Q2_K_S: Final = 21
LLAMA_FTYPE_MOSTLY_IQ3_XS: Final = 22
LLAMA_FTYPE_MOSTLY_IQ3_XXS: Final = 23
LLAMA_FTYPE_MOSTLY_IQ1_S: Final = 24
LLAMA_FTYPE_MOSTLY_IQ4_NL: Final = 25
LLAMA_FTYPE_MOSTLY_IQ3_S: Final = 26
LLAMA_FTYPE_MOSTLY_IQ3_M: Final = 27
LLAMA_FTYPE_MOSTLY_IQ2_S: Final = 28
LLAMA_FTYPE_MOSTLY_IQ2_M: Final = 29
LLAMA_FTYPE_MOSTLY_IQ4_XS: Final = 30
LLAMA_FTYPE_MOSTLY_IQ1_M: Final = 31
LLAMA_FTYPE_MOSTLY_BF16: Final = 32
LLAMA_FTYPE_MOSTLY_TQ1_0: Final = 36
LLAMA_FTYPE_MOSTLY_TQ2_0: Final = 37
LLAMA_FTYPE_MOSTLY_MXFP4_MOE: Final = 38
LLAMA_FTYPE_GUESSED: Final = 1024
class llama_model_kv_override_type(IntEnum):
    "enum llama_model_kv_override_type\n\ninclude/llama.h:235"
    LLAMA_KV_OVERRIDE_TYPE_INT = 0
    LLAMA_KV_OVERRIDE_TYPE_FLOAT = 1
    LLAMA_KV_OVERRIDE_TYPE_BOOL = 2
    LLAMA_KV_OVERRIDE_TYPE_STR = 3
LLAMA_KV_OVERRIDE_TYPE_INT: Final = 0
LLAMA_KV_OVERRIDE_TYPE_FLOAT: Final = 1
LLAMA_KV_OVERRIDE_TYPE_BOOL: Final = 2
LLAMA_KV_OVERRIDE_TYPE_STR: Final = 3
class llama_rope_scaling_type(IntEnum):
    "enum llama_rope_scaling_type\n\ninclude/llama.h:160"
    LLAMA_ROPE_SCALING_TYPE_UNSPECIFIED = -1
    LLAMA_ROPE_SCALING_TYPE_NONE = 0
    LLAMA_ROPE_SCALING_TYPE_LINEAR = 1
    LLAMA_ROPE_SCALING_TYPE_YARN = 2
    LLAMA_ROPE_SCALING_TYPE_LONGROPE = 3
    LLAMA_ROPE_SCALING_TYPE_MAX_VALUE = 3
LLAMA_ROPE_SCALING_TYPE_UNSPECIFIED: Final = -1
LLAMA_ROPE_SCALING_TYPE_NONE: Final = 0
LLAMA_ROPE_SCALING_TYPE_LINEAR: Final = 1
LLAMA_ROPE_SCALING_TYPE_YARN: Final = 2
LLAMA_ROPE_SCALING_TYPE_LONGROPE: Final = 3
LLAMA_ROPE_SCALING_TYPE_MAX_VALUE: Final = 3
class llama_rope_type(IntEnum):
    "enum llama_rope_type\n\ninclude/llama.h:83"
    LLAMA_ROPE_TYPE_NONE = -1
    LLAMA_ROPE_TYPE_NORM = 0
    LLAMA_ROPE_TYPE_NEOX = 2
    LLAMA_ROPE_TYPE_MROPE = 8
    LLAMA_ROPE_TYPE_VISION = 24
LLAMA_ROPE_TYPE_NONE: Final = -1
LLAMA_ROPE_TYPE_NORM: Final = 0
LLAMA_ROPE_TYPE_NEOX: Final = 2
LLAMA_ROPE_TYPE_MROPE: Final = 8
LLAMA_ROPE_TYPE_VISION: Final = 24
class llama_split_mode(IntEnum):
    "enum llama_split_mode\n\ninclude/llama.h:184"
    LLAMA_SPLIT_MODE_NONE = 0
    LLAMA_SPLIT_MODE_LAYER = 1
    LLAMA_SPLIT_MODE_ROW = 2
LLAMA_SPLIT_MODE_NONE: Final = 0
LLAMA_SPLIT_MODE_LAYER: Final = 1
LLAMA_SPLIT_MODE_ROW: Final = 2
class llama_token_attr(IntEnum):
    "enum llama_token_attr\n\ninclude/llama.h:101"
    LLAMA_TOKEN_ATTR_UNDEFINED = 0
    LLAMA_TOKEN_ATTR_UNKNOWN = 1
    LLAMA_TOKEN_ATTR_UNUSED = 2
    LLAMA_TOKEN_ATTR_NORMAL = 4
    LLAMA_TOKEN_ATTR_CONTROL = 8
    LLAMA_TOKEN_ATTR_USER_DEFINED = 16
    LLAMA_TOKEN_ATTR_BYTE = 32
    LLAMA_TOKEN_ATTR_NORMALIZED = 64
    LLAMA_TOKEN_ATTR_LSTRIP = 128
    LLAMA_TOKEN_ATTR_RSTRIP = 256
    LLAMA_TOKEN_ATTR_SINGLE_WORD = 512
LLAMA_TOKEN_ATTR_UNDEFINED: Final = 0
LLAMA_TOKEN_ATTR_UNKNOWN: Final = 1
LLAMA_TOKEN_ATTR_UNUSED: Final = 2
LLAMA_TOKEN_ATTR_NORMAL: Final = 4
LLAMA_TOKEN_ATTR_CONTROL: Final = 8
LLAMA_TOKEN_ATTR_USER_DEFINED: Final = 16
LLAMA_TOKEN_ATTR_BYTE: Final = 32
LLAMA_TOKEN_ATTR_NORMALIZED: Final = 64
LLAMA_TOKEN_ATTR_LSTRIP: Final = 128
LLAMA_TOKEN_ATTR_RSTRIP: Final = 256
LLAMA_TOKEN_ATTR_SINGLE_WORD: Final = 512
class llama_token_type(IntEnum):
    "enum llama_token_type\n\ninclude/llama.h:91"
    LLAMA_TOKEN_TYPE_UNDEFINED = 0
    LLAMA_TOKEN_TYPE_NORMAL = 1
    LLAMA_TOKEN_TYPE_UNKNOWN = 2
    LLAMA_TOKEN_TYPE_CONTROL = 3
    LLAMA_TOKEN_TYPE_USER_DEFINED = 4
    LLAMA_TOKEN_TYPE_UNUSED = 5
    LLAMA_TOKEN_TYPE_BYTE = 6
LLAMA_TOKEN_TYPE_UNDEFINED: Final = 0
LLAMA_TOKEN_TYPE_NORMAL: Final = 1
LLAMA_TOKEN_TYPE_UNKNOWN: Final = 2
LLAMA_TOKEN_TYPE_CONTROL: Final = 3
LLAMA_TOKEN_TYPE_USER_DEFINED: Final = 4
LLAMA_TOKEN_TYPE_UNUSED: Final = 5
LLAMA_TOKEN_TYPE_BYTE: Final = 6
class mtmd_input_chunk_type(IntEnum):
    "enum mtmd_input_chunk_type\n\ntools/mtmd/mtmd.h:48"
    MTMD_INPUT_CHUNK_TYPE_TEXT = 0
    MTMD_INPUT_CHUNK_TYPE_IMAGE = 1
    MTMD_INPUT_CHUNK_TYPE_AUDIO = 2
MTMD_INPUT_CHUNK_TYPE_TEXT: Final = 0
MTMD_INPUT_CHUNK_TYPE_IMAGE: Final = 1
MTMD_INPUT_CHUNK_TYPE_AUDIO: Final = 2
GGML_CANN_MAX_DEVICES: Final = 16
GGML_CUBLAS_NAME: Final = "cuBLAS"
GGML_CUDA_MAX_DEVICES: Final = 16
GGML_CUDA_NAME: Final = "CUDA"
GGML_DEFAULT_GRAPH_SIZE: Final = 2048
GGML_DEFAULT_N_THREADS: Final = 4
GGML_EXIT_ABORTED: Final = 1
GGML_EXIT_SUCCESS: Final = 0
GGML_FILE_MAGIC: Final = 1734831468
GGML_FILE_VERSION: Final = 2
GGML_KQ_MASK_PAD: Final = 64
GGML_MAX_DIMS: Final = 4
GGML_MAX_NAME: Final = 64
GGML_MAX_N_THREADS: Final = 512
GGML_MAX_OP_PARAMS: Final = 64
GGML_MAX_PARAMS: Final = 2048
GGML_MAX_SRC: Final = 10
GGML_MEM_ALIGN: Final = 16
GGML_N_TASKS_MAX: Final = -1
GGML_QNT_VERSION: Final = 2
GGML_QNT_VERSION_FACTOR: Final = 1000
GGML_ROPE_TYPE_MROPE: Final = 8
GGML_ROPE_TYPE_NEOX: Final = 2
GGML_ROPE_TYPE_VISION: Final = 24
GGML_RPC_MAX_SERVERS: Final = 16
GGML_SYCL_MAX_DEVICES: Final = 48
GGML_SYCL_NAME: Final = "SYCL"
GGML_TENSOR_SIZE: Final = 336
GGML_VK_MAX_DEVICES: Final = 16
GGML_VK_NAME: Final = "Vulkan"
GGML_WEBGPU_NAME: Final = "WebGPU"
GGUF_DEFAULT_ALIGNMENT: Final = 32
GGUF_KEY_GENERAL_ALIGNMENT: Final = "general.alignment"
GGUF_MAGIC: Final = "GGUF"
GGUF_VERSION: Final = 3
LLAMA_DEFAULT_SEED: Final = 4294967295
LLAMA_FILE_MAGIC_GGLA: Final = 1734831201
LLAMA_FILE_MAGIC_GGSN: Final = 1734833006
LLAMA_FILE_MAGIC_GGSQ: Final = 1734833009
LLAMA_SESSION_MAGIC: Final = 1734833006
LLAMA_SESSION_VERSION: Final = 9
LLAMA_STATE_SEQ_MAGIC: Final = 1734833009
LLAMA_STATE_SEQ_VERSION: Final = 2
LLAMA_TOKEN_NULL: Final = -1
MTMD_DEFAULT_IMAGE_MARKER: Final = "<__image__>"
RPC_PROTO_MAJOR_VERSION: Final = 2
RPC_PROTO_MINOR_VERSION: Final = 0
RPC_PROTO_PATCH_VERSION: Final = 0
class _llama_sampler_i_free_llama_sampler_i_reset(llama_sampler_i_free, llama_sampler_i_reset): ...
def ggml_abort(file: _Text, line: int, fmt: _Text, *arguments: Any) -> None: "void ggml_abort(const char * file, int line, const char * fmt, ...)\n\nggml/include/ggml.h:335"
def ggml_abs(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_abs(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1012"
def ggml_abs_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_abs_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1016"
def ggml_acc(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, nb1: int, nb2: int, nb3: int, offset: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_acc(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, size_t nb1, size_t nb2, size_t nb3, size_t offset)\n\nggml/include/ggml.h:868"
def ggml_acc_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, nb1: int, nb2: int, nb3: int, offset: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_acc_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, size_t nb1, size_t nb2, size_t nb3, size_t offset)\n\nggml/include/ggml.h:877"
def ggml_add(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_add(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:832"
def ggml_add1(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_add1(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:855"
def ggml_add1_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_add1_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:860"
def ggml_add_cast(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, type: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_add_cast(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, enum ggml_type type)\n\nggml/include/ggml.h:842"
def ggml_add_id(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, ids: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_add_id(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, struct ggml_tensor * ids)\n\nggml/include/ggml.h:849"
def ggml_add_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_add_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:837"
def ggml_add_rel_pos(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, pw: _To[ggml_tensor] | ggml_tensor, ph: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_add_rel_pos(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * pw, struct ggml_tensor * ph)\n\nggml/include/ggml.h:2153"
def ggml_add_rel_pos_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, pw: _To[ggml_tensor] | ggml_tensor, ph: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_add_rel_pos_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * pw, struct ggml_tensor * ph)\n\nggml/include/ggml.h:2159"
def ggml_arange(ctx: ggml_context | None, start: float, stop: float, step: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_arange(struct ggml_context * ctx, float start, float stop, float step)\n\nggml/include/ggml.h:2045"
def ggml_are_same_shape(t0: _To[ggml_tensor] | ggml_tensor, t1: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_are_same_shape(const struct ggml_tensor * t0, const struct ggml_tensor * t1)\n\nggml/include/ggml.h:732"
def ggml_are_same_stride(t0: _To[ggml_tensor] | ggml_tensor, t1: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_are_same_stride(const struct ggml_tensor * t0, const struct ggml_tensor * t1)\n\nggml/include/ggml.h:733"
def ggml_argmax(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_argmax(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:972"
def ggml_argsort(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, order: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_argsort(struct ggml_context * ctx, struct ggml_tensor * a, enum ggml_sort_order order)\n\nggml/include/ggml.h:2040"
def ggml_backend_alloc_buffer(backend: ggml_backend | None, size: int, /) -> ggml_backend_buffer | None: "ggml_backend_buffer_t ggml_backend_alloc_buffer(ggml_backend_t backend, size_t size)\n\nggml/include/ggml-backend.h:82"
def ggml_backend_alloc_ctx_tensors(ctx: ggml_context | None, backend: ggml_backend | None, /) -> ggml_backend_buffer | None: "struct ggml_backend_buffer * ggml_backend_alloc_ctx_tensors(struct ggml_context * ctx, ggml_backend_t backend)\n\nggml/include/ggml-alloc.h:72"
def ggml_backend_alloc_ctx_tensors_from_buft(ctx: ggml_context | None, buft: ggml_backend_buffer_type | None, /) -> ggml_backend_buffer | None: "struct ggml_backend_buffer * ggml_backend_alloc_ctx_tensors_from_buft(struct ggml_context * ctx, ggml_backend_buffer_type_t buft)\n\nggml/include/ggml-alloc.h:71"
def ggml_backend_blas_init() -> ggml_backend | None: "ggml_backend_t ggml_backend_blas_init(void)\n\nggml/include/ggml-blas.h:12"
def ggml_backend_blas_reg() -> ggml_backend_reg | None: "ggml_backend_reg_t ggml_backend_blas_reg(void)\n\nggml/include/ggml-blas.h:20"
@_is(ggml_backend_set_n_threads_t)
def ggml_backend_blas_set_n_threads(backend_blas: ggml_backend | None, n_threads: int, /) -> None: "void ggml_backend_blas_set_n_threads(ggml_backend_t backend_blas, int n_threads)\n\nggml/include/ggml-blas.h:18"
def ggml_backend_buffer_clear(buffer: ggml_backend_buffer | None, value: int, /) -> None: "void ggml_backend_buffer_clear(ggml_backend_buffer_t buffer, uint8_t value)\n\nggml/include/ggml-backend.h:63"
def ggml_backend_buffer_free(buffer: ggml_backend_buffer | None, /) -> None: "void ggml_backend_buffer_free(ggml_backend_buffer_t buffer)\n\nggml/include/ggml-backend.h:56"
def ggml_backend_buffer_get_alignment(buffer: ggml_backend_buffer | None, /) -> int: "size_t ggml_backend_buffer_get_alignment(ggml_backend_buffer_t buffer)\n\nggml/include/ggml-backend.h:60"
def ggml_backend_buffer_get_alloc_size(buffer: ggml_backend_buffer | None, tensor: _To[ggml_tensor] | ggml_tensor, /) -> int: "size_t ggml_backend_buffer_get_alloc_size(ggml_backend_buffer_t buffer, const struct ggml_tensor * tensor)\n\nggml/include/ggml-backend.h:62"
def ggml_backend_buffer_get_base(buffer: ggml_backend_buffer | None, /) -> int | Any: "void * ggml_backend_buffer_get_base(ggml_backend_buffer_t buffer)\n\nggml/include/ggml-backend.h:57"
def ggml_backend_buffer_get_max_size(buffer: ggml_backend_buffer | None, /) -> int: "size_t ggml_backend_buffer_get_max_size(ggml_backend_buffer_t buffer)\n\nggml/include/ggml-backend.h:61"
def ggml_backend_buffer_get_size(buffer: ggml_backend_buffer | None, /) -> int: "size_t ggml_backend_buffer_get_size(ggml_backend_buffer_t buffer)\n\nggml/include/ggml-backend.h:58"
def ggml_backend_buffer_get_type(buffer: ggml_backend_buffer | None, /) -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_buffer_get_type(ggml_backend_buffer_t buffer)\n\nggml/include/ggml-backend.h:67"
def ggml_backend_buffer_get_usage(buffer: ggml_backend_buffer | None, /) -> int: "enum ggml_backend_buffer_usage ggml_backend_buffer_get_usage(ggml_backend_buffer_t buffer)\n\nggml/include/ggml-backend.h:66"
def ggml_backend_buffer_init_tensor(buffer: ggml_backend_buffer | None, tensor: _To[ggml_tensor] | ggml_tensor, /) -> int: "enum ggml_status ggml_backend_buffer_init_tensor(ggml_backend_buffer_t buffer, struct ggml_tensor * tensor)\n\nggml/include/ggml-backend.h:59"
def ggml_backend_buffer_is_host(buffer: ggml_backend_buffer | None, /) -> bool: "bool ggml_backend_buffer_is_host(ggml_backend_buffer_t buffer)\n\nggml/include/ggml-backend.h:64"
def ggml_backend_buffer_name(buffer: ggml_backend_buffer | None, /) -> bytes | Any: "const char * ggml_backend_buffer_name(ggml_backend_buffer_t buffer)\n\nggml/include/ggml-backend.h:55"
def ggml_backend_buffer_reset(buffer: ggml_backend_buffer | None, /) -> None: "void ggml_backend_buffer_reset(ggml_backend_buffer_t buffer)\n\nggml/include/ggml-backend.h:68"
def ggml_backend_buffer_set_usage(buffer: ggml_backend_buffer | None, usage: int, /) -> None: "void ggml_backend_buffer_set_usage(ggml_backend_buffer_t buffer, enum ggml_backend_buffer_usage usage)\n\nggml/include/ggml-backend.h:65"
def ggml_backend_buft_alloc_buffer(buft: ggml_backend_buffer_type | None, size: int, /) -> ggml_backend_buffer | None: "ggml_backend_buffer_t ggml_backend_buft_alloc_buffer(ggml_backend_buffer_type_t buft, size_t size)\n\nggml/include/ggml-backend.h:38"
def ggml_backend_buft_get_alignment(buft: ggml_backend_buffer_type | None, /) -> int: "size_t ggml_backend_buft_get_alignment(ggml_backend_buffer_type_t buft)\n\nggml/include/ggml-backend.h:39"
def ggml_backend_buft_get_alloc_size(buft: ggml_backend_buffer_type | None, tensor: _To[ggml_tensor] | ggml_tensor, /) -> int: "size_t ggml_backend_buft_get_alloc_size(ggml_backend_buffer_type_t buft, const struct ggml_tensor * tensor)\n\nggml/include/ggml-backend.h:41"
def ggml_backend_buft_get_device(buft: ggml_backend_buffer_type | None, /) -> ggml_backend_device | None: "ggml_backend_dev_t ggml_backend_buft_get_device(ggml_backend_buffer_type_t buft)\n\nggml/include/ggml-backend.h:43"
def ggml_backend_buft_get_max_size(buft: ggml_backend_buffer_type | None, /) -> int: "size_t ggml_backend_buft_get_max_size(ggml_backend_buffer_type_t buft)\n\nggml/include/ggml-backend.h:40"
def ggml_backend_buft_is_host(buft: ggml_backend_buffer_type | None, /) -> bool: "bool ggml_backend_buft_is_host(ggml_backend_buffer_type_t buft)\n\nggml/include/ggml-backend.h:42"
def ggml_backend_buft_name(buft: ggml_backend_buffer_type | None, /) -> bytes | Any: "const char * ggml_backend_buft_name(ggml_backend_buffer_type_t buft)\n\nggml/include/ggml-backend.h:37"
def ggml_backend_cann_buffer_type(device: int, /) -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_cann_buffer_type(int32_t device)\n\nggml/include/ggml-cann.h:73"
def ggml_backend_cann_get_device_count() -> int: "int32_t ggml_backend_cann_get_device_count(void)\n\nggml/include/ggml-cann.h:83"
def ggml_backend_cann_get_device_description(device: int, description: _To[c_char], description_size: int, /) -> None: "void ggml_backend_cann_get_device_description(int32_t device, char * description, size_t description_size)\n\nggml/include/ggml-cann.h:102"
def ggml_backend_cann_get_device_memory(device: int, free: _To[c_size_t], total: _To[c_size_t], /) -> None: "void ggml_backend_cann_get_device_memory(int32_t device, size_t * free, size_t * total)\n\nggml/include/ggml-cann.h:117"
def ggml_backend_cann_host_buffer_type() -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_cann_host_buffer_type(void)\n\nggml/include/ggml-cann.h:90"
def ggml_backend_cann_init(device: int, /) -> ggml_backend | None: "ggml_backend_t ggml_backend_cann_init(int32_t device)\n\nggml/include/ggml-cann.h:49"
def ggml_backend_cann_reg() -> ggml_backend_reg | None: "ggml_backend_reg_t ggml_backend_cann_reg(void)\n\nggml/include/ggml-cann.h:37"
def ggml_backend_compare_graph_backend(backend1: ggml_backend | None, backend2: ggml_backend | None, graph: ggml_cgraph | None, callback: ggml_backend_eval_callback | None, user_data: _Void, test_node: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_backend_compare_graph_backend(ggml_backend_t backend1, ggml_backend_t backend2, struct ggml_cgraph * graph, ggml_backend_eval_callback callback, void * user_data, struct ggml_tensor * test_node)\n\nggml/include/ggml-backend.h:342"
def ggml_backend_cpu_buffer_from_ptr(ptr: _Void, size: int, /) -> ggml_backend_buffer | None: "ggml_backend_buffer_t ggml_backend_cpu_buffer_from_ptr(void * ptr, size_t size)\n\nggml/include/ggml-backend.h:349"
def ggml_backend_cpu_buffer_type() -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_cpu_buffer_type(void)\n\nggml/include/ggml-backend.h:350"
def ggml_backend_cpu_init() -> ggml_backend | None: "ggml_backend_t ggml_backend_cpu_init(void)\n\nggml/include/ggml-cpu.h:128"
def ggml_backend_cpu_reg() -> ggml_backend_reg | None: "ggml_backend_reg_t ggml_backend_cpu_reg(void)\n\nggml/include/ggml-cpu.h:135"
@_is(ggml_backend_set_abort_callback_t)
def ggml_backend_cpu_set_abort_callback(backend_cpu: ggml_backend | None, abort_callback: ggml_abort_callback | None, abort_callback_data: _Void, /) -> None: "void ggml_backend_cpu_set_abort_callback(ggml_backend_t backend_cpu, ggml_abort_callback abort_callback, void * abort_callback_data)\n\nggml/include/ggml-cpu.h:133"
@_is(ggml_backend_set_n_threads_t)
def ggml_backend_cpu_set_n_threads(backend_cpu: ggml_backend | None, n_threads: int, /) -> None: "void ggml_backend_cpu_set_n_threads(ggml_backend_t backend_cpu, int n_threads)\n\nggml/include/ggml-cpu.h:131"
def ggml_backend_cpu_set_threadpool(backend_cpu: ggml_backend | None, threadpool: ggml_threadpool | None, /) -> None: "void ggml_backend_cpu_set_threadpool(ggml_backend_t backend_cpu, ggml_threadpool_t threadpool)\n\nggml/include/ggml-cpu.h:132"
def ggml_backend_cuda_buffer_type(device: int, /) -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_cuda_buffer_type(int device)\n\nggml/include/ggml-cuda.h:28"
def ggml_backend_cuda_get_device_count() -> int: "int ggml_backend_cuda_get_device_count(void)\n\nggml/include/ggml-cuda.h:36"
def ggml_backend_cuda_get_device_description(device: int, description: _To[c_char], description_size: int, /) -> None: "void ggml_backend_cuda_get_device_description(int device, char * description, size_t description_size)\n\nggml/include/ggml-cuda.h:37"
def ggml_backend_cuda_get_device_memory(device: int, free: _To[c_size_t], total: _To[c_size_t], /) -> None: "void ggml_backend_cuda_get_device_memory(int device, size_t * free, size_t * total)\n\nggml/include/ggml-cuda.h:38"
def ggml_backend_cuda_host_buffer_type() -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_cuda_host_buffer_type(void)\n\nggml/include/ggml-cuda.h:34"
def ggml_backend_cuda_init(device: int, /) -> ggml_backend | None: "ggml_backend_t ggml_backend_cuda_init(int device)\n\nggml/include/ggml-cuda.h:23"
def ggml_backend_cuda_reg() -> ggml_backend_reg | None: "ggml_backend_reg_t ggml_backend_cuda_reg(void)\n\nggml/include/ggml-cuda.h:43"
def ggml_backend_cuda_register_host_buffer(buffer: _Void, size: int, /) -> bool: "bool ggml_backend_cuda_register_host_buffer(void * buffer, size_t size)\n\nggml/include/ggml-cuda.h:40"
@_is(ggml_backend_split_buffer_type_t)
def ggml_backend_cuda_split_buffer_type(main_device: int, tensor_split: _To[c_float], /) -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_cuda_split_buffer_type(int main_device, const float * tensor_split)\n\nggml/include/ggml-cuda.h:31"
def ggml_backend_cuda_unregister_host_buffer(buffer: _Void, /) -> None: "void ggml_backend_cuda_unregister_host_buffer(void * buffer)\n\nggml/include/ggml-cuda.h:41"
def ggml_backend_dev_backend_reg(device: ggml_backend_device | None, /) -> ggml_backend_reg | None: "ggml_backend_reg_t ggml_backend_dev_backend_reg(ggml_backend_dev_t device)\n\nggml/include/ggml-backend.h:166"
def ggml_backend_dev_buffer_from_host_ptr(device: ggml_backend_device | None, ptr: _Void, size: int, max_tensor_size: int, /) -> ggml_backend_buffer | None: "ggml_backend_buffer_t ggml_backend_dev_buffer_from_host_ptr(ggml_backend_dev_t device, void * ptr, size_t size, size_t max_tensor_size)\n\nggml/include/ggml-backend.h:170"
def ggml_backend_dev_buffer_type(device: ggml_backend_device | None, /) -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_dev_buffer_type(ggml_backend_dev_t device)\n\nggml/include/ggml-backend.h:168"
def ggml_backend_dev_by_name(name: _Text, /) -> ggml_backend_device | None: "ggml_backend_dev_t ggml_backend_dev_by_name(const char * name)\n\nggml/include/ggml-backend.h:216"
def ggml_backend_dev_by_type(type: int, /) -> ggml_backend_device | None: "ggml_backend_dev_t ggml_backend_dev_by_type(enum ggml_backend_dev_type type)\n\nggml/include/ggml-backend.h:217"
def ggml_backend_dev_count() -> int: "size_t ggml_backend_dev_count(void)\n\nggml/include/ggml-backend.h:214"
def ggml_backend_dev_description(device: ggml_backend_device | None, /) -> bytes | Any: "const char * ggml_backend_dev_description(ggml_backend_dev_t device)\n\nggml/include/ggml-backend.h:162"
def ggml_backend_dev_get(index: int, /) -> ggml_backend_device | None: "ggml_backend_dev_t ggml_backend_dev_get(size_t index)\n\nggml/include/ggml-backend.h:215"
def ggml_backend_dev_get_props(device: ggml_backend_device | None, props: _To[ggml_backend_dev_props] | ggml_backend_dev_props, /) -> None: "void ggml_backend_dev_get_props(ggml_backend_dev_t device, struct ggml_backend_dev_props * props)\n\nggml/include/ggml-backend.h:165"
def ggml_backend_dev_host_buffer_type(device: ggml_backend_device | None, /) -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_dev_host_buffer_type(ggml_backend_dev_t device)\n\nggml/include/ggml-backend.h:169"
def ggml_backend_dev_init(device: ggml_backend_device | None, params: _Text, /) -> ggml_backend | None: "ggml_backend_t ggml_backend_dev_init(ggml_backend_dev_t device, const char * params)\n\nggml/include/ggml-backend.h:167"
def ggml_backend_dev_memory(device: ggml_backend_device | None, free: _To[c_size_t], total: _To[c_size_t], /) -> None: "void ggml_backend_dev_memory(ggml_backend_dev_t device, size_t * free, size_t * total)\n\nggml/include/ggml-backend.h:163"
def ggml_backend_dev_name(device: ggml_backend_device | None, /) -> bytes | Any: "const char * ggml_backend_dev_name(ggml_backend_dev_t device)\n\nggml/include/ggml-backend.h:161"
def ggml_backend_dev_offload_op(device: ggml_backend_device | None, op: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_backend_dev_offload_op(ggml_backend_dev_t device, const struct ggml_tensor * op)\n\nggml/include/ggml-backend.h:174"
def ggml_backend_dev_supports_buft(device: ggml_backend_device | None, buft: ggml_backend_buffer_type | None, /) -> bool: "bool ggml_backend_dev_supports_buft(ggml_backend_dev_t device, ggml_backend_buffer_type_t buft)\n\nggml/include/ggml-backend.h:173"
def ggml_backend_dev_supports_op(device: ggml_backend_device | None, op: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_backend_dev_supports_op(ggml_backend_dev_t device, const struct ggml_tensor * op)\n\nggml/include/ggml-backend.h:172"
def ggml_backend_dev_type(device: ggml_backend_device | None, /) -> int: "enum ggml_backend_dev_type ggml_backend_dev_type(ggml_backend_dev_t device)\n\nggml/include/ggml-backend.h:164"
def ggml_backend_device_register(device: ggml_backend_device | None, /) -> None: "void ggml_backend_device_register(ggml_backend_dev_t device)\n\nggml/include/ggml-backend.h:206"
def ggml_backend_event_free(event: ggml_backend_event | None, /) -> None: "void ggml_backend_event_free(ggml_backend_event_t event)\n\nggml/include/ggml-backend.h:121"
def ggml_backend_event_new(device: ggml_backend_device | None, /) -> ggml_backend_event | None: "ggml_backend_event_t ggml_backend_event_new(ggml_backend_dev_t device)\n\nggml/include/ggml-backend.h:120"
def ggml_backend_event_record(event: ggml_backend_event | None, backend: ggml_backend | None, /) -> None: "void ggml_backend_event_record(ggml_backend_event_t event, ggml_backend_t backend)\n\nggml/include/ggml-backend.h:122"
def ggml_backend_event_synchronize(event: ggml_backend_event | None, /) -> None: "void ggml_backend_event_synchronize(ggml_backend_event_t event)\n\nggml/include/ggml-backend.h:123"
def ggml_backend_event_wait(backend: ggml_backend | None, event: ggml_backend_event | None, /) -> None: "void ggml_backend_event_wait(ggml_backend_t backend, ggml_backend_event_t event)\n\nggml/include/ggml-backend.h:124"
def ggml_backend_free(backend: ggml_backend | None, /) -> None: "void ggml_backend_free(ggml_backend_t backend)\n\nggml/include/ggml-backend.h:79"
def ggml_backend_get_alignment(backend: ggml_backend | None, /) -> int: "size_t ggml_backend_get_alignment(ggml_backend_t backend)\n\nggml/include/ggml-backend.h:83"
def ggml_backend_get_default_buffer_type(backend: ggml_backend | None, /) -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_get_default_buffer_type(ggml_backend_t backend)\n\nggml/include/ggml-backend.h:81"
def ggml_backend_get_device(backend: ggml_backend | None, /) -> ggml_backend_device | None: "ggml_backend_dev_t ggml_backend_get_device(ggml_backend_t backend)\n\nggml/include/ggml-backend.h:114"
def ggml_backend_get_max_size(backend: ggml_backend | None, /) -> int: "size_t ggml_backend_get_max_size(ggml_backend_t backend)\n\nggml/include/ggml-backend.h:84"
def ggml_backend_graph_compute(backend: ggml_backend | None, cgraph: ggml_cgraph | None, /) -> int: "enum ggml_status ggml_backend_graph_compute(ggml_backend_t backend, struct ggml_cgraph * cgraph)\n\nggml/include/ggml-backend.h:100"
def ggml_backend_graph_compute_async(backend: ggml_backend | None, cgraph: ggml_cgraph | None, /) -> int: "enum ggml_status ggml_backend_graph_compute_async(ggml_backend_t backend, struct ggml_cgraph * cgraph)\n\nggml/include/ggml-backend.h:101"
def ggml_backend_graph_copy(backend: ggml_backend | None, graph: ggml_cgraph | None, /) -> struct_ggml_backend_graph_copy: "struct ggml_backend_graph_copy ggml_backend_graph_copy(ggml_backend_t backend, struct ggml_cgraph * graph)\n\nggml/include/ggml-backend.h:336"
def ggml_backend_graph_copy_free(copy: struct_ggml_backend_graph_copy, /) -> None: "void ggml_backend_graph_copy_free(struct ggml_backend_graph_copy copy)\n\nggml/include/ggml-backend.h:337"
def ggml_backend_graph_plan_compute(backend: ggml_backend | None, plan: _Void, /) -> int: "enum ggml_status ggml_backend_graph_plan_compute(ggml_backend_t backend, ggml_backend_graph_plan_t plan)\n\nggml/include/ggml-backend.h:99"
def ggml_backend_graph_plan_create(backend: ggml_backend | None, cgraph: ggml_cgraph | None, /) -> int | Any: "ggml_backend_graph_plan_t ggml_backend_graph_plan_create(ggml_backend_t backend, struct ggml_cgraph * cgraph)\n\nggml/include/ggml-backend.h:96"
def ggml_backend_graph_plan_free(backend: ggml_backend | None, plan: _Void, /) -> None: "void ggml_backend_graph_plan_free(ggml_backend_t backend, ggml_backend_graph_plan_t plan)\n\nggml/include/ggml-backend.h:97"
def ggml_backend_guid(backend: ggml_backend | None, /) -> _Pointer[Array[c_uint8]]: "ggml_guid_t ggml_backend_guid(ggml_backend_t backend)\n\nggml/include/ggml-backend.h:77"
def ggml_backend_init_best() -> ggml_backend | None: "ggml_backend_t ggml_backend_init_best(void)\n\nggml/include/ggml-backend.h:225"
def ggml_backend_init_by_name(name: _Text, params: _Text, /) -> ggml_backend | None: "ggml_backend_t ggml_backend_init_by_name(const char * name, const char * params)\n\nggml/include/ggml-backend.h:221"
def ggml_backend_init_by_type(type: int, params: _Text, /) -> ggml_backend | None: "ggml_backend_t ggml_backend_init_by_type(enum ggml_backend_dev_type type, const char * params)\n\nggml/include/ggml-backend.h:223"
def ggml_backend_is_blas(backend: ggml_backend | None, /) -> bool: "bool ggml_backend_is_blas(ggml_backend_t backend)\n\nggml/include/ggml-blas.h:14"
def ggml_backend_is_cann(backend: ggml_backend | None, /) -> bool: "bool ggml_backend_is_cann(ggml_backend_t backend)\n\nggml/include/ggml-cann.h:60"
def ggml_backend_is_cpu(backend: ggml_backend | None, /) -> bool: "bool ggml_backend_is_cpu(ggml_backend_t backend)\n\nggml/include/ggml-cpu.h:130"
def ggml_backend_is_cuda(backend: ggml_backend | None, /) -> bool: "bool ggml_backend_is_cuda(ggml_backend_t backend)\n\nggml/include/ggml-cuda.h:25"
def ggml_backend_is_metal(backend: ggml_backend | None, /) -> bool: "bool ggml_backend_is_metal(ggml_backend_t backend)\n\nggml/include/ggml-metal.h:44"
def ggml_backend_is_opencl(backend: ggml_backend | None, /) -> bool: "bool ggml_backend_is_opencl(ggml_backend_t backend)\n\nggml/include/ggml-opencl.h:15"
def ggml_backend_is_rpc(backend: ggml_backend | None, /) -> bool: "bool ggml_backend_is_rpc(ggml_backend_t backend)\n\nggml/include/ggml-rpc.h:17"
def ggml_backend_is_sycl(backend: ggml_backend | None, /) -> bool: "bool ggml_backend_is_sycl(ggml_backend_t backend)\n\nggml/include/ggml-sycl.h:22"
def ggml_backend_is_vk(backend: ggml_backend | None, /) -> bool: "bool ggml_backend_is_vk(ggml_backend_t backend)\n\nggml/include/ggml-vulkan.h:16"
def ggml_backend_load(path: _Text, /) -> ggml_backend_reg | None: "ggml_backend_reg_t ggml_backend_load(const char * path)\n\nggml/include/ggml-backend.h:228"
def ggml_backend_load_all() -> None: "void ggml_backend_load_all(void)\n\nggml/include/ggml-backend.h:232"
@_is(ggml_abort_callback_t)
def ggml_backend_load_all_from_path(dir_path: _Text, /) -> None: "void ggml_backend_load_all_from_path(const char * dir_path)\n\nggml/include/ggml-backend.h:233"
@deprecated("obsoleted by the new device interface - https://github.com/ggml-org/llama.cpp/pull/9713")
def ggml_backend_metal_buffer_from_ptr(data: _Void, size: int, max_size: int, /) -> ggml_backend_buffer | None: "ggml_backend_buffer_t ggml_backend_metal_buffer_from_ptr(void * data, size_t size, size_t max_size)\n\nggml/include/ggml-metal.h:46"
def ggml_backend_metal_buffer_type() -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_metal_buffer_type(void)\n\nggml/include/ggml-metal.h:52"
def ggml_backend_metal_capture_next_compute(backend: ggml_backend | None, /) -> None: "void ggml_backend_metal_capture_next_compute(ggml_backend_t backend)\n\nggml/include/ggml-metal.h:60"
def ggml_backend_metal_init() -> ggml_backend | None: "ggml_backend_t ggml_backend_metal_init(void)\n\nggml/include/ggml-metal.h:42"
def ggml_backend_metal_reg() -> ggml_backend_reg | None: "ggml_backend_reg_t ggml_backend_metal_reg(void)\n\nggml/include/ggml-metal.h:62"
@_is(ggml_backend_set_abort_callback_t)
def ggml_backend_metal_set_abort_callback(backend: ggml_backend | None, abort_callback: ggml_abort_callback | None, user_data: _Void, /) -> None: "void ggml_backend_metal_set_abort_callback(ggml_backend_t backend, ggml_abort_callback abort_callback, void * user_data)\n\nggml/include/ggml-metal.h:50"
def ggml_backend_metal_supports_family(backend: ggml_backend | None, family: int, /) -> bool: "bool ggml_backend_metal_supports_family(ggml_backend_t backend, int family)\n\nggml/include/ggml-metal.h:57"
def ggml_backend_name(backend: ggml_backend | None, /) -> bytes | Any: "const char * ggml_backend_name(ggml_backend_t backend)\n\nggml/include/ggml-backend.h:78"
def ggml_backend_offload_op(backend: ggml_backend | None, op: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_backend_offload_op(ggml_backend_t backend, const struct ggml_tensor * op)\n\nggml/include/ggml-backend.h:106"
def ggml_backend_opencl_buffer_type() -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_opencl_buffer_type(void)\n\nggml/include/ggml-opencl.h:17"
def ggml_backend_opencl_host_buffer_type() -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_opencl_host_buffer_type(void)\n\nggml/include/ggml-opencl.h:18"
def ggml_backend_opencl_init() -> ggml_backend | None: "ggml_backend_t ggml_backend_opencl_init(void)\n\nggml/include/ggml-opencl.h:14"
def ggml_backend_opencl_reg() -> ggml_backend_reg | None: "ggml_backend_reg_t ggml_backend_opencl_reg(void)\n\nggml/include/ggml-opencl.h:20"
def ggml_backend_reg_by_name(name: _Text, /) -> ggml_backend_reg | None: "ggml_backend_reg_t ggml_backend_reg_by_name(const char * name)\n\nggml/include/ggml-backend.h:211"
def ggml_backend_reg_count() -> int: "size_t ggml_backend_reg_count(void)\n\nggml/include/ggml-backend.h:209"
def ggml_backend_reg_dev_count(reg: ggml_backend_reg | None, /) -> int: "size_t ggml_backend_reg_dev_count(ggml_backend_reg_t reg)\n\nggml/include/ggml-backend.h:181"
def ggml_backend_reg_dev_get(reg: ggml_backend_reg | None, index: int, /) -> ggml_backend_device | None: "ggml_backend_dev_t ggml_backend_reg_dev_get(ggml_backend_reg_t reg, size_t index)\n\nggml/include/ggml-backend.h:182"
def ggml_backend_reg_get(index: int, /) -> ggml_backend_reg | None: "ggml_backend_reg_t ggml_backend_reg_get(size_t index)\n\nggml/include/ggml-backend.h:210"
def ggml_backend_reg_get_proc_address(reg: ggml_backend_reg | None, name: _Text, /) -> int | Any: "void * ggml_backend_reg_get_proc_address(ggml_backend_reg_t reg, const char * name)\n\nggml/include/ggml-backend.h:183"
def ggml_backend_reg_name(reg: ggml_backend_reg | None, /) -> bytes | Any: "const char * ggml_backend_reg_name(ggml_backend_reg_t reg)\n\nggml/include/ggml-backend.h:180"
def ggml_backend_rpc_add_device(endpoint: _Text, /) -> ggml_backend_device | None: "ggml_backend_dev_t ggml_backend_rpc_add_device(const char * endpoint)\n\nggml/include/ggml-rpc.h:29"
def ggml_backend_rpc_buffer_type(endpoint: _Text, /) -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_rpc_buffer_type(const char * endpoint)\n\nggml/include/ggml-rpc.h:19"
def ggml_backend_rpc_get_device_memory(endpoint: _Text, free: _To[c_size_t], total: _To[c_size_t], /) -> None: "void ggml_backend_rpc_get_device_memory(const char * endpoint, size_t * free, size_t * total)\n\nggml/include/ggml-rpc.h:21"
def ggml_backend_rpc_init(endpoint: _Text, /) -> ggml_backend | None: "ggml_backend_t ggml_backend_rpc_init(const char * endpoint)\n\nggml/include/ggml-rpc.h:16"
def ggml_backend_rpc_reg() -> ggml_backend_reg | None: "ggml_backend_reg_t ggml_backend_rpc_reg(void)\n\nggml/include/ggml-rpc.h:27"
def ggml_backend_rpc_start_server(backend: ggml_backend | None, endpoint: _Text, cache_dir: _Text, free_mem: int, total_mem: int, /) -> None: "void ggml_backend_rpc_start_server(ggml_backend_t backend, const char * endpoint, const char * cache_dir, size_t free_mem, size_t total_mem)\n\nggml/include/ggml-rpc.h:23"
def ggml_backend_sched_alloc_graph(sched: ggml_backend_sched | None, graph: ggml_cgraph | None, /) -> bool: "bool ggml_backend_sched_alloc_graph(ggml_backend_sched_t sched, struct ggml_cgraph * graph)\n\nggml/include/ggml-backend.h:311"
def ggml_backend_sched_free(sched: ggml_backend_sched | None, /) -> None: "void ggml_backend_sched_free(ggml_backend_sched_t sched)\n\nggml/include/ggml-backend.h:293"
def ggml_backend_sched_get_backend(sched: ggml_backend_sched | None, i: int, /) -> ggml_backend | None: "ggml_backend_t ggml_backend_sched_get_backend(ggml_backend_sched_t sched, int i)\n\nggml/include/ggml-backend.h:299"
def ggml_backend_sched_get_buffer_size(sched: ggml_backend_sched | None, backend: ggml_backend | None, /) -> int: "size_t ggml_backend_sched_get_buffer_size(ggml_backend_sched_t sched, ggml_backend_t backend)\n\nggml/include/ggml-backend.h:305"
def ggml_backend_sched_get_n_backends(sched: ggml_backend_sched | None, /) -> int: "int ggml_backend_sched_get_n_backends(ggml_backend_sched_t sched)\n\nggml/include/ggml-backend.h:298"
def ggml_backend_sched_get_n_copies(sched: ggml_backend_sched | None, /) -> int: "int ggml_backend_sched_get_n_copies(ggml_backend_sched_t sched)\n\nggml/include/ggml-backend.h:303"
def ggml_backend_sched_get_n_splits(sched: ggml_backend_sched | None, /) -> int: "int ggml_backend_sched_get_n_splits(ggml_backend_sched_t sched)\n\nggml/include/ggml-backend.h:302"
def ggml_backend_sched_get_tensor_backend(sched: ggml_backend_sched | None, node: _To[ggml_tensor] | ggml_tensor, /) -> ggml_backend | None: "ggml_backend_t ggml_backend_sched_get_tensor_backend(ggml_backend_sched_t sched, struct ggml_tensor * node)\n\nggml/include/ggml-backend.h:308"
def ggml_backend_sched_graph_compute(sched: ggml_backend_sched | None, graph: ggml_cgraph | None, /) -> int: "enum ggml_status ggml_backend_sched_graph_compute(ggml_backend_sched_t sched, struct ggml_cgraph * graph)\n\nggml/include/ggml-backend.h:312"
def ggml_backend_sched_graph_compute_async(sched: ggml_backend_sched | None, graph: ggml_cgraph | None, /) -> int: "enum ggml_status ggml_backend_sched_graph_compute_async(ggml_backend_sched_t sched, struct ggml_cgraph * graph)\n\nggml/include/ggml-backend.h:313"
def ggml_backend_sched_new(backends: _To[ggml_backend_t], bufts: _To[ggml_backend_buffer_type_t], n_backends: int, graph_size: int, parallel: bool, op_offload: bool, /) -> ggml_backend_sched | None: "ggml_backend_sched_t ggml_backend_sched_new(ggml_backend_t * backends, ggml_backend_buffer_type_t * bufts, int n_backends, size_t graph_size, bool parallel, bool op_offload)\n\nggml/include/ggml-backend.h:292"
def ggml_backend_sched_reserve(sched: ggml_backend_sched | None, measure_graph: ggml_cgraph | None, /) -> bool: "bool ggml_backend_sched_reserve(ggml_backend_sched_t sched, struct ggml_cgraph * measure_graph)\n\nggml/include/ggml-backend.h:296"
def ggml_backend_sched_reset(sched: ggml_backend_sched | None, /) -> None: "void ggml_backend_sched_reset(ggml_backend_sched_t sched)\n\nggml/include/ggml-backend.h:319"
def ggml_backend_sched_set_eval_callback(sched: ggml_backend_sched | None, callback: ggml_backend_sched_eval_callback | None, user_data: _Void, /) -> None: "void ggml_backend_sched_set_eval_callback(ggml_backend_sched_t sched, ggml_backend_sched_eval_callback callback, void * user_data)\n\nggml/include/ggml-backend.h:322"
def ggml_backend_sched_set_tensor_backend(sched: ggml_backend_sched | None, node: _To[ggml_tensor] | ggml_tensor, backend: ggml_backend | None, /) -> None: "void ggml_backend_sched_set_tensor_backend(ggml_backend_sched_t sched, struct ggml_tensor * node, ggml_backend_t backend)\n\nggml/include/ggml-backend.h:307"
def ggml_backend_sched_synchronize(sched: ggml_backend_sched | None, /) -> None: "void ggml_backend_sched_synchronize(ggml_backend_sched_t sched)\n\nggml/include/ggml-backend.h:314"
def ggml_backend_supports_buft(backend: ggml_backend | None, buft: ggml_backend_buffer_type | None, /) -> bool: "bool ggml_backend_supports_buft(ggml_backend_t backend, ggml_backend_buffer_type_t buft)\n\nggml/include/ggml-backend.h:105"
def ggml_backend_supports_op(backend: ggml_backend | None, op: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_backend_supports_op(ggml_backend_t backend, const struct ggml_tensor * op)\n\nggml/include/ggml-backend.h:104"
def ggml_backend_sycl_buffer_type(device: int, /) -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_sycl_buffer_type(int device)\n\nggml/include/ggml-sycl.h:25"
def ggml_backend_sycl_get_device_count() -> int: "int ggml_backend_sycl_get_device_count(void)\n\nggml/include/ggml-sycl.h:38"
def ggml_backend_sycl_get_device_description(device: int, description: _To[c_char], description_size: int, /) -> None: "void ggml_backend_sycl_get_device_description(int device, char * description, size_t description_size)\n\nggml/include/ggml-sycl.h:35"
def ggml_backend_sycl_get_device_memory(device: int, free: _To[c_size_t], total: _To[c_size_t], /) -> None: "void ggml_backend_sycl_get_device_memory(int device, size_t * free, size_t * total)\n\nggml/include/ggml-sycl.h:39"
def ggml_backend_sycl_get_gpu_list(id_list: _To[c_int], max_len: int, /) -> None: "void ggml_backend_sycl_get_gpu_list(int * id_list, int max_len)\n\nggml/include/ggml-sycl.h:34"
def ggml_backend_sycl_host_buffer_type() -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_sycl_host_buffer_type(void)\n\nggml/include/ggml-sycl.h:31"
def ggml_backend_sycl_init(device: int, /) -> ggml_backend | None: "ggml_backend_t ggml_backend_sycl_init(int device)\n\nggml/include/ggml-sycl.h:20"
def ggml_backend_sycl_print_sycl_devices() -> None: "void ggml_backend_sycl_print_sycl_devices(void)\n\nggml/include/ggml-sycl.h:33"
def ggml_backend_sycl_reg() -> ggml_backend_reg | None: "ggml_backend_reg_t ggml_backend_sycl_reg(void)\n\nggml/include/ggml-sycl.h:45"
def ggml_backend_sycl_split_buffer_type(tensor_split: _To[c_float], /) -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_sycl_split_buffer_type(const float * tensor_split)\n\nggml/include/ggml-sycl.h:28"
def ggml_backend_synchronize(backend: ggml_backend | None, /) -> None: "void ggml_backend_synchronize(ggml_backend_t backend)\n\nggml/include/ggml-backend.h:94"
def ggml_backend_tensor_alloc(buffer: ggml_backend_buffer | None, tensor: _To[ggml_tensor] | ggml_tensor, addr: _Void, /) -> int: "enum ggml_status ggml_backend_tensor_alloc(ggml_backend_buffer_t buffer, struct ggml_tensor * tensor, void * addr)\n\nggml/include/ggml-backend.h:345"
def ggml_backend_tensor_copy(src: _To[ggml_tensor] | ggml_tensor, dst: _To[ggml_tensor] | ggml_tensor, /) -> None: "void ggml_backend_tensor_copy(struct ggml_tensor * src, struct ggml_tensor * dst)\n\nggml/include/ggml-backend.h:71"
def ggml_backend_tensor_copy_async(backend_src: ggml_backend | None, backend_dst: ggml_backend | None, src: _To[ggml_tensor] | ggml_tensor, dst: _To[ggml_tensor] | ggml_tensor, /) -> None: "void ggml_backend_tensor_copy_async(ggml_backend_t backend_src, ggml_backend_t backend_dst, struct ggml_tensor * src, struct ggml_tensor * dst)\n\nggml/include/ggml-backend.h:112"
def ggml_backend_tensor_get(tensor: _To[ggml_tensor] | ggml_tensor, data: _Void, offset: int, size: int, /) -> None: "void ggml_backend_tensor_get(const struct ggml_tensor * tensor, void * data, size_t offset, size_t size)\n\nggml/include/ggml-backend.h:91"
def ggml_backend_tensor_get_async(backend: ggml_backend | None, tensor: _To[ggml_tensor] | ggml_tensor, data: _Void, offset: int, size: int, /) -> None: "void ggml_backend_tensor_get_async(ggml_backend_t backend, const struct ggml_tensor * tensor, void * data, size_t offset, size_t size)\n\nggml/include/ggml-backend.h:87"
def ggml_backend_tensor_memset(tensor: _To[ggml_tensor] | ggml_tensor, value: int, offset: int, size: int, /) -> None: "void ggml_backend_tensor_memset(struct ggml_tensor * tensor, uint8_t value, size_t offset, size_t size)\n\nggml/include/ggml-backend.h:92"
def ggml_backend_tensor_set(tensor: _To[ggml_tensor] | ggml_tensor, data: _Void, offset: int, size: int, /) -> None: "void ggml_backend_tensor_set(struct ggml_tensor * tensor, const void * data, size_t offset, size_t size)\n\nggml/include/ggml-backend.h:90"
def ggml_backend_tensor_set_async(backend: ggml_backend | None, tensor: _To[ggml_tensor] | ggml_tensor, data: _Void, offset: int, size: int, /) -> None: "void ggml_backend_tensor_set_async(ggml_backend_t backend, struct ggml_tensor * tensor, const void * data, size_t offset, size_t size)\n\nggml/include/ggml-backend.h:86"
def ggml_backend_unload(reg: ggml_backend_reg | None, /) -> None: "void ggml_backend_unload(ggml_backend_reg_t reg)\n\nggml/include/ggml-backend.h:230"
def ggml_backend_view_init(tensor: _To[ggml_tensor] | ggml_tensor, /) -> int: "enum ggml_status ggml_backend_view_init(struct ggml_tensor * tensor)\n\nggml/include/ggml-backend.h:346"
def ggml_backend_vk_buffer_type(dev_num: int, /) -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_vk_buffer_type(size_t dev_num)\n\nggml/include/ggml-vulkan.h:21"
def ggml_backend_vk_get_device_count() -> int: "int ggml_backend_vk_get_device_count(void)\n\nggml/include/ggml-vulkan.h:17"
def ggml_backend_vk_get_device_description(device: int, description: _To[c_char], description_size: int, /) -> None: "void ggml_backend_vk_get_device_description(int device, char * description, size_t description_size)\n\nggml/include/ggml-vulkan.h:18"
def ggml_backend_vk_get_device_memory(device: int, free: _To[c_size_t], total: _To[c_size_t], /) -> None: "void ggml_backend_vk_get_device_memory(int device, size_t * free, size_t * total)\n\nggml/include/ggml-vulkan.h:19"
def ggml_backend_vk_host_buffer_type() -> ggml_backend_buffer_type | None: "ggml_backend_buffer_type_t ggml_backend_vk_host_buffer_type(void)\n\nggml/include/ggml-vulkan.h:23"
def ggml_backend_vk_init(dev_num: int, /) -> ggml_backend | None: "ggml_backend_t ggml_backend_vk_init(size_t dev_num)\n\nggml/include/ggml-vulkan.h:14"
def ggml_backend_vk_reg() -> ggml_backend_reg | None: "ggml_backend_reg_t ggml_backend_vk_reg(void)\n\nggml/include/ggml-vulkan.h:25"
def ggml_backend_webgpu_init() -> ggml_backend | None: "ggml_backend_t ggml_backend_webgpu_init(void)\n\nggml/include/ggml-webgpu.h:13"
def ggml_backend_webgpu_reg() -> ggml_backend_reg | None: "ggml_backend_reg_t ggml_backend_webgpu_reg(void)\n\nggml/include/ggml-webgpu.h:15"
def ggml_bf16_to_fp32(arg0: ggml_bf16_t, /) -> float: "float ggml_bf16_to_fp32(ggml_bf16_t)\n\nggml/include/ggml.h:358"
def ggml_bf16_to_fp32_row(arg0: _To[ggml_bf16_t] | ggml_bf16_t, arg1: _To[c_float], arg2: int, /) -> None: "void ggml_bf16_to_fp32_row(const ggml_bf16_t *, float *, int64_t)\n\nggml/include/ggml.h:359"
def ggml_blck_size(type: int, /) -> int: "int64_t ggml_blck_size(enum ggml_type type)\n\nggml/include/ggml.h:685"
def ggml_build_backward_expand(ctx: ggml_context | None, cgraph: ggml_cgraph | None, grad_accs: _To[_Pointer[ggml_tensor]], /) -> None: "void ggml_build_backward_expand(struct ggml_context * ctx, struct ggml_cgraph * cgraph, struct ggml_tensor ** grad_accs)\n\nggml/include/ggml.h:2303"
def ggml_build_forward_expand(cgraph: ggml_cgraph | None, tensor: _To[ggml_tensor] | ggml_tensor, /) -> None: "void ggml_build_forward_expand(struct ggml_cgraph * cgraph, struct ggml_tensor * tensor)\n\nggml/include/ggml.h:2302"
def ggml_can_repeat(t0: _To[ggml_tensor] | ggml_tensor, t1: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_can_repeat(const struct ggml_tensor * t0, const struct ggml_tensor * t1)\n\nggml/include/ggml.h:735"
def ggml_cast(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, type: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_cast(struct ggml_context * ctx, struct ggml_tensor * a, enum ggml_type type)\n\nggml/include/ggml.h:1395"
def ggml_clamp(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, min: float, max: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_clamp(struct ggml_context * ctx, struct ggml_tensor * a, float min, float max)\n\nggml/include/ggml.h:1759"
def ggml_commit() -> bytes | Any: "const char * ggml_commit(void)\n\nggml/include/ggml.h:666"
def ggml_concat(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, dim: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_concat(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int dim)\n\nggml/include/ggml.h:1006"
def ggml_cont(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_cont(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1401"
def ggml_cont_1d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, ne0: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_cont_1d(struct ggml_context * ctx, struct ggml_tensor * a, int64_t ne0)\n\nggml/include/ggml.h:1406"
def ggml_cont_2d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, ne0: int, ne1: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_cont_2d(struct ggml_context * ctx, struct ggml_tensor * a, int64_t ne0, int64_t ne1)\n\nggml/include/ggml.h:1411"
def ggml_cont_3d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, ne0: int, ne1: int, ne2: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_cont_3d(struct ggml_context * ctx, struct ggml_tensor * a, int64_t ne0, int64_t ne1, int64_t ne2)\n\nggml/include/ggml.h:1417"
def ggml_cont_4d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, ne0: int, ne1: int, ne2: int, ne3: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_cont_4d(struct ggml_context * ctx, struct ggml_tensor * a, int64_t ne0, int64_t ne1, int64_t ne2, int64_t ne3)\n\nggml/include/ggml.h:1424"
def ggml_conv_1d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, s0: int, p0: int, d0: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_conv_1d(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int s0, int p0, int d0)\n\nggml/include/ggml.h:1793"
def ggml_conv_1d_dw(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, s0: int, p0: int, d0: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_conv_1d_dw(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int s0, int p0, int d0)\n\nggml/include/ggml.h:1812"
def ggml_conv_1d_dw_ph(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, s0: int, d0: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_conv_1d_dw_ph(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int s0, int d0)\n\nggml/include/ggml.h:1820"
def ggml_conv_1d_ph(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, s: int, d: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_conv_1d_ph(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int s, int d)\n\nggml/include/ggml.h:1803"
def ggml_conv_2d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, s0: int, s1: int, p0: int, p1: int, d0: int, d1: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_conv_2d(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int s0, int s1, int p0, int p1, int d0, int d1)\n\nggml/include/ggml.h:1835"
def ggml_conv_2d_direct(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, s0: int, s1: int, p0: int, p1: int, d0: int, d1: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_conv_2d_direct(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int s0, int s1, int p0, int p1, int d0, int d1)\n\nggml/include/ggml.h:1906"
def ggml_conv_2d_dw(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, s0: int, s1: int, p0: int, p1: int, d0: int, d1: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_conv_2d_dw(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int s0, int s1, int p0, int p1, int d0, int d1)\n\nggml/include/ggml.h:1873"
def ggml_conv_2d_dw_direct(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, stride0: int, stride1: int, pad0: int, pad1: int, dilation0: int, dilation1: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_conv_2d_dw_direct(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int stride0, int stride1, int pad0, int pad1, int dilation0, int dilation1)\n\nggml/include/ggml.h:1889"
def ggml_conv_2d_s1_ph(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_conv_2d_s1_ph(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:1867"
def ggml_conv_2d_sk_p0(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_conv_2d_sk_p0(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:1854"
def ggml_conv_transpose_1d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, s0: int, p0: int, d0: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_conv_transpose_1d(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int s0, int p0, int d0)\n\nggml/include/ggml.h:1827"
def ggml_conv_transpose_2d_p0(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, stride: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_conv_transpose_2d_p0(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int stride)\n\nggml/include/ggml.h:1900"
def ggml_cos(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_cos(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:948"
def ggml_cos_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_cos_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:952"
def ggml_count_equal(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_count_equal(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:977"
def ggml_cpu_bf16_to_fp32(arg0: _To[ggml_bf16_t] | ggml_bf16_t, arg1: _To[c_float], arg2: int, /) -> None: "void ggml_cpu_bf16_to_fp32(const ggml_bf16_t *, float *, int64_t)\n\nggml/include/ggml-cpu.h:141"
def ggml_cpu_fp16_to_fp32(arg0: _To[ggml_fp16_t], arg1: _To[c_float], arg2: int, /) -> None: "void ggml_cpu_fp16_to_fp32(const ggml_fp16_t *, float *, int64_t)\n\nggml/include/ggml-cpu.h:139"
def ggml_cpu_fp32_to_bf16(arg0: _To[c_float], arg1: _To[ggml_bf16_t] | ggml_bf16_t, arg2: int, /) -> None: "void ggml_cpu_fp32_to_bf16(const float *, ggml_bf16_t *, int64_t)\n\nggml/include/ggml-cpu.h:140"
def ggml_cpu_fp32_to_fp16(arg0: _To[c_float], arg1: _To[ggml_fp16_t], arg2: int, /) -> None: "void ggml_cpu_fp32_to_fp16(const float *, ggml_fp16_t *, int64_t)\n\nggml/include/ggml-cpu.h:138"
def ggml_cpu_fp32_to_fp32(arg0: _To[c_float], arg1: _To[c_float], arg2: int, /) -> None: "void ggml_cpu_fp32_to_fp32(const float *, float *, int64_t)\n\nggml/include/ggml-cpu.h:137"
def ggml_cpu_get_sve_cnt() -> int: "int ggml_cpu_get_sve_cnt(void)\n\nggml/include/ggml-cpu.h:98"
def ggml_cpu_has_amx_int8() -> int: "int ggml_cpu_has_amx_int8(void)\n\nggml/include/ggml-cpu.h:90"
def ggml_cpu_has_arm_fma() -> int: "int ggml_cpu_has_arm_fma(void)\n\nggml/include/ggml-cpu.h:93"
def ggml_cpu_has_avx() -> int: "int ggml_cpu_has_avx(void)\n\nggml/include/ggml-cpu.h:80"
def ggml_cpu_has_avx2() -> int: "int ggml_cpu_has_avx2(void)\n\nggml/include/ggml-cpu.h:82"
def ggml_cpu_has_avx512() -> int: "int ggml_cpu_has_avx512(void)\n\nggml/include/ggml-cpu.h:86"
def ggml_cpu_has_avx512_bf16() -> int: "int ggml_cpu_has_avx512_bf16(void)\n\nggml/include/ggml-cpu.h:89"
def ggml_cpu_has_avx512_vbmi() -> int: "int ggml_cpu_has_avx512_vbmi(void)\n\nggml/include/ggml-cpu.h:87"
def ggml_cpu_has_avx512_vnni() -> int: "int ggml_cpu_has_avx512_vnni(void)\n\nggml/include/ggml-cpu.h:88"
def ggml_cpu_has_avx_vnni() -> int: "int ggml_cpu_has_avx_vnni(void)\n\nggml/include/ggml-cpu.h:81"
def ggml_cpu_has_bmi2() -> int: "int ggml_cpu_has_bmi2(void)\n\nggml/include/ggml-cpu.h:83"
def ggml_cpu_has_dotprod() -> int: "int ggml_cpu_has_dotprod(void)\n\nggml/include/ggml-cpu.h:95"
def ggml_cpu_has_f16c() -> int: "int ggml_cpu_has_f16c(void)\n\nggml/include/ggml-cpu.h:84"
def ggml_cpu_has_fma() -> int: "int ggml_cpu_has_fma(void)\n\nggml/include/ggml-cpu.h:85"
def ggml_cpu_has_fp16_va() -> int: "int ggml_cpu_has_fp16_va(void)\n\nggml/include/ggml-cpu.h:94"
def ggml_cpu_has_llamafile() -> int: "int ggml_cpu_has_llamafile(void)\n\nggml/include/ggml-cpu.h:106"
def ggml_cpu_has_matmul_int8() -> int: "int ggml_cpu_has_matmul_int8(void)\n\nggml/include/ggml-cpu.h:96"
def ggml_cpu_has_neon() -> int: "int ggml_cpu_has_neon(void)\n\nggml/include/ggml-cpu.h:92"
def ggml_cpu_has_nnpa() -> int: "int ggml_cpu_has_nnpa(void)\n\nggml/include/ggml-cpu.h:104"
def ggml_cpu_has_riscv_v() -> int: "int ggml_cpu_has_riscv_v(void)\n\nggml/include/ggml-cpu.h:101"
def ggml_cpu_has_sme() -> int: "int ggml_cpu_has_sme(void)\n\nggml/include/ggml-cpu.h:99"
def ggml_cpu_has_sse3() -> int: "int ggml_cpu_has_sse3(void)\n\nggml/include/ggml-cpu.h:78"
def ggml_cpu_has_ssse3() -> int: "int ggml_cpu_has_ssse3(void)\n\nggml/include/ggml-cpu.h:79"
def ggml_cpu_has_sve() -> int: "int ggml_cpu_has_sve(void)\n\nggml/include/ggml-cpu.h:97"
def ggml_cpu_has_vsx() -> int: "int ggml_cpu_has_vsx(void)\n\nggml/include/ggml-cpu.h:102"
def ggml_cpu_has_vxe() -> int: "int ggml_cpu_has_vxe(void)\n\nggml/include/ggml-cpu.h:103"
def ggml_cpu_has_wasm_simd() -> int: "int ggml_cpu_has_wasm_simd(void)\n\nggml/include/ggml-cpu.h:105"
def ggml_cpu_init() -> None: "void ggml_cpu_init(void)\n\nggml/include/ggml-cpu.h:122"
def ggml_cpy(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_cpy(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:1390"
def ggml_cross_entropy_loss(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_cross_entropy_loss(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:2276"
def ggml_cross_entropy_loss_back(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, c: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_cross_entropy_loss_back(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, struct ggml_tensor * c)\n\nggml/include/ggml.h:2281"
def ggml_custom_4d(ctx: ggml_context | None, type: int, ne0: int, ne1: int, ne2: int, ne3: int, args: _To[_Pointer[ggml_tensor]], n_args: int, fun: ggml_custom_op_t | None, n_tasks: int, userdata: _Void, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_custom_4d(struct ggml_context * ctx, enum ggml_type type, int64_t ne0, int64_t ne1, int64_t ne2, int64_t ne3, struct ggml_tensor ** args, int n_args, ggml_custom_op_t fun, int n_tasks, void * userdata)\n\nggml/include/ggml.h:2252"
def ggml_custom_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, args: _To[_Pointer[ggml_tensor]], n_args: int, fun: ggml_custom_op_t | None, n_tasks: int, userdata: _Void, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_custom_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor ** args, int n_args, ggml_custom_op_t fun, int n_tasks, void * userdata)\n\nggml/include/ggml.h:2265"
def ggml_cycles() -> int: "int64_t ggml_cycles(void)\n\nggml/include/ggml.h:671"
def ggml_cycles_per_ms() -> int: "int64_t ggml_cycles_per_ms(void)\n\nggml/include/ggml.h:672"
def ggml_diag(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_diag(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1548"
def ggml_diag_mask_inf(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, n_past: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_diag_mask_inf(struct ggml_context * ctx, struct ggml_tensor * a, int n_past)\n\nggml/include/ggml.h:1553"
def ggml_diag_mask_inf_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, n_past: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_diag_mask_inf_inplace(struct ggml_context * ctx, struct ggml_tensor * a, int n_past)\n\nggml/include/ggml.h:1559"
def ggml_diag_mask_zero(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, n_past: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_diag_mask_zero(struct ggml_context * ctx, struct ggml_tensor * a, int n_past)\n\nggml/include/ggml.h:1565"
def ggml_diag_mask_zero_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, n_past: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_diag_mask_zero_inplace(struct ggml_context * ctx, struct ggml_tensor * a, int n_past)\n\nggml/include/ggml.h:1571"
def ggml_div(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_div(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:906"
def ggml_div_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_div_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:911"
def ggml_dup(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_dup(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:823"
def ggml_dup_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_dup_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:828"
def ggml_dup_tensor(ctx: ggml_context | None, src: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_dup_tensor(struct ggml_context * ctx, const struct ggml_tensor * src)\n\nggml/include/ggml.h:791"
def ggml_element_size(tensor: _To[ggml_tensor] | ggml_tensor, /) -> int: "size_t ggml_element_size(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:701"
def ggml_elu(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_elu(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1052"
def ggml_elu_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_elu_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1056"
def ggml_exp(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_exp(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1131"
def ggml_exp_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_exp_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1135"
def ggml_flash_attn_back(ctx: ggml_context | None, q: _To[ggml_tensor] | ggml_tensor, k: _To[ggml_tensor] | ggml_tensor, v: _To[ggml_tensor] | ggml_tensor, d: _To[ggml_tensor] | ggml_tensor, masked: bool, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_flash_attn_back(struct ggml_context * ctx, struct ggml_tensor * q, struct ggml_tensor * k, struct ggml_tensor * v, struct ggml_tensor * d, bool masked)\n\nggml/include/ggml.h:2092"
def ggml_flash_attn_ext(ctx: ggml_context | None, q: _To[ggml_tensor] | ggml_tensor, k: _To[ggml_tensor] | ggml_tensor, v: _To[ggml_tensor] | ggml_tensor, mask: _To[ggml_tensor] | ggml_tensor, scale: float, max_bias: float, logit_softcap: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_flash_attn_ext(struct ggml_context * ctx, struct ggml_tensor * q, struct ggml_tensor * k, struct ggml_tensor * v, struct ggml_tensor * mask, float scale, float max_bias, float logit_softcap)\n\nggml/include/ggml.h:2070"
def ggml_flash_attn_ext_add_sinks(a: _To[ggml_tensor] | ggml_tensor, sinks: _To[ggml_tensor] | ggml_tensor, /) -> None: "void ggml_flash_attn_ext_add_sinks(struct ggml_tensor * a, struct ggml_tensor * sinks)\n\nggml/include/ggml.h:2087"
def ggml_flash_attn_ext_get_prec(a: _To[ggml_tensor] | ggml_tensor, /) -> int: "enum ggml_prec ggml_flash_attn_ext_get_prec(const struct ggml_tensor * a)\n\nggml/include/ggml.h:2084"
def ggml_flash_attn_ext_set_prec(a: _To[ggml_tensor] | ggml_tensor, prec: int, /) -> None: "void ggml_flash_attn_ext_set_prec(struct ggml_tensor * a, enum ggml_prec prec)\n\nggml/include/ggml.h:2080"
def ggml_fopen(fname: _Text, mode: _Text, /) -> FILE | None: "FILE * ggml_fopen(const char * fname, const char * mode)\n\nggml/include/ggml.h:675"
def ggml_format_name(tensor: _To[ggml_tensor] | ggml_tensor, fmt: _Text, *arguments: Any) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_format_name(struct ggml_tensor * tensor, const char * fmt, ...)\n\nggml/include/ggml.h:811"
def ggml_fp16_to_fp32(arg0: int, /) -> float: "float ggml_fp16_to_fp32(ggml_fp16_t)\n\nggml/include/ggml.h:350"
def ggml_fp16_to_fp32_row(arg0: _To[ggml_fp16_t], arg1: _To[c_float], arg2: int, /) -> None: "void ggml_fp16_to_fp32_row(const ggml_fp16_t *, float *, int64_t)\n\nggml/include/ggml.h:352"
def ggml_fp32_to_bf16(arg0: float, /) -> ggml_bf16_t: "ggml_bf16_t ggml_fp32_to_bf16(float)\n\nggml/include/ggml.h:357"
def ggml_fp32_to_bf16_row(arg0: _To[c_float], arg1: _To[ggml_bf16_t] | ggml_bf16_t, arg2: int, /) -> None: "void ggml_fp32_to_bf16_row(const float *, ggml_bf16_t *, int64_t)\n\nggml/include/ggml.h:361"
def ggml_fp32_to_bf16_row_ref(arg0: _To[c_float], arg1: _To[ggml_bf16_t] | ggml_bf16_t, arg2: int, /) -> None: "void ggml_fp32_to_bf16_row_ref(const float *, ggml_bf16_t *, int64_t)\n\nggml/include/ggml.h:360"
def ggml_fp32_to_fp16(arg0: float, /) -> int: "ggml_fp16_t ggml_fp32_to_fp16(float)\n\nggml/include/ggml.h:351"
def ggml_fp32_to_fp16_row(arg0: _To[c_float], arg1: _To[ggml_fp16_t], arg2: int, /) -> None: "void ggml_fp32_to_fp16_row(const float *, ggml_fp16_t *, int64_t)\n\nggml/include/ggml.h:353"
def ggml_free(ctx: ggml_context | None, /) -> None: "void ggml_free(struct ggml_context * ctx)\n\nggml/include/ggml.h:746"
def ggml_ftype_to_ggml_type(ftype: int, /) -> int: "enum ggml_type ggml_ftype_to_ggml_type(enum ggml_ftype ftype)\n\nggml/include/ggml.h:706"
def ggml_gallocr_alloc_graph(galloc: ggml_gallocr | None, graph: ggml_cgraph | None, /) -> bool: "bool ggml_gallocr_alloc_graph(ggml_gallocr_t galloc, struct ggml_cgraph * graph)\n\nggml/include/ggml-alloc.h:65"
def ggml_gallocr_free(galloc: ggml_gallocr | None, /) -> None: "void ggml_gallocr_free(ggml_gallocr_t galloc)\n\nggml/include/ggml-alloc.h:50"
def ggml_gallocr_get_buffer_size(galloc: ggml_gallocr | None, buffer_id: int, /) -> int: "size_t ggml_gallocr_get_buffer_size(ggml_gallocr_t galloc, int buffer_id)\n\nggml/include/ggml-alloc.h:67"
def ggml_gallocr_new(buft: ggml_backend_buffer_type | None, /) -> ggml_gallocr | None: "ggml_gallocr_t ggml_gallocr_new(ggml_backend_buffer_type_t buft)\n\nggml/include/ggml-alloc.h:48"
def ggml_gallocr_new_n(bufts: _To[ggml_backend_buffer_type_t], n_bufs: int, /) -> ggml_gallocr | None: "ggml_gallocr_t ggml_gallocr_new_n(ggml_backend_buffer_type_t * bufts, int n_bufs)\n\nggml/include/ggml-alloc.h:49"
def ggml_gallocr_reserve(galloc: ggml_gallocr | None, graph: ggml_cgraph | None, /) -> bool: "bool ggml_gallocr_reserve(ggml_gallocr_t galloc, struct ggml_cgraph * graph)\n\nggml/include/ggml-alloc.h:56"
def ggml_gallocr_reserve_n(galloc: ggml_gallocr | None, graph: ggml_cgraph | None, node_buffer_ids: _To[c_int], leaf_buffer_ids: _To[c_int], /) -> bool: "bool ggml_gallocr_reserve_n(ggml_gallocr_t galloc, struct ggml_cgraph * graph, const int * node_buffer_ids, const int * leaf_buffer_ids)\n\nggml/include/ggml-alloc.h:57"
def ggml_gated_linear_attn(ctx: ggml_context | None, k: _To[ggml_tensor] | ggml_tensor, v: _To[ggml_tensor] | ggml_tensor, q: _To[ggml_tensor] | ggml_tensor, g: _To[ggml_tensor] | ggml_tensor, state: _To[ggml_tensor] | ggml_tensor, scale: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_gated_linear_attn(struct ggml_context * ctx, struct ggml_tensor * k, struct ggml_tensor * v, struct ggml_tensor * q, struct ggml_tensor * g, struct ggml_tensor * state, float scale)\n\nggml/include/ggml.h:2174"
def ggml_geglu(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_geglu(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1157"
def ggml_geglu_erf(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_geglu_erf(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1173"
def ggml_geglu_erf_split(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_geglu_erf_split(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:1212"
def ggml_geglu_erf_swapped(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_geglu_erf_swapped(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1177"
def ggml_geglu_quick(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_geglu_quick(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1181"
def ggml_geglu_quick_split(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_geglu_quick_split(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:1217"
def ggml_geglu_quick_swapped(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_geglu_quick_swapped(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1185"
def ggml_geglu_split(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_geglu_split(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:1202"
def ggml_geglu_swapped(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_geglu_swapped(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1161"
def ggml_gelu(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_gelu(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1080"
def ggml_gelu_erf(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_gelu_erf(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1090"
def ggml_gelu_erf_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_gelu_erf_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1094"
def ggml_gelu_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_gelu_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1084"
def ggml_gelu_quick(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_gelu_quick(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1098"
def ggml_gelu_quick_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_gelu_quick_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1102"
def ggml_get_data(tensor: _To[ggml_tensor] | ggml_tensor, /) -> int | Any: "void * ggml_get_data(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:805"
def ggml_get_data_f32(tensor: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[c_float]: "float * ggml_get_data_f32(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:806"
def ggml_get_f32_1d(tensor: _To[ggml_tensor] | ggml_tensor, i: int, /) -> float: "float ggml_get_f32_1d(const struct ggml_tensor * tensor, int i)\n\nggml/include/ggml-cpu.h:49"
def ggml_get_f32_nd(tensor: _To[ggml_tensor] | ggml_tensor, i0: int, i1: int, i2: int, i3: int, /) -> float: "float ggml_get_f32_nd(const struct ggml_tensor * tensor, int i0, int i1, int i2, int i3)\n\nggml/include/ggml-cpu.h:52"
def ggml_get_first_tensor(ctx: ggml_context | None, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_get_first_tensor(const struct ggml_context * ctx)\n\nggml/include/ggml.h:795"
def ggml_get_glu_op(tensor: _To[ggml_tensor] | ggml_tensor, /) -> int: "enum ggml_glu_op ggml_get_glu_op(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:803"
def ggml_get_i32_1d(tensor: _To[ggml_tensor] | ggml_tensor, i: int, /) -> int: "int32_t ggml_get_i32_1d(const struct ggml_tensor * tensor, int i)\n\nggml/include/ggml-cpu.h:43"
def ggml_get_i32_nd(tensor: _To[ggml_tensor] | ggml_tensor, i0: int, i1: int, i2: int, i3: int, /) -> int: "int32_t ggml_get_i32_nd(const struct ggml_tensor * tensor, int i0, int i1, int i2, int i3)\n\nggml/include/ggml-cpu.h:46"
def ggml_get_max_tensor_size(ctx: ggml_context | None, /) -> int: "size_t ggml_get_max_tensor_size(const struct ggml_context * ctx)\n\nggml/include/ggml.h:755"
def ggml_get_mem_buffer(ctx: ggml_context | None, /) -> int | Any: "void * ggml_get_mem_buffer(const struct ggml_context * ctx)\n\nggml/include/ggml.h:753"
def ggml_get_mem_size(ctx: ggml_context | None, /) -> int: "size_t ggml_get_mem_size(const struct ggml_context * ctx)\n\nggml/include/ggml.h:754"
def ggml_get_name(tensor: _To[ggml_tensor] | ggml_tensor, /) -> bytes | Any: "const char * ggml_get_name(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:808"
def ggml_get_next_tensor(ctx: ggml_context | None, tensor: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_get_next_tensor(const struct ggml_context * ctx, struct ggml_tensor * tensor)\n\nggml/include/ggml.h:796"
def ggml_get_no_alloc(ctx: ggml_context | None, /) -> bool: "bool ggml_get_no_alloc(struct ggml_context * ctx)\n\nggml/include/ggml.h:750"
def ggml_get_rel_pos(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, qh: int, kh: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_get_rel_pos(struct ggml_context * ctx, struct ggml_tensor * a, int qh, int kh)\n\nggml/include/ggml.h:2146"
def ggml_get_rows(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_get_rows(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:1520"
def ggml_get_rows_back(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, c: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_get_rows_back(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, struct ggml_tensor * c)\n\nggml/include/ggml.h:1525"
def ggml_get_tensor(ctx: ggml_context | None, name: _Text, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_get_tensor(struct ggml_context * ctx, const char * name)\n\nggml/include/ggml.h:797"
def ggml_get_type_traits(type: int, /) -> _Pointer[ggml_type_traits]: "const struct ggml_type_traits * ggml_get_type_traits(enum ggml_type type)\n\nggml/include/ggml.h:2405"
def ggml_get_type_traits_cpu(type: int, /) -> _Pointer[ggml_type_traits_cpu]: "const struct ggml_type_traits_cpu * ggml_get_type_traits_cpu(enum ggml_type type)\n\nggml/include/ggml-cpu.h:120"
def ggml_get_unary_op(tensor: _To[ggml_tensor] | ggml_tensor, /) -> int: "enum ggml_unary_op ggml_get_unary_op(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:802"
def ggml_glu(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, op: int, swapped: bool, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_glu(struct ggml_context * ctx, struct ggml_tensor * a, enum ggml_glu_op op, bool swapped)\n\nggml/include/ggml.h:1143"
def ggml_glu_op_name(op: int, /) -> bytes | Any: "const char * ggml_glu_op_name(enum ggml_glu_op op)\n\nggml/include/ggml.h:698"
def ggml_glu_split(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, op: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_glu_split(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, enum ggml_glu_op op)\n\nggml/include/ggml.h:1191"
def ggml_graph_add_node(cgraph: ggml_cgraph | None, tensor: _To[ggml_tensor] | ggml_tensor, /) -> None: "void ggml_graph_add_node(struct ggml_cgraph * cgraph, struct ggml_tensor * tensor)\n\nggml/include/ggml.h:2321"
def ggml_graph_clear(cgraph: ggml_cgraph | None, /) -> None: "void ggml_graph_clear(struct ggml_cgraph * cgraph)\n\nggml/include/ggml.h:2314"
def ggml_graph_compute(cgraph: ggml_cgraph | None, cplan: _To[ggml_cplan] | ggml_cplan, /) -> int: "enum ggml_status ggml_graph_compute(struct ggml_cgraph * cgraph, struct ggml_cplan * cplan)\n\nggml/include/ggml-cpu.h:67"
def ggml_graph_compute_with_ctx(ctx: ggml_context | None, cgraph: ggml_cgraph | None, n_threads: int, /) -> int: "enum ggml_status ggml_graph_compute_with_ctx(struct ggml_context * ctx, struct ggml_cgraph * cgraph, int n_threads)\n\nggml/include/ggml-cpu.h:71"
def ggml_graph_cpy(src: ggml_cgraph | None, dst: ggml_cgraph | None, /) -> None: "void ggml_graph_cpy(struct ggml_cgraph * src, struct ggml_cgraph * dst)\n\nggml/include/ggml.h:2312"
def ggml_graph_dump_dot(gb: ggml_cgraph | None, gf: ggml_cgraph | None, filename: _Text, /) -> None: "void ggml_graph_dump_dot(const struct ggml_cgraph * gb, const struct ggml_cgraph * gf, const char * filename)\n\nggml/include/ggml.h:2334"
def ggml_graph_dup(ctx: ggml_context | None, cgraph: ggml_cgraph | None, force_grads: bool, /) -> ggml_cgraph | None: "struct ggml_cgraph * ggml_graph_dup(struct ggml_context * ctx, struct ggml_cgraph * cgraph, bool force_grads)\n\nggml/include/ggml.h:2311"
def ggml_graph_get_grad(cgraph: ggml_cgraph | None, node: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_graph_get_grad(const struct ggml_cgraph * cgraph, const struct ggml_tensor * node)\n\nggml/include/ggml.h:2327"
def ggml_graph_get_grad_acc(cgraph: ggml_cgraph | None, node: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_graph_get_grad_acc(const struct ggml_cgraph * cgraph, const struct ggml_tensor * node)\n\nggml/include/ggml.h:2328"
def ggml_graph_get_tensor(cgraph: ggml_cgraph | None, name: _Text, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_graph_get_tensor(const struct ggml_cgraph * cgraph, const char * name)\n\nggml/include/ggml.h:2326"
def ggml_graph_n_nodes(cgraph: ggml_cgraph | None, /) -> int: "int ggml_graph_n_nodes(struct ggml_cgraph * cgraph)\n\nggml/include/ggml.h:2319"
def ggml_graph_node(cgraph: ggml_cgraph | None, i: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_graph_node(struct ggml_cgraph * cgraph, int i)\n\nggml/include/ggml.h:2317"
def ggml_graph_nodes(cgraph: ggml_cgraph | None, /) -> _Pointer[_Pointer[ggml_tensor]]: "struct ggml_tensor ** ggml_graph_nodes(struct ggml_cgraph * cgraph)\n\nggml/include/ggml.h:2318"
def ggml_graph_overhead() -> int: "size_t ggml_graph_overhead(void)\n\nggml/include/ggml.h:2323"
def ggml_graph_overhead_custom(size: int, grads: bool, /) -> int: "size_t ggml_graph_overhead_custom(size_t size, bool grads)\n\nggml/include/ggml.h:2324"
def ggml_graph_plan(cgraph: ggml_cgraph | None, n_threads: int, threadpool: ggml_threadpool | None, /) -> ggml_cplan: "struct ggml_cplan ggml_graph_plan(const struct ggml_cgraph * cgraph, int n_threads, struct ggml_threadpool * threadpool)\n\nggml/include/ggml-cpu.h:63"
def ggml_graph_print(cgraph: ggml_cgraph | None, /) -> None: "void ggml_graph_print(const struct ggml_cgraph * cgraph)\n\nggml/include/ggml.h:2331"
def ggml_graph_reset(cgraph: ggml_cgraph | None, /) -> None: "void ggml_graph_reset(struct ggml_cgraph * cgraph)\n\nggml/include/ggml.h:2313"
def ggml_graph_size(cgraph: ggml_cgraph | None, /) -> int: "int ggml_graph_size(struct ggml_cgraph * cgraph)\n\nggml/include/ggml.h:2316"
def ggml_group_norm(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, n_groups: int, eps: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_group_norm(struct ggml_context * ctx, struct ggml_tensor * a, int n_groups, float eps)\n\nggml/include/ggml.h:1252"
def ggml_group_norm_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, n_groups: int, eps: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_group_norm_inplace(struct ggml_context * ctx, struct ggml_tensor * a, int n_groups, float eps)\n\nggml/include/ggml.h:1258"
def ggml_guid_matches(guid_a: _To[Array[c_uint8]], guid_b: _To[Array[c_uint8]], /) -> bool: "bool ggml_guid_matches(ggml_guid_t guid_a, ggml_guid_t guid_b)\n\nggml/include/ggml.h:661"
def ggml_hardsigmoid(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_hardsigmoid(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1127"
def ggml_hardswish(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_hardswish(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1122"
def ggml_im2col(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, s0: int, s1: int, p0: int, p1: int, d0: int, d1: int, is_2D: bool, dst_type: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_im2col(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int s0, int s1, int p0, int p1, int d0, int d1, bool is_2D, enum ggml_type dst_type)\n\nggml/include/ggml.h:1767"
def ggml_im2col_back(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, ne: _To[c_int64], s0: int, s1: int, p0: int, p1: int, d0: int, d1: int, is_2D: bool, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_im2col_back(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int64_t * ne, int s0, int s1, int p0, int p1, int d0, int d1, bool is_2D)\n\nggml/include/ggml.h:1780"
def ggml_init(params: ggml_init_params, /) -> ggml_context | None: "struct ggml_context * ggml_init(struct ggml_init_params params)\n\nggml/include/ggml.h:744"
def ggml_interpolate(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, ne0: int, ne1: int, ne2: int, ne3: int, mode: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_interpolate(struct ggml_context * ctx, struct ggml_tensor * a, int64_t ne0, int64_t ne1, int64_t ne2, int64_t ne3, uint32_t mode)\n\nggml/include/ggml.h:1989"
def ggml_is_3d(tensor: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_is_3d(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:714"
def ggml_is_contiguous(tensor: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_is_contiguous(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:718"
def ggml_is_contiguous_0(tensor: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_is_contiguous_0(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:719"
def ggml_is_contiguous_1(tensor: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_is_contiguous_1(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:720"
def ggml_is_contiguous_2(tensor: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_is_contiguous_2(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:721"
def ggml_is_contiguous_channels(tensor: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_is_contiguous_channels(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:727"
def ggml_is_contiguous_rows(tensor: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_is_contiguous_rows(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:730"
def ggml_is_contiguously_allocated(tensor: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_is_contiguously_allocated(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:724"
def ggml_is_empty(tensor: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_is_empty(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:710"
def ggml_is_matrix(tensor: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_is_matrix(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:713"
def ggml_is_numa() -> bool: "bool ggml_is_numa(void)\n\nggml/include/ggml-cpu.h:35"
def ggml_is_permuted(tensor: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_is_permuted(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:709"
def ggml_is_quantized(type: int, /) -> bool: "bool ggml_is_quantized(enum ggml_type type)\n\nggml/include/ggml.h:703"
def ggml_is_scalar(tensor: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_is_scalar(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:711"
def ggml_is_transposed(tensor: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_is_transposed(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:708"
def ggml_is_vector(tensor: _To[ggml_tensor] | ggml_tensor, /) -> bool: "bool ggml_is_vector(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:712"
def ggml_l2_norm(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, eps: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_l2_norm(struct ggml_context * ctx, struct ggml_tensor * a, float eps)\n\nggml/include/ggml.h:1266"
def ggml_l2_norm_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, eps: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_l2_norm_inplace(struct ggml_context * ctx, struct ggml_tensor * a, float eps)\n\nggml/include/ggml.h:1271"
def ggml_leaky_relu(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, negative_slope: float, inplace: bool, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_leaky_relu(struct ggml_context * ctx, struct ggml_tensor * a, float negative_slope, bool inplace)\n\nggml/include/ggml.h:1064"
def ggml_log(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_log(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:932"
def ggml_log_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_log_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:936"
def ggml_log_set(log_callback: ggml_log_callback | None, user_data: _Void, /) -> None: "void ggml_log_set(ggml_log_callback log_callback, void * user_data)\n\nggml/include/ggml.h:2341"
def ggml_map_custom1(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, fun: ggml_custom1_op_t | None, n_tasks: int, userdata: _Void, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_map_custom1(struct ggml_context * ctx, struct ggml_tensor * a, ggml_custom1_op_t fun, int n_tasks, void * userdata)\n\nggml/include/ggml.h:2202"
def ggml_map_custom1_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, fun: ggml_custom1_op_t | None, n_tasks: int, userdata: _Void, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_map_custom1_inplace(struct ggml_context * ctx, struct ggml_tensor * a, ggml_custom1_op_t fun, int n_tasks, void * userdata)\n\nggml/include/ggml.h:2209"
def ggml_map_custom2(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, fun: ggml_custom2_op_t | None, n_tasks: int, userdata: _Void, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_map_custom2(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, ggml_custom2_op_t fun, int n_tasks, void * userdata)\n\nggml/include/ggml.h:2216"
def ggml_map_custom2_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, fun: ggml_custom2_op_t | None, n_tasks: int, userdata: _Void, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_map_custom2_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, ggml_custom2_op_t fun, int n_tasks, void * userdata)\n\nggml/include/ggml.h:2224"
def ggml_map_custom3(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, c: _To[ggml_tensor] | ggml_tensor, fun: ggml_custom3_op_t | None, n_tasks: int, userdata: _Void, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_map_custom3(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, struct ggml_tensor * c, ggml_custom3_op_t fun, int n_tasks, void * userdata)\n\nggml/include/ggml.h:2232"
def ggml_map_custom3_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, c: _To[ggml_tensor] | ggml_tensor, fun: ggml_custom3_op_t | None, n_tasks: int, userdata: _Void, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_map_custom3_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, struct ggml_tensor * c, ggml_custom3_op_t fun, int n_tasks, void * userdata)\n\nggml/include/ggml.h:2241"
def ggml_mean(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_mean(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:967"
def ggml_mul(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_mul(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:896"
def ggml_mul_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_mul_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:901"
def ggml_mul_mat(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_mul_mat(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:1287"
def ggml_mul_mat_id(ctx: ggml_context | None, as_: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, ids: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_mul_mat_id(struct ggml_context * ctx, struct ggml_tensor * as, struct ggml_tensor * b, struct ggml_tensor * ids)\n\nggml/include/ggml.h:1299"
def ggml_mul_mat_set_prec(a: _To[ggml_tensor] | ggml_tensor, prec: int, /) -> None: "void ggml_mul_mat_set_prec(struct ggml_tensor * a, enum ggml_prec prec)\n\nggml/include/ggml.h:1294"
def ggml_n_dims(tensor: _To[ggml_tensor] | ggml_tensor, /) -> int: "int ggml_n_dims(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:715"
def ggml_nbytes(tensor: _To[ggml_tensor] | ggml_tensor, /) -> int: "size_t ggml_nbytes(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:682"
def ggml_nbytes_pad(tensor: _To[ggml_tensor] | ggml_tensor, /) -> int: "size_t ggml_nbytes_pad(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:683"
def ggml_neg(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_neg(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1028"
def ggml_neg_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_neg_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1032"
def ggml_nelements(tensor: _To[ggml_tensor] | ggml_tensor, /) -> int: "int64_t ggml_nelements(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:680"
def ggml_new_buffer(ctx: ggml_context | None, nbytes: int, /) -> int | Any: "void * ggml_new_buffer(struct ggml_context * ctx, size_t nbytes)\n\nggml/include/ggml.h:789"
def ggml_new_f32(ctx: ggml_context | None, value: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_new_f32(struct ggml_context * ctx, float value)\n\nggml/include/ggml-cpu.h:38"
def ggml_new_graph(ctx: ggml_context | None, /) -> ggml_cgraph | None: "struct ggml_cgraph * ggml_new_graph(struct ggml_context * ctx)\n\nggml/include/ggml.h:2309"
def ggml_new_graph_custom(ctx: ggml_context | None, size: int, grads: bool, /) -> ggml_cgraph | None: "struct ggml_cgraph * ggml_new_graph_custom(struct ggml_context * ctx, size_t size, bool grads)\n\nggml/include/ggml.h:2310"
def ggml_new_i32(ctx: ggml_context | None, value: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_new_i32(struct ggml_context * ctx, int32_t value)\n\nggml/include/ggml-cpu.h:37"
def ggml_new_tensor(ctx: ggml_context | None, type: int, n_dims: int, ne: _To[c_int64], /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_new_tensor(struct ggml_context * ctx, enum ggml_type type, int n_dims, const int64_t * ne)\n\nggml/include/ggml.h:757"
def ggml_new_tensor_1d(ctx: ggml_context | None, type: int, ne0: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_new_tensor_1d(struct ggml_context * ctx, enum ggml_type type, int64_t ne0)\n\nggml/include/ggml.h:763"
def ggml_new_tensor_2d(ctx: ggml_context | None, type: int, ne0: int, ne1: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_new_tensor_2d(struct ggml_context * ctx, enum ggml_type type, int64_t ne0, int64_t ne1)\n\nggml/include/ggml.h:768"
def ggml_new_tensor_3d(ctx: ggml_context | None, type: int, ne0: int, ne1: int, ne2: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_new_tensor_3d(struct ggml_context * ctx, enum ggml_type type, int64_t ne0, int64_t ne1, int64_t ne2)\n\nggml/include/ggml.h:774"
def ggml_new_tensor_4d(ctx: ggml_context | None, type: int, ne0: int, ne1: int, ne2: int, ne3: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_new_tensor_4d(struct ggml_context * ctx, enum ggml_type type, int64_t ne0, int64_t ne1, int64_t ne2, int64_t ne3)\n\nggml/include/ggml.h:781"
def ggml_norm(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, eps: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_norm(struct ggml_context * ctx, struct ggml_tensor * a, float eps)\n\nggml/include/ggml.h:1230"
def ggml_norm_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, eps: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_norm_inplace(struct ggml_context * ctx, struct ggml_tensor * a, float eps)\n\nggml/include/ggml.h:1235"
def ggml_nrows(tensor: _To[ggml_tensor] | ggml_tensor, /) -> int: "int64_t ggml_nrows(const struct ggml_tensor * tensor)\n\nggml/include/ggml.h:681"
def ggml_numa_init(numa: int, /) -> None: "void ggml_numa_init(enum ggml_numa_strategy numa)\n\nggml/include/ggml-cpu.h:34"
def ggml_op_desc(t: _To[ggml_tensor] | ggml_tensor, /) -> bytes | Any: "const char * ggml_op_desc(const struct ggml_tensor * t)\n\nggml/include/ggml.h:699"
def ggml_op_name(op: int, /) -> bytes | Any: "const char * ggml_op_name(enum ggml_op op)\n\nggml/include/ggml.h:694"
def ggml_op_symbol(op: int, /) -> bytes | Any: "const char * ggml_op_symbol(enum ggml_op op)\n\nggml/include/ggml.h:695"
def ggml_opt_alloc(opt_ctx: ggml_opt_context | None, backward: bool, /) -> None: "void ggml_opt_alloc(ggml_opt_context_t opt_ctx, bool backward)\n\nggml/include/ggml-opt.h:169"
def ggml_opt_dataset_data(dataset: ggml_opt_dataset | None, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_opt_dataset_data(ggml_opt_dataset_t dataset)\n\nggml/include/ggml-opt.h:50"
def ggml_opt_dataset_free(dataset: ggml_opt_dataset | None, /) -> None: "void ggml_opt_dataset_free(ggml_opt_dataset_t dataset)\n\nggml/include/ggml-opt.h:46"
def ggml_opt_dataset_get_batch(dataset: ggml_opt_dataset | None, data_batch: _To[ggml_tensor] | ggml_tensor, labels_batch: _To[ggml_tensor] | ggml_tensor, ibatch: int, /) -> None: "void ggml_opt_dataset_get_batch(ggml_opt_dataset_t dataset, struct ggml_tensor * data_batch, struct ggml_tensor * labels_batch, int64_t ibatch)\n\nggml/include/ggml-opt.h:57"
def ggml_opt_dataset_get_batch_host(dataset: ggml_opt_dataset | None, data_batch: _Void, nb_data_batch: int, labels_batch: _Void, ibatch: int, /) -> None: "void ggml_opt_dataset_get_batch_host(ggml_opt_dataset_t dataset, void * data_batch, size_t nb_data_batch, void * labels_batch, int64_t ibatch)\n\nggml/include/ggml-opt.h:62"
def ggml_opt_dataset_init(type_data: int, type_label: int, ne_datapoint: int, ne_label: int, ndata: int, ndata_shard: int, /) -> ggml_opt_dataset | None: "ggml_opt_dataset_t ggml_opt_dataset_init(enum ggml_type type_data, enum ggml_type type_label, int64_t ne_datapoint, int64_t ne_label, int64_t ndata, int64_t ndata_shard)\n\nggml/include/ggml-opt.h:39"
def ggml_opt_dataset_labels(dataset: ggml_opt_dataset | None, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_opt_dataset_labels(ggml_opt_dataset_t dataset)\n\nggml/include/ggml-opt.h:51"
def ggml_opt_dataset_ndata(dataset: ggml_opt_dataset | None, /) -> int: "int64_t ggml_opt_dataset_ndata(ggml_opt_dataset_t dataset)\n\nggml/include/ggml-opt.h:49"
def ggml_opt_dataset_shuffle(opt_ctx: ggml_opt_context | None, dataset: ggml_opt_dataset | None, idata: int, /) -> None: "void ggml_opt_dataset_shuffle(ggml_opt_context_t opt_ctx, ggml_opt_dataset_t dataset, int64_t idata)\n\nggml/include/ggml-opt.h:54"
def ggml_opt_default_params(backend_sched: ggml_backend_sched | None, loss_type: int, /) -> ggml_opt_params: "struct ggml_opt_params ggml_opt_default_params(ggml_backend_sched_t backend_sched, enum ggml_opt_loss_type loss_type)\n\nggml/include/ggml-opt.h:121"
def ggml_opt_epoch(opt_ctx: ggml_opt_context | None, dataset: ggml_opt_dataset | None, result_train: ggml_opt_result | None, result_eval: ggml_opt_result | None, idata_split: int, callback_train: ggml_opt_epoch_callback | None, callback_eval: ggml_opt_epoch_callback | None, /) -> None: "void ggml_opt_epoch(ggml_opt_context_t opt_ctx, ggml_opt_dataset_t dataset, ggml_opt_result_t result_train, ggml_opt_result_t result_eval, int64_t idata_split, ggml_opt_epoch_callback callback_train, ggml_opt_epoch_callback callback_eval)\n\nggml/include/ggml-opt.h:202"
@_is(ggml_opt_epoch_callback)
def ggml_opt_epoch_callback_progress_bar(train: bool, opt_ctx: ggml_opt_context | None, dataset: ggml_opt_dataset | None, result: ggml_opt_result | None, ibatch: int, ibatch_max: int, t_start_us: int, /) -> None: "void ggml_opt_epoch_callback_progress_bar(bool train, ggml_opt_context_t opt_ctx, ggml_opt_dataset_t dataset, ggml_opt_result_t result, int64_t ibatch, int64_t ibatch_max, int64_t t_start_us)\n\nggml/include/ggml-opt.h:212"
def ggml_opt_eval(opt_ctx: ggml_opt_context | None, result: ggml_opt_result | None, /) -> None: "void ggml_opt_eval(ggml_opt_context_t opt_ctx, ggml_opt_result_t result)\n\nggml/include/ggml-opt.h:172"
def ggml_opt_fit(backend_sched: ggml_backend_sched | None, ctx_compute: ggml_context | None, inputs: _To[ggml_tensor] | ggml_tensor, outputs: _To[ggml_tensor] | ggml_tensor, dataset: ggml_opt_dataset | None, loss_type: int, get_opt_pars: ggml_opt_get_optimizer_params | None, nepoch: int, nbatch_logical: int, val_split: float, silent: bool, /) -> None: "void ggml_opt_fit(ggml_backend_sched_t backend_sched, struct ggml_context * ctx_compute, struct ggml_tensor * inputs, struct ggml_tensor * outputs, ggml_opt_dataset_t dataset, enum ggml_opt_loss_type loss_type, ggml_opt_get_optimizer_params get_opt_pars, int64_t nepoch, int64_t nbatch_logical, float val_split, bool silent)\n\nggml/include/ggml-opt.h:222"
def ggml_opt_free(opt_ctx: ggml_opt_context | None, /) -> None: "void ggml_opt_free(ggml_opt_context_t opt_ctx)\n\nggml/include/ggml-opt.h:126"
@_is(ggml_opt_get_optimizer_params)
def ggml_opt_get_constant_optimizer_params(userdata: _Void, /) -> ggml_opt_optimizer_params: "struct ggml_opt_optimizer_params ggml_opt_get_constant_optimizer_params(void * userdata)\n\nggml/include/ggml-opt.h:98"
@_is(ggml_opt_get_optimizer_params)
def ggml_opt_get_default_optimizer_params(userdata: _Void, /) -> ggml_opt_optimizer_params: "struct ggml_opt_optimizer_params ggml_opt_get_default_optimizer_params(void * userdata)\n\nggml/include/ggml-opt.h:95"
def ggml_opt_grad_acc(opt_ctx: ggml_opt_context | None, node: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_opt_grad_acc(ggml_opt_context_t opt_ctx, struct ggml_tensor * node)\n\nggml/include/ggml-opt.h:143"
def ggml_opt_init(params: ggml_opt_params, /) -> ggml_opt_context | None: "ggml_opt_context_t ggml_opt_init(struct ggml_opt_params params)\n\nggml/include/ggml-opt.h:125"
def ggml_opt_inputs(opt_ctx: ggml_opt_context | None, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_opt_inputs(ggml_opt_context_t opt_ctx)\n\nggml/include/ggml-opt.h:135"
def ggml_opt_labels(opt_ctx: ggml_opt_context | None, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_opt_labels(ggml_opt_context_t opt_ctx)\n\nggml/include/ggml-opt.h:137"
def ggml_opt_loss(opt_ctx: ggml_opt_context | None, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_opt_loss(ggml_opt_context_t opt_ctx)\n\nggml/include/ggml-opt.h:138"
def ggml_opt_ncorrect(opt_ctx: ggml_opt_context | None, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_opt_ncorrect(ggml_opt_context_t opt_ctx)\n\nggml/include/ggml-opt.h:140"
def ggml_opt_outputs(opt_ctx: ggml_opt_context | None, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_opt_outputs(ggml_opt_context_t opt_ctx)\n\nggml/include/ggml-opt.h:136"
def ggml_opt_pred(opt_ctx: ggml_opt_context | None, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_opt_pred(ggml_opt_context_t opt_ctx)\n\nggml/include/ggml-opt.h:139"
def ggml_opt_prepare_alloc(opt_ctx: ggml_opt_context | None, ctx_compute: ggml_context | None, gf: ggml_cgraph | None, inputs: _To[ggml_tensor] | ggml_tensor, outputs: _To[ggml_tensor] | ggml_tensor, /) -> None: "void ggml_opt_prepare_alloc(ggml_opt_context_t opt_ctx, struct ggml_context * ctx_compute, struct ggml_cgraph * gf, struct ggml_tensor * inputs, struct ggml_tensor * outputs)\n\nggml/include/ggml-opt.h:160"
def ggml_opt_reset(opt_ctx: ggml_opt_context | None, optimizer: bool, /) -> None: "void ggml_opt_reset(ggml_opt_context_t opt_ctx, bool optimizer)\n\nggml/include/ggml-opt.h:129"
def ggml_opt_result_accuracy(result: ggml_opt_result | None, accuracy: _To[c_double], unc: _To[c_double], /) -> None: "void ggml_opt_result_accuracy(ggml_opt_result_t result, double * accuracy, double * unc)\n\nggml/include/ggml-opt.h:155"
def ggml_opt_result_free(result: ggml_opt_result | None, /) -> None: "void ggml_opt_result_free(ggml_opt_result_t result)\n\nggml/include/ggml-opt.h:148"
def ggml_opt_result_init() -> ggml_opt_result | None: "ggml_opt_result_t ggml_opt_result_init(void)\n\nggml/include/ggml-opt.h:147"
def ggml_opt_result_loss(result: ggml_opt_result | None, loss: _To[c_double], unc: _To[c_double], /) -> None: "void ggml_opt_result_loss(ggml_opt_result_t result, double * loss, double * unc)\n\nggml/include/ggml-opt.h:153"
def ggml_opt_result_ndata(result: ggml_opt_result | None, ndata: _To[c_int64], /) -> None: "void ggml_opt_result_ndata(ggml_opt_result_t result, int64_t * ndata)\n\nggml/include/ggml-opt.h:152"
def ggml_opt_result_pred(result: ggml_opt_result | None, pred: _To[c_int32], /) -> None: "void ggml_opt_result_pred(ggml_opt_result_t result, int32_t * pred)\n\nggml/include/ggml-opt.h:154"
def ggml_opt_result_reset(result: ggml_opt_result | None, /) -> None: "void ggml_opt_result_reset(ggml_opt_result_t result)\n\nggml/include/ggml-opt.h:149"
def ggml_opt_static_graphs(opt_ctx: ggml_opt_context | None, /) -> bool: "bool ggml_opt_static_graphs(ggml_opt_context_t opt_ctx)\n\nggml/include/ggml-opt.h:131"
def ggml_opt_step_adamw(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, grad: _To[ggml_tensor] | ggml_tensor, m: _To[ggml_tensor] | ggml_tensor, v: _To[ggml_tensor] | ggml_tensor, adamw_params: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_opt_step_adamw(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * grad, struct ggml_tensor * m, struct ggml_tensor * v, struct ggml_tensor * adamw_params)\n\nggml/include/ggml.h:2290"
def ggml_out_prod(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_out_prod(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:1308"
def ggml_pad(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, p0: int, p1: int, p2: int, p3: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_pad(struct ggml_context * ctx, struct ggml_tensor * a, int p0, int p1, int p2, int p3)\n\nggml/include/ggml.h:1999"
def ggml_pad_reflect_1d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, p0: int, p1: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_pad_reflect_1d(struct ggml_context * ctx, struct ggml_tensor * a, int p0, int p1)\n\nggml/include/ggml.h:2008"
def ggml_permute(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, axis0: int, axis1: int, axis2: int, axis3: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_permute(struct ggml_context * ctx, struct ggml_tensor * a, int axis0, int axis1, int axis2, int axis3)\n\nggml/include/ggml.h:1506"
def ggml_pool_1d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, op: int, k0: int, s0: int, p0: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_pool_1d(struct ggml_context * ctx, struct ggml_tensor * a, enum ggml_op_pool op, int k0, int s0, int p0)\n\nggml/include/ggml.h:1923"
def ggml_pool_2d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, op: int, k0: int, k1: int, s0: int, s1: int, p0: float, p1: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_pool_2d(struct ggml_context * ctx, struct ggml_tensor * a, enum ggml_op_pool op, int k0, int k1, int s0, int s1, float p0, float p1)\n\nggml/include/ggml.h:1933"
def ggml_pool_2d_back(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, af: _To[ggml_tensor] | ggml_tensor, op: int, k0: int, k1: int, s0: int, s1: int, p0: float, p1: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_pool_2d_back(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * af, enum ggml_op_pool op, int k0, int k1, int s0, int s1, float p0, float p1)\n\nggml/include/ggml.h:1944"
def ggml_print_object(obj: ggml_object | None, /) -> None: "void ggml_print_object(const struct ggml_object * obj)\n\nggml/include/ggml.h:677"
def ggml_print_objects(ctx: ggml_context | None, /) -> None: "void ggml_print_objects(const struct ggml_context * ctx)\n\nggml/include/ggml.h:678"
def ggml_quantize_chunk(type: int, src: _To[c_float], dst: _Void, start: int, nrows: int, n_per_row: int, imatrix: _To[c_float], /) -> int: "size_t ggml_quantize_chunk(enum ggml_type type, const float * src, void * dst, int64_t start, int64_t nrows, int64_t n_per_row, const float * imatrix)\n\nggml/include/ggml.h:2365"
def ggml_quantize_free() -> None: "void ggml_quantize_free(void)\n\nggml/include/ggml.h:2359"
def ggml_quantize_init(type: int, /) -> None: "void ggml_quantize_init(enum ggml_type type)\n\nggml/include/ggml.h:2358"
def ggml_quantize_requires_imatrix(type: int, /) -> bool: "bool ggml_quantize_requires_imatrix(enum ggml_type type)\n\nggml/include/ggml.h:2362"
def ggml_reglu(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_reglu(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1149"
def ggml_reglu_split(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_reglu_split(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:1197"
def ggml_reglu_swapped(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_reglu_swapped(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1153"
def ggml_relu(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_relu(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1060"
def ggml_relu_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_relu_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1068"
def ggml_repeat(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_repeat(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:984"
def ggml_repeat_4d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, ne0: int, ne1: int, ne2: int, ne3: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_repeat_4d(struct ggml_context * ctx, struct ggml_tensor * a, int64_t ne0, int64_t ne1, int64_t ne2, int64_t ne3)\n\nggml/include/ggml.h:990"
def ggml_repeat_back(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_repeat_back(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:999"
def ggml_reset(ctx: ggml_context | None, /) -> None: "void ggml_reset(struct ggml_context * ctx)\n\nggml/include/ggml.h:745"
def ggml_reshape(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_reshape(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:1434"
def ggml_reshape_1d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, ne0: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_reshape_1d(struct ggml_context * ctx, struct ggml_tensor * a, int64_t ne0)\n\nggml/include/ggml.h:1441"
def ggml_reshape_2d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, ne0: int, ne1: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_reshape_2d(struct ggml_context * ctx, struct ggml_tensor * a, int64_t ne0, int64_t ne1)\n\nggml/include/ggml.h:1446"
def ggml_reshape_3d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, ne0: int, ne1: int, ne2: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_reshape_3d(struct ggml_context * ctx, struct ggml_tensor * a, int64_t ne0, int64_t ne1, int64_t ne2)\n\nggml/include/ggml.h:1454"
def ggml_reshape_4d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, ne0: int, ne1: int, ne2: int, ne3: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_reshape_4d(struct ggml_context * ctx, struct ggml_tensor * a, int64_t ne0, int64_t ne1, int64_t ne2, int64_t ne3)\n\nggml/include/ggml.h:1461"
def ggml_rms_norm(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, eps: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_rms_norm(struct ggml_context * ctx, struct ggml_tensor * a, float eps)\n\nggml/include/ggml.h:1240"
def ggml_rms_norm_back(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, eps: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_rms_norm_back(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, float eps)\n\nggml/include/ggml.h:1278"
def ggml_rms_norm_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, eps: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_rms_norm_inplace(struct ggml_context * ctx, struct ggml_tensor * a, float eps)\n\nggml/include/ggml.h:1245"
def ggml_roll(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, shift0: int, shift1: int, shift2: int, shift3: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_roll(struct ggml_context * ctx, struct ggml_tensor * a, int shift0, int shift1, int shift2, int shift3)\n\nggml/include/ggml.h:2016"
def ggml_rope(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, n_dims: int, mode: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_rope(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int n_dims, int mode)\n\nggml/include/ggml.h:1625"
@deprecated("use ggml_rope_ext instead")
def ggml_rope_custom(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, n_dims: int, mode: int, n_ctx_orig: int, freq_base: float, freq_scale: float, ext_factor: float, attn_factor: float, beta_fast: float, beta_slow: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_rope_custom(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int n_dims, int mode, int n_ctx_orig, float freq_base, float freq_scale, float ext_factor, float attn_factor, float beta_fast, float beta_slow)\n\nggml/include/ggml.h:1689"
@deprecated("use ggml_rope_ext_inplace instead")
def ggml_rope_custom_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, n_dims: int, mode: int, n_ctx_orig: int, freq_base: float, freq_scale: float, ext_factor: float, attn_factor: float, beta_fast: float, beta_slow: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_rope_custom_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int n_dims, int mode, int n_ctx_orig, float freq_base, float freq_scale, float ext_factor, float attn_factor, float beta_fast, float beta_slow)\n\nggml/include/ggml.h:1704"
def ggml_rope_ext(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, c: _To[ggml_tensor] | ggml_tensor, n_dims: int, mode: int, n_ctx_orig: int, freq_base: float, freq_scale: float, ext_factor: float, attn_factor: float, beta_fast: float, beta_slow: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_rope_ext(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, struct ggml_tensor * c, int n_dims, int mode, int n_ctx_orig, float freq_base, float freq_scale, float ext_factor, float attn_factor, float beta_fast, float beta_slow)\n\nggml/include/ggml.h:1642"
def ggml_rope_ext_back(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, c: _To[ggml_tensor] | ggml_tensor, n_dims: int, mode: int, n_ctx_orig: int, freq_base: float, freq_scale: float, ext_factor: float, attn_factor: float, beta_fast: float, beta_slow: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_rope_ext_back(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, struct ggml_tensor * c, int n_dims, int mode, int n_ctx_orig, float freq_base, float freq_scale, float ext_factor, float attn_factor, float beta_fast, float beta_slow)\n\nggml/include/ggml.h:1725"
def ggml_rope_ext_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, c: _To[ggml_tensor] | ggml_tensor, n_dims: int, mode: int, n_ctx_orig: int, freq_base: float, freq_scale: float, ext_factor: float, attn_factor: float, beta_fast: float, beta_slow: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_rope_ext_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, struct ggml_tensor * c, int n_dims, int mode, int n_ctx_orig, float freq_base, float freq_scale, float ext_factor, float attn_factor, float beta_fast, float beta_slow)\n\nggml/include/ggml.h:1674"
def ggml_rope_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, n_dims: int, mode: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_rope_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, int n_dims, int mode)\n\nggml/include/ggml.h:1633"
def ggml_rope_multi(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, c: _To[ggml_tensor] | ggml_tensor, n_dims: int, sections: _To[c_int], mode: int, n_ctx_orig: int, freq_base: float, freq_scale: float, ext_factor: float, attn_factor: float, beta_fast: float, beta_slow: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_rope_multi(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, struct ggml_tensor * c, int n_dims, int sections[4], int mode, int n_ctx_orig, float freq_base, float freq_scale, float ext_factor, float attn_factor, float beta_fast, float beta_slow)\n\nggml/include/ggml.h:1657"
def ggml_rope_multi_back(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, c: _To[ggml_tensor] | ggml_tensor, n_dims: int, sections: _To[c_int], mode: int, n_ctx_orig: int, freq_base: float, freq_scale: float, ext_factor: float, attn_factor: float, beta_fast: float, beta_slow: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_rope_multi_back(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, struct ggml_tensor * c, int n_dims, int sections[4], int mode, int n_ctx_orig, float freq_base, float freq_scale, float ext_factor, float attn_factor, float beta_fast, float beta_slow)\n\nggml/include/ggml.h:1740"
def ggml_rope_yarn_corr_dims(n_dims: int, n_ctx_orig: int, freq_base: float, beta_fast: float, beta_slow: float, dims: _To[c_float], /) -> None: "void ggml_rope_yarn_corr_dims(int n_dims, int n_ctx_orig, float freq_base, float beta_fast, float beta_slow, float dims[2])\n\nggml/include/ggml.h:1720"
def ggml_row_size(type: int, ne: int, /) -> int: "size_t ggml_row_size(enum ggml_type type, int64_t ne)\n\nggml/include/ggml.h:687"
def ggml_rwkv_wkv6(ctx: ggml_context | None, k: _To[ggml_tensor] | ggml_tensor, v: _To[ggml_tensor] | ggml_tensor, r: _To[ggml_tensor] | ggml_tensor, tf: _To[ggml_tensor] | ggml_tensor, td: _To[ggml_tensor] | ggml_tensor, state: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_rwkv_wkv6(struct ggml_context * ctx, struct ggml_tensor * k, struct ggml_tensor * v, struct ggml_tensor * r, struct ggml_tensor * tf, struct ggml_tensor * td, struct ggml_tensor * state)\n\nggml/include/ggml.h:2165"
def ggml_rwkv_wkv7(ctx: ggml_context | None, r: _To[ggml_tensor] | ggml_tensor, w: _To[ggml_tensor] | ggml_tensor, k: _To[ggml_tensor] | ggml_tensor, v: _To[ggml_tensor] | ggml_tensor, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, state: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_rwkv_wkv7(struct ggml_context * ctx, struct ggml_tensor * r, struct ggml_tensor * w, struct ggml_tensor * k, struct ggml_tensor * v, struct ggml_tensor * a, struct ggml_tensor * b, struct ggml_tensor * state)\n\nggml/include/ggml.h:2183"
def ggml_scale(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, s: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_scale(struct ggml_context * ctx, struct ggml_tensor * a, float s)\n\nggml/include/ggml.h:1317"
def ggml_scale_bias(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, s: float, b: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_scale_bias(struct ggml_context * ctx, struct ggml_tensor * a, float s, float b)\n\nggml/include/ggml.h:1329"
def ggml_scale_bias_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, s: float, b: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_scale_bias_inplace(struct ggml_context * ctx, struct ggml_tensor * a, float s, float b)\n\nggml/include/ggml.h:1335"
def ggml_scale_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, s: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_scale_inplace(struct ggml_context * ctx, struct ggml_tensor * a, float s)\n\nggml/include/ggml.h:1323"
def ggml_set(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, nb1: int, nb2: int, nb3: int, offset: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_set(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, size_t nb1, size_t nb2, size_t nb3, size_t offset)\n\nggml/include/ggml.h:1342"
def ggml_set_1d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, offset: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_set_1d(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, size_t offset)\n\nggml/include/ggml.h:1361"
def ggml_set_1d_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, offset: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_set_1d_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, size_t offset)\n\nggml/include/ggml.h:1367"
def ggml_set_2d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, nb1: int, offset: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_set_2d(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, size_t nb1, size_t offset)\n\nggml/include/ggml.h:1374"
def ggml_set_2d_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, nb1: int, offset: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_set_2d_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, size_t nb1, size_t offset)\n\nggml/include/ggml.h:1382"
def ggml_set_abort_callback(callback: ggml_abort_callback_t | None, /) -> ggml_abort_callback_t: "ggml_abort_callback_t ggml_set_abort_callback(ggml_abort_callback_t callback)\n\nggml/include/ggml.h:332"
def ggml_set_f32(tensor: _To[ggml_tensor] | ggml_tensor, value: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_set_f32(struct ggml_tensor * tensor, float value)\n\nggml/include/ggml-cpu.h:41"
def ggml_set_f32_1d(tensor: _To[ggml_tensor] | ggml_tensor, i: int, value: float, /) -> None: "void ggml_set_f32_1d(const struct ggml_tensor * tensor, int i, float value)\n\nggml/include/ggml-cpu.h:50"
def ggml_set_f32_nd(tensor: _To[ggml_tensor] | ggml_tensor, i0: int, i1: int, i2: int, i3: int, value: float, /) -> None: "void ggml_set_f32_nd(const struct ggml_tensor * tensor, int i0, int i1, int i2, int i3, float value)\n\nggml/include/ggml-cpu.h:53"
def ggml_set_i32(tensor: _To[ggml_tensor] | ggml_tensor, value: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_set_i32(struct ggml_tensor * tensor, int32_t value)\n\nggml/include/ggml-cpu.h:40"
def ggml_set_i32_1d(tensor: _To[ggml_tensor] | ggml_tensor, i: int, value: int, /) -> None: "void ggml_set_i32_1d(const struct ggml_tensor * tensor, int i, int32_t value)\n\nggml/include/ggml-cpu.h:44"
def ggml_set_i32_nd(tensor: _To[ggml_tensor] | ggml_tensor, i0: int, i1: int, i2: int, i3: int, value: int, /) -> None: "void ggml_set_i32_nd(const struct ggml_tensor * tensor, int i0, int i1, int i2, int i3, int32_t value)\n\nggml/include/ggml-cpu.h:47"
def ggml_set_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, nb1: int, nb2: int, nb3: int, offset: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_set_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, size_t nb1, size_t nb2, size_t nb3, size_t offset)\n\nggml/include/ggml.h:1352"
def ggml_set_input(tensor: _To[ggml_tensor] | ggml_tensor, /) -> None: "void ggml_set_input(struct ggml_tensor * tensor)\n\nggml/include/ggml.h:814"
def ggml_set_loss(tensor: _To[ggml_tensor] | ggml_tensor, /) -> None: "void ggml_set_loss(struct ggml_tensor * tensor)\n\nggml/include/ggml.h:817"
def ggml_set_name(tensor: _To[ggml_tensor] | ggml_tensor, name: _Text, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_set_name(struct ggml_tensor * tensor, const char * name)\n\nggml/include/ggml.h:809"
def ggml_set_no_alloc(ctx: ggml_context | None, no_alloc: bool, /) -> None: "void ggml_set_no_alloc(struct ggml_context * ctx, bool no_alloc)\n\nggml/include/ggml.h:751"
def ggml_set_output(tensor: _To[ggml_tensor] | ggml_tensor, /) -> None: "void ggml_set_output(struct ggml_tensor * tensor)\n\nggml/include/ggml.h:815"
def ggml_set_param(tensor: _To[ggml_tensor] | ggml_tensor, /) -> None: "void ggml_set_param(struct ggml_tensor * tensor)\n\nggml/include/ggml.h:816"
def ggml_set_rows(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, c: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_set_rows(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, struct ggml_tensor * c)\n\nggml/include/ggml.h:1542"
def ggml_set_zero(tensor: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_set_zero(struct ggml_tensor * tensor)\n\nggml/include/ggml.h:2343"
def ggml_sgn(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_sgn(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1020"
def ggml_sgn_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_sgn_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1024"
def ggml_sigmoid(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_sigmoid(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1072"
def ggml_sigmoid_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_sigmoid_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1076"
def ggml_silu(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_silu(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1106"
def ggml_silu_back(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_silu_back(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:1116"
def ggml_silu_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_silu_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1110"
def ggml_sin(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_sin(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:940"
def ggml_sin_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_sin_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:944"
def ggml_soft_max(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_soft_max(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1576"
def ggml_soft_max_add_sinks(a: _To[ggml_tensor] | ggml_tensor, sinks: _To[ggml_tensor] | ggml_tensor, /) -> None: "void ggml_soft_max_add_sinks(struct ggml_tensor * a, struct ggml_tensor * sinks)\n\nggml/include/ggml.h:1601"
def ggml_soft_max_ext(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, mask: _To[ggml_tensor] | ggml_tensor, scale: float, max_bias: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_soft_max_ext(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * mask, float scale, float max_bias)\n\nggml/include/ggml.h:1594"
def ggml_soft_max_ext_back(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, scale: float, max_bias: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_soft_max_ext_back(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, float scale, float max_bias)\n\nggml/include/ggml.h:1605"
def ggml_soft_max_ext_back_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, scale: float, max_bias: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_soft_max_ext_back_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, float scale, float max_bias)\n\nggml/include/ggml.h:1613"
def ggml_soft_max_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_soft_max_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1581"
def ggml_sqr(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_sqr(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:916"
def ggml_sqr_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_sqr_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:920"
def ggml_sqrt(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_sqrt(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:924"
def ggml_sqrt_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_sqrt_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:928"
def ggml_ssm_conv(ctx: ggml_context | None, sx: _To[ggml_tensor] | ggml_tensor, c: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_ssm_conv(struct ggml_context * ctx, struct ggml_tensor * sx, struct ggml_tensor * c)\n\nggml/include/ggml.h:2100"
def ggml_ssm_scan(ctx: ggml_context | None, s: _To[ggml_tensor] | ggml_tensor, x: _To[ggml_tensor] | ggml_tensor, dt: _To[ggml_tensor] | ggml_tensor, A: _To[ggml_tensor] | ggml_tensor, B: _To[ggml_tensor] | ggml_tensor, C: _To[ggml_tensor] | ggml_tensor, ids: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_ssm_scan(struct ggml_context * ctx, struct ggml_tensor * s, struct ggml_tensor * x, struct ggml_tensor * dt, struct ggml_tensor * A, struct ggml_tensor * B, struct ggml_tensor * C, struct ggml_tensor * ids)\n\nggml/include/ggml.h:2105"
def ggml_status_to_string(status: int, /) -> bytes | Any: "const char * ggml_status_to_string(enum ggml_status status)\n\nggml/include/ggml.h:345"
def ggml_step(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_step(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1036"
def ggml_step_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_step_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1040"
def ggml_sub(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_sub(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:886"
def ggml_sub_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_sub_inplace(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:891"
def ggml_sum(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_sum(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:957"
def ggml_sum_rows(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_sum_rows(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:962"
def ggml_swiglu(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_swiglu(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1165"
def ggml_swiglu_oai(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, alpha: float, limit: float, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_swiglu_oai(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b, float alpha, float limit)\n\nggml/include/ggml.h:1222"
def ggml_swiglu_split(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, b: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_swiglu_split(struct ggml_context * ctx, struct ggml_tensor * a, struct ggml_tensor * b)\n\nggml/include/ggml.h:1207"
def ggml_swiglu_swapped(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_swiglu_swapped(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1169"
def ggml_tallocr_alloc(talloc: _To[ggml_tallocr] | ggml_tallocr, tensor: _To[ggml_tensor] | ggml_tensor, /) -> int: "enum ggml_status ggml_tallocr_alloc(struct ggml_tallocr * talloc, struct ggml_tensor * tensor)\n\nggml/include/ggml-alloc.h:22"
def ggml_tallocr_new(buffer: ggml_backend_buffer | None, /) -> ggml_tallocr: "struct ggml_tallocr ggml_tallocr_new(ggml_backend_buffer_t buffer)\n\nggml/include/ggml-alloc.h:21"
def ggml_tanh(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_tanh(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1044"
def ggml_tanh_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_tanh_inplace(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1048"
def ggml_tensor_overhead() -> int: "size_t ggml_tensor_overhead(void)\n\nggml/include/ggml.h:738"
def ggml_threadpool_free(threadpool: ggml_threadpool | None, /) -> None: "void ggml_threadpool_free(struct ggml_threadpool * threadpool)\n\nggml/include/ggml-cpu.h:56"
def ggml_threadpool_get_n_threads(threadpool: ggml_threadpool | None, /) -> int: "int ggml_threadpool_get_n_threads(struct ggml_threadpool * threadpool)\n\nggml/include/ggml-cpu.h:57"
def ggml_threadpool_new(params: _To[ggml_threadpool_params] | ggml_threadpool_params, /) -> ggml_threadpool | None: "struct ggml_threadpool * ggml_threadpool_new(struct ggml_threadpool_params * params)\n\nggml/include/ggml-cpu.h:55"
def ggml_threadpool_params_default(n_threads: int, /) -> ggml_threadpool_params: "struct ggml_threadpool_params ggml_threadpool_params_default(int n_threads)\n\nggml/include/ggml.h:2435"
def ggml_threadpool_params_init(p: _To[ggml_threadpool_params] | ggml_threadpool_params, n_threads: int, /) -> None: "void ggml_threadpool_params_init(struct ggml_threadpool_params * p, int n_threads)\n\nggml/include/ggml.h:2436"
def ggml_threadpool_params_match(p0: _To[ggml_threadpool_params] | ggml_threadpool_params, p1: _To[ggml_threadpool_params] | ggml_threadpool_params, /) -> bool: "bool ggml_threadpool_params_match(const struct ggml_threadpool_params * p0, const struct ggml_threadpool_params * p1)\n\nggml/include/ggml.h:2437"
def ggml_threadpool_pause(threadpool: ggml_threadpool | None, /) -> None: "void ggml_threadpool_pause(struct ggml_threadpool * threadpool)\n\nggml/include/ggml-cpu.h:58"
def ggml_threadpool_resume(threadpool: ggml_threadpool | None, /) -> None: "void ggml_threadpool_resume(struct ggml_threadpool * threadpool)\n\nggml/include/ggml-cpu.h:59"
def ggml_time_init() -> None: "void ggml_time_init(void)\n\nggml/include/ggml.h:668"
def ggml_time_ms() -> int: "int64_t ggml_time_ms(void)\n\nggml/include/ggml.h:669"
def ggml_time_us() -> int: "int64_t ggml_time_us(void)\n\nggml/include/ggml.h:670"
def ggml_timestep_embedding(ctx: ggml_context | None, timesteps: _To[ggml_tensor] | ggml_tensor, dim: int, max_period: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_timestep_embedding(struct ggml_context * ctx, struct ggml_tensor * timesteps, int dim, int max_period)\n\nggml/include/ggml.h:2028"
def ggml_top_k(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, k: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_top_k(struct ggml_context * ctx, struct ggml_tensor * a, int k)\n\nggml/include/ggml.h:2052"
def ggml_transpose(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_transpose(struct ggml_context * ctx, struct ggml_tensor * a)\n\nggml/include/ggml.h:1515"
def ggml_type_name(type: int, /) -> bytes | Any: "const char * ggml_type_name(enum ggml_type type)\n\nggml/include/ggml.h:693"
def ggml_type_size(type: int, /) -> int: "size_t ggml_type_size(enum ggml_type type)\n\nggml/include/ggml.h:686"
@deprecated("use ggml_row_size() instead")
def ggml_type_sizef(type: int, /) -> float: "double ggml_type_sizef(enum ggml_type type)\n\nggml/include/ggml.h:689"
def ggml_unary(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, op: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_unary(struct ggml_context * ctx, struct ggml_tensor * a, enum ggml_unary_op op)\n\nggml/include/ggml.h:2135"
def ggml_unary_inplace(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, op: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_unary_inplace(struct ggml_context * ctx, struct ggml_tensor * a, enum ggml_unary_op op)\n\nggml/include/ggml.h:2140"
def ggml_unary_op_name(op: int, /) -> bytes | Any: "const char * ggml_unary_op_name(enum ggml_unary_op op)\n\nggml/include/ggml.h:697"
def ggml_unravel_index(tensor: _To[ggml_tensor] | ggml_tensor, i: int, i0: _To[c_int64], i1: _To[c_int64], i2: _To[c_int64], i3: _To[c_int64], /) -> None: "void ggml_unravel_index(const struct ggml_tensor * tensor, int64_t i, int64_t * i0, int64_t * i1, int64_t * i2, int64_t * i3)\n\nggml/include/ggml.h:800"
def ggml_upscale(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, scale_factor: int, mode: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_upscale(struct ggml_context * ctx, struct ggml_tensor * a, int scale_factor, enum ggml_scale_mode mode)\n\nggml/include/ggml.h:1969"
@deprecated("use ggml_interpolate instead")
def ggml_upscale_ext(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, ne0: int, ne1: int, ne2: int, ne3: int, mode: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_upscale_ext(struct ggml_context * ctx, struct ggml_tensor * a, int ne0, int ne1, int ne2, int ne3, enum ggml_scale_mode mode)\n\nggml/include/ggml.h:1977"
def ggml_used_mem(ctx: ggml_context | None, /) -> int: "size_t ggml_used_mem(const struct ggml_context * ctx)\n\nggml/include/ggml.h:748"
def ggml_validate_row_data(type: int, data: _Void, nbytes: int, /) -> bool: "bool ggml_validate_row_data(enum ggml_type type, const void * data, size_t nbytes)\n\nggml/include/ggml.h:740"
def ggml_version() -> bytes | Any: "const char * ggml_version(void)\n\nggml/include/ggml.h:665"
def ggml_view_1d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, ne0: int, offset: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_view_1d(struct ggml_context * ctx, struct ggml_tensor * a, int64_t ne0, size_t offset)\n\nggml/include/ggml.h:1470"
def ggml_view_2d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, ne0: int, ne1: int, nb1: int, offset: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_view_2d(struct ggml_context * ctx, struct ggml_tensor * a, int64_t ne0, int64_t ne1, size_t nb1, size_t offset)\n\nggml/include/ggml.h:1476"
def ggml_view_3d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, ne0: int, ne1: int, ne2: int, nb1: int, nb2: int, offset: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_view_3d(struct ggml_context * ctx, struct ggml_tensor * a, int64_t ne0, int64_t ne1, int64_t ne2, size_t nb1, size_t nb2, size_t offset)\n\nggml/include/ggml.h:1484"
def ggml_view_4d(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, ne0: int, ne1: int, ne2: int, ne3: int, nb1: int, nb2: int, nb3: int, offset: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_view_4d(struct ggml_context * ctx, struct ggml_tensor * a, int64_t ne0, int64_t ne1, int64_t ne2, int64_t ne3, size_t nb1, size_t nb2, size_t nb3, size_t offset)\n\nggml/include/ggml.h:1494"
def ggml_view_tensor(ctx: ggml_context | None, src: _To[ggml_tensor] | ggml_tensor, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_view_tensor(struct ggml_context * ctx, struct ggml_tensor * src)\n\nggml/include/ggml.h:792"
def ggml_win_part(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, w: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_win_part(struct ggml_context * ctx, struct ggml_tensor * a, int w)\n\nggml/include/ggml.h:2121"
def ggml_win_unpart(ctx: ggml_context | None, a: _To[ggml_tensor] | ggml_tensor, w0: int, h0: int, w: int, /) -> _Pointer[ggml_tensor]: "struct ggml_tensor * ggml_win_unpart(struct ggml_context * ctx, struct ggml_tensor * a, int w0, int h0, int w)\n\nggml/include/ggml.h:2128"
def gguf_add_tensor(ctx: gguf_context | None, tensor: _To[ggml_tensor] | ggml_tensor, /) -> None: "void gguf_add_tensor(struct gguf_context * ctx, const struct ggml_tensor * tensor)\n\nggml/include/gguf.h:155"
def gguf_find_key(ctx: gguf_context | None, key: _Text, /) -> int: "int64_t gguf_find_key(const struct gguf_context * ctx, const char * key)\n\nggml/include/gguf.h:92"
def gguf_find_tensor(ctx: gguf_context | None, name: _Text, /) -> int: "int64_t gguf_find_tensor(const struct gguf_context * ctx, const char * name)\n\nggml/include/gguf.h:122"
def gguf_free(ctx: gguf_context | None, /) -> None: "void gguf_free(struct gguf_context * ctx)\n\nggml/include/gguf.h:83"
def gguf_get_alignment(ctx: gguf_context | None, /) -> int: "size_t gguf_get_alignment(const struct gguf_context * ctx)\n\nggml/include/gguf.h:88"
def gguf_get_arr_data(ctx: gguf_context | None, key_id: int, /) -> int | Any: "const void * gguf_get_arr_data(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:116"
def gguf_get_arr_n(ctx: gguf_context | None, key_id: int, /) -> int: "size_t gguf_get_arr_n(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:112"
def gguf_get_arr_str(ctx: gguf_context | None, key_id: int, i: int, /) -> bytes | Any: "const char * gguf_get_arr_str(const struct gguf_context * ctx, int64_t key_id, size_t i)\n\nggml/include/gguf.h:119"
def gguf_get_arr_type(ctx: gguf_context | None, key_id: int, /) -> int: "enum gguf_type gguf_get_arr_type(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:96"
def gguf_get_data_offset(ctx: gguf_context | None, /) -> int: "size_t gguf_get_data_offset(const struct gguf_context * ctx)\n\nggml/include/gguf.h:89"
def gguf_get_key(ctx: gguf_context | None, key_id: int, /) -> bytes | Any: "const char * gguf_get_key(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:93"
def gguf_get_kv_type(ctx: gguf_context | None, key_id: int, /) -> int: "enum gguf_type gguf_get_kv_type(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:95"
def gguf_get_meta_data(ctx: gguf_context | None, data: _Void, /) -> None: "void gguf_get_meta_data(const struct gguf_context * ctx, void * data)\n\nggml/include/gguf.h:198"
def gguf_get_meta_size(ctx: gguf_context | None, /) -> int: "size_t gguf_get_meta_size(const struct gguf_context * ctx)\n\nggml/include/gguf.h:195"
def gguf_get_n_kv(ctx: gguf_context | None, /) -> int: "int64_t gguf_get_n_kv(const struct gguf_context * ctx)\n\nggml/include/gguf.h:91"
def gguf_get_n_tensors(ctx: gguf_context | None, /) -> int: "int64_t gguf_get_n_tensors(const struct gguf_context * ctx)\n\nggml/include/gguf.h:121"
def gguf_get_tensor_name(ctx: gguf_context | None, tensor_id: int, /) -> bytes | Any: "const char * gguf_get_tensor_name(const struct gguf_context * ctx, int64_t tensor_id)\n\nggml/include/gguf.h:124"
def gguf_get_tensor_offset(ctx: gguf_context | None, tensor_id: int, /) -> int: "size_t gguf_get_tensor_offset(const struct gguf_context * ctx, int64_t tensor_id)\n\nggml/include/gguf.h:123"
def gguf_get_tensor_size(ctx: gguf_context | None, tensor_id: int, /) -> int: "size_t gguf_get_tensor_size(const struct gguf_context * ctx, int64_t tensor_id)\n\nggml/include/gguf.h:126"
def gguf_get_tensor_type(ctx: gguf_context | None, tensor_id: int, /) -> int: "enum ggml_type gguf_get_tensor_type(const struct gguf_context * ctx, int64_t tensor_id)\n\nggml/include/gguf.h:125"
def gguf_get_val_bool(ctx: gguf_context | None, key_id: int, /) -> bool: "bool gguf_get_val_bool(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:109"
def gguf_get_val_data(ctx: gguf_context | None, key_id: int, /) -> int | Any: "const void * gguf_get_val_data(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:111"
def gguf_get_val_f32(ctx: gguf_context | None, key_id: int, /) -> float: "float gguf_get_val_f32(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:105"
def gguf_get_val_f64(ctx: gguf_context | None, key_id: int, /) -> float: "double gguf_get_val_f64(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:108"
def gguf_get_val_i16(ctx: gguf_context | None, key_id: int, /) -> int: "int16_t gguf_get_val_i16(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:102"
def gguf_get_val_i32(ctx: gguf_context | None, key_id: int, /) -> int: "int32_t gguf_get_val_i32(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:104"
def gguf_get_val_i64(ctx: gguf_context | None, key_id: int, /) -> int: "int64_t gguf_get_val_i64(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:107"
def gguf_get_val_i8(ctx: gguf_context | None, key_id: int, /) -> int: "int8_t gguf_get_val_i8(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:100"
def gguf_get_val_str(ctx: gguf_context | None, key_id: int, /) -> bytes | Any: "const char * gguf_get_val_str(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:110"
def gguf_get_val_u16(ctx: gguf_context | None, key_id: int, /) -> int: "uint16_t gguf_get_val_u16(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:101"
def gguf_get_val_u32(ctx: gguf_context | None, key_id: int, /) -> int: "uint32_t gguf_get_val_u32(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:103"
def gguf_get_val_u64(ctx: gguf_context | None, key_id: int, /) -> int: "uint64_t gguf_get_val_u64(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:106"
def gguf_get_val_u8(ctx: gguf_context | None, key_id: int, /) -> int: "uint8_t gguf_get_val_u8(const struct gguf_context * ctx, int64_t key_id)\n\nggml/include/gguf.h:99"
def gguf_get_version(ctx: gguf_context | None, /) -> int: "uint32_t gguf_get_version(const struct gguf_context * ctx)\n\nggml/include/gguf.h:87"
def gguf_init_empty() -> gguf_context | None: "struct gguf_context * gguf_init_empty(void)\n\nggml/include/gguf.h:79"
def gguf_init_from_file(fname: _Text, params: gguf_init_params, /) -> gguf_context | None: "struct gguf_context * gguf_init_from_file(const char * fname, struct gguf_init_params params)\n\nggml/include/gguf.h:80"
def gguf_remove_key(ctx: gguf_context | None, key: _Text, /) -> int: "int64_t gguf_remove_key(struct gguf_context * ctx, const char * key)\n\nggml/include/gguf.h:129"
def gguf_set_arr_data(ctx: gguf_context | None, key: _Text, type: int, data: _Void, n: int, /) -> None: "void gguf_set_arr_data(struct gguf_context * ctx, const char * key, enum gguf_type type, const void * data, size_t n)\n\nggml/include/gguf.h:146"
def gguf_set_arr_str(ctx: gguf_context | None, key: _Text, data: _To[c_char_p], n: int, /) -> None: "void gguf_set_arr_str(struct gguf_context * ctx, const char * key, const char ** data, size_t n)\n\nggml/include/gguf.h:149"
def gguf_set_kv(ctx: gguf_context | None, src: gguf_context | None, /) -> None: "void gguf_set_kv(struct gguf_context * ctx, const struct gguf_context * src)\n\nggml/include/gguf.h:152"
def gguf_set_tensor_data(ctx: gguf_context | None, name: _Text, data: _Void, /) -> None: "void gguf_set_tensor_data(struct gguf_context * ctx, const char * name, const void * data)\n\nggml/include/gguf.h:162"
def gguf_set_tensor_type(ctx: gguf_context | None, name: _Text, type: int, /) -> None: "void gguf_set_tensor_type(struct gguf_context * ctx, const char * name, enum ggml_type type)\n\nggml/include/gguf.h:159"
def gguf_set_val_bool(ctx: gguf_context | None, key: _Text, val: bool, /) -> None: "void gguf_set_val_bool(struct gguf_context * ctx, const char * key, bool val)\n\nggml/include/gguf.h:142"
def gguf_set_val_f32(ctx: gguf_context | None, key: _Text, val: float, /) -> None: "void gguf_set_val_f32(struct gguf_context * ctx, const char * key, float val)\n\nggml/include/gguf.h:138"
def gguf_set_val_f64(ctx: gguf_context | None, key: _Text, val: float, /) -> None: "void gguf_set_val_f64(struct gguf_context * ctx, const char * key, double val)\n\nggml/include/gguf.h:141"
def gguf_set_val_i16(ctx: gguf_context | None, key: _Text, val: int, /) -> None: "void gguf_set_val_i16(struct gguf_context * ctx, const char * key, int16_t val)\n\nggml/include/gguf.h:135"
def gguf_set_val_i32(ctx: gguf_context | None, key: _Text, val: int, /) -> None: "void gguf_set_val_i32(struct gguf_context * ctx, const char * key, int32_t val)\n\nggml/include/gguf.h:137"
def gguf_set_val_i64(ctx: gguf_context | None, key: _Text, val: int, /) -> None: "void gguf_set_val_i64(struct gguf_context * ctx, const char * key, int64_t val)\n\nggml/include/gguf.h:140"
def gguf_set_val_i8(ctx: gguf_context | None, key: _Text, val: int, /) -> None: "void gguf_set_val_i8(struct gguf_context * ctx, const char * key, int8_t val)\n\nggml/include/gguf.h:133"
def gguf_set_val_str(ctx: gguf_context | None, key: _Text, val: _Text, /) -> None: "void gguf_set_val_str(struct gguf_context * ctx, const char * key, const char * val)\n\nggml/include/gguf.h:143"
def gguf_set_val_u16(ctx: gguf_context | None, key: _Text, val: int, /) -> None: "void gguf_set_val_u16(struct gguf_context * ctx, const char * key, uint16_t val)\n\nggml/include/gguf.h:134"
def gguf_set_val_u32(ctx: gguf_context | None, key: _Text, val: int, /) -> None: "void gguf_set_val_u32(struct gguf_context * ctx, const char * key, uint32_t val)\n\nggml/include/gguf.h:136"
def gguf_set_val_u64(ctx: gguf_context | None, key: _Text, val: int, /) -> None: "void gguf_set_val_u64(struct gguf_context * ctx, const char * key, uint64_t val)\n\nggml/include/gguf.h:139"
def gguf_set_val_u8(ctx: gguf_context | None, key: _Text, val: int, /) -> None: "void gguf_set_val_u8(struct gguf_context * ctx, const char * key, uint8_t val)\n\nggml/include/gguf.h:132"
def gguf_type_name(type: int, /) -> bytes | Any: "const char * gguf_type_name(enum gguf_type type)\n\nggml/include/gguf.h:85"
def gguf_write_to_file(ctx: gguf_context | None, fname: _Text, only_meta: bool, /) -> bool: "bool gguf_write_to_file(const struct gguf_context * ctx, const char * fname, bool only_meta)\n\nggml/include/gguf.h:192"
def llama_adapter_lora_free(adapter: llama_adapter_lora | None, /) -> None: "void llama_adapter_lora_free(struct llama_adapter_lora * adapter)\n\ninclude/llama.h:562"
def llama_adapter_lora_init(model: llama_model | None, path_lora: _Text, /) -> llama_adapter_lora | None: "struct llama_adapter_lora * llama_adapter_lora_init(struct llama_model * model, const char * path_lora)\n\ninclude/llama.h:556"
@deprecated("use llama_vocab_get_add_bos instead")
def llama_add_bos_token(vocab: llama_vocab | None, /) -> bool: "bool llama_add_bos_token(const struct llama_vocab * vocab)\n\ninclude/llama.h:1043"
@deprecated("use llama_vocab_get_add_eos instead")
def llama_add_eos_token(vocab: llama_vocab | None, /) -> bool: "bool llama_add_eos_token(const struct llama_vocab * vocab)\n\ninclude/llama.h:1044"
def llama_apply_adapter_cvec(ctx: llama_context | None, data: _To[c_float], len: int, n_embd: int, il_start: int, il_end: int, /) -> int: "int32_t llama_apply_adapter_cvec(struct llama_context * ctx, const float * data, size_t len, int32_t n_embd, int32_t il_start, int32_t il_end)\n\ninclude/llama.h:588"
def llama_attach_threadpool(ctx: llama_context | None, threadpool: ggml_threadpool | None, threadpool_batch: ggml_threadpool | None, /) -> None: "void llama_attach_threadpool(struct llama_context * ctx, ggml_threadpool_t threadpool, ggml_threadpool_t threadpool_batch)\n\ninclude/llama.h:399"
def llama_backend_free() -> None: "void llama_backend_free(void)\n\ninclude/llama.h:393"
def llama_backend_init() -> None: "void llama_backend_init(void)\n\ninclude/llama.h:390"
def llama_batch_free(batch: llama_batch, /) -> None: "void llama_batch_free(struct llama_batch batch)\n\ninclude/llama.h:900"
def llama_batch_get_one(tokens: _To[llama_token], n_tokens: int, /) -> llama_batch: "struct llama_batch llama_batch_get_one(llama_token * tokens, int32_t n_tokens)\n\ninclude/llama.h:883"
def llama_batch_init(n_tokens: int, embd: int, n_seq_max: int, /) -> llama_batch: "struct llama_batch llama_batch_init(int32_t n_tokens, int32_t embd, int32_t n_seq_max)\n\ninclude/llama.h:894"
def llama_chat_apply_template(tmpl: _Text, chat: _To[llama_chat_message] | llama_chat_message, n_msg: int, add_ass: bool, buf: _To[c_char], length: int, /) -> int: "int32_t llama_chat_apply_template(const char * tmpl, const struct llama_chat_message * chat, size_t n_msg, bool add_ass, char * buf, int32_t length)\n\ninclude/llama.h:1121"
def llama_chat_builtin_templates(output: _To[c_char_p], len: int, /) -> int: "int32_t llama_chat_builtin_templates(const char ** output, size_t len)\n\ninclude/llama.h:1130"
def llama_clear_adapter_lora(ctx: llama_context | None, /) -> None: "void llama_clear_adapter_lora(struct llama_context * ctx)\n\ninclude/llama.h:580"
def llama_context_default_params() -> llama_context_params: "struct llama_context_params llama_context_default_params(void)\n\ninclude/llama.h:383"
@deprecated("use llama_state_get_data instead")
def llama_copy_state_data(ctx: llama_context | None, dst: _To[c_uint8], /) -> int: "size_t llama_copy_state_data(struct llama_context * ctx, uint8_t * dst)\n\ninclude/llama.h:793"
def llama_decode(ctx: llama_context | None, batch: llama_batch, /) -> int: "int32_t llama_decode(struct llama_context * ctx, struct llama_batch batch)\n\ninclude/llama.h:924"
def llama_detach_threadpool(ctx: llama_context | None, /) -> None: "void llama_detach_threadpool(struct llama_context * ctx)\n\ninclude/llama.h:404"
def llama_detokenize(vocab: llama_vocab | None, tokens: _To[llama_token], n_tokens: int, text: _To[c_char], text_len_max: int, remove_special: bool, unparse_special: bool, /) -> int: "int32_t llama_detokenize(const struct llama_vocab * vocab, const llama_token * tokens, int32_t n_tokens, char * text, int32_t text_len_max, bool remove_special, bool unparse_special)\n\ninclude/llama.h:1098"
def llama_encode(ctx: llama_context | None, batch: llama_batch, /) -> int: "int32_t llama_encode(struct llama_context * ctx, struct llama_batch batch)\n\ninclude/llama.h:908"
def llama_free(ctx: llama_context | None, /) -> None: "void llama_free(struct llama_context * ctx)\n\ninclude/llama.h:444"
@deprecated("use llama_model_free instead")
def llama_free_model(model: llama_model | None, /) -> None: "void llama_free_model(struct llama_model * model)\n\ninclude/llama.h:429"
def llama_get_embeddings(ctx: llama_context | None, /) -> _Pointer[c_float]: "float * llama_get_embeddings(struct llama_context * ctx)\n\ninclude/llama.h:980"
def llama_get_embeddings_ith(ctx: llama_context | None, i: int, /) -> _Pointer[c_float]: "float * llama_get_embeddings_ith(struct llama_context * ctx, int32_t i)\n\ninclude/llama.h:987"
def llama_get_embeddings_seq(ctx: llama_context | None, seq_id: int, /) -> _Pointer[c_float]: "float * llama_get_embeddings_seq(struct llama_context * ctx, llama_seq_id seq_id)\n\ninclude/llama.h:993"
@deprecated("use llama_get_memory instead")
def llama_get_kv_self(ctx: llama_context | None, /) -> llama_kv_cache | None: "struct llama_kv_cache * llama_get_kv_self(struct llama_context * ctx)\n\ninclude/llama.h:472"
def llama_get_logits(ctx: llama_context | None, /) -> _Pointer[c_float]: "float * llama_get_logits(struct llama_context * ctx)\n\ninclude/llama.h:965"
def llama_get_logits_ith(ctx: llama_context | None, i: int, /) -> _Pointer[c_float]: "float * llama_get_logits_ith(struct llama_context * ctx, int32_t i)\n\ninclude/llama.h:971"
def llama_get_memory(ctx: llama_context | None, /) -> llama_memory_i | None: "llama_memory_t llama_get_memory(const struct llama_context * ctx)\n\ninclude/llama.h:469"
def llama_get_model(ctx: llama_context | None, /) -> llama_model | None: "const struct llama_model * llama_get_model(const struct llama_context * ctx)\n\ninclude/llama.h:468"
@deprecated("use llama_state_get_size instead")
def llama_get_state_size(ctx: llama_context | None, /) -> int: "size_t llama_get_state_size(struct llama_context * ctx)\n\ninclude/llama.h:783"
def llama_init_from_model(model: llama_model | None, params: llama_context_params, /) -> llama_context | None: "struct llama_context * llama_init_from_model(struct llama_model * model, struct llama_context_params params)\n\ninclude/llama.h:434"
@deprecated("use llama_memory_can_shift() instead")
def llama_kv_self_can_shift(ctx: llama_context | None, /) -> bool: "bool llama_kv_self_can_shift(const struct llama_context * ctx)\n\ninclude/llama.h:768"
@deprecated("Use llama_memory_clear() instead")
def llama_kv_self_clear(ctx: llama_context | None, /) -> None: "void llama_kv_self_clear(struct llama_context * ctx)\n\ninclude/llama.h:684"
@deprecated("simply remove this call, the context will automatically decide when to do a defragmentation based on 'defrag_thold'")
def llama_kv_self_defrag(ctx: llama_context | None, /) -> None: "void llama_kv_self_defrag(struct llama_context * ctx)\n\ninclude/llama.h:764"
@deprecated("Use llama_kv_self_seq_pos_max() and llama_kv_self_seq_pos_min() instead (https://github.com/ggml-org/llama.cpp/issues/13793)")
def llama_kv_self_n_tokens(ctx: llama_context | None, /) -> int: "int32_t llama_kv_self_n_tokens(const struct llama_context * ctx)\n\ninclude/llama.h:676"
@deprecated("Use llama_memory_seq_add() instead")
def llama_kv_self_seq_add(ctx: llama_context | None, seq_id: int, p0: int, p1: int, delta: int, /) -> None: "void llama_kv_self_seq_add(struct llama_context * ctx, llama_seq_id seq_id, llama_pos p0, llama_pos p1, llama_pos delta)\n\ninclude/llama.h:723"
@deprecated("Use llama_memory_seq_cp() instead")
def llama_kv_self_seq_cp(ctx: llama_context | None, seq_id_src: int, seq_id_dst: int, p0: int, p1: int, /) -> None: "void llama_kv_self_seq_cp(struct llama_context * ctx, llama_seq_id seq_id_src, llama_seq_id seq_id_dst, llama_pos p0, llama_pos p1)\n\ninclude/llama.h:704"
@deprecated("Use llama_memory_seq_div() instead")
def llama_kv_self_seq_div(ctx: llama_context | None, seq_id: int, p0: int, p1: int, d: int, /) -> None: "void llama_kv_self_seq_div(struct llama_context * ctx, llama_seq_id seq_id, llama_pos p0, llama_pos p1, int d)\n\ninclude/llama.h:736"
@deprecated("Use llama_memory_seq_keep() instead")
def llama_kv_self_seq_keep(ctx: llama_context | None, seq_id: int, /) -> None: "void llama_kv_self_seq_keep(struct llama_context * ctx, llama_seq_id seq_id)\n\ninclude/llama.h:713"
@deprecated("Use llama_memory_seq_pos_max() instead")
def llama_kv_self_seq_pos_max(ctx: llama_context | None, seq_id: int, /) -> int: "llama_pos llama_kv_self_seq_pos_max(struct llama_context * ctx, llama_seq_id seq_id)\n\ninclude/llama.h:756"
@deprecated("Use llama_memory_seq_pos_min() instead")
def llama_kv_self_seq_pos_min(ctx: llama_context | None, seq_id: int, /) -> int: "llama_pos llama_kv_self_seq_pos_min(struct llama_context * ctx, llama_seq_id seq_id)\n\ninclude/llama.h:748"
@deprecated("Use llama_memory_seq_rm() instead")
def llama_kv_self_seq_rm(ctx: llama_context | None, seq_id: int, p0: int, p1: int, /) -> bool: "bool llama_kv_self_seq_rm(struct llama_context * ctx, llama_seq_id seq_id, llama_pos p0, llama_pos p1)\n\ninclude/llama.h:693"
@deprecated("simply remove this call, updates are applied lazily on the next llama_decode()")
def llama_kv_self_update(ctx: llama_context | None, /) -> None: "void llama_kv_self_update(struct llama_context * ctx)\n\ninclude/llama.h:772"
@deprecated("Use llama_kv_self_seq_pos_max() and llama_kv_self_seq_pos_min() instead (https://github.com/ggml-org/llama.cpp/issues/13793)")
def llama_kv_self_used_cells(ctx: llama_context | None, /) -> int: "int32_t llama_kv_self_used_cells(const struct llama_context * ctx)\n\ninclude/llama.h:680"
@deprecated("use llama_model_load_from_file instead")
def llama_load_model_from_file(path_model: _Text, params: llama_model_params, /) -> llama_model | None: "struct llama_model * llama_load_model_from_file(const char * path_model, struct llama_model_params params)\n\ninclude/llama.h:406"
@deprecated("use llama_state_load_file instead")
def llama_load_session_file(ctx: llama_context | None, path_session: _Text, tokens_out: _To[llama_token], n_token_capacity: int, n_token_count_out: _To[c_size_t], /) -> bool: "bool llama_load_session_file(struct llama_context * ctx, const char * path_session, llama_token * tokens_out, size_t n_token_capacity, size_t * n_token_count_out)\n\ninclude/llama.h:816"
def llama_log_set(log_callback: ggml_log_callback | None, user_data: _Void, /) -> None: "void llama_log_set(ggml_log_callback log_callback, void * user_data)\n\ninclude/llama.h:1388"
def llama_max_devices() -> int: "size_t llama_max_devices(void)\n\ninclude/llama.h:448"
def llama_max_parallel_sequences() -> int: "size_t llama_max_parallel_sequences(void)\n\ninclude/llama.h:449"
def llama_memory_can_shift(mem: llama_memory_i | None, /) -> bool: "bool llama_memory_can_shift(llama_memory_t mem)\n\ninclude/llama.h:668"
def llama_memory_clear(mem: llama_memory_i | None, data: bool, /) -> None: "void llama_memory_clear(llama_memory_t mem, bool data)\n\ninclude/llama.h:602"
def llama_memory_seq_add(mem: llama_memory_i | None, seq_id: int, p0: int, p1: int, delta: int, /) -> None: "void llama_memory_seq_add(llama_memory_t mem, llama_seq_id seq_id, llama_pos p0, llama_pos p1, llama_pos delta)\n\ninclude/llama.h:635"
def llama_memory_seq_cp(mem: llama_memory_i | None, seq_id_src: int, seq_id_dst: int, p0: int, p1: int, /) -> None: "void llama_memory_seq_cp(llama_memory_t mem, llama_seq_id seq_id_src, llama_seq_id seq_id_dst, llama_pos p0, llama_pos p1)\n\ninclude/llama.h:620"
def llama_memory_seq_div(mem: llama_memory_i | None, seq_id: int, p0: int, p1: int, d: int, /) -> None: "void llama_memory_seq_div(llama_memory_t mem, llama_seq_id seq_id, llama_pos p0, llama_pos p1, int d)\n\ninclude/llama.h:645"
def llama_memory_seq_keep(mem: llama_memory_i | None, seq_id: int, /) -> None: "void llama_memory_seq_keep(llama_memory_t mem, llama_seq_id seq_id)\n\ninclude/llama.h:628"
def llama_memory_seq_pos_max(mem: llama_memory_i | None, seq_id: int, /) -> int: "llama_pos llama_memory_seq_pos_max(llama_memory_t mem, llama_seq_id seq_id)\n\ninclude/llama.h:663"
def llama_memory_seq_pos_min(mem: llama_memory_i | None, seq_id: int, /) -> int: "llama_pos llama_memory_seq_pos_min(llama_memory_t mem, llama_seq_id seq_id)\n\ninclude/llama.h:656"
def llama_memory_seq_rm(mem: llama_memory_i | None, seq_id: int, p0: int, p1: int, /) -> bool: "bool llama_memory_seq_rm(llama_memory_t mem, llama_seq_id seq_id, llama_pos p0, llama_pos p1)\n\ninclude/llama.h:611"
def llama_model_chat_template(model: llama_model | None, name: _Text, /) -> bytes | Any: "const char * llama_model_chat_template(const struct llama_model * model, const char * name)\n\ninclude/llama.h:524"
def llama_model_cls_label(model: llama_model | None, i: int, /) -> bytes | Any: "const char * llama_model_cls_label(const struct llama_model * model, uint32_t i)\n\ninclude/llama.h:492"
def llama_model_decoder_start_token(model: llama_model | None, /) -> int: "llama_token llama_model_decoder_start_token(const struct llama_model * model)\n\ninclude/llama.h:537"
def llama_model_default_params() -> llama_model_params: "struct llama_model_params llama_model_default_params(void)\n\ninclude/llama.h:382"
def llama_model_desc(model: llama_model | None, buf: _To[c_char], buf_size: int, /) -> int: "int32_t llama_model_desc(const struct llama_model * model, char * buf, size_t buf_size)\n\ninclude/llama.h:517"
def llama_model_free(model: llama_model | None, /) -> None: "void llama_model_free(struct llama_model * model)\n\ninclude/llama.h:432"
def llama_model_get_vocab(model: llama_model | None, /) -> llama_vocab | None: "const struct llama_vocab * llama_model_get_vocab(const struct llama_model * model)\n\ninclude/llama.h:474"
def llama_model_has_decoder(model: llama_model | None, /) -> bool: "bool llama_model_has_decoder(const struct llama_model * model)\n\ninclude/llama.h:533"
def llama_model_has_encoder(model: llama_model | None, /) -> bool: "bool llama_model_has_encoder(const struct llama_model * model)\n\ninclude/llama.h:530"
def llama_model_is_diffusion(model: llama_model | None, /) -> bool: "bool llama_model_is_diffusion(const struct llama_model * model)\n\ninclude/llama.h:543"
def llama_model_is_recurrent(model: llama_model | None, /) -> bool: "bool llama_model_is_recurrent(const struct llama_model * model)\n\ninclude/llama.h:540"
def llama_model_load_from_file(path_model: _Text, params: llama_model_params, /) -> llama_model | None: "struct llama_model * llama_model_load_from_file(const char * path_model, struct llama_model_params params)\n\ninclude/llama.h:414"
def llama_model_load_from_splits(paths: _To[c_char_p], n_paths: int, params: llama_model_params, /) -> llama_model | None: "struct llama_model * llama_model_load_from_splits(const char ** paths, size_t n_paths, struct llama_model_params params)\n\ninclude/llama.h:420"
def llama_model_meta_count(model: llama_model | None, /) -> int: "int32_t llama_model_meta_count(const struct llama_model * model)\n\ninclude/llama.h:508"
def llama_model_meta_key_by_index(model: llama_model | None, i: int, buf: _To[c_char], buf_size: int, /) -> int: "int32_t llama_model_meta_key_by_index(const struct llama_model * model, int32_t i, char * buf, size_t buf_size)\n\ninclude/llama.h:511"
def llama_model_meta_val_str(model: llama_model | None, key: _Text, buf: _To[c_char], buf_size: int, /) -> int: "int32_t llama_model_meta_val_str(const struct llama_model * model, const char * key, char * buf, size_t buf_size)\n\ninclude/llama.h:505"
def llama_model_meta_val_str_by_index(model: llama_model | None, i: int, buf: _To[c_char], buf_size: int, /) -> int: "int32_t llama_model_meta_val_str_by_index(const struct llama_model * model, int32_t i, char * buf, size_t buf_size)\n\ninclude/llama.h:514"
def llama_model_n_cls_out(model: llama_model | None, /) -> int: "uint32_t llama_model_n_cls_out(const struct llama_model * model)\n\ninclude/llama.h:489"
def llama_model_n_ctx_train(model: llama_model | None, /) -> int: "int32_t llama_model_n_ctx_train(const struct llama_model * model)\n\ninclude/llama.h:477"
def llama_model_n_embd(model: llama_model | None, /) -> int: "int32_t llama_model_n_embd(const struct llama_model * model)\n\ninclude/llama.h:478"
def llama_model_n_head(model: llama_model | None, /) -> int: "int32_t llama_model_n_head(const struct llama_model * model)\n\ninclude/llama.h:480"
def llama_model_n_head_kv(model: llama_model | None, /) -> int: "int32_t llama_model_n_head_kv(const struct llama_model * model)\n\ninclude/llama.h:481"
def llama_model_n_layer(model: llama_model | None, /) -> int: "int32_t llama_model_n_layer(const struct llama_model * model)\n\ninclude/llama.h:479"
def llama_model_n_params(model: llama_model | None, /) -> int: "uint64_t llama_model_n_params(const struct llama_model * model)\n\ninclude/llama.h:527"
def llama_model_n_swa(model: llama_model | None, /) -> int: "int32_t llama_model_n_swa(const struct llama_model * model)\n\ninclude/llama.h:482"
def llama_model_quantize(fname_inp: _Text, fname_out: _Text, params: _To[llama_model_quantize_params] | llama_model_quantize_params, /) -> int: "uint32_t llama_model_quantize(const char * fname_inp, const char * fname_out, const llama_model_quantize_params * params)\n\ninclude/llama.h:546"
def llama_model_quantize_default_params() -> llama_model_quantize_params: "struct llama_model_quantize_params llama_model_quantize_default_params(void)\n\ninclude/llama.h:385"
def llama_model_rope_freq_scale_train(model: llama_model | None, /) -> float: "float llama_model_rope_freq_scale_train(const struct llama_model * model)\n\ninclude/llama.h:485"
def llama_model_rope_type(model: llama_model | None, /) -> int: "enum llama_rope_type llama_model_rope_type(const struct llama_model * model)\n\ninclude/llama.h:475"
def llama_model_save_to_file(model: llama_model | None, path_model: _Text, /) -> None: "void llama_model_save_to_file(const struct llama_model * model, const char * path_model)\n\ninclude/llama.h:425"
def llama_model_size(model: llama_model | None, /) -> int: "uint64_t llama_model_size(const struct llama_model * model)\n\ninclude/llama.h:520"
def llama_n_batch(ctx: llama_context | None, /) -> int: "uint32_t llama_n_batch(const struct llama_context * ctx)\n\ninclude/llama.h:457"
def llama_n_ctx(ctx: llama_context | None, /) -> int: "uint32_t llama_n_ctx(const struct llama_context * ctx)\n\ninclude/llama.h:456"
@deprecated("use llama_model_n_ctx_train instead")
def llama_n_ctx_train(model: llama_model | None, /) -> int: "int32_t llama_n_ctx_train(const struct llama_model * model)\n\ninclude/llama.h:461"
@deprecated("use llama_model_n_embd instead")
def llama_n_embd(model: llama_model | None, /) -> int: "int32_t llama_n_embd(const struct llama_model * model)\n\ninclude/llama.h:462"
@deprecated("use llama_model_n_head instead")
def llama_n_head(model: llama_model | None, /) -> int: "int32_t llama_n_head(const struct llama_model * model)\n\ninclude/llama.h:464"
@deprecated("use llama_model_n_layer instead")
def llama_n_layer(model: llama_model | None, /) -> int: "int32_t llama_n_layer(const struct llama_model * model)\n\ninclude/llama.h:463"
def llama_n_seq_max(ctx: llama_context | None, /) -> int: "uint32_t llama_n_seq_max(const struct llama_context * ctx)\n\ninclude/llama.h:459"
def llama_n_threads(ctx: llama_context | None, /) -> int: "int32_t llama_n_threads(struct llama_context * ctx)\n\ninclude/llama.h:934"
def llama_n_threads_batch(ctx: llama_context | None, /) -> int: "int32_t llama_n_threads_batch(struct llama_context * ctx)\n\ninclude/llama.h:937"
def llama_n_ubatch(ctx: llama_context | None, /) -> int: "uint32_t llama_n_ubatch(const struct llama_context * ctx)\n\ninclude/llama.h:458"
@deprecated("use llama_vocab_n_tokens instead")
def llama_n_vocab(vocab: llama_vocab | None, /) -> int: "int32_t llama_n_vocab(const struct llama_vocab * vocab)\n\ninclude/llama.h:466"
@deprecated("use llama_init_from_model instead")
def llama_new_context_with_model(model: llama_model | None, params: llama_context_params, /) -> llama_context | None: "struct llama_context * llama_new_context_with_model(struct llama_model * model, struct llama_context_params params)\n\ninclude/llama.h:438"
def llama_numa_init(numa: int, /) -> None: "void llama_numa_init(enum ggml_numa_strategy numa)\n\ninclude/llama.h:396"
def llama_opt_epoch(lctx: llama_context | None, dataset: ggml_opt_dataset | None, result_train: ggml_opt_result | None, result_eval: ggml_opt_result | None, idata_split: int, callback_train: ggml_opt_epoch_callback | None, callback_eval: ggml_opt_epoch_callback | None, /) -> None: "void llama_opt_epoch(struct llama_context * lctx, ggml_opt_dataset_t dataset, ggml_opt_result_t result_train, ggml_opt_result_t result_eval, int64_t idata_split, ggml_opt_epoch_callback callback_train, ggml_opt_epoch_callback callback_eval)\n\ninclude/llama.h:1444"
def llama_opt_init(lctx: llama_context | None, model: llama_model | None, lopt_params: llama_opt_params, /) -> None: "void llama_opt_init(struct llama_context * lctx, struct llama_model * model, struct llama_opt_params lopt_params)\n\ninclude/llama.h:1442"
@_is(llama_opt_param_filter)
def llama_opt_param_filter_all(tensor: _To[ggml_tensor] | ggml_tensor, userdata: _Void, /) -> bool: "bool llama_opt_param_filter_all(const struct ggml_tensor * tensor, void * userdata)\n\ninclude/llama.h:1430"
def llama_perf_context(ctx: llama_context | None, /) -> llama_perf_context_data: "struct llama_perf_context_data llama_perf_context(const struct llama_context * ctx)\n\ninclude/llama.h:1413"
def llama_perf_context_print(ctx: llama_context | None, /) -> None: "void llama_perf_context_print(const struct llama_context * ctx)\n\ninclude/llama.h:1414"
def llama_perf_context_reset(ctx: llama_context | None, /) -> None: "void llama_perf_context_reset(struct llama_context * ctx)\n\ninclude/llama.h:1415"
def llama_perf_sampler(chain: _To[llama_sampler] | llama_sampler, /) -> llama_perf_sampler_data: "struct llama_perf_sampler_data llama_perf_sampler(const struct llama_sampler * chain)\n\ninclude/llama.h:1418"
@_is(_llama_sampler_i_free_llama_sampler_i_reset)
def llama_perf_sampler_print(chain: _To[llama_sampler] | llama_sampler, /) -> None: "void llama_perf_sampler_print(const struct llama_sampler * chain)\n\ninclude/llama.h:1419"
@_is(_llama_sampler_i_free_llama_sampler_i_reset)
def llama_perf_sampler_reset(chain: _To[llama_sampler] | llama_sampler, /) -> None: "void llama_perf_sampler_reset(struct llama_sampler * chain)\n\ninclude/llama.h:1420"
def llama_pooling_type(ctx: llama_context | None, /) -> int: "enum llama_pooling_type llama_pooling_type(const struct llama_context * ctx)\n\ninclude/llama.h:470"
def llama_print_system_info() -> bytes | Any: "const char * llama_print_system_info(void)\n\ninclude/llama.h:1384"
def llama_rm_adapter_lora(ctx: llama_context | None, adapter: llama_adapter_lora | None, /) -> int: "int32_t llama_rm_adapter_lora(struct llama_context * ctx, struct llama_adapter_lora * adapter)\n\ninclude/llama.h:575"
@_is(llama_sampler_i_accept)
def llama_sampler_accept(smpl: _To[llama_sampler] | llama_sampler, token: int, /) -> None: "void llama_sampler_accept(struct llama_sampler * smpl, llama_token token)\n\ninclude/llama.h:1194"
@_is(llama_sampler_i_apply)
def llama_sampler_apply(smpl: _To[llama_sampler] | llama_sampler, cur_p: _To[llama_token_data_array] | llama_token_data_array, /) -> None: "void llama_sampler_apply(struct llama_sampler * smpl, llama_token_data_array * cur_p)\n\ninclude/llama.h:1195"
def llama_sampler_chain_add(chain: _To[llama_sampler] | llama_sampler, smpl: _To[llama_sampler] | llama_sampler, /) -> None: "void llama_sampler_chain_add(struct llama_sampler * chain, struct llama_sampler * smpl)\n\ninclude/llama.h:1207"
def llama_sampler_chain_default_params() -> llama_sampler_chain_params: "struct llama_sampler_chain_params llama_sampler_chain_default_params(void)\n\ninclude/llama.h:384"
def llama_sampler_chain_get(chain: _To[llama_sampler] | llama_sampler, i: int, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_chain_get(const struct llama_sampler * chain, int32_t i)\n\ninclude/llama.h:1208"
def llama_sampler_chain_init(params: llama_sampler_chain_params, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_chain_init(struct llama_sampler_chain_params params)\n\ninclude/llama.h:1204"
def llama_sampler_chain_n(chain: _To[llama_sampler] | llama_sampler, /) -> int: "int llama_sampler_chain_n(const struct llama_sampler * chain)\n\ninclude/llama.h:1209"
def llama_sampler_chain_remove(chain: _To[llama_sampler] | llama_sampler, i: int, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_chain_remove(struct llama_sampler * chain, int32_t i)\n\ninclude/llama.h:1212"
@_is(llama_sampler_i_clone)
def llama_sampler_clone(smpl: _To[llama_sampler] | llama_sampler, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_clone(const struct llama_sampler * smpl)\n\ninclude/llama.h:1197"
@_is(_llama_sampler_i_free_llama_sampler_i_reset)
def llama_sampler_free(smpl: _To[llama_sampler] | llama_sampler, /) -> None: "void llama_sampler_free(struct llama_sampler * smpl)\n\ninclude/llama.h:1199"
def llama_sampler_get_seed(smpl: _To[llama_sampler] | llama_sampler, /) -> int: "uint32_t llama_sampler_get_seed(const struct llama_sampler * smpl)\n\ninclude/llama.h:1352"
def llama_sampler_init(iface: _To[llama_sampler_i] | llama_sampler_i, ctx: _Void, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init(const struct llama_sampler_i * iface, llama_sampler_context_t ctx)\n\ninclude/llama.h:1192"
def llama_sampler_init_dist(seed: int, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_dist(uint32_t seed)\n\ninclude/llama.h:1217"
def llama_sampler_init_dry(vocab: llama_vocab | None, n_ctx_train: int, dry_multiplier: float, dry_base: float, dry_allowed_length: int, dry_penalty_last_n: int, seq_breakers: _To[c_char_p], num_breakers: int, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_dry(const struct llama_vocab * vocab, int32_t n_ctx_train, float dry_multiplier, float dry_base, int32_t dry_allowed_length, int32_t dry_penalty_last_n, const char ** seq_breakers, size_t num_breakers)\n\ninclude/llama.h:1313"
def llama_sampler_init_grammar(vocab: llama_vocab | None, grammar_str: _Text, grammar_root: _Text, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_grammar(const struct llama_vocab * vocab, const char * grammar_str, const char * grammar_root)\n\ninclude/llama.h:1276"
@deprecated("use llama_sampler_init_grammar_lazy_patterns instead")
def llama_sampler_init_grammar_lazy(vocab: llama_vocab | None, grammar_str: _Text, grammar_root: _Text, trigger_words: _To[c_char_p], num_trigger_words: int, trigger_tokens: _To[llama_token], num_trigger_tokens: int, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_grammar_lazy(const struct llama_vocab * vocab, const char * grammar_str, const char * grammar_root, const char ** trigger_words, size_t num_trigger_words, const llama_token * trigger_tokens, size_t num_trigger_tokens)\n\ninclude/llama.h:1281"
def llama_sampler_init_grammar_lazy_patterns(vocab: llama_vocab | None, grammar_str: _Text, grammar_root: _Text, trigger_patterns: _To[c_char_p], num_trigger_patterns: int, trigger_tokens: _To[llama_token], num_trigger_tokens: int, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_grammar_lazy_patterns(const struct llama_vocab * vocab, const char * grammar_str, const char * grammar_root, const char ** trigger_patterns, size_t num_trigger_patterns, const llama_token * trigger_tokens, size_t num_trigger_tokens)\n\ninclude/llama.h:1295"
def llama_sampler_init_greedy() -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_greedy(void)\n\ninclude/llama.h:1216"
def llama_sampler_init_infill(vocab: llama_vocab | None, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_infill(const struct llama_vocab * vocab)\n\ninclude/llama.h:1349"
def llama_sampler_init_logit_bias(n_vocab: int, n_logit_bias: int, logit_bias: _To[llama_logit_bias] | llama_logit_bias, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_logit_bias(int32_t n_vocab, int32_t n_logit_bias, const llama_logit_bias * logit_bias)\n\ninclude/llama.h:1323"
def llama_sampler_init_min_p(p: float, min_keep: int, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_min_p(float p, size_t min_keep)\n\ninclude/llama.h:1232"
def llama_sampler_init_mirostat(n_vocab: int, seed: int, tau: float, eta: float, m: int, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_mirostat(int32_t n_vocab, uint32_t seed, float tau, float eta, int32_t m)\n\ninclude/llama.h:1255"
def llama_sampler_init_mirostat_v2(seed: int, tau: float, eta: float, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_mirostat_v2(uint32_t seed, float tau, float eta)\n\ninclude/llama.h:1267"
def llama_sampler_init_penalties(penalty_last_n: int, penalty_repeat: float, penalty_freq: float, penalty_present: float, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_penalties(int32_t penalty_last_n, float penalty_repeat, float penalty_freq, float penalty_present)\n\ninclude/llama.h:1306"
@deprecated("will be removed in the future (see https://github.com/ggml-org/llama.cpp/pull/9896#discussion_r1800920915)")
def llama_sampler_init_softmax() -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_softmax(void)\n\ninclude/llama.h:1221"
def llama_sampler_init_temp(t: float, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_temp(float t)\n\ninclude/llama.h:1238"
def llama_sampler_init_temp_ext(t: float, delta: float, exponent: float, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_temp_ext(float t, float delta, float exponent)\n\ninclude/llama.h:1241"
def llama_sampler_init_top_k(k: int, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_top_k(int32_t k)\n\ninclude/llama.h:1226"
def llama_sampler_init_top_n_sigma(n: float, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_top_n_sigma(float n)\n\ninclude/llama.h:1247"
def llama_sampler_init_top_p(p: float, min_keep: int, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_top_p(float p, size_t min_keep)\n\ninclude/llama.h:1229"
def llama_sampler_init_typical(p: float, min_keep: int, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_typical(float p, size_t min_keep)\n\ninclude/llama.h:1235"
def llama_sampler_init_xtc(p: float, t: float, min_keep: int, seed: int, /) -> _Pointer[llama_sampler]: "struct llama_sampler * llama_sampler_init_xtc(float p, float t, size_t min_keep, uint32_t seed)\n\ninclude/llama.h:1244"
@_is(llama_sampler_i_name)
def llama_sampler_name(smpl: _To[llama_sampler] | llama_sampler, /) -> bytes | Any: "const char * llama_sampler_name(const struct llama_sampler * smpl)\n\ninclude/llama.h:1193"
@_is(_llama_sampler_i_free_llama_sampler_i_reset)
def llama_sampler_reset(smpl: _To[llama_sampler] | llama_sampler, /) -> None: "void llama_sampler_reset(struct llama_sampler * smpl)\n\ninclude/llama.h:1196"
def llama_sampler_sample(smpl: _To[llama_sampler] | llama_sampler, ctx: llama_context | None, idx: int, /) -> int: "llama_token llama_sampler_sample(struct llama_sampler * smpl, struct llama_context * ctx, int32_t idx)\n\ninclude/llama.h:1364"
@deprecated("use llama_state_save_file instead")
def llama_save_session_file(ctx: llama_context | None, path_session: _Text, tokens: _To[llama_token], n_token_count: int, /) -> bool: "bool llama_save_session_file(struct llama_context * ctx, const char * path_session, const llama_token * tokens, size_t n_token_count)\n\ninclude/llama.h:829"
def llama_set_abort_callback(ctx: llama_context | None, abort_callback: ggml_abort_callback | None, abort_callback_data: _Void, /) -> None: "void llama_set_abort_callback(struct llama_context * ctx, ggml_abort_callback abort_callback, void * abort_callback_data)\n\ninclude/llama.h:952"
def llama_set_adapter_lora(ctx: llama_context | None, adapter: llama_adapter_lora | None, scale: float, /) -> int: "int32_t llama_set_adapter_lora(struct llama_context * ctx, struct llama_adapter_lora * adapter, float scale)\n\ninclude/llama.h:568"
def llama_set_causal_attn(ctx: llama_context | None, causal_attn: bool, /) -> None: "void llama_set_causal_attn(struct llama_context * ctx, bool causal_attn)\n\ninclude/llama.h:945"
def llama_set_embeddings(ctx: llama_context | None, embeddings: bool, /) -> None: "void llama_set_embeddings(struct llama_context * ctx, bool embeddings)\n\ninclude/llama.h:941"
def llama_set_n_threads(ctx: llama_context | None, n_threads: int, n_threads_batch: int, /) -> None: "void llama_set_n_threads(struct llama_context * ctx, int32_t n_threads, int32_t n_threads_batch)\n\ninclude/llama.h:931"
@deprecated("use llama_state_set_data instead")
def llama_set_state_data(ctx: llama_context | None, src: _To[c_uint8], /) -> int: "size_t llama_set_state_data(struct llama_context * ctx, const uint8_t * src)\n\ninclude/llama.h:804"
def llama_set_warmup(ctx: llama_context | None, warmup: bool, /) -> None: "void llama_set_warmup(struct llama_context * ctx, bool warmup)\n\ninclude/llama.h:949"
def llama_split_path(split_path: _To[c_char], maxlen: int, path_prefix: _Text, split_no: int, split_count: int, /) -> int: "int llama_split_path(char * split_path, size_t maxlen, const char * path_prefix, int split_no, int split_count)\n\ninclude/llama.h:1376"
def llama_split_prefix(split_prefix: _To[c_char], maxlen: int, split_path: _Text, split_no: int, split_count: int, /) -> int: "int llama_split_prefix(char * split_prefix, size_t maxlen, const char * split_path, int split_no, int split_count)\n\ninclude/llama.h:1381"
def llama_state_get_data(ctx: llama_context | None, dst: _To[c_uint8], size: int, /) -> int: "size_t llama_state_get_data(struct llama_context * ctx, uint8_t * dst, size_t size)\n\ninclude/llama.h:789"
def llama_state_get_size(ctx: llama_context | None, /) -> int: "size_t llama_state_get_size(struct llama_context * ctx)\n\ninclude/llama.h:782"
def llama_state_load_file(ctx: llama_context | None, path_session: _Text, tokens_out: _To[llama_token], n_token_capacity: int, n_token_count_out: _To[c_size_t], /) -> bool: "bool llama_state_load_file(struct llama_context * ctx, const char * path_session, llama_token * tokens_out, size_t n_token_capacity, size_t * n_token_count_out)\n\ninclude/llama.h:810"
def llama_state_save_file(ctx: llama_context | None, path_session: _Text, tokens: _To[llama_token], n_token_count: int, /) -> bool: "bool llama_state_save_file(struct llama_context * ctx, const char * path_session, const llama_token * tokens, size_t n_token_count)\n\ninclude/llama.h:824"
def llama_state_seq_get_data(ctx: llama_context | None, dst: _To[c_uint8], size: int, seq_id: int, /) -> int: "size_t llama_state_seq_get_data(struct llama_context * ctx, uint8_t * dst, size_t size, llama_seq_id seq_id)\n\ninclude/llama.h:842"
def llama_state_seq_get_size(ctx: llama_context | None, seq_id: int, /) -> int: "size_t llama_state_seq_get_size(struct llama_context * ctx, llama_seq_id seq_id)\n\ninclude/llama.h:837"
def llama_state_seq_load_file(ctx: llama_context | None, filepath: _Text, dest_seq_id: int, tokens_out: _To[llama_token], n_token_capacity: int, n_token_count_out: _To[c_size_t], /) -> int: "size_t llama_state_seq_load_file(struct llama_context * ctx, const char * filepath, llama_seq_id dest_seq_id, llama_token * tokens_out, size_t n_token_capacity, size_t * n_token_count_out)\n\ninclude/llama.h:865"
def llama_state_seq_save_file(ctx: llama_context | None, filepath: _Text, seq_id: int, tokens: _To[llama_token], n_token_count: int, /) -> int: "size_t llama_state_seq_save_file(struct llama_context * ctx, const char * filepath, llama_seq_id seq_id, const llama_token * tokens, size_t n_token_count)\n\ninclude/llama.h:858"
def llama_state_seq_set_data(ctx: llama_context | None, src: _To[c_uint8], size: int, dest_seq_id: int, /) -> int: "size_t llama_state_seq_set_data(struct llama_context * ctx, const uint8_t * src, size_t size, llama_seq_id dest_seq_id)\n\ninclude/llama.h:852"
def llama_state_set_data(ctx: llama_context | None, src: _To[c_uint8], size: int, /) -> int: "size_t llama_state_set_data(struct llama_context * ctx, const uint8_t * src, size_t size)\n\ninclude/llama.h:800"
def llama_supports_gpu_offload() -> bool: "bool llama_supports_gpu_offload(void)\n\ninclude/llama.h:453"
def llama_supports_mlock() -> bool: "bool llama_supports_mlock(void)\n\ninclude/llama.h:452"
def llama_supports_mmap() -> bool: "bool llama_supports_mmap(void)\n\ninclude/llama.h:451"
def llama_supports_rpc() -> bool: "bool llama_supports_rpc(void)\n\ninclude/llama.h:454"
def llama_synchronize(ctx: llama_context | None, /) -> None: "void llama_synchronize(struct llama_context * ctx)\n\ninclude/llama.h:957"
def llama_time_us() -> int: "int64_t llama_time_us(void)\n\ninclude/llama.h:446"
@deprecated("use llama_vocab_bos instead")
def llama_token_bos(vocab: llama_vocab | None, /) -> int: "llama_token llama_token_bos(const struct llama_vocab * vocab)\n\ninclude/llama.h:1036"
@deprecated("use llama_vocab_cls instead")
def llama_token_cls(vocab: llama_vocab | None, /) -> int: "llama_token llama_token_cls(const struct llama_vocab * vocab)\n\ninclude/llama.h:1039"
@deprecated("use llama_vocab_eos instead")
def llama_token_eos(vocab: llama_vocab | None, /) -> int: "llama_token llama_token_eos(const struct llama_vocab * vocab)\n\ninclude/llama.h:1037"
@deprecated("use llama_vocab_eot instead")
def llama_token_eot(vocab: llama_vocab | None, /) -> int: "llama_token llama_token_eot(const struct llama_vocab * vocab)\n\ninclude/llama.h:1038"
@deprecated("use llama_vocab_fim_mid instead")
def llama_token_fim_mid(vocab: llama_vocab | None, /) -> int: "llama_token llama_token_fim_mid(const struct llama_vocab * vocab)\n\ninclude/llama.h:1047"
@deprecated("use llama_vocab_fim_pad instead")
def llama_token_fim_pad(vocab: llama_vocab | None, /) -> int: "llama_token llama_token_fim_pad(const struct llama_vocab * vocab)\n\ninclude/llama.h:1048"
@deprecated("use llama_vocab_fim_pre instead")
def llama_token_fim_pre(vocab: llama_vocab | None, /) -> int: "llama_token llama_token_fim_pre(const struct llama_vocab * vocab)\n\ninclude/llama.h:1045"
@deprecated("use llama_vocab_fim_rep instead")
def llama_token_fim_rep(vocab: llama_vocab | None, /) -> int: "llama_token llama_token_fim_rep(const struct llama_vocab * vocab)\n\ninclude/llama.h:1049"
@deprecated("use llama_vocab_fim_sep instead")
def llama_token_fim_sep(vocab: llama_vocab | None, /) -> int: "llama_token llama_token_fim_sep(const struct llama_vocab * vocab)\n\ninclude/llama.h:1050"
@deprecated("use llama_vocab_fim_suf instead")
def llama_token_fim_suf(vocab: llama_vocab | None, /) -> int: "llama_token llama_token_fim_suf(const struct llama_vocab * vocab)\n\ninclude/llama.h:1046"
@deprecated("use llama_vocab_get_attr instead")
def llama_token_get_attr(vocab: llama_vocab | None, token: int, /) -> int: "enum llama_token_attr llama_token_get_attr(const struct llama_vocab * vocab, llama_token token)\n\ninclude/llama.h:1033"
@deprecated("use llama_vocab_get_score instead")
def llama_token_get_score(vocab: llama_vocab | None, token: int, /) -> float: "float llama_token_get_score(const struct llama_vocab * vocab, llama_token token)\n\ninclude/llama.h:1032"
@deprecated("use llama_vocab_get_text instead")
def llama_token_get_text(vocab: llama_vocab | None, token: int, /) -> bytes | Any: "const char * llama_token_get_text(const struct llama_vocab * vocab, llama_token token)\n\ninclude/llama.h:1031"
@deprecated("use llama_vocab_is_control instead")
def llama_token_is_control(vocab: llama_vocab | None, token: int, /) -> bool: "bool llama_token_is_control(const struct llama_vocab * vocab, llama_token token)\n\ninclude/llama.h:1035"
@deprecated("use llama_vocab_is_eog instead")
def llama_token_is_eog(vocab: llama_vocab | None, token: int, /) -> bool: "bool llama_token_is_eog(const struct llama_vocab * vocab, llama_token token)\n\ninclude/llama.h:1034"
@deprecated("use llama_vocab_nl instead")
def llama_token_nl(vocab: llama_vocab | None, /) -> int: "llama_token llama_token_nl(const struct llama_vocab * vocab)\n\ninclude/llama.h:1041"
@deprecated("use llama_vocab_pad instead")
def llama_token_pad(vocab: llama_vocab | None, /) -> int: "llama_token llama_token_pad(const struct llama_vocab * vocab)\n\ninclude/llama.h:1042"
@deprecated("use llama_vocab_sep instead")
def llama_token_sep(vocab: llama_vocab | None, /) -> int: "llama_token llama_token_sep(const struct llama_vocab * vocab)\n\ninclude/llama.h:1040"
def llama_token_to_piece(vocab: llama_vocab | None, token: int, buf: _To[c_char], length: int, lstrip: int, special: bool, /) -> int: "int32_t llama_token_to_piece(const struct llama_vocab * vocab, llama_token token, char * buf, int32_t length, int32_t lstrip, bool special)\n\ninclude/llama.h:1084"
def llama_tokenize(vocab: llama_vocab | None, text: _Text, text_len: int, tokens: _To[llama_token], n_tokens_max: int, add_special: bool, parse_special: bool, /) -> int: "int32_t llama_tokenize(const struct llama_vocab * vocab, const char * text, int32_t text_len, llama_token * tokens, int32_t n_tokens_max, bool add_special, bool parse_special)\n\ninclude/llama.h:1070"
def llama_vocab_bos(vocab: llama_vocab | None, /) -> int: "llama_token llama_vocab_bos(const struct llama_vocab * vocab)\n\ninclude/llama.h:1012"
@deprecated("use llama_vocab_bos instead")
def llama_vocab_cls(vocab: llama_vocab | None, /) -> int: "llama_token llama_vocab_cls(const struct llama_vocab * vocab)\n\ninclude/llama.h:1053"
def llama_vocab_eos(vocab: llama_vocab | None, /) -> int: "llama_token llama_vocab_eos(const struct llama_vocab * vocab)\n\ninclude/llama.h:1013"
def llama_vocab_eot(vocab: llama_vocab | None, /) -> int: "llama_token llama_vocab_eot(const struct llama_vocab * vocab)\n\ninclude/llama.h:1014"
def llama_vocab_fim_mid(vocab: llama_vocab | None, /) -> int: "llama_token llama_vocab_fim_mid(const struct llama_vocab * vocab)\n\ninclude/llama.h:1026"
def llama_vocab_fim_pad(vocab: llama_vocab | None, /) -> int: "llama_token llama_vocab_fim_pad(const struct llama_vocab * vocab)\n\ninclude/llama.h:1027"
def llama_vocab_fim_pre(vocab: llama_vocab | None, /) -> int: "llama_token llama_vocab_fim_pre(const struct llama_vocab * vocab)\n\ninclude/llama.h:1024"
def llama_vocab_fim_rep(vocab: llama_vocab | None, /) -> int: "llama_token llama_vocab_fim_rep(const struct llama_vocab * vocab)\n\ninclude/llama.h:1028"
def llama_vocab_fim_sep(vocab: llama_vocab | None, /) -> int: "llama_token llama_vocab_fim_sep(const struct llama_vocab * vocab)\n\ninclude/llama.h:1029"
def llama_vocab_fim_suf(vocab: llama_vocab | None, /) -> int: "llama_token llama_vocab_fim_suf(const struct llama_vocab * vocab)\n\ninclude/llama.h:1025"
def llama_vocab_get_add_bos(vocab: llama_vocab | None, /) -> bool: "bool llama_vocab_get_add_bos(const struct llama_vocab * vocab)\n\ninclude/llama.h:1020"
def llama_vocab_get_add_eos(vocab: llama_vocab | None, /) -> bool: "bool llama_vocab_get_add_eos(const struct llama_vocab * vocab)\n\ninclude/llama.h:1021"
def llama_vocab_get_add_sep(vocab: llama_vocab | None, /) -> bool: "bool llama_vocab_get_add_sep(const struct llama_vocab * vocab)\n\ninclude/llama.h:1022"
def llama_vocab_get_attr(vocab: llama_vocab | None, token: int, /) -> int: "enum llama_token_attr llama_vocab_get_attr(const struct llama_vocab * vocab, llama_token token)\n\ninclude/llama.h:1003"
def llama_vocab_get_score(vocab: llama_vocab | None, token: int, /) -> float: "float llama_vocab_get_score(const struct llama_vocab * vocab, llama_token token)\n\ninclude/llama.h:1001"
def llama_vocab_get_text(vocab: llama_vocab | None, token: int, /) -> bytes | Any: "const char * llama_vocab_get_text(const struct llama_vocab * vocab, llama_token token)\n\ninclude/llama.h:999"
def llama_vocab_is_control(vocab: llama_vocab | None, token: int, /) -> bool: "bool llama_vocab_is_control(const struct llama_vocab * vocab, llama_token token)\n\ninclude/llama.h:1009"
def llama_vocab_is_eog(vocab: llama_vocab | None, token: int, /) -> bool: "bool llama_vocab_is_eog(const struct llama_vocab * vocab, llama_token token)\n\ninclude/llama.h:1006"
def llama_vocab_mask(vocab: llama_vocab | None, /) -> int: "llama_token llama_vocab_mask(const struct llama_vocab * vocab)\n\ninclude/llama.h:1018"
def llama_vocab_n_tokens(vocab: llama_vocab | None, /) -> int: "int32_t llama_vocab_n_tokens(const struct llama_vocab * vocab)\n\ninclude/llama.h:496"
def llama_vocab_nl(vocab: llama_vocab | None, /) -> int: "llama_token llama_vocab_nl(const struct llama_vocab * vocab)\n\ninclude/llama.h:1016"
def llama_vocab_pad(vocab: llama_vocab | None, /) -> int: "llama_token llama_vocab_pad(const struct llama_vocab * vocab)\n\ninclude/llama.h:1017"
def llama_vocab_sep(vocab: llama_vocab | None, /) -> int: "llama_token llama_vocab_sep(const struct llama_vocab * vocab)\n\ninclude/llama.h:1015"
def llama_vocab_type(vocab: llama_vocab | None, /) -> int: "enum llama_vocab_type llama_vocab_type(const struct llama_vocab * vocab)\n\ninclude/llama.h:494"
def mtmd_bitmap_free(bitmap: mtmd_bitmap | None, /) -> None: "void mtmd_bitmap_free(mtmd_bitmap * bitmap)\n\ntools/mtmd/mtmd.h:130"
def mtmd_bitmap_get_data(bitmap: mtmd_bitmap | None, /) -> _Pointer[c_ubyte]: "const unsigned char * mtmd_bitmap_get_data(const mtmd_bitmap * bitmap)\n\ntools/mtmd/mtmd.h:127"
def mtmd_bitmap_get_id(bitmap: mtmd_bitmap | None, /) -> bytes | Any: "const char * mtmd_bitmap_get_id(const mtmd_bitmap * bitmap)\n\ntools/mtmd/mtmd.h:133"
def mtmd_bitmap_get_n_bytes(bitmap: mtmd_bitmap | None, /) -> int: "size_t mtmd_bitmap_get_n_bytes(const mtmd_bitmap * bitmap)\n\ntools/mtmd/mtmd.h:128"
def mtmd_bitmap_get_nx(bitmap: mtmd_bitmap | None, /) -> int: "uint32_t mtmd_bitmap_get_nx(const mtmd_bitmap * bitmap)\n\ntools/mtmd/mtmd.h:125"
def mtmd_bitmap_get_ny(bitmap: mtmd_bitmap | None, /) -> int: "uint32_t mtmd_bitmap_get_ny(const mtmd_bitmap * bitmap)\n\ntools/mtmd/mtmd.h:126"
def mtmd_bitmap_init(nx: int, ny: int, data: _To[c_ubyte], /) -> mtmd_bitmap | None: "mtmd_bitmap * mtmd_bitmap_init(uint32_t nx, uint32_t ny, const unsigned char * data)\n\ntools/mtmd/mtmd.h:123"
def mtmd_bitmap_init_from_audio(n_samples: int, data: _To[c_float], /) -> mtmd_bitmap | None: "mtmd_bitmap * mtmd_bitmap_init_from_audio(size_t n_samples, const float * data)\n\ntools/mtmd/mtmd.h:124"
def mtmd_bitmap_is_audio(bitmap: mtmd_bitmap | None, /) -> bool: "bool mtmd_bitmap_is_audio(const mtmd_bitmap * bitmap)\n\ntools/mtmd/mtmd.h:129"
def mtmd_bitmap_set_id(bitmap: mtmd_bitmap | None, id: _Text, /) -> None: "void mtmd_bitmap_set_id(mtmd_bitmap * bitmap, const char * id)\n\ntools/mtmd/mtmd.h:134"
def mtmd_context_params_default() -> mtmd_context_params: "struct mtmd_context_params mtmd_context_params_default(void)\n\ntools/mtmd/mtmd.h:89"
def mtmd_decode_use_mrope(ctx: mtmd_context | None, /) -> bool: "bool mtmd_decode_use_mrope(mtmd_context * ctx)\n\ntools/mtmd/mtmd.h:103"
def mtmd_decode_use_non_causal(ctx: mtmd_context | None, /) -> bool: "bool mtmd_decode_use_non_causal(mtmd_context * ctx)\n\ntools/mtmd/mtmd.h:100"
def mtmd_default_marker() -> bytes | Any: "const char * mtmd_default_marker(void)\n\ntools/mtmd/mtmd.h:87"
def mtmd_encode(ctx: mtmd_context | None, image_tokens: mtmd_image_tokens | None, /) -> int: "int32_t mtmd_encode(mtmd_context * ctx, const mtmd_image_tokens * image_tokens)\n\ntools/mtmd/mtmd.h:201"
def mtmd_encode_chunk(ctx: mtmd_context | None, chunk: mtmd_input_chunk | None, /) -> int: "int32_t mtmd_encode_chunk(mtmd_context * ctx, const mtmd_input_chunk * chunk)\n\ntools/mtmd/mtmd.h:205"
def mtmd_free(ctx: mtmd_context | None, /) -> None: "void mtmd_free(mtmd_context * ctx)\n\ntools/mtmd/mtmd.h:97"
def mtmd_get_audio_bitrate(ctx: mtmd_context | None, /) -> int: "int mtmd_get_audio_bitrate(mtmd_context * ctx)\n\ntools/mtmd/mtmd.h:113"
def mtmd_get_output_embd(ctx: mtmd_context | None, /) -> _Pointer[c_float]: "float * mtmd_get_output_embd(mtmd_context * ctx)\n\ntools/mtmd/mtmd.h:211"
def mtmd_helper_bitmap_init_from_buf(ctx: mtmd_context | None, buf: _To[c_ubyte], len: int, /) -> mtmd_bitmap | None: "mtmd_bitmap * mtmd_helper_bitmap_init_from_buf(mtmd_context * ctx, const unsigned char * buf, size_t len)\n\ntools/mtmd/mtmd-helper.h:36"
def mtmd_helper_bitmap_init_from_file(ctx: mtmd_context | None, fname: _Text, /) -> mtmd_bitmap | None: "mtmd_bitmap * mtmd_helper_bitmap_init_from_file(mtmd_context * ctx, const char * fname)\n\ntools/mtmd/mtmd-helper.h:27"
def mtmd_helper_decode_image_chunk(ctx: mtmd_context | None, lctx: llama_context | None, chunk: mtmd_input_chunk | None, encoded_embd: _To[c_float], n_past: int, seq_id: int, n_batch: int, new_n_past: _To[llama_pos], /) -> int: "int32_t mtmd_helper_decode_image_chunk(mtmd_context * ctx, struct llama_context * lctx, const mtmd_input_chunk * chunk, float * encoded_embd, llama_pos n_past, llama_seq_id seq_id, int32_t n_batch, llama_pos * new_n_past)\n\ntools/mtmd/mtmd-helper.h:74"
def mtmd_helper_eval_chunk_single(ctx: mtmd_context | None, lctx: llama_context | None, chunk: mtmd_input_chunk | None, n_past: int, seq_id: int, n_batch: int, logits_last: bool, new_n_past: _To[llama_pos], /) -> int: "int32_t mtmd_helper_eval_chunk_single(mtmd_context * ctx, struct llama_context * lctx, const mtmd_input_chunk * chunk, llama_pos n_past, llama_seq_id seq_id, int32_t n_batch, bool logits_last, llama_pos * new_n_past)\n\ntools/mtmd/mtmd-helper.h:62"
def mtmd_helper_eval_chunks(ctx: mtmd_context | None, lctx: llama_context | None, chunks: mtmd_input_chunks | None, n_past: int, seq_id: int, n_batch: int, logits_last: bool, new_n_past: _To[llama_pos], /) -> int: "int32_t mtmd_helper_eval_chunks(mtmd_context * ctx, struct llama_context * lctx, const mtmd_input_chunks * chunks, llama_pos n_past, llama_seq_id seq_id, int32_t n_batch, bool logits_last, llama_pos * new_n_past)\n\ntools/mtmd/mtmd-helper.h:51"
def mtmd_helper_get_n_pos(chunks: mtmd_input_chunks | None, /) -> int: "llama_pos mtmd_helper_get_n_pos(const mtmd_input_chunks * chunks)\n\ntools/mtmd/mtmd-helper.h:43"
def mtmd_helper_get_n_tokens(chunks: mtmd_input_chunks | None, /) -> int: "size_t mtmd_helper_get_n_tokens(const mtmd_input_chunks * chunks)\n\ntools/mtmd/mtmd-helper.h:39"
def mtmd_image_tokens_get_id(image_tokens: mtmd_image_tokens | None, /) -> bytes | Any: "const char * mtmd_image_tokens_get_id(const mtmd_image_tokens * image_tokens)\n\ntools/mtmd/mtmd.h:173"
def mtmd_image_tokens_get_n_pos(image_tokens: mtmd_image_tokens | None, /) -> int: "llama_pos mtmd_image_tokens_get_n_pos(const mtmd_image_tokens * image_tokens)\n\ntools/mtmd/mtmd.h:175"
def mtmd_image_tokens_get_n_tokens(image_tokens: mtmd_image_tokens | None, /) -> int: "size_t mtmd_image_tokens_get_n_tokens(const mtmd_image_tokens * image_tokens)\n\ntools/mtmd/mtmd.h:170"
def mtmd_image_tokens_get_nx(image_tokens: mtmd_image_tokens | None, /) -> int: "size_t mtmd_image_tokens_get_nx(const mtmd_image_tokens * image_tokens)\n\ntools/mtmd/mtmd.h:171"
def mtmd_image_tokens_get_ny(image_tokens: mtmd_image_tokens | None, /) -> int: "size_t mtmd_image_tokens_get_ny(const mtmd_image_tokens * image_tokens)\n\ntools/mtmd/mtmd.h:172"
def mtmd_init_from_file(mmproj_fname: _Text, text_model: llama_model | None, ctx_params: mtmd_context_params, /) -> mtmd_context | None: "mtmd_context * mtmd_init_from_file(const char * mmproj_fname, const struct llama_model * text_model, const struct mtmd_context_params ctx_params)\n\ntools/mtmd/mtmd.h:93"
def mtmd_input_chunk_copy(chunk: mtmd_input_chunk | None, /) -> mtmd_input_chunk | None: "mtmd_input_chunk * mtmd_input_chunk_copy(const mtmd_input_chunk * chunk)\n\ntools/mtmd/mtmd.h:162"
def mtmd_input_chunk_free(chunk: mtmd_input_chunk | None, /) -> None: "void mtmd_input_chunk_free(mtmd_input_chunk * chunk)\n\ntools/mtmd/mtmd.h:163"
def mtmd_input_chunk_get_id(chunk: mtmd_input_chunk | None, /) -> bytes | Any: "const char * mtmd_input_chunk_get_id(const mtmd_input_chunk * chunk)\n\ntools/mtmd/mtmd.h:155"
def mtmd_input_chunk_get_n_pos(chunk: mtmd_input_chunk | None, /) -> int: "llama_pos mtmd_input_chunk_get_n_pos(const mtmd_input_chunk * chunk)\n\ntools/mtmd/mtmd.h:157"
def mtmd_input_chunk_get_n_tokens(chunk: mtmd_input_chunk | None, /) -> int: "size_t mtmd_input_chunk_get_n_tokens(const mtmd_input_chunk * chunk)\n\ntools/mtmd/mtmd.h:153"
def mtmd_input_chunk_get_tokens_image(chunk: mtmd_input_chunk | None, /) -> mtmd_image_tokens | None: "const mtmd_image_tokens * mtmd_input_chunk_get_tokens_image(const mtmd_input_chunk * chunk)\n\ntools/mtmd/mtmd.h:152"
def mtmd_input_chunk_get_tokens_text(chunk: mtmd_input_chunk | None, n_tokens_output: _To[c_size_t], /) -> _Pointer[llama_token]: "const llama_token * mtmd_input_chunk_get_tokens_text(const mtmd_input_chunk * chunk, size_t * n_tokens_output)\n\ntools/mtmd/mtmd.h:151"
def mtmd_input_chunk_get_type(chunk: mtmd_input_chunk | None, /) -> int: "enum mtmd_input_chunk_type mtmd_input_chunk_get_type(const mtmd_input_chunk * chunk)\n\ntools/mtmd/mtmd.h:150"
def mtmd_input_chunks_free(chunks: mtmd_input_chunks | None, /) -> None: "void mtmd_input_chunks_free(mtmd_input_chunks * chunks)\n\ntools/mtmd/mtmd.h:144"
def mtmd_input_chunks_get(chunks: mtmd_input_chunks | None, idx: int, /) -> mtmd_input_chunk | None: "const mtmd_input_chunk * mtmd_input_chunks_get(const mtmd_input_chunks * chunks, size_t idx)\n\ntools/mtmd/mtmd.h:143"
def mtmd_input_chunks_init() -> mtmd_input_chunks | None: "mtmd_input_chunks * mtmd_input_chunks_init(void)\n\ntools/mtmd/mtmd.h:141"
def mtmd_input_chunks_size(chunks: mtmd_input_chunks | None, /) -> int: "size_t mtmd_input_chunks_size(const mtmd_input_chunks * chunks)\n\ntools/mtmd/mtmd.h:142"
def mtmd_support_audio(ctx: mtmd_context | None, /) -> bool: "bool mtmd_support_audio(mtmd_context * ctx)\n\ntools/mtmd/mtmd.h:109"
def mtmd_support_vision(ctx: mtmd_context | None, /) -> bool: "bool mtmd_support_vision(mtmd_context * ctx)\n\ntools/mtmd/mtmd.h:106"
def mtmd_test_create_input_chunks() -> mtmd_input_chunks | None: "mtmd_input_chunks * mtmd_test_create_input_chunks(void)\n\ntools/mtmd/mtmd.h:216"
def mtmd_tokenize(ctx: mtmd_context | None, output: mtmd_input_chunks | None, text: _To[mtmd_input_text] | mtmd_input_text, bitmaps: _To[mtmd_bitmap], n_bitmaps: int, /) -> int: "int32_t mtmd_tokenize(mtmd_context * ctx, mtmd_input_chunks * output, const mtmd_input_text * text, const mtmd_bitmap ** bitmaps, size_t n_bitmaps)\n\ntools/mtmd/mtmd.h:193"
