"""RUN_STORIES260K_INTEGRATION: `python -m llama_ctypes` on real libraries: what it prints and refuses."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.conftest import PROMPT, environment, needs_switch

needs_switch("RUN_STORIES260K_INTEGRATION")

Run = Callable[..., subprocess.CompletedProcess[bytes]]
WITH_TEMPLATE = Path(__file__).with_name("with_template.py")


@pytest.fixture
def run(build_dir: Path, tmp_path: Path) -> Run:
    def run(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, *arguments],
            input=stdin,
            cwd=tmp_path,
            env=environment(build_dir),
            capture_output=True,
            timeout=120,
            check=False,
        )

    return run


def refused(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one line of a command that could not be done."""
    stderr = done.stderr.decode()
    assert done.returncode == 1, stderr
    assert re.fullmatch(r"error: [^\n]+\n", stderr), stderr
    assert done.stdout == b""
    return stderr


@pytest.fixture(scope="module")
def chatty(build_dir: Path, stories: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """stories260K with a chat template of its own, written through the gguf_* functions."""
    output = tmp_path_factory.mktemp("chatty") / "chatty.gguf"
    subprocess.run(
        [sys.executable, WITH_TEMPLATE, stories, output], env=environment(build_dir), check=True, timeout=60
    )
    return output


# -- complete -------------------------------------------------------------------------------------


def test_text_and_figures(run: Run, stories: Path) -> None:
    done = run("-m", "llama_ctypes", "complete", stories, PROMPT, "-n", "16", "-t", "1")
    assert done.returncode == 0
    assert done.stdout.decode().startswith(PROMPT)
    assert re.fullmatch(
        r"prompt: \d+ tokens, \d+ tokens/s; generated: 16 tokens, \d+ tokens/s; on the CPU: .*\n",
        done.stderr.decode(),
    )


def test_a_seed_decides_what_is_drawn(run: Run, stories: Path) -> None:
    def text(seed: int) -> bytes:
        options = ("-n", "24", "-t", "1", "--temperature", "1", "--seed", str(seed))
        return run("-m", "llama_ctypes", "complete", stories, PROMPT, *options).stdout

    assert text(1) == text(1)
    assert len({text(seed) for seed in range(4)}) > 1


def test_the_context_ends_the_text(run: Run, stories: Path) -> None:
    done = run("-m", "llama_ctypes", "complete", stories, PROMPT, "-n", "9999", "-t", "1", "-c", "32")
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode(errors="replace").startswith(PROMPT)


def test_verbose_lets_llama_cpp_speak(run: Run, stories: Path) -> None:
    done = run("-m", "llama_ctypes", "complete", stories, PROMPT, "-n", "1", "-t", "1", "-v")
    assert b"llama_model_loader" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal to try it on")
def test_a_terminal_sees_the_loading(stories: Path, build_dir: Path) -> None:
    import pty

    master, slave = pty.openpty()
    command: list[str | Path] = [sys.executable, "-m", "llama_ctypes", "complete", stories, "x"]
    command += ["-n", "1", "-t", "1"]
    subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=slave, env=environment(build_dir), check=True, timeout=60
    )
    os.close(slave)
    seen = os.read(master, 65536)
    os.close(master)
    assert b"\rloading " in seen
    assert seen.index(b"\r\033[K") < seen.index(b"prompt: ")


# -- what cannot be done ------------------------------------------------------------------------


def test_no_such_model(run: Run, tmp_path: Path) -> None:
    for command in (["complete", "none.gguf", "x"], ["chat", "none.gguf"]):
        assert "none.gguf: " in refused(run("-m", "llama_ctypes", *command))
    assert str(tmp_path) in refused(run("-m", "llama_ctypes", "complete", tmp_path, "x"))


@pytest.mark.parametrize("content", [b"", b"GG", b"hello, world" * 100])
def test_no_gguf(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.gguf").write_bytes(content)
    assert "not a GGUF file" in refused(run("-m", "llama_ctypes", "complete", "other.gguf", "x"))


@pytest.mark.parametrize("part", [0.00001, 0.01, 0.5, 0.999])
def test_a_truncated_model_and_why(run: Run, tmp_path: Path, stories: Path, part: float) -> None:
    data = stories.read_bytes()
    (tmp_path / "cut.gguf").write_bytes(data[: max(4, int(len(data) * part))])
    assert "(llama.cpp: " in refused(run("-m", "llama_ctypes", "complete", "cut.gguf", "x"))


def test_corrupt_models_are_refused_or_run(run: Run, tmp_path: Path, stories: Path) -> None:
    """Bytes changed at random in the metadata: never a crash, never a traceback."""
    generator = random.Random(0)
    refusals = 0
    for _ in range(12):
        data = bytearray(stories.read_bytes())
        for _ in range(8):
            data[generator.randrange(4, 8000)] = generator.randrange(256)
        (tmp_path / "corrupt.gguf").write_bytes(data)
        done = run("-m", "llama_ctypes", "complete", "corrupt.gguf", "One day", "-n", "2", "-t", "1")
        assert done.returncode in (0, 1), done.stderr
        if done.returncode == 1:
            refused(done)
            refusals += 1
    assert refusals


def test_too_large_a_context(run: Run, stories: Path) -> None:
    for command in (["complete", stories, "x"], ["chat", stories, "--template", "chatml"]):
        assert "too large" in refused(run("-m", "llama_ctypes", *command, "-c", "1000000"))


def test_too_long_a_prompt(run: Run, stories: Path) -> None:
    assert "tokens" in refused(run("-m", "llama_ctypes", "complete", stories, "word " * 500))


def test_no_template(run: Run, stories: Path) -> None:
    line = refused(run("-m", "llama_ctypes", "chat", stories))
    assert "no chat template" in line
    assert "chatml" in line
    assert "'nonsense'" in refused(run("-m", "llama_ctypes", "chat", stories, "--template", "nonsense"))


# -- chat -----------------------------------------------------------------------------------------


def test_answers_until_the_input_ends(run: Run, chatty: Path) -> None:
    questions = b"Hello\n\nWho is Lily?\n"
    done = run("-m", "llama_ctypes", "chat", chatty, "-n", "8", "-t", "1", stdin=questions)
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert done.stdout.count(b"\n") >= 2


def test_a_question_too_long_for_the_context(run: Run, chatty: Path) -> None:
    done = run("-m", "llama_ctypes", "chat", chatty, "-t", "1", stdin=b"word " * 500 + b"\n")
    assert "try a larger --context" in refused(done)


TURNS = """
import os, signal, sys
# Whoever started the tests in the background had it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
from llama_ctypes._commands.chat import Chat, select_template
from llama_ctypes._commands.session import Printer, Session

class Silent(Printer):
    def __init__(self, interrupt_at=None):
        super().__init__()
        self.left = interrupt_at
    def write(self, piece, final=False):
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGINT)
        return self._decoder.decode(piece, final)

def talk(session):
    session.open_context(session.n_ctx_train)
    return Chat(session, select_template(session, None), None)

with Session(sys.argv[1], threads=1) as session:
    chat = talk(session)
    first = chat.ask("Hi", 6, Silent())
    whole = chat.decoded
    second = chat.ask("Lily", 6, Silent())
    assert 0 < chat.decoded < whole + 12, (chat.decoded, whole)
    stopped = chat.ask("Tom", 20, Silent(interrupt_at=3))
    assert stopped.endswith(" [stopped]"), stopped
    after = chat.ask("Sam", 6, Silent())
    turns = list(chat._turns)
# The same conversation, decoded at one go, has the same last answer.
with Session(sys.argv[1], threads=1) as session:
    fresh = talk(session)
    fresh._turns = turns[:-2]
    assert fresh.ask("Sam", 6, Silent()) == after
    assert fresh.decoded > 3 * chat.decoded, (fresh.decoded, chat.decoded)
# Where no room is left, the oldest turns are forgotten.
with Session(sys.argv[1], threads=1) as session:
    chat = talk(session)
    for question in range(12):
        chat.ask(f"{question} and one more", 8, Silent())
    assert len(chat._turns) < 24 and session.n_ctx >= len(session.tokens)
"""


def test_turns_cost_what_is_new_and_ctrl_c_stops_the_answer_only(run: Run, chatty: Path) -> None:
    done = run("-c", TURNS, chatty)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal to try it on")
def test_a_conversation_on_a_terminal(build_dir: Path, chatty: Path) -> None:
    """Ctrl-C at the prompt goes on, Ctrl-D ends."""
    import pty
    import select

    command = [sys.executable, "-m", "llama_ctypes", "chat", str(chatty), "-n", "4", "-t", "1"]
    child, master = pty.fork()  # with a terminal of its own, so that Ctrl-C is a signal
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # in the background it is ignored
        os.execve(command[0], command, environment(build_dir) | {"TERM": "dumb"})
    seen = b""

    def until_prompt(typed: bytes) -> None:
        nonlocal seen
        count = seen.count(b"> ")
        os.write(master, typed)
        for _ in range(200):
            if select.select([master], [], [], 5)[0]:
                seen += os.read(master, 4096)
            elif typed == b"\x03":
                # Python misses one that comes between its prompt and its waiting; people press it again.
                os.write(master, typed)
            if seen.count(b"> ") > count:
                return
        pytest.fail(f"no prompt after {typed!r}: {seen!r}")

    until_prompt(b"")
    assert b"on the CPU" in seen
    for typed in (b"\x03", b"Hello\n", b"\x03"):
        until_prompt(typed)
    os.write(master, b"\x04")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, seen
    os.close(master)
    assert b"Traceback" not in seen
