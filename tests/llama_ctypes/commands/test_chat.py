"""A chat keeps whole turns, decodes what is new, and Ctrl-C ends an answer only; the library is a fake."""

from __future__ import annotations

import io
import re
import sys
from types import SimpleNamespace

import pytest

from llama_ctypes._commands.chat import Chat, QuestionError, chat
from llama_ctypes._commands.session import CommandError, Printer, Session
from llama_ctypes._commands.template import select_template
from tests.llama_ctypes.commands.fake_llama import END, FakeLlama


@pytest.fixture
def opened(fake: FakeLlama) -> Session:
    opened = Session("model.gguf", threads=1)
    opened.open_context(40)
    return opened


def ask(fake: FakeLlama, conversation: Chat, question: str, answer: str) -> str:
    fake.answers = list(answer.encode())
    return conversation.ask(question, 8, Printer())


def text(fake: FakeLlama) -> str:
    """What the context holds."""
    return bytes(fake.memory).decode()


def test_a_turn_decodes_only_what_is_new(fake: FakeLlama, opened: Session) -> None:
    conversation = Chat(opened, select_template(opened, None), "s")
    assert ask(fake, conversation, "one", "yes") == "yes"
    assert text(fake) == "<s:s><u:one>?yes"
    assert conversation.decoded == len("<s:s><u:one>?")
    ask(fake, conversation, "two", "no")
    assert text(fake) == "<s:s><u:one><a:yes><u:two>?no"
    assert conversation.decoded == len("<a:yes><u:two>?")


def test_a_full_context_drops_whole_turns(fake: FakeLlama, opened: Session) -> None:
    """Question and answer go together; the system message stays."""
    conversation = Chat(opened, select_template(opened, None), "s")
    for question in ("one", "two", "three"):
        ask(fake, conversation, question, "yes")
    # 40 tokens less 8 for the answer: the first turn, 6 + 7 tokens, no longer fits.
    assert text(fake) == "<s:s><u:two><a:yes><u:three>?yes"
    assert [role for role, _ in conversation._turns] == ["user", "assistant"] * 2
    ask(fake, conversation, "a long one", "ok")
    assert text(fake) == "<s:s><u:a long one>?ok"


def test_an_answer_has_room(fake: FakeLlama, opened: Session) -> None:
    conversation = Chat(opened, select_template(opened, None), None)
    ask(fake, conversation, "x" * 25, "yes")
    assert text(fake) == f"<u:{'x' * 25}>?yes"
    with pytest.raises(
        QuestionError,
        match=r"the question has 33 tokens, but only 32 of the context's 40 are for them; "
        r"shorten the question$",
    ):
        ask(fake, Chat(opened, select_template(opened, None), None), "x" * 28, "yes")


def test_a_question_that_is_too_long_changes_nothing(fake: FakeLlama, opened: Session) -> None:
    fake.n_ctx_train = 100
    conversation = Chat(opened, select_template(opened, None), "s")
    ask(fake, conversation, "one", "yes")
    with pytest.raises(
        QuestionError,
        match=r"the question and --system have 48 tokens.* question, or start again with a larger --context "
        r"\(at most 100\)$",
    ):
        ask(fake, conversation, "x" * 38, "yes")
    ask(fake, conversation, "two", "no")
    assert text(fake) == "<s:s><u:one><a:yes><u:two>?no"


def test_ctrl_c_ends_the_answer_and_the_chat_goes_on(
    fake: FakeLlama, opened: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    conversation = Chat(opened, select_template(opened, None), None)
    fake.answers = [*b"so", KeyboardInterrupt()]
    assert conversation.ask("one", 8, Printer()) == "so [stopped]"
    assert ask(fake, conversation, "two", "ok") == "ok"
    assert text(fake) == "<u:one><a:so [stopped]><u:two>?ok"
    assert capsys.readouterr().out == "so [stopped]ok"


# -- the command ------------------------------------------------------------------------------------


def run(
    fake: FakeLlama,
    monkeypatch: pytest.MonkeyPatch,
    stdin: str,
    *,
    terminal: bool = False,
    answer: bytes = b"ok",
    tokens: int = 8,
) -> None:
    """Run `chat` with a context of 40 tokens; the model gives the same answer to each question."""
    fake.n_ctx_train = 100
    fake.answers = [*answer, END] * 9
    file = io.StringIO(stdin)
    monkeypatch.setattr(file, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stdin", file)
    monkeypatch.setitem(sys.modules, "readline", SimpleNamespace())  # it would read from the real terminal
    options = {"model": "model.gguf", "threads": 1, "temperature": 0.0, "seed": None, "rpc": None}
    chat(SimpleNamespace(**options, template=None, context=40, system=None, tokens=tokens), "the CPU")


LONG = "x" * 40


def test_a_terminal_asks_again_after_a_question_that_is_too_long(
    fake: FakeLlama, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(fake, monkeypatch, f"one\n{LONG}\ntwo\n", terminal=True)
    output = capsys.readouterr()
    assert output.out == "> ok\n> > ok\n> \n"
    greeting, error = output.err.splitlines()
    assert re.search("exit or Ctrl-. ?(Enter)? ends the chat", greeting)
    assert error.startswith("error: the question has 45 tokens")
    assert text(fake) == "<u:one><a:ok><u:two>?ok"


def test_in_a_pipe_the_next_question_is_answered_and_the_chat_fails_at_the_end(
    fake: FakeLlama, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="1 of the questions got no answer: too long for the context"):
        run(fake, monkeypatch, f"{LONG}\ntwo\n")
    output = capsys.readouterr()
    assert output.out == "ok\n"
    assert output.err.startswith("error: the question has 45 tokens")


@pytest.mark.parametrize("terminal", [False, True])
def test_exit_leaves_the_chat(
    fake: FakeLlama, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], terminal: bool
) -> None:
    run(fake, monkeypatch, "exit now\n exit \ntwo\n", terminal=terminal)
    assert text(fake) == "<u:exit now>?ok"
    assert capsys.readouterr().out == ("> ok\n> " if terminal else "ok\n")


def test_a_full_context_is_reported(
    fake: FakeLlama, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(fake, monkeypatch, "one\n")
    assert capsys.readouterr().err == ""
    fake.memory.clear()
    run(fake, monkeypatch, f"{'x' * 19}\n", answer=b"y" * 99, tokens=20)
    output = capsys.readouterr()
    # The prompt has 24 tokens, and the answer's last one needs no room.
    assert output.out == "y" * 17 + "\n"
    assert output.err == (
        "the context of 40 tokens is full; start again with a larger --context (at most 100)\n"
    )
