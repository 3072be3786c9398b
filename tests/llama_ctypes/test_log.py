"""Log lines: into Python's logging with their level, quiet by default, from any thread, none at the end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.llama_ctypes.tiny_library import GGML, LLAMA, compile_library, python
from tests.systems import THREADS, library_name

SOURCE = (
    LLAMA
    + r"""
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
typedef void (*log_callback)(int level, const char * text, void * data);
static log_callback log_;
size_t llama_max_devices(void) { return 16; }
void llama_log_set(log_callback callback, void * data) { log_ = callback; }
/* A function of the real API whose parameters suit the test: a level, a text. */
void ggml_abort(const char * text, int level, const char * unused) { log_(level, text, NULL); }
static void * say(void * unused) { log_(3, "from a thread\n", NULL); return NULL; }
void ggml_time_init(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, say, NULL);
    pthread_join(thread, NULL);
}
/* As a GPU backend does: C++ destructors run when the interpreter is gone. */
static void at_end(void) { if (log_) log_(4, "the end\n", NULL); }
__attribute__((constructor)) static void begin(void) { atexit(at_end); }
"""
)
SAY = "import llama_ctypes as l\ndef say(level, text): l.ggml_abort(text.encode(), level, None)\n"
HEARD = """
import json, logging
class Heard(logging.Handler):
    lines = []
    def emit(self, record): self.lines.append((record.name, record.levelname, record.getMessage()))
logging.getLogger("llama_ctypes").addHandler(Heard())
logging.getLogger("llama_ctypes").setLevel(logging.DEBUG)
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("log") / library_name("llama")
    return str(compile_library(SOURCE, path, *THREADS))


def run(library: str, program: str) -> tuple[str, str]:
    done = python("-c", program, environment={"LLAMA_CPP_LIB": library, "LLAMA_CTYPES_ABI": "ignore"})
    assert done.returncode == 0, (done.returncode, done.stderr)
    return done.stdout, done.stderr


def heard(library: str, program: str) -> list[list[str]]:
    stdout, stderr = run(library, HEARD + SAY + program + "\nprint(json.dumps(Heard.lines))")
    assert stderr == ""
    lines: list[list[str]] = json.loads(stdout)
    return lines


def test_levels_are_the_lines_own(library: str) -> None:
    lines = heard(library, "for level in range(5): say(level, f'{level}\\n')")
    assert [tuple(line[1:]) for line in lines] == [
        ("INFO", "0"),
        ("DEBUG", "1"),
        ("INFO", "2"),
        ("WARNING", "3"),
        ("ERROR", "4"),
    ]
    assert {line[0] for line in lines} == {"llama_ctypes"}


def test_pieces_become_lines_and_lines_stay_apart(library: str) -> None:
    program = r"""
say(3, "load"); say(5, "ing"); say(5, " 100%\n")
say(4, "one\ntwo\n\n"); say(5, "three\n")
say(2, "begun"); say(3, "other\n")
l.ggml_abort(b"broken \xff\n", 2, None)
"""
    assert [tuple(line[1:]) for line in heard(library, program)] == [
        ("WARNING", "loading 100%"),
        ("ERROR", "one"),
        ("ERROR", "two"),
        ("ERROR", "three"),
        ("INFO", "begun"),
        ("WARNING", "other"),
        ("INFO", "broken \N{REPLACEMENT CHARACTER}"),
    ]


def test_percent_signs_are_text(library: str) -> None:
    assert heard(library, "say(3, '100%s %d\\n')") == [["llama_ctypes", "WARNING", "100%s %d"]]


def test_threads_that_python_did_not_make(library: str) -> None:
    assert heard(library, "l.ggml_time_init()") == [["llama_ctypes", "WARNING", "from a thread"]]


@pytest.mark.parametrize("prepared", ["", "import logging\n"])
def test_quiet_unless_asked_but_for_errors(library: str, prepared: str) -> None:
    program = prepared + SAY + "for level in range(5): say(level, f'line {level}\\n')"
    assert run(library, program) == ("", "line 4\n")


def test_logging_is_imported_by_nobody_who_does_not_use_it(library: str) -> None:
    program = SAY + "say(2, 'x\\n'); import sys; print('logging' in sys.modules)"
    assert run(library, program) == ("False\n", "")


def test_nothing_comes_when_the_interpreter_is_gone(library: str) -> None:
    assert run(library, SAY + "say(2, 'x\\n')") == ("", "")
    own = "l.llama_log_set(l.ggml_log_callback(lambda *_: print('mine', flush=True)), None)\nsay(2, 'x')"
    assert run(library, SAY + own) == ("mine\n", "")


OPENING = LLAMA + GGML % 1 + "size_t llama_max_devices(void) { return 16; }"


def test_a_handler_may_use_the_bindings_while_they_open(tmp_path: Path) -> None:
    """It gets the lines when the libraries are open; before, each line opened them once more."""
    library = compile_library(OPENING, tmp_path / library_name("llama"))
    program = """
import logging
import llama_ctypes as llama

class Handler(logging.Handler):
    def emit(self, record):
        print(record.getMessage()[:7], llama.llama_max_devices())

logger = logging.getLogger("llama_ctypes")
logger.addHandler(Handler())
logger.setLevel(logging.DEBUG)
print(llama.llama_max_devices())
"""
    assert run(str(library), program) == ("failed  16\nbad day 16\n16\n", "")


def test_a_function_that_is_used_in_the_midst_of_opening_is_an_error(library: str) -> None:
    """Here by a hook for warnings, which are not held back."""
    program = """
import warnings
import llama_ctypes as llama
from llama_ctypes import _loader
find = _loader._find

def warn():
    try:
        llama.llama_max_devices()
    except llama.LibraryError as error:
        print(error)
    return find()

_loader._find = warn
print(llama.llama_max_devices())
"""
    assert run(library, program) == (
        "a function was used while the same thread opens the libraries\n16\n",
        "",
    )
