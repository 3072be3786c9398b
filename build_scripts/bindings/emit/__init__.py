"""Model to Python text: the only package that knows what generated files look like.

Pure: the same model gives the same bytes, and nothing of the machine gets in. The package it
describes has three modules, each read at run time only when it is first needed, and a stub:

    types.py      handles, records and callbacks as ctypes classes, and the typedefs
    functions.py  one table, a function on each line: its ctypes prototype, its C declaration, ...
    constants.py  enumerators and macros as plain values, and which enum holds which
    __init__.pyi  all of it for editors and type checkers
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from build_scripts.bindings import abi_digest
from build_scripts.bindings.ir import Model

from . import modules, stubs

# Raised when the same model is to give other text, so that provenance tells the two apart.
GENERATOR = 3


# What `emit` returns, and nothing else may stand in the generated package.
FILES = ("__init__.py", "types.py", "functions.py", "constants.py", "__init__.pyi")
# Begins the line that holds the sha256 of all that follows it.
SEAL = "# seal "


def seal(body: str) -> str:
    """The digest by which an edit of a generated file's body is found."""
    return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True)
class Provenance:
    """Where bindings come from; written at the top of every generated file."""

    tag: str
    headers_sha256: str


def emit(model: Model, provenance: Provenance) -> dict[str, str]:
    """Return the generated package: file name to text."""
    bodies = {
        "__init__.py": modules.init(
            provenance.tag, provenance.headers_sha256, abi_digest.digest(model), GENERATOR
        ),
        "types.py": modules.types(model),
        "functions.py": modules.functions(model),
        "constants.py": modules.constants(model),
        "__init__.pyi": stubs.stub(model),
    }
    return {name: _header(provenance, body) + body for name, body in bodies.items()}


def _header(provenance: Provenance, body: str) -> str:
    return (
        f"# Generated from the public headers of llama.cpp {provenance.tag}\n"
        f"# (sha256 {provenance.headers_sha256})\n"
        f"# by build_scripts, generator {GENERATOR}. Do not edit: `python3 -m build_scripts generate`.\n"
        f"{SEAL}{seal(body)}\n"
    )
