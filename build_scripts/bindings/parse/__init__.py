"""Turn headers into the model with libclang; only this package uses libclang.

unit       one translation unit of all headers; diagnostics; places
libclang   the C functions that clang.cindex lacks
constants  the values of macros
layout     the packing with which ctypes gives a record's layout
passing    whether ctypes passes a record by value as C does
enums      the values and the integer type of an enum
spelling   prototypes as C spells them
types      types that both libclang and ctypes have
names      one flat namespace for C's two
reader     walks the unit and builds the model
"""

from __future__ import annotations

from build_scripts.bindings.headers import HeaderSet
from build_scripts.bindings.ir import Model
from build_scripts.errors import HeaderError

from .reader import Reader
from .unit import Unit

__all__ = ["parse"]


def parse(headers: HeaderSet) -> Model:
    """Read `headers` into a model; HeaderError names file and line of everything that is not valid C.

    Headers without a single function are an error too: they are not a release's, or were not found.
    """
    model = Reader(Unit(headers)).model()
    if not model.functions:
        reasons = "".join(f"\n{declaration}" for declaration in model.unsupported)
        raise HeaderError(
            f"none of the functions that the headers in {headers.root} declare can be bound:{reasons}"
            if reasons
            else f"the headers in {headers.root} declare no function; use a release's complete tree"
        )
    return model
