"""Parameters: what they accept, what C gets, and what the errors name."""

from __future__ import annotations

import ctypes
import gc
import operator
import weakref
from typing import Any

import pytest

from llama_ctypes._generated import constants, types
from llama_ctypes._parameter import expected, parameters
from llama_ctypes._record import Handle, Interface, Structure
from tests.llama_ctypes.tiny_library import compile_library
from tests.systems import library_name

SOURCE = """
typedef struct { int a; void * b, * c, * d; } big;
typedef struct { int (*call)(int); } table;
int sum(int number, _Bool truth) { return number + truth; }
int first(const char * text) { return text ? text[0] : -1; }
int by_value(big value) { return value.a; }
static const table * kept;
void keep(const table * value) { kept = value; }
int call_kept(int x) { return kept->call(x); }
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    path = tmp_path_factory.mktemp("parameter") / library_name("parameters")
    return ctypes.CDLL(str(compile_library(SOURCE, path)))


def bound(library: ctypes.CDLL, name: str, **types_by_name: Any) -> Any:
    function = library[name]
    function.argtypes = parameters(list(types_by_name.values()), list(types_by_name))
    return function


class Index:
    """What numpy's integers are: an index, and not an int."""

    def __index__(self) -> int:
        return -7


def test_what_numbers_and_truths_c_gets(library: ctypes.CDLL) -> None:
    function = bound(library, "sum", n_number=ctypes.c_int, truth=ctypes.c_bool)
    for number in (0, -1, 2**31 - 1, -(2**31), True, constants.GGML_TYPE_F16, Index()):
        assert function(number, False) == operator.index(number)
    for truth, value in ((True, 1), (False, 0), (7, 1), ([], 0), (ctypes.c_bool(True), 1), (None, 0)):
        assert function(10, truth) == 10 + value
    assert function(ctypes.c_int(-5), True) == -4
    tokens = bound(library, "sum", token=types.llama_token, truth=ctypes.c_bool)
    assert tokens(types.llama_token(-5), True) == -4
    for other in (1.5, "1", b"1", None, ctypes.c_void_p(1), types.llama_model(1), ctypes.c_int64(1)):
        message = rf"argument 1: TypeError: `n_number` takes int, not {type(other).__name__}$"
        with pytest.raises(ctypes.ArgumentError, match=message):
            function(other, False)


def test_a_bool_that_may_lie_on_the_stack_is_left_to_ctypes() -> None:
    number, truth = ctypes.c_int, ctypes.c_bool
    names = list("abcdefghi")
    short, long = parameters([truth] * 8, names), parameters([truth] * 9, names)
    assert truth not in short
    assert long == [truth] * 9
    held = type("held", (ctypes.Structure,), {"_fields_": [("x", number)]})
    assert parameters([number, held, truth], names)[2] is truth


def test_other_types_are_left_to_ctypes() -> None:
    others = [
        ctypes.c_uint,
        ctypes.c_int64,
        ctypes.c_size_t,
        ctypes.c_float,
        ctypes.c_void_p,
        types.llama_model,
        ctypes.POINTER(ctypes.c_char),
        ctypes.POINTER(types.llama_batch),
        types.ggml_log_callback,
    ]
    assert parameters(others, [str(number) for number in range(len(others))]) == others


def test_text_is_bytes_and_the_error_names_the_parameter(library: ctypes.CDLL) -> None:
    function = bound(library, "first", path_model=ctypes.c_char_p)
    buffer = ctypes.create_string_buffer(b"c")
    for text in (b"a", None, buffer, ctypes.c_char_p(b"d")):
        assert function(text) in (-1, *b"acd")
    with pytest.raises(
        ctypes.ArgumentError, match="argument 1: TypeError: `path_model` takes bytes or None, not str"
    ):
        function("model.gguf")
    strays: tuple[object, ...] = (1.5, [], types.llama_model(1), ctypes.c_int(1))
    for other in strays:
        with pytest.raises(
            ctypes.ArgumentError, match=f"`path_model` takes bytes or None, not {type(other).__name__}$"
        ):
            function(other)


class Big(Structure):
    _fields_ = (("a", ctypes.c_int), *((name, ctypes.c_void_p) for name in "bcd"))


def test_a_struct_by_value_is_no_pointer(library: ctypes.CDLL) -> None:
    function = bound(library, "by_value", params=Big)
    big = Big(a=7)
    assert function(big) == 7
    assert function(type("Derived", (Big,), {})(a=8)) == 8
    batch = types.llama_batch()
    # ctypes' own check crashes with byref().
    for other in (ctypes.byref(big), ctypes.byref(batch), ctypes.pointer(big), batch, None, "x", 1):
        with pytest.raises(
            ctypes.ArgumentError, match="argument 1: TypeError: expected Big instance instead of "
        ):
            function(other)


INCREMENT = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)


class Table(Interface):
    _fields_ = (("call", INCREMENT),)


@pytest.mark.parametrize("pass_as", ["struct", "byref", "pointer", "array"])
def test_c_keeps_an_interface_so_it_stays_alive(library: ctypes.CDLL, pass_as: str) -> None:
    function = bound(library, "keep", iface=ctypes.POINTER(Table))
    callback = INCREMENT(lambda x: x + 1)
    table: Any = (Table * 1)(Table(callback)) if pass_as == "array" else Table(callback)
    reference = weakref.ref(table)
    wraps: dict[str, Any] = {"byref": ctypes.byref, "pointer": ctypes.pointer}
    function(wraps[pass_as](table) if pass_as in wraps else table)
    del table, callback
    gc.collect()
    assert reference() is not None
    assert library.call_kept(41) == 42
    function(None)
    with pytest.raises(ctypes.ArgumentError):
        function(Big())


def test_the_samplers_table_is_the_only_interface_of_the_release() -> None:
    interfaces = [
        value for value in vars(types).values() if isinstance(value, type) and Interface in value.__bases__
    ]
    assert interfaces == [types.llama_sampler_i]


def test_what_a_parameter_accepts_is_described_in_pythons_words() -> None:
    texts = {
        ctypes.c_int: "int",
        ctypes.c_uint64: "int",
        ctypes.c_float: "float",
        ctypes.c_bool: "bool",
        ctypes.c_char_p: "bytes or None",
        ctypes.c_void_p: "a pointer, an address or None",
        types.llama_model: "llama_model or None",
        types.ggml_log_callback: "ggml_log_callback or None",
        types.llama_batch: "llama_batch",
        ctypes.POINTER(types.llama_sampler): "a pointer to llama_sampler, an array or None",
    }
    assert {type_: expected(type_) for type_ in texts} == texts
    assert issubclass(types.llama_model, Handle)
