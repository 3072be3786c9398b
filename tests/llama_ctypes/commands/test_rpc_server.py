"""What can be wrong with servers and their addresses before any library takes part."""

from __future__ import annotations

import re
import socket
import sys
from pathlib import Path

import pytest

from llama_ctypes import _table
from llama_ctypes._commands import rpc_server
from tests.llama_ctypes.tiny_library import python
from tests.programs import executable

# The three forms the server has had: from b3995, b5415 and b6845 on.
FORMS = (
    "ggml_backend_t backend, const char * endpoint, size_t free_mem, size_t total_mem",
    "ggml_backend_t backend, const char * endpoint, const char * cache_dir, "
    "size_t free_mem, size_t total_mem",
    "const char * endpoint, const char * cache_dir, size_t n_threads, size_t n_devices, "
    "ggml_backend_dev_t * devices",
)


def server(*arguments: str, cwd: Path) -> str:
    """The one line that `rpc-server` fails with."""
    done = python("-m", "llama_ctypes", "rpc-server", *arguments, cwd=cwd)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    return line


@pytest.mark.parametrize("form", FORMS)
def test_the_server_is_called_as_its_release_declares_it(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rpc_server, "_need_backend", lambda: None)
    names = [parameter.split()[-1].lstrip("*") for parameter in form.split(",")]
    table = f"\n{rpc_server._START}\tNone\t{' '.join(names)}\theader.h:1\tvoid {rpc_server._START}({form})\n"
    monkeypatch.setattr(_table, "TABLE", table)
    assert rpc_server._parameters() == names


def test_a_release_without_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_table, "TABLE", "\nf\tNone\t\theader.h:1\tvoid f(void)\n")
    with pytest.raises(
        rpc_server.RpcError, match=r"llama.cpp [bv]\S+ has no function that starts an RPC server"
    ):
        rpc_server._parameters()


def test_other_machines_reach_it_only_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert re.search(
        "0.0.0.0: every machine .* can take over this process.*--expose",
        server("--host", "0.0.0.0", cwd=tmp_path),
    )
    assert rpc_server._free_address("0.0.0.0", 0, expose=True)[0] == "0.0.0.0"
    assert re.fullmatch(r"warning: listening on 0\.0\.0\.0: every machine .*\n", capsys.readouterr().err)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_needs_no_leave(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    address, port = rpc_server._free_address(host, 0, expose=False)
    assert (address, port > 0, capsys.readouterr().err) == ("127.0.0.1", True, "")


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"cannot listen on 127.0.0.1:{port}: " in server("--port", port, cwd=tmp_path)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--port", "70000"),
        ("--port", "-1"),
        ("--host", "::1"),
        ("--host", "no.such.host.invalid"),
        ("--host", "a..b"),
    ],
)
def test_an_address_that_is_none(arguments: tuple[str, str], tmp_path: Path) -> None:
    assert "error: cannot listen on " in server(*arguments, cwd=tmp_path)


@pytest.mark.parametrize("endpoint", ["", "host", ":1", "host:", "host:port", "::1:50052", "a:1;b:2"])
def test_an_endpoint_that_is_none(endpoint: str) -> None:
    with pytest.raises(rpc_server.RpcError, match="must be HOST:PORT"):
        rpc_server._probe(endpoint)


@pytest.mark.parametrize("port", [0, 70000])
def test_nobody_there(port: int) -> None:
    if not port:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
    with pytest.raises(
        rpc_server.RpcError,
        match=rf"no server at 127.0.0.1:{port} \(.*start one there: python -m llama_ctypes",
    ):
        rpc_server._probe(f"127.0.0.1:{port}")


def test_what_does_not_fit_is_found_by_another_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The library may end the process that greets a stranger: it is not ours, and its last words are told."""
    program = "import os, sys\nprint('first\\nlast words', file=sys.stderr)\nos.kill(os.getpid(), 9)\n"
    interpreter = executable(tmp_path / "python", program)
    monkeypatch.setattr(sys, "executable", str(interpreter))
    with (
        socket.create_server(("127.0.0.1", 0)) as stranger,
        pytest.raises(
            rpc_server.RpcError, match=r"is not an RPC server that fits llama.cpp [bv]\S+ \(last words\)"
        ),
    ):
        rpc_server._probe(f"127.0.0.1:{stranger.getsockname()[1]}")
