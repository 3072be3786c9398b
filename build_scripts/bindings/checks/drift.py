"""Bindings against what the headers give: the same text, to the byte."""

from __future__ import annotations

from pathlib import Path

from build_scripts.bindings.generate import GENERATED
from build_scripts.errors import CheckError


def check(files: dict[str, str], output: Path, module_name: str) -> None:
    """Raise CheckError with a unified diff where `output` does not hold exactly `files`; writes nothing."""
    import difflib  # not above: only --check needs it

    folder = output / module_name
    committed = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8", errors="backslashreplace")
        for path in sorted((folder / GENERATED).rglob("*"))
        if path.is_file() and path.suffix in (".py", ".pyi")
    }
    differences: list[str] = []
    for name in sorted({*files, *committed}):
        old, new = committed.get(name), files.get(name)
        if old == new:
            continue
        diff = difflib.unified_diff(
            (old or "").splitlines(),
            (new or "").splitlines(),
            fromfile=f"{module_name}/{name} ({'as it stands' if old is not None else 'missing'})",
            tofile=f"{module_name}/{name} ({'as generated' if new is not None else 'not generated'})",
            n=1,
            lineterm="",
        )
        # Text that differs only in what ends it, and empty files, have no lines to show.
        differences += list(diff) or [
            f"{module_name}/{name}: differs in its end, or is empty and not generated"
        ]
    if differences:
        raise CheckError(
            f"{folder / GENERATED} is not what the headers give; run `python3 -m build_scripts generate`",
            differences,
        )
