"""`python -m llama_ctypes` in its own process: help, exit statuses, and errors of one line."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest

from llama_ctypes._commands import command_line
from tests.llama_ctypes.tiny_library import GGML, LLAMA, compile_library, library_name, python


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compile_library(LLAMA, tmp_path_factory.mktemp("command_line") / library_name("llama"))


def one_line(status: int, *arguments: str, **environment: str) -> str:
    done = python("-m", "llama_ctypes", *arguments, environment=environment)
    assert done.returncode == status, done.stderr
    assert re.fullmatch(r"error: [^\n]+\n", done.stderr), done.stderr
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize("command", ["", "info", "complete", "chat", "rpc-server"])
def test_help_names_each_default(command: str) -> None:
    done = python("-m", "llama_ctypes", *command.split(), "--help", environment={"COLUMNS": "1000"})
    assert done.returncode == 0
    assert done.stdout.startswith("usage: python -m llama_ctypes ")
    assert done.stderr == ""
    for option in re.split(r"\n  (?=-)", done.stdout.partition("\noptions:")[2]):
        # Every option with a value shows its default.
        assert "(default: " in option or not re.search(r"--\w+ [A-Z]", option), option


def test_no_command_is_a_usage_error() -> None:
    done = python("-m", "llama_ctypes")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    model = str(tmp_path / "none.gguf")
    assert model in one_line(1, "complete", model, "Once upon a time")
    assert str(tmp_path) in one_line(1, "complete", str(tmp_path), "Once upon a time")


def test_no_library(tmp_path: Path) -> None:
    nowhere, model = str(tmp_path / "nowhere"), tmp_path / "model.gguf"
    model.write_bytes(b"GGUF")
    for arguments in (["info"], ["info", "--json"], ["complete", str(model), "x"], ["chat", str(model)]):
        assert nowhere in one_line(1, *arguments, LLAMA_CPP_LIB=nowhere)


def test_a_letter_that_the_encoding_lacks_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where output into a pipe or file is in the code page."""
    output = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(output, encoding="cp1252"))
    monkeypatch.setattr(sys, "argv", ["llama_ctypes", "info"])
    monkeypatch.setattr(command_line, "info", dict)
    monkeypatch.setattr(command_line, "print_info", lambda _: print("m\u00e8re \u6a21\u578b"))
    assert command_line.main() == 0
    sys.stdout.flush()
    assert output.getvalue().decode("cp1252").strip() == "m\u00e8re ??"


def test_a_library_without_a_backend(tmp_path: Path, library: Path) -> None:
    compile_library(LLAMA, tmp_path / library_name("llama"))
    compile_library(GGML % 0, tmp_path / library_name("ggml"))
    assert "no ggml CPU backend" in one_line(1, "info", LLAMA_CPP_LIB=str(tmp_path))


def test_a_library_of_another_release_that_lacks_a_function(library: Path) -> None:
    settings = {"LLAMA_CPP_LIB": str(library), "LLAMA_CTYPES_ABI": "ignore"}
    assert "ggml_backend_dev_count" in one_line(1, "info", **settings)
