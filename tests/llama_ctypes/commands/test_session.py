"""A session decodes, rewinds and frees as it should; the library is a fake."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from llama_ctypes._commands import session
from llama_ctypes._commands.session import CommandError, Printer, Session, check_file
from tests.llama_ctypes.commands.fake_llama import END, FakeLlama


def open_session(monkeypatch: pytest.MonkeyPatch, fake: FakeLlama) -> Session:
    monkeypatch.setattr(session, "llama", fake)
    opened = Session("model.gguf", threads=1)
    opened.open_context(fake.n_ctx)
    return opened


def test_everything_is_freed_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeLlama()
    with open_session(monkeypatch, fake):
        assert fake.freed == []
    assert fake.freed == ["sampler", "context", "model"]


def test_a_session_without_a_context_frees_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeLlama()
    fake.encoder = True
    monkeypatch.setattr(session, "llama", fake)
    with pytest.raises(CommandError, match=r"model\.gguf: this model is an encoder"):
        Session("model.gguf", threads=1)
    assert fake.freed == ["sampler", "model"]


def test_a_model_or_a_context_that_llama_cpp_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeLlama()
    fake.context = None
    monkeypatch.setattr(session, "llama", fake)
    with pytest.raises(CommandError, match=r"broken\.gguf: llama\.cpp cannot load this model"):
        Session("broken.gguf", threads=1)
    with pytest.raises(CommandError, match="cannot create a context of 8 tokens; try a smaller --context"):
        Session("model.gguf", threads=1).open_context(8)
    with pytest.raises(CommandError, match=r"a context of 65 tokens is too large: .* trained for 64"):
        Session("model.gguf", threads=1).open_context(65)


def test_long_texts_are_decoded_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeLlama(n_ctx=2000)
    opened = open_session(monkeypatch, fake)
    opened.decode(list(range(1100)))
    assert [len(part) for part in fake.decoded] == [512, 512, 76]
    assert opened.tokens == fake.memory == list(range(1100))


def test_no_more_is_decoded_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeLlama(n_ctx=4)
    opened = open_session(monkeypatch, fake)
    opened.decode([1, 2])
    with pytest.raises(CommandError, match="the context of 4 tokens is full; try a larger --context"):
        opened.decode([3, 4, 5])
    fake.status = 2
    with pytest.raises(CommandError, match="llama_decode failed with status 2"):
        opened.decode([3])
    assert opened.tokens == fake.memory == [1, 2]


@pytest.mark.parametrize(
    ("tokens", "common"),
    [
        ([1, 2, 3, 4, 5, 6], 4),  # all that is there, and more
        ([1, 2, 9, 4], 2),  # another way from the third on
        ([9], 0),
        ([1, 2, 3, 4], 3),  # the last is always decoded again
        ([1, 2], 1),
    ],
)
def test_rewind_keeps_the_common_prefix(
    monkeypatch: pytest.MonkeyPatch, tokens: list[int], common: int
) -> None:
    fake = FakeLlama()
    opened = open_session(monkeypatch, fake)
    opened.decode([1, 2, 3, 4])
    assert opened.rewind(tokens) == common
    assert opened.tokens == fake.memory == [1, 2, 3, 4][:common]


def test_a_model_that_cannot_rewind_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeLlama(can_rewind=False)
    opened = open_session(monkeypatch, fake)
    opened.decode([1, 2, 3])
    assert opened.rewind([1, 2, 3, 4]) == 3
    assert opened.rewind([1, 2, 9]) == 0
    assert opened.tokens == fake.memory == []


def test_generation_ends_with_the_count_the_text_or_the_context(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeLlama(n_ctx=6)
    opened = open_session(monkeypatch, fake)
    opened.decode([1])
    fake.answers = [7, 8, 9]
    assert list(opened.generate(2)) == [7, 8]
    assert opened.tokens == fake.memory == [1, 7]  # the last one is not decoded
    fake.answers = [9, END, 5]
    assert list(opened.generate(5)) == [9]
    fake.answers = [5] * 9
    assert list(opened.generate(9)) == [5] * 4
    assert len(opened.tokens) == 6


def test_pieces_longer_than_the_buffer_and_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_session(monkeypatch, FakeLlama())
    assert opened.tokenize(b"ab") == [97, 98]
    assert (opened.piece(97), opened.piece(300)) == (b"a", b"x" * 300)


def test_characters_are_printed_when_they_are_complete(capsys: pytest.CaptureFixture[str]) -> None:
    printer = Printer()
    euro = "\N{EURO SIGN}".encode()
    assert [printer.write(euro[:2]), printer.write(euro[2:])] == ["", "\N{EURO SIGN}"]
    assert printer.write(euro[:1]) + printer.write(b"", final=True) == "\N{REPLACEMENT CHARACTER}"
    assert capsys.readouterr().out == "\N{EURO SIGN}\N{REPLACEMENT CHARACTER}"


def test_only_gguf_files_are_opened(tmp_path: Path) -> None:
    model = tmp_path / "model.gguf"
    with pytest.raises(FileNotFoundError) as missing:
        model.stat()
    reason = re.escape(str(missing.value.strerror))  # in the system's words
    with pytest.raises(CommandError, match=rf": {reason}; give the path of a GGUF model"):
        check_file(str(model))
    model.write_bytes(b"PK\x03\x04")
    with pytest.raises(CommandError, match=r"not a GGUF file \(it begins with b'PK"):
        check_file(str(model))
    model.write_bytes(b"GGUF...")
    check_file(str(model))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no FIFOs among its files")
def test_a_fifo_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(CommandError, match="not a regular file"):
        check_file(str(tmp_path / "fifo"))
