"""`python3 -m build_scripts COMMAND`, on a bare Python: makes its own .venv first, then goes on in it."""

import sys

from build_scripts import provision

if __name__ == "__main__":
    provision.ensure(sys.argv[1:])
    from build_scripts import cli

    sys.exit(cli.main(sys.argv[1:]))
