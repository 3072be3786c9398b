"""C function pointer types that accept None, keep callbacks alive, and let no exception reach C."""

from __future__ import annotations

import sys
from _ctypes import FUNCFLAG_CDECL, CFuncPtr
from _thread import RLock
from types import CodeType, MethodType

from . import _exit, _interrupt
from ._callback_type import CallbackType
from ._record import Doc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from functools import partial
    from typing import Any, TypeAlias

    _Key: TypeAlias = tuple[type, object]
else:
    from _functools import partial  # functools takes as long as ctypes

# C may keep a callback until the process ends (a logger, a context's abort hook, a field of a struct passed
# by value), and never reports that it has dropped one. So each stays here until `close`, with the number of
# times that it was made.
_callbacks: dict[_Key, tuple[Callback, int]] = {}
_lock = RLock()

# What C gets instead of a result, in terms of the parameters a, b, c. Zero, the default, cancels a load.
_CANCEL = {
    "ggml_abort_callback": "True",
    # The scheduler asks whether to report a tensor, then reports it; only the second result can stop it.
    "ggml_backend_sched_eval_callback": "b",
}

_GUARD = """
def guard(function, zero):
    def guarded({parameters}):
        try:
            if ending:
                park()
            return function({parameters})
        except BaseException as error:
            try:
                comes_out = keep(error)
            except BaseException as second:
                waiting.error, comes_out = second, True
            if comes_out:
                ~resume
            return {cancel}
    return guarded
"""
_guards: dict[tuple[int, str], Callable[..., Any]] = {}
# The global names of all guards.
_names: dict[str, Any] = {
    "__name__": __name__,
    "ending": False,
    "park": _exit.park,
    "keep": _interrupt.keep,
    "waiting": _interrupt.waiting,
    "resume": _interrupt.resume,
}


def _park_others() -> bool:
    _names["ending"] = True
    return bool(_callbacks)


_exit.park_others = _park_others


def _guard(count: int, cancel: str) -> Callable[..., Any]:
    """Return a function that wraps one of `count` parameters; `*arguments` would double the time."""
    if (count, cancel) not in _guards:
        parameters = ", ".join("abcdefghijklmnopqrstuvwxyz"[:count])
        source = _GUARD.format(parameters=parameters, cancel=cancel)
        # Not compile(): from Python 3.13 on, the first one takes 3 ms to make the classes of the ast module.
        exec(source, _names)  # noqa: S102 - the text is above
        guard = _names.pop("guard")
        constants = guard.__code__.co_consts
        new = tuple(_covered(item) if isinstance(item, CodeType) else item for item in constants)
        _interrupt.guards.update(item for item in new if isinstance(item, CodeType))
        guard.__code__ = guard.__code__.replace(co_consts=new)
        _guards[count, cancel] = guard
    return _guards[count, cancel]


def _covered(code: CodeType) -> CodeType:
    """Make the first `try` of a function begin with its first instruction.

    From Python 3.11 on, that instruction, which precedes all statements, also runs signal handlers. The
    format of the table may change: with a later Python, a signal that arrives there is lost.
    """
    if not (3, 11) <= sys.version_info < (3, 15):
        return code
    table = code.co_exceptiontable  # type: ignore[attr-defined, unused-ignore] # since 3.11
    # For each `try`: start, length, handler and depth, in digits of 6 bits. Bit 6 is set in all digits of a
    # number but the last, bit 7 in the first of an entry.
    start, size = table[0] & 63, 1 if table[1] < 64 else 2
    length = start + (table[1] if size == 1 else (table[1] & 63) << 6 | table[2])
    entry = bytes([128, 64 | length >> 6, length & 63])
    return code.replace(co_exceptiontable=entry + table[1 + size :])  # type: ignore[call-arg, unused-ignore]


class Callback(CFuncPtr, metaclass=CallbackType):
    """A C function pointer type; call it with a Python function to make a callback.

    The callback lives until the process ends, or until `close`. Made of the same function again, it is the
    same object.

    If the function raises an exception, C gets a result that makes it stop, if there is one, else zero. On
    the main thread the exception then comes out of the C call; in other threads it goes to
    `sys.excepthook`. If the C type returns a struct, ctypes cannot wrap a Python function; use a C
    function instead.
    """

    _flags_ = FUNCFLAG_CDECL
    _restype_: Any
    _argtypes_: tuple[Any, ...]
    _key: _Key | None = None

    def __new__(cls, *arguments: Any) -> Any:
        """Make a callback of a Python function, or as ctypes does NULL or one of an address."""
        if len(arguments) != 1 or not callable(arguments[0]):
            return CFuncPtr.__new__(cls, *arguments)
        (function,) = arguments
        # Every `object.method` is a new object.
        bound = type(function) is MethodType
        key = cls, (id(function.__self__), function.__func__) if bound else id(function)
        with _lock:
            pointer, count = _callbacks.get(key, (None, 0))
            if pointer is None:
                restype = cls._restype_
                zero = restype().value if hasattr(restype, "value") else None
                guard = _guard(len(cls._argtypes_), _CANCEL.get(cls.__name__, "zero"))
                guarded = guard(function, zero)
                # Python makes a copy of the code faster for the one function that it calls.
                guarded.__code__ = guarded.__code__.replace()
                pointer = CFuncPtr.__new__(cls, guarded)
                pointer._key = key
            _callbacks[key] = pointer, count + 1
        return pointer

    def close(self) -> None:
        """Keep the callback no longer; call this when C will not call it any more, once for each time made.

        From then on it lives as long as Python refers to it, for example from a struct's field.
        """
        if self._key is None:
            return  # not made of a Python function
        with _lock:
            pointer, count = _callbacks.pop(self._key, (self, 1))
            if count > 1:
                _callbacks[self._key] = pointer, count - 1

    def __enter__(self) -> Callback:
        """Return the callback itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the callback."""
        self.close()

    @classmethod
    def from_param(cls, value: object) -> object:
        """Accept a callback of this type, and None as NULL."""
        if value is None:
            return None
        if not isinstance(value, cls):
            raise TypeError(f"expected {cls.__name__} or None, got {type(value).__name__}")
        return value


def callback(name: str, restype: object, *argtypes: object) -> type[Callback]:
    """Create the ctypes class of a C function pointer type."""
    namespace = {
        "_flags_": FUNCFLAG_CDECL,
        "_restype_": restype,
        "_argtypes_": argtypes,
        "__module__": __package__,
        "__doc__": Doc(None),
    }
    return CallbackType(name, (Callback,), namespace)  # type: ignore[return-value] # it is one


def let_stop(parameter: Any, record: Any) -> None:
    """Let an exception stop a load whose struct `record` has no progress callback: pass one to C.

    `parameter` is the class of the parameter for the struct by value. Only the main thread does so, because
    only it handles signals.
    """
    if hasattr(record, "progress_callback"):
        parameter.from_param = partial(_with_progress, parameter.from_param, record)


def _with_progress(from_param: Callable[[Any], Any], record: Any, value: Any) -> Any:
    try:
        value = from_param(value)
        return _stoppable_copy(value) if _interrupt.is_main_thread() else value
    except BaseException as error:
        if value.__class__ is not record:
            raise
        # ctypes would turn what a signal handler raises into an ArgumentError.
        try:
            _interrupt.keep(error)
            value = _stoppable_copy(value)
        except BaseException as second:
            _interrupt.waiting.error = second
        _ = ~_interrupt.resume
        return value


def _stoppable_copy(value: Any) -> Any:
    if value.progress_callback:
        return value
    copy = type(value).from_buffer_copy(value)
    with type(value.progress_callback)(_go_on) as progress:
        copy.progress_callback = progress  # the struct keeps it during the call
    return copy


_with_progress.__code__ = _covered(_with_progress.__code__)


def _go_on(_fraction: float, _data: object) -> bool:
    return True
