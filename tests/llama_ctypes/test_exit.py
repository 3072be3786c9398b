"""The end of a process whose threads still compute: no C++ destructor, but the output and the status stay."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

import pytest

from tests.llama_ctypes.tiny_library import LLAMA, compile_library, python
from tests.systems import library_name

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "on_exit"), reason="only glibc has on_exit"
)

SOURCE = (
    LLAMA
    + """
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>
/* Not stdout: Python flushes that itself. */
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
    return compile_library(SOURCE, tmp_path_factory.mktemp("exit") / library_name("llama"))


@pytest.mark.parametrize(("thread", "stderr"), [("", "destroyed\n"), (THREAD, "")])
def test_destructors_run_only_if_no_thread_is_left(library: Path, thread: str, stderr: str) -> None:
    settings = {"LLAMA_CPP_LIB": str(library), "LLAMA_CTYPES_ABI": "ignore"}
    done = python("-c", PROGRAM.format(thread=thread), environment=settings)
    assert (done.returncode, done.stdout, done.stderr) == (7, "buffered", stderr)
