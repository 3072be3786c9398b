"""Function pointer types that accept None and keep what was passed to C alive."""

from __future__ import annotations

from _ctypes import FUNCFLAG_CDECL, CFuncPtr

# C may hold a callback for as long as the process lives (a logger, a context's abort hook), and says
# nowhere when it lets go. One entry per callback object that was ever passed; they are few and small.
_kept: dict[int, object] = {}


def _from_param(cls: type[CFuncPtr], value: object) -> object:
    if value is None:
        return None  # NULL: no callback
    if not isinstance(value, cls):
        raise TypeError(f"expected {cls.__name__} or None, got {type(value).__name__}")
    _kept[id(value)] = value
    return value


def callback(name: str, restype: object, *argtypes: object) -> type[CFuncPtr]:
    """The ctypes class of a C function pointer type; make one of a Python callable by calling it.

    An exception in the callable is printed and ignored, and C gets zero, as ctypes has it. A type
    whose C function returns a struct cannot be made from Python; cast a C function to it.
    """
    namespace = {
        "_flags_": FUNCFLAG_CDECL,
        "_restype_": restype,
        "_argtypes_": argtypes,
        "from_param": classmethod(_from_param),
        "__module__": __package__,
    }
    return type(name, (CFuncPtr,), namespace)
