"""Check once, when the libraries are opened, that they fit the release of the bindings.

The package's build records a library's release in `metadata.json` in the same folder. Without that file
the library itself may report its release. A development build does not: since 2026-08 each reports X.Y.Z-dev,
whatever it was built from. LLAMA_CTYPES_ABI selects what the check does:

    (unset)   another release is an error, an unknown release is a warning,
              and so is a development build that does not prove to be of another release
    error     both are errors
    warn      both are warnings
    ignore    nothing is checked
"""

from __future__ import annotations

import os

from . import _binary
from ._generated import ABI_SHA256, RELEASE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

METADATA = "metadata.json"
_MODES = ("", "error", "warn", "ignore")


class MismatchError(OSError):
    """The libraries are not of the bindings' release, or their release is unknown."""


def check(folder: str, query: Callable[[str], str | None], difference: Callable[[], str | None]) -> None:
    """Compare the libraries in `folder` with the bindings; raise MismatchError or warn if they differ.

    `query` calls an exported function that returns text; it returns None if no library exports it.
    `difference` asks the libraries of a development build how they differ; it returns a phrase or None.
    """
    mode = _binary.variable("LLAMA_CTYPES_ABI") or ""
    if mode not in _MODES:
        raise MismatchError(f"LLAMA_CTYPES_ABI={mode} is not valid; use one of {', '.join(_MODES[1:])}")
    # Nothing else in the file can contain the digest. So a search is enough; importing a parser
    # would take a quarter of the time of a first call.
    if mode == "ignore" or ABI_SHA256 in _text(folder):
        return
    actual = release(folder, query)
    if actual == RELEASE and "abi_sha256" not in metadata(folder):
        return
    if actual and not _is_development(actual):
        _complain(
            mode or "error",
            f"the libraries in {folder} are llama.cpp {actual}, but the bindings are for {RELEASE}; "
            f"use libraries of {RELEASE} or generate bindings for {actual} "
            "(LLAMA_CTYPES_ABI=warn makes this a warning)",
        )
        return
    build = f"are a development build ({actual})" if actual else "do not report their release"
    different = difference() if actual else None
    advice = (
        f"the libraries are not: {different} (LLAMA_CTYPES_ABI=warn makes this a warning)"
        if different
        else "libraries of another release crash (set LLAMA_CTYPES_ABI=ignore if you know that they fit)"
    )
    _complain(
        mode or ("error" if different else "warn"),
        f"the libraries in {folder} {build}; the bindings are for {RELEASE}, and {advice}",
    )


def release(folder: str, query: Callable[[str], str | None]) -> str | None:
    """Return the release of the libraries in `folder`, from their metadata or else from `query`."""
    return metadata(folder).get("release") or _reported_release(query)


def state(folder: str, release: str | None) -> str:
    """Describe in a phrase how the libraries in `folder`, which are of `release`, fit the bindings."""
    recorded = metadata(folder).get("abi_sha256")
    if release == RELEASE:
        return f"libraries and bindings are both of {RELEASE}"
    if recorded == ABI_SHA256:
        return f"libraries of {release}, whose ABI is that of {RELEASE}, the bindings' release"
    if release and recorded is None and _is_development(release):
        return f"unknown: the libraries are a development build ({release}); the bindings are for {RELEASE}"
    if release is None and recorded is None:
        return f"unknown: the libraries do not report their release; the bindings are for {RELEASE}"
    return f"MISMATCH: libraries of {release}, bindings of {RELEASE}"


def _is_development(release: str) -> bool:
    return release.endswith("-dev")


def _complain(mode: str, text: str) -> None:
    if mode == "error":
        raise MismatchError(text)
    import warnings

    warnings.warn(text, RuntimeWarning, stacklevel=2)


def _text(folder: str) -> str:
    try:
        with open(os.path.join(folder, METADATA), encoding="utf-8") as file:
            return file.read()
    except (OSError, ValueError):
        return ""


def metadata(folder: str) -> dict[str, str]:
    """Return what the build recorded next to the libraries in `folder`; empty if it recorded nothing."""
    import json

    try:
        values = json.loads(_text(folder))
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def _reported_release(query: Callable[[str], str | None]) -> str | None:
    """Return the release that llama_version reports (X.Y.Z), or ggml_version in older ones (0.0.N)."""
    import re

    version = query("llama_version")
    if version:
        return f"v{version}"
    build = re.fullmatch(r"0\.0\.([1-9]\d+)", query("ggml_version") or "")
    return f"b{build[1]}" if build else None
