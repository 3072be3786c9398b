"""`python3 -m build_scripts COMMAND`, on a bare Python: makes its own .venv first, then goes on in it."""

import gc
import sys

from . import provision

if __name__ == "__main__":
    provision.ensure(sys.argv[1:])
    # A command makes things that live to its end: looking for cycles among them after every 700 objects
    # took a thirtieth of the time of `generate`.
    gc.set_threshold(100_000)
    from . import cli

    sys.exit(cli.main(sys.argv[1:]))
