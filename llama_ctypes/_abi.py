"""Whether the libraries are of the release that the bindings are of; asked once, when they are opened.

A library's release is known from the record that the package's build put beside it, else from what it
says of itself. LLAMA_CTYPES_ABI decides what follows:

    (unset)   another release is an error, a library that does not say gets one warning
    error     both are errors
    warn      both are warnings
    ignore    nothing is asked
"""

from __future__ import annotations

import os

from ._generated import ABI_SHA256, RELEASE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

RECORD = "release.json"
_MODES = ("", "error", "warn", "ignore")


class MismatchError(OSError):
    """Bindings and libraries are of different releases, or nobody can tell."""


def check(folder: str, say: Callable[[str], str | None]) -> None:
    """Compare the libraries in `folder` with the bindings.

    `say` calls an exported function that returns text, and gives None where there is none.
    """
    mode = os.environ.get("LLAMA_CTYPES_ABI", "")
    if mode not in _MODES:
        raise MismatchError(f"LLAMA_CTYPES_ABI={mode} is none of {', '.join(_MODES[1:])}")
    # The digest stands in no other place than its own, so this does without a parser, whose import
    # takes a fourth of the time of a first call.
    if mode == "ignore" or ABI_SHA256 in _text(folder):
        return
    found = release(folder, say)
    if found == RELEASE and "abi_sha256" not in _record(folder):
        return
    if found is None:
        _complain(
            mode or "warn",
            f"the libraries in {folder} do not say which llama.cpp release they are; the bindings are of "
            f"{RELEASE}, and wrong ones crash (LLAMA_CTYPES_ABI=ignore if you know that they fit)",
        )
    else:
        _complain(
            mode or "error",
            f"the libraries in {folder} are llama.cpp {found}, the bindings are of {RELEASE}; "
            f"use libraries of {RELEASE} or generate bindings of {found} (LLAMA_CTYPES_ABI=warn goes on)",
        )


def release(folder: str, say: Callable[[str], str | None]) -> str | None:
    """The release of the libraries in `folder`, by their record or else by what they `say`."""
    return _record(folder).get("release") or _said(say)


def state(folder: str, release: str | None) -> str:
    """What `check` found of the libraries in `folder`, which are of `release`, as a phrase."""
    recorded = _record(folder).get("abi_sha256")
    if release == RELEASE:
        return f"libraries and bindings are both of {RELEASE}"
    if recorded == ABI_SHA256:
        return f"libraries of {release}, whose ABI is that of {RELEASE}, the bindings' release"
    if release is None and recorded is None:
        return f"unknown: the libraries do not say their release; the bindings are of {RELEASE}"
    return f"MISMATCH: libraries of {release}, bindings of {RELEASE}"


def _complain(mode: str, text: str) -> None:
    if mode == "error":
        raise MismatchError(text)
    import warnings

    warnings.warn(text, RuntimeWarning, stacklevel=2)


def _text(folder: str) -> str:
    try:
        with open(os.path.join(folder, RECORD), encoding="utf-8") as file:
            return file.read()
    except (OSError, ValueError):
        return ""


def _record(folder: str) -> dict[str, str]:
    import json

    try:
        found = json.loads(_text(folder))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _said(say: Callable[[str], str | None]) -> str | None:
    """The release by llama_version (X.Y.Z, later ones), or by ggml_version while that was 0.0.N."""
    import re

    version = say("llama_version")
    if version:
        return f"v{version}"
    build = re.fullmatch(r"0\.0\.([1-9]\d+)", say("ggml_version") or "")
    return f"b{build[1]}" if build else None
