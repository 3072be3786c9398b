"""Generated files against their own seals: an edit by hand is found without libclang or headers."""

from __future__ import annotations

from pathlib import Path

from build_scripts.bindings.emit import FILES, SEAL, seal
from build_scripts.errors import CheckError


def check(generated: Path) -> None:
    """Raise CheckError naming each generated file in the folder that is missing, unsealed or edited."""
    findings = [f"{name}: {finding}" for name in FILES if (finding := _finding(generated / name))]
    if findings:
        raise CheckError(f"{generated} is not as it was generated:", findings)


def _finding(path: Path) -> str | None:
    try:
        text = path.read_bytes().decode("utf-8", errors="backslashreplace")
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    head, found, rest = text.partition(SEAL)
    if not found or not all(line.startswith("#") for line in head.splitlines()):
        return "has no seal"
    digest, _, body = rest.partition("\n")
    return None if digest == seal(body) else "was edited after it was sealed"
