"""`python -m llama_ctypes` in its own process: help, exit statuses, and errors of one line."""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import llama_ctypes
from llama_ctypes._commands import command_line, rpc_server
from tests.llama_ctypes.tiny_library import GGML, LLAMA, ROOT, compile_library, python
from tests.systems import library_name

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")


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


@pytest.mark.parametrize("command", ["info", "complete", "chat", "rpc-server"])
def test_help_ends_with_an_example(command: str) -> None:
    """It keeps its lines however narrow the terminal is, and parses."""
    done = python("-m", "llama_ctypes", command, "--help", environment={"COLUMNS": "40"})
    *downloads, example = done.stdout.partition("\nexample:\n")[2].splitlines()
    assert [line.split()[:2] for line in downloads] == [["hf", "download"]] * (
        command in ("complete", "chat")
    )
    words = shlex.split(example)
    assert words[:4] == ["python", "-m", "llama_ctypes", command]
    arguments, others = command_line._parser().parse_known_args(words[3:])
    assert others == []
    if downloads:
        assert arguments.model in downloads[0].split()


def test_the_version_needs_no_library(tmp_path: Path) -> None:
    done = python("-m", "llama_ctypes", "--version", environment={"LLAMA_CPP_LIB": str(tmp_path)})
    assert done.returncode == 0
    assert done.stdout == f"llama-ctypes {llama_ctypes.__version__}, llama.cpp {llama_ctypes.RELEASE}\n"


@pytest.mark.parametrize("command", ["complete", "chat"])
def test_a_call_without_a_model_names_one_to_download(command: str, tmp_path: Path) -> None:
    done = python("-m", "llama_ctypes", command)
    assert done.returncode == 2
    assert done.stderr.startswith(f"usage: python -m llama_ctypes {command} ")
    assert "\n  hf download Qwen/Qwen2.5-0.5B-Instruct-GGUF " in done.stderr
    arguments = [str(tmp_path / "none.gguf"), *(["x"] if command == "complete" else [])]
    assert "; to download a small one: hf download " in one_line(1, command, *arguments)


def test_other_usage_errors_name_no_model(tmp_path: Path) -> None:
    for arguments in (["complete", "model.gguf"], ["chat", "model.gguf", "-n", "x"], ["info", "x"]):
        done = python("-m", "llama_ctypes", *arguments)
        assert done.returncode == 2
        assert "hf download" not in done.stderr


@pytest.mark.parametrize(
    "arguments", ["info x", "chat model.gguf --warmth=1", "complete m p q", "rpc-server --unknown"]
)
def test_an_unknown_argument_shows_the_usage_of_its_command(arguments: str) -> None:
    command, *others = arguments.split()
    done = python("-m", "llama_ctypes", command, *others)
    assert done.returncode == 2
    assert done.stderr.startswith(f"usage: python -m llama_ctypes {command} ")
    assert done.stderr.endswith(
        f"python -m llama_ctypes {command}: error: unrecognized arguments: {others[-1]}\n"
    )


def test_the_console_command_has_its_name_in_help() -> None:
    program = "import sys; sys.argv = ['/prefix/bin/llama-ctypes', '--help'];" + (
        "from llama_ctypes._commands.command_line import main; sys.exit(main())"
    )
    assert python("-c", program).stdout.startswith("usage: llama-ctypes ")


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
    assert "no ggml backend for the CPU" in one_line(1, "info", LLAMA_CPP_LIB=str(tmp_path))


def test_a_library_of_another_release_that_lacks_a_function(library: Path) -> None:
    settings = {"LLAMA_CPP_LIB": str(library), "LLAMA_CTYPES_ABI": "ignore"}
    assert "ggml_backend_dev_count" in one_line(1, "info", **settings)


@pytest.mark.parametrize(
    "option",
    [
        *(
            "--threads=0",
            "--threads=513",
            "--threads=100000",
            "--threads=x",
            "--tokens=0",
            "--tokens=4294967296",
        ),
        *("--context=-1", "--context=9999999999", "--seed=-1", "--seed=4294967296", "--seed=x"),
        *("--temperature=nan", "--temperature=inf", "--temperature=-1", "--temperature=x"),
        *("--rpc=", "--rpc=,", "--rpc=a:1,"),
    ],
)
def test_a_value_that_c_cannot_take_is_a_usage_error(tmp_path: Path, option: str) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    done = python("-m", "llama_ctypes", "complete", str(tmp_path / "model.gguf"), "x", option)
    assert done.returncode == 2
    assert f"{option.partition('=')[0]}: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("option", ["--threads=100000", "--threads=0", "--memory=0", f"--memory={2**60}"])
def test_a_server_of_too_many_threads_or_too_much_memory(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["llama_ctypes", "rpc-server", "--port=0", option])
    monkeypatch.setattr(rpc_server, "_parameters", lambda: ["free_mem"])
    assert command_line.main() == 1
    assert "must be from 1 to" in capsys.readouterr().err


def run(code: str, redirection: str) -> subprocess.CompletedProcess[str]:
    """Run `main` of the command `info` in a shell with `redirection`; `code` prints instead of `info`."""
    script = (
        "import sys; from llama_ctypes._commands import command_line as c\n"
        "c.info = dict; sys.argv[1:] = ['info']\n"
        f"def print_info(_):\n    {code}\n"
        "c.print_info = print_info; sys.exit(c.main())"
    )
    quoted = " ".join(map(shlex.quote, [sys.executable, "-B", "-c", script]))
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {quoted} {redirection}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


LONG, SHORT, FAILING = "print('x' * 100_000)", "print('x')", "raise c.CommandError('a reason')"
posix = pytest.mark.skipif(os.name == "nt", reason="redirects with bash")


@posix
@pytest.mark.parametrize("code", [LONG, SHORT])
@pytest.mark.parametrize(
    ("redirection", "status", "message"),
    [
        (">&-", 0, ""),
        ("<&- >&- 2>&-", 0, ""),
        ("2>&-", 0, ""),
        pytest.param("> /dev/full", 1, "error: No space left on device\n", marks=linux),
        pytest.param("> /dev/full 2>&1", 1, "", marks=linux),
        ("| (exec <&-; sleep 0.5)", 1, ""),
    ],
)
def test_an_output_that_is_closed_or_full_is_no_traceback(
    code: str, redirection: str, status: int, message: str
) -> None:
    done = run(code, redirection)
    assert (done.returncode, done.stderr) == (status, message)


@posix
@pytest.mark.parametrize(
    ("redirection", "status"), [("2>&-", 1), pytest.param("2> /dev/full", 1, marks=linux), ("<&- >&-", 1)]
)
def test_an_error_that_nobody_can_read_still_has_its_status(redirection: str, status: int) -> None:
    done = run(FAILING, redirection)
    assert done.returncode == status
    assert done.stderr in ("", "error: a reason\n")


@posix
def test_a_closed_stream_is_not_where_the_next_file_opens() -> None:
    done = run("import os; sys.stderr.write(str(os.open('/dev/null', 0)))", "<&- >&-")
    assert int(done.stderr) > 2


def test_a_mistake_in_the_program_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["llama_ctypes", "info"])
    monkeypatch.setattr(command_line, "info", lambda: None.nothing)  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="nothing"):
        command_line.main()
