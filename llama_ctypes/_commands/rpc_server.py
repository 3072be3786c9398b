"""Run one model on several machines over ggml's RPC: the `rpc-server` command, and the client for `--rpc`.

A server lends one device to one client at a time. It trusts every client: there is no password and no
encryption, and a hostile client can take over the process. So it listens on loopback unless the user asks
for another address.
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

from .. import _table

_START = "ggml_backend_rpc_start_server"
_ANSWER_SECONDS = 10


class RpcError(Exception):
    """A server cannot be started or used; the message is one line."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], threads: int) -> None:
    """Add the command `rpc-server` to the command line; it uses `threads` threads by default."""
    about = "lend a device of this machine to commands that run elsewhere with --rpc"
    risk = (
        "There is no password and no encryption, and a hostile client can take over the process: never make "
        "it reachable from an open network. Stop it with Ctrl-C."
    )
    sub = commands.add_parser("rpc-server", help=about, description=f"{about[0].upper()}{about[1:]}. {risk}")
    sub.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    sub.add_argument(
        "--port", type=int, default=50052, help="port to listen on; 0 picks a free one (default: %(default)s)"
    )
    sub.add_argument("--expose", action="store_true", help="allow a --host that other machines can reach")
    sub.add_argument(
        "-t", "--threads", type=int, default=threads,
        help="CPU threads (default: one per usable core, here %(default)s)",
    )  # fmt: skip
    sub.add_argument(
        "--device", metavar="NAME", help="a device that `info` lists (default: the first GPU, else the CPU)"
    )
    sub.add_argument(
        "--memory", type=int, metavar="MIB", help="memory to offer to clients (default: all of the device's)"
    )
    sub.add_argument(
        "--cache",
        metavar="DIR",
        help="keep large tensors in DIR, so that each is sent once (default: no cache)",
    )
    sub.set_defaults(run=serve)


# -- the server -------------------------------------------------------------------------------


def serve(arguments: argparse.Namespace) -> None:
    """Serve until the process is ended; print one line to stdout once the server accepts connections.

    llama.cpp's own output goes to stderr. Raises RpcError if the server cannot start.
    """
    host, port = _free_address(arguments.host, arguments.port, arguments.expose)
    parameters = _parameters()
    for option, parameter in (("memory", "free_mem"), ("cache", "cache_dir")):
        value = getattr(arguments, option)
        if value is not None and parameter not in parameters:
            raise RpcError(f"the RPC server of llama.cpp {llama.RELEASE} does not support --{option}")
    # ggml has an array of so many threads, and writes beyond its end.
    most = getattr(llama, "GGML_MAX_N_THREADS", 512)
    if not 1 <= arguments.threads <= most or not (arguments.memory is None or 1 <= arguments.memory < 2**43):
        raise RpcError(f"--threads must be from 1 to {most}, and --memory from 1 to {2**43 - 1}")
    device = _device(arguments.device)
    name, about = llama.ggml_backend_dev_name(device), llama.ggml_backend_dev_description(device)
    endpoint = f"{host}:{port}"
    values = _values(parameters, device, arguments) | {"endpoint": endpoint.encode()}
    # Only the one line goes to stdout; the library's lines go to stderr.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    ready = f"rpc-server ready at {endpoint}: {name.decode()} ({about.decode()})"
    threading.Thread(target=_print_when_ready, args=(host, port, ready, out), daemon=True).start()
    # The call below does not return to Python, which would handle the signals.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    getattr(llama, _START)(*[values[parameter] for parameter in parameters])
    raise RpcError(f"the server at {endpoint} has stopped; llama.cpp's lines above give the reason")


def _parameters() -> list[str]:
    """The names of the parameters of this release's server; they differ between releases."""
    if not _table.has(_START):
        raise RpcError(
            f"llama.cpp {llama.RELEASE} has no function that starts an RPC server; newer releases do"
        )
    _need_backend()
    return _table.row(_START).parameters


def _need_backend() -> None:
    if not llama.ggml_backend_reg_by_name(b"RPC"):
        raise RpcError("the libraries have no RPC backend: there is no ggml-rpc next to them that loads")


def _values(parameters: list[str], device: Any, arguments: argparse.Namespace) -> dict[str, object]:
    """Return the server's arguments under every name that a release has for them."""
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
        types = (llama.GGML_BACKEND_DEVICE_TYPE_GPU, llama.GGML_BACKEND_DEVICE_TYPE_CPU)
        candidates = [llama.ggml_backend_dev_by_type(device_type) for device_type in types]
        return next(device for device in candidates if device)
    device = llama.ggml_backend_dev_by_name(os.fsencode(name))
    if not device:
        every = [llama.ggml_backend_dev_get(index) for index in range(llama.ggml_backend_dev_count())]
        names = ", ".join(llama.ggml_backend_dev_name(each).decode() for each in every)
        raise RpcError(f"there is no device {name!r}; choose one of: {names}")
    return device


def _free_address(host: str, port: int, expose: bool) -> tuple[str, int]:
    """Return the numeric address and a port that is free there; RpcError if the server cannot use them."""
    try:
        address = socket.gethostbyname(host)  # IPv4 only, like llama.cpp
        if not address.startswith("127."):
            warning = "every machine that reaches it can take over this process: no password, no encryption"
            if not expose:
                raise RpcError(f"--host {host}: {warning}; add --expose if the network is yours alone")
            print(f"warning: listening on {address}: {warning}", file=sys.stderr)
        with socket.create_server((address, port)) as server:
            return address, server.getsockname()[1]
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise RpcError(f"cannot listen on {host}:{port}: {reason}; choose another --host or --port") from None


def _print_when_ready(host: str, port: int, line: str, out: Any) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1" if host == "0.0.0.0" else host, port)).close()  # noqa: S104 - compared only
            break
        except OSError:
            time.sleep(0.02)
    print(line, file=out, flush=True)


# -- the client -------------------------------------------------------------------------------


def offload(params: Any, servers: str) -> None:
    """Set `params` (llama_model_params) so that all layers go to the devices of `servers`.

    `servers` is HOST:PORT[,HOST:PORT]. llama.cpp divides the layers by the devices' free memory. Raises
    RpcError if a server cannot be used. `params` keeps the list of devices alive.
    """
    if not hasattr(params, "devices"):
        raise RpcError(f"llama.cpp {llama.RELEASE} cannot choose a model's devices; newer releases can")
    _need_backend()
    if hasattr(llama, "ggml_set_abort_callback"):
        llama.ggml_set_abort_callback(llama.ggml_abort_callback_t(_exit_on_abort))
    devices = []
    for endpoint in dict.fromkeys(servers.split(",")):
        _probe(endpoint)
        devices += _devices(endpoint)
    # The field keeps the array alive. NULL ends the array.
    params.devices = (llama.ggml_backend_dev_t * (len(devices) + 1))(*devices)
    params.n_gpu_layers = 2**31 - 1


class _PlacementHandler(logging.Handler):
    """Prints the log lines that name a device and the size of its part of the model."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print `record` to stderr if it is such a line."""
        line = record.getMessage()
        if " model buffer size" in line:
            print(line.partition(": ")[2].strip(), file=sys.stderr)


def print_placement(logger: logging.Logger) -> None:
    """Print how much of the next model goes to each device, from the lines that `logger` receives."""
    logger.addHandler(_PlacementHandler(logging.INFO))
    logger.setLevel(min(logger.level, logging.INFO))


def _exit_on_abort(text: bytes) -> None:
    # llama.cpp aborts the process when a connection breaks. One line replaces its core dump.
    print(
        f"\nerror: llama.cpp stopped ({_reason(text)}); are all servers still running?",
        file=sys.stderr,
        flush=True,
    )
    os._exit(1)


def _reason(output: bytes) -> str:
    """Return the last line of the library's output, without its place in the C source."""
    return re.sub(r"^\S+:\d+: ", "", output.decode(errors="replace").strip().rpartition("\n")[2])


def _probe(endpoint: str) -> None:
    """Raise RpcError unless a server of this release answers at `endpoint`.

    llama.cpp ends the process if the handshake fails, and waits forever if nobody answers. So another
    process tries first.
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
            f"start one there: python -m {llama.__name__} rpc-server --port {port}"
        ) from None
    script = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import _greet; _greet({endpoint!r})"
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
            f"the server at {endpoint} does not answer; it serves one client at a time and may be busy"
        ) from None
    if done.returncode:
        raise RpcError(
            f"{endpoint} is not an RPC server that fits llama.cpp {llama.RELEASE} ({_reason(done.stderr)}); "
            "run the same release on both sides"
        )


def _greet(endpoint: str) -> None:
    for device in _devices(endpoint):
        free, total = c_size_t(), c_size_t()
        llama.ggml_backend_dev_memory(device, byref(free), byref(total))
        if not total.value:
            sys.exit(1)  # the library has printed the reason


def _devices(endpoint: str) -> list[Any]:
    """Add the server at `endpoint` and return its devices: one, or in newer releases all that it has."""
    if not _table.has("ggml_backend_rpc_add_server"):
        return [llama.ggml_backend_rpc_add_device(endpoint.encode())]
    registry = getattr(llama, "ggml_backend_rpc_add_server")(endpoint.encode())  # noqa: B009 - not in the pin's stubs
    count = llama.ggml_backend_reg_dev_count(registry)
    return [llama.ggml_backend_reg_dev_get(registry, index) for index in range(count)]
