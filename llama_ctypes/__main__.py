"""`python -m llama_ctypes info`, `complete MODEL PROMPT`, `chat MODEL` and `rpc-server`."""

import sys

from ._commands.command_line import main

if __name__ == "__main__":
    sys.exit(main())
