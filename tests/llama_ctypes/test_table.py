"""The table of functions: one line each, and look-ups that find exactly the names in it."""

from __future__ import annotations

import ast

import pytest

from llama_ctypes import _table
from tests.llama_ctypes.tiny_library import ROOT, python

GENERATED = ROOT / "llama_ctypes" / "_generated" / "functions.py"


def test_each_function_has_one_line() -> None:
    lines = GENERATED.read_text(encoding="utf-8").splitlines()
    lines = lines[lines.index('TABLE = """') + 1 : -1]
    assert [line.partition("\t")[0] for line in lines] == _table.names()
    assert _table.names() == sorted(set(_table.names()))


def test_the_generated_module_is_one_text() -> None:
    """Python compiles nothing else, so the import costs next to nothing without .pyc files too."""
    (statement,) = ast.parse(GENERATED.read_text(encoding="utf-8")).body
    assert isinstance(statement, ast.Assign)
    assert isinstance(statement.value, ast.Constant)


def test_look_ups_find_every_name_and_no_other() -> None:
    for row in _table.rows():
        assert _table.has(row.name)
        assert _table.row(row.name).declaration == row.declaration
        for other in (f"{row.name}_", row.name[:-1] + "~", f"{row.name}\t", f"\n{row.name}"):
            assert not _table.has(other)
    assert not any(map(_table.has, ("", "A", "~", "\n", "\t", "TABLE")))
    with pytest.raises(KeyError, match="llama_of_the_future"):
        _table.row("llama_of_the_future")


@pytest.mark.parametrize("count", range(5))
def test_look_ups_in_short_tables(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["f", "f_", "f_a", "g"][:count]
    table = "\n" + "".join(f"{name}\tNone\t\theader.h:1\tvoid {name}(void)\n" for name in names)
    monkeypatch.setattr(_table, "TABLE", table)
    assert _table.names() == names
    assert [name for name in ("a", "f", "f_", "f_a", "f_b", "g", "h") if _table.has(name)] == names
    assert [_table.row(name).declaration for name in names] == [f"void {name}(void)" for name in names]


def test_a_function_without_the_release_s_types_does_not_create_them() -> None:
    program = (
        "import ctypes, sys; from llama_ctypes import _table; module = 'llama_ctypes._generated.types'\n"
        "print(_table.prototype('llama_max_devices') == (ctypes.c_size_t, []), module in sys.modules)\n"
        "print(_table.prototype('llama_model_default_params')[0].__name__, module in sys.modules)\n"
        "print(_table.prototype('llama_max_devices') == (ctypes.c_size_t, []))"
    )
    done = python("-c", program)
    assert done.stdout.splitlines() == ["True False", "llama_model_params True", "True"], done.stderr
