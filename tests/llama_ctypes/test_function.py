"""What a bound function says of itself: to help(), to notebooks and editors, and in errors."""

from __future__ import annotations

import ast
import inspect
import json
import re
from pathlib import Path

import pytest

from llama_ctypes import _function, _generated
from llama_ctypes._generated.functions import DEPRECATED, FUNCTIONS
from tests.llama_ctypes.tiny_library import LLAMA, ROOT, compile_library, library_name, python

STUB = (ROOT / "llama_ctypes" / "_generated" / "__init__.pyi").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("declaration", "names"),
    [
        ("int f(void)", []),
        ("int f()", []),
        ("void f(const char * text, size_t n)", ["text", "n"]),
        ("void f(int a[4], float b[2][3])", ["a", "b"]),
        ("void f(void (*done)(int, char), void * data)", ["done", "data"]),
        ("void f(struct s *, unsigned int, int64_t **)", ["arg0", "arg1", "arg2"]),
        ("void f(enum kind, const struct s, struct s by_value)", ["arg0", "arg1", "by_value"]),
        ("void f(const char * fmt, ...)", ["fmt", "..."]),
    ],
)
def test_parameters(declaration: str, names: list[str]) -> None:
    assert _function.parameters(declaration) == names


def test_parameters_are_the_stubs() -> None:
    for name, (declaration, _, _) in FUNCTIONS.items():
        found = re.search(rf"(?m)^def {name}\((.*)\) -> ", STUB)
        assert found, name
        inside = re.sub(r"\[[^]]*\]", "", re.sub(r"\[[^][]*\]", "", found[1]))
        names = [part.partition(":")[0].strip() for part in inside.split(",")] if inside else []
        in_stub = ["..." if name == "*arguments" else name for name in names if name != "/"]
        mine = _function.parameters(declaration)
        assert [f"{name}_" if name in ("async", "as") else name for name in mine] == in_stub, name


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
    declaration, place, _ = FUNCTIONS["llama_decode"]
    where = f"{place} of llama.cpp {_generated.RELEASE}, in {library}"
    assert told["doc"] == f"{declaration}\n\n{where}\n\narguments: 1 ctx, 2 batch"
    assert all(line in str(told["help"]) for line in str(told["doc"]).splitlines())
    assert told["repr"] == f"<llama_decode of {library}>"
    assert told["signature"] == ["ctx", "batch"]


def test_a_wrong_argument_is_an_error_and_named_in_dev_mode(library: Path) -> None:
    errors = found(library)["errors"]
    assert isinstance(errors, list)
    assert len(errors) == 4
    assert "argument 1: TypeError: this parameter does not accept a llama_model" in errors[0]
    errors = found(library, "-X", "dev")["errors"]
    for error, given in zip(errors, ("llama_model", "bytes", "str", "float"), strict=True):  # type: ignore[call-overload]
        assert error == f"ArgumentError: llama_decode: argument 1, `ctx`, takes llama_context, not {given}"


def test_deprecation_is_in_the_docstring() -> None:
    name = next(iter(DEPRECATED))

    class Lookalike:
        __name__, library = name, "libllama.so"

    told = _function.Function.__doc__.fget(Lookalike())  # type: ignore[attr-defined]
    assert told.endswith(f"\n\nDeprecated: {DEPRECATED[name]}")


def test_a_call_runs_nothing_of_ours() -> None:
    assert "__call__" not in vars(_function.Function)
    assert _function.kind is _function.Function
    assert inspect.isdatadescriptor(vars(_function.Function)["__doc__"])


def test_editors_show_declaration_and_place() -> None:
    stubs = {node.name: node for node in ast.parse(STUB).body if isinstance(node, ast.FunctionDef)}
    assert stubs.keys() == FUNCTIONS.keys()
    for name, (declaration, place, _) in FUNCTIONS.items():
        assert ast.get_docstring(stubs[name]) == f"{declaration}\n\n{place}"
