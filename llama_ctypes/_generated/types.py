# Generated from the public headers of llama.cpp b6124
# (sha256 3ca7b56b40928200fffa7dbe75758cd4648c1d08d9f9ed825bc3cc563269ede3)
# by build_scripts, generator 4. Do not edit: `python3 -m build_scripts generate`.
# seal fa9198c37c6498e1292b276437430253909680e178f5f7169f955b3bc3aa381f
from ctypes import (
    POINTER,
    c_bool,
    c_byte,
    c_char,
    c_char_p,
    c_double,
    c_float,
    c_int,
    c_int16,
    c_int32,
    c_int64,
    c_int8,
    c_long,
    c_longdouble,
    c_longlong,
    c_short,
    c_size_t,
    c_ssize_t,
    c_ubyte,
    c_uint,
    c_uint16,
    c_uint32,
    c_uint64,
    c_uint8,
    c_ulong,
    c_ulonglong,
    c_ushort,
    c_void_p,
    c_wchar,
)

from .._callback import callback
from .._record import Handle, Interface, Structure, Union

P = POINTER

# -- Handles: pointers to structs with hidden members, each a separate type.

class FILE(Handle):
    """`FILE *` (<stdio.h>)"""


class ggml_backend(Handle):
    """`struct ggml_backend *` (ggml/include/ggml-alloc.h:11)"""


class ggml_backend_buffer(Handle):
    """`struct ggml_backend_buffer *` (ggml/include/ggml.h:614)"""


class ggml_backend_buffer_type(Handle):
    """`struct ggml_backend_buffer_type *` (ggml/include/ggml-alloc.h:9)"""


class ggml_backend_device(Handle):
    """`struct ggml_backend_device *` (ggml/include/ggml-backend.h:30)"""


class ggml_backend_event(Handle):
    """`struct ggml_backend_event *` (ggml/include/ggml-backend.h:26)"""


class ggml_backend_reg(Handle):
    """`struct ggml_backend_reg *` (ggml/include/ggml-backend.h:29)"""


class ggml_backend_sched(Handle):
    """`struct ggml_backend_sched *` (ggml/include/ggml-backend.h:280)"""


class ggml_cgraph(Handle):
    """`struct ggml_cgraph *` (ggml/include/ggml.h:365)"""


class ggml_context(Handle):
    """`struct ggml_context *` (ggml/include/ggml.h:364)"""


class ggml_gallocr(Handle):
    """`struct ggml_gallocr *` (ggml/include/ggml-alloc.h:46)"""


class ggml_object(Handle):
    """`struct ggml_object *` (ggml/include/ggml.h:363)"""


class ggml_opt_context(Handle):
    """`struct ggml_opt_context *` (ggml/include/ggml-opt.h:19)"""


class ggml_opt_dataset(Handle):
    """`struct ggml_opt_dataset *` (ggml/include/ggml-opt.h:18)"""


class ggml_opt_result(Handle):
    """`struct ggml_opt_result *` (ggml/include/ggml-opt.h:20)"""


class ggml_threadpool(Handle):
    """`struct ggml_threadpool *` (ggml/include/ggml.h:2431)"""


class gguf_context(Handle):
    """`struct gguf_context *` (ggml/include/gguf.h:70)"""


class llama_adapter_lora(Handle):
    """`struct llama_adapter_lora *` (include/llama.h:378)"""


class llama_context(Handle):
    """`struct llama_context *` (include/llama.h:62)"""


class llama_kv_cache(Handle):
    """`struct llama_kv_cache *` (include/llama.h:67)"""


class llama_memory_i(Handle):
    """`struct llama_memory_i *` (include/llama.h:65)"""


class llama_model(Handle):
    """`struct llama_model *` (include/llama.h:61)"""


class llama_vocab(Handle):
    """`struct llama_vocab *` (include/llama.h:60)"""


class mtmd_bitmap(Handle):
    """`struct mtmd_bitmap *` (tools/mtmd/mtmd.h:56)"""


class mtmd_context(Handle):
    """`struct mtmd_context *` (tools/mtmd/mtmd.h:55)"""


class mtmd_image_tokens(Handle):
    """`struct mtmd_image_tokens *` (tools/mtmd/mtmd.h:57)"""


class mtmd_input_chunk(Handle):
    """`struct mtmd_input_chunk *` (tools/mtmd/mtmd.h:58)"""


class mtmd_input_chunks(Handle):
    """`struct mtmd_input_chunks *` (tools/mtmd/mtmd.h:59)"""



# -- Records.

class ggml_backend_dev_caps(Structure):
    """`struct ggml_backend_dev_caps` (ggml/include/ggml-backend.h:140)"""
    __slots__ = ()


class ggml_backend_dev_props(Structure):
    """`struct ggml_backend_dev_props` (ggml/include/ggml-backend.h:152)"""
    __slots__ = ()


class ggml_backend_feature(Structure):
    """`struct ggml_backend_feature` (ggml/include/ggml-backend.h:196)"""
    __slots__ = ()


class ggml_bf16_t(Structure):
    """`ggml_bf16_t` (ggml/include/ggml.h:356)"""
    __slots__ = ()


class ggml_cplan(Structure):
    """`struct ggml_cplan` (ggml/include/ggml-cpu.h:12)"""
    __slots__ = ()


class ggml_init_params(Structure):
    """`struct ggml_init_params` (ggml/include/ggml.h:603)"""
    __slots__ = ()


class ggml_opt_optimizer_params(Structure):
    """`struct ggml_opt_optimizer_params` (ggml/include/ggml-opt.h:78)"""
    __slots__ = ()


class ggml_opt_optimizer_params_adamw(Structure):
    """a struct inside another (ggml/include/ggml-opt.h:80)"""
    __slots__ = ()


class ggml_opt_params(Structure):
    """`struct ggml_opt_params` (ggml/include/ggml-opt.h:101)"""
    __slots__ = ()


class ggml_tallocr(Structure):
    """`struct ggml_tallocr` (ggml/include/ggml-alloc.h:14)"""
    __slots__ = ()


class ggml_tensor(Structure):
    """`struct ggml_tensor` (ggml/include/ggml.h:611)"""
    __slots__ = ()


class ggml_threadpool_params(Structure):
    """`struct ggml_threadpool_params` (ggml/include/ggml.h:2422)"""
    __slots__ = ()


class ggml_type_traits(Structure):
    """`struct ggml_type_traits` (ggml/include/ggml.h:2395)"""
    __slots__ = ()


class ggml_type_traits_cpu(Structure):
    """`struct ggml_type_traits_cpu` (ggml/include/ggml-cpu.h:113)"""
    __slots__ = ()


class gguf_init_params(Structure):
    """`struct gguf_init_params` (ggml/include/gguf.h:72)"""
    __slots__ = ()


class llama_batch(Structure):
    """`struct llama_batch` (include/llama.h:224)"""
    __slots__ = ()


class llama_chat_message(Structure):
    """`struct llama_chat_message` (include/llama.h:372)"""
    __slots__ = ()


class llama_context_params(Structure):
    """`struct llama_context_params` (include/llama.h:297)"""
    __slots__ = ()


class llama_logit_bias(Structure):
    """`struct llama_logit_bias` (include/llama.h:362)"""
    __slots__ = ()


class llama_model_kv_override(Structure):
    """`struct llama_model_kv_override` (include/llama.h:242)"""
    __slots__ = ()


class llama_model_kv_override_anonymous2(Union):
    """a union inside another (include/llama.h:247)"""
    __slots__ = ()


class llama_model_params(Structure):
    """`struct llama_model_params` (include/llama.h:260)"""
    __slots__ = ()


class llama_model_quantize_params(Structure):
    """`struct llama_model_quantize_params` (include/llama.h:346)"""
    __slots__ = ()


class llama_model_tensor_buft_override(Structure):
    """`struct llama_model_tensor_buft_override` (include/llama.h:255)"""
    __slots__ = ()


class llama_opt_params(Structure):
    """`struct llama_opt_params` (include/llama.h:1432)"""
    __slots__ = ()


class llama_perf_context_data(Structure):
    """`struct llama_perf_context_data` (include/llama.h:1396)"""
    __slots__ = ()


class llama_perf_sampler_data(Structure):
    """`struct llama_perf_sampler_data` (include/llama.h:1407)"""
    __slots__ = ()


class llama_sampler(Structure):
    """`struct llama_sampler` (include/llama.h:1186)"""
    __slots__ = ()


class llama_sampler_chain_params(Structure):
    """`struct llama_sampler_chain_params` (include/llama.h:367)"""
    __slots__ = ()


class llama_sampler_i(Interface):
    """`struct llama_sampler_i` (include/llama.h:1174)"""
    __slots__ = ()


class llama_token_data(Structure):
    """`struct llama_token_data` (include/llama.h:191)"""
    __slots__ = ()


class llama_token_data_array(Structure):
    """`struct llama_token_data_array` (include/llama.h:197)"""
    __slots__ = ()


class mtmd_context_params(Structure):
    """`struct mtmd_context_params` (tools/mtmd/mtmd.h:78)"""
    __slots__ = ()


class mtmd_input_text(Structure):
    """`struct mtmd_input_text` (tools/mtmd/mtmd.h:61)"""
    __slots__ = ()


class struct_ggml_backend_graph_copy(Structure):
    """`struct ggml_backend_graph_copy` (ggml/include/ggml-backend.h:328)"""
    __slots__ = ()



# -- Callbacks and typedefs.

# typedef bool (*ggml_abort_callback)(void * data) (ggml/include/ggml.h:650)
ggml_abort_callback = callback("ggml_abort_callback", c_bool, c_void_p)
# typedef void (*ggml_abort_callback_t)(const char * error_message) (ggml/include/ggml.h:328)
ggml_abort_callback_t = callback("ggml_abort_callback_t", None, c_char_p)
# ggml/include/ggml-alloc.h:10
ggml_backend_buffer_t = ggml_backend_buffer
# ggml/include/ggml-alloc.h:9
ggml_backend_buffer_type_t = ggml_backend_buffer_type
# ggml/include/ggml-backend.h:30
ggml_backend_dev_t = ggml_backend_device
# typedef ggml_backend_buffer_type_t * (*ggml_backend_dev_get_extra_bufts_t)(ggml_backend_dev_t device) (ggml/include/ggml-backend.h:192)
ggml_backend_dev_get_extra_bufts_t = callback("ggml_backend_dev_get_extra_bufts_t", c_void_p, ggml_backend_dev_t)
# typedef bool (*ggml_backend_eval_callback)(int node_index, struct ggml_tensor * t1, struct ggml_tensor * t2, void * user_data) (ggml/include/ggml-backend.h:339)
ggml_backend_eval_callback = callback("ggml_backend_eval_callback", c_bool, c_int, P(ggml_tensor), P(ggml_tensor), c_void_p)
# ggml/include/ggml-backend.h:26
ggml_backend_event_t = ggml_backend_event
# ggml/include/ggml-backend.h:29
ggml_backend_reg_t = ggml_backend_reg
# typedef struct ggml_backend_feature * (*ggml_backend_get_features_t)(ggml_backend_reg_t reg) (ggml/include/ggml-backend.h:200)
ggml_backend_get_features_t = callback("ggml_backend_get_features_t", c_void_p, ggml_backend_reg_t)
# ggml/include/ggml-backend.h:28
ggml_backend_graph_plan_t = c_void_p
# typedef bool (*ggml_backend_sched_eval_callback)(struct ggml_tensor * t, bool ask, void * user_data) (ggml/include/ggml-backend.h:289)
ggml_backend_sched_eval_callback = callback("ggml_backend_sched_eval_callback", c_bool, P(ggml_tensor), c_bool, c_void_p)
# ggml/include/ggml-backend.h:280
ggml_backend_sched_t = ggml_backend_sched
# ggml/include/ggml-alloc.h:11
ggml_backend_t = ggml_backend
# typedef void (*ggml_backend_set_abort_callback_t)(ggml_backend_t backend, ggml_abort_callback abort_callback, void * abort_callback_data) (ggml/include/ggml-backend.h:194)
ggml_backend_set_abort_callback_t = callback("ggml_backend_set_abort_callback_t", None, ggml_backend_t, ggml_abort_callback, c_void_p)
# typedef void (*ggml_backend_set_n_threads_t)(ggml_backend_t backend, int n_threads) (ggml/include/ggml-backend.h:190)
ggml_backend_set_n_threads_t = callback("ggml_backend_set_n_threads_t", None, ggml_backend_t, c_int)
# typedef ggml_backend_buffer_type_t (*ggml_backend_split_buffer_type_t)(int main_device, const float * tensor_split) (ggml/include/ggml-backend.h:188)
ggml_backend_split_buffer_type_t = callback("ggml_backend_split_buffer_type_t", ggml_backend_buffer_type_t, c_int, P(c_float))
# typedef void (*ggml_custom1_op_t)(struct ggml_tensor * dst, const struct ggml_tensor * a, int ith, int nth, void * userdata) (ggml/include/ggml.h:2195)
ggml_custom1_op_t = callback("ggml_custom1_op_t", None, P(ggml_tensor), P(ggml_tensor), c_int, c_int, c_void_p)
# typedef void (*ggml_custom2_op_t)(struct ggml_tensor * dst, const struct ggml_tensor * a, const struct ggml_tensor * b, int ith, int nth, void * userdata) (ggml/include/ggml.h:2196)
ggml_custom2_op_t = callback("ggml_custom2_op_t", None, P(ggml_tensor), P(ggml_tensor), P(ggml_tensor), c_int, c_int, c_void_p)
# typedef void (*ggml_custom3_op_t)(struct ggml_tensor * dst, const struct ggml_tensor * a, const struct ggml_tensor * b, const struct ggml_tensor * c, int ith, int nth, void * userdata) (ggml/include/ggml.h:2197)
ggml_custom3_op_t = callback("ggml_custom3_op_t", None, P(ggml_tensor), P(ggml_tensor), P(ggml_tensor), P(ggml_tensor), c_int, c_int, c_void_p)
# typedef void (*ggml_custom_op_t)(struct ggml_tensor * dst, int ith, int nth, void * userdata) (ggml/include/ggml.h:2250)
ggml_custom_op_t = callback("ggml_custom_op_t", None, P(ggml_tensor), c_int, c_int, c_void_p)
# ggml/include/ggml.h:349
ggml_fp16_t = c_uint16
# typedef void (*ggml_from_float_t)(const float *restrict x, void *restrict y, int64_t k) (ggml/include/ggml.h:2393)
ggml_from_float_t = callback("ggml_from_float_t", None, P(c_float), c_void_p, c_int64)
# ggml/include/ggml-alloc.h:46
ggml_gallocr_t = ggml_gallocr
# ggml/include/ggml.h:658
ggml_guid = c_uint8 * 16
# ggml/include/ggml.h:659
ggml_guid_t = P(c_uint8 * 16)
# typedef void (*ggml_log_callback)(enum ggml_log_level level, const char * text, void * user_data) (ggml/include/ggml.h:2337)
ggml_log_callback = callback("ggml_log_callback", None, c_int, c_char_p, c_void_p)
# ggml/include/ggml-opt.h:23
ggml_opt_context_t = ggml_opt_context
# ggml/include/ggml-opt.h:22
ggml_opt_dataset_t = ggml_opt_dataset
# ggml/include/ggml-opt.h:24
ggml_opt_result_t = ggml_opt_result
# typedef void (*ggml_opt_epoch_callback)(bool train, ggml_opt_context_t opt_ctx, ggml_opt_dataset_t dataset, ggml_opt_result_t result, int64_t ibatch, int64_t ibatch_max, int64_t t_start_us) (ggml/include/ggml-opt.h:192)
ggml_opt_epoch_callback = callback("ggml_opt_epoch_callback", None, c_bool, ggml_opt_context_t, ggml_opt_dataset_t, ggml_opt_result_t, c_int64, c_int64, c_int64)
# typedef struct ggml_opt_optimizer_params (*ggml_opt_get_optimizer_params)(void * userdata) (ggml/include/ggml-opt.h:91)
ggml_opt_get_optimizer_params = callback("ggml_opt_get_optimizer_params", ggml_opt_optimizer_params, c_void_p)
# ggml/include/ggml.h:2433
ggml_threadpool_t = ggml_threadpool
# typedef void (*ggml_to_float_t)(const void *restrict x, float *restrict y, int64_t k) (ggml/include/ggml.h:2392)
ggml_to_float_t = callback("ggml_to_float_t", None, c_void_p, P(c_float), c_int64)
# typedef void (*ggml_vec_dot_t)(int n, float *restrict s, size_t bs, const void *restrict x, size_t bx, const void *restrict y, size_t by, int nrc) (ggml/include/ggml-cpu.h:110)
ggml_vec_dot_t = callback("ggml_vec_dot_t", None, c_int, P(c_float), c_size_t, c_void_p, c_size_t, c_void_p, c_size_t, c_int)
# include/llama.h:65
llama_memory_t = llama_memory_i
# typedef bool (*llama_opt_param_filter)(const struct ggml_tensor * tensor, void * userdata) (include/llama.h:1427)
llama_opt_param_filter = callback("llama_opt_param_filter", c_bool, P(ggml_tensor), c_void_p)
# include/llama.h:69
llama_pos = c_int32
# typedef bool (*llama_progress_callback)(float progress, void * user_data) (include/llama.h:206)
llama_progress_callback = callback("llama_progress_callback", c_bool, c_float, c_void_p)
# include/llama.h:1171
llama_sampler_context_t = c_void_p
# include/llama.h:70
llama_token = c_int32
# void (*accept)(struct llama_sampler *, llama_token) (include/llama.h:1174)
llama_sampler_i_accept = callback("llama_sampler_i_accept", None, P(llama_sampler), llama_token)
# void (*apply)(struct llama_sampler *, struct llama_token_data_array *) (include/llama.h:1174)
llama_sampler_i_apply = callback("llama_sampler_i_apply", None, P(llama_sampler), P(llama_token_data_array))
# struct llama_sampler * (*clone)(const struct llama_sampler *) (include/llama.h:1174)
llama_sampler_i_clone = callback("llama_sampler_i_clone", c_void_p, P(llama_sampler))
# void (*free)(struct llama_sampler *) (include/llama.h:1174)
llama_sampler_i_free = callback("llama_sampler_i_free", None, P(llama_sampler))
# const char * (*name)(const struct llama_sampler *) (include/llama.h:1174)
llama_sampler_i_name = callback("llama_sampler_i_name", c_void_p, P(llama_sampler))
# void (*reset)(struct llama_sampler *) (include/llama.h:1174)
llama_sampler_i_reset = callback("llama_sampler_i_reset", None, P(llama_sampler))
# include/llama.h:71
llama_seq_id = c_int32

# -- The records' fields.

ggml_backend_dev_caps._fields_ = (
    ("async_", c_bool),
    ("host_buffer", c_bool),
    ("buffer_from_host_ptr", c_bool),
    ("events", c_bool),
)

ggml_backend_dev_props._fields_ = (
    ("name", c_char_p),
    ("description", c_char_p),
    ("memory_free", c_size_t),
    ("memory_total", c_size_t),
    ("type", c_int),
    ("caps", ggml_backend_dev_caps),
)

ggml_backend_feature._fields_ = (
    ("name", c_char_p),
    ("value", c_char_p),
)

ggml_bf16_t._fields_ = (
    ("bits", c_uint16),
)

ggml_cplan._fields_ = (
    ("work_size", c_size_t),
    ("work_data", P(c_uint8)),
    ("n_threads", c_int),
    ("threadpool", ggml_threadpool),
    ("abort_callback", ggml_abort_callback),
    ("abort_callback_data", c_void_p),
)

ggml_init_params._fields_ = (
    ("mem_size", c_size_t),
    ("mem_buffer", c_void_p),
    ("no_alloc", c_bool),
)

ggml_opt_optimizer_params_adamw._fields_ = (
    ("alpha", c_float),
    ("beta1", c_float),
    ("beta2", c_float),
    ("eps", c_float),
    ("wd", c_float),
)

ggml_opt_optimizer_params._fields_ = (
    ("adamw", ggml_opt_optimizer_params_adamw),
)

ggml_opt_params._fields_ = (
    ("backend_sched", ggml_backend_sched_t),
    ("ctx_compute", ggml_context),
    ("inputs", P(ggml_tensor)),
    ("outputs", P(ggml_tensor)),
    ("loss_type", c_int),
    ("build_type", c_int),
    ("opt_period", c_int32),
    ("get_opt_pars", ggml_opt_get_optimizer_params),
    ("get_opt_pars_ud", c_void_p),
)

ggml_tallocr._fields_ = (
    ("buffer", ggml_backend_buffer_t),
    ("base", c_void_p),
    ("alignment", c_size_t),
    ("offset", c_size_t),
)

ggml_tensor._fields_ = (
    ("type", c_int),
    ("buffer", ggml_backend_buffer),
    ("ne", c_int64 * 4),
    ("nb", c_size_t * 4),
    ("op", c_int),
    ("op_params", c_int32 * 16),
    ("flags", c_int32),
    ("src", P(ggml_tensor) * 10),
    ("view_src", P(ggml_tensor)),
    ("view_offs", c_size_t),
    ("data", c_void_p),
    ("name", c_char * 64),
    ("extra", c_void_p),
    ("padding", c_char * 8),
)

ggml_threadpool_params._fields_ = (
    ("cpumask", c_bool * 512),
    ("n_threads", c_int),
    ("prio", c_int),
    ("poll", c_uint32),
    ("strict_cpu", c_bool),
    ("paused", c_bool),
)

ggml_type_traits._fields_ = (
    ("type_name", c_char_p),
    ("blck_size", c_int64),
    ("blck_size_interleave", c_int64),
    ("type_size", c_size_t),
    ("is_quantized", c_bool),
    ("to_float", ggml_to_float_t),
    ("from_float_ref", ggml_from_float_t),
)

ggml_type_traits_cpu._fields_ = (
    ("from_float", ggml_from_float_t),
    ("vec_dot", ggml_vec_dot_t),
    ("vec_dot_type", c_int),
    ("nrows", c_int64),
)

gguf_init_params._fields_ = (
    ("no_alloc", c_bool),
    ("ctx", P(ggml_context)),
)

llama_batch._fields_ = (
    ("n_tokens", c_int32),
    ("token", P(llama_token)),
    ("embd", P(c_float)),
    ("pos", P(llama_pos)),
    ("n_seq_id", P(c_int32)),
    ("seq_id", P(P(llama_seq_id))),
    ("logits", P(c_int8)),
)

llama_chat_message._fields_ = (
    ("role", c_char_p),
    ("content", c_char_p),
)

llama_context_params._fields_ = (
    ("n_ctx", c_uint32),
    ("n_batch", c_uint32),
    ("n_ubatch", c_uint32),
    ("n_seq_max", c_uint32),
    ("n_threads", c_int32),
    ("n_threads_batch", c_int32),
    ("rope_scaling_type", c_int),
    ("pooling_type", c_int),
    ("attention_type", c_int),
    ("rope_freq_base", c_float),
    ("rope_freq_scale", c_float),
    ("yarn_ext_factor", c_float),
    ("yarn_attn_factor", c_float),
    ("yarn_beta_fast", c_float),
    ("yarn_beta_slow", c_float),
    ("yarn_orig_ctx", c_uint32),
    ("defrag_thold", c_float),
    ("cb_eval", ggml_backend_sched_eval_callback),
    ("cb_eval_user_data", c_void_p),
    ("type_k", c_int),
    ("type_v", c_int),
    ("abort_callback", ggml_abort_callback),
    ("abort_callback_data", c_void_p),
    ("embeddings", c_bool),
    ("offload_kqv", c_bool),
    ("flash_attn", c_bool),
    ("no_perf", c_bool),
    ("op_offload", c_bool),
    ("swa_full", c_bool),
    ("kv_unified", c_bool),
)

llama_logit_bias._fields_ = (
    ("token", llama_token),
    ("bias", c_float),
)

llama_model_kv_override_anonymous2._fields_ = (
    ("val_i64", c_int64),
    ("val_f64", c_double),
    ("val_bool", c_bool),
    ("val_str", c_char * 128),
)

llama_model_kv_override._anonymous_ = ("_2",)
llama_model_kv_override._fields_ = (
    ("tag", c_int),
    ("key", c_char * 128),
    ("_2", llama_model_kv_override_anonymous2),
)

llama_model_params._fields_ = (
    ("devices", P(ggml_backend_dev_t)),
    ("tensor_buft_overrides", P(llama_model_tensor_buft_override)),
    ("n_gpu_layers", c_int32),
    ("split_mode", c_int),
    ("main_gpu", c_int32),
    ("tensor_split", P(c_float)),
    ("progress_callback", llama_progress_callback),
    ("progress_callback_user_data", c_void_p),
    ("kv_overrides", P(llama_model_kv_override)),
    ("vocab_only", c_bool),
    ("use_mmap", c_bool),
    ("use_mlock", c_bool),
    ("check_tensors", c_bool),
    ("use_extra_bufts", c_bool),
)

llama_model_quantize_params._fields_ = (
    ("nthread", c_int32),
    ("ftype", c_int),
    ("output_tensor_type", c_int),
    ("token_embedding_type", c_int),
    ("allow_requantize", c_bool),
    ("quantize_output_tensor", c_bool),
    ("only_copy", c_bool),
    ("pure", c_bool),
    ("keep_split", c_bool),
    ("imatrix", c_void_p),
    ("kv_overrides", c_void_p),
    ("tensor_types", c_void_p),
    ("prune_layers", c_void_p),
)

llama_model_tensor_buft_override._fields_ = (
    ("pattern", c_char_p),
    ("buft", ggml_backend_buffer_type_t),
)

llama_opt_params._fields_ = (
    ("n_ctx_train", c_uint32),
    ("param_filter", llama_opt_param_filter),
    ("param_filter_ud", c_void_p),
    ("get_opt_pars", ggml_opt_get_optimizer_params),
    ("get_opt_pars_ud", c_void_p),
)

llama_perf_context_data._fields_ = (
    ("t_start_ms", c_double),
    ("t_load_ms", c_double),
    ("t_p_eval_ms", c_double),
    ("t_eval_ms", c_double),
    ("n_p_eval", c_int32),
    ("n_eval", c_int32),
    ("n_reused", c_int32),
)

llama_perf_sampler_data._fields_ = (
    ("t_sample_ms", c_double),
    ("n_sample", c_int32),
)

llama_sampler._fields_ = (
    ("iface", P(llama_sampler_i)),
    ("ctx", llama_sampler_context_t),
)

llama_sampler_chain_params._fields_ = (
    ("no_perf", c_bool),
)

llama_sampler_i._fields_ = (
    ("name", llama_sampler_i_name),
    ("accept", llama_sampler_i_accept),
    ("apply", llama_sampler_i_apply),
    ("reset", llama_sampler_i_reset),
    ("clone", llama_sampler_i_clone),
    ("free", llama_sampler_i_free),
)

llama_token_data._fields_ = (
    ("id", llama_token),
    ("logit", c_float),
    ("p", c_float),
)

llama_token_data_array._fields_ = (
    ("data", P(llama_token_data)),
    ("size", c_size_t),
    ("selected", c_int64),
    ("sorted", c_bool),
)

mtmd_context_params._fields_ = (
    ("use_gpu", c_bool),
    ("print_timings", c_bool),
    ("n_threads", c_int),
    ("verbosity", c_int),
    ("image_marker", c_char_p),
    ("media_marker", c_char_p),
)

mtmd_input_text._fields_ = (
    ("text", c_char_p),
    ("add_special", c_bool),
    ("parse_special", c_bool),
)

struct_ggml_backend_graph_copy._fields_ = (
    ("buffer", ggml_backend_buffer_t),
    ("ctx_allocated", ggml_context),
    ("ctx_unallocated", ggml_context),
    ("graph", ggml_cgraph),
)

