"""Runs `python3 -m build_scripts COMMAND` on a bare Python: creates .venv if needed and continues in it."""

import gc
import sys

from . import provision


def _check(arguments):
    # type: (list[str]) -> None
    """Exit after --help and after a usage error: they need none of the requirements."""
    from . import cli

    status = cli.main(arguments, parse_only=True)
    if status:
        sys.exit(status)


if __name__ == "__main__":
    provision.ensure(sys.argv[1:], _check)
    # Most objects of a command live until it ends. Python's default, a search for cycles after every 700
    # objects, took a thirtieth of the time of `generate`.
    gc.set_threshold(100_000)
    from . import cli

    sys.exit(cli.main(sys.argv[1:]))
