"""Send llama.cpp's and ggml's log lines to Python's logger `llama_ctypes` (the package's name).

Each line keeps its level. If the program has not set up logging, errors go to stderr, as Python
does with unhandled records, and other lines are dropped. A program can call `llama_log_set` to
receive the lines itself.
"""

from __future__ import annotations

import ctypes
import sys
from _thread import get_ident  # threading takes ten times as long

from . import _exit
from ._callback import callback

CORE = ("llama_log_set", "ggml_log_set")
MULTIMODAL = ("mtmd_log_set", "mtmd_helper_log_set")

# The logging module's levels, without importing it.
_DEBUG, _INFO, _WARNING, _ERROR, _CONTINUED = 10, 20, 30, 40, -1
# llama.cpp's level numbers, which it has changed once, to Python's; filled at the first line.
_LEVELS: dict[int, int] = {}

# For each thread, the level of its last text and the unfinished line.
_unfinished: dict[int, tuple[int, str]] = {}
# For each thread that opens the libraries, the lines to log when it has done that.
_held: dict[int, list[tuple[int, str]]] = {}


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


class Held:
    """`with Held():` logs this thread's lines at the end of the block: a handler may use the bindings."""

    def __enter__(self) -> None:
        """Begin to hold the lines, unless an outer block does."""
        self._is_inner = get_ident() in _held
        _held.setdefault(get_ident(), [])

    def __exit__(self, *_: object) -> None:
        """Log the lines."""
        if not self._is_inner:
            for level, line in _held.pop(get_ident(), ()):
                _emit(level, line)


def _emit(level: int, line: str) -> None:
    if _held and (lines := _held.get(get_ident())) is not None:
        lines.append((level, line))
        return
    if level < _ERROR and "logging" not in sys.modules:
        return  # without logging, no handler can want it
    import logging

    logger = logging.getLogger(__package__)
    if level >= _ERROR or logger.hasHandlers():
        logger.log(level, "%s", line)


Listener = callback("Listener", None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
_listener = Listener(record)
_listener.close()  # this module keeps it

# The setters called so far; `silence` calls them again at the end.
_setters: list[ctypes._NamedFuncPointer] = []
nothing: ctypes._NamedFuncPointer | None = None
"""A C function without effect that takes the lines at the end."""


def listen(library: ctypes.CDLL, names: tuple[str, ...]) -> None:
    """Receive the lines of `library`, through those of the setters `names` that it exports."""
    if _silence not in _exit.at_end:
        _exit.at_end.append(_silence)
    for name in names:
        if hasattr(library, name):
            setter = library[name]
            setter.restype = None
            setter.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
            _setters.append(setter)
            setter(_listener, None)


def _silence() -> None:
    """Send all lines to `nothing`: a Python callback would crash without an interpreter."""
    for setter in _setters:
        setter(nothing, None)
