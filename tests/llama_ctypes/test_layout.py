"""What tells the libraries of one release from those of another that names none."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pytest

from llama_ctypes import _layout, _table
from llama_ctypes._generated import constants, types

NAMES = {getattr(constants, name): name for name in constants.ENUMS["ggml_op"].split()}


class Exports:
    """The functions of libraries that fit the bindings, until a test changes one."""

    def __init__(self) -> None:
        self.functions: dict[str, Callable[..., Any]] = {row.name: lambda: None for row in _table.rows()}
        self.functions["ggml_op_name"] = lambda value: NAMES[value].removeprefix("GGML_OP_").encode()
        self.functions["ggml_tensor_overhead"] = lambda: ctypes.sizeof(types.ggml_tensor) + 32

    def __call__(self, name: str, restype: object, *argtypes: object) -> Any:
        if name not in self.functions:
            raise AttributeError(name)
        return self.functions[name]


@pytest.fixture
def exports() -> Exports:
    return Exports()


def test_libraries_of_the_release_show_no_difference(exports: Exports) -> None:
    assert _layout.difference(exports) is None


def test_functions_that_only_some_builds_have_are_no_difference(exports: Exports) -> None:
    for row in _table.rows():
        if "ggml-cpu.h" in row.place or "mtmd" in row.place or "rpc" in row.place:
            del exports.functions[row.name]
    assert _layout.difference(exports) is None


@pytest.mark.parametrize("name", ["llama_decode", "gguf_get_version", "ggml_backend_reg_count"])
def test_a_missing_function_is_named(exports: Exports, name: str) -> None:
    del exports.functions[name]
    assert _layout.difference(exports) == f"they lack {name}"


def test_an_operation_with_another_number_is_named(exports: Exports) -> None:
    exports.functions["ggml_op_name"] = lambda value: (
        NAMES[max(value - 1, 0)].removeprefix("GGML_OP_").encode()
    )
    assert _layout.difference(exports) == "their operation 1 is GGML_OP_NONE, not GGML_OP_DUP"
    exports.functions["ggml_op_name"] = lambda value: b"in other words"
    assert _layout.difference(exports) is None


def test_another_size_is_named(exports: Exports) -> None:
    size = ctypes.sizeof(types.ggml_tensor)
    exports.functions["ggml_tensor_overhead"] = lambda: size + 40
    assert _layout.difference(exports) == f"their ggml_tensor has {size + 8} bytes, not {size}"
