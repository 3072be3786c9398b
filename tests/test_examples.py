"""The examples need only the package; each is listed and compared. Integration tests run them."""

from __future__ import annotations

import ast
import re
import sys

import pytest

from build_scripts.pin import ROOT

EXAMPLES = ROOT / "examples"
PROGRAMS = {path.stem for path in EXAMPLES.glob("*.py")} - {"model"}


@pytest.mark.parametrize("name", [*sorted(PROGRAMS), "model"])
def test_an_example_needs_only_the_package(name: str) -> None:
    tree = ast.parse((EXAMPLES / f"{name}.py").read_text(encoding="utf-8"))
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
    names = {module.partition(".")[0] for module in modules} - set(sys.stdlib_module_names)
    assert "llama_ctypes" in names
    assert names <= {"llama_ctypes", "model"}


def test_every_example_is_listed() -> None:
    rows = re.findall(
        r"(?m)^\| \[(\w+)\]\((\w+)\.py\) \|", (EXAMPLES / "README.md").read_text(encoding="utf-8")
    )
    assert all(name == file for name, file in rows)
    assert sorted(name for name, _ in rows) == sorted(PROGRAMS)


def test_every_example_is_compared() -> None:
    """test_examples.py of the integration tests runs every program."""
    test = (ROOT / "tests" / "integration" / "test_examples.py").read_text(encoding="utf-8")
    assert set(re.findall(r'\brun\(\s*"(\w+)"', test)) == PROGRAMS


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_the_usage_names_the_program(name: str) -> None:
    docstring = ast.get_docstring(ast.parse((EXAMPLES / f"{name}.py").read_text(encoding="utf-8")))
    assert docstring is not None
    assert f"\npython {name}.py " in docstring
