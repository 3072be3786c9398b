"""`python -m llama_ctypes info`, `complete MODEL PROMPT`, `chat MODEL` and `rpc-server`."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable

from . import _rpc
from ._chat import chat
from ._complete import CommandError, check_file, complete
from ._errors import LibraryError
from ._info import info, print_info, run_on


def _cores() -> int:
    """How many processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _info(arguments: argparse.Namespace) -> None:
    found = info()
    if arguments.json:
        print(json.dumps(found, indent=2))
    else:
        print_info(found)


def _with_model(run: Callable[[argparse.Namespace, str], None]) -> Callable[[argparse.Namespace], None]:
    def command(arguments: argparse.Namespace) -> None:
        check_file(arguments.model)
        # Without -v, what llama.cpp says reaches nobody but the error messages.
        logger = logging.getLogger(__package__)
        logger.addHandler(logging.StreamHandler() if arguments.verbose else logging.NullHandler())
        logger.setLevel(logging.DEBUG if arguments.verbose else logging.ERROR)
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
        if arguments.rpc:
            _rpc.say_placement(logger)
        run(arguments, f"the servers {arguments.rpc}" if arguments.rpc else run_on())

    return command


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description="llama.cpp from Python.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], None], help: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help)
        sub.set_defaults(run=run)
        return sub

    def with_model(sub: argparse.ArgumentParser, tokens: int, temperature: float, context: str) -> None:
        sub.add_argument("model", help="path of a GGUF file")
        sub.add_argument(
            "-n", "--tokens", type=_positive, default=tokens, help=f"at most this many (default {tokens})"
        )
        sub.add_argument(
            "-c", "--context", type=_positive, help=f"tokens of text in all (default: {context})"
        )
        sub.add_argument(
            "-t", "--threads", type=_positive, default=_cores(), help="default: one per usable core"
        )
        sub.add_argument(
            "--temperature", type=float, default=temperature, help=f"0 is greedy (default {temperature})"
        )
        sub.add_argument("--seed", type=int, help="of the sampling (default: another each time)")
        sub.add_argument("--rpc", metavar="HOST:PORT[,HOST:PORT]", help="run all layers on these rpc-servers")
        sub.add_argument("-v", "--verbose", action="store_true", help="let llama.cpp log")

    sub = command("info", _info, "the release, the libraries, the devices, and what a model will run on")
    sub.add_argument("--json", action="store_true", help="for programs")

    sub = command("complete", _with_model(complete), "continue a text")
    with_model(sub, 128, 0.0, "as many as prompt and answer need")
    sub.add_argument("prompt")

    sub = command("chat", _with_model(chat), "talk with a model; Ctrl-C stops an answer, end of input ends")
    with_model(sub, 1024, 0.7, "what the model was trained for, at most 4096")
    sub.add_argument("--system", metavar="TEXT", help="what the model is told first")
    sub.add_argument(
        "--template", metavar="NAME", help="a template of llama.cpp's (default: the model's own)"
    )
    _rpc.add_parser(commands, _cores())
    return parser


def main() -> int:
    """Run one command; return its exit status."""
    arguments = _parser().parse_args()
    try:
        arguments.run(arguments)
    except (CommandError, LibraryError, AttributeError, _rpc.RpcError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read the output has gone: nothing is left to say, also not at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
