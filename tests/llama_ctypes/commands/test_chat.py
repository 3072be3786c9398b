"""A chat keeps whole turns, decodes what is new, and Ctrl-C ends an answer only; the library is a fake."""

from __future__ import annotations

import pytest

from llama_ctypes._commands import chat, session
from llama_ctypes._commands.chat import Chat, select_template
from llama_ctypes._commands.session import CommandError, Printer, Session
from tests.llama_ctypes.commands.fake_llama import FakeLlama


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeLlama:
    fake = FakeLlama(n_ctx=40)
    for module in (session, chat):
        monkeypatch.setattr(module, "llama", fake)
    return fake


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
    conversation = Chat(opened, b"own", "s")
    assert ask(fake, conversation, "one", "yes") == "yes"
    assert text(fake) == "<s:s><u:one>?yes"
    assert conversation.decoded == len("<s:s><u:one>?")
    ask(fake, conversation, "two", "no")
    assert text(fake) == "<s:s><u:one><a:yes><u:two>?no"
    assert conversation.decoded == len("<a:yes><u:two>?")


def test_a_full_context_drops_whole_turns(fake: FakeLlama, opened: Session) -> None:
    """Question and answer go together; the system message stays."""
    conversation = Chat(opened, b"own", "s")
    for question in ("one", "two", "three"):
        ask(fake, conversation, question, "yes")
    # 40 tokens less 8 for the answer: the first turn, 6 + 7 tokens, no longer fits.
    assert text(fake) == "<s:s><u:two><a:yes><u:three>?yes"
    assert [role for role, _ in conversation._turns] == ["user", "assistant"] * 2
    ask(fake, conversation, "a long one", "ok")
    assert text(fake) == "<s:s><u:a long one>?ok"


def test_an_answer_has_room(fake: FakeLlama, opened: Session) -> None:
    conversation = Chat(opened, b"own", None)
    ask(fake, conversation, "x" * 25, "yes")
    assert text(fake) == f"<u:{'x' * 25}>?yes"
    with pytest.raises(CommandError, match="the question has 33 tokens, the context 40; try a larger --con"):
        ask(fake, Chat(opened, b"own", None), "x" * 28, "yes")


def test_ctrl_c_ends_the_answer_and_the_chat_goes_on(
    fake: FakeLlama, opened: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    conversation = Chat(opened, b"own", None)
    fake.answers = [*b"so", KeyboardInterrupt()]
    assert conversation.ask("one", 8, Printer()) == "so [stopped]"
    assert ask(fake, conversation, "two", "ok") == "ok"
    assert text(fake) == "<u:one><a:so [stopped]><u:two>?ok"
    assert capsys.readouterr().out == "so [stopped]ok"


def test_the_template_is_the_models_or_the_one_that_is_named(
    fake: FakeLlama, opened: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert select_template(opened, None) == b"own"
    assert select_template(opened, "chatml") == b"chatml"
    with pytest.raises(
        CommandError, match="cannot apply the template 'nonsense'; choose one with --template: chatml"
    ):
        select_template(opened, "nonsense")
    monkeypatch.setattr(fake, "llama_model_chat_template", lambda *_: b"jinja")
    with pytest.raises(CommandError, match="cannot apply the model's own template; choose"):
        select_template(opened, None)
    monkeypatch.setattr(fake, "llama_model_chat_template", lambda *_: None)
    with pytest.raises(CommandError, match="the model has no chat template; choose one with --template"):
        select_template(opened, None)
