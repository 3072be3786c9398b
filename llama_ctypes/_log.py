"""Send llama.cpp's and ggml's log lines to Python's logger `llama_ctypes` (the package's name).

Each line keeps its level. If the program has not set up logging, errors go to stderr, as Python
does with unhandled records, and other lines are dropped. A program can call `llama_log_set` to
receive the lines itself.
"""

from __future__ import annotations

import ctypes
import sys
from _thread import get_ident  # threading takes ten times as long

CORE = ("llama_log_set", "ggml_log_set")
MULTIMODAL = ("mtmd_log_set", "mtmd_helper_log_set")

# The logging module's levels, without importing it.
_DEBUG, _INFO, _WARNING, _ERROR, _CONTINUED = 10, 20, 30, 40, -1
# llama.cpp's level numbers, which it has changed once, to Python's; filled at the first line.
_LEVELS: dict[int, int] = {}

# For each thread, the level of its last text and the unfinished line.
_unfinished: dict[int, tuple[int, str]] = {}


def record(level: int, text: bytes, _data: object = None) -> None:
    """Log a piece of text that ggml passes to its log callback; it may be part of a line, or several."""
    thread = get_ident()
    number, line = _unfinished.pop(thread, (_INFO, ""))
    new = (_LEVELS or _levels()).get(level, _INFO)
    if new != _CONTINUED:
        if line:
            _emit(number, line)
        number, line = new, ""
    *complete, rest = (line + text.decode(errors="replace")).split("\n")
    for line in complete:
        if line.strip():
            _emit(number, line.rstrip())
    _unfinished[thread] = number, rest


def _levels() -> dict[int, int]:
    from ._generated import constants

    names = {"DEBUG": _DEBUG, "INFO": _INFO, "WARN": _WARNING, "ERROR": _ERROR, "CONT": _CONTINUED}
    for name, level in names.items():
        if hasattr(constants, f"GGML_LOG_LEVEL_{name}"):
            _LEVELS[getattr(constants, f"GGML_LOG_LEVEL_{name}")] = level
    return _LEVELS


def _emit(level: int, line: str) -> None:
    if level < _ERROR and "logging" not in sys.modules:
        return  # without logging, no handler can want it
    import logging

    logger = logging.getLogger(__package__)
    if level >= _ERROR or logger.hasHandlers():
        logger.log(level, "%s", line)


_Callback = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
_listener = _Callback(record)
# The setters called so far; `silence` calls them again at the end.
_setters: list[ctypes._NamedFuncPointer] = []


def listen(library: ctypes.CDLL, names: tuple[str, ...]) -> None:
    """Receive the lines of `library`, through those of the setters `names` that it exports."""
    for name in names:
        if hasattr(library, name):
            setter = library[name]
            setter.restype = None
            setter.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
            setter(_listener, None)
            _setters.append(setter)


def silence(nothing: ctypes._NamedFuncPointer | None) -> None:
    """Send all lines to the C function `nothing`: a Python callback would crash without an interpreter."""
    for setter in _setters:
        setter(nothing, None)
