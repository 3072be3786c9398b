"""The build checks: the bindings exist, hold llama_* functions, and match headers and compiler."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from build_scripts.errors import CheckError
from build_scripts.pin import ROOT, Pin

from .checks import compiler, drift, seals
from .generate import GENERATED, PACKAGE, render
from .headers import HeaderSet
from .loading import load
from .parse import parse

_logger = logging.getLogger(__name__)


def check(package: Path, headers: HeaderSet, tag: str, pin: Pin, definitions: Sequence[str] = ()) -> None:
    """Check the package in the folder `package` against the `headers` of release `tag`.

    The compiler gets `definitions`, the macros that the libraries were compiled with (NAME or NAME=VALUE).

    Each check raises its own CheckError, in this order: the generated modules exist; they hold `llama_*`
    functions; their seals are intact; they are byte-identical to what the headers give; the compiler agrees
    with all of them. If the headers are the pin's, the committed bindings must match them too.
    """
    functions: list[str] = load(package)["_table"].names()
    count = sum(name.startswith("llama_") for name in functions)
    if count == 0:
        raise CheckError(f"{package} binds no llama_* function; run `python3 -m build_scripts generate`")
    _logger.info(f"{package.name}: {len(functions)} functions, {count} of them llama_*")
    seals.check(package / GENERATED)
    model = parse(headers)
    bound = {(package.resolve(), tag)}
    if headers.sha256 == pin.headers_sha256:
        # A fallback release's package names its own tag, and the committed bindings name the pin's.
        bound.add((ROOT / PACKAGE, pin.release.tag))
    for folder, release in sorted(bound):
        drift.check(render(model, headers, release), folder.parent, folder.name)
    _logger.info(f"{package.name}: to the byte what the headers of {tag} give")
    counts = compiler.check(package, model, headers, definitions)
    _logger.info(f"{package.name}: the compiler confirms {counts}")
