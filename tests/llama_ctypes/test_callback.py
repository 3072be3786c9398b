"""Callbacks: NULL, no strangers, and alive for as long as C may call them."""

from __future__ import annotations

import ctypes
import gc
import threading
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
#include <stdbool.h>
#include <stddef.h>
static int (*kept)(int);
struct params { long pad[8]; int (*callback)(int); };
void keep(int (*callback)(int)) { kept = callback; }
void keep_params(struct params p) { kept = p.callback; }
int last;
void ggml_abort_callback(bool (*abort)(void *), bool ask) { last = abort(NULL); }
void llama_progress_callback(bool (*progress)(float, void *), bool ask) { last = progress(0.5, NULL); }
void ggml_backend_sched_eval_callback(bool (*eval)(void *, bool, void *), bool ask) {
    last = eval(NULL, ask, NULL);
}
int call(int x) { return last = kept ? kept(x) : -1; }
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
def test_an_exception_comes_out_of_the_call_of_the_main_thread(
    library: ctypes.CDLL, exception: type[BaseException]
) -> None:
    library.keep.argtypes = [Apply]

    def fail(x: int) -> int:
        raise exception(x)

    library.keep(Apply(fail))
    with pytest.raises(exception) as caught:
        library.call(3)
    assert caught.value.args == (3,)
    assert caught.traceback[-1].name == "fail"
    assert ctypes.c_int.in_dll(library, "last").value == 0


def test_an_exception_comes_out_of_each_call_on_its_way(library: ctypes.CDLL) -> None:
    """A callback calls C, which calls a callback: C stops twice, and no step in between is skipped."""
    library.keep.argtypes = [Apply]
    steps = []

    def outer(x: int) -> int:
        library.keep(Apply(fail))
        try:
            return int(library.call(x)) + 1
        finally:
            steps.append("left")

    def fail(x: int) -> int:
        raise LookupError(x)

    library.keep(Apply(outer))
    with pytest.raises(LookupError):
        library.call(1)
    assert steps == ["left"]


def test_an_exception_goes_to_excepthook_in_other_threads(
    library: ctypes.CDLL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signals do not arrive there, and Python did not start all of them."""
    library.keep.argtypes = [Apply]
    hooked: list[object] = []
    monkeypatch.setattr("sys.excepthook", lambda type_, _value, _traceback: hooked.append(type_))
    library.keep(Apply(lambda x: x // 0))
    results: list[int] = []
    thread = threading.Thread(target=lambda: results.append(library.call(3)))
    thread.start()
    thread.join()
    assert (results, hooked) == ([0], [ZeroDivisionError])


@pytest.mark.parametrize(
    ("name", "ask", "result"),
    [
        ("ggml_abort_callback", 0, True),
        ("llama_progress_callback", 0, False),
        ("ggml_backend_sched_eval_callback", 1, True),  # the scheduler asks whether to report a tensor,
        ("ggml_backend_sched_eval_callback", 0, False),  # and reports it: only here it stops
    ],
)
def test_c_gets_the_result_that_stops_it(library: ctypes.CDLL, name: str, ask: int, result: bool) -> None:
    """Zero stops a load; to llama_decode it means to go on."""

    def fail(*_: object) -> bool:
        raise ZeroDivisionError

    callback_type = getattr(types, name)
    function = getattr(library, name)
    function.argtypes = [callback_type, ctypes.c_bool]
    with pytest.raises(ZeroDivisionError):
        function(callback_type(fail), bool(ask))
    assert ctypes.c_int.in_dll(library, "last").value == result


def test_the_same_callback_is_made_once(library: ctypes.CDLL) -> None:
    class Counter:
        def count(self, x: int) -> int:
            return x + 1

    counter = Counter()
    assert Apply(counter.count) is Apply(counter.count)
    assert Apply(counter.count) is not Apply(Counter().count)
    assert Apply(abs) is Apply(abs)
    assert Apply(abs) is not Other(abs)


class Equal:
    """Equal to every other one, but not the same."""

    def __init__(self, result: int) -> None:
        self.result = result

    def __call__(self, x: int) -> int:
        return self.result

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def test_equal_functions_are_not_the_same_callback() -> None:
    assert [Apply(Equal(n))(0) for n in range(3)] == [0, 1, 2]


def test_a_closed_callback_lives_only_as_long_as_python_refers_to_it() -> None:
    def double(x: int) -> int:
        return x * 2

    function = weakref.ref(double)
    first, second = Apply(double), Apply(double)
    del double
    first.close()  # made twice
    gc.collect()
    assert function() is not None
    second.close()
    assert second(4) == 8
    second.close()  # once too often does nothing
    del first, second
    gc.collect()
    assert function() is None


def test_a_with_block_closes_the_callback() -> None:
    assert alive(lambda function: Apply(function).__enter__())

    def use(function: Callable[[int], int]) -> None:
        with Apply(function) as made:
            assert made(2) == 4
        params = types.llama_context_params()
        with types.ggml_abort_callback(function) as made:
            params.abort_callback = made

    assert not alive(use)


def test_null_and_addresses_can_be_closed() -> None:
    Apply().close()
    with Apply(0) as null:
        assert not null


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
