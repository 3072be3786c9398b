"""build_scripts consists of wings: imports go from a wing to those below it, and never in a circle."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import build_scripts
import llama_ctypes
from tests.house import arrows, floors

FOLDER = Path(build_scripts.__file__).parent
DOCSTRING = build_scripts.__doc__ or ""
WINGS = tuple(re.findall(r"^    (\w+)   ", DOCSTRING.partition("The ground:")[0], re.MULTILINE))
GROUND = WINGS[-1]
STARTERS = ("__main__", "pep517")


def wing_of(module: str) -> str:
    first = module.partition(".")[0]
    return first if first in WINGS else GROUND


def upward(graph: dict[str, set[str]]) -> set[str]:
    return {
        f"{name} imports {other}"
        for name, others in graph.items()
        for other in others
        # They start the program: they stand outside the house.
        if name not in STARTERS and WINGS.index(wing_of(other)) < WINGS.index(wing_of(name))
    }


def test_the_docstrings_name_every_wing_and_module() -> None:
    assert WINGS == ("cli", "upkeep", "packaging", "bindings", "source", "ground")
    for wing in ("", *WINGS[:-1]):
        folder = FOLDER / wing
        packages = {path.parent.name for path in folder.glob("*/__init__.py")}
        inside = {path.stem for path in folder.glob("*.py")} | packages
        text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
        listed = set(re.findall(r"^ *(\w+)  +\S", text, re.MULTILINE)) - {GROUND}
        assert listed == inside - {"__init__", "__main__"}, wing


def test_no_wing_imports_one_above_it() -> None:
    assert upward(arrows(FOLDER)) == set()


@pytest.mark.parametrize("package", [FOLDER, Path(llama_ctypes.__file__).parent], ids=lambda path: path.name)
def test_no_module_imports_itself_in_a_circle(package: Path) -> None:
    assert max(floors(arrows(package)).values()) > 1


def test_the_binding_imports_no_command() -> None:
    # __main__ starts the commands, so it may.
    graph = arrows(Path(llama_ctypes.__file__).parent)
    outside = {name for name in graph if not name.startswith("_commands")}
    importers = {name for name in outside for other in graph[name] if other.startswith("_commands")}
    assert importers == {"__main__"}


def test_upward_and_circular_imports_are_found(tmp_path: Path) -> None:
    graph = {
        "errors": set(),
        "source.fetch": {"errors", "packaging.build"},
        "packaging.build": {"source.fetch"},
    }
    assert upward(graph) == {"source.fetch imports packaging.build"}
    with pytest.raises(ValueError, match=r"source\.fetch -> packaging\.build -> source\.fetch"):
        floors(graph)
    (tmp_path / "inner").mkdir()
    (tmp_path / "__init__.py").touch()
    (tmp_path / "a.py").write_text("def f():\n    from .inner import b\n")
    (tmp_path / "inner" / "__init__.py").touch()
    package = tmp_path.name
    (tmp_path / "inner" / "b.py").write_text(f"from {package}.a import f\nimport {package}.inner.c\n")
    (tmp_path / "inner" / "c.py").write_text("from . import b as _\n")
    assert arrows(tmp_path) == {
        "__init__": set(),
        "a": {"inner.b"},
        "inner": set(),
        "inner.b": {"a", "inner.c"},
        "inner.c": {"inner.b"},
    }
