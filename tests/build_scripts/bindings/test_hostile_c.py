"""A property of the generator: whatever C a header holds, bindings agree with the compiler or refuse by name.

LLAMA_CTYPES_HOSTILE=N makes N declarations instead of the usual few. A failure names the seed, and
where the header lies.
"""

from __future__ import annotations

import ast
import ctypes
import functools
import os
import re
import subprocess
from pathlib import Path

import pytest

from build_scripts.bindings.checks import compiler as checker
from build_scripts.bindings.emit.spelling import CTYPES, field_names, identifier, type_name
from build_scripts.bindings.ir import Record
from build_scripts.errors import CheckError
from tests.build_scripts.bindings.header_tree import Bindings
from tests.build_scripts.bindings.hostile_c import Hostile
from tests.systems import c_compiler, needs_cxx_compiler

DECLARATIONS = int(os.environ.get("LLAMA_CTYPES_HOSTILE") or 1600)
PER_HEADER = 400
SEEDS = range(-(-DECLARATIONS // PER_HEADER))
pytestmark = needs_cxx_compiler
# All that may be said of what is not bound.
REASONS = re.compile(
    r"ctypes has no type for |ctypes lays out bit-fields |no packing of ctypes |"
    r".* is passed by value, and |it points to a nameless record whose|an empty record has |"
    r"the compiler does not know all of it |C gives it no value |its value depends on the place of its use |"
    r"its calling convention is |a Python module keeps names "
)


@pytest.mark.parametrize("seed", SEEDS)
def test_bindings_agree_with_the_compiler_or_refuse_by_name(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of three headers, one holds what C++, and so the checker, reads otherwise than C, and one C23's enums.
    only_c, fixed = seed % 3 == 2, seed % 3 == 1
    hostile = Hostile(f"llama {seed}", PER_HEADER, only_c=only_c, fixed=fixed)
    header = tmp_path / "tree" / "ggml" / "include" / "ggml.h"
    print(f"seed {seed}: {PER_HEADER} declarations in {header}")  # pytest shows it where the test fails
    bindings = Bindings(tmp_path, hostile.text, monkeypatch)
    problems = unaccounted(hostile, bindings)
    if not fixed or knows_fixed_enums():
        problems += disagreements_in_c(hostile, bindings, tmp_path)
    assert not problems, "\n".join([f"seed {seed}:", *problems, "", hostile.text])
    ast.parse((bindings.folder / "_generated" / "__init__.pyi").read_text(encoding="utf-8"))
    if not only_c:
        checker.check(bindings.folder, bindings.model, bindings.headers)
    # Refusing everything would agree with every compiler.
    assert len(bindings.functions) >= len(hostile.functions) / 4


@functools.cache
def knows_fixed_enums() -> bool:
    """Whether the C compiler has C23's enums."""
    command = [*c_compiler(), "-std=c11", "-w", "-fsyntax-only", "-x", "c", "-"]
    done = subprocess.run(command, input="enum e : char { E };", capture_output=True, text=True, check=False)
    return done.returncode == 0


def unaccounted(hostile: Hostile, bindings: Bindings) -> list[str]:
    """What was declared and neither came out nor was refused with a reason."""
    model = bindings.model
    # Where a function has a tag's name, the tag is `struct_NAME`.
    refused = {declaration.name for declaration in model.unsupported}
    given_way = {
        re.sub(end, "", name) for name in refused for end in ("^(struct|union)_|_+$", "^(struct|union)_")
    }
    problems = [f"{r.name}: {r.reason!r}" for r in model.unsupported if not REASONS.match(r.reason)]
    problems += [n for n in hostile.functions if (n in bindings.functions) == (n in refused)]
    records = {r.spelling.split()[-1] for r in model.records if r.spelling} | {r.name for r in model.records}
    records |= {re.sub("^(struct|union)_", "", name) for name in records}
    problems += [
        n for n, spelling in hostile.tags.items() if spelling and n not in records | refused | given_way
    ]
    values = vars(bindings.constants)
    enumerators = hostile.enumerators + hostile.inner_enumerators
    problems += [n for n in enumerators if identifier(n) not in values]
    for name, value in hostile.constants.items():
        if name.startswith("_") and name in refused:
            continue
        if identifier(name) not in values or value not in (None, values[identifier(name)]):
            problems.append(f"{name}: {values.get(identifier(name))!r}, not {value!r}")
    problems += [n for n in hostile.absent if n in values or n in bindings.functions]
    parts = [items for part, items in vars(model).items() if part not in ("enums", "unsupported")]
    names: list[str] = [item.name for items in parts for item in items]
    names += [enum.name for enum in model.enums if enum.name]
    names += [e.name for enum in model.enums for e in enum.enumerators]
    problems += [f"{name}: twice" for name in {n for n in names if names.count(n) > 1}]
    for function in model.functions:
        bindings.prototype(function.name)
        symbol = bindings.table.row(function.name).symbol
        if symbol != hostile.symbols.get(function.name, function.name):
            problems.append(f"{function.name}: looked for as {symbol}")
    return problems


def disagreements_in_c(hostile: Hostile, bindings: Bindings, folder: Path) -> list[str]:
    """What a C compiler says to the bindings' declarations, values and layouts, read as C and not as C++."""
    lines = [
        f"{declaration};" for declaration in bindings.functions.values()
    ]  # a declaration may be repeated
    lines += [f"{callback.declaration};" for callback in bindings.model.callbacks]
    for enum in bindings.model.enums:
        for enumerator in enum.enumerators:
            value = getattr(bindings.constants, identifier(enumerator.name))
            lines.append(f'_Static_assert({enumerator.name} == {literal(value)}, "{enumerator.name}");')
        if enum.spelling:
            size = ctypes.sizeof(getattr(ctypes, CTYPES[enum.type.name]))
            lines.append(f'_Static_assert(sizeof({enum.spelling}) == {size}, "{enum.spelling}");')
    records = {record.name: record for record in bindings.model.records}
    spelled = {record.name: record.spelling or hostile.tags.get(record.name) for record in records.values()}
    names = field_names(bindings.model.records)
    for record in records.values():
        if spelled[record.name]:
            lines += layout(record, spelled[record.name] or "", bindings, names[record.name])
    source = folder / "check.c"
    source.write_text('#include "ggml.h"\n' + "\n".join(lines) + "\n", encoding="utf-8")
    include = bindings.headers.root / "ggml" / "include"
    done = subprocess.run(
        [*c_compiler(), "-std=c11", "-w", "-fsyntax-only", f"-I{include}", source],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return [line for line in done.stderr.splitlines() if "error" in line]


def layout(record: Record, spelling: str, bindings: Bindings, names: list[str]) -> list[str]:
    class_ = getattr(bindings.types, type_name(record.name))
    facts = {f"sizeof({spelling})": ctypes.sizeof(class_), f"_Alignof({spelling})": ctypes.alignment(class_)}
    for field, name in zip(record.fields, names, strict=True):
        if field.name:
            facts[f"__builtin_offsetof({spelling}, {field.name})"] = getattr(class_, name).offset
    return [f'_Static_assert({fact} == {value}, "{fact}");' for fact, value in facts.items()]


def literal(value: int) -> str:
    return f"({value + 1} - 1)" if value == -(2**63) else f"{value}{'ull' if value >= 2**63 else ''}"


@pytest.mark.parametrize(
    ("c", "wrong"), [("unsigned char", "c_byte"), ("int64_t", "c_int32"), ("double", "c_float")]
)
def test_a_generator_that_is_wrong_is_found_out(
    c: str, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CTYPES, c, wrong)
    bindings = Bindings(tmp_path, Hostile("wrong", PER_HEADER).text, monkeypatch)
    with pytest.raises(CheckError) as caught:
        checker.check(bindings.folder, bindings.model, bindings.headers)
    assert any(re.search(r"ggml_\w+.*: (type|size|the result|parameter \d) is not", line)
               for line in caught.value.findings)  # fmt: skip


# -- what the property test has found -----------------------------------------------------------


def confirmed(header: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Bindings:
    bindings = Bindings(folder, header, monkeypatch)
    checker.check(bindings.folder, bindings.model, bindings.headers)
    return bindings


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(
            "struct ggml_s { struct { int64_t a, b; }; struct { char c; }; };", id="two-nameless-structs"
        ),
        pytest.param(
            "struct ggml_a { struct { int x; } b_c; }; struct ggml_a_b { struct { double y; } c; };",
            id="inner-names-that-meet",
        ),
        pytest.param("struct ggml_s { struct { int x; } * p, a[3]; };", id="nameless-behind-a-pointer"),
        pytest.param("struct ggml_s { int _0, in, in_; struct { int is; struct { int is_; }; }; };",
                     id="fields-that-python-would-call-alike"),
        pytest.param("struct ggml_s { int a; }; typedef struct ggml_s ggml_pair[2];\n"
                     "struct ggml_t { ggml_pair p; int b; };", id="array-of-records-by-typedef"),
        pytest.param("enum ggml_e { GGML_BIG = 0xffffffffu }; void ggml_f(enum ggml_e e);",
                     id="unsigned-enum"),
        pytest.param("enum __attribute__((packed)) ggml_e { GGML_A }; struct ggml_s { enum ggml_e e[3]; };",
                     id="packed-enum"),
        pytest.param("struct ggml_s { int n; float data[]; };", id="flexible-array"),
        pytest.param("typedef int ggml_f(int); struct ggml_s { ggml_f * f; };", id="typedef-of-a-function"),
        pytest.param("void ggml_f(int * (*p)(const char *, ...));", id="results-of-function-pointers"),
        pytest.param("typedef int * ggml_i; typedef ggml_i ggml_j; typedef ggml_j (*ggml_c)(void);",
                     id="callback-returning-a-pointer-by-two-names"),
        pytest.param("typedef int (*(*ggml_c)(void))(int x);", id="parameters-of-what-a-callback-returns"),
        pytest.param("typedef void ggml_v; ggml_v ggml_f(ggml_v * p);", id="typedef-of-void"),
        pytest.param("#define GGML_OR 1 | 2\n#define GGML_C /* why */ 3\n#define GGML_NL \"a\\n\"\n"
                     "#define GGML_L 0.1L\n#define GGML_INF (-__builtin_inf())", id="macros"),
        pytest.param("typedef int P; typedef int c_int; struct callback { P p; };",
                     id="names-of-the-generated-code"),
        pytest.param("#define None 0L\nenum { lambda = 1 }; typedef struct is { int x; } pass;",
                     id="keywords"),
        pytest.param("enum ggml_e { ggml_x }; struct ggml_x { int a; };", id="tag-and-enumerator"),
    ],
)  # fmt: skip
def test_found_and_mended(header: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bindings = confirmed(header, tmp_path, monkeypatch)
    assert bindings.model.unsupported == ()
    ast.parse((bindings.folder / "_generated" / "__init__.pyi").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "header",
    [
        # ctypes lays the type itself there, not the aligned one: a size of 8, where C has 16.
        "typedef float ggml_a __attribute__((aligned(16))); struct ggml_bad { ggml_a a; float b; };",
        "typedef float ggml_v __attribute__((vector_size(16)));\n"
        "struct ggml_bad { struct { ggml_v v; } * p; };",
        "extern int ggml_bad;",
        # libffi takes these for ordinary structs and looks for them in other registers than C.
        "union ggml_u { double d; int64_t i; }; void ggml_bad(union ggml_u u);",
        "struct ggml_s { int n; union { double d; int64_t i; }; }; struct ggml_s ggml_bad(void);",
        "struct __attribute__((packed)) ggml_s { char c; int i; }; void ggml_bad(struct ggml_s s);",
        "struct ggml_s { int x; }; typedef void (*ggml_bad)(struct ggml_s s[2][2]);",
    ],
)
def test_found_and_refused(header: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bindings = Bindings(tmp_path, header, monkeypatch)
    assert "ggml_bad" in {declaration.name for declaration in bindings.model.unsupported}
    assert "ggml_bad" not in bindings.functions
    assert "ggml_bad" not in vars(bindings.types)


@pytest.mark.parametrize("text", ['L"wide"', '"zero\\0inside"'])
def test_text_that_python_would_get_wrong_is_no_constant(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert confirmed(f"#define GGML_T {text}", tmp_path, monkeypatch).model.constants == ()


def test_declarations_keep_what_is_written_around_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "void ggml_f(void (*const p[3])(int (*q)(void)));\ntypedef int ggml_g(int x);"
    bindings = confirmed(text, tmp_path, monkeypatch)
    assert bindings.functions["ggml_f"] == "void ggml_f(void (*const p[3])(int (*)(void)))"
    assert bindings.model.callbacks[0].declaration == "typedef int ggml_g(int x)"


def test_a_record_declared_inside_another_and_a_refused_tag_named_like_a_function(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bindings = confirmed(
        "struct ggml_s { struct ggml_inner { int a; } i; };\n"
        "void ggml_f(int x); struct ggml_f { int b : 3; };",
        tmp_path, monkeypatch,
    )  # fmt: skip
    assert [record.name for record in bindings.model.records] == ["ggml_inner", "ggml_s"]
    assert [declaration.name for declaration in bindings.model.unsupported] == ["struct_ggml_f"]
    assert "ggml_f" in bindings.functions
