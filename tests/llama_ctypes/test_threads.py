"""A call lets other Python threads run: all functions release the GIL while C works."""

from __future__ import annotations

from pathlib import Path

from tests.llama_ctypes.tiny_library import LLAMA, compile_library, python
from tests.systems import THREADS, library_name

# One thread waits inside C until another has come into C: with the GIL held it never would.
SOURCE = (
    LLAMA
    + """
#include <pthread.h>
#include <stddef.h>
#include <time.h>
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t came = PTHREAD_COND_INITIALIZER;
static int there;
int llama_n_threads(void * context) {
    struct timespec limit;
    int status = 0;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 20;
    pthread_mutex_lock(&mutex);
    while (!there && status == 0) { status = pthread_cond_timedwait(&came, &mutex, &limit); }
    pthread_mutex_unlock(&mutex);
    return there;
}
int llama_n_threads_batch(void * context) {
    pthread_mutex_lock(&mutex);
    there = 1;
    pthread_cond_signal(&came);
    pthread_mutex_unlock(&mutex);
    return 0;
}
"""
)
PROGRAM = """
import threading, llama_ctypes as llama
threading.Timer(0.05, lambda: llama.llama_n_threads_batch(None)).start()
print(llama.llama_n_threads(None))
"""


def test_a_call_releases_the_gil(tmp_path: Path) -> None:
    library = compile_library(SOURCE, tmp_path / library_name("llama"), *THREADS)
    done = python("-c", PROGRAM, environment={"LLAMA_CPP_LIB": str(library), "LLAMA_CTYPES_ABI": "ignore"})
    assert done.stdout == "1\n", done.stderr
