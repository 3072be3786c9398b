"""The command line of `python -m llama_ctypes` and `llama-ctypes`: arguments, exit statuses and errors."""

from __future__ import annotations

import argparse
import json
import logging
import math
import os
import sys
from collections.abc import Callable
from typing import NoReturn

import llama_ctypes as llama

from .._errors import LibraryError, MissingNameError
from . import rpc_server, streams
from .chat import chat
from .complete import complete
from .info import describe_hardware, info, print_info
from .session import DOWNLOAD, EXAMPLE_MODEL, CommandError, check_file


def _cores() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _info(arguments: argparse.Namespace) -> None:
    facts = info()
    if arguments.json:
        print(json.dumps(facts, indent=2))
    else:
        print_info(facts)


def _with_model(run: Callable[[argparse.Namespace, str], None]) -> Callable[[argparse.Namespace], None]:
    def command(arguments: argparse.Namespace) -> None:
        check_file(arguments.model)
        # Without -v, llama.cpp's log lines appear only in error messages.
        logger = logging.getLogger(llama.__name__)
        logger.addHandler(logging.StreamHandler() if arguments.verbose else logging.NullHandler())
        logger.setLevel(logging.DEBUG if arguments.verbose else logging.ERROR)
        if arguments.rpc:
            rpc_server.print_placement(logger)
        run(arguments, f"the servers {arguments.rpc}" if arguments.rpc else describe_hardware())

    return command


def _whole(least: int, most: int) -> Callable[[str], int]:
    """Return a type for whole numbers from `least` to `most`: those that fit into C's parameter."""

    def number(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"must be from {least} to {most}, not {text}")
        return value

    number.__name__ = "number"  # for "invalid number value: 'x'"
    return number


_positive = _whole(1, 2**31 - 1)
# ggml has an array of so many threads, and writes beyond its end.
_MOST_THREADS: int = getattr(llama, "GGML_MAX_N_THREADS", 512)
_threads = _whole(1, _MOST_THREADS)


def _temperature(text: str) -> float:
    value = float(text)
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number from 0, not {text}")
    return value


def _servers(text: str) -> str:
    if not all(text.split(",")):
        raise argparse.ArgumentTypeError(f"must be HOST:PORT[,HOST:PORT], not {text!r}")
    return text


# The arguments of each command's example, and what must run before it.
_EXAMPLES = {
    "info": ("", ""),
    "complete": (DOWNLOAD, f' {EXAMPLE_MODEL} "Once upon a time"'),
    "chat": (DOWNLOAD, f' {EXAMPLE_MODEL} --system "Answer in one sentence."'),
    "rpc-server": ("", " --memory 4096"),
}


class _Parser(argparse.ArgumentParser):
    """Names a model to download if none is given; keeps the lines of an epilog."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and `message`, and exit."""
        if "model" in message.rpartition(": ")[2].split(", "):
            message += (
                f"\nTo download a small model (hf comes with `pip install huggingface_hub`):\n  {DOWNLOAD}"
            )
        super().error(message)


class _Help(argparse.HelpFormatter):
    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if "\n" in text else super()._fill_text(text, width, indent)


def _parser() -> argparse.ArgumentParser:
    as_module = os.path.basename(sys.argv[0]) == "__main__.py"
    parser = _Parser(
        prog=f"python -m {llama.__name__}" if as_module else None,
        description="Run language models with llama.cpp.",
    )
    parser.add_argument(
        "--version", action="version", version=f"llama-ctypes {llama.__version__}, llama.cpp {llama.RELEASE}"
    )
    commands: argparse._SubParsersAction[argparse.ArgumentParser] = parser.add_subparsers(
        metavar="COMMAND", required=True, parser_class=_Parser
    )

    def command(name: str, run: Callable[[argparse.Namespace], None], help: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
        sub.set_defaults(run=run)
        return sub

    def with_model(sub: argparse.ArgumentParser, tokens: int, temperature: float, context: str) -> None:
        sub.add_argument("model", help="path of a GGUF file")
        sub.add_argument(
            "-n",
            "--tokens",
            type=_positive,
            default=tokens,
            help="most tokens to generate (default: %(default)s)",
        )
        sub.add_argument(
            "-c", "--context", type=_positive, help=f"size of the context in tokens (default: {context})"
        )
        sub.add_argument(
            "-t", "--threads", type=_threads, default=min(_cores(), _MOST_THREADS),
            help="CPU threads (default: one per usable core, here %(default)s)",
        )  # fmt: skip
        sub.add_argument(
            "--temperature", type=_temperature, default=temperature,
            help="0 always takes the most probable token (default: %(default)s)",
        )  # fmt: skip
        sub.add_argument(
            "--seed",
            type=_whole(0, 2**32 - 1),
            help="seed of the random choice of tokens (default: a new one)",
        )
        sub.add_argument(
            "--rpc", type=_servers, metavar="HOST:PORT[,HOST:PORT]",
            help="run all layers on these rpc-servers (default: on this machine)",
        )  # fmt: skip
        sub.add_argument("-v", "--verbose", action="store_true", help="print llama.cpp's log to stderr")

    sub = command("info", _info, "show the release, the libraries, the devices, and what a model will run on")
    sub.add_argument("--json", action="store_true", help="print JSON, for programs")

    sub = command("complete", _with_model(complete), "continue a text")
    with_model(sub, 128, 0.0, "enough for the prompt and the answer")
    sub.add_argument("prompt", help="the text to continue")

    sub = command(
        "chat",
        _with_model(chat),
        "talk with a model; Ctrl-C stops an answer, exit or the end of the input ends the chat",
    )
    with_model(sub, 1024, 0.7, "what the model was trained for, at most 4096")
    sub.add_argument("--system", metavar="TEXT", help="instructions to the model (default: none)")
    sub.add_argument(
        "--template", metavar="NAME", help="one of llama.cpp's chat templates (default: the model's own)"
    )
    rpc_server.add_parser(commands, min(_cores(), _MOST_THREADS))
    for name, sub in commands.choices.items():
        before, arguments = _EXAMPLES[name]
        sub.formatter_class = _Help
        sub.epilog = "example:\n" + (f"  {before}\n" if before else "") + f"  %(prog)s{arguments}"
        sub.set_defaults(parser=sub)
    return parser


def main() -> int:
    """Run the command that sys.argv names; return the exit status."""
    streams.prepare()
    try:
        try:
            return _run()
        finally:
            sys.stdout.flush()
    except OSError as error:
        return streams.report(error)


def _run() -> int:
    arguments, others = _parser().parse_known_args()
    if others:
        # Not the error of parse_args, which shows the usage of no command.
        arguments.parser.error(f"unrecognized arguments: {' '.join(others)}")
    try:
        arguments.run(arguments)
    except (CommandError, LibraryError, MissingNameError, rpc_server.RpcError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    return 0
