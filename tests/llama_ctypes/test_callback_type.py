"""C functions as callbacks: those that fit are passed as they are, and only they can return a struct."""

from __future__ import annotations

import ctypes
import gc
import json
import weakref
from pathlib import Path

import pytest

from llama_ctypes._callback import callback
from llama_ctypes._generated import types
from tests.llama_ctypes.tiny_library import LLAMA, compile_library, python
from tests.systems import library_name

SOURCE = (
    LLAMA
    + """
_Bool llama_opt_param_filter_all(const void * tensor, void * userdata) { return 1; }
struct ggml_opt_optimizer_params { float alpha, beta1, beta2, eps, wd; };
struct ggml_opt_optimizer_params ggml_opt_get_constant_optimizer_params(void * data) {
    return *(struct ggml_opt_optimizer_params *) data;
}
void * kept;
void llama_log_set(void * callback, void * data) { kept = callback; }
void llama_free(void * context) { }
void ggml_backend_load_all_from_path(const char * path) { }
void * ggml_set_abort_callback(void * callback) { kept = callback; return 0; }
"""
)
PROGRAM = """
import ctypes, json, llama_ctypes as llama
def address(function):
    return ctypes.cast(function, ctypes.c_void_p).value
constant, everything = llama.ggml_opt_get_constant_optimizer_params, llama.llama_opt_param_filter_all
field = llama.llama_opt_params(param_filter=everything, get_opt_pars=constant)
same = [address(field.param_filter) == address(everything), address(field.get_opt_pars) == address(constant)]
field.param_filter = everything
same.append(address(field.param_filter) == address(everything))
load = llama.ggml_backend_load_all_from_path  # the prototype of ggml_abort_callback_t
llama.ggml_set_abort_callback(load)
library = ctypes.CDLL(str(llama.llama_free.library))
same.append(ctypes.c_void_p.in_dll(library, "kept").value == address(load))
same.append(isinstance(everything, llama.llama_opt_param_filter))
same.append(address(llama.llama_opt_param_filter(everything)) == address(everything))
same.append(address(llama.ggml_abort_callback_t(library.llama_free)) == address(library.llama_free))
params = llama.ggml_opt_optimizer_params()
size = ctypes.sizeof(params)
errors = []
for use in (lambda: llama.llama_log_set(llama.llama_free, None),
            lambda: setattr(field, "param_filter", constant),
            lambda: setattr(field, "param_filter", len)):
    try:
        use()
    except (ctypes.ArgumentError, TypeError) as error:
        errors.append(str(error))
print(json.dumps([same, errors]))
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compile_library(SOURCE, tmp_path_factory.mktemp("callback_type") / library_name("llama"))


def test_a_c_function_that_fits_is_passed_by_its_address(library: Path) -> None:
    settings = {"LLAMA_CPP_LIB": str(library), "LLAMA_CTYPES_ABI": "ignore"}
    done = python("-c", PROGRAM, environment=settings)
    assert done.returncode == 0, done.stderr
    same, errors = json.loads(done.stdout)
    assert same == [True] * 7
    assert len(errors) == 3  # other prototypes, and Python functions
    assert "expected ggml_log_callback or None, got Function" in errors[0]


def test_a_callback_that_returns_a_struct_says_why_it_cannot_be_made() -> None:
    with pytest.raises(TypeError) as error:
        types.ggml_opt_get_optimizer_params(lambda data: types.ggml_opt_optimizer_params())
    message = str(error.value)
    returned = "it returns a struct (ggml_opt_optimizer_params)"
    assert message.startswith(f"Python cannot make a ggml_opt_get_optimizer_params: {returned}")
    assert message.endswith("; pass one, of llama_ctypes or of a library that you compile")
    assert "\n" not in message
    assert bool(types.ggml_opt_get_optimizer_params(0)) is False


def test_a_callback_made_of_a_callback_is_the_same_c_function() -> None:
    kind = callback("kind", ctypes.c_int, ctypes.c_int)
    first = kind(lambda x: x + 1)
    again = kind(first)
    assert ctypes.cast(again, ctypes.c_void_p).value == ctypes.cast(first, ctypes.c_void_p).value
    bare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda x: x + 2)
    reference = weakref.ref(bare)
    kept = kind(bare)
    del first, bare
    gc.collect()
    assert reference() is not None
    assert (again(1), kept(1)) == (2, 3)
