"""Every kind of wrongness in a package of bindings is found by the compiler, and named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from build_scripts.bindings import generate, headers, parse
from build_scripts.bindings.checks import compiler
from build_scripts.bindings.headers import HeaderSet
from build_scripts.bindings.ir import Model
from build_scripts.errors import CheckError, ToolError
from tests.build_scripts.bindings.header_tree import make_tree, write
from tests.systems import needs_cxx_compiler

LLAMA_H = """
#include "ggml.h"
#include <stdbool.h>
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
#define LLAMA_ANSWER 42
#define LLAMA_NAME "lla\\"ma"
struct llama_model;
struct llama_batch { int32_t n; float * embd; int8_t * logits; bool all; struct { double x, y; } at; };
enum llama_kind { LLAMA_KIND_NONE = -1, LLAMA_KIND_ONE = 1 << 3 };
typedef bool (*llama_hook)(float progress, void * data);
int64_t llama_decode(struct llama_model * model, struct llama_batch batch, llama_hook hook, float scale);
const char * llama_name(const struct llama_model * model, enum llama_kind kind, const int32_t dims[4]);
#ifdef __cplusplus
}
#endif
"""
GGML_H = """
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
uint32_t ggml_count(void);
#ifdef __cplusplus
}
#endif
"""

pytestmark = needs_cxx_compiler


@pytest.fixture
def release(tmp_path: Path) -> tuple[Path, Model, HeaderSet]:
    """A small release's package, model and headers."""
    tree = tmp_path / "tree"
    for name, text in (("include/llama.h", LLAMA_H), ("ggml/include/ggml.h", GGML_H)):
        (tree / name).parent.mkdir(parents=True)
        (tree / name).write_text(text)
    found = headers.find(tree)
    files = generate.bindings(found, "b1")
    output = tmp_path / "out"
    package = generate.write(generate.package_files(files, "small", output), output, "small")
    return package, parse.parse(found), found


def test_agreement_is_counted(release: tuple[Path, Model, HeaderSet]) -> None:
    counts = compiler.check(*release)
    assert (counts.functions, counts.records, counts.enumerators) == (3, 2, 2)
    assert (counts.constants, counts.callbacks, counts.fields) == (2, 1, 7)


@pytest.mark.parametrize(
    ("module", "old", "new", "finding"),
    [
        ("types", '("n", c_int32)', '("n", c_int64)', "llama_batch.n: size is not 8"),
        ("types", '("n", c_int32)', '("n", c_uint32)', "llama_batch.n: type is not"),
        ("types", '("n", c_int32)', '("n", c_float)', "llama_batch.n: type is not float"),
        ("types", '("embd", P(c_float))', '("embd", P(c_double))', "llama_batch.embd: type is not"),
        ("types", '    ("all", c_bool),\n', "", "fields, C has 5"),
        ("types", '("x", c_double)', '("x", c_float)', "llama_batch.at.x: size is not 4"),
        (
            "types",
            "c_bool, c_float, c_void_p)",
            "c_bool, c_float)",
            "llama_hook: it does not have 1 parameters",
        ),
        ("types", "c_bool, c_float, c_void_p)", "c_int, c_float, c_void_p)", "llama_hook: the result is not"),
        (
            "functions",
            "llama_hook, c_float",
            "llama_hook, c_double",
            "llama_decode: parameter 4 is not double",
        ),
        ("functions", "\tc_int64, llama_model", "\tc_int32, llama_model", "llama_decode: the result is not"),
        ("functions", "llama_batch, llama_hook", "P(llama_batch), llama_hook", "llama_decode: parameter 2"),
        ("functions", ", llama_hook, c_float", ", llama_hook", "llama_decode: it does not have 3 parameters"),
        ("functions", "P(c_int32)", "P(c_uint8)", "llama_name: parameter 3"),
        (
            "functions",
            "\tc_char_p, llama_model, c_int",
            "\tc_char_p, llama_model, c_int64",
            "llama_name: parameter 2",
        ),
        ("functions", "\tc_uint32", "\tc_int32", "ggml_count: the result is not"),
        ("constants", "LLAMA_KIND_ONE = 8", "LLAMA_KIND_ONE = 9", "LLAMA_KIND_ONE is not 9"),
        ("constants", "LLAMA_ANSWER = 42", "LLAMA_ANSWER = 41", "LLAMA_ANSWER is not 41"),
        ("constants", 'lla\\"ma', "llama", "LLAMA_NAME is not 'llama'"),
    ],
)
def test_each_wrongness_is_named(
    release: tuple[Path, Model, HeaderSet], module: str, old: str, new: str, finding: str
) -> None:
    package, model, found = release
    file = package / "_generated" / f"{module}.py"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(CheckError) as caught:
        compiler.check(package, model, found)
    assert any(finding in line for line in caught.value.findings), caught.value


def test_swapped_fields_are_found(release: tuple[Path, Model, HeaderSet]) -> None:
    package, model, found = release
    file = package / "_generated" / "types.py"
    embd, logits = '    ("embd", P(c_float)),\n', '    ("logits", P(c_int8)),\n'
    file.write_text(file.read_text().replace(embd + logits, logits + embd))
    with pytest.raises(CheckError, match=r"llama_batch\.embd"):
        compiler.check(package, model, found)


def test_headers_the_compiler_refuses_are_no_agreement(release: tuple[Path, Model, HeaderSet]) -> None:
    package, model, found = release
    (found.root / "include" / "llama.h").write_text('#error "gone"\n')
    with pytest.raises(ToolError, match="the compiler cannot compile the headers"):
        compiler.check(package, model, found)


def test_no_compiler(release: tuple[Path, Model, HeaderSet], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(ToolError, match=r"no C\+\+ compiler .* install"):
        compiler.check(*release)


def test_no_bindings(release: tuple[Path, Model, HeaderSet]) -> None:
    package, model, found = release
    shutil.rmtree(package / "_generated")
    with pytest.raises(CheckError, match="has no generated bindings"):
        compiler.check(package, model, found)


# -- what is right passes -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "declarations",
    [
        "struct llama_s { enum { LLAMA_IN = 3 } mode; struct { enum llama_t { LLAMA_T = 5 } t; } in[2]; };",
        "typedef struct { enum { LLAMA_HIGH = 0xfffffff0u } mode; } llama_s;",
        "struct llama_s { long head[0]; int middle[2][0]; char tail; }; void llama_f(struct llama_s * s);",
        "enum llama_w : int64_t { LLAMA_W = -1 }; struct llama_s { enum llama_w a[2], *p; };",
        "enum llama_w : bool { LLAMA_W = 1 }; enum llama_w llama_f(enum llama_w * w, enum llama_w v);",
        "enum llama_w : char { LLAMA_W = 'a' }; void llama_f(enum llama_w * w);",
        "enum llama_w : unsigned { LLAMA_W = 1 }; void llama_f(enum llama_w w);",
        "struct llama_s {}; struct llama_t { struct llama_s s; int i; }; void llama_f(struct llama_t * t);",
        "#define LLAMA_LINE __LINE__\n#define LLAMA_DIVIDED (1 / 0)\n#define LLAMA_TOP (1 << 63)",
        "#define LLAMA_LABEL 1\nint llama_renamed(int x) __asm__(\"llama_other\");",
    ],
)  # fmt: skip
def test_odd_declarations_are_confirmed(tmp_path: Path, declarations: str) -> None:
    package, model, found = bindings_of(declarations, tmp_path)
    compiler.check(package, model, found)


def bindings_of(declarations: str, folder: Path) -> tuple[Path, Model, HeaderSet]:
    found = make_tree(folder / "tree", declarations)
    package = write(found, folder / "output", "small")
    return package, parse.parse(found), found


@pytest.mark.parametrize(
    ("module", "old", "new", "finding"),
    [
        ("constants", "LLAMA_IN = 3", "LLAMA_IN = 4", "llama_s::LLAMA_IN is not 4"),
        ("types", "c_int64", "c_int32", "llama_t.w: size is not 4"),
        ("types", "c_long * 0", "c_short * 0", "llama_t.head: type is not flexible<short>"),
    ],
)
def test_a_wrong_odd_declaration_is_named(
    tmp_path: Path, module: str, old: str, new: str, finding: str
) -> None:
    package, model, found = bindings_of(
        "struct llama_s { enum { LLAMA_IN = 3 } mode; };\nenum llama_w : int64_t { LLAMA_W };\n"
        "struct llama_t { enum llama_w w; long head[0]; };",
        tmp_path,
    )
    file = package / "_generated" / f"{module}.py"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    with pytest.raises(CheckError) as caught:
        compiler.check(package, model, found)
    assert any(finding in line for line in caught.value.findings), caught.value


def test_a_macro_that_is_no_constant_does_not_stop_the_check_of_the_rest(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = "#define LLAMA_INFINITE (1.0/0.0)\n#define LLAMA_GOOD 8\nint llama_f(int x);"
    package, model, found = bindings_of(text, tmp_path)
    assert compiler.check(package, model, found).constants == 1
    (record,) = caplog.records
    assert record.message == "LLAMA_INFINITE: not compared, because C++ takes it for no constant expression"
    constants = package / "_generated" / "constants.py"
    constants.write_text(constants.read_text().replace("LLAMA_GOOD = 8", "LLAMA_GOOD = 9"))
    functions = package / "_generated" / "functions.py"
    functions.write_text(functions.read_text().replace("llama_f\tc_int, c_int", "llama_f\tc_int, c_float"))
    with pytest.raises(CheckError) as caught:
        compiler.check(package, model, found)
    assert set(caught.value.findings) == {"LLAMA_GOOD is not 9", "llama_f: parameter 1 is not float"}


def test_the_macros_of_the_build_change_what_the_headers_declare(tmp_path: Path) -> None:
    text = "#ifndef GGML_MAX_NAME\n#define GGML_MAX_NAME 64\n#endif\n"
    text += "struct ggml_t { char name[GGML_MAX_NAME]; };"
    package, model, found = bindings_of(text, tmp_path)
    compiler.check(package, model, found, ["GGML_MAX_NAME=64", "GGML_SHARED"])
    with pytest.raises(CheckError) as caught:
        compiler.check(package, model, found, ["GGML_MAX_NAME=128"])
    assert "struct ggml_t: size is not 64" in caught.value.findings
