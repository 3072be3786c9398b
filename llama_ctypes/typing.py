"""`Pointer[T]`, the type of pointers to a ctypes type, for annotations and in running programs.

    >>> def best(logits: Pointer[ctypes.c_float], count: int) -> int: ...

ctypes itself has no public name for it: type checkers know `ctypes._Pointer`, which takes no parameter in a
running program, where `Pointer[T]` is `ctypes.POINTER(T)`.
"""

from __future__ import annotations

import ctypes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ctypes import _Pointer

    Pointer = _Pointer
else:

    class Pointer:
        """`Pointer[T]` is `ctypes.POINTER(T)`."""

        def __class_getitem__(cls, target: type) -> type:
            return ctypes.POINTER(target)


__all__ = ["Pointer"]
