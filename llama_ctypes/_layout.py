"""Ask libraries that do not name their release what tells releases apart: functions, operations, sizes.

A difference proves another release. Without one, the layouts of parameter structs may still differ: no
library reports those.
"""

from __future__ import annotations

import ctypes

from . import _table
from ._generated import constants, types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# libllama and libggml-base export all functions of these headers, whatever the build's options.
_HEADERS = (
    "include/llama.h:",
    "ggml/include/ggml.h:",
    "ggml/include/gguf.h:",
    "ggml/include/ggml-backend.h:",
)
# ggml's private struct ggml_object: three words, an enum and its padding.
_OBJECT_SIZE = 3 * ctypes.sizeof(ctypes.c_void_p) + 8


def difference(core: Callable[..., ctypes._NamedFuncPointer]) -> str | None:
    """Return how the libraries differ from the bindings' release, as a phrase; None if they seem to fit.

    `core` returns an exported function.
    """
    for row in _table.rows():
        if row.place.startswith(_HEADERS):
            try:
                core(row.name, None)
            except AttributeError:
                return f"they lack {row.name}"
    # If nothing is missing, the libraries are at least as new, and have a name for each operation asked for.
    return _moved_operation(core) or _other_size(core)


def _moved_operation(core: Callable[..., ctypes._NamedFuncPointer]) -> str | None:
    operation = core("ggml_op_name", ctypes.c_char_p, ctypes.c_int)
    names = set(constants.ENUMS["ggml_op"].split()) - {"GGML_OP_COUNT"}
    for value, name in sorted((getattr(constants, name), name) for name in names):
        actual = f"GGML_OP_{operation(value).decode(errors='replace')}"
        # A name that is not an enumerator's is only upstream's choice of words.
        if actual != name and actual in names:
            return f"their operation {value} is {actual}, not {name}"
    return None


def _other_size(core: Callable[..., ctypes._NamedFuncPointer]) -> str | None:
    actual = core("ggml_tensor_overhead", ctypes.c_size_t)() - _OBJECT_SIZE
    expected = ctypes.sizeof(types.ggml_tensor)
    return None if actual == expected else f"their ggml_tensor has {actual} bytes, not {expected}"
