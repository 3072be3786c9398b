"""llama.cpp's and ggml's log lines as records of Python's logger `llama_ctypes` (the package's name).

Levels are the lines' own. Where the program has not set up logging, errors go to stderr, as Python
does with records nobody takes, and everything else nowhere. `llama_log_set` takes the lines elsewhere.
"""

from __future__ import annotations

import ctypes
import sys
from _thread import get_ident  # threading takes ten times as long

CORE = ("llama_log_set", "ggml_log_set")
MULTIMODAL = ("mtmd_log_set", "mtmd_helper_log_set")

# Python's numbers, without importing logging; upstream renumbered its own once.
_DEBUG, _INFO, _WARNING, _ERROR, _CONTINUED = 10, 20, 30, 40, -1
# By upstream's number; filled at the first line.
_LEVELS: dict[int, int] = {}

# By thread: the level of what it said last, and the line it has begun.
_begun: dict[int, tuple[int, str]] = {}


def record(level: int, text: bytes, _data: object = None) -> None:
    """Take a piece of text as ggml hands it to a log callback; it may be part of a line, or several."""
    thread = get_ident()
    number, line = _begun.pop(thread, (_INFO, ""))
    given = (_LEVELS or _levels()).get(level, _INFO)
    if given != _CONTINUED:
        if line:
            _emit(number, line)
        number, line = given, ""
    *whole, rest = (line + text.decode(errors="replace")).split("\n")
    for line in whole:
        if line.strip():
            _emit(number, line.rstrip())
    _begun[thread] = number, rest


def _levels() -> dict[int, int]:
    from ._generated import constants

    names = {"DEBUG": _DEBUG, "INFO": _INFO, "WARN": _WARNING, "ERROR": _ERROR, "CONT": _CONTINUED}
    for name, level in names.items():
        if hasattr(constants, f"GGML_LOG_LEVEL_{name}"):
            _LEVELS[getattr(constants, f"GGML_LOG_LEVEL_{name}")] = level
    return _LEVELS


def _emit(level: int, line: str) -> None:
    if level < _ERROR and "logging" not in sys.modules:
        return  # nobody can have asked for it
    import logging

    logger = logging.getLogger(__package__)
    if level >= _ERROR or logger.hasHandlers():
        logger.log(level, "%s", line)


_Callback = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
_listener = _Callback(record)
# The setters that were called, to be called once more at the end.
_setters: list[ctypes._NamedFuncPointer] = []


def listen(library: ctypes.CDLL, names: tuple[str, ...]) -> None:
    """Have those of the setters `names` that `library` has send their lines here."""
    for name in names:
        if hasattr(library, name):
            setter = library[name]
            setter.restype = None
            setter.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
            setter(_listener, None)
            _setters.append(setter)


def silence(nothing: ctypes._NamedFuncPointer | None) -> None:
    """Send all lines to a C function that does nothing: without an interpreter, Python's would crash."""
    for setter in _setters:
        setter(nothing, None)
