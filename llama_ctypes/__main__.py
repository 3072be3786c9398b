"""`python -m llama_ctypes` with its commands; also the example of how to use the bindings."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from ctypes import byref, c_char, c_size_t
from typing import Any

import llama_ctypes as llama

from . import _rpc
from ._loader import LibraryError, libraries


class CommandError(Exception):
    """What the user asked for cannot be done; the message is one line."""


def info() -> dict[str, Any]:
    """What is installed and what it runs on, as plain data."""
    opened = libraries()
    devices = []
    for index in range(llama.ggml_backend_dev_count()):
        device = llama.ggml_backend_dev_get(index)
        free, total = c_size_t(), c_size_t()
        llama.ggml_backend_dev_memory(device, byref(free), byref(total))
        devices.append(
            {
                "name": llama.ggml_backend_dev_name(device).decode(),
                "description": llama.ggml_backend_dev_description(device).decode(),
                "memory_free": free.value,
                "memory_total": total.value,
            }
        )
    return {
        "release": llama.RELEASE,
        "library": opened.path,
        "found": opened.found,
        "backends": list(opened.backend_paths()),
        "devices": devices,
        "system": llama.llama_print_system_info().decode().strip(),
    }


class Completion:
    """Greedy text generation with one model; frees what it opened when the `with` block ends."""

    def __init__(self, path: str, n_ctx: int, threads: int, servers: str | None = None) -> None:
        """Load the GGUF file at `path` for sequences of up to `n_ctx` tokens; on RPC `servers` if given."""
        params = llama.llama_model_default_params()
        if servers:
            _rpc.offload(params, servers)
        self.model = llama.llama_model_load_from_file(os.fsencode(path), params)
        if not self.model:
            raise CommandError(f"{path}: llama.cpp cannot load this as a GGUF model")
        self.vocab = llama.llama_model_get_vocab(self.model)
        context_params = llama.llama_context_default_params()
        context_params.n_ctx = context_params.n_batch = n_ctx
        # More threads than cores make ggml's threads wait for each other, hundreds of times slower.
        context_params.n_threads = context_params.n_threads_batch = threads
        self.context = llama.llama_init_from_model(self.model, context_params)
        if not self.context:
            llama.llama_model_free(self.model)
            raise CommandError(f"no context of {n_ctx} tokens could be made; try a smaller --context")
        self.sampler = llama.llama_sampler_init_greedy()

    def __enter__(self) -> Completion:
        """Return self."""
        return self

    def __exit__(self, *_: object) -> None:
        """Free sampler, context and model, in that order."""
        llama.llama_sampler_free(self.sampler)
        llama.llama_free(self.context)
        llama.llama_model_free(self.model)

    def tokenize(self, text: bytes) -> list[int]:
        """The tokens of `text`, with the beginning-of-sequence token where the model wants one."""
        needed = -llama.llama_tokenize(self.vocab, text, len(text), None, 0, True, True)
        tokens = (llama.llama_token * needed)()
        llama.llama_tokenize(self.vocab, text, len(text), tokens, needed, True, True)
        return list(tokens)

    def piece(self, token: int) -> bytes:
        """The bytes a token stands for; not always whole characters."""
        buffer = (c_char * 256)()
        length = llama.llama_token_to_piece(self.vocab, token, buffer, len(buffer), 0, True)
        if length < 0:
            buffer = (c_char * -length)()
            length = llama.llama_token_to_piece(self.vocab, token, buffer, len(buffer), 0, True)
        return buffer.raw[:length]

    def generate(self, prompt: Sequence[int], count: int) -> Iterator[int]:
        """Yield up to `count` tokens after `prompt`, fewer where the model ends the text."""
        tokens = (llama.llama_token * len(prompt))(*prompt)
        for _ in range(count):
            # llama_batch_get_one keeps a pointer to `tokens`: it must live until llama_decode returns.
            if llama.llama_decode(self.context, llama.llama_batch_get_one(tokens, len(tokens))) != 0:
                raise CommandError(
                    "llama_decode failed: prompt and answer do not fit; try a larger --context"
                )
            token = llama.llama_sampler_sample(self.sampler, self.context, -1)
            if llama.llama_vocab_is_eog(self.vocab, token):
                return
            yield token
            tokens = (llama.llama_token * 1)(token)


def _cores() -> int:
    """How many processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quiet() -> None:
    """Stop llama.cpp's log lines."""
    llama.llama_log_set(llama.ggml_log_callback(lambda _level, _text, _data: None), None)


def _complete(arguments: argparse.Namespace) -> None:
    if not os.path.isfile(arguments.model):
        raise CommandError(f"{arguments.model}: no such file; give the path of a GGUF model")
    if not arguments.verbose:
        _rpc.say_placement() if arguments.rpc else _quiet()
    with Completion(arguments.model, arguments.context, arguments.threads, arguments.rpc) as completion:
        prompt = completion.tokenize(os.fsencode(arguments.prompt))
        if not prompt or len(prompt) > arguments.context:
            raise CommandError(f"the prompt has {len(prompt)} tokens, the context {arguments.context}")
        started, count = time.perf_counter(), 0
        sys.stdout.buffer.write(os.fsencode(arguments.prompt))
        for token in completion.generate(prompt, arguments.tokens):
            sys.stdout.buffer.write(completion.piece(token))
            sys.stdout.buffer.flush()
            count += 1
        seconds = time.perf_counter() - started
        sys.stdout.buffer.write(b"\n")
        sys.stdout.buffer.flush()
        print(f"{count} tokens in {seconds:.2f} s, {count / seconds:.0f} tokens/s", file=sys.stderr)


def _info(arguments: argparse.Namespace) -> None:
    found = info()
    if arguments.json:
        print(json.dumps(found, indent=2))
        return
    print(f"bindings  llama.cpp {found['release']}")
    print(f"library   {found['library']} ({found['found']})")
    for path in found["backends"]:
        print(f"backend   {path}")
    for device in found["devices"]:
        free, total = (device[f"memory_{kind}"] / 2**30 for kind in ("free", "total"))
        print(f"device    {device['name']}: {device['description']}, {free:.1f} of {total:.1f} GiB free")
    print(f"system    {found['system']}")


def main() -> int:
    """Run one command; return its exit status."""
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description="llama.cpp from Python.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    sub = commands.add_parser("info", help="the release, the libraries and the devices")
    sub.add_argument("--json", action="store_true")
    sub.set_defaults(run=_info)
    sub = commands.add_parser("complete", help="continue a text, greedily")
    sub.add_argument("model", help="path of a GGUF file")
    sub.add_argument("prompt")
    sub.add_argument("-n", "--tokens", type=int, default=128, help="at most this many (default 128)")
    sub.add_argument(
        "-c", "--context", type=int, default=2048, help="tokens of prompt and answer (default 2048)"
    )
    sub.add_argument("-t", "--threads", type=int, default=_cores(), help="default: one per usable core")
    sub.add_argument("--rpc", metavar="HOST:PORT[,HOST:PORT]", help="run all layers on these rpc-servers")
    sub.add_argument("-v", "--verbose", action="store_true", help="let llama.cpp log")
    sub.set_defaults(run=_complete)
    _rpc.add_parser(commands, _cores())
    arguments = parser.parse_args()
    try:
        arguments.run(arguments)
    except (CommandError, LibraryError, AttributeError, _rpc.RpcError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
