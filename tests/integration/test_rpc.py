"""RUN_PACKAGE_INTEGRATION: one model over two server processes, by the installed package alone."""

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
    """An `rpc-server` that is ready."""

    endpoint: str


@contextmanager
def server(prefix: Path) -> Iterator[Server]:
    """Start one on a free port; end it afterwards."""
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
            ready = process.stdout.readline()
            found = re.fullmatch(r"rpc-server ready at (127\.0\.0\.1:\d+): CPU \(.+\)\n", ready)
            assert found, ready
            process.endpoint = found[1]
            yield process
        finally:
            process.kill()


@pytest.fixture
def servers(prefix: Path) -> Iterator[list[Server]]:
    with server(prefix) as one, server(prefix) as other:
        yield [one, other]


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
    """Continue the prompt greedily, the model's layers on those servers."""
    command = client(prefix, model, endpoints, "-n", str(TOKENS))
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, timeout=120)


def failure(done: subprocess.CompletedProcess[str]) -> str:
    """The one line a client fails with."""
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    return line


def test_two_servers_hold_the_model_and_say_what_one_process_says(
    prefix: Path, stories: Path, servers: list[Server]
) -> None:
    endpoints = [process.endpoint for process in servers]
    done = complete(prefix, stories, endpoints)
    assert done.returncode == 0, done.stderr
    assert done.stdout == smoke_test.complete(prefix, stories, PROMPT, TOKENS)
    for endpoint in endpoints:
        held = re.search(rf"{re.escape(endpoint)}\S* model buffer size = +([\d.]+) MiB", done.stderr)
        assert held, done.stderr
        assert float(held[1]) > 0


def test_a_server_that_is_gone(prefix: Path, stories: Path, servers: list[Server]) -> None:
    one, other = servers
    other.send_signal(signal.SIGTERM)
    assert other.wait(timeout=30) == -signal.SIGTERM
    assert f"no server at {other.endpoint} " in failure(
        complete(prefix, stories, [one.endpoint, other.endpoint])
    )


def test_a_server_lost_on_the_way(prefix: Path, stories: Path, servers: list[Server]) -> None:
    """Upstream ends the process there; the user reads one line."""
    one, other = servers
    command = client(prefix, stories, [one.endpoint, other.endpoint], "-n", "480")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.read(len(PROMPT) + 8).startswith(PROMPT.encode())
        other.kill()
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert re.fullmatch(
        rb"error: llama.cpp stopped \(.+\); are all servers still running\?", said.splitlines()[-1]
    )


def test_a_server_that_serves_another(prefix: Path, stories: Path) -> None:
    with server(prefix) as busy:
        host, port = busy.endpoint.split(":")
        with socket.create_connection((host, int(port))):
            line = failure(complete(prefix, stories, [busy.endpoint]))
    assert f"the server at {busy.endpoint} does not answer" in line


def test_a_stranger(prefix: Path, stories: Path) -> None:
    """Something else listens there, and hangs up on what it does not understand."""
    with socket.create_server(("127.0.0.1", 0)) as stranger:

        def hang_up() -> None:
            for _ in range(2):
                stranger.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        endpoint = "{}:{}".format(*stranger.getsockname())
        line = failure(complete(prefix, stories, [endpoint]))
        thread.join()
    assert f"{endpoint} is not an RPC server that fits llama.cpp " in line


def test_ctrl_c_ends_it_at_once(prefix: Path) -> None:
    with server(prefix) as process:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == -signal.SIGINT


def test_no_such_device(prefix: Path) -> None:
    command = ["-m", "llama_ctypes", "rpc-server", "--port", "0", "--device", "GPU7"]
    done = subprocess.run(
        [smoke_test.python_of(prefix), *command], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: there is no device 'GPU7'; choose one of: CPU\n"
