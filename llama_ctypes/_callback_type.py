"""The class of the callback types: C functions that fit are instances of them, too."""

from __future__ import annotations

import ctypes
from _ctypes import CFuncPtr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _ctypes import _PyCFuncPtrType
    from typing import Any
else:
    _PyCFuncPtrType = type(CFuncPtr)


class CallbackType(_PyCFuncPtrType):
    """The metaclass of callback types."""

    _restype_: Any

    def __instancecheck__(cls, value: object) -> bool:  # noqa: N805 - of a metaclass
        """Accept C functions with the callback's prototype; ctypes asks this for arguments and fields."""
        return super().__instancecheck__(value) or _fits(value, cls)

    def __call__(cls, *arguments: Any) -> Any:  # noqa: N805 - of a metaclass
        """Create a callback from a Python function, or a pointer from a C function or its address."""
        if len(arguments) == 1 and isinstance(arguments[0], CFuncPtr):
            pointer = super().__call__(ctypes.cast(arguments[0], ctypes.c_void_p).value)
            pointer.function = arguments[0]  # keeps it alive
            return pointer
        result = cls._restype_
        if len(arguments) == 1 and callable(arguments[0]) and hasattr(result, "_fields_"):
            raise TypeError(
                f"Python cannot make a {cls.__name__}: it returns a struct ({result.__name__}), which ctypes "
                "supports for C functions only; pass one, of llama_ctypes or of a library that you compile"
            )
        return super().__call__(*arguments)


def _fits(value: object, cls: Any) -> bool:
    prototype = getattr(value, "prototype", None) if isinstance(value, CFuncPtr) else None
    if prototype is None:  # not bound by `_api`
        return False
    restype, argtypes = prototype
    # Callback types return addresses as c_void_p; see `callback`.
    addresses = (ctypes.c_void_p, ctypes.c_char_p, ctypes._Pointer)
    is_address = restype is not None and issubclass(restype, addresses)
    same_result = restype is cls._restype_ or (is_address and cls._restype_ is ctypes.c_void_p)
    return same_result and tuple(argtypes) == cls._argtypes_
