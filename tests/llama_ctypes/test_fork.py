"""A fork after the libraries are open: the child is told, at whatever it does; the parent goes on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.llama_ctypes.tiny_library import LLAMA, compile_library, python
from tests.systems import library_name

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

SOURCE = (
    LLAMA
    + """
#include <stddef.h>
size_t llama_max_devices(void) { return 16; }
int llama_n_threads(void * context) { return 3; }
int llama_n_threads_batch(void * context) { return 4; }
"""
)
PROGRAM = """
import os, llama_ctypes as llama
from llama_ctypes import llama_max_devices, llama_n_threads
{before}
child = os.fork()
if child == 0:
    for call in (
        lambda: llama.llama_max_devices(),       # through the module
        lambda: llama.llama_n_threads_batch(None),   # not used before
        lambda: llama_n_threads(None),           # held by the program
        lambda: llama_max_devices(),
    ):
        try:
            print(call())
        except Exception as error:
            print(type(error).__name__, str(error)[:80])
    os._exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
print(llama.llama_max_devices(), llama_n_threads(None))
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compile_library(SOURCE, tmp_path_factory.mktemp("fork") / library_name("llama"))


def lines(library: Path, program: str) -> list[str]:
    settings = {"LLAMA_CPP_LIB": str(library), "LLAMA_CTYPES_ABI": "ignore", "PYTHONUNBUFFERED": "1"}
    done = python("-c", program, environment=settings)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_child_is_refused_and_the_parent_is_not(library: Path) -> None:
    through, unused, held, without_arguments, parent = lines(library, PROGRAM.format(before=""))
    for line in (through, unused):
        assert line.startswith("LibraryError this process was forked after llama.cpp's libraries were opened")
    assert held.startswith("ArgumentError argument 1: LibraryError: this process was forked")
    assert without_arguments.startswith("TypeError")  # nothing to tell it by; but not called
    assert parent == "16 3"


def test_a_fork_before_the_first_function_is_fine(library: Path) -> None:
    program = """
import os, llama_ctypes as llama
llama.llama_token, llama.GGML_MAX_DIMS
if os.fork() == 0:
    print(llama.llama_max_devices())
    os._exit(0)
print(os.waitstatus_to_exitcode(os.wait()[1]))
"""
    assert lines(library, program) == ["16", "0"]


SLOW = (
    SOURCE
    + """
#include <time.h>
__attribute__((constructor)) static void begin(void) {
    struct timespec time = {1, 0};
    nanosleep(&time, NULL);
}
"""
)


def test_a_fork_while_another_thread_opens_the_libraries(tmp_path: Path) -> None:
    """The child would wait for ever for a thread that it does not have."""
    library = compile_library(SLOW, tmp_path / library_name("llama"))
    program = """
import os, threading, time
import llama_ctypes as llama
from llama_ctypes import _fork
opener = threading.Thread(target=lambda: llama.llama_max_devices())
opener.start()
while not _fork._open:
    time.sleep(0.001)
if os.fork() == 0:
    try:
        print(llama.llama_n_threads(None))
    except llama.LibraryError as error:
        print(str(error)[:25])
    os._exit(0)
print(os.waitstatus_to_exitcode(os.wait()[1]))
opener.join()
print(llama.llama_max_devices())
"""
    assert lines(library, program) == ["this process was forked a", "0", "16"]


def test_a_fork_after_libraries_that_did_not_open_is_fine(library: Path, tmp_path: Path) -> None:
    program = f"""
import os, llama_ctypes as llama
right = os.environ["LLAMA_CPP_LIB"]
os.environ["LLAMA_CPP_LIB"] = {str(tmp_path / "missing")!r}
try:
    llama.llama_max_devices()
except llama.LibraryError:
    os.environ["LLAMA_CPP_LIB"] = right
if os.fork() == 0:
    print(llama.llama_max_devices())
    os._exit(0)
print(os.waitstatus_to_exitcode(os.wait()[1]))
"""
    assert lines(library, program) == ["16", "0"]
