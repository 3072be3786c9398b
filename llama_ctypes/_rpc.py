"""One model over several machines, by ggml's RPC backend: the `rpc-server` command and `complete --rpc`.

A server lends one device to one client at a time. It believes whoever connects: there is no password and
no encryption, and a hostile client can take the process over. Hence loopback, unless told otherwise.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from ctypes import byref, c_size_t
from typing import Any

import llama_ctypes as llama

from . import _table

_START = "ggml_backend_rpc_start_server"
_ANSWER_SECONDS = 10


class RpcError(Exception):
    """A server cannot be started or used; the message is one line."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], threads: int) -> None:
    """Add the command `rpc-server`, which uses `threads` where nothing is said."""
    about = "lend a device of this machine to `complete --rpc` of another"
    risk = (
        "There is no password and no encryption, and a hostile client can take the process over: never let "
        "an open network reach it. Stop it with Ctrl-C."
    )
    sub = commands.add_parser("rpc-server", help=about, description=f"{about.capitalize()}. {risk}")
    sub.add_argument("--host", default="127.0.0.1", help="address to listen at (default: 127.0.0.1)")
    sub.add_argument("--port", type=int, default=50052, help="default: 50052; 0: any free one")
    sub.add_argument("--expose", action="store_true", help="accept a --host that other machines can reach")
    sub.add_argument("-t", "--threads", type=int, default=threads, help="default: one per usable core")
    sub.add_argument("--device", metavar="NAME", help="as `info` lists them (default: the first GPU, or CPU)")
    sub.add_argument("--memory", type=int, metavar="MIB", help="say that it has this much (default: all)")
    sub.add_argument("--cache", metavar="DIR", help="keep large tensors there; they are sent once only")
    sub.set_defaults(run=serve)


# -- the server -------------------------------------------------------------------------------


def serve(arguments: argparse.Namespace) -> None:
    """Serve until the process is ended; one line on stdout says when clients can come.

    What upstream's code prints goes to stderr.
    """
    host, port = _listenable(arguments.host, arguments.port, arguments.expose)
    parameters = _parameters()
    for option, parameter in (("memory", "free_mem"), ("cache", "cache_dir")):
        value = getattr(arguments, option)
        if value is not None and parameter not in parameters:
            raise RpcError(f"the RPC server of llama.cpp {llama.RELEASE} has no --{option}")
    if arguments.threads < 1 or (arguments.memory is not None and arguments.memory < 1):
        raise RpcError("--threads and --memory must be at least 1")
    device = _device(arguments.device)
    name, about = llama.ggml_backend_dev_name(device), llama.ggml_backend_dev_description(device)
    endpoint = f"{host}:{port}"
    values = _values(parameters, device, arguments) | {"endpoint": endpoint.encode()}
    # stdout is for the one line; the library's own lines go where errors go.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    ready = f"rpc-server ready at {endpoint}: {name.decode()} ({about.decode()})"
    threading.Thread(target=_say_when_ready, args=(host, port, ready, out), daemon=True).start()
    # The call below does not return to Python, where signals would be handled.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    getattr(llama, _START)(*[values[parameter] for parameter in parameters])
    raise RpcError(f"the server at {endpoint} has ended; what llama.cpp said of it stands above")


def _parameters() -> list[str]:
    """What this release's server takes, by name: that differs between releases."""
    if not _table.has(_START):
        raise RpcError(f"llama.cpp {llama.RELEASE} offers programs no RPC server; newer releases do")
    _need_backend()
    return _table.row(_START).parameters


def _need_backend() -> None:
    if not llama.ggml_backend_reg_by_name(b"RPC"):
        raise RpcError("the libraries hold no RPC backend: no ggml-rpc stands beside them that loads")


def _values(parameters: list[str], device: Any, arguments: argparse.Namespace) -> dict[str, object]:
    """The arguments of the server, by the names that any release has for them."""
    free, total = c_size_t(), c_size_t()
    llama.ggml_backend_dev_memory(device, byref(free), byref(total))
    memory = arguments.memory and arguments.memory << 20
    if arguments.cache is not None:
        try:
            os.makedirs(arguments.cache, exist_ok=True)
        except OSError as error:
            raise RpcError(f"--cache {arguments.cache}: {error.strerror}") from None
    values: dict[str, object] = {
        "cache_dir": arguments.cache and os.fsencode(arguments.cache),
        "free_mem": memory or free.value,
        "total_mem": memory or total.value,
        "n_threads": arguments.threads,
        "n_devices": 1,
        "devices": (llama.ggml_backend_dev_t * 1)(device),
    }
    if "backend" in parameters:
        values["backend"] = backend = llama.ggml_backend_dev_init(device, None)
        if not backend:
            raise RpcError(f"device {llama.ggml_backend_dev_name(device).decode()} does not start")
        if llama.ggml_backend_dev_type(device) == llama.GGML_BACKEND_DEVICE_TYPE_CPU:
            llama.ggml_backend_cpu_set_n_threads(backend, arguments.threads)
    return values


def _device(name: str | None) -> Any:
    if name is None:
        kinds = (llama.GGML_BACKEND_DEVICE_TYPE_GPU, llama.GGML_BACKEND_DEVICE_TYPE_CPU)
        found = [llama.ggml_backend_dev_by_type(kind) for kind in kinds]
        return next(device for device in found if device)
    device = llama.ggml_backend_dev_by_name(os.fsencode(name))
    if not device:
        every = [llama.ggml_backend_dev_get(index) for index in range(llama.ggml_backend_dev_count())]
        names = ", ".join(llama.ggml_backend_dev_name(each).decode() for each in every)
        raise RpcError(f"no device is called {name!r}; there are: {names}")
    return device


def _listenable(host: str, port: int, expose: bool) -> tuple[str, int]:
    """The numeric address and the port to listen at, found free."""
    try:
        address = socket.gethostbyname(host)  # IPv4: upstream has no other
        if not address.startswith("127."):
            warning = "every machine that reaches it can take this process over: no password, no encryption"
            if not expose:
                raise RpcError(f"--host {host}: {warning}; add --expose if the network is yours alone")
            print(f"warning: listening at {address}: {warning}", file=sys.stderr)
        with socket.create_server((address, port)) as server:
            return address, server.getsockname()[1]
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise RpcError(f"cannot listen at {host}:{port}: {reason}; choose another --host or --port") from None


def _say_when_ready(host: str, port: int, line: str, out: Any) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1" if host == "0.0.0.0" else host, port)).close()  # noqa: S104 - compared only
            break
        except OSError:
            time.sleep(0.02)
    print(line, file=out, flush=True)


# -- the client -------------------------------------------------------------------------------


def offload(params: Any, servers: str) -> None:
    """Have a model loaded with `params` (llama_model_params) put all its layers on the servers' devices.

    `servers` is HOST:PORT[,HOST:PORT]. How many layers go where, the engine decides by free memory.
    """
    if not hasattr(params, "devices"):
        raise RpcError(f"llama.cpp {llama.RELEASE} takes no devices for a model; newer releases do")
    _need_backend()
    if hasattr(llama, "ggml_set_abort_callback"):
        llama.ggml_set_abort_callback(llama.ggml_abort_callback_t(_give_up))
    devices = []
    for endpoint in dict.fromkeys(servers.split(",")):
        _try(endpoint)
        devices += _devices(endpoint)
    # The field keeps the array alive, the array ends with NULL.
    params.devices = (llama.ggml_backend_dev_t * (len(devices) + 1))(*devices)
    params.n_gpu_layers = 2**31 - 1


class _Placement(logging.Handler):
    """Of llama.cpp's log lines, prints to stderr those that say which device holds how much."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a line, if it is one of those."""
        line = record.getMessage()
        if " model buffer size" in line:
            print(line.partition(": ")[2].strip(), file=sys.stderr)


def say_placement(logger: logging.Logger) -> None:
    """Print which device holds how much of the model that is loaded next."""
    logger.addHandler(_Placement(logging.INFO))
    logger.setLevel(min(logger.level, logging.INFO))


def _give_up(text: bytes) -> None:
    # Upstream ends the process when a connection breaks. Said in one line, and without a core dump.
    print(
        f"\nerror: llama.cpp gave up ({_reason(text)}); are all servers still running?",
        file=sys.stderr,
        flush=True,
    )
    os._exit(1)


def _reason(said: bytes) -> str:
    """The last line of what the library said, without the place in its source."""
    return re.sub(r"^\S+:\d+: ", "", said.decode(errors="replace").strip().rpartition("\n")[2])


def _try(endpoint: str) -> None:
    """RpcError unless a server that fits answers at `endpoint`.

    Upstream ends the process where the handshake fails and waits for ever where nobody answers, so
    another process tries it first.
    """
    host, _, port = endpoint.rpartition(":")
    if not host or ":" in host or not port.isdecimal():
        raise RpcError(f"--rpc {endpoint}: must be HOST:PORT, such as 192.168.0.7:50052")
    try:
        socket.create_connection((host, int(port)), timeout=_ANSWER_SECONDS).close()
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise RpcError(
            f"no server at {endpoint} ({reason}); "
            f"start one there: python -m {__package__} rpc-server --port {port}"
        ) from None
    script = (
        f"import sys; sys.path[:] = {sys.path!r}; from {__package__} import _rpc; _rpc._greet({endpoint!r})"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", script],
            env={**os.environ, "GGML_NO_BACKTRACE": "1"},
            capture_output=True,
            timeout=_ANSWER_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RpcError(
            f"the server at {endpoint} does not answer: it may be serving another client, one is its limit"
        ) from None
    if done.returncode:
        raise RpcError(
            f"what answers at {endpoint} does not fit llama.cpp {llama.RELEASE} ({_reason(done.stderr)}); "
            "run the same release on both sides"
        )


def _greet(endpoint: str) -> None:
    for device in _devices(endpoint):
        free, total = c_size_t(), c_size_t()
        llama.ggml_backend_dev_memory(device, byref(free), byref(total))
        if not total.value:
            sys.exit(1)  # why, the library has printed


def _devices(endpoint: str) -> list[Any]:
    """The devices of one server, as this release adds them: the server with all of its, or one."""
    if not _table.has("ggml_backend_rpc_add_server"):
        return [llama.ggml_backend_rpc_add_device(endpoint.encode())]
    registry = getattr(llama, "ggml_backend_rpc_add_server")(endpoint.encode())  # noqa: B009 - not in the pin's stubs
    count = llama.ggml_backend_reg_dev_count(registry)
    return [llama.ggml_backend_reg_dev_get(registry, index) for index in range(count)]
