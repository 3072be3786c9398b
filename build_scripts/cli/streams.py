"""Standard streams that may be closed, full or a pipe whose reader is gone."""

from __future__ import annotations

import contextlib
import os
import sys


def prepare() -> None:
    """Open closed standard streams on the null device, and let every stream write any character.

    Otherwise the next file that the process or a library opens would get the descriptor, and their output.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        # A letter that the encoding lacks, such as in a path, must not end the command.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def report(error: OSError) -> int:
    """Print `error` as one line, unless the reader of a pipe is gone; return the exit status."""
    if not isinstance(error, BrokenPipeError):
        place = f"{error.filename}: " if error.filename is not None else ""
        with contextlib.suppress(OSError):
            print(f"error: {place}{error.strerror or error}", file=sys.stderr, flush=True)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            # Python must not fail again when it flushes the stream at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return 1
