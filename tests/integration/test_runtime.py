"""RUN_STORIES260K_INTEGRATION: threads, callbacks and the end of the interpreter, on real libraries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.conftest import PROMPT, environment, needs_switch

needs_switch("RUN_STORIES260K_INTEGRATION")


def run(build_dir: Path, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", program, *arguments],
        env=environment(build_dir),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


ENDS = """
import sys, threading, time
import llama_ctypes as llama

how, path = sys.argv[1:]
if "own-log" in how:
    llama.llama_log_set(llama.ggml_log_callback(lambda *_: None), None)
params = llama.llama_model_default_params()
params.progress_callback = llama.llama_progress_callback(lambda fraction, data: True)
model = llama.llama_model_load_from_file(path.encode(), params)
working = threading.Semaphore(0)

def make():
    params = llama.llama_context_default_params()
    params.n_ctx, params.n_threads, params.n_threads_batch = 128, 2, 2
    if "abort" in how:
        params.abort_callback = llama.ggml_abort_callback(lambda data: False)
    return llama.llama_init_from_model(model, params)

def work(rounds):
    context = make()
    tokens = (llama.llama_token * 100)(*range(1, 101))
    for _ in range(rounds):
        llama.llama_memory_clear(llama.llama_get_memory(context), True)
        assert llama.llama_decode(context, llama.llama_batch_get_one(tokens, 100)) == 0
        working.release()

if "thread" in how:
    for _ in range(2):
        threading.Thread(target=work, args=(10**9 if "daemon" in how else 4,), daemon="daemon" in how).start()
    working.acquire()
    working.acquire()
else:
    context = make()
if "exit" in how:
    sys.exit(7)
if "raise" in how:
    raise ValueError("on purpose")
"""


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ("loaded", 0),
        ("loaded own-log", 0),
        ("loaded exit", 7),
        ("loaded abort raise", 1),
        ("threads", 0),
        ("threads abort own-log", 0),
        ("daemon-threads", 0),
        ("daemon-threads own-log exit", 7),
        ("daemon-threads abort", 0),
    ],
)
def test_the_interpreter_ends_in_peace(build_dir: Path, stories: Path, how: str, status: int) -> None:
    """Nothing is freed, callbacks are set, threads run: the status is the program's own."""
    # Who wins the race between a daemon thread and the end differs.
    for _ in range(10 if "daemon" in how else 3):
        done = run(build_dir, ENDS, how, stories)
        assert done.returncode == status, done.stderr
        assert ("on purpose" in done.stderr) == ("raise" in how)


THREADS = """
import sys, threading
import llama_ctypes as llama
from llama_ctypes._commands.session import Session

path, prompt = sys.argv[1:]

class Sharing(Session):
    def __init__(self, other):
        self.model, self.vocab = other.model, other.vocab
        self.sampler, self.tokens, self._threads = llama.llama_sampler_init_greedy(), [], 1
        self.open_context(128)

with Session(path, threads=1) as session:
    session.open_context(128)
    texts = {}

    def generate(name, session):
        session.decode(session.tokenize(prompt.encode()))
        texts[name] = b"".join(map(session.piece, session.generate(48)))

    # One model, three contexts, three threads; each made here and used there.
    sessions = [session, Sharing(session), Sharing(session)]
    threads = [threading.Thread(target=generate, args=pair) for pair in enumerate(sessions)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    print(len(set(texts.values())), len(texts), len(texts[0]) > 40)
"""


def test_a_model_is_shared_by_threads_with_contexts_of_their_own(build_dir: Path, stories: Path) -> None:
    done = run(build_dir, THREADS, stories, PROMPT)
    assert done.stdout == "1 3 True\n", done.stderr


KEPT = """
import gc, sys
import llama_ctypes as llama

fractions, asked = [], []
params = llama.llama_model_default_params()
params.progress_callback = llama.llama_progress_callback(lambda part, data: fractions.append(part) or True)
gc.collect()
model = llama.llama_model_load_from_file(sys.argv[1].encode(), params)
assert model and fractions[-1] == 1

params = llama.llama_context_default_params()
params.abort_callback = llama.ggml_abort_callback(lambda data: asked.append(1) or False)
context = llama.llama_init_from_model(model, params)
del params  # C keeps the pointer; the struct is gone
gc.collect()
[bytearray(64) for _ in range(10000)]
token = (llama.llama_token * 1)(5)
assert llama.llama_decode(context, llama.llama_batch_get_one(token, 1)) == 0 and asked

def refuse(fraction, data):
    raise RuntimeError("from a callback")
params = llama.llama_model_default_params()
params.progress_callback = llama.llama_progress_callback(refuse)
assert not llama.llama_model_load_from_file(sys.argv[1].encode(), params)
"""


def test_callbacks_in_structs_live_as_long_as_c_may_call_them(build_dir: Path, stories: Path) -> None:
    done = run(build_dir, KEPT, stories)
    assert done.returncode == 0, done.stderr
    assert "RuntimeError: from a callback" in done.stderr  # said, and C got zero: loading stopped


VIEWS = """
import ctypes, sys
import llama_ctypes as llama
from llama_ctypes._commands.session import Session

with Session(sys.argv[1], threads=1) as session:
    session.open_context(64)
    session.decode(session.tokenize(b"One day"))
    n_vocab = llama.llama_vocab_n_tokens(session.vocab)
    pointer = llama.llama_get_logits_ith(session._context, -1)
    array = ctypes.cast(pointer, ctypes.POINTER(ctypes.c_float * n_vocab)).contents
    view = memoryview(array)
    assert ctypes.addressof(array) == ctypes.addressof(pointer.contents)  # nothing was copied
    assert view.nbytes == 4 * n_vocab and view.format.strip("<>") == "f"
    best = max(range(n_vocab), key=array.__getitem__)
    assert best == llama.llama_sampler_sample(session.sampler, session._context, -1)
    array[best] = -1e9  # written where the sampler reads
    assert best != llama.llama_sampler_sample(session.sampler, session._context, -1)
    try:
        import numpy
    except ImportError:
        sys.exit()
    for taken in (numpy.frombuffer(view, numpy.float32), numpy.ctypeslib.as_array(pointer, (n_vocab,))):
        assert taken.ctypes.data == ctypes.addressof(array) and taken[best] == numpy.float32(-1e9)
"""


def test_logits_are_a_buffer_over_the_memory_of_the_library(build_dir: Path, stories: Path) -> None:
    done = run(build_dir, VIEWS, stories)
    assert done.returncode == 0, done.stderr
