"""help(): the comments of the package's headers, or a link; and the module without a library."""

from __future__ import annotations

import ctypes
import enum
import inspect
import json
import os
import pydoc
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import llama_ctypes as llama
from llama_ctypes import _api, _binary, _generated, _help, _record, _table
from llama_ctypes._generated import types
from llama_ctypes._record import Handle, Structure, Union
from tests.llama_ctypes.tiny_library import LLAMA, ROOT, compile_library, python
from tests.systems import library_name

PACKAGE = ("Library", "lib", "llama_ctypes") if sys.platform == "win32" else ("lib", "llama_ctypes")
WriteHeader = Callable[[str, str], None]


@pytest.fixture
def write_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WriteHeader]:
    """Write a header of an installed package, in which the line after `@` is at a place like `a.h:7`."""

    def write(place: str, text: str) -> None:
        file, _, line = place.rpartition(":")
        before, _, after = text.partition("@\n")
        path = tmp_path.joinpath(*PACKAGE, "include", file)
        path.parent.mkdir(parents=True, exist_ok=True)
        padding = "\n" * (int(line) - 1 - before.count("\n"))
        path.write_text(padding + before + after, encoding="utf-8")
        forget()

    def forget() -> None:
        _help._header.cache_clear()
        _help.type_.cache_clear()

    monkeypatch.setattr(_binary, "package_prefix", lambda: str(tmp_path))
    forget()
    yield write
    forget()


PLACE = _table.row("llama_tokenize").place
ORIGIN = f"{PLACE} of llama.cpp {_generated.RELEASE}, in libllama.so"
LINK = f"https://github.com/ggml-org/llama.cpp/blob/{_generated.RELEASE}/{PLACE.replace(':', '#L', 1)}"


def paragraphs(name: str = "llama_tokenize") -> list[str]:
    return _help.function(name, "libllama.so").split("\n\n")


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("// of another\n\n// One\n//  - two\n@\nint llama_tokenize(int x);\n", "One\n - two"),
        ("/// One\n///\n@\nint llama_tokenize(int x);\n", "One"),
        ("/* One\n * two\n */\n@\nint llama_tokenize(int x);\n", "One\ntwo"),
        ("/** One */\n@\nint llama_tokenize(int x); /* two */\n", "One\ntwo"),
        ("int other; // of another\n@\nint llama_tokenize(int x); // One\n", "One"),
        ("// One\nMACRO\n@\nint llama_tokenize(\n  int x, // two\n  int y[2]); // three\n",
         "One\nx: two\ny: three"),
        ("// One\n@\nMACRO(\n int llama_tokenize(int x), // two\n \"a // b;\");\nint z; // no", "One\ntwo"),
    ],
)  # fmt: skip
def test_the_comment_above_and_behind_a_function(write_header: WriteHeader, text: str, comment: str) -> None:
    write_header(PLACE, text)
    declaration, found, origin, *_ = paragraphs()
    assert declaration == _table.row("llama_tokenize").declaration
    assert found == comment
    assert origin == ORIGIN


def test_a_function_without_a_comment(write_header: WriteHeader) -> None:
    write_header(PLACE, "// of another\n\n@\nint llama_tokenize(int x);\n// of the next\n")
    assert paragraphs()[1] == ORIGIN


def test_a_header_of_another_release_is_not_used(write_header: WriteHeader) -> None:
    write_header(PLACE, "// Wrong\n@\nint other(int x);\nint llama_tokenize(int x);\n")
    assert paragraphs()[1] == f"{ORIGIN}\n{LINK}"
    write_header(PLACE, "// Wrong\n@\nint llama_tokenize_more(int x);\n")
    assert paragraphs()[1] == f"{ORIGIN}\n{LINK}"


def test_without_headers_there_is_a_link(write_header: WriteHeader) -> None:
    assert paragraphs()[1] == f"{ORIGIN}\n{LINK}"


def test_scalar_types_are_explained() -> None:
    assert "llama_token: int32_t" in paragraphs()
    assert "llama_seq_id: int32_t\nllama_pos: int32_t" in paragraphs("llama_memory_seq_rm")


def place_of(spelling: str) -> str:
    sources = "".join(
        (ROOT / "llama_ctypes" / "_generated" / name).read_text(encoding="utf-8")
        for name in ("types.py", "constants.py")
    )
    return sources.partition(f"{spelling} (")[2].partition(")")[0].strip("` (")


def test_a_struct_shows_its_fields(write_header: WriteHeader) -> None:
    place = types.llama_batch.__dict__["__doc__"]._text.partition("(")[2].rstrip(")")
    write_header(
        place, "// One\n@\nstruct llama_batch { // body\n int n_tokens; // two\n // three\n int * pos;\n};\n"
    )
    lines = str(inspect.getdoc(llama.llama_batch)).splitlines()
    assert lines[:5] == ["struct llama_batch", "", "One", "body", ""]
    start = lines.index("fields:")
    assert lines[start + 1 : start + 4] == [
        "    n_tokens: c_int32",
        "        two",
        "    token: POINTER(llama_token)",
    ]
    position = lines.index("    pos: POINTER(llama_pos)")
    assert lines[position + 1] == "        three"
    assert lines[position + 2].startswith("    n_seq_id: ")
    assert inspect.getdoc(llama.llama_batch()) == inspect.getdoc(llama.llama_batch)


def test_an_enum_shows_its_values(write_header: WriteHeader) -> None:
    place = place_of("# enum llama_split_mode")
    write_header(place, "// One\n@\nenum llama_split_mode {\n LLAMA_SPLIT_MODE_NONE = 0, // two\n};\n")
    text = str(inspect.getdoc(llama.llama_split_mode))
    assert text.startswith("enum llama_split_mode\n\nOne\n\n")
    assert "values:\n    LLAMA_SPLIT_MODE_NONE = 0\n        two\n    LLAMA_SPLIT_MODE_LAYER = 1" in text


def test_a_callback_shows_its_prototype(write_header: WriteHeader) -> None:
    place = place_of("(*ggml_abort_callback)(void * data)")
    write_header(place, "// One\n@\ntypedef bool (*ggml_abort_callback)(void * data);\n")
    assert str(inspect.getdoc(llama.ggml_abort_callback)).splitlines() == [
        "typedef bool (*ggml_abort_callback)(void * data)", "", "One", "",
        f"{place} of llama.cpp {_generated.RELEASE}",
    ]  # fmt: skip


def test_every_type_has_a_docstring_with_its_place() -> None:
    values = {name: getattr(llama, name) for name in _api.names() if not _table.has(name)}
    # Names of scalar, pointer and array types are ctypes' own classes.
    ours = (Handle, Structure, Union, ctypes._CFuncPtr, enum.Enum)  # type: ignore[attr-defined]
    classes = {
        name: value for name, value in values.items() if isinstance(value, type) and issubclass(value, ours)
    }
    assert len(classes) > 100
    for name, value in classes.items():
        text = str(inspect.getdoc(value))
        assert f" of llama.cpp {_generated.RELEASE}" in text, name
        for field, *_ in getattr(value, "_fields_", ()):
            assert f"\n    {field}: " in text, name
        for member in getattr(value, "__members__", ()):
            assert f"\n    {member} = " in text, name


@pytest.mark.parametrize("base", [Handle, Structure, Union])
def test_a_docstring_is_put_together_when_it_is_read(base: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's cache of attributes must not have the first docstring: ctypes' unions do not clear it."""
    monkeypatch.setattr(_record.Doc, "describe", staticmethod(lambda cls, text: f"{cls.__name__}: {text}"))
    assert type("new", (base,), {"__doc__": "text"}).__doc__ == "new: text"


def test_a_programs_subclass_has_its_own_docstring() -> None:
    class Documented(types.llama_batch):
        """Mine."""

    class Silent(types.llama_batch):
        pass

    assert (Documented.__doc__, Silent.__doc__) == ("Mine.", None)


def test_help_is_imported_only_when_it_is_read(tmp_path: Path) -> None:
    library = compile_library(LLAMA, tmp_path / library_name("llama"))
    program = (
        "import sys, llama_ctypes as llama; llama.llama_backend_init(); llama.llama_batch();"
        "llama.llama_split_mode; print([name for name in sys.modules if 'llama_ctypes._help' in name],"
        " llama.llama_batch.__doc__[:18])"
    )
    done = python("-c", program, environment={"LLAMA_CPP_LIB": str(library), "LLAMA_CTYPES_ABI": "ignore"})
    assert done.stdout == "[] struct llama_batch\n", done.stderr


# -- without a library ------------------------------------------------------------------------

WITHOUT_LIBRARY = """
import json, os, pydoc, rlcompleter, sys
import llama_ctypes as llama
from llama_ctypes import llama_backend_init as held
result = {"dir": [name in dir(llama) for name in ("llama_decode", "llama_batch", "__version__")]}
completer = rlcompleter.Completer({"llama": llama})
result["completion"] = completer.complete("llama.llama_model_load_from_f", 0)
text = pydoc.plain(pydoc.render_doc(llama))
result["help"] = [word in text for word in ("llama_decode = ", "class llama_batch", "GGML_MAX_DIMS = 4")]
star = {}
exec("from llama_ctypes import *", star)
result["star"] = [name in star for name in ("llama_decode", "llama_batch", "GGML_MAX_DIMS")]
result["doc"] = llama.llama_decode.__doc__
result["private"] = hasattr(llama.llama_decode, "_repr_html_")
try:
    llama.llama_decode(None, None)
except llama.LibraryError as error:
    result["error"] = str(error)
os.environ["LLAMA_CPP_LIB"] = sys.argv[1]
held()
result["after"] = [repr(llama.llama_backend_init), type(llama.llama_backend_init).__name__]
try:
    star["llama_decode"](None, None)
except AttributeError as error:
    result["lacking"] = str(error)
print(json.dumps(result))
"""


def test_the_module_is_usable_without_a_library(tmp_path: Path) -> None:
    library = compile_library(LLAMA, tmp_path / library_name("llama"))
    nowhere = str(tmp_path / "nowhere")
    settings = {"LLAMA_CPP_LIB": nowhere, "LLAMA_CTYPES_ABI": "ignore"}
    done = python("-c", WITHOUT_LIBRARY, os.fspath(library), environment=settings)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["dir"] == [True, True, True]
    assert result["completion"].startswith("llama.llama_model_load_from_file(")
    assert result["help"] == [True, True, True]
    assert result["star"] == [True, True, True]
    assert result["doc"].startswith(_table.row("llama_decode").declaration)
    assert not result["private"]
    assert nowhere in result["error"]
    # A name that was looked up in vain works as soon as a library can be used.
    assert result["after"] == [f"<llama_backend_init of {library}>", "Function"]
    assert "llama_decode is in the headers" in result["lacking"]


def test_help_of_a_function_without_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    from llama_ctypes._unopened import Unopened

    function = Unopened("llama_decode", _api.function)
    assert list(inspect.signature(function).parameters) == ["ctx", "batch"]
    assert _table.row("llama_decode").declaration in pydoc.plain(pydoc.render_doc(function))


# -- the version ------------------------------------------------------------------------------


def test_the_version_is_the_packages(tmp_path: Path) -> None:
    program = "import llama_ctypes; print(llama_ctypes.__version__)"
    assert python("-c", program).stdout == f"0+{_generated.RELEASE}\n"
    shutil.copytree(
        ROOT / "llama_ctypes", tmp_path / "llama_ctypes", ignore=shutil.ignore_patterns("__pycache__")
    )
    metadata = tmp_path / "llama_ctypes-1.2.3.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.4\nName: llama-ctypes\nVersion: 1.2.3\n")
    assert python("-c", program, path=tmp_path, cwd=tmp_path).stdout == "1.2.3\n"
