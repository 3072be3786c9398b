"""RUN_STORIES260K_INTEGRATION: output and errors of `python -m llama_ctypes` on real libraries."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from build_scripts.pin import ROOT
from tests.integration.conftest import PROMPT, environment, needs_switch
from tests.llama_ctypes.tiny_library import ENDINGS

needs_switch("RUN_STORIES260K_INTEGRATION")

Run = Callable[..., subprocess.CompletedProcess[bytes]]
GGUF_WRITE = ROOT / "examples" / "gguf_write.py"
# llama.cpp recognizes it, but does not run it.
TEMPLATE = "USER: {{ messages[0]['content'] }} ASSISTANT: "


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


def error_line(result: subprocess.CompletedProcess[bytes]) -> str:
    """Check that a command failed with one line, and return the line."""
    stderr = result.stderr.decode()
    assert result.returncode == 1, stderr
    assert re.fullmatch(r"error: [^\n]+\n", stderr), stderr
    assert result.stdout == b""
    return stderr


@pytest.fixture(scope="module")
def chat_model(build_dir: Path, stories: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """stories260K with a chat template."""
    output = tmp_path_factory.mktemp("model") / "chat_model.gguf"
    command: list[str | Path] = [
        sys.executable,
        GGUF_WRITE,
        stories,
        output,
        "tokenizer.chat_template",
        TEMPLATE,
    ]
    subprocess.run(command, env=environment(build_dir), check=True, timeout=60)
    return output


# -- complete -------------------------------------------------------------------------------------


def test_text_and_figures(run: Run, stories: Path) -> None:
    result = run("-m", "llama_ctypes", "complete", stories, PROMPT, "-n", "16", "-t", "1")
    assert result.returncode == 0
    assert result.stdout.decode().startswith(PROMPT)
    assert re.fullmatch(
        r"prompt: \d+ tokens, [\d.]+ tokens/s; generated: 16 tokens, [\d.]+ tokens/s; on the CPU: .*\n",
        result.stderr.decode(),
    )


def test_a_seed_determines_the_text(run: Run, stories: Path) -> None:
    def text(seed: int) -> bytes:
        options = ("-n", "24", "-t", "1", "--temperature", "1", "--seed", str(seed))
        return run("-m", "llama_ctypes", "complete", stories, PROMPT, *options).stdout

    assert text(1) == text(1)
    assert len({text(seed) for seed in range(4)}) > 1


def test_the_context_ends_the_text(run: Run, stories: Path) -> None:
    result = run("-m", "llama_ctypes", "complete", stories, PROMPT, "-n", "9999", "-t", "1", "-c", "32")
    assert result.returncode == 0, result.stderr
    assert result.stdout.decode(errors="replace").startswith(PROMPT)
    assert b"\nthe context of 32 tokens is full; start again with a larger --context" in result.stderr


def test_verbose_shows_the_log_of_llama_cpp(run: Run, stories: Path) -> None:
    result = run("-m", "llama_ctypes", "complete", stories, PROMPT, "-n", "1", "-t", "1", "-v")
    assert b"llama_model_loader" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_terminal_shows_loading_progress(stories: Path, build_dir: Path) -> None:
    import pty

    master, slave = pty.openpty()
    command: list[str | Path] = [sys.executable, "-m", "llama_ctypes", "complete", stories, "x"]
    command += ["-n", "1", "-t", "1"]
    subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=slave, env=environment(build_dir), check=True, timeout=60
    )
    os.close(slave)
    output = os.read(master, 65536)
    os.close(master)
    assert b"\rloading " in output
    assert output.index(b"\r\033[K") < output.index(b"prompt: ")


# -- errors -----------------------------------------------------------------------------------------


def test_no_such_model(run: Run, tmp_path: Path) -> None:
    for command in (["complete", "none.gguf", "x"], ["chat", "none.gguf"]):
        assert "none.gguf: " in error_line(run("-m", "llama_ctypes", *command))
    assert str(tmp_path) in error_line(run("-m", "llama_ctypes", "complete", tmp_path, "x"))


@pytest.mark.parametrize("content", [b"", b"GG", b"hello, world" * 100])
def test_no_gguf(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.gguf").write_bytes(content)
    assert "not a GGUF file" in error_line(run("-m", "llama_ctypes", "complete", "other.gguf", "x"))


@pytest.mark.parametrize("part", [0.00001, 0.01, 0.5, 0.999])
def test_a_truncated_model_and_why(run: Run, tmp_path: Path, stories: Path, part: float) -> None:
    data = stories.read_bytes()
    (tmp_path / "cut.gguf").write_bytes(data[: max(4, int(len(data) * part))])
    assert "(llama.cpp: " in error_line(run("-m", "llama_ctypes", "complete", "cut.gguf", "x"))


def test_corrupt_models_run_or_are_rejected(run: Run, tmp_path: Path, stories: Path) -> None:
    """Random changes in the metadata cause neither a crash nor a traceback."""
    generator = random.Random(0)
    errors = 0
    for _ in range(12):
        data = bytearray(stories.read_bytes())
        for _ in range(8):
            data[generator.randrange(4, 8000)] = generator.randrange(256)
        (tmp_path / "corrupt.gguf").write_bytes(data)
        result = run("-m", "llama_ctypes", "complete", "corrupt.gguf", "One day", "-n", "2", "-t", "1")
        assert result.returncode in (0, 1), result.stderr
        if result.returncode == 1:
            error_line(result)
            errors += 1
    assert errors


def test_too_large_a_context(run: Run, stories: Path) -> None:
    for command in (["complete", stories, "x"], ["chat", stories, "--template", "chatml"]):
        assert "too large" in error_line(run("-m", "llama_ctypes", *command, "-c", "1000000"))


def test_too_long_a_prompt(run: Run, stories: Path) -> None:
    assert "tokens" in error_line(run("-m", "llama_ctypes", "complete", stories, "word " * 500))


def test_no_template(run: Run, stories: Path) -> None:
    line = error_line(run("-m", "llama_ctypes", "chat", stories))
    assert "no chat template" in line
    assert "chatml" in line
    assert "'nonsense'" in error_line(run("-m", "llama_ctypes", "chat", stories, "--template", "nonsense"))


# -- chat -----------------------------------------------------------------------------------------


def test_answers_until_the_input_ends(run: Run, chat_model: Path) -> None:
    questions = b"Hello\n\nWho is Lily?\n"
    result = run("-m", "llama_ctypes", "chat", chat_model, "-n", "8", "-t", "1", stdin=questions)
    assert result.returncode == 0, result.stderr
    assert result.stderr == b""
    assert result.stdout.count(b"\n") >= 2


def test_a_question_too_long_for_the_context(run: Run, chat_model: Path) -> None:
    questions = b"word " * 500 + b"\nHello\n"
    result = run("-m", "llama_ctypes", "chat", chat_model, "-n", "8", "-t", "1", stdin=questions)
    assert result.returncode == 1
    first, last = result.stderr.decode().splitlines()
    assert "; shorten the question" in first
    assert last == "error: 1 of the questions got no answer: too long for the context"
    assert result.stdout.endswith(b"\n")  # the answer to the second


TURNS = """
import os, signal, sys
# A shell that runs the tests in the background makes them ignore SIGINT.
signal.signal(signal.SIGINT, signal.default_int_handler)
from llama_ctypes._commands.chat import Chat
from llama_ctypes._commands.session import Printer, Session
from llama_ctypes._commands.template import select_template

class Silent(Printer):
    def __init__(self, interrupt_at=None):
        super().__init__()
        self.remaining = interrupt_at
    def write(self, piece, final=False):
        if self.remaining is not None:
            self.remaining -= 1
            if self.remaining == 0:
                os.kill(os.getpid(), signal.SIGINT)
        return self._decoder.decode(piece, final)

def new_chat(session):
    session.open_context(session.n_ctx_train)
    return Chat(session, select_template(session, None), None)

with Session(sys.argv[1], threads=1) as session:
    chat = new_chat(session)
    first = chat.ask("Hi", 6, Silent())
    whole = chat.decoded
    second = chat.ask("Lily", 6, Silent())
    assert 0 < chat.decoded < whole + 12, (chat.decoded, whole)
    stopped = chat.ask("Tom", 20, Silent(interrupt_at=3))
    assert stopped.endswith(" [stopped]"), stopped
    after = chat.ask("Sam", 6, Silent())
    turns = list(chat._turns)
# Decoding the same conversation at once gives the same last answer.
with Session(sys.argv[1], threads=1) as session:
    fresh = new_chat(session)
    fresh._turns = turns[:-2]
    assert fresh.ask("Sam", 6, Silent()) == after
    assert fresh.decoded > 3 * chat.decoded, (fresh.decoded, chat.decoded)
# If the context is full, the oldest turns are dropped.
with Session(sys.argv[1], threads=1) as session:
    chat = new_chat(session)
    for question in range(12):
        chat.ask(f"{question} and one more", 8, Silent())
    assert len(chat._turns) < 24 and session.n_ctx >= len(session.tokens)
"""


def test_turns_decode_only_new_tokens_and_ctrl_c_stops_the_answer_only(run: Run, chat_model: Path) -> None:
    result = run("-c", TURNS, chat_model)
    assert result.returncode == 0, result.stderr.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_conversation_on_a_terminal(build_dir: Path, chat_model: Path) -> None:
    """Ctrl-C at the prompt continues the chat; Ctrl-D ends it."""
    import pty
    import select

    command = [sys.executable, "-m", "llama_ctypes", "chat", str(chat_model), "-n", "4", "-t", "1"]
    child, master = pty.fork()  # in a new terminal, so that Ctrl-C sends a signal
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored if the tests run in the background
        os.execve(command[0], command, environment(build_dir) | {"TERM": "dumb"})
    output = b""

    def until_prompt(typed: bytes) -> None:
        nonlocal output
        count = output.count(b"> ")
        os.write(master, typed)
        for _ in range(200):
            if select.select([master], [], [], 5)[0]:
                output += os.read(master, 4096)
            elif typed == b"\x03":
                # Python misses Ctrl-C between printing its prompt and waiting for input, so press it again.
                os.write(master, typed)
            if output.count(b"> ") > count:
                return
        pytest.fail(f"no prompt after {typed!r}: {output!r}")

    until_prompt(b"")
    assert b"on the CPU" in output
    for typed in (b"\x03", b"Hello\n", b"\x03"):
        until_prompt(typed)
    os.write(master, b"\x04")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, output
    os.close(master)
    assert b"Traceback" not in output


# -- Ctrl-C ---------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs /proc to see when the command starts")
@pytest.mark.parametrize("command", ["complete", "complete -v", "chat"])
def test_ctrl_c_ends_a_command(build_dir: Path, chat_model: Path, command: str) -> None:
    """At any moment the status is 130, and there is at most one line about it; see ENDINGS.

    `chat` continues if it was waiting for a question. Then it ends with the input.
    """
    name, *options = command.split()
    prompt = [PROMPT, "-n", "500"] if name == "complete" else []
    arguments = [sys.executable, "-m", "llama_ctypes", name, str(chat_model), *prompt, "-t", "1", *options]
    for attempt in range(ENDINGS):
        with subprocess.Popen(
            # A shell that runs the tests in the background makes them ignore SIGINT.
            ["env", "--default-signal=INT", *arguments],
            env=environment(build_dir),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            # Before, Python itself starts.
            while "_ctypes" not in Path(f"/proc/{process.pid}/maps").read_text() and process.poll() is None:
                time.sleep(0.001)
            time.sleep(0.3 * random.Random(attempt).random())
            running = process.poll() is None
            process.send_signal(signal.SIGINT)
            stdout, errors = process.communicate(timeout=60)
        stderr = errors.decode(errors="replace")
        continued = command == "chat" and (process.returncode, stdout) == (0, b"\n")
        assert not running or continued or process.returncode in (130, -signal.SIGINT), (attempt, stderr)
        assert "Traceback" not in stderr
        assert "exception" not in stderr.lower()
