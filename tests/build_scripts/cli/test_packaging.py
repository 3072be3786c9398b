"""`install` and `build --prefix` leave an environment, and the log ends with commands to paste."""

from __future__ import annotations

import logging
import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from build_scripts import cli
from build_scripts.packaging import build, built, channel, install, smoke_test

PACKAGE = "llama-ctypes-0.0.1-cpu_h1_0.conda"


@pytest.fixture
def created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, list[str], list[str]]]:
    """A channel folder with a package; return the environments that are created from it."""
    calls: list[tuple[Path, list[str], list[str]]] = []

    def create(prefix: Path, specs: Sequence[str], channels: Sequence[str], _: object = None) -> list[Any]:
        calls.append((prefix, list(specs), list(channels)))
        return [SimpleNamespace(name=SimpleNamespace(normalized="llama-ctypes"), file_name=PACKAGE)]

    (tmp_path / "output" / "linux-64").mkdir(parents=True)
    (tmp_path / "output" / "linux-64" / PACKAGE).write_text("")
    (tmp_path / "model 1.gguf").write_text("")
    monkeypatch.setenv("LLAMA_MODEL_PATH", str(tmp_path / "model 1.gguf"))
    monkeypatch.setattr(install, "create", create)
    monkeypatch.setattr(channel, "choose", lambda *_, **__: ["conda-forge"])
    return calls


def pasted(caplog: pytest.LogCaptureFixture) -> list[list[str]]:
    """Return the logged commands as a shell reads them."""
    (lines,) = (lines for first, *lines in map(str.splitlines, caplog.messages) if first == "Try it:")
    return [shlex.split(line) for line in lines]


@pytest.mark.skipif(os.name == "nt", reason="reads the commands as a POSIX shell does")
def test_install_keeps_an_environment_and_names_the_next_commands(
    tmp_path: Path,
    created: list[tuple[Path, list[str], list[str]]],
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.INFO)
    prefix, output = tmp_path / "my prefix", tmp_path / "output"
    assert (
        cli.main(["install", str(prefix), "--output-dir", str(output), "--spec", "llama-ctypes=*=cpu*"]) == 0
    )
    assert created == [(prefix, ["llama-ctypes=*=cpu*"], [str(output), "conda-forge"])]
    assert capsys.readouterr().out == f"{PACKAGE}\n"
    program = str(smoke_test.command_of(prefix))
    model = str(tmp_path / "model 1.gguf")
    assert pasted(caplog) == [[program, "info"], [program, "complete", model, smoke_test.PROMPT]]


@pytest.mark.parametrize(
    ("spec", "backend"),
    [("llama-ctypes", "cpu"), ("llama-ctypes=*=vulkan*", "vulkan"), ("llama-ctypes * cuda130*", "cuda")],
)
def test_install_chooses_a_channel_with_the_libraries_of_the_backend(
    tmp_path: Path,
    created: list[tuple[Path, list[str], list[str]]],
    monkeypatch: pytest.MonkeyPatch,
    spec: str,
    backend: str,
) -> None:
    monkeypatch.setattr(channel, "choose", lambda _, *, backend: [f"{backend}-channel"])
    options = ["--output-dir", str(tmp_path / "output"), "--spec", spec]
    assert cli.main(["install", str(tmp_path / "prefix"), *options]) == 0
    assert created[0][2][1:] == [f"{backend}-channel"]


@pytest.mark.parametrize(
    ("prefix", "output", "status", "error"),
    [
        ("full", "output", 2, "is not empty"),
        ("new", "none", 1, "no llama-ctypes package; run `build` first"),
    ],
)
def test_install_needs_a_package_and_an_empty_folder(
    tmp_path: Path,
    created: list[tuple[Path, list[str], list[str]]],
    capsys: pytest.CaptureFixture[str],
    prefix: str,
    output: str,
    status: int,
    error: str,
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("")
    options = ["--output-dir", str(tmp_path / output)]
    assert cli.main(["install", str(tmp_path / prefix), *options]) == status
    assert error in capsys.readouterr().err
    assert created == []


@pytest.mark.skipif(os.name == "nt", reason="reads the commands as a POSIX shell does")
@pytest.mark.parametrize(
    ("with_prefix", "backend", "spec"),
    [
        (True, "cpu", []),
        (False, "cpu", []),
        (False, "vulkan", ["--spec", "llama-ctypes=*=vulkan*"]),
    ],
)
def test_build_ends_with_commands_to_paste(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    created: list[tuple[Path, list[str], list[str]]],
    caplog: pytest.LogCaptureFixture,
    with_prefix: bool,
    backend: str,
    spec: list[str],
) -> None:
    caplog.set_level(logging.INFO)
    package = tmp_path / "output" / "linux-64" / PACKAGE
    monkeypatch.setattr(cli.packaging, "tree_of", lambda _: None)
    monkeypatch.setattr(build, "build", lambda *_: [package])
    monkeypatch.setattr(smoke_test, "run_package", lambda *_: None)
    monkeypatch.setattr(built, "pixi_lines", lambda *arguments: map(repr, arguments))
    prefix = tmp_path / "prefix"
    options = ["--prefix", str(prefix)] if with_prefix else []
    assert cli.main(["build", backend, "--output-dir", str(tmp_path / "output"), *options]) == 0
    channels = [(tmp_path / "output").resolve().as_uri(), "conda-forge"]
    assert caplog.messages[-1] == f"Or with pixi, in a pixi.toml:\n  {package!r}\n  {channels!r}"
    commands = pasted(caplog)
    if with_prefix:
        assert created == [
            (prefix, ["llama-ctypes ==0.0.1 cpu_h1_0"], [str(tmp_path / "output"), "conda-forge"])
        ]
    else:
        assert created == []
        assert commands.pop(0) == ["python3", "-m", "build_scripts", "install", "try-llama", *spec]
    folder = prefix if with_prefix else Path("try-llama")
    program = str(smoke_test.command_of(folder))
    assert [command[:2] for command in commands] == [[program, "info"], [program, "complete"]]


def test_build_refuses_a_full_prefix_before_it_compiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(cli.packaging, "tree_of", lambda _: pytest.fail("the build started"))
    assert cli.main(["build", "--prefix", str(tmp_path)]) == 2
    assert "is not empty" in capsys.readouterr().err
