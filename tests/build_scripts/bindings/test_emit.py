"""The emitted package, imported: the compiler's layouts, C's types, and text that is always Python."""

from __future__ import annotations

import ctypes
import itertools
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from build_scripts.bindings.emit import Provenance, emit
from build_scripts.bindings.ir import Array, Field, Location, Model, Named, Record, Scalar, memoize
from build_scripts.bindings.parse import parse
from tests.build_scripts.bindings.header_tree import Bindings, compile_c

P = ctypes.POINTER
Make = Callable[[str], Bindings]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    return lambda declarations: Bindings(tmp_path, declarations, monkeypatch)


# -- layouts ----------------------------------------------------------------------------------

LAYOUTS = """
struct ggml_plain { char a; int b; char c; int64_t d; bool e; double f; };
typedef struct { uint16_t bits; } ggml_tagless;
struct ggml_by_value { char c; struct ggml_plain p; ggml_tagless t[3]; };
struct ggml_arrays { char name[5]; int n[2][3]; void * p[2]; struct ggml_plain * q; };
struct ggml_nested {
    int async;
    struct { char x; union { double f; int as; }; } pos;
    union { int i; float g; };
    struct { char aa; struct { int64_t bb; } arr[3]; };
    const char * None;
    int class, def;
};
union ggml_union { int a; double b; char c[5]; struct { int x, y, z; } d; };
struct ggml_callbacks { char c; void (*f)(struct ggml_callbacks *, int64_t); bool (*g[2])(void *); };
struct ggml_second; struct ggml_first { struct ggml_second * s; };
struct ggml_second { char c; struct ggml_first f; struct ggml_second * next; };
struct ggml_flexible { int n; double data[]; };
struct ggml_enums { char c; enum { GGML_X } kind; };
struct __attribute__((packed)) ggml_packed { char a; int b; int64_t c; };
#pragma pack(push, 2)
struct ggml_pack2 { char a; int b; int64_t c; };
struct ggml_pack2_holder { char a; struct ggml_plain p; };
#pragma pack(pop)
struct ggml_holds_packed { char c; struct ggml_packed p; };
typedef int ggml_vec[3];
struct ggml_vecs { char c; ggml_vec v; ggml_vec m[2]; size_t s; ptrdiff_t d; intptr_t i; };
"""

# ctypes may refuse these, never get them wrong.
ODD = [
    "struct __attribute__((packed, aligned(4))) ggml_odd { char a; int b; short c; };",
    "struct ggml_odd { char a; int b __attribute__((packed)); int64_t c; };",
    "struct ggml_odd { char a; short b __attribute__((aligned(4))); };",
    "struct ggml_odd { char a; long double b; };",
    "struct ggml_odd { };",
    "struct ggml_odd { int a; struct { } b; int c; };",
    "struct ggml_odd { char a; int n[0]; };",
    "struct ggml_odd { int (*a)[3]; int * b[3]; char c; };",
]
REFUSED = [
    "struct ggml_odd { int a; } __attribute__((aligned(64)));",
    "struct ggml_odd { char c; int a __attribute__((aligned(16))); };",
    "struct ggml_o { int a; } __attribute__((aligned(64))); struct ggml_odd { char c; struct ggml_o o; };",
    "struct ggml_odd { float v __attribute__((vector_size(16))); };",
    "struct ggml_odd { __int128 a; };",
    "struct ggml_odd { double _Complex a; };",
]


def members(record: Record, records: dict[str, Record]) -> Iterator[Field]:
    """What can be reached in a record by one name."""
    for field in record.fields:
        if field.name:
            yield field
        else:
            assert isinstance(field.type, Named)
            yield from members(records[field.type.name], records)


def masks_by_compiler(model: Model, header: str, folder: Path) -> dict[str, object]:
    """Size, alignment and the bytes of each member of each record, as a compiled program finds them."""
    records = {record.name: record for record in model.records}
    lines = []
    for record in model.records:
        if record.spelling:
            lines.append(f'size("{record.name}", sizeof({record.spelling}), _Alignof({record.spelling}));')
            for field in members(record, records):
                place = f"x.{field.name}"
                fill = f"memset(&{place}, 0xff, sizeof {place})"
                if field.type == Array(Scalar("double"), 0):
                    fill = ""  # a flexible array has no size
                lines.append(
                    f"{{ {record.spelling} x; memset(&x, 0, sizeof x); {fill};"
                    f' dump("{record.name}.{field.name}", &x, sizeof x); }}'
                )
    program = """
        #include <stdio.h>
        #include <string.h>
        #include "%s"
        static const char * comma = "{";
        static void size(const char * name, size_t size, size_t align) {
            printf("%%s\\"%%s\\": [%%zu, %%zu]", comma, name, size, align); comma = ",\\n";
        }
        static void dump(const char * name, const void * data, size_t size) {
            printf("%%s\\"%%s\\": \\"", comma, name);
            for (size_t i = 0; i < size; i++) printf("%%02x", ((const unsigned char *) data)[i]);
            printf("\\"");
        }
        int main(void) { %s printf("}"); return 0; }
    """ % (Path(os.path.relpath(header, folder)).as_posix(), "\n".join(lines))  # fmt: skip # noqa: UP031 - C has braces
    done = subprocess.run(
        [compile_c(program, folder / "layout")], check=True, capture_output=True, timeout=60
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def masks_by_ctypes(bindings: Bindings) -> dict[str, object]:
    records = {record.name: record for record in bindings.model.records}
    found: dict[str, object] = {}
    for record in bindings.model.records:
        if record.spelling:
            made: type[ctypes.Structure] = getattr(bindings.types, record.name)
            size = ctypes.sizeof(made)
            found[record.name] = [size, ctypes.alignment(made)]
            for field in members(record, records):
                value = made()
                name = field.name if hasattr(made, field.name) else f"{field.name}_"
                descriptor = getattr(made, name)
                ctypes.memset(ctypes.addressof(value) + descriptor.offset, 0xFF, descriptor.size)
                found[f"{record.name}.{field.name}"] = bytes(value).hex()
    return found


def test_layouts_are_the_compilers(make: Make, tmp_path: Path) -> None:
    bindings = make(LAYOUTS)
    assert bindings.model.unsupported == ()
    assert len([record for record in bindings.model.records if record.spelling]) == 16
    header = (bindings.headers.root / "ggml" / "include" / "ggml.h").as_posix()
    assert masks_by_ctypes(bindings) == masks_by_compiler(bindings.model, header, tmp_path)


@pytest.mark.parametrize("declaration", ODD)
def test_an_odd_layout_is_the_compilers_or_refused(make: Make, tmp_path: Path, declaration: str) -> None:
    bindings = make(declaration)
    if "ggml_odd" not in {declaration.name for declaration in bindings.model.unsupported}:
        header = (bindings.headers.root / "ggml" / "include" / "ggml.h").as_posix()
        assert masks_by_ctypes(bindings) == masks_by_compiler(bindings.model, header, tmp_path)


@pytest.mark.parametrize("declaration", REFUSED)
def test_a_layout_that_ctypes_cannot_have_is_refused(make: Make, declaration: str) -> None:
    bindings = make(
        declaration + "\nint ggml_good(struct ggml_odd * odd);\nint ggml_bad(struct ggml_odd odd);"
    )
    assert {"ggml_odd", "ggml_bad"} <= {declaration.name for declaration in bindings.model.unsupported}
    assert "ggml_odd" not in {record.name for record in bindings.model.records}
    assert bindings.prototype("ggml_good") == (ctypes.c_int, bindings.types.ggml_odd)
    assert "ggml_bad" not in bindings.functions


def test_members_of_anonymous_records_are_reached_directly(make: Make) -> None:
    types = make("struct ggml_s { int a; union { int i; float f; }; struct { int b; }; };").types
    value = types.ggml_s(1)
    value.i, value.b = 2, 3
    assert (value.a, value.i, value.b) == (1, 2, 3)
    assert value.f != 0


# -- names ------------------------------------------------------------------------------------


def test_reserved_words_are_fields_and_parameters(make: Make) -> None:
    bindings = make(
        "struct ggml_s { int async, as, class, None, lambda, match, type; };\n"
        "void ggml_f(bool async, int as, int def);"
    )
    value = bindings.types.ggml_s()
    for name in ("async_", "as_", "class_", "None_", "lambda_", "match", "type"):
        setattr(value, name, 1)
    assert bytes(value) == bytes([1, 0, 0, 0] * 7)
    assert bindings.prototype("ggml_f") == (None, ctypes.c_bool, ctypes.c_int, ctypes.c_int)


def test_a_tag_and_a_function_of_one_name(make: Make) -> None:
    bindings = make("struct ggml_copy { int a; };\nstruct ggml_copy ggml_copy(struct ggml_copy * other);")
    made = bindings.types.struct_ggml_copy
    assert bindings.prototype("ggml_copy") == (made, P(made))
    assert not hasattr(bindings.types, "ggml_copy")


# -- types ------------------------------------------------------------------------------------


def test_each_object_is_asked_about_once() -> None:
    numbers = itertools.count(1)
    once, scalar = memoize(lambda _: next(numbers)), Scalar("int")
    assert [once(scalar), once(scalar)] == [1, 1]
    # None of these outlives its call but through what `once` keeps: no two have the same id.
    assert [once(Scalar("int")) for _ in range(100)] == [*range(2, 102)]


def test_scalars(make: Make) -> None:
    bindings = make(
        "long ggml_a(unsigned long, long long, unsigned long long, short, unsigned short, float);\n"
        "size_t ggml_b(ptrdiff_t, intptr_t, uintptr_t, char, signed char, unsigned char, bool);\n"
        "int64_t ggml_c(int8_t a, uint8_t b, int16_t c, uint16_t d, int32_t e, uint32_t f, uint64_t g);\n"
        "double ggml_d(void);\n"
    )
    c = ctypes
    assert bindings.prototype("ggml_a") == (
        c.c_long, c.c_ulong, c.c_longlong, c.c_ulonglong, c.c_short, c.c_ushort, c.c_float,
    )  # fmt: skip
    assert bindings.prototype("ggml_b") == (
        c.c_size_t, c.c_ssize_t, c.c_ssize_t, c.c_size_t, c.c_char, c.c_byte, c.c_ubyte, c.c_bool,
    )  # fmt: skip
    assert bindings.prototype("ggml_c") == (
        c.c_int64, c.c_int8, c.c_uint8, c.c_int16, c.c_uint16, c.c_int32, c.c_uint32, c.c_uint64,
    )  # fmt: skip
    assert bindings.prototype("ggml_d") == (c.c_double,)


def test_int64_is_spelled_so_everywhere_for_long_is_narrower_on_windows(make: Make) -> None:
    bindings = make(
        """
        typedef int64_t ggml_count;
        typedef int64_t (*ggml_callback)(int64_t n, const uint64_t * out, ggml_count m);
        typedef ggml_callback ggml_alias;
        enum ggml_wide { GGML_WIDE = 0x100000000LL };
        struct ggml_s { int64_t n; uint64_t (*f)(int64_t); enum ggml_wide wide; };
        void ggml_f(int64_t a, void (*b)(int64_t, void (*inner)(uint64_t)), ggml_alias c, enum ggml_wide w);
        int64_t (*ggml_g(void))(int64_t);
        static const int64_t GGML_N = 1;
        """
    )
    # On this machine c_int64 may be c_long, so it is the text that tells.
    for name in ("types.py", "functions.py"):
        text = (bindings.folder / "_generated" / name).read_text(encoding="utf-8")
        body = re.sub(r"from ctypes import \(.*?\)", "", text, flags=re.DOTALL)
        assert "c_int64" in body
        assert not re.search(r"\bc_u?long\b", body)
    assert bindings.prototype("ggml_f")[1] is ctypes.c_int64


def test_text_and_bytes_and_pointers_to_pointers(make: Make) -> None:
    bindings = make(
        """
        struct ggml_hidden; struct ggml_seen { int x; };
        const char * ggml_a(char * s, const char * t, const char ** u, char ** v, const char * const * w);
        char * ggml_b(void * x, const void * y, void ** z, unsigned char * n, const uint8_t * m);
        void ggml_c(struct ggml_hidden **, struct ggml_seen ***, const struct ggml_seen * const *, int ***);
        void ggml_d(const char * argv[], char buffer[16], const char text[]);
        """
    )
    char, text, void = P(ctypes.c_char), ctypes.c_char_p, ctypes.c_void_p
    hidden, seen = bindings.types.ggml_hidden, bindings.types.ggml_seen
    assert bindings.prototype("ggml_a") == (text, char, text, P(text), P(char), P(text))
    assert bindings.prototype("ggml_b") == (char, void, void, P(void), P(ctypes.c_ubyte), P(ctypes.c_uint8))
    assert bindings.prototype("ggml_c") == (None, P(hidden), P(P(P(seen))), P(P(seen)), P(P(P(ctypes.c_int))))
    assert bindings.prototype("ggml_d") == (None, P(text), char, text)


def test_each_opaque_struct_is_a_type_of_its_own(make: Make) -> None:
    bindings = make(
        """
        typedef struct ggml_backend * ggml_backend_t;
        struct ggml_model;
        ggml_backend_t ggml_f(struct ggml_model *, ggml_backend_t *, const struct ggml_backend *, FILE *);
        """
    )
    types = bindings.types
    assert types.ggml_backend_t is types.ggml_backend
    assert bindings.prototype("ggml_f") == (
        types.ggml_backend, types.ggml_model, P(types.ggml_backend), types.ggml_backend, types.FILE,
    )  # fmt: skip
    assert issubclass(types.ggml_model, ctypes.c_void_p)
    function = ctypes.CFUNCTYPE(None, types.ggml_model)(lambda _: None)
    function(types.ggml_model())
    with pytest.raises(ctypes.ArgumentError):
        function(types.ggml_backend())


def test_enums_are_integers_in_c(make: Make) -> None:
    bindings = make(
        "enum ggml_e { GGML_A = -1, GGML_B = 1 << 3 }; typedef enum { GGML_C } ggml_t;\n"
        "enum ggml_e ggml_f(enum ggml_e e, ggml_t t, const enum ggml_e * p);"
    )
    assert bindings.prototype("ggml_f") == (ctypes.c_int, ctypes.c_int, ctypes.c_int, P(ctypes.c_int))
    assert (bindings.constants.GGML_A, bindings.constants.GGML_B) == (-1, 8)
    assert bindings.constants.ENUMS == {"ggml_e": "GGML_A GGML_B", "ggml_t": "GGML_C"}


def test_variadic_functions_fix_what_is_fixed(make: Make) -> None:
    assert make("int ggml_f(const char * format, ...);").prototype("ggml_f") == (
        ctypes.c_int,
        ctypes.c_char_p,
    )


# -- callbacks --------------------------------------------------------------------------------


def test_callbacks_work_from_python(make: Make) -> None:
    types = make(
        """
        struct ggml_tensor { int x; };
        typedef bool (*ggml_plain)(int64_t n, const char * text);
        typedef struct ggml_tensor * (*ggml_pointer)(void);
        typedef const char * (*ggml_text)(void);
        typedef ggml_plain (*ggml_callback)(void);
        """
    ).types
    assert types.ggml_plain(lambda n, text: n == 2**40 and text == b"x")(2**40, b"x") is True
    # ctypes makes no callback that returns another pointer type.
    for name in ("ggml_pointer", "ggml_text", "ggml_callback"):
        assert getattr(types, name)(lambda: 4096)() == 4096


def test_a_callback_returning_a_struct_is_cast_from_c(make: Make) -> None:
    types = make("struct ggml_pair { int a, b; };\ntypedef struct ggml_pair (*ggml_pairs)(int a);").types
    with pytest.raises(TypeError):
        types.ggml_pairs(lambda _: types.ggml_pair())
    address = ctypes.cast(ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int)(lambda a: a), ctypes.c_void_p).value
    assert address
    assert types.ggml_pairs(address)(7).a == 7


def test_function_pointers_without_a_name(make: Make) -> None:
    bindings = make(
        """
        struct ggml_t { int x; };
        void ggml_f(bool (*callback)(int64_t, struct ggml_t *), void (**out)(int));
        int (*ggml_g(int x))(int64_t);
        struct ggml_s { int (*one)(const char *, ...); void (*many[3])(int); };
        """
    )
    _, callback, out = bindings.prototype("ggml_f")
    assert isinstance(callback, type)
    assert callback(lambda n, _: n == 2)(2, None) is True
    assert out is not None
    result, argument = bindings.prototype("ggml_g")
    assert isinstance(result, type)
    assert result(lambda n: n + 1)(1) == 2
    assert argument is ctypes.c_int
    assert ctypes.sizeof(bindings.types.ggml_s) == 4 * ctypes.sizeof(ctypes.c_void_p)
    fields = dict(bindings.types.ggml_s._fields_)
    named = {
        "ggml_f_callback": callback,
        "ggml_f_out": out._type_,  # type: ignore[attr-defined]
        "ggml_g_result": result,
        "ggml_s_one": fields["one"],
        "ggml_s_many": fields["many"]._type_,
    }
    for name, kind in named.items():
        assert kind is getattr(bindings.types, name)
        assert kind.__name__ == name
        assert f"class {name}(_Callback):" in bindings.stub
    assert '"bool (*callback)(int64_t, struct ggml_t *)\\n\\n' in bindings.stub
    assert '"void (*out)(int)\\n\\n' in bindings.stub


def test_a_name_that_the_header_uses_is_not_given_again(make: Make) -> None:
    types = make(
        "struct ggml_s { int (*one)(int); };\nvoid ggml_s_one(void);\nstruct ggml_s_one_ { int x; };"
    ).types
    assert dict(types.ggml_s._fields_)["one"] is types.ggml_s_one__


def test_c_keeps_structs_of_nothing_but_callbacks(make: Make) -> None:
    types = make(
        """
        typedef int (*ggml_call)(int);
        struct ggml_table { ggml_call one; void (*two)(void); };
        struct ggml_params { ggml_call one; void * data; };
        struct ggml_array { ggml_call one[2]; };
        union ggml_either { ggml_call one; ggml_call two; };
        """
    ).types
    assert types.ggml_table.__base__ is types.Interface
    for other in (types.ggml_params, types.ggml_array, types.ggml_either):
        assert not issubclass(other, types.Interface)


def test_stubs_know_which_functions_are_callbacks(make: Make) -> None:
    stub = make(
        """
        struct ggml_opaque;
        typedef struct ggml_opaque * (*ggml_first)(int n);
        typedef int (*ggml_second)(const char * text);
        typedef int (*ggml_third)(const char * other);
        struct ggml_opaque * ggml_a(int count);
        int ggml_b(const char * text);
        int ggml_c(char * text);
        """
    ).stub
    assert re.search(r"(?m)^@_is\(ggml_first\)\ndef ggml_a\(count: int, /\) -> ggml_opaque \| None:", stub)
    assert re.search(r"(?m)^@_is\(_ggml_second_ggml_third\)\ndef ggml_b\(", stub)
    assert "class _ggml_second_ggml_third(ggml_second, ggml_third): ...\n" in stub
    assert not re.search(r"@_is\(\w+\)\ndef ggml_c", stub)
    assert "function: Callable[[int], int | None] | int = ...," in stub  # a handle is an address


def test_a_named_function_type_behind_a_pointer(make: Make) -> None:
    bindings = make("typedef int ggml_fn(int64_t x);\nvoid ggml_f(ggml_fn * a, ggml_fn b);")
    _, first, second = bindings.prototype("ggml_f")
    for kind in (first, second):
        assert isinstance(kind, type)
        assert kind(lambda x: x + 1)(1) == 2


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ("void", []),
        ("", []),
        ("const char * text, size_t n", ["text", "n"]),
        ("int a[4], float b[2][3]", ["a", "b"]),
        ("void (*done)(int, char), void * data", ["done", "data"]),
        ("FILE *, unsigned int, int64_t **", ["arg0", "arg1", "arg2"]),
        ("int arg1, int", ["arg1", "arg1_1"]),
        ("int async, int lambda", ["async_", "lambda_"]),
        ("const char * format, ...", ["format", "..."]),
    ],
)
def test_the_table_names_the_parameters(make: Make, parameters: str, names: list[str]) -> None:
    assert make(f"void ggml_f({parameters});").table.row("ggml_f").parameters == names


# -- text -------------------------------------------------------------------------------------


def test_whatever_text_a_header_holds_comes_back(make: Make) -> None:
    bindings = make(
        r"""
        #define GGML_TEXT "tab\t, return\r, newline\n, bell\a, quote\", backslash\\, ü, \U0001F999, '''"
        int ggml_f(int x) __attribute__((deprecated("say \"please\"\r\n\\")));
        """
    )
    expected = "tab\t, return\r, newline\n, bell\a, quote\", backslash\\, ü, \U0001f999, '''"
    assert expected == bindings.constants.GGML_TEXT
    assert bindings.deprecated["ggml_f"].startswith('say "please"')
    assert bindings.deprecated["ggml_f"].endswith("\\")


def test_quotes_backslashes_and_empty_messages_in_the_table(make: Make) -> None:
    bindings = make(
        r"""
        int ggml_a(int x) __attribute__((deprecated("three \"\"\" four \"\"\"\" and \\n\tend\"")));
        int ggml_b(int x) __attribute__((deprecated));
        int ggml_c(int x);
        """
    )
    messages = [bindings.table.row(name).deprecated for name in ("ggml_a", "ggml_b", "ggml_c")]
    assert messages == ['three """ four """" and \\n end"', "", None]


def test_numbers_that_are_none_are_still_python(make: Make) -> None:
    constants = make(
        "#define GGML_INF (1.0/0.0)\n#define GGML_NEGATIVE (-1.0/0.0)\n#define GGML_NAN (0.0/0.0)"
    ).constants
    assert getattr(constants, "GGML_INF", float("inf")) == float("inf")
    assert getattr(constants, "GGML_NEGATIVE", float("-inf")) == float("-inf")
    nan = getattr(constants, "GGML_NAN", float("nan"))
    assert nan != nan  # noqa: PLR0124 - what makes it one


def test_every_file_says_where_it_comes_from_and_nothing_of_this_machine(make: Make, tmp_path: Path) -> None:
    bindings = make(LAYOUTS)
    for path in (bindings.folder / "_generated").iterdir():
        if path.suffix == ".py":
            text = path.read_text(encoding="utf-8")
            assert "llama.cpp b1\n" in text[:200]
            assert bindings.headers.sha256 in text[:300]
            assert str(tmp_path) not in text
            assert not re.search(r"(?m)(^|[\s\"'(`])/\w", text)
            assert "unnamed" not in text
            assert text.endswith("\n")


def test_emit_is_a_function_of_the_model(make: Make) -> None:
    bindings = make(LAYOUTS)
    provenance = Provenance("b1", "0" * 64)
    first = emit(bindings.model, provenance)
    assert emit(parse(bindings.headers), provenance) == first
    empty = emit(Model((), (), (), (), (), (), (), ()), provenance)
    assert empty.keys() == first.keys()
    record = Record("ggml_x", "struct", (), 0, 1, None, "struct ggml_x", Location("a.h", 1))
    one = emit(Model((), (record,), (), (), (), (), (), ()), provenance)
    assert {name for name in one if one[name] != empty[name]} == {"__init__.py", "types.py", "__init__.pyi"}


def test_records_that_point_to_a_refused_one_are_still_python(make: Make) -> None:
    bindings = make(
        """
        struct ggml_b;
        struct ggml_a { struct ggml_b * b; struct ggml_a * next; int x; } __attribute__((aligned(64)));
        struct ggml_b { struct ggml_a * a; };
        void ggml_f(struct ggml_b * b);
        """
    )
    assert dict(bindings.types.ggml_b._fields_)["a"] is bindings.types.ggml_a
