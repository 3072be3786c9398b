"""RUN_PACKAGE_INTEGRATION: split one model over two servers of the installed package."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from build_scripts.packaging import smoke_test
from tests.integration.conftest import PROMPT, TOKENS, needs_switch

needs_switch("RUN_PACKAGE_INTEGRATION")
pytestmark = pytest.mark.usefixtures("elsewhere")


class Server(subprocess.Popen[str]):
    """A running `rpc-server` that accepts connections."""

    endpoint: str


@contextmanager
def server(prefix: Path) -> Iterator[Server]:
    """Start a server on a free port; kill it afterwards."""
    command = [
        str(smoke_test.python_of(prefix)),
        "-m",
        "llama_ctypes",
        "rpc-server",
        "--port",
        "0",
        "-t",
        "1",
    ]
    with Server(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            match = re.fullmatch(r"rpc-server ready at (127\.0\.0\.1:\d+): CPU \(.+\)\n", line)
            assert match, line
            process.endpoint = match[1]
            yield process
        finally:
            process.kill()


@pytest.fixture
def servers(prefix: Path) -> Iterator[list[Server]]:
    with server(prefix) as first, server(prefix) as second:
        yield [first, second]


def client(prefix: Path, model: Path, endpoints: list[str], *more: str) -> list[str]:
    command = [
        str(smoke_test.python_of(prefix)),
        "-m",
        "llama_ctypes",
        "complete",
        str(model),
        PROMPT,
        "-t",
        "1",
    ]
    return [*command, "--rpc", ",".join(endpoints), *more]


def complete(prefix: Path, model: Path, endpoints: list[str]) -> subprocess.CompletedProcess[str]:
    """Continue the prompt greedily, with the model's layers on the servers `endpoints`."""
    command = client(prefix, model, endpoints, "-n", str(TOKENS))
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, timeout=120)


def failure(result: subprocess.CompletedProcess[str]) -> str:
    """Check that a client failed with one line, and return the line."""
    assert (result.returncode, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    return line


def test_two_servers_share_the_model_and_generate_the_same_text(
    prefix: Path, stories: Path, servers: list[Server]
) -> None:
    endpoints = [process.endpoint for process in servers]
    result = complete(prefix, stories, endpoints)
    assert result.returncode == 0, result.stderr
    assert result.stdout == smoke_test.complete(prefix, stories, PROMPT, TOKENS)
    for endpoint in endpoints:
        buffer = re.search(rf"{re.escape(endpoint)}\S* model buffer size = +([\d.]+) MiB", result.stderr)
        assert buffer, result.stderr
        assert float(buffer[1]) > 0


def test_a_server_that_is_gone(prefix: Path, stories: Path, servers: list[Server]) -> None:
    first, second = servers
    second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=30) == -signal.SIGTERM
    assert f"no server at {second.endpoint} " in failure(
        complete(prefix, stories, [first.endpoint, second.endpoint])
    )


def test_a_server_lost_during_generation(prefix: Path, stories: Path, servers: list[Server]) -> None:
    """llama.cpp aborts the process; the user sees one line."""
    first, second = servers
    command = client(prefix, stories, [first.endpoint, second.endpoint], "-n", "480")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.read(len(PROMPT) + 8).startswith(PROMPT.encode())
        second.kill()
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 1
    assert re.fullmatch(
        rb"error: llama.cpp stopped \(.+\); are all servers still running\?", stderr.splitlines()[-1]
    )


def test_a_busy_server(prefix: Path, stories: Path) -> None:
    with server(prefix) as busy:
        host, port = busy.endpoint.split(":")
        with socket.create_connection((host, int(port))):
            line = failure(complete(prefix, stories, [busy.endpoint]))
    assert f"the server at {busy.endpoint} does not answer" in line


def test_another_service_at_that_port(prefix: Path, stories: Path) -> None:
    """Another program listens there, and hangs up on messages that it does not understand."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            for _ in range(2):
                listener.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        endpoint = "{}:{}".format(*listener.getsockname())
        line = failure(complete(prefix, stories, [endpoint]))
        thread.join()
    assert f"{endpoint} is not an RPC server that fits llama.cpp " in line


def test_ctrl_c_ends_it_at_once(prefix: Path) -> None:
    with server(prefix) as process:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == -signal.SIGINT


def test_no_such_device(prefix: Path) -> None:
    command = ["-m", "llama_ctypes", "rpc-server", "--port", "0", "--device", "GPU7"]
    result = subprocess.run(
        [smoke_test.python_of(prefix), *command], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "error: there is no device 'GPU7'; choose one of: CPU\n"
