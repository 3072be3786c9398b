"""The end of a process whose threads still compute: no C++ destructor, but the output and the status stay."""

from __future__ import annotations

import ctypes
import random
import sys
from pathlib import Path

import pytest

from tests.llama_ctypes.tiny_library import ENDINGS, LLAMA, compile_library, python
from tests.systems import THREADS, library_name

on_exit = pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "on_exit"), reason="only glibc has on_exit"
)

SOURCE = (
    LLAMA
    + """
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>
/* Not stdout: Python flushes that itself. */
#include <stdbool.h>
#include <time.h>
static volatile bool stopped;
/* Calls back until `stop`. */
void llama_set_abort_callback(void * context, bool (*callback)(void *), void * data) {
    struct timespec time = {0, 100000};
    while (!stopped) { callback(data); nanosleep(&time, NULL); }
}
void ggml_time_init(void) { stopped = true; }
size_t llama_max_devices(void) { return fputs("buffered", fdopen(dup(1), "w")); }
__attribute__((destructor)) static void destroy(void) { write(2, "destroyed\\n", 10); }
"""
)
PROGRAM = """
import sys, threading, time
import llama_ctypes as llama
llama.llama_max_devices()
{thread}
sys.exit(7)
"""
THREAD = "threading.Thread(target=time.sleep, args=[600], daemon=True).start()"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compile_library(SOURCE, tmp_path_factory.mktemp("exit") / library_name("llama"), *THREADS)


def settings(library: Path) -> dict[str, str]:
    return {"LLAMA_CPP_LIB": str(library), "LLAMA_CTYPES_ABI": "ignore"}


@on_exit
@pytest.mark.parametrize(("thread", "stderr"), [("", "destroyed\n"), (THREAD, "")])
def test_destructors_run_only_if_no_thread_is_left(library: Path, thread: str, stderr: str) -> None:
    done = python("-c", PROGRAM.format(thread=thread), environment=settings(library))
    assert (done.returncode, done.stdout, done.stderr) == (7, "buffered", stderr)


def test_an_exit_handler_can_join_a_worker_that_still_calls_back(library: Path) -> None:
    """It was registered before the first function was used, so it runs after what that registers."""
    program = """
import atexit, threading
called = threading.Event()

def end():
    called.clear()
    assert called.wait(10)  # the worker goes on
    llama.ggml_time_init()  # and is asked to stop
    worker.join()
    print("joined", flush=True)

atexit.register(end)
import llama_ctypes as llama
callback = llama.ggml_abort_callback(lambda data: called.set() or False)
worker = threading.Thread(target=llama.llama_set_abort_callback, args=(None, callback, None), daemon=True)
worker.start()
assert called.wait(10)
"""
    done = python("-c", program, environment=settings(library))
    assert (done.returncode, done.stdout, done.stderr) == (0, "joined\n", "destroyed\n")


# Opening takes a while, and computing reads what a destructor takes away.
USE = """
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
static void (*log_)(int level, const char * text, void * data);
static volatile int * memory;
void llama_backend_init(void) {}
void llama_log_set(void (*callback)(int, const char *, void *), void * data) { log_ = callback; }
__attribute__((constructor)) static void begin(void) {
    struct timespec time = {0, 5000000};
    nanosleep(&time, NULL);
    memory = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
__attribute__((destructor)) static void end(void) { munmap((void *) memory, 4096); }
size_t llama_max_devices(void) { return 0; }
void ggml_time_init(void) {
    for (long i = 0;; i++) if (*memory || i % 10000 == 0) log_(2, "computing\\n", NULL);
}
"""


@on_exit
def test_daemon_threads_may_use_their_first_function_at_the_end(tmp_path: Path) -> None:
    library = compile_library(USE, tmp_path / library_name("llama"))
    program = """
import sys, threading, time

def work():
    import llama_ctypes as llama
    llama.ggml_time_init()

for _ in range(2):
    threading.Thread(target=work, daemon=True).start()
time.sleep(float(sys.argv[1]))
"""
    for attempt in range(ENDINGS):
        delay = 0.1 * random.Random(attempt).random()
        done = python("-c", program, str(delay), environment=settings(library))
        assert (done.returncode, done.stderr) == (0, ""), f"attempt {attempt}, {delay} s"
