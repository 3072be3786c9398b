"""Headers to model, through libclang: the only package that knows libclang.

unit       one translation unit of all the headers; diagnostics; places
constants  the values of macros
layout     which packing of ctypes gives a record's layout
spelling   prototypes and names as C spells them
kinds      types that libclang and ctypes both have
names      one flat namespace for what C keeps in two
reader     walks the unit and collects the model
"""

from __future__ import annotations

from build_scripts.bindings.headers import HeaderSet
from build_scripts.bindings.ir import Model

from .reader import Reader
from .unit import Unit

__all__ = ["parse"]


def parse(headers: HeaderSet) -> Model:
    """Read all of `headers`; HeaderError names file and line of everything that is not valid C."""
    return Reader(Unit(headers)).model()
