"""Print the keys and the tensors of a GGUF file as JSON. The weights are not read.

python gguf_read.py FILE
"""

import ctypes
import json
import os
from collections.abc import Callable
from typing import Any

from model import run

import llama_ctypes as llama

SCALARS: dict[int, tuple[Callable[..., Any], type[Any]]] = {
    llama.GGUF_TYPE_UINT8: (llama.gguf_get_val_u8, ctypes.c_uint8),
    llama.GGUF_TYPE_INT8: (llama.gguf_get_val_i8, ctypes.c_int8),
    llama.GGUF_TYPE_UINT16: (llama.gguf_get_val_u16, ctypes.c_uint16),
    llama.GGUF_TYPE_INT16: (llama.gguf_get_val_i16, ctypes.c_int16),
    llama.GGUF_TYPE_UINT32: (llama.gguf_get_val_u32, ctypes.c_uint32),
    llama.GGUF_TYPE_INT32: (llama.gguf_get_val_i32, ctypes.c_int32),
    llama.GGUF_TYPE_UINT64: (llama.gguf_get_val_u64, ctypes.c_uint64),
    llama.GGUF_TYPE_INT64: (llama.gguf_get_val_i64, ctypes.c_int64),
    llama.GGUF_TYPE_FLOAT32: (llama.gguf_get_val_f32, ctypes.c_float),
    llama.GGUF_TYPE_FLOAT64: (llama.gguf_get_val_f64, ctypes.c_double),
    llama.GGUF_TYPE_BOOL: (llama.gguf_get_val_bool, ctypes.c_bool),
}


def value(file: llama.gguf_context, index: int) -> Any:
    """Return the value of a key: a number, text, or a list of either."""
    kind = llama.gguf_get_kv_type(file, index)
    if kind == llama.GGUF_TYPE_STRING:
        return llama.gguf_get_val_str(file, index).decode(errors="replace")
    if kind != llama.GGUF_TYPE_ARRAY:
        get, _ = SCALARS[kind]
        return get(file, index)
    count, kind = llama.gguf_get_arr_n(file, index), llama.gguf_get_arr_type(file, index)
    if kind == llama.GGUF_TYPE_STRING:
        return [llama.gguf_get_arr_str(file, index, i).decode(errors="replace") for i in range(count)]
    _, scalar = SCALARS[kind]
    return list((scalar * count).from_address(llama.gguf_get_arr_data(file, index)))


def main(path: str) -> None:
    """Print the file's contents."""
    tensors = llama.ggml_context()  # gguf_init_from_file makes one, with the shapes.
    params = llama.gguf_init_params(no_alloc=True, ctx=ctypes.pointer(tensors))
    file = llama.gguf_init_from_file(os.fsencode(path), params)
    if file is None:
        raise SystemExit(f"cannot read {path}")
    result: dict[str, dict[str, Any]] = {"keys": {}, "tensors": {}}
    for index in range(llama.gguf_get_n_kv(file)):
        result["keys"][llama.gguf_get_key(file, index).decode()] = value(file, index)
    for index in range(llama.gguf_get_n_tensors(file)):
        name = llama.gguf_get_tensor_name(file, index)
        tensor = llama.ggml_get_tensor(tensors, name).contents
        result["tensors"][name.decode()] = {
            "type": llama.ggml_type_name(tensor.type).decode(),
            "shape": tensor.ne[: llama.ggml_n_dims(tensor)],
            "offset": llama.gguf_get_data_offset(file) + llama.gguf_get_tensor_offset(file, index),
        }
    llama.gguf_free(file)
    llama.ggml_free(tensors)
    print(json.dumps(result, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    run(main)
