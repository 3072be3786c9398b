"""Headers to IR: values, names, unsupported declarations, diagnostics; only the headers matter."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from build_scripts.bindings.emit import Provenance, emit
from build_scripts.bindings.headers import HeaderSet, find
from build_scripts.bindings.ir import Array, Model, Named, Pointer, Scalar
from build_scripts.bindings.parse import parse
from build_scripts.bindings.parse.unit import with_slashes
from build_scripts.errors import HeaderError
from build_scripts.pin import ROOT
from tests.build_scripts.bindings.header_tree import PRELUDE_LINES, TAG, make_tree, read
from tests.systems import needs_utf8_paths


def text(headers: HeaderSet) -> dict[str, str]:
    return emit(parse(headers), Provenance(TAG, headers.sha256))


def enumerators(model: Model) -> dict[str, int]:
    return {e.name: e.value for enum in model.enums for e in enum.enumerators}


def constants(model: Model) -> dict[str, int | float | str]:
    return {constant.name: constant.value for constant in model.constants}


def unsupported(model: Model) -> dict[str, str]:
    return {declaration.name: declaration.reason for declaration in model.unsupported}


def functions(model: Model) -> list[str]:
    return [function.name for function in model.functions if function.name != "llama_one"]


# -- the library ------------------------------------------------------------------------------

LOADS = """
import sys
sys.prefix = sys.argv[1]
from clang import cindex
cindex.Config.library_path = "/nowhere"
from build_scripts.bindings.parse import libclang
print(cindex.conf.get_filename())
"""


def test_conda_forges_libclang_for_windows_has_another_name(tmp_path: Path) -> None:
    """Its version 18 has no libclang.dll."""
    library = tmp_path / "Library" / "bin" / "libclang-13.dll"
    library.parent.mkdir(parents=True)
    library.touch()
    command = [sys.executable, "-c", LOADS, str(tmp_path)]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert Path(output.strip()) == library


# -- values -----------------------------------------------------------------------------------


def test_enumerators_have_the_values_the_compiler_gives_them(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        """
        #define GGML_MAX 64
        enum ggml_a { A_ZERO, A_MACRO = GGML_MAX, A_NEXT, A_SHIFT = 1 << 5, A_NEGATIVE = -2 };
        enum ggml_b { B_OTHER = A_SHIFT | 1, B_SIZE = sizeof(int64_t), B_CHAR = 'x' };
        enum ggml_c { C_UNSIGNED = 0xFFFFFFFF };
        enum ggml_d { D_LARGE = 0x100000000LL, D_NEGATIVE = -1 };
        enum ggml_e { E_LARGEST = 0xFFFFFFFFFFFFFFFFull };
        enum { F_WITHOUT_A_NAME = 7 };
        typedef enum { G_TAGLESS = 8 } ggml_g;
        struct ggml_s { enum { H_INSIDE = 9 } kind; };
        """,
    )
    assert enumerators(model) == {
        "A_ZERO": 0, "A_MACRO": 64, "A_NEXT": 65, "A_SHIFT": 32, "A_NEGATIVE": -2,
        "B_OTHER": 33, "B_SIZE": 8, "B_CHAR": 120,
        "C_UNSIGNED": 4294967295, "D_LARGE": 4294967296, "D_NEGATIVE": -1, "E_LARGEST": 2**64 - 1,
        "F_WITHOUT_A_NAME": 7, "G_TAGLESS": 8, "H_INSIDE": 9,
    }  # fmt: skip
    assert [enum.name for enum in model.enums if enum.name] == [f"ggml_{x}" for x in "abcdeg"]


def test_an_enum_is_as_wide_as_its_values_and_never_as_wide_as_the_platform_likes(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        """
        enum ggml_a { A = 1 };
        enum ggml_b { B = 0xFFFFFFFF };
        enum ggml_c { C = 0x100000000LL, C_NEGATIVE = -1 };
        enum ggml_d { D = 0xFFFFFFFFFFFFFFFFull };
        """,
    )
    types = {enum.name: enum.type.name for enum in model.enums}
    assert types["ggml_a"] == "int"
    assert types["ggml_b"] == "unsigned int"
    # `long` would have 32 bits on Windows.
    assert types["ggml_c"] in ("int64_t", "long long")
    assert types["ggml_d"] in ("uint64_t", "unsigned long long")


def test_macros_and_constant_variables_are_valued_by_the_compiler(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        r"""
        #define GGML_DECIMAL 64
        #define GGML_SHIFT (1 << 4)
        #define GGML_NEGATIVE (-5)
        #define GGML_LARGEST 0xFFFFFFFFFFFFFFFFull
        #define GGML_CAST ((uint8_t) 300)
        #define GGML_FLOAT 1.5f
        #define GGML_TEXT "a \"b\" \\ c"
        #define GGML_OF_ANOTHER GGML_DECIMAL
        struct ggml_object { void * a; int b; };
        static const size_t GGML_OBJECT_SIZE = sizeof(struct ggml_object);
        """,
    )
    assert constants(model) == {
        "GGML_DECIMAL": 64, "GGML_SHIFT": 16, "GGML_NEGATIVE": -5,
        "GGML_LARGEST": 2**64 - 1, "GGML_CAST": 44, "GGML_FLOAT": 1.5, "GGML_TEXT": 'a "b" \\ c',
        "GGML_OF_ANOTHER": 64, "GGML_OBJECT_SIZE": 16,
    }  # fmt: skip


def test_macros_that_are_no_values_are_left_out(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        """
        #define GGML_EMPTY
        #define GGML_API extern
        #define GGML_CALL(x) ((x) + 1)
        #define GGML_ATTRIBUTE __attribute__((unused))
        #define GGML_TYPE int
        #define GGML_STATEMENT do { } while (0)
        #define GGML_ALIAS ggml_function
        #define GGML_UNDECLARED ggml_nothing_of_the_kind
        #define ggml_function ggml_function
        #define GGML_GOOD 1
        int ggml_function(void);
        """,
    )
    assert constants(model) == {"GGML_GOOD": 1}
    assert functions(model) == ["ggml_function"]


def test_text_that_is_not_utf8_is_left_out_or_kept_but_never_the_end(tmp_path: Path) -> None:
    model = read(tmp_path, '#define GGML_BYTES "\\xff"\n#define GGML_GOOD "ü"\n')
    assert constants(model)["GGML_GOOD"] == "ü"


# -- names ------------------------------------------------------------------------------------


def test_a_tag_gives_way_to_a_function_of_its_name(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        """
        struct ggml_copy { int a; };
        struct ggml_copy ggml_copy(const struct ggml_copy * other);
        enum ggml_kind { GGML_KIND_A };
        enum ggml_kind ggml_kind(enum ggml_kind kind);
        union ggml_either { int a; float b; };
        void ggml_either(union ggml_either * value);
        struct ggml_hidden;
        struct ggml_hidden * ggml_hidden(void);
        """,
    )
    assert functions(model) == ["ggml_copy", "ggml_either", "ggml_hidden", "ggml_kind"]
    assert [record.name for record in model.records] == ["struct_ggml_copy", "union_ggml_either"]
    assert [enum.name for enum in model.enums] == ["enum_ggml_kind"]
    assert [handle.name for handle in model.handles] == ["struct_ggml_hidden"]
    copy = model.functions[0].type
    assert copy.result == Named("struct_ggml_copy")
    assert copy.parameters[0].type == Pointer(Named("struct_ggml_copy"), const=True)


def test_names_are_unique_and_each_kind_is_sorted(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        """
        typedef struct ggml_b * ggml_b_t;
        struct ggml_a { struct { int x; } inner; };
        typedef struct { int y; } ggml_c;
        typedef void (*ggml_z)(void);
        enum ggml_e { GGML_E };
        #define GGML_M 1
        void ggml_y(ggml_b_t b);
        void ggml_x(struct ggml_a a, ggml_c c, ggml_z z);
        """,
    )
    kinds = (model.functions, model.records, model.handles, model.enums, model.callbacks,
             model.typedefs, model.constants)  # fmt: skip
    for kind in kinds:
        names = [item.name for item in kind]
        assert names == sorted(names)
    everything = [item.name for kind in kinds for item in kind] + list(enumerators(model))
    assert len(everything) == len(set(everything))


def test_a_record_inside_another_does_not_take_the_place_of_one_with_that_name(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        """
        struct ggml_a { struct { int x; } b; };
        struct ggml_a_b { double y; double z; };
        void ggml_f(struct ggml_a a, struct ggml_a_b b);
        """,
    )
    sizes = {record.spelling: record.size for record in model.records if record.spelling}
    assert sizes == {"struct ggml_a": 4, "struct ggml_a_b": 16}
    (inner,) = [record for record in model.records if not record.spelling]
    assert [field.name for field in inner.fields] == ["x"]


def test_typedefs_stay_and_chains_of_them_too(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        "typedef int32_t ggml_id; typedef ggml_id ggml_id2; typedef ggml_id2 ggml_id3;\n"
        "ggml_id3 ggml_f(const ggml_id2 * ids);",
    )
    targets = {typedef.name: typedef.target for typedef in model.typedefs}
    assert targets == {
        "ggml_id": Scalar("int32_t"),
        "ggml_id2": Named("ggml_id"),
        "ggml_id3": Named("ggml_id2"),
    }
    function = model.functions[0].type
    assert function.result == Named("ggml_id3")
    assert function.parameters[0].type == Pointer(Named("ggml_id2"), const=True)


def test_a_typedef_of_a_record_is_that_record(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        """
        typedef struct { uint16_t bits; } ggml_bf16_t;
        typedef struct ggml_tagged { int x; } ggml_tagged;
        typedef struct ggml_tag { int x; } ggml_other;
        """,
    )
    assert [record.name for record in model.records] == ["ggml_bf16_t", "ggml_tag", "ggml_tagged"]
    assert [(t.name, t.target) for t in model.typedefs] == [("ggml_other", Named("ggml_tag"))]


# -- functions --------------------------------------------------------------------------------


def test_declarations_are_one_line_of_c_with_their_place(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        'DEPRECATED(extern int ggml_f(\n    const char * text,\n    int n[4], ...), "x");\n'
        "bool (*ggml_g(int x))(int64_t);\n"
        "void ggml_h();",
    )
    assert [(f.declaration, str(f.location)) for f in model.functions[:3]] == [
        ("int ggml_f(const char * text, int n[4], ...)", f"ggml/include/ggml.h:{PRELUDE_LINES + 1}"),
        ("bool (*ggml_g(int x))(int64_t)", f"ggml/include/ggml.h:{PRELUDE_LINES + 4}"),
        ("void ggml_h(void)", f"ggml/include/ggml.h:{PRELUDE_LINES + 5}"),
    ]
    assert model.functions[0].type.variadic
    assert not model.functions[1].type.variadic


def test_only_what_a_library_can_export_is_bound(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        """
        static inline int ggml_inline(int x) { return x; }
        static int ggml_static(void) { return 1; }
        inline int ggml_defined(void) { return 1; }
        extern int ggml_variable;
        int ggml_twice(void);
        int ggml_twice(void);
        """,
    )
    assert functions(model) == ["ggml_twice"]


def test_functions_of_the_c_library_are_not_bound(tmp_path: Path) -> None:
    headers = make_tree(
        tmp_path, "int ggml_f(FILE * file, size_t n);", "#include <string.h>\nint llama_one(int x);"
    )
    model = parse(headers)
    assert [function.name for function in model.functions] == ["ggml_f", "llama_one"]


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        ('DEPRECATED(int ggml_f(int x), "use ggml_g instead");', "use ggml_g instead"),
        ('DEPRECATED(int ggml_f(int x, int y),\n        "use ggml_g instead");', "use ggml_g instead"),
        ('DEPRECATED(GGML_API int ggml_f(int x), "use ggml_g instead");', "use ggml_g instead"),
        ('GGML_API DEPRECATED(int ggml_f(int x), "use ggml_g instead");', "use ggml_g instead"),
        ('GGML_DEPRECATED(int ggml_f(int x), "use ggml_g instead");', "use ggml_g instead"),
        ('DEPRECATED(int ggml_f(int x), "use " "ggml_g " GGML_HINT);', "use ggml_g instead"),
        ('DEPRECATED(int ggml_f(int x), "use \\"ggml_g\\"");', 'use "ggml_g"'),
        ("int ggml_f(int x) __attribute__((deprecated));", ""),
        ("int ggml_f(int x);", None),
    ],
)
def test_the_message_of_a_deprecation(tmp_path: Path, declaration: str, message: str | None) -> None:
    model = read(
        tmp_path,
        '#define GGML_API extern\n#define GGML_HINT "instead"\n'
        "#define GGML_DEPRECATED(func, hint) DEPRECATED(GGML_API func, hint)\n" + declaration,
    )
    assert model.functions[0].name == "ggml_f"
    assert model.functions[0].deprecated == message


def test_arrays_as_parameters_are_pointers_and_as_members_are_not(tmp_path: Path) -> None:
    model = read(
        tmp_path,
        "typedef int ggml_vec[3];\n"
        "struct ggml_s { ggml_vec v; int n[2][4]; };\n"
        "void ggml_f(int a[4], const float b[], ggml_vec v, ggml_vec * w, char c[2][3]);",
    )
    assert [p.type for p in model.functions[0].type.parameters] == [
        Pointer(Scalar("int")),
        Pointer(Scalar("float"), const=True),
        Pointer(Scalar("int")),
        Pointer(Array(Scalar("int"), 3)),
        Pointer(Array(Scalar("char"), 3)),
    ]
    assert [f.type for f in model.records[0].fields] == [
        Array(Scalar("int"), 3),
        Array(Array(Scalar("int"), 4), 2),
    ]


# -- unsupported declarations ---------------------------------------------------------------


@pytest.mark.parametrize(
    "declaration",
    [
        "double _Complex ggml_bad(void);",
        "void ggml_bad(__int128 x);",
        "void ggml_bad(const char * format, va_list arguments);",
        "typedef float ggml_v4 __attribute__((vector_size(16)));\nvoid ggml_bad(ggml_v4 v);",
        "struct ggml_over { int a; } __attribute__((aligned(64)));\nvoid ggml_bad(struct ggml_over o);",
        "struct ggml_over { char c; int a __attribute__((aligned(16))); };\nstruct ggml_over ggml_bad(void);",
        "struct ggml_w { long double _Complex z; };\nvoid ggml_bad(int n, struct ggml_w w);",
        "struct ggml_none;\nvoid ggml_bad(struct ggml_none by_value);",
        "struct ggml_over { int a; } __attribute__((aligned(64)));\n"
        "void ggml_bad(void (*callback)(struct ggml_over by_value));",
    ],
)
def test_what_ctypes_cannot_express_is_refused_by_name(tmp_path: Path, declaration: str) -> None:
    model = read(tmp_path, declaration + "\nint ggml_good(void);")
    assert functions(model) == ["ggml_good"]
    assert unsupported(model)["ggml_bad"]
    (bad,) = [d for d in model.unsupported if d.name == "ggml_bad"]
    assert bad.location.file == "ggml/include/ggml.h"


def test_a_refused_record_takes_along_those_that_hold_it_and_pointers_to_it_are_handles(
    tmp_path: Path,
) -> None:
    model = read(
        tmp_path,
        """
        struct ggml_over { int a; } __attribute__((aligned(64)));
        struct ggml_holder { struct ggml_over o; };
        struct ggml_pointer { struct ggml_over * o; };
        void ggml_f(struct ggml_over * o, struct ggml_holder * h);
        """,
    )
    assert {"ggml_over", "ggml_holder"} <= set(unsupported(model))
    assert [record.name for record in model.records] == ["ggml_pointer"]
    assert [handle.name for handle in model.handles] == ["ggml_holder", "ggml_over"]
    assert [p.type for p in model.functions[0].type.parameters] == [Named("ggml_over"), Named("ggml_holder")]


@pytest.mark.parametrize(
    "declaration",
    [
        "struct ggml_odd { unsigned a : 3; unsigned b : 5; int c : 20; int d; };",
        "struct ggml_odd { uint64_t a : 40; uint64_t b : 20; uint8_t c : 3; uint8_t d : 5; char e; };",
        "struct ggml_odd { char a; unsigned b : 4; unsigned c : 12; short d; };",
        "struct __attribute__((packed)) ggml_odd { unsigned a : 3; unsigned b : 30; char c; };",
        "struct ggml_odd { unsigned a : 20; unsigned b : 20; };",
        "struct ggml_odd { char a : 4; int b : 20; int64_t c : 30; };",
        "struct ggml_odd { unsigned a : 4; uint64_t b : 50; unsigned c : 10; };",
        "struct ggml_odd { int a : 3; int : 0; int b : 3; };",
        "struct ggml_odd { int a : 3; int : 5; int b : 3; };",
        "struct ggml_odd { bool a : 1; bool b : 1; unsigned c : 6; };",
        "enum ggml_e { GGML_A }; struct ggml_odd { enum ggml_e a : 3; unsigned b : 3; };",
        "union ggml_odd { int a : 3; double b; };",
        "struct ggml_odd { struct { char c; int a : 3; } inside; };",
    ],
)
def test_a_record_with_bit_fields_is_not_supported(tmp_path: Path, declaration: str) -> None:
    model = read(tmp_path, declaration)
    assert unsupported(model)["ggml_odd"] == "ctypes lays out bit-fields unlike C compilers"
    assert model.records == ()


# -- diagnostics ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        ("int ggml_f(ggml_unknown x);", "error", "ggml_unknown"),
        ('#include "ggml-missing.h"', "fatal error", "ggml-missing.h"),
        ("#error upstream says no", "error", "upstream says no"),
        ("struct ggml_a { int x; }; struct ggml_a { int y; };", "error", "redefinition"),
    ],
)
def test_errors_name_file_and_line(tmp_path: Path, line: str, kind: str, words: str) -> None:
    headers = make_tree(tmp_path, f"int ggml_good(void);\n{line}\n")
    with pytest.raises(HeaderError) as raised:
        parse(headers)
    message = str(raised.value)
    assert f"ggml/include/ggml.h:{PRELUDE_LINES + 2}: {kind}: " in message
    assert words in message
    assert str(tmp_path) not in message


# -- the headers and nothing else ---------------------------------------------------------------

TRICKY = """
struct ggml_a { struct { int x; union { float f; int i; }; } pos; union { int j; float g; }; };
enum { GGML_NAMELESS = 3 };
typedef struct { int y; } ggml_tagless;
typedef void (*ggml_callback)(struct ggml_a * a, void (*)(int64_t));
struct ggml_over { int a; } __attribute__((aligned(64)));
void ggml_f(struct ggml_a a, struct ggml_over * o, FILE * file);
#define GGML_TEXT "text"
"""


@needs_utf8_paths
def test_the_same_tree_gives_the_same_text_wherever_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = make_tree(tmp_path / "here", TRICKY)
    first = text(headers)
    assert text(headers) == first
    shutil.copytree(tmp_path / "here", tmp_path / "over there" / "ü")
    assert text(find(tmp_path / "over there" / "ü")) == first
    assert all(str(tmp_path) not in content and "here" not in content for content in first.values())


def test_other_headers_in_the_working_directory_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = make_tree(tmp_path / "tree", "int ggml_right(void);")
    make_tree(tmp_path / "elsewhere", "int ggml_wrong(void);", "int llama_wrong(void);")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert [function.name for function in parse(headers).functions] == ["ggml_right", "llama_one"]


@pytest.mark.parametrize("root", [".", "../tree", "include/.."])
def test_a_tree_by_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: str) -> None:
    absolute = text(make_tree(tmp_path / "tree", TRICKY))
    monkeypatch.chdir(tmp_path / "tree")
    assert text(find(Path(root))) == absolute


def test_the_compilers_environment_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = make_tree(tmp_path / "tree", "int ggml_right(void);")
    make_tree(tmp_path / "elsewhere", "int ggml_wrong(void);")
    first = text(headers)
    for variable in ("CPATH", "C_INCLUDE_PATH"):
        monkeypatch.setenv(variable, str(tmp_path / "elsewhere"))
    monkeypatch.setenv("CPATH", str(tmp_path / "elsewhere" / "ggml" / "include"))
    assert text(headers) == first


def test_a_tag_that_serves_as_a_type_name_as_in_cxx(tmp_path: Path) -> None:
    """ggml-opt.h of b4234 to b4980 is C++ in this respect, and so are upstream's compilations of it."""
    model = read(
        tmp_path,
        """
        struct ggml_ctx;
        struct ggml_params { int n; };
        int ggml_use(ggml_ctx * context, ggml_params params);
        """,
    )
    function = next(f for f in model.functions if f.name == "ggml_use")
    assert [parameter.type for parameter in function.type.parameters] == [
        Named("ggml_ctx"),
        Named("ggml_params"),
    ]


def test_headers_without_a_function_are_an_error(tmp_path: Path) -> None:
    """Whatever the reason, bindings without a function are not worth writing."""
    headers = make_tree(tmp_path, "struct ggml_s { int a; };", "static int llama_here(void) { return 1; }")
    with pytest.raises(HeaderError, match=r"declare no function"):
        parse(headers)


def test_file_names_of_libclang_on_windows_have_both_kinds_of_slash() -> None:
    """Comparing them as they are found no declaration in any public header (tests/emulation runs it)."""
    assert with_slashes(r"Z:\tree\include/llama.h", PureWindowsPath) == "Z:/tree/include/llama.h"
    assert with_slashes(r"/tree/odd\name.h", PurePosixPath) == r"/tree/odd\name.h"


def test_the_parser_uses_only_the_public_part_of_clangs_binding() -> None:
    """Newer releases of clang.cindex have other private attributes."""
    for path in (ROOT / "build_scripts" / "bindings" / "parse").glob("*.py"):
        private = {
            f"{path.name}:{node.lineno}: {node.attr}"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute)
            and node.attr.startswith("_")
            and not (isinstance(node.value, ast.Name) and node.value.id == "self")
        }
        assert not private
