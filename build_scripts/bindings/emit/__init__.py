"""Turn a model into the text of the generated files; only this package knows their syntax.

The result depends on nothing but the model: the same model gives the same bytes on every machine. The
generated package has three modules, which Python imports when they are first needed, and a stub:

    types.py      handles, records and callbacks as ctypes classes, and the typedefs
    functions.py  a table with one function on each line: ctypes prototype, parameters, C declaration
    constants.py  enumerators and macros as plain values, and the enumerators of each enum
    __init__.pyi  all of it for editors and type checkers
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from build_scripts.bindings import abi_digest
from build_scripts.bindings.ir import Model

from . import modules, stubs
from .callbacks import name_callbacks

# Goes up by one when the same model gives other text: every generated file names its generator.
GENERATOR = 4


# The files that `emit` returns; the generated package has no others.
FILES = ("__init__.py", "types.py", "functions.py", "constants.py", "__init__.pyi")
# This line of a file holds the sha256 of everything below it.
SEAL = "# seal "


def seal(body: str) -> str:
    """The digest of a generated file's body; a later edit of the body changes it."""
    return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True)
class Provenance:
    """The origin of bindings, written at the top of every generated file."""

    tag: str
    headers_sha256: str


def emit(model: Model, provenance: Provenance) -> dict[str, str]:
    """Return the generated package: file name to text."""
    abi = abi_digest.digest(model)
    model = name_callbacks(model)
    bodies = {
        "__init__.py": modules.init(provenance.tag, provenance.headers_sha256, abi, GENERATOR),
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
