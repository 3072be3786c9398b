"""Compare bindings with what the headers give: the text must be byte-identical."""

from __future__ import annotations

from pathlib import Path

from build_scripts.bindings.generate import GENERATED
from build_scripts.errors import CheckError


def check(files: dict[str, str], output: Path, module_name: str) -> None:
    """Raise CheckError with a unified diff unless `output` holds exactly `files`; write nothing."""
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
            fromfile=f"{module_name}/{name} ({'on disk' if old is not None else 'missing'})",
            tofile=f"{module_name}/{name} ({'as generated' if new is not None else 'not generated'})",
            n=1,
            lineterm="",
        )
        # A unified diff shows no lines for empty files and for texts that differ only at the very end.
        differences += list(diff) or [
            f"{module_name}/{name}: differs only at its end, or is empty and not generated"
        ]
    if differences:
        raise CheckError(
            f"{folder / GENERATED} does not match the headers; run `python3 -m build_scripts generate`",
            differences,
        )
