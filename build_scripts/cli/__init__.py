"""The commands of `python3 -m build_scripts`. Each is a few lines that call a wing.

bindings   write, check and compare bindings
packaging  build and install packages
upkeep     changes to this repository; the workflows are made of these
shared     options that several commands have
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from build_scripts.errors import LlamaCtypesError

from . import bindings, packaging, upkeep
from .shared import progress_on_stderr


def _parser(named: str = "") -> argparse.ArgumentParser:
    """What knows all commands, or at least the one that is `named` and those around it."""
    parser = argparse.ArgumentParser(
        prog="python3 -m build_scripts",
        description="Turn a llama.cpp release into bindings and a conda package.",
        epilog="Environment: LLAMA_CPP_TAG is the default of --tag; LLAMA_CTYPES_CACHE moves the cache.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help, allow_abbrev=False)
        sub.set_defaults(run=run)
        return sub

    for group in (bindings, packaging, upkeep):
        group.add(command)
        if named in commands.choices:
            break  # making a parser for each of the others takes time that `generate` would feel
    return parser


def main(argv: Sequence[str]) -> int:
    """Run one command; return its exit status. What a user can mend is one line, not a traceback."""
    parser = _parser(*argv[:1])
    arguments, others = parser.parse_known_args(argv)
    if others and not hasattr(arguments, "arguments"):
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    arguments.arguments = others  # pytest's
    try:
        with progress_on_stderr():
            return int(arguments.run(arguments))
    except LlamaCtypesError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
