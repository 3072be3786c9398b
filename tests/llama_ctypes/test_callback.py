"""Callbacks: NULL, no strangers, and alive for as long as C may call them."""

from __future__ import annotations

import ctypes
import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from llama_ctypes._callback import callback
from llama_ctypes._generated import types
from tests.llama_ctypes.tiny_library import compile_library, python
from tests.systems import THREADS, library_name

Apply = callback("apply", ctypes.c_int, ctypes.c_int)
Other = callback("other", ctypes.c_int, ctypes.c_int)

C = """
static int (*kept)(int);
struct params { long pad[8]; int (*callback)(int); };
void keep(int (*callback)(int)) { kept = callback; }
void keep_params(struct params p) { kept = p.callback; }
int call(int x) { return kept ? kept(x) : -1; }
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return ctypes.CDLL(str(compile_library(C, tmp_path_factory.mktemp("callback") / library_name("kept"))))


def alive(use: Callable[[Callable[[int], int]], None]) -> bool:
    """Whether a function that was handed to C by `use` outlives every reference in Python."""

    def double(x: int) -> int:
        return x * 2

    reference = weakref.ref(double)
    use(double)
    del double
    gc.collect()
    return reference() is not None


def test_none_is_null(library: ctypes.CDLL) -> None:
    library.keep.argtypes = [Apply]
    library.keep(None)
    assert library.call(3) == -1


def test_a_function_that_is_no_callback_yet_is_refused_by_name(library: ctypes.CDLL) -> None:
    library.keep.argtypes = [Apply]
    for value, name in ((lambda x: x, "function"), (Other(lambda x: x), "other"), (1, "int"), ("x", "str")):
        with pytest.raises(ctypes.ArgumentError, match=f"expected apply or None, got {name}"):
            library.keep(value)


def test_an_argument_is_kept_alive(library: ctypes.CDLL) -> None:
    library.keep.argtypes = [Apply]
    assert alive(lambda function: library.keep(Apply(function)))
    assert library.call(21) == 42


def test_a_callback_in_a_struct_passed_by_value_is_kept_alive(library: ctypes.CDLL) -> None:
    # The shape of llama_context_params.abort_callback: C keeps it, the struct is gone after the call.
    params_type = types.llama_context_params
    library.keep_params.argtypes = [params_type]

    def use(function: Callable[[int], int]) -> None:
        params = params_type()
        params.abort_callback = types.ggml_abort_callback(lambda _: function(1) > 0)
        library.keep_params(params)

    assert alive(use)


def test_a_callback_behind_a_pointer_to_a_struct_is_kept_by_the_struct() -> None:
    params = types.llama_context_params()
    params.abort_callback = types.ggml_abort_callback(lambda _: True)
    gc.collect()
    assert params.abort_callback(None) is True


@pytest.mark.parametrize("exception", [ZeroDivisionError, KeyboardInterrupt, SystemExit])
def test_an_exception_goes_to_excepthook_and_c_gets_zero(
    library: ctypes.CDLL, monkeypatch: pytest.MonkeyPatch, exception: type[BaseException]
) -> None:
    library.keep.argtypes = [Apply]
    hooked: list[object] = []
    monkeypatch.setattr("sys.excepthook", lambda type_, _value, _traceback: hooked.append(type_))

    def fail(x: int) -> int:
        raise exception(x)

    library.keep(Apply(fail))
    assert library.call(3) == 0
    assert hooked == [exception]


def test_the_class_says_what_it_is() -> None:
    assert Apply.__name__ == "apply"
    assert Apply.__module__ == "llama_ctypes"
    assert Apply(lambda x: x + 1)(1) == 2


def test_a_type_that_returns_a_struct_is_cast_not_made() -> None:
    class Pair(ctypes.Structure):
        _fields_ = (("a", ctypes.c_int), ("b", ctypes.c_int))

    kind = callback("pairs", Pair, ctypes.c_int)
    with pytest.raises(TypeError):
        kind(lambda _: Pair())
    assert bool(kind(0)) is False


def test_every_callback_of_the_release_can_be_null() -> None:
    found = [
        value for name, value in vars(types).items() if hasattr(value, "_argtypes_") and name != "CFuncPtr"
    ]
    assert len(found) > 15
    for kind in found:
        assert kind.from_param(None) is None
        with pytest.raises(TypeError, match=kind.__name__):
            kind.from_param(print)


UNWOUND = """
#include <pthread.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>
static void unwound(void * unused) { write(2, "unwound\\n", 8); }
void work(int (*callback)(int)) {
    struct timespec pause = {0, 1000000};
    pthread_cleanup_push(unwound, NULL);
    while (1) { callback(1); nanosleep(&pause, NULL); }
    pthread_cleanup_pop(0);
}
"""


def test_a_daemon_thread_is_not_torn_out_of_c_at_the_end(tmp_path: Path) -> None:
    """What it computes in C may be shared with threads that Python knows nothing of."""
    path = compile_library(UNWOUND, tmp_path / library_name("work"), *THREADS)
    program = f"""
import ctypes, threading
from llama_ctypes._callback import callback
called = threading.Event()
Apply = callback("apply", ctypes.c_int, ctypes.c_int)
work = ctypes.CDLL({str(path)!r}).work
work.argtypes = [Apply]
threading.Thread(target=work, args=[Apply(lambda x: called.set() or 0)], daemon=True).start()
called.wait()
"""
    for _ in range(3):
        done = python("-c", program)
        assert (done.returncode, done.stderr) == (0, "")
