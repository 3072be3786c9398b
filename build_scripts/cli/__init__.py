"""The commands of `python3 -m build_scripts`. Each is a few lines that call a wing.

bindings   write, check and compare bindings
packaging  build and install packages
upkeep     changes to this repository; the workflows are made of these
shared     options that several commands have
streams    standard streams that are closed, full or lost
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from build_scripts.errors import LlamaCtypesError

from . import bindings, packaging, streams, upkeep
from .shared import ended_like_ctrl_c, place_words, progress_on_stderr


def _parser(named: str = "") -> argparse.ArgumentParser:
    """Return a parser of all commands; if it is `named`, of that command and those added before it."""
    parser = argparse.ArgumentParser(
        prog="python3 -m build_scripts",
        description="Turn a llama.cpp release into bindings and a conda package.",
        epilog="The commands are listed by wing: bindings, packaging, upkeep. "
        "Environment: LLAMA_CPP_TAG is the default of --tag; LLAMA_CTYPES_CACHE moves the cache.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help, allow_abbrev=False)
        sub.set_defaults(run=run)
        return sub

    for wing in (bindings, packaging, upkeep):
        wing.add(command)
        if named in commands.choices:
            break  # the remaining parsers would cost `generate` time
    return parser


def main(argv: Sequence[str], *, parse_only: bool = False) -> int:
    """Run one command and return its exit status.

    With `parse_only`, which needs only the standard library, the arguments are checked and nothing runs.
    """
    return guarded(lambda: _run(argv, parse_only))


def guarded(task: Callable[[], int]) -> int:
    """Return the exit status of `task`; an error that a user can fix is printed as one line."""
    streams.prepare()
    try:
        try:
            return task()
        except LlamaCtypesError as error:
            print(f"error: {error}", file=sys.stderr)
            return error.exit_status
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
            return 130
        finally:
            sys.stdout.flush()
    except OSError as error:
        return streams.report(error)


def _run(argv: Sequence[str], parse_only: bool) -> int:
    parser = _parser(*argv[:1])
    arguments, others = parser.parse_known_args(argv)
    others = place_words(arguments, others)
    if others and not hasattr(arguments, "arguments"):
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    if parse_only:
        return 0
    arguments.arguments = others  # pytest's
    with progress_on_stderr(), ended_like_ctrl_c():
        return int(arguments.run(arguments))
