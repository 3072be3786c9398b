"""The committed bindings and the module they make: complete, honest about their origin, and lazy."""

from __future__ import annotations

import ctypes
import json
import re
import shutil
import types as python_types
from pathlib import Path

import pytest

import llama_ctypes
from build_scripts.pin import read_pin
from llama_ctypes import _abi, _api, _generated, _table
from llama_ctypes._generated import constants, types
from tests.llama_ctypes.tiny_library import LLAMA, ROOT, compile_library, python
from tests.systems import library_name

GENERATED = ROOT / "llama_ctypes" / "_generated"
CORE = {
    "include/llama.h", "tools/mtmd/mtmd.h", "tools/mtmd/mtmd-helper.h",
    "ggml/include/ggml.h", "ggml/include/ggml-alloc.h", "ggml/include/ggml-backend.h",
    "ggml/include/ggml-cpu.h", "ggml/include/ggml-opt.h", "ggml/include/gguf.h",
}  # fmt: skip


# -- what is committed ------------------------------------------------------------------------


def test_the_bindings_are_the_pins() -> None:
    pin = read_pin()
    assert pin.release.tag == _generated.RELEASE
    assert pin.headers_sha256 == _generated.HEADERS_SHA256
    for path in GENERATED.glob("*.py*"):
        head = path.read_text(encoding="utf-8")[:300]
        assert f"llama.cpp {pin.release.tag}\n" in head
        assert pin.headers_sha256 in head


@pytest.mark.skipif(_generated.RELEASE != "b6124", reason="counted by hand for b6124")
def test_everything_of_b6124_is_there() -> None:
    assert len(_table.rows()) == 927
    assert sum(row.place.rpartition(":")[0] in CORE for row in _table.rows()) == 863
    records = [t for t in vars(types).values() if isinstance(t, type) and hasattr(t, "_fields_")]
    assert len(records) == 35
    enumerators = (GENERATED / "constants.py").read_text(encoding="utf-8").partition("# Macros")[0]
    assert len(re.findall(r"(?m)^\w+ = ", enumerators)) == 324


def test_every_prototype_evaluates_and_fits_its_declaration() -> None:
    for row in _table.rows():
        name, declaration = row.name, row.declaration
        assert re.search(rf"\b{name}\b", declaration)
        assert "\n" not in declaration
        assert re.fullmatch(r"[\w/.-]+\.h:\d+", row.place)
        restype, argtypes = _table.prototype(name)
        assert restype is None or isinstance(restype, type), name
        assert all(isinstance(argtype, type) for argtype in argtypes), name
        prototyped = ctypes.CFUNCTYPE(None, *argtypes)
        assert prototyped is not None
        if "(*" not in declaration:
            inside = declaration[declaration.index("(") + 1 : -1]
            parameters = [] if inside == "void" else [p for p in inside.split(",") if p.strip() != "..."]
            assert len(argtypes) == len(parameters), name


def test_no_path_of_the_machine_that_made_them() -> None:
    for path in GENERATED.glob("*.py*"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?m)(^|[\s\"'(`=])(/\w|[A-Z]:\\)", text), path
        assert "unnamed" not in text
        assert "anonymous at" not in text


def test_deprecations_say_what_upstream_says() -> None:
    messages = {row.name: row.deprecated for row in _table.rows() if row.deprecated is not None}
    assert messages["llama_load_model_from_file"] == "use llama_model_load_from_file instead"
    for name, message in messages.items():
        assert message, name
        assert "unreachable" not in message, name
        assert not re.search(r"[\n\\]", message), name


def test_reserved_words_and_clashing_names_of_the_release() -> None:
    assert _table.has("ggml_backend_graph_copy")
    assert issubclass(types.struct_ggml_backend_graph_copy, ctypes.Structure)
    assert types.ggml_bf16_t(1).bits == 1
    assert "enum_llama_vocab_type" in constants.ENUMS
    assert _table.has("llama_vocab_type")


# -- the module -------------------------------------------------------------------------------


def test_names_are_what_dir_shows_besides_the_modules_own() -> None:
    listed = _api.names()
    public = set(listed)
    shown = set(dir(llama_ctypes))
    assert public <= shown
    # Importing llama_ctypes.typing makes it an attribute.
    assert all(name.startswith("_") or name in ("TYPE_CHECKING", "typing") for name in shown - public)
    assert len(public) == len(listed)
    assert set(_table.names()) <= public
    assert not any(name.startswith("_") for name in public)


def test_everything_but_functions_needs_no_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LLAMA_CPP_LIB", str(tmp_path / "nowhere"))
    for name in set(_api.names()) - set(_table.names()):
        value = _api.resolve(name)
        assert value is not None, name
        assert not isinstance(value, python_types.ModuleType), name


def test_enums_are_intenums_in_cs_order() -> None:
    kind = _api.resolve("ggml_type")
    assert kind.GGML_TYPE_F32 == constants.GGML_TYPE_F32 == 0  # type: ignore[attr-defined]
    assert kind.GGML_TYPE_COUNT.name == "GGML_TYPE_COUNT"  # type: ignore[attr-defined]
    assert kind.__name__ == "ggml_type"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name", ["llama_of_the_future", "ENUMS", "P", "POINTER", "c_int", "FUNCTIONS", "_nothing", "__path"]
)
def test_what_is_no_name_of_the_release_is_an_attribute_error(name: str) -> None:
    with pytest.raises(AttributeError, match=name):
        getattr(llama_ctypes, name)


def test_a_misspelt_name_suggests_near_ones_once_it_is_shown() -> None:
    program = (
        "import sys, llama_ctypes as l; print(hasattr(l, 'llama_tokenise'), 'difflib' in sys.modules); "
        "l.llama_tokenise"
    )
    done = python("-c", program)
    assert done.stdout.split() == ["False", "False"]
    assert f"has no attribute 'llama_tokenise' (llama.cpp {_generated.RELEASE})" in done.stderr
    assert "; did you mean llama_tokenize or " in done.stderr
    assert str(_api.UnknownNameError("xyzzy")).endswith(")")  # nothing is near


def test_pointer_types_have_a_public_name() -> None:
    from llama_ctypes.typing import Pointer

    assert Pointer[types.llama_sampler] is ctypes.POINTER(types.llama_sampler)


def test_importing_opens_nothing_and_imports_no_ctypes() -> None:
    done = python(
        "-c",
        "import sys; before = set(sys.modules); import llama_ctypes; print(*set(sys.modules) - before)",
        environment={"LLAMA_CPP_LIB": "/nowhere/libllama.so"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["llama_ctypes"]


def test_names_that_need_no_library_open_none() -> None:
    program = (
        "import llama_ctypes as l; print(l.RELEASE, l.GGML_MAX_DIMS, l.llama_token(3).value, len(dir(l)) > 9,"
        " issubclass(l.LibraryError, OSError), l._loader._libraries)"
    )
    done = python("-c", program, environment={"LLAMA_CPP_LIB": "/nowhere/libllama.so"})
    assert done.stdout.split() == [_generated.RELEASE, "4", "3", "True", "True", "None"], done.stderr


# -- with a library ---------------------------------------------------------------------------

SOURCE = (
    LLAMA
    + """
#include <stddef.h>
size_t llama_max_devices(void) { return 16; }
const char * llama_print_system_info(void) { return "tiny"; }
"""
)
PROGRAM = """
import json, llama_ctypes as llama
calls = {"again": llama.llama_max_devices is llama.llama_max_devices, "devices": llama.llama_max_devices()}
calls["doc"] = llama.llama_max_devices.__doc__
calls["restype"] = llama.llama_max_devices.restype.__name__
try:
    llama.llama_n_ctx
except AttributeError as error:
    calls["missing"] = str(error)
calls["has"] = [hasattr(llama, "llama_n_ctx"), hasattr(llama, "llama_max_devices")]
print(json.dumps(calls))
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compile_library(SOURCE, tmp_path_factory.mktemp("api") / library_name("llama"))


def test_a_first_call_imports_little(library: Path, tmp_path: Path) -> None:
    shutil.copy(library, tmp_path)
    (tmp_path / _abi.METADATA).write_text(json.dumps({"release": "b1", "abi_sha256": _generated.ABI_SHA256}))
    program = (
        "import sys, ctypes; before = set(sys.modules) - {'ctypes'}; import llama_ctypes as llama;"
        " llama.llama_max_devices();"
        " print(*set(sys.modules) - before)"
    )
    done = python("-c", program, environment={"LLAMA_CPP_LIB": str(tmp_path)})
    assert "ctypes" in done.stdout.split(), done.stderr
    # Most of these take a tenth of the time of a first call, or more.
    costly = {"collections", "functools", "json", "logging", "operator", "re", "threading", "typing"}
    assert not costly & {*done.stdout.split()}


def test_functions_are_made_when_first_asked_for(library: Path) -> None:
    done = python("-c", PROGRAM, environment={"LLAMA_CPP_LIB": str(library)})
    assert done.returncode == 0, done.stderr
    calls = json.loads(done.stdout)
    assert calls["again"] is True
    assert calls["devices"] == 16
    assert calls["doc"].startswith("size_t llama_max_devices(void)\n\ninclude/llama.h:")
    assert re.fullmatch("c_u(long|longlong|int)", calls["restype"])
    assert "llama_n_ctx" in calls["missing"]
    assert str(library) in calls["missing"]
    assert calls["has"] == [False, True]
