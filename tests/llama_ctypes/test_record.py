"""The repr of a record shows its fields without following pointers; handles of different types do not mix."""

from __future__ import annotations

import copy
import ctypes
import gc
import pickle
import weakref

import pytest

from llama_ctypes._generated import types


def test_a_record_shows_its_fields() -> None:
    int32 = ctypes.c_int32.__name__  # c_long on Windows
    shown = repr(types.llama_batch(n_tokens=3))
    assert shown.startswith(f"llama_batch(n_tokens=3, token=LP_{int32}(NULL), ")
    token = (types.llama_token * 1)(5)
    assert f"token=LP_{int32}(...)" in repr(types.llama_batch(1, token))


def test_every_record_of_the_release_can_be_shown() -> None:
    records = [t for t in vars(types).values() if isinstance(t, type) and hasattr(t, "_fields_")]
    assert len(records) > 30
    for record in records:
        assert repr(record()).startswith(f"{record.__name__}(")


def test_text_is_shown_by_its_address_for_it_may_be_gone() -> None:
    message = types.llama_chat_message()
    assert repr(message) == "llama_chat_message(role=None, content=None)"
    ctypes.c_void_p.from_buffer(message).value = 1  # reading there would crash
    assert repr(message) == "llama_chat_message(role=0x1, content=None)"


def test_a_field_misspelt_is_an_error() -> None:
    records = [t for t in vars(types).values() if isinstance(t, type) and hasattr(t, "_fields_")]
    for record in records:
        with pytest.raises(AttributeError, match="n_gpu_layer"):
            record().n_gpu_layer = 3
    params = types.llama_model_params()
    params.n_gpu_layers = 3
    assert params.n_gpu_layers == 3


def test_long_arrays_are_cut() -> None:
    assert "ne=[0, 0, 0, 0]" in repr(types.ggml_tensor())
    assert "op_params=[0, 0, 0, 0, 0, 0, 0, 0, ...]" in repr(types.ggml_tensor())


def test_a_handle_shows_its_kind_and_address() -> None:
    assert repr(types.llama_model(0x5A)) == "llama_model(0x5a)"
    assert repr(types.llama_model()) == "llama_model(NULL)"


def test_a_handle_parameter_takes_its_kind_none_or_an_address() -> None:
    for handle in (types.llama_context(7), None, 7):
        types.llama_context.from_param(handle)
    buffer = ctypes.create_string_buffer(4)
    strays: tuple[object, ...] = (b"x", "x", 1.5, buffer, ctypes.byref(buffer), ctypes.c_void_p(7))
    for stray in (*strays, types.llama_model(7), ctypes.pointer(ctypes.c_int())):
        with pytest.raises(TypeError):
            types.llama_context.from_param(stray)


def test_a_handle_of_another_kind_is_named() -> None:
    with pytest.raises(TypeError, match=r"^expected llama_context or None, not llama_model$"):
        types.llama_context.from_param(types.llama_model(7))
    model = types.llama_model(7)
    assert not isinstance(model, types.llama_context)
    assert not isinstance("text", types.llama_context)
    with pytest.raises(TypeError, match=r"^this parameter does not accept a llama_model$"):
        ctypes.c_float.from_param(types.llama_model(7))


def test_handles_of_one_class_and_address_are_equal() -> None:
    model, again = types.llama_model(0x5A), types.llama_model(0x5A)
    assert model == again
    assert hash(model) == hash(again)
    assert len({model, again, types.llama_model(0x5B), types.llama_context(0x5A)}) == 3
    assert model != types.llama_context(0x5A)
    assert model != 0x5A
    assert (int(model), int(types.llama_model())) == (0x5A, 0)


def test_a_handle_cannot_be_pickled_or_copied() -> None:
    for use in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot pickle or copy a llama_model"):
            use(types.llama_model(7))


def test_null_from_a_function_is_none() -> None:
    null = ctypes.CFUNCTYPE(types.llama_model, types.llama_model)
    function = null(lambda handle: handle.value)
    assert function(None) is None
    assert function(7) == types.llama_model(7)
    assert type(function(7)) is types.llama_model


# -- what a record holds is alive as long as the record -------------------------------------------


class Marked(ctypes.Array[ctypes.c_int]):
    _type_, _length_ = ctypes.c_int, 4


def test_an_array_behind_a_pointer_field_is_kept_by_the_record() -> None:
    array = Marked(1, 2, 3, 4)
    gone = weakref.ref(array)
    batch = types.llama_batch(n_tokens=4)
    batch.token = ctypes.cast(array, ctypes.POINTER(ctypes.c_int))
    direct = types.llama_batch(4, array)
    del array
    gc.collect()
    assert gone() is not None
    assert [batch.token[index] for index in range(4)] == [direct.token[index] for index in range(4)]
    del batch, direct
    gc.collect()
    assert gone() is None


def test_bytes_in_an_array_of_records_are_kept() -> None:
    messages = (types.llama_chat_message * 2)()
    for element, text in zip(messages, ("one", "two"), strict=True):
        element.role, element.content = b"user" * 100, text.encode() * 100
    gc.collect()
    _ = [bytes(400) for _ in range(1000)]
    assert [element.content for element in messages] == [b"one" * 100, b"two" * 100]


def test_a_record_taken_out_of_a_record_keeps_it() -> None:
    cases = (types.llama_chat_message * 1)(types.llama_chat_message(b"user" * 50, b"x" * 300))
    inner = cases[0]
    del cases
    gc.collect()
    assert inner.content == b"x" * 300
