"""Data flows one way: no stage imports one that comes after it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import build_scripts

FOLDER = Path(build_scripts.__file__).parent
BEFORE = ("errors", "process", "provision")
STAGES = (*BEFORE, *re.findall(r"^    (\w+)  ", build_scripts.__doc__ or "", re.MULTILINE))


def stage_of(path: Path) -> str:
    return path.relative_to(FOLDER).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The stages that a module imports, wherever in it."""
    found: set[str] = set()
    package = ("build_scripts", *path.relative_to(FOLDER).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = (*base, *(node.module.split(".") if node.module else ()))
            names = [module] if len(module) > 1 else [(*module, alias.name) for alias in node.names]
            found.update(name[1] for name in names if name[0] == "build_scripts")
    return found


def test_every_module_is_a_stage_and_every_stage_a_module() -> None:
    modules = {stage_of(path) for path in FOLDER.rglob("*.py")} - {"__init__", "__main__"}
    assert modules == set(STAGES)


def test_no_stage_imports_a_later_one() -> None:
    order = {stage: number for number, stage in enumerate(STAGES)}
    backwards = {
        f"{path.relative_to(FOLDER)} imports {name}"
        for path in FOLDER.rglob("*.py")
        if stage_of(path) in order
        for name in imported(path)
        if order[name] > order[stage_of(path)]
    }
    assert backwards == set()


def test_the_test_sees_imports() -> None:
    assert {"parse", "emit", "pin", "errors"} <= imported(FOLDER / "generate.py")
    assert "headers" in imported(FOLDER / "parse" / "unit.py")
