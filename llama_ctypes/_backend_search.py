"""Find ggml's backends outside the libraries' folder, and explain why none is for the CPU.

Distributions keep the backends in another folder, which they compile into ggml (GGML_BACKEND_DIR). Only a
library without backends in its own folder needs this module.
"""

from __future__ import annotations

import ctypes
import glob
import os
import re

from . import _binary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Where Debian, Alpine, Homebrew and others keep the backends, seen from the folder of libggml.
_PLACES = (
    "ggml",
    "ggml/backends*",
    "backends*",
    "../libexec",
    "../libexec/ggml",
    "../backends*",
    "../lib/ggml",
)


def compiled_in(function: ctypes._NamedFuncPointer) -> str | None:
    """Return the folder with backends that was compiled into the library of `function`, or None.

    The library contains the folder as a string, unless the compiler split it; a string counts only if it is
    the full path of a folder that has backends.
    """
    path = _library_of(function)
    if path is None:
        return None
    with open(path, "rb") as file:
        strings = re.findall(rb"(?<![^\0])(?:[A-Za-z]:)?[/\\][^\0-\x1f]{1,1023}(?=\0)", file.read())
    for string in dict.fromkeys(strings):
        try:
            folder = os.fsdecode(string)
        except UnicodeDecodeError:  # no path on Windows, whose paths are UTF-8 without exceptions
            continue
        if _binary.is_full_path(folder) and _binary.plugins(folder):
            return os.path.normpath(folder)
    return None


def why_no_cpu(function: ctypes._NamedFuncPointer, folder: str) -> str:
    """Return why no backend for the CPU was loaded from `folder`, and what to do.

    `function` is one of libggml; the search continues near that library.
    """
    reasons = [reason for path in _cpu_plugins(folder) for reason in [_why_unsuitable(path)] if reason]
    if reasons:
        return "; ".join(reasons)
    for other in _others(function, folder):
        best = max(_cpu_plugins(other), key=_score, default=None)
        if best and _score(best):
            return f"{folder} has none; set GGML_BACKEND_PATH={best}"
    return f"{folder} must have a {_binary.PREFIX}ggml-cpu*{_binary.PLUGIN_SUFFIX}"


def _others(function: ctypes._NamedFuncPointer, folder: str) -> Iterator[str]:
    """Yield the folders near the library of `function` that may have backends."""
    path = _library_of(function) or ""
    starts = [folder, os.path.dirname(path), os.path.dirname(os.path.realpath(path))]
    for start in dict.fromkeys(filter(_binary.is_full_path, starts)):
        for place in _PLACES:
            yield from map(os.path.normpath, sorted(glob.glob(os.path.join(glob.escape(start), place))))


def _library_of(function: ctypes._NamedFuncPointer) -> str | None:
    address = ctypes.cast(function, ctypes.c_void_p).value
    path = _binary.containing(address) if address else None
    return path if path and _binary.is_full_path(path) else None


def _cpu_plugins(folder: str) -> list[str]:
    start = os.path.join(folder, f"{_binary.PREFIX}ggml-cpu")
    return [path for path in _binary.plugins(folder) if path.startswith(start)]


def _score(path: str) -> int:
    """Return how well the backend at `path` suits this processor, by its own function; 0 is not at all."""
    try:
        library = _binary.open_library(path)
    except OSError:
        return 0
    if hasattr(library, "ggml_backend_score"):
        return int(library.ggml_backend_score())
    return int(hasattr(library, "ggml_backend_init"))


def _why_unsuitable(path: str) -> str | None:
    try:
        _binary.open_library(path)
    except OSError as error:
        return str(error)
    return None if _score(path) else f"{os.path.basename(path)} does not suit this processor"
