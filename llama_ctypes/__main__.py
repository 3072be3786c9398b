"""`python -m llama_ctypes info`, `complete MODEL PROMPT`, `chat MODEL` and `rpc-server`."""

import os
import sys

if __name__ == "__main__":
    try:
        import signal

        from ._commands.command_line import main

        status = main()
        # The work is done: from here on, Ctrl-C ends the process without a traceback.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    except KeyboardInterrupt:  # during the imports, or once more while `main` ends
        status = 130
    if status == 130:
        # Python would exit with another status if the interrupt came while it evaluated a string.
        os._exit(status)
    sys.exit(status)
