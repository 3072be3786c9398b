"""Every kind of difference is found, on the declaration it is about, and judged by what it breaks."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from build_scripts import cli
from build_scripts.bindings.abi_digest import digest
from build_scripts.bindings.diff import Change, Diff, compare, summary, to_json, to_markdown, to_text
from build_scripts.bindings.headers import find
from build_scripts.bindings.ir import Location, Model, UnsupportedDeclaration
from build_scripts.bindings.parse import parse
from tests.build_scripts.bindings.header_tree import POSTLUDE, PRELUDE, make_tree, read


def differences(folder: Path, old: str, new: str) -> dict[str, Change]:
    found = compare(read(folder / "old", old), read(folder / "new", new)).changes
    changes = {f"{change.kind} {change.name}": change for change in found}
    assert len(changes) == len(found)
    return changes


NEITHER, ABI, SOURCE, BOTH = "", "abi", "source", "abi source"

# What there was, what there is, whose difference that is, the part and what became of it, what it breaks.
CASES = {
    "function removed": ("int f(int x);", "", "function f", " removed", BOTH),
    "function added": ("", "int f(int x);", "function f", " added", NEITHER),
    "parameter added": ("int f(int x);", "int f(int x, int y);", "function f", "parameter 2 y added", BOTH),
    "parameter inserted": (
        "int f(int x, int z);", "int f(int x, bool y, int z);", "function f", "parameter 2 y added", BOTH,
    ),
    "parameter removed": (
        "int f(int x, int y);", "int f(int y);", "function f", "parameter 1 x removed", BOTH,
    ),
    "parameter widened": ("int f(int x);", "int f(int64_t x);", "function f", "parameter 1 x changed", BOTH),
    "parameter of another class": (
        "int f(int x);", "int f(float x);", "function f", "parameter 1 x changed", BOTH,
    ),
    "parameter of another sign": (
        "int f(int x);", "int f(unsigned x);", "function f", "parameter 1 x changed", SOURCE,
    ),
    "number turned pointer": (
        "int f(int64_t x);", "int f(int * x);", "function f", "parameter 1 x changed", BOTH,
    ),
    "pointed-to width": (
        "int f(int * x);", "int f(int64_t * x);", "function f", "parameter 1 x changed", BOTH,
    ),
    "pointer to anything": (
        "int f(int * x);", "int f(void * x);", "function f", "parameter 1 x changed", SOURCE,
    ),
    "const gained": (
        "int f(int * x);", "int f(const int * x);", "function f", "parameter 1 x changed", NEITHER,
    ),
    "const lost": ("int f(const int * x);", "int f(int * x);", "function f", "parameter 1 x changed", SOURCE),
    "const result": ("char * f(void);", "const char * f(void);", "function f", "result changed", SOURCE),
    "plain result": ("const char * f(void);", "char * f(void);", "function f", "result changed", NEITHER),
    "result": ("int f(void);", "void f(void);", "function f", "result changed", BOTH),
    "variadic": ("int f(int x);", "int f(int x, ...);", "function f", "variable arguments added", ABI),
    "exported name": (
        "int f(int x);", 'int f(int x) __asm__("g");', "function f", "exported name changed", ABI,
    ),
    "by value, another": (
        "struct a { int x; }; struct b { int x; }; int f(struct a v);",
        "struct a { int x; }; struct b { int x; }; int f(struct b v);",
        "function f", "parameter 1 v changed", BOTH,
    ),
    "enum turned int": (
        "enum e { E }; int f(enum e v);", "enum e { E }; int f(int v);",
        "function f", "parameter 1 v changed", SOURCE,
    ),
    "deprecated": (
        "int f(int x);", 'DEPRECATED(int f(int x), "use g");', "function f", " deprecated", NEITHER,
    ),
    "undeprecated": (
        'DEPRECATED(int f(int x), "use g");', "int f(int x);", "function f", " undeprecated", NEITHER,
    ),
    "callback parameter": (
        "typedef int (*cb)(int); int f(cb c);", "typedef int (*cb)(float); int f(cb c);",
        "callback cb", "parameter 1 changed", BOTH,
    ),
    "nameless callback": (
        "int f(int (*c)(int));", "int f(int (*c)(float));", "function f", "parameter 1 c changed", BOTH,
    ),
    "typedef widened": (
        "typedef int id; int f(id x);", "typedef int64_t id; int f(id x);",
        "typedef id", "type changed", BOTH,
    ),
    "typedef removed": ("typedef int id;", "", "typedef id", " removed", SOURCE),
    "callback removed": ("typedef int (*cb)(int);", "", "callback cb", " removed", SOURCE),
    "field added at the end": (
        "struct s { int a; };", "struct s { int a; int b; };", "struct s", "field b added", ABI,
    ),
    "field added in the padding": (
        "struct s { int64_t a; int b; };", "struct s { int64_t a; int b; int c; };",
        "struct s", "field c added", ABI,
    ),
    "field removed": (
        "struct s { int a; int b; };", "struct s { int a; };", "struct s", "field b removed", BOTH,
    ),
    "fields swapped": (
        "struct s { int a; int b; };", "struct s { int b; int a; };", "struct s", "field a moved", ABI,
    ),
    "field of another type, same size": (
        "struct s { int a; int b; };", "struct s { int a; float b; };", "struct s", "field b changed", BOTH,
    ),
    "field renamed": ("struct s { int a; };", "struct s { int b; };", "struct s", "field a renamed", SOURCE),
    "array longer": (
        "struct s { char a[8]; };", "struct s { char a[16]; };", "struct s", "field a changed", ABI,
    ),
    "size": ("struct s { int a; };", "struct s { int a; int b; };", "struct s", "size changed", ABI),
    "alignment": (
        "struct s { int a; int b; };", "struct s { int64_t a; };", "struct s", "alignment changed", ABI,
    ),
    "struct turned union": ("struct s { int a; };", "union s { int a; };", "union s", "kind changed", BOTH),
    "struct removed": ("struct s { int a; };", "", "struct s", " removed", SOURCE),
    "hidden": (
        "struct s { int a; }; int f(struct s * p);", "struct s; int f(struct s * p);",
        "struct s", " opaque", BOTH,
    ),
    "shown": (
        "struct s; int f(struct s * p);", "struct s { int a; }; int f(struct s * p);",
        "struct s", " complete", NEITHER,
    ),
    "typedef turned struct": ("typedef int s;", "struct s { int a; };", "struct s", " changed", BOTH),
    "enumerator added": ("enum e { A };", "enum e { A, B };", "enum e", "enumerator B added", NEITHER),
    "enumerator removed": ("enum e { A, B };", "enum e { A };", "enum e", "enumerator B removed", SOURCE),
    "enumerator renumbered": ("enum e { A };", "enum e { A = 4 };", "enum e", "enumerator A changed", ABI),
    "nameless enum": ("enum { A, B };", "enum { A, B = 4 };", "enum of A", "enumerator B changed", ABI),
    "enum widened": ("enum e { A };", "enum e { A, B = 1LL << 40 };", "enum e", "type changed", BOTH),
    "enum removed": ("enum e { A };", "", "enum e", " removed", SOURCE),
    "enum added": ("", "enum e { A };", "enum e", " added", NEITHER),
    "constant changed": ("#define N 1\n", "#define N 2\n", "constant N", "value changed", ABI),
    "constant removed": ("#define N 1\n", "", "constant N", " removed", SOURCE),
    "constant added": ("", "#define N 1\n", "constant N", " added", NEITHER),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "whose", "what", "breaks"), CASES.values(), ids=CASES)
def test_a_difference_is_found_and_judged(
    tmp_path: Path, old: str, new: str, whose: str, what: str, breaks: str
) -> None:
    changes = differences(tmp_path, old, new)
    assert list(changes) == [whose]  # said once, and nowhere else
    facts = [fact for fact in changes[whose].facts if f"{fact.part} {fact.change}" == what]
    judged = [("abi " * fact.breaks_abi + "source" * fact.breaks_source).strip() for fact in facts]
    assert judged == [breaks], changes[whose]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("int f(int x);", "\n\nint f(int renamed);"),
        ("int f(int32_t x);", "int f(int x);"),
        ("typedef int id; int f(int x);", "typedef int id; int f(id x);"),
        ("struct s { int a; };", "struct  s\n{\n int\ta; };"),
        ("int f(int x[4]);", "int f(int * x);"),
        ("enum e { A, B };", "enum e { A = 0, B = 1 };"),
        ("#define N 4\n", "#define N (2 + 2)\n"),
        ("enum e { A, N };", "enum e { A };\n#define N 1\n"),
        ("struct s; int f(const struct s * p);", "struct s; int f(struct s const * p);"),
    ],
)
def test_what_is_no_difference(tmp_path: Path, old: str, new: str) -> None:
    assert differences(tmp_path, old, new) == {}


def test_a_function_that_takes_a_tags_name_changes_nothing_about_the_tag(tmp_path: Path) -> None:
    old = "struct s { int a; }; int g(struct s v);"
    assert list(differences(tmp_path, old, f"{old} int s(void);")) == ["function s"]


def test_users_of_a_changed_type_are_not_repeated(tmp_path: Path) -> None:
    common = "int by_value(struct s v); int behind(struct s * p); struct t { struct s * p; };"
    changes = differences(tmp_path, f"struct s {{ int a; }}; {common}", f"struct s {{ float a; }}; {common}")
    assert list(changes) == ["struct s"]


def test_what_ctypes_cannot_express_any_more_is_not_called_removed(tmp_path: Path) -> None:
    old = read(tmp_path, "int f(int x);")
    new = replace(
        read(tmp_path, ""), unsupported=(UnsupportedDeclaration("f", "no such type", Location("a.h", 1)),)
    )
    (change,) = compare(old, new).changes
    assert change.whole() == "refused"
    assert (change.breaks_abi, change.breaks_source) == (False, True)
    assert "no such type" in to_text(compare(old, new), "b1", "b2")


# -- reports ----------------------------------------------------------------------------------------

OLD = (
    "int gone(int x);\nint f(int x);\nint g(int x);\n"
    "struct s { int a; };\nenum e { A, B, C, D, E };\n#define N 1\n"
)
NEW = (
    'int f(int64_t x);\nDEPRECATED(int g(int x), "use *f*");\nint fresh(void);\n'
    "struct s { int a; int b; };\nenum e { Z, A, B, C, D, E };\n"
)


@pytest.fixture
def found(tmp_path: Path) -> Diff:
    old, new = make_tree(tmp_path / "old", OLD), make_tree(tmp_path / "new", NEW)
    extra = tmp_path / "old" / "ggml" / "include" / "ggml-extra.h"
    extra.write_text(f"{PRELUDE}int extra_one(void);\nint extra_two(void);\n{POSTLUDE}")
    return compare(parse(find(old.root)), parse(new))


def test_text_says_what_breaks_first_and_ends_with_a_line_of_numbers(found: Diff) -> None:
    text = to_text(found, "b1", "b2")
    titles = re.findall(r"(?m)^(\w.*) \((\d+)\)$", text)
    assert titles == [
        ("Breaks ABI and source", "4"),
        ("Breaks ABI", "2"),
        ("Breaks source", "1"),
        ("Deprecated", "1"),
        ("Added", "1"),
    ]
    assert text.splitlines()[-1] == (
        "b1 -> b2: breaks 4 ABI and source, 2 ABI only, 1 source only; 1 deprecated, 1 added"
    )
    assert "\n  header    ggml-extra.h  removed, with 2 functions\n" in text
    assert "extra_one" not in text
    assert "\n  function  f             parameter 1 x: int -> int64_t\n" in text
    assert "5 enumerators renumbered, from A 0 -> 1 to E 4 -> 5" in text
    assert not any(line != line.rstrip() for line in text.splitlines())


def test_markdown_escapes_c_and_leaves_out_what_breaks_nothing_if_brief(found: Diff) -> None:
    whole, brief = to_markdown(found), to_markdown(found, level=4, brief=True)
    assert "- function `g`: deprecated: use \\*f\\*" in whole
    assert "\n## Breaks ABI\n\n- " in whole
    assert "`fresh`" in whole
    assert "\n#### Breaks ABI\n\n- " in brief
    assert "`fresh`" not in brief
    assert brief.startswith("Breaks 4 ABI and source")


def test_json_has_the_documented_keys_and_every_fact(found: Diff) -> None:
    document = json.loads(to_json(found, "b1", "b2"))
    assert list(document) == ["format", "old", "new", "summary", "headers", "changes"]
    assert document["summary"] == {
        "breaks_abi": 6, "breaks_source": 5, "added": 1, "removed": 4, "deprecated": 1,
    }  # fmt: skip
    assert document["headers"] == {"added": [], "removed": ["ggml-extra.h"]}
    changes = {change["name"]: change for change in document["changes"]}
    assert changes["f"] == {
        "kind": "function", "name": "f", "header": "ggml.h", "breaks_abi": True, "breaks_source": True,
        "facts": [{
            "part": "parameter 1 x", "change": "changed", "old": "int", "new": "int64_t",
            "breaks_abi": True, "breaks_source": True,
        }],
    }  # fmt: skip
    assert {"extra_one", "extra_two"} <= changes.keys()
    assert len(changes["e"]["facts"]) == 6
    assert to_json(found, "b1", "b2") == to_json(found, "b1", "b2")


def test_no_differences(tmp_path: Path) -> None:
    model: Model = read(tmp_path, OLD)
    nothing = compare(model, model)
    assert nothing == Diff((), (), ())
    assert summary(nothing) == "no differences"
    assert to_text(nothing, "b1", "b2") == "b1 -> b2: no differences\n"


# -- the command ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "expected"),
    [([], "1 ABI and source"), (["--json"], '"format": 1'), (["--markdown"], "- function `f`")],
)
def test_the_command_compares_folders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: list[str], expected: str
) -> None:
    make_tree(tmp_path / "old", "int f(int x);")
    make_tree(tmp_path / "new", "int f(float x);")
    assert cli.main(["diff", str(tmp_path / "old"), str(tmp_path / "new"), *option]) == 0
    assert expected in capsys.readouterr().out


def test_what_is_neither_tag_nor_folder_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["diff", str(tmp_path / "nowhere"), "b1"]) == 2
    err = capsys.readouterr().err
    assert re.fullmatch(r"error: [^\n]*nowhere[^\n]*\n", err)


# A digest is equal or not: it has no way to accept a type or constant that only one side has.
ONE_SIDED = {
    "typedef turned struct", "callback removed", "struct removed", "hidden", "shown", "enumerator added",
    "enumerator removed", "enum removed", "enum added", "constant removed", "constant added",
    "pointer to anything", "field renamed",
}  # fmt: skip
ALIKE = {
    "other names of one type": ("int f(int32_t x);", "int f(int x);"),
    "64 bits": ("int f(size_t * x);", "int f(uint64_t * x);"),
    "long is narrower on Windows": ("int f(int64_t x);", "int f(long x);"),
    "in a struct": ("struct s { uint16_t a; };", "struct s { unsigned short a; };"),
    "renumbered": ("enum e { A = 1, B };", "enum e { A = 1, B = 3 };"),
}


PAIRS = {name: case[:2] for name, case in CASES.items()} | ALIKE


@pytest.mark.parametrize(("old", "new"), PAIRS.values(), ids=PAIRS)
def test_diff_and_the_digest_agree(
    tmp_path: Path, request: pytest.FixtureRequest, old: str, new: str
) -> None:
    before, after = read(tmp_path / "old", old), read(tmp_path / "new", new)
    breaks = any(
        change.breaks_abi for pair in ((before, after), (after, before)) for change in compare(*pair).changes
    )
    differs = digest(before) != digest(after)
    if request.node.callspec.id in ONE_SIDED:
        assert differs >= breaks
    else:
        assert differs == breaks
