"""Odd C that compilers accept: bound rightly, or refused by name with a reason, and the rest is bound."""

from __future__ import annotations

import ctypes
import logging
import subprocess
import sys
from enum import EnumMeta
from pathlib import Path

import pytest

from build_scripts.bindings import generate
from build_scripts.bindings.emit.spelling import field_names, identifier
from build_scripts.bindings.ir import Field, Location, Model, Named, Record, Scalar
from build_scripts.bindings.parse import parse
from build_scripts.errors import HeaderError
from tests.build_scripts.bindings.header_tree import (
    PRELUDE_LINES,
    Bindings,
    compile_c,
    make_tree,
    read,
    write,
)


def reasons(model: Model) -> dict[str, str]:
    return {declaration.name: declaration.reason for declaration in model.unsupported}


def functions(model: Model) -> list[str]:
    return [function.name for function in model.functions if function.name != "llama_one"]


# -- enums with a fixed type --------------------------------------------------------------------


def test_an_enum_has_the_size_and_the_sign_of_its_fixed_type(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        """
        typedef uint16_t ggml_short;
        enum ggml_flags : uint32_t { F_NONE, F_ALL = 0xFFFFFFFFu };
        enum ggml_small : uint8_t { S_TOP = 255 };
        enum ggml_yes : bool { Y_NO, Y_YES };
        enum ggml_wide : int64_t { W_A = -1, W_B = 2 };
        enum ggml_widest : unsigned long long { U_TOP = 0xFFFFFFFFFFFFFFFFull };
        enum ggml_plain : unsigned { P_ONE = 1 };
        enum ggml_named : ggml_short { N_TOP = 65535 };
        enum ggml_letter : char { L_A = 'a' };
        enum ggml_long : long { G_ONE = 1 };
        enum ggml_ahead : uint8_t;
        """,
    )
    assert model.unsupported == ()
    assert {enum.name: enum.type.name for enum in model.enums} == {
        "ggml_flags": "uint32_t", "ggml_small": "uint8_t", "ggml_yes": "bool", "ggml_wide": "int64_t",
        "ggml_widest": "unsigned long long", "ggml_plain": "unsigned int", "ggml_named": "uint16_t",
        "ggml_letter": "int8_t", "ggml_long": "long", "ggml_ahead": "uint8_t",
    }  # fmt: skip
    assert {e.name: e.value for enum in model.enums for e in enum.enumerators} == {
        "F_NONE": 0, "F_ALL": 2**32 - 1, "S_TOP": 255, "Y_NO": 0, "Y_YES": 1, "W_A": -1, "W_B": 2,
        "U_TOP": 2**64 - 1, "P_ONE": 1, "N_TOP": 65535, "L_A": 97, "G_ONE": 1,
    }  # fmt: skip


def test_a_fixed_enum_has_its_size_wherever_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bindings = Bindings(
        tmp_path,
        """
        enum ggml_wide : int64_t { GGML_W };
        struct ggml_s { char c; enum ggml_wide e, a[2], *p; };
        typedef enum ggml_wide (*ggml_cb)(enum ggml_wide e);
        enum ggml_wide ggml_f(enum ggml_wide e);
        """,
        monkeypatch,
    )
    record = bindings.types.ggml_s
    assert (ctypes.sizeof(record), record.e.offset, record.e.size, record.a.size) == (40, 8, 8, 16)
    assert bindings.prototype("ggml_f") == (ctypes.c_int64, ctypes.c_int64)
    assert bindings.types.ggml_cb._argtypes_ == (ctypes.c_int64,)


@pytest.mark.parametrize(
    ("declaration", "reason"),
    [
        ("enum ggml_e;", "only declared ahead"),
        ("enum ggml_e : wchar_t { GGML_E };", "ctypes has no type for an enum of wchar_t"),
        ("enum ggml_e : unsigned __int128 { GGML_E };", "ctypes has no type for unsigned __int128"),
    ],
)
def test_an_enum_without_a_type_in_ctypes_is_refused(tmp_path: Path, declaration: str, reason: str) -> None:
    model = read(
        tmp_path,
        declaration + "struct ggml_user { enum ggml_e * which; }; void ggml_use(struct ggml_user * user);\n"
        "void ggml_bad(enum ggml_e * e);",
    )
    assert {"ggml_e", "ggml_user", "ggml_bad"} == reasons(model).keys()
    assert all(reason in text for text in reasons(model).values())
    assert functions(model) == ["ggml_use"]


# -- what is not bound ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "declaration",
    [
        "struct __attribute__((aligned(16))) ggml_a { int x; long double d; };",
        "struct ggml_a { int x; long double d __attribute__((aligned(16))); };",
        "typedef long double ggml_t __attribute__((aligned(16)));\nstruct ggml_a { int x; ggml_t d[2]; };",
    ],
)
def test_an_alignment_by_attribute_is_refused_where_linux_has_it_by_nature(
    tmp_path: Path, declaration: str
) -> None:
    model = read(tmp_path, f"{declaration}\nstruct ggml_b {{ int x; long double d; }};")
    assert [record.name for record in model.records] == ["ggml_b"]
    assert reasons(model)["ggml_a"].startswith("no packing of ctypes gives its layout")


@pytest.mark.parametrize(
    ("declarations", "refused"),
    [
        ("_Float16 ggml_bad(void);", {"ggml_bad": "ctypes has no type for _Float16"}),
        ("void ggml_bad(const _Float16 * p);", {"ggml_bad": "ctypes has no type for const _Float16"}),
        ("void ggml_bad(void (*f)(_Float16));", {"ggml_bad": "ctypes has no type for void (_Float16)"}),
        ("typedef _Float16 ggml_bad; ggml_bad ggml_worse(void);",
         dict.fromkeys(["ggml_bad", "ggml_worse"], "ctypes has no type for _Float16")),
        ("struct ggml_bad { _Float16 x[2]; };", {"ggml_bad": "ctypes has no type for _Float16"}),
        ("__bf16 ggml_bad(void);", {"ggml_bad": "ctypes has no type for __bf16"}),
        ("struct ggml_bad {}; struct ggml_worse { struct ggml_bad b; int i; };",
         dict.fromkeys(["ggml_bad", "ggml_worse"], "an empty record has 0 bytes in C and 1 in C++")),
        ("__attribute__((ms_abi)) int ggml_bad(int x);", {"ggml_bad": "its calling convention is not C's"}),
        ("typedef int (__attribute__((ms_abi)) * ggml_bad)(int x);",
         {"ggml_bad": "its calling convention is not C's"}),
        ("int _ggml_bad(void);",
         {"_ggml_bad": "a Python module keeps names that begin with an underscore for itself"}),
        ("#define GGML_BAD (1 << 63)", {"GGML_BAD": "C gives it no value (shift count >= width of type)"}),
        ("#define GGML_BAD (1 / 0)", {"GGML_BAD": "C gives it no value (division by zero is undefined)"}),
        ("#define GGML_BAD (-1 << 3)",
         {"GGML_BAD": "C gives it no value (shifting a negative signed value is undefined)"}),
        ("#define GGML_AT __LINE__\n#define GGML_BAD (GGML_AT + 1)",
         dict.fromkeys(["GGML_AT", "GGML_BAD"], "its value depends on the place of its use (__LINE__)")),
        ("#define GGML_BAD __FILE__", {"GGML_BAD": "its value depends on the place of its use (__FILE__)"}),
    ],
)  # fmt: skip
def test_a_reason_for_each(tmp_path: Path, declarations: str, refused: dict[str, str]) -> None:
    model = read(tmp_path, f"{declarations}\n#define GGML_GOOD 8\nint ggml_good(void);")
    assert reasons(model) == refused
    assert functions(model) == ["ggml_good"]
    assert [constant.name for constant in model.constants] == ["GGML_GOOD"]


@pytest.mark.parametrize("unknown", ["_Float16", "__bf16"])
@pytest.mark.parametrize(
    "around", ["{}", "union {{ int a; {} }} b;", "struct {{ union {{ {} }} *b; }} c[2];"]
)
def test_an_enum_in_a_record_that_has_an_unknown_type(tmp_path: Path, unknown: str, around: str) -> None:
    inner = around.format("enum { GGML_INNER = -7 } *e;")
    model = read(tmp_path, f"struct ggml_bad {{ {unknown} x; {inner} }};\nint ggml_good(void);")
    assert reasons(model) == {"ggml_bad": f"ctypes has no type for {unknown}"}
    assert [(e.name, e.value) for enum in model.enums for e in enum.enumerators] == [("GGML_INNER", -7)]


def test_generate_logs_a_line_for_each(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    headers = make_tree(tmp_path, "__int128 ggml_wide(void);\n#define GGML_TOP (1 << 63)")
    generate.bindings(headers, "b1")
    assert [record.message for record in caplog.records] == [
        f"GGML_TOP (ggml/include/ggml.h:{PRELUDE_LINES + 2}) is not bound: "
        "C gives it no value (shift count >= width of type)",
        f"ggml_wide (ggml/include/ggml.h:{PRELUDE_LINES + 1}) is not bound: ctypes has no type for __int128",
    ]


def test_headers_of_which_no_function_can_be_bound(tmp_path: Path) -> None:
    headers = make_tree(tmp_path, "__int128 ggml_wide(void);", "void llama_take(double _Complex z);")
    with pytest.raises(HeaderError) as raised:
        parse(headers)
    first, *lines = str(raised.value).splitlines()
    assert first.startswith("none of the functions that the headers in ")
    assert lines == [
        f"ggml_wide (ggml/include/ggml.h:{PRELUDE_LINES + 1}) is not bound: ctypes has no type for __int128",
        f"llama_take (include/llama.h:{PRELUDE_LINES + 2}) is not bound: "
        "ctypes has no type for _Complex double",
    ]


# -- warnings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("void ggml_f(struct ggml_unseen * unseen);", "declaration of 'struct ggml_unseen' will not be"),
        ("void ggml_f(struct ggml_inside { int x; } y);", "declaration of 'struct ggml_inside' will not be"),
        ("__attribute__((ggml_unknown)) void ggml_f(void);", "unknown attribute 'ggml_unknown' ignored"),
        ("#warning upstream has doubts\nvoid ggml_f(void);", "upstream has doubts"),
    ],
)  # fmt: skip
def test_a_warning_is_shown_and_the_declaration_bound(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, line: str, words: str
) -> None:
    model = read(tmp_path, line)
    assert (functions(model), model.unsupported) == (["ggml_f"], ())
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.message.startswith(f"ggml/include/ggml.h:{PRELUDE_LINES + 1}: warning: {words}")


@pytest.mark.parametrize(
    ("declarations", "name"),
    [
        ("struct __attribute__((ggml_unknown)) ggml_bad { int x; };", "ggml_bad"),
        ("typedef struct { int x; } __attribute__((ggml_unknown)) ggml_bad;", "ggml_bad"),
        ("struct ggml_bad {\n  int x;\n  int y __attribute__((ggml_unknown));\n};", "ggml_bad"),
        ("enum __attribute__((ggml_unknown)) ggml_bad { GGML_E };", "ggml_bad"),
        ("#define GGML_BAD 1\n#define GGML_BAD 2", "GGML_BAD"),
    ],
)
def test_what_a_warning_makes_a_guess_is_refused(tmp_path: Path, declarations: str, name: str) -> None:
    model = read(tmp_path, declarations + "\nstruct ggml_good { int x; };\n#define GGML_GOOD 1\n")
    assert name in reasons(model)
    assert [record.name for record in model.records] == ["ggml_good"]
    assert [constant.name for constant in model.constants] == ["GGML_GOOD"]


def test_only_the_type_that_has_the_attribute_is_refused(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        "struct __attribute__((ggml_unknown)) ggml_bad { enum { GGML_GOOD } e; };\n"
        "struct ggml_good { int x; }; enum __attribute__((ggml_unknown)) { GGML_BAD };",
    )
    assert sorted(reasons(model)) == ["a nameless type", "ggml_bad"]
    assert [record.name for record in model.records] == ["ggml_good"]
    assert [e.name for enum in model.enums for e in enum.enumerators] == ["GGML_GOOD"]


# -- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "class_", [ctypes.Structure, ctypes.Union, type(ctypes.Structure), type(ctypes.Union)]
)
def test_no_field_hides_what_ctypes_and_python_use_themselves(class_: type) -> None:
    special = ["_fields_", "_anonymous_", "_pack_", "_layout_", "_align_", "__slots__", "__dict__"]
    names = [*special, *dir(class_)]
    place = Location("a.h", 1)
    fields = tuple(Field(name, Scalar("int"), 4 * number) for number, name in enumerate(names))
    record = Record("ggml_s", "struct", fields, 4 * len(names), 4, None, "struct ggml_s", place)
    assert not set(field_names([record])["ggml_s"]) & set(names)


def test_no_enumerator_is_what_enum_uses_itself() -> None:
    for name in ["mro", "_x_", "_ignore_", "__x__", "__init__", *dir(EnumMeta)]:
        if name.startswith("_") or name == "mro":
            assert identifier(name) != name


def test_types_with_a_leading_underscore_are_reachable_by_another_name(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        """
        typedef struct _ggml_a { int x; } ggml_a;
        typedef struct { int y; } _ggml_b;
        enum _ggml_e { GGML_E };
        typedef int _ggml_n;
        typedef void (*_ggml_cb)(_ggml_n n);
        void ggml_f(ggml_a * a, _ggml_b * b, enum _ggml_e e, _ggml_n n, _ggml_cb cb);
        """,
    )
    assert [record.name for record in model.records] == ["struct__ggml_a", "struct__ggml_b"]
    assert [enum.name for enum in model.enums] == ["enum__ggml_e"]
    assert [(t.name, t.target) for t in model.typedefs] == [("ggml_a", Named("struct__ggml_a"))]
    assert sorted(reasons(model)) == ["_ggml_cb", "_ggml_n"]
    assert functions(model) == ["ggml_f"]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An importable package `odd`, and LLAMA_CPP_LIB naming a library for it; names have no usual prefix."""
    headers = make_tree(
        tmp_path / "tree",
        """
        struct common_thing { int a, from_param, _fields_; };
        typedef int (*common_cb)(struct common_thing * t);
        typedef int common_token;
        enum common_e { mro, _sunder_, __dunder__ };
        struct Structure { int x; };
        int common_sum(struct common_thing t);
        int common_renamed(int x) __asm__("common_real_name");
        """,
    )
    write(headers, tmp_path / "output", "odd")
    (tmp_path / "libraries").mkdir()
    suffix = {"darwin": "dylib", "win32": "dll"}.get(sys.platform, "so")
    compile_c(
        """
        struct t { int a, b, c; };
        int common_sum(struct t t) { return t.a + t.b + t.c; }
        int common_real_name(int x) { return x + 1; }
        int llama_one(int x) { return x; }
        void llama_backend_init(void) {}
        """,
        tmp_path / "libraries" / f"libllama.{suffix}",
        "-shared",
    )  # fmt: skip
    monkeypatch.setenv("LLAMA_CPP_LIB", str(tmp_path / "libraries"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "output"))
    return tmp_path / "output" / "odd"


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="asm labels and library names are Linux's")
def test_odd_names_are_reachable_and_work(package: Path) -> None:
    program = """
        import odd
        names = dir(odd)
        assert {"common_thing", "common_cb", "common_token", "Structure_"} <= set(names), names
        assert not {"Structure", "Union", "Handle", "P", "POINTER", "c_int", "callback"} & set(names), names
        thing = odd.common_thing(1, from_param_=2, _fields__=3)
        assert odd.common_sum(thing) == 6
        assert repr(thing) == "common_thing(a=1, from_param_=2, _fields__=3)"
        assert odd.common_cb(lambda t: t[0].a)(thing) == 1
        assert [member.name for member in odd.common_e] == ["mro_", "_sunder__", "__dunder___"]
        assert odd.common_renamed(4) == 5
        assert odd.common_renamed.__doc__.startswith('int common_renamed(int x) __asm__("common_real_name")')
        from odd import *
        assert common_renamed(1) == 2 and common_token
    """
    run("\n".join(line.strip() for line in program.splitlines()))


def test_a_renamed_function_is_looked_for_by_its_symbol(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        'int ggml_f(int x) __asm__("ggml_g");\n'
        "#pragma redefine_extname ggml_h ggml_i\nint ggml_h(void);\nint ggml_j(void);",
    )
    assert [(f.name, f.symbol) for f in model.functions] == [
        ("ggml_f", "ggml_g"), ("ggml_h", "ggml_i"), ("ggml_j", ""), ("llama_one", ""),
    ]  # fmt: skip
