"""Compute softmax(W relu(V x)) with a ggml graph, on the GPU if there is one.

python ggml_graph.py [COLUMNS]
"""

import ctypes
import json
import random

from model import run

import llama_ctypes as llama
from llama_ctypes.typing import Pointer


def main(columns: str = "3") -> None:
    """Print the matrices V, W and x, and the result, as JSON: lists of rows."""
    n = int(columns)
    # Memory for the descriptions of tensors and graph only; the backend allocates the data.
    params = llama.ggml_init_params(
        mem_size=16 * llama.ggml_tensor_overhead() + llama.ggml_graph_overhead(), no_alloc=True
    )
    context = llama.ggml_init(params)
    backend = llama.ggml_backend_init_best()

    # ggml's first dimension is the one whose elements are adjacent: a row.
    shapes = {"V": (4, 8), "W": (8, 5), "x": (4, n)}
    tensors = {
        name: llama.ggml_new_tensor_2d(context, llama.GGML_TYPE_F32, *shape) for name, shape in shapes.items()
    }
    # ggml_mul_mat(a, b) multiplies the rows of `a` with the rows of `b`. So a row of x is a vector.
    hidden = llama.ggml_relu(context, llama.ggml_mul_mat(context, tensors["V"], tensors["x"]))
    result = llama.ggml_soft_max(context, llama.ggml_mul_mat(context, tensors["W"], hidden))
    graph = llama.ggml_new_graph(context)
    llama.ggml_build_forward_expand(graph, result)

    buffer = llama.ggml_backend_alloc_ctx_tensors(context, backend)
    generator = random.Random(0)
    for tensor in tensors.values():
        count = llama.ggml_nelements(tensor)
        data = (ctypes.c_float * count)(*(generator.gauss(0, 1) for _ in range(count)))
        llama.ggml_backend_tensor_set(tensor, data, 0, ctypes.sizeof(data))
    llama.ggml_backend_graph_compute(backend, graph)

    print(json.dumps({name: rows(tensor) for name, tensor in {**tensors, "result": result}.items()}))
    llama.ggml_backend_buffer_free(buffer)
    llama.ggml_backend_free(backend)
    llama.ggml_free(context)


def rows(tensor: Pointer[llama.ggml_tensor]) -> list[list[float]]:
    """Copy a matrix from the backend."""
    width, height = tensor.contents.ne[:2]
    data = (ctypes.c_float * width * height)()
    llama.ggml_backend_tensor_get(tensor, data, 0, ctypes.sizeof(data))
    return [list(row) for row in data]


if __name__ == "__main__":
    run(main)
