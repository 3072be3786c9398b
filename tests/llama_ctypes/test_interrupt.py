"""Exceptions of signal handlers that run while C works: they come out of the call, and C stops if it can.

LLAMA_CTYPES_ENDINGS is the number of attempts of each kind.
"""

from __future__ import annotations

import ctypes
import signal
import subprocess

import pytest

from llama_ctypes._generated import types
from tests.llama_ctypes.tiny_library import ENDINGS, LLAMA, compile_library, python
from tests.systems import library_name

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timer signals")

_FIELD = types.llama_model_params.progress_callback
_REST = ctypes.sizeof(types.llama_model_params) - _FIELD.offset - _FIELD.size
# Functions of the real API whose parameters suit the test. Each takes 2 s if it is not stopped, and 20 ms if
# it cannot be.
SOURCE = (
    LLAMA
    + f"""
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>
struct params {{ char before[{_FIELD.offset}]; bool (*progress)(float, void *); char after[{_REST}]; }};
static void (*log_)(int level, const char * text, void * data);
static bool (*abort_)(void * data);
static void pause(void) {{ struct timespec time = {{0, 1000000}}; nanosleep(&time, NULL); }}
void llama_log_set(void (*callback)(int, const char *, void *), void * data) {{ log_ = callback; }}
void llama_set_abort_callback(void * context, bool (*callback)(void *), void * data) {{ abort_ = callback; }}
void * llama_model_load_from_file(const char * path, struct params params) {{
    for (int i = 0; i < 2000; i++) {{
        log_(2, "loading\\n", NULL);
        if (params.progress && !params.progress(0.5, NULL)) return NULL;
        pause();
    }}
    return &log_;
}}
int llama_n_threads(void * context) {{
    for (int i = 0; i < 2000; i++) {{
        if (abort_(NULL)) return 2;
        pause();
    }}
    return 0;
}}
int llama_n_threads_batch(void * context) {{
    for (int i = 0; i < 20; i++) {{
        log_(2, "working\\n", NULL);
        pause();
    }}
    return 0;
}}
void ggml_time_init(void) {{
    log_(2, "one\\n", NULL);
    raise(SIGALRM);
    log_(2, "two\\n", NULL);
}}
int llama_max_devices(void) {{
    for (int i = 0; i < 20; i++) pause();
    return 0;
}}
"""
)
PROGRAM = """
import random, signal, time
import llama_ctypes as llama

class Timeout(Exception): ...

def handle(number, frame):
    raise Timeout(attempt)

params = llama.llama_model_params()
own = llama.llama_model_params()
own.progress_callback = llama.llama_progress_callback(lambda fraction, data: True)
llama.llama_set_abort_callback(None, llama.ggml_abort_callback(lambda data: False), None)
work = {{
    "load": lambda: llama.llama_model_load_from_file(b"model", params),
    "load with a progress callback": lambda: llama.llama_model_load_from_file(b"model", own),
    "decode": lambda: llama.llama_n_threads(None),
    "log": lambda: llama.llama_n_threads_batch(None),
    "no callback": lambda: llama.llama_max_devices(),
}}[{situation!r}]
signal.signal(signal.SIGALRM, handle)
start = time.monotonic()
for attempt in range({attempts}):
    signal.setitimer(signal.ITIMER_REAL, random.uniform(0.001, 0.015))
    try:
        work()
        print("lost")
    except Timeout as error:
        print("heard" if error.args == (attempt,) else error.args)
print(time.monotonic() - start)
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(compile_library(SOURCE, tmp_path_factory.mktemp("interrupt") / library_name("llama")))


def run(library: str, program: str) -> subprocess.CompletedProcess[str]:
    return python("-c", program, environment={"LLAMA_CPP_LIB": library, "LLAMA_CTYPES_ABI": "ignore"})


@pytest.mark.parametrize(
    "situation", ["load", "load with a progress callback", "decode", "log", "no callback"]
)
def test_an_exception_of_a_signal_handler_comes_out(library: str, situation: str) -> None:
    """The caller gets the handler's own exception. A call that can be stopped is stopped."""
    done = run(library, PROGRAM.format(situation=situation, attempts=ENDINGS))
    assert (done.returncode, done.stderr) == (0, "")
    *results, seconds = done.stdout.splitlines()
    assert results == ["heard"] * ENDINGS
    assert float(seconds) < ENDINGS * 1.0


ENDED = """
import os, signal, sys, threading
import llama_ctypes as llama
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(3))
llama.llama_set_abort_callback(None, llama.ggml_abort_callback(lambda data: False), None)
threading.Timer(0.05, os.kill, [os.getpid(), signal.{name}]).start()
llama.{call}
print("lost")
"""


@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 3), ("SIGINT", -signal.SIGINT)])
@pytest.mark.parametrize(
    "call", ["llama_model_load_from_file(b'model', llama.llama_model_params())", "llama_n_threads(None)"]
)
def test_a_signal_ends_the_process_with_its_status(library: str, name: str, status: int, call: str) -> None:
    done = run(library, ENDED.format(name=name, call=call))
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.count("Traceback") == (name == "SIGINT")


def test_a_waiting_exception_keeps_callbacks_from_running(library: str) -> None:
    """They are stopped at their first instruction, and the traceback does not grow by each of them."""
    program = """
import llama_ctypes as llama
calls = []

def listen(level, text, data):
    calls.append(text)
    raise LookupError

llama.llama_log_set(llama.ggml_log_callback(listen), None)
try:
    llama.llama_n_threads_batch(None)
except LookupError as error:
    entry, names = error.__traceback__, []
    while entry:
        names.append(entry.tb_frame.f_code.co_name)
        entry = entry.tb_next
    print(len(calls), *names)
"""
    done = run(library, program)
    assert (done.stdout, done.stderr) == ("1 <module> __bool__ guarded listen\n", "")


def test_the_last_of_two_signals_comes_out_with_the_first_as_context(library: str) -> None:
    program = """
import signal
import llama_ctypes as llama

def handle(number, frame):
    raise OSError("second")

signal.signal(signal.SIGALRM, handle)

def listen(level, text, data):
    raise LookupError("first")

llama.llama_log_set(llama.ggml_log_callback(listen), None)
try:
    llama.ggml_time_init()  # raises the signal between two log lines
except OSError as error:
    print(error, repr(error.__context__))
"""
    done = run(library, program)
    assert (done.stdout, done.stderr) == ("second LookupError('first')\n", "")


def test_a_signal_while_python_prepares_the_load_stops_it(library: str) -> None:
    """ctypes would make an ArgumentError of the exception, and C would load without a progress callback."""
    program = """
import signal, time
import llama_ctypes as llama
from llama_ctypes import _interrupt
signal.signal(signal.SIGALRM, signal.default_int_handler)
is_main_thread = _interrupt.is_main_thread

def interrupted():
    _interrupt.is_main_thread = is_main_thread
    signal.raise_signal(signal.SIGALRM)

load = llama.llama_model_load_from_file
_interrupt.is_main_thread = interrupted
start = time.monotonic()
try:
    load(b"model", llama.llama_model_params())
except KeyboardInterrupt:
    print(time.monotonic() - start < 1)
try:
    load(b"model", 1)
except Exception as error:
    print(type(error).__name__)
"""
    done = run(library, program)
    assert (done.stdout, done.stderr) == ("True\nArgumentError\n", "")
