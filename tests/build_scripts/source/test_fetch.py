"""Downloads that arrive whole or not at all. GitHub is a fake answer of urllib's."""

from __future__ import annotations

import hashlib
import http.client
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from build_scripts.source import fetch

DATA = b"an archive"
Answer = Callable[..., None]


class Response(io.BytesIO):
    """What `urlopen` returns."""

    def __init__(self, data: bytes, url: str, length: int | None) -> None:
        super().__init__(data)
        self.url = url
        self.headers = http.client.HTTPMessage()
        if length is not None:
            self.headers["Content-Length"] = str(length)

    def geturl(self) -> str:
        return self.url


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Set what GitHub answers: the address that a redirect ended at, and the announced length."""
    monkeypatch.setattr(fetch, "_check_name", lambda _: None)

    def set_answer(url: str = "https://codeload.github.com/b1", length: int | None = len(DATA)) -> None:
        monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: Response(DATA, url, length))

    return set_answer


@pytest.mark.parametrize("length", [len(DATA), None])
def test_a_whole_download_over_https(answer: Answer, tmp_path: Path, length: int | None) -> None:
    answer(length=length)
    assert fetch.github_archive("b1", tmp_path / "archive") == hashlib.sha256(DATA).hexdigest()
    assert (tmp_path / "archive").read_bytes() == DATA


@pytest.mark.parametrize("url", ["http://codeload.github.com/b1", "ftp://codeload.github.com/b1"])
def test_a_redirect_away_from_https_is_rejected(answer: Answer, tmp_path: Path, url: str) -> None:
    answer(url=url)
    with pytest.raises(fetch.OutOfReach, match="https"):
        fetch.github_archive("b1", tmp_path / "archive")
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize("difference", [-1, 1])
def test_a_download_of_another_length_is_rejected(answer: Answer, tmp_path: Path, difference: int) -> None:
    length = len(DATA) + difference
    answer(length=length)
    with pytest.raises(fetch.OutOfReach, match=rf"{len(DATA)} of {length} bytes"):
        fetch.github_archive("b1", tmp_path / "archive")
