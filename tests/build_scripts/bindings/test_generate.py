"""Writing is all or nothing, and comparing misses nothing."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.bindings import generate
from build_scripts.bindings.checks import drift
from build_scripts.bindings.headers import HeaderSet
from build_scripts.errors import CheckError, LlamaCtypesError, UsageError, VerificationError
from build_scripts.pin import ROOT, Pin, Release
from build_scripts.source import SourceTree
from tests.build_scripts.bindings.header_tree import TAG, compile_c, make_tree, write
from tests.systems import library_name

MODULE = "my_llama"
TINY = """
struct ggml_pair { int a; int64_t b; };
struct ggml_pair ggml_pair_make(int a, int64_t b);
typedef int (*ggml_apply_callback)(int x, void * data);
int ggml_apply(ggml_apply_callback callback, int x, void * data);
int ggml_nowhere(void);
"""
TINY_C = """
#include <stdint.h>
struct pair { int a; int64_t b; };
struct pair ggml_pair_make(int a, int64_t b) { struct pair p = { a, b }; return p; }
int ggml_apply(int (*callback)(int, void *), int x, void * data) { return callback(x, data); }
int llama_one(int x) { return x + 1; }
void llama_backend_init(void) {}
"""


@pytest.fixture
def headers(tmp_path: Path) -> HeaderSet:
    return make_tree(tmp_path / "tree", TINY)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


def contents(folder: Path) -> dict[str, bytes]:
    found = sorted(folder.rglob("*"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found if path.is_file()}


def check(headers: HeaderSet, output: Path) -> None:
    drift.check(generate.bindings(headers, TAG), output, MODULE)


# -- comparing --------------------------------------------------------------------------------


def test_what_was_just_written_passes_and_is_not_touched(headers: HeaderSet, output: Path) -> None:
    write(headers, output, MODULE)
    before = contents(output)
    check(headers, output)
    assert contents(output) == before


def append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x = 1\n")


def strip(path: Path) -> None:
    path.write_bytes(path.read_bytes().rstrip(b"\n"))


def blank(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def garble(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")


@pytest.mark.parametrize(
    "change", [append, strip, blank, garble, Path.unlink], ids=lambda change: change.__name__
)
@pytest.mark.parametrize("name", ["__init__.py", "types.py", "functions.py", "constants.py"])
def test_any_change_to_any_file_is_found_and_named(
    headers: HeaderSet, output: Path, name: str, change: object
) -> None:
    folder = write(headers, output, MODULE)
    change(folder / "_generated" / name)  # type: ignore[operator]
    before = contents(output)
    with pytest.raises(CheckError, match=f"_generated/{name}") as raised:
        check(headers, output)
    assert raised.value.findings
    assert contents(output) == before


@pytest.mark.parametrize("text", ["x = 1\n", ""])
def test_a_file_too_many_is_found_and_named(headers: HeaderSet, output: Path, text: str) -> None:
    folder = write(headers, output, MODULE)
    (folder / "_generated" / "extra.py").write_text(text)
    with pytest.raises(CheckError, match=r"_generated/extra\.py"):
        check(headers, output)


def test_the_difference_is_shown_as_a_unified_diff(headers: HeaderSet, output: Path) -> None:
    folder = write(headers, output, MODULE)
    path = folder / "_generated" / "__init__.py"
    path.write_text(path.read_text().replace('RELEASE = "b1"', 'RELEASE = "b2"'))
    with pytest.raises(CheckError) as raised:
        check(headers, output)
    message = str(raised.value)
    assert "--- my_llama/_generated/__init__.py" in message
    assert "+++ my_llama/_generated/__init__.py" in message
    assert '-RELEASE = "b2"\n+RELEASE = "b1"' in message
    assert "build_scripts generate" in message


def test_bindings_of_other_headers_differ(headers: HeaderSet, output: Path, tmp_path: Path) -> None:
    write(headers, output, MODULE)
    with pytest.raises(CheckError, match="ggml_new"):
        check(make_tree(tmp_path / "new", TINY + "int ggml_new(void);"), output)


def test_nothing_there_at_all_is_a_difference(headers: HeaderSet, output: Path) -> None:
    with pytest.raises(CheckError, match="missing"):
        check(headers, output)
    assert not output.exists()


# -- writing ----------------------------------------------------------------------------------


def test_writing_twice_gives_the_same_and_leaves_nothing_else(headers: HeaderSet, output: Path) -> None:
    folder = write(headers, output, MODULE)
    before = contents(output)
    (folder / "_generated" / "stale.py").write_text("")
    assert write(headers, output, MODULE) == folder == output / MODULE
    assert contents(output) == before
    assert [path.name for path in output.iterdir()] == [MODULE]
    if os.name != "nt":
        assert folder.stat().st_mode & 0o777 == 0o755


class Full:
    """A disk that is full from the `last` call on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, method: str, last: int) -> None:
        self.left = last
        real = getattr(Path, method)

        def limited(path: Path, *arguments: object, **options: object) -> object:
            self.left -= 1
            if self.left < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(path, *arguments, **options)

        monkeypatch.setattr(Path, method, limited)


@pytest.mark.parametrize(
    ("method", "last"), [("write_text", 0), ("write_text", 3), ("rename", 0), ("mkdir", 1)]
)
def test_a_failing_write_leaves_the_old_package_as_it_was(
    headers: HeaderSet, output: Path, tmp_path: Path, method: str, last: int
) -> None:
    write(headers, output, MODULE)
    before = contents(output)
    newer = make_tree(tmp_path / "new", TINY + "int ggml_new(void);")
    with pytest.MonkeyPatch.context() as monkeypatch:
        full = Full(monkeypatch, method, last)
        with pytest.raises(LlamaCtypesError) as raised:
            write(newer, output, MODULE)
    assert full.left < 0
    assert "\n" not in str(raised.value)
    assert os.strerror(errno.ENOSPC) in str(raised.value)
    assert contents(output) == before
    assert [path.name for path in output.iterdir()] == [MODULE]


def test_a_failing_last_rename_puts_the_old_package_back(
    headers: HeaderSet, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(headers, output, MODULE)
    before = contents(output)
    newer = make_tree(tmp_path / "new", TINY + "int ggml_new(void);")
    real = Path.rename

    def rename(path: Path, target: Path) -> Path:
        if "ggml_new" in "".join(p.read_text() for p in path.glob("_generated/functions.py")):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(LlamaCtypesError, match=os.strerror(errno.EACCES)):
        write(newer, output, MODULE)
    assert contents(output) == before
    assert [path.name for path in output.iterdir()] == [MODULE]


def test_an_interrupted_write_leaves_the_old_package_as_it_was(
    headers: HeaderSet, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(headers, output, MODULE)
    before = contents(output)

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", interrupt)
    files = generate.package_files(generate.bindings(headers, TAG), MODULE, output)
    with pytest.raises(KeyboardInterrupt):
        generate.write(files, output, MODULE)
    assert contents(output) == before
    assert [path.name for path in output.iterdir()] == [MODULE]


@pytest.mark.parametrize("name", ["keep.txt", "__init__.py", "_generated/other.py", "_generated/__init__.py"])
def test_a_folder_that_is_not_ours_is_refused(headers: HeaderSet, output: Path, name: str) -> None:
    path = output / MODULE / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"# precious\n")
    with pytest.raises(UsageError, match="was not generated by this command") as raised:
        write(headers, output, MODULE)
    assert "\n" not in str(raised.value)
    assert contents(output) == {f"{MODULE}/{name}": b"# precious\n"}


def test_a_file_of_that_name_is_refused(headers: HeaderSet, output: Path) -> None:
    output.mkdir()
    (output / MODULE).write_text("precious")
    with pytest.raises(UsageError, match=MODULE):
        write(headers, output, MODULE)
    assert (output / MODULE).read_text() == "precious"


def test_a_half_written_package_is_repaired(headers: HeaderSet, output: Path) -> None:
    (output / MODULE).mkdir(parents=True)
    folder = write(headers, output, MODULE)
    whole = contents(output)
    for name in ("_generated/types.py", "_loader.py", "__init__.py"):
        (folder / name).unlink()
    write(headers, output, MODULE)
    assert contents(output) == whole


def test_a_folder_that_cannot_be_written_to_is_one_line(headers: HeaderSet, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LlamaCtypesError, match="--output") as raised:
        write(headers, tmp_path / "file" / "below", MODULE)
    assert "\n" not in str(raised.value)
    assert str(tmp_path / "file") in str(raised.value)


@pytest.mark.parametrize("name", ["", "1x", "a-b", "a.b", "../x", "a/b", "class", "None", "a b", "x\n"])
def test_a_module_name_python_cannot_import_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="--module-name") as raised:
        generate.check_module_name(name)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["my_llama", "llama_ctypes", "_x1"])
def test_a_module_name_python_can_import_passes(name: str) -> None:
    assert generate.check_module_name(name) == name


# -- what was written -------------------------------------------------------------------------


def python(output: Path, *arguments: str, library: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python where only `output` can be imported from."""
    hidden = ("PYTHONPATH", "LLAMA_CPP_LIB", "CONDA_PREFIX")
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    environment["PYTHONPATH"] = str(output)
    if library:
        environment["LLAMA_CPP_LIB"] = str(library)
    command = [sys.executable, "-B", *arguments]
    return subprocess.run(command, cwd=output, env=environment, capture_output=True, text=True, timeout=60)  # noqa: PLW1510


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "libraries").mkdir()
    return compile_c(TINY_C, tmp_path / "libraries" / library_name("llama"), "-shared")


PROGRAM = """
import json, my_llama
pair = my_llama.ggml_pair_make(3, 2**40)
callback = my_llama.ggml_apply_callback(lambda x, data: x * 2)
print(json.dumps([
    my_llama.RELEASE, pair.a, pair.b, my_llama.ggml_apply(callback, 21, None), my_llama.llama_one(1),
    my_llama.llama_one.__doc__, hasattr(my_llama, "ggml_nowhere"), type(pair).__module__,
    "ggml_nowhere" in dir(my_llama),
]))
"""


def test_a_package_of_another_name_stands_alone(headers: HeaderSet, output: Path, library: Path) -> None:
    write(headers, output, MODULE)
    done = python(output, "-c", PROGRAM, library=library)
    assert done.returncode == 0, done.stderr
    *values, documentation, absent, module, listed = json.loads(done.stdout)
    assert values == [TAG, 3, 2**40, 42, 2]
    assert documentation.startswith("int llama_one(int x)\n\ninclude/llama.h:")
    assert absent is False
    assert listed is True
    assert module.startswith("my_llama.")


def test_the_command_line_of_a_package_of_another_name(headers: HeaderSet, output: Path) -> None:
    write(headers, output, MODULE)
    done = python(output, "-m", MODULE, "--help")
    assert done.returncode == 0, done.stderr
    assert "complete" in done.stdout


# -- the pin ----------------------------------------------------------------------------------


def test_headers_that_are_not_the_pins_are_refused(headers: HeaderSet) -> None:
    def pin(sha256: str) -> Pin:
        return Pin(Release("b2"), "0.0.2", sha256, "b1")

    tree = SourceTree("b2", headers.root, "somewhere", "0" * 40)
    assert generate.headers_of(tree, "b2", pin(headers.sha256)) == headers
    with pytest.raises(VerificationError, match=headers.sha256) as raised:
        generate.headers_of(tree, "b2", pin("0" * 64))
    assert "somewhere" in str(raised.value)
    assert "\n" not in str(raised.value)
    # Another release may differ: there is nothing on record to hold it to.
    assert generate.headers_of(tree, "b3", pin("0" * 64)) == headers


def test_the_committed_package_keeps_its_hand_written_part(headers: HeaderSet) -> None:
    files = generate.bindings(headers, TAG)
    assert generate.package_files(files, generate.PACKAGE, ROOT) == files
    elsewhere = generate.package_files(files, generate.PACKAGE, ROOT / "elsewhere")
    assert {"__init__.py", "_loader.py", "__main__.py", "py.typed", "_commands/chat.py"} <= elsewhere.keys()
    assert not any("__pycache__" in name for name in elsewhere)
    hand_written = generate.package_files({}, generate.PACKAGE, ROOT / "elsewhere")
    assert not any(name.startswith(generate.GENERATED) for name in hand_written)
