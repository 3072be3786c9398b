"""The gem's build checks: the bindings exist, hold llama_* functions, and are what the headers give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..emit import Provenance, emit
from ..errors import CheckError
from ..generate import GENERATED, compare
from ..headers import HeaderSet
from ..parse import parse
from . import compiler


def check(package: Path, headers: HeaderSet, tag: str, announce: Callable[[str], None]) -> None:
    """Check the package in the folder `package` against the `headers` of release `tag`.

    In order, each with its own CheckError: the generated modules are there; they hold `llama_*`
    functions; they are to the byte what the headers give; the compiler agrees with all of it.
    """
    functions: dict[str, object] = compiler.load(package)["functions"].FUNCTIONS
    count = sum(name.startswith("llama_") for name in functions)
    if count == 0:
        raise CheckError(f"{package} binds no llama_* function; run `python3 -m build_scripts generate`")
    announce(f"{package.name}: {len(functions)} functions, {count} of them llama_*")
    model = parse(headers)
    files = emit(model, Provenance(tag, headers.sha256))
    compare({f"{GENERATED}/{name}": text for name, text in files.items()}, package.parent, package.name)
    announce(f"{package.name}: to the byte what the headers of {tag} give")
    announce(f"{package.name}: the compiler confirms {compiler.check(package, model, headers)}")
