"""Stands for `build` in the tests of pip's hooks; conda and auditwheel are fakes too."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from types import SimpleNamespace

import pytest

from build_scripts import cli, pin
from build_scripts.packaging import build, smoke_test, wheel
from tests.build_scripts.packaging.test_wheel import make_package, requested

__all__ = ["requested"]  # a fixture

WHEEL = "llama_ctypes-0.0.1-py3-none-manylinux_2_17_x86_64.other.whl"


class Builds:
    """Stands for `build`: the requests, and the package that it makes."""

    def __init__(self, package: Path) -> None:
        self.package = package
        self.requests: list[build.BuildRequest] = []
        self.output_dirs: list[Path] = []
        self.smoke_tests: list[Path] = []
        self.failure: BaseException | None = None

    def build(self, request: build.BuildRequest, _: object, output_dir: Path, *__: object) -> Iterator[Path]:
        self.requests.append(request)
        self.output_dirs.append(output_dir)
        if self.failure:
            raise self.failure
        yield self.package

    def run_package(self, package: Path, *_: object) -> None:
        self.smoke_tests.append(package)


@pytest.fixture
def builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, requested: list[str]) -> Builds:
    """Replace `build`, its last step and the tree of the release."""
    fake = Builds(make_package(tmp_path / "made"))
    monkeypatch.setattr(build, "build", fake.build)
    monkeypatch.setattr(smoke_test, "run_package", fake.run_package)
    tree = SimpleNamespace(tag=pin.read_pin().release.tag, path=tmp_path)
    monkeypatch.setattr(cli.shared, "resolve", lambda *_, **__: tree)
    monkeypatch.setattr(wheel, "repair_tool", lambda _: wheel._tool("auditwheel"))
    monkeypatch.delenv("LLAMA_CPP_TAG", raising=False)
    return fake


def files_of(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def read(path: Path) -> Message:
    return HeaderParser().parsestr(path.read_text(encoding="utf-8"))
