"""What a bound function says of itself: to help(), to notebooks and editors, and in errors."""

from __future__ import annotations

import ast
import inspect
import json
import re
from pathlib import Path

import pytest

from llama_ctypes import _function, _generated, _help, _table
from tests.llama_ctypes.tiny_library import LLAMA, ROOT, compile_library, python
from tests.systems import library_name

STUB = (ROOT / "llama_ctypes" / "_generated" / "__init__.pyi").read_text(encoding="utf-8")


def test_parameters_are_the_stubs() -> None:
    for row in _table.rows():
        name = row.name
        found = re.search(rf"(?m)^def {name}\((.*)\) -> ", STUB)
        assert found, name
        inside = re.sub(r"\[[^]]*\]", "", re.sub(r"\[[^][]*\]", "", found[1]))
        names = [part.partition(":")[0].strip() for part in inside.split(",")] if inside else []
        in_stub = ["..." if name == "*arguments" else name for name in names if name != "/"]
        assert row.parameters == in_stub, name


SOURCE = LLAMA + "int llama_decode(void * ctx, char * batch) { return 7; }\n"
PROGRAM = """
import inspect, json, pydoc, llama_ctypes as llama
found = {"doc": llama.llama_decode.__doc__, "repr": repr(llama.llama_decode)}
found["help"] = pydoc.plain(pydoc.render_doc(llama.llama_decode))
found["signature"] = list(inspect.signature(llama.llama_decode).parameters)
found["errors"] = []
for first in (llama.llama_model(5), b"x", "x", 1.5):
    try:
        llama.llama_decode(first, llama.llama_batch())
    except Exception as error:
        found["errors"].append(f"{type(error).__name__}: {error}")
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compile_library(SOURCE, tmp_path_factory.mktemp("function") / library_name("llama"))


def found(library: Path, *options: str) -> dict[str, object]:
    settings = {"LLAMA_CPP_LIB": str(library), "LLAMA_CTYPES_ABI": "ignore"}
    done = python(*options, "-c", PROGRAM, environment=settings)
    assert done.returncode == 0, done.stderr
    loaded: dict[str, object] = json.loads(done.stdout)
    return loaded


def test_help_has_declaration_place_library_and_arguments(library: Path) -> None:
    told = found(library)
    row = _table.row("llama_decode")
    where = f"{row.place} of llama.cpp {_generated.RELEASE}, in {library}\n{_help.url(row.place)}"
    assert told["doc"] == f"{row.declaration}\n\n{where}\n\narguments: 1 ctx, 2 batch"
    assert all(line in str(told["help"]) for line in str(told["doc"]).splitlines())
    assert told["repr"] == f"<llama_decode of {library}>"
    assert told["signature"] == ["ctx", "batch"]


def test_a_wrong_argument_is_an_error_and_named_in_dev_mode(library: Path) -> None:
    errors = found(library)["errors"]
    assert isinstance(errors, list)
    assert len(errors) == 4
    assert (
        errors[0] == "ArgumentError: argument 1: TypeError: expected llama_context or None, not llama_model"
    )
    errors = found(library, "-X", "dev")["errors"]
    for error, given in zip(errors, ("llama_model", "bytes", "str", "float"), strict=True):  # type: ignore[call-overload]
        place = "llama_decode: argument 1, `ctx`, takes llama_context or None"
        assert error == f"ArgumentError: {place}, not {given}"


CALLS = """
import ctypes, llama_ctypes as llama
for arguments, keywords in (((None,), {}), ((None, llama.llama_batch(), 3), {}), ((None,), {"batch": 1})):
    try:
        print(llama.llama_decode(*arguments, **keywords))
    except TypeError as error:
        print(error)
llama.llama_decode(None, llama.llama_batch(n_tokens=1))
"""


def test_keywords_and_surplus_arguments_are_errors_in_dev_mode(library: Path) -> None:
    settings = {"LLAMA_CPP_LIB": str(library), "LLAMA_CTYPES_ABI": "ignore"}
    done = python("-X", "dev", "-c", CALLS, environment=settings)
    assert done.returncode == 0, done.stderr
    few, surplus, keywords = done.stdout.splitlines()
    assert "at least 2 arguments" in few
    assert surplus == "llama_decode() takes 2 arguments, but got 3"
    assert keywords == "llama_decode() takes no keyword arguments, but got batch"


def test_signatures_show_the_types_of_the_declaration() -> None:
    class Lookalike(_function.Function):
        _flags_ = _function.Function._flags_
        __name__ = "llama_token_to_piece"
        prototype = _table.prototype(__name__)

    signature = str(inspect.signature(Lookalike(0)))
    assert "_Int" not in signature
    assert "_Bool" not in signature
    assert "special: ctypes.c_bool" in signature


def test_deprecation_is_in_the_docstring() -> None:
    row = next(row for row in _table.rows() if row.deprecated)

    class Lookalike:
        __name__, library = row.name, "libllama.so"

    told = _function.Function.__doc__.fget(Lookalike())  # type: ignore[attr-defined]
    assert told.endswith(f"\n\nDeprecated: {row.deprecated}")


def test_a_call_runs_nothing_of_ours() -> None:
    assert "__call__" not in vars(_function.Function)
    assert _function.function_class is _function.Function
    assert inspect.isdatadescriptor(vars(_function.Function)["__doc__"])


def test_editors_show_declaration_and_place() -> None:
    functions = [node for node in ast.parse(STUB).body if isinstance(node, ast.FunctionDef)]
    stubs = {node.name: node for node in functions if not node.name.startswith("_")}
    assert list(stubs) == _table.names()
    for row in _table.rows():
        assert ast.get_docstring(stubs[row.name]) == f"{row.declaration}\n\n{row.place}"
