"""`complete` prints the text, its speed and why it ends; the library is a fake."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from llama_ctypes._commands import session
from llama_ctypes._commands.complete import complete, speed
from llama_ctypes._commands.session import CommandError
from tests.llama_ctypes.commands.fake_llama import FakeLlama


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeLlama:
    fake = FakeLlama(n_ctx=40)
    fake.answers = list(b"y" * 99)
    monkeypatch.setattr(session, "llama", fake)
    return fake


def run(prompt: str, tokens: int, context: int | None = None) -> None:
    options = {"model": "model.gguf", "threads": 1, "temperature": 0.0, "seed": None, "rpc": None}
    complete(SimpleNamespace(**options, prompt=prompt, tokens=tokens, context=context), "the CPU")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(4, "0.8"), (1, "3.0"), (0.3, "10"), (0.302, "9.9"), (0.3005, "10"), (0.01, "300"), (0, "3000000000")],
)
def test_a_speed_below_10_has_a_decimal(seconds: float, text: str) -> None:
    assert speed(3, seconds) == f"{text} tokens/s"


def test_a_text_that_fills_the_context_says_so(fake: FakeLlama, capsys: pytest.CaptureFixture[str]) -> None:
    run("one", 5)
    output = capsys.readouterr()
    assert (output.out, len(output.err.splitlines())) == ("oneyyyyy\n", 1)
    fake.memory.clear()
    run("one", 20, context=8)
    output = capsys.readouterr()
    assert output.out == "oneyyyyyy\n"
    figures, full = output.err.splitlines()
    assert figures.startswith("prompt: 3 tokens, ")
    assert full == "the context of 8 tokens is full; start again with a larger --context (at most 40)"
    fake.memory.clear()
    run("one", 99)
    assert capsys.readouterr().err.splitlines()[1] == "the context of 40 tokens is full"


def test_a_prompt_that_does_not_fit_gets_advice(fake: FakeLlama) -> None:
    with pytest.raises(
        CommandError,
        match=r"the prompt has 9 tokens, the context 8; try a larger --context \(at most 40\)",
    ):
        run("x" * 9, 5, context=8)
    with pytest.raises(
        CommandError,
        match="the prompt has 41 tokens, the context 40; shorten it: the model was trained for no more",
    ):
        run("x" * 41, 5)
    with pytest.raises(CommandError, match="the prompt is empty"):
        run("", 5)
