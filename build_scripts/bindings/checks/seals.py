"""Compare generated files with their seals, which reveals an edit by hand without libclang or headers."""

from __future__ import annotations

from pathlib import Path

from build_scripts.bindings.emit import FILES, SEAL, seal
from build_scripts.errors import CheckError


def check(generated: Path) -> None:
    """Raise CheckError that names each missing, unsealed or edited file in the folder `generated`."""
    findings = [f"{name}: {finding}" for name in FILES if (finding := _finding(generated / name))]
    if findings:
        raise CheckError(f"{generated} does not hold the files that were generated:", findings)


def _finding(path: Path) -> str | None:
    try:
        text = path.read_bytes().decode("utf-8", errors="backslashreplace")
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    # Git and archivers may have changed the line ends, which mean the same to Python.
    head, mark, rest = text.replace("\r\n", "\n").partition(SEAL)
    if not mark or not all(line.startswith("#") for line in head.splitlines()):
        return "has no seal"
    digest, _, body = rest.partition("\n")
    return None if digest == seal(body) else "was edited after it was sealed"
