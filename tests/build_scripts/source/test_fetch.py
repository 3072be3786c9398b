"""Downloads that arrive whole or not at all. GitHub is a fake answer of urllib's."""

from __future__ import annotations

import errno
import hashlib
import http.client
import io
import logging
import os
import socket
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from build_scripts.errors import SourceError
from build_scripts.source import fetch
from build_scripts.steps import Step

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


@pytest.mark.parametrize("length", [len(DATA), None])
def test_a_download_reports_its_steps(
    answer: Answer,
    tmp_path: Path,
    length: int | None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer(length=length)
    monkeypatch.setattr(fetch, "_CHUNK", 4)
    caplog.set_level(logging.DEBUG, "build_scripts")
    fetch.github_archive("b1", tmp_path / "archive")
    first, *steps = caplog.records
    assert first.getMessage() == "fetching b1 from GitHub"
    assert [(step.levelname, step.step) for step in steps] == [  # type: ignore[attr-defined]
        ("DEBUG", Step("fetching b1 from GitHub", done, total, bytes=True))
        for done, total in ((4, length), (8, length), (10, length), (10, 10))
    ]
    caplog.clear()
    monkeypatch.setattr(fetch, "_PROGRESS_SECONDS", -1)
    fetch.github_archive("b1", tmp_path / "archive")
    assert [step.levelname for step in caplog.records[1:]] == ["INFO"] * 3 + ["DEBUG"]


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


# -- before and after the download ------------------------------------------------------------


def test_a_download_that_cannot_be_stored_is_an_error_of_the_disk(answer: Answer, tmp_path: Path) -> None:
    answer()

    def full(data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(SourceError, match=os.strerror(errno.ENOSPC)):
        fetch._write(full, DATA)


@pytest.mark.parametrize("proxy", [None, "https_proxy", "ALL_PROXY"])
def test_only_a_proxy_may_know_a_host_that_has_no_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, proxy: str | None
) -> None:
    def no_address(*_: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    requests: list[str] = []

    def refuse(url: str, **_: object) -> None:
        requests.append(url)
        raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")

    monkeypatch.setattr(socket, "getaddrinfo", no_address)
    monkeypatch.setattr("urllib.request.urlopen", refuse)
    monkeypatch.setattr(sys, "platform", "linux")
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    if proxy:
        monkeypatch.setenv(proxy, "http://proxy.example")
    with pytest.raises(fetch.OutOfReach, match="refused" if proxy else "github.com: Name or service"):
        fetch.github_archive("b1", tmp_path / "archive")
    assert len(requests) == (1 if proxy else 0)


# -- npm's package ----------------------------------------------------------------------------


def package(path: Path, *members: tuple[str, bytes]) -> Path:
    """A package of files; a member of type link points at the first one."""
    with tarfile.open(path, "w:gz") as tar:
        for name, kind in members:
            info = tarfile.TarInfo(name)
            info.type, info.size = kind, len(DATA) if kind == tarfile.REGTYPE else 0
            info.linkname = members[0][0] if kind != tarfile.REGTYPE else ""
            tar.addfile(info, io.BytesIO(name.encode().ljust(len(DATA))[: len(DATA)]))
    return path


def test_one_member_is_extracted_by_its_name(tmp_path: Path) -> None:
    archive = package(tmp_path / "p.tgz", ("first", tarfile.REGTYPE), ("second", tarfile.REGTYPE))
    fetch._extract_member(archive, "second", tmp_path / "output")
    assert (tmp_path / "output").read_bytes().strip() == b"second"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.DIRTYPE, None])
def test_a_member_that_is_missing_or_not_a_file_is_an_error(tmp_path: Path, kind: bytes | None) -> None:
    wanted = [("bundle", kind)] if kind else []
    archive = package(tmp_path / "p.tgz", ("first", tarfile.REGTYPE), *wanted)
    with pytest.raises(SourceError, match=r"p\.tgz .* bundle"):
        fetch._extract_member(archive, "bundle", tmp_path / "output")
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize(("programs", "works"), [("npm git", True), ("npm", False), ("git", False)])
def test_npm_needs_both_programs(monkeypatch: pytest.MonkeyPatch, programs: str, works: bool) -> None:
    monkeypatch.setattr("shutil.which", lambda name: name if name in programs.split() else None)
    assert fetch.npm_works() is works
