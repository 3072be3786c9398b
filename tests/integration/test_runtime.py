"""RUN_STORIES260K_INTEGRATION: threads, callbacks and interpreter exit, on real libraries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.conftest import PROMPT, environment, needs_switch
from tests.llama_ctypes.tiny_library import ENDINGS

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


EXIT_PROGRAM = """
import sys, threading, time
import llama_ctypes as llama

mode, path = sys.argv[1:]
if "own-log" in mode:
    llama.llama_log_set(llama.ggml_log_callback(lambda *_: None), None)
params = llama.llama_model_default_params()
params.progress_callback = llama.llama_progress_callback(lambda fraction, data: True)
model = llama.llama_model_load_from_file(path.encode(), params)
working = threading.Semaphore(0)

def make():
    params = llama.llama_context_default_params()
    params.n_ctx, params.n_threads, params.n_threads_batch = 128, 2, 2
    if "abort" in mode:
        params.abort_callback = llama.ggml_abort_callback(lambda data: False)
    return llama.llama_init_from_model(model, params)

def work(rounds):
    context = make()
    tokens = (llama.llama_token * 100)(*range(1, 101))
    for _ in range(rounds):
        llama.llama_memory_clear(llama.llama_get_memory(context), True)
        assert llama.llama_decode(context, llama.llama_batch_get_one(tokens, 100)) == 0
        working.release()

if "thread" in mode:
    for _ in range(2):
        rounds = 10**9 if "daemon" in mode else 4
        threading.Thread(target=work, args=(rounds,), daemon="daemon" in mode).start()
    working.acquire()
    working.acquire()
else:
    context = make()
if "exit" in mode:
    sys.exit(7)
if "raise" in mode:
    raise ValueError("on purpose")
"""


@pytest.mark.parametrize(
    ("mode", "status"),
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
def test_the_interpreter_exits_cleanly(build_dir: Path, stories: Path, mode: str, status: int) -> None:
    """The exit status is the program's, even with unfreed handles, set callbacks and running threads."""
    # Daemon threads race with the exit, so these programs run more often.
    for _ in range(10 if "daemon" in mode else 3):
        result = run(build_dir, EXIT_PROGRAM, mode, stories)
        assert result.returncode == status, result.stderr
        assert ("on purpose" in result.stderr) == ("raise" in mode)


THREADS_PROGRAM = """
import sys, threading
import llama_ctypes as llama
from llama_ctypes._commands.session import Session

path, prompt = sys.argv[1:]

class Sharing(Session):
    def __init__(self, session):
        self.model, self.vocab = session.model, session.vocab
        self.sampler, self.tokens, self._threads = llama.llama_sampler_init_greedy(), [], 1
        self.open_context(128)

with Session(path, threads=1) as session:
    session.open_context(128)
    texts = {}

    def generate(name, session):
        session.decode(session.tokenize(prompt.encode()))
        texts[name] = b"".join(map(session.piece, session.generate(48)))

    # One model, three contexts, three threads. Each context is created in this thread and used in another.
    sessions = [session, Sharing(session), Sharing(session)]
    threads = [threading.Thread(target=generate, args=pair) for pair in enumerate(sessions)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    print(len(set(texts.values())), len(texts), len(texts[0]) > 40)
"""


def test_threads_share_a_model_with_separate_contexts(build_dir: Path, stories: Path) -> None:
    result = run(build_dir, THREADS_PROGRAM, stories, PROMPT)
    assert result.stdout == "1 3 True\n", result.stderr


CALLBACKS_PROGRAM = """
import gc, sys
import llama_ctypes as llama

fractions, aborts = [], []
params = llama.llama_model_default_params()
params.progress_callback = llama.llama_progress_callback(lambda part, data: fractions.append(part) or True)
gc.collect()
model = llama.llama_model_load_from_file(sys.argv[1].encode(), params)
assert model and fractions[-1] == 1

params = llama.llama_context_default_params()
params.abort_callback = llama.ggml_abort_callback(lambda data: aborts.append(1) or False)
context = llama.llama_init_from_model(model, params)
del params  # C keeps the pointer; the struct is gone
gc.collect()
[bytearray(64) for _ in range(10000)]
token = (llama.llama_token * 1)(5)
assert llama.llama_decode(context, llama.llama_batch_get_one(token, 1)) == 0 and aborts

def refuse(fraction, data):
    raise RuntimeError("from a callback")
params = llama.llama_model_default_params()
params.progress_callback = llama.llama_progress_callback(refuse)
try:
    llama.llama_model_load_from_file(sys.argv[1].encode(), params)
except RuntimeError as error:
    print(error)
"""


def test_callbacks_in_structs_live_while_c_may_call_them(build_dir: Path, stories: Path) -> None:
    result = run(build_dir, CALLBACKS_PROGRAM, stories)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "from a callback\n"


LOGITS_PROGRAM = """
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
    assert ctypes.addressof(array) == ctypes.addressof(pointer.contents)  # not a copy
    assert view.nbytes == 4 * n_vocab and view.format.strip("<>") == "f"
    best = max(range(n_vocab), key=array.__getitem__)
    assert best == llama.llama_sampler_sample(session.sampler, session._context, -1)
    array[best] = -1e9  # writes where the sampler reads
    assert best != llama.llama_sampler_sample(session.sampler, session._context, -1)
    try:
        import numpy
    except ImportError:
        sys.exit()
    for view_array in (numpy.frombuffer(view, numpy.float32), numpy.ctypeslib.as_array(pointer, (n_vocab,))):
        assert view_array.ctypes.data == ctypes.addressof(array) and view_array[best] == numpy.float32(-1e9)
"""


def test_logits_are_a_buffer_over_memory_of_the_library(build_dir: Path, stories: Path) -> None:
    result = run(build_dir, LOGITS_PROGRAM, stories)
    assert result.returncode == 0, result.stderr


INTERRUPT_PROGRAM = """
import random, signal, sys, time
import llama_ctypes as llama

situation, path, attempts = sys.argv[1], sys.argv[2].encode(), int(sys.argv[3])
params = llama.llama_model_default_params()
model = llama.llama_model_load_from_file(path, params)
context_params = llama.llama_context_default_params()
context_params.n_ctx, context_params.n_threads, context_params.n_threads_batch = 512, 2, 2
if situation == "decode":
    context_params.abort_callback = llama.ggml_abort_callback(lambda data: False)
if situation == "eval":
    context_params.cb_eval = llama.ggml_backend_sched_eval_callback(lambda tensor, ask, data: True)
context = llama.llama_init_from_model(model, context_params)
known = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(model))
tokens = (llama.llama_token * 400)(*(position % known for position in range(400)))

def load():
    llama.llama_model_free(llama.llama_model_load_from_file(path, params))

def decode():
    llama.llama_memory_clear(llama.llama_get_memory(context), True)
    llama.llama_decode(context, llama.llama_batch_get_one(tokens, 400))

work = load if situation == "load" else decode
signal.signal(signal.SIGALRM, signal.default_int_handler)  # as Ctrl-C
for attempt in range(attempts):
    try:
        signal.setitimer(signal.ITIMER_REAL, random.uniform(0.001, 0.1))
        end = time.monotonic() + 10
        while time.monotonic() < end:
            work()
        print("lost")
    except KeyboardInterrupt:
        print("heard")
"""


@pytest.mark.parametrize("situation", ["load", "decode", "eval", "decode without a callback"])
def test_ctrl_c_comes_out_of_a_call(build_dir: Path, stories: Path, situation: str) -> None:
    result = run(build_dir, INTERRUPT_PROGRAM, situation, stories, str(ENDINGS))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.split() == ["heard"] * ENDINGS
