"""Where ggml finds its backends, and what is said if none of them is for the CPU."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from llama_ctypes import _binary, _loader
from llama_ctypes._errors import LibraryError
from llama_ctypes._loader import libraries
from tests.llama_ctypes.tiny_library import (
    BACKEND,
    LLAMA,
    LOADING_GGML,
    compile_library,
    python,
)
from tests.systems import library_name

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="the tiny ggml here opens libraries as Unix does"
)

CPU, GPU = 0, 1
INFO = ("-c", "from llama_ctypes._loader import libraries as l; print(*l().backend_paths())")


@pytest.fixture(autouse=True)
def _a_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_loader, "_libraries", None)
    monkeypatch.setattr(_binary, "system_folders", list)
    monkeypatch.setenv("LLAMA_CTYPES_ABI", "ignore")
    monkeypatch.delenv("GGML_BACKEND_PATH", raising=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of libraries whose ggml opens backends, and has none."""
    compile_library(LLAMA, tmp_path / "lib" / library_name("llama"))
    compile_library(LOADING_GGML, tmp_path / "lib" / library_name("ggml"))
    monkeypatch.setenv("LLAMA_CPP_LIB", str(tmp_path / "lib"))
    return tmp_path / "lib"


def backend(path: Path, *, type_: int = CPU, score: int = 1) -> Path:
    return compile_library(BACKEND % {"type": type_, "score": score}, path)


def message() -> str:
    with pytest.raises(LibraryError) as raised:
        libraries()
    assert "\n" not in str(raised.value)
    return str(raised.value)


# -- another folder ---------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["backends", "libexec", "lib/ggml", "lib/ggml/backends0"])
def test_backends_of_a_distribution_are_named_with_the_setting_that_works(
    folder: Path, tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, score in (("a", 1), ("b", 5), ("c", 0)):
        backend(tmp_path / place / f"libggml-cpu-{name}.so", score=score)
    best = tmp_path / place / "libggml-cpu-b.so"
    assert message().endswith(f"{folder} has none; set GGML_BACKEND_PATH={best}")
    monkeypatch.setenv("GGML_BACKEND_PATH", str(best))
    assert list(libraries().backend_paths()) == [str(best)]


def test_near_backends_that_do_not_suit_are_not_recommended(folder: Path, tmp_path: Path) -> None:
    backend(tmp_path / "backends" / "libggml-cpu-a.so", score=0)
    (tmp_path / "backends" / "libggml-cpu-b.so").write_text("no library")
    assert message().endswith(f"{folder} must have a libggml-cpu*.so")


def test_the_folder_that_was_compiled_into_ggml_is_searched(tmp_path: Path, folder: Path) -> None:
    elsewhere = backend(tmp_path / "far" / "away" / "libggml-cpu.so")
    text = f'const char * ggml_dir(void) {{ return "{elsewhere.parent}"; }}'
    compile_library(LOADING_GGML + text, folder / library_name("ggml"))
    assert list(libraries().backend_paths()) == [str(elsewhere)]
    assert libraries().backend_folder == str(elsewhere.parent)


def test_the_libraries_own_folder_comes_before_the_compiled_one(tmp_path: Path, folder: Path) -> None:
    elsewhere = backend(tmp_path / "far" / "libggml-cpu.so")
    text = f'const char * ggml_dir(void) {{ return "{elsewhere.parent}"; }}'
    compile_library(LOADING_GGML + text, folder / library_name("ggml"))
    own = backend(folder / "libggml-cpu.so")
    assert list(libraries().backend_paths()) == [str(own)]


def test_a_link_to_libllama_alone_leads_to_its_siblings(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = backend(folder / "libggml-cpu.so")
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / library_name("llama")
    link.symlink_to(folder / library_name("llama"))
    for value in (link, link.parent):
        monkeypatch.setattr(_loader, "_libraries", None)
        monkeypatch.setenv("LLAMA_CPP_LIB", str(value))
        assert libraries().path == str(link)
        assert libraries().folder == str(folder)
        assert list(libraries().backend_paths()) == [str(own)]


@pytest.mark.parametrize("name", ["llama", "ggml", "ggml-base"])
def test_a_link_without_a_target_is_named_with_it(folder: Path, name: str) -> None:
    (folder / library_name(name)).unlink(missing_ok=True)
    (folder / library_name(name)).symlink_to("../gone.so")
    assert message().endswith(f"{library_name(name)} is a link to ../gone.so, which does not exist")


# -- no backend for the CPU -------------------------------------------------------------------


def test_a_backend_for_something_else_is_not_one_for_the_cpu(folder: Path) -> None:
    backend(folder / "libggml-rpc.so", type_=GPU)
    assert message().endswith(f"no ggml backend for the CPU: {folder} must have a libggml-cpu*.so")


def test_each_cpu_backend_that_does_not_load_says_why(folder: Path) -> None:
    backend(folder / "libggml-rpc.so", type_=GPU)
    backend(folder / "libggml-cpu-a.so", score=0)
    (folder / "libggml-cpu-b.so").write_text("no library")
    text = message()
    assert "libggml-cpu-a.so does not suit this processor; libggml-cpu-b.so is not a shared library" in text


def test_a_damaged_backend_is_named_before_ggml_opens_it(folder: Path) -> None:
    path = backend(folder / "libggml-cpu-a.so")
    backend(folder / "libggml-cpu-b.so")
    path.write_bytes(path.read_bytes()[:5000])
    done = python(*INFO, environment={"LLAMA_CPP_LIB": str(folder), "LLAMA_CTYPES_ABI": "ignore"})
    assert done.returncode == 1, done.returncode  # and not a signal
    assert "libggml-cpu-a.so is incomplete: it has 5000 bytes of at least" in done.stderr


def test_a_fifo_is_refused_and_not_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(folder / "libggml-cpu.so")
    assert message().endswith("libggml-cpu.so is not a regular file")
    monkeypatch.setenv("GGML_BACKEND_PATH", str(folder / "libggml-cpu.so"))
    assert message().endswith(": is not a regular file")
    monkeypatch.delenv("GGML_BACKEND_PATH")
    monkeypatch.setenv("LLAMA_CPP_LIB", str(folder / "libggml-cpu.so"))
    assert message().endswith("libggml-cpu.so is not a regular file")


@pytest.mark.parametrize("program", ["", "import logging; "])
def test_errors_while_opening_appear_on_stderr(folder: Path, program: str) -> None:
    backend(folder / "libggml-cpu.so")
    backend(folder / "libggml-bad.so", score=0)
    done = python(
        "-c",
        f"{program}from llama_ctypes._loader import libraries; libraries()",
        environment={"LLAMA_CPP_LIB": str(folder), "LLAMA_CTYPES_ABI": "ignore"},
    )
    assert (done.returncode, done.stderr) == (0, "a bad backend\n")


# -- GGML_BACKEND_PATH ------------------------------------------------------------------------


def unreadable(path: Path) -> str:
    path.write_text("no library")
    return "is not a shared library"


def without_init(path: Path) -> str:
    compile_library("int other(void) { return 1; }", path)
    return "does not load (ggml: a bad backend)"


def unsuitable(path: Path) -> str:
    backend(path, score=0)
    return "does not load (ggml: a bad backend)"


@pytest.mark.parametrize("make", [lambda path: "No such file", unreadable, without_init, unsuitable])
def test_a_wrong_extra_backend_is_an_error(
    folder: Path, tmp_path: Path, make: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    backend(folder / "libggml-cpu.so")
    reason = make(tmp_path / "extra.so")
    monkeypatch.setenv("GGML_BACKEND_PATH", str(tmp_path / "extra.so"))
    text = message()
    assert "GGML_BACKEND_PATH" in text
    assert str(tmp_path / "extra.so") in text
    assert reason in text


def test_an_extra_backend_joins_those_that_are_linked_in(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked = LOADING_GGML.replace("count_;", "count_ = 1;", 1).replace(
        "backends_[8]", "backends_[8] = {&cpu_}"
    )
    compile_library("static int cpu_ = 0;" + linked, folder / library_name("ggml"))
    extra = backend(tmp_path / "extra.so", type_=GPU)
    monkeypatch.setenv("GGML_BACKEND_PATH", str(extra))
    assert list(libraries().backend_paths()) == [str(extra)]


@pytest.mark.parametrize("flags", [["-E"], ["-I"]])
def test_python_without_an_environment_ignores_every_variable(
    folder: Path, tmp_path: Path, flags: list[str]
) -> None:
    backend(folder / "libggml-cpu.so")
    for name in (library_name("llama"), library_name("ggml"), "libggml-cpu.so"):
        (tmp_path / "system").mkdir(exist_ok=True)
        shutil.copy(folder / name, tmp_path / "system" / name)
    marker = tmp_path / "opened"
    planted = f"""
        #include <stdio.h>
        __attribute__((constructor)) static void f(void) {{ fclose(fopen("{marker}", "w")); }}
    """
    compile_library(planted + BACKEND % {"type": GPU, "score": 1}, tmp_path / "planted.so")
    root = Path(__file__).resolve().parents[2]
    program = (
        f"import sys, warnings; sys.path.insert(0, {str(root)!r}); warnings.simplefilter('ignore')\n"
        "from llama_ctypes import _binary, _loader, _abi\n"
        f"_binary.system_folders = lambda: [{str(tmp_path / 'system')!r}]\n"
        "print(_loader.libraries().path)"
    )
    environment = {
        "LLAMA_CPP_LIB": str(folder),
        "CONDA_PREFIX": str(tmp_path / "conda"),
        "LLAMA_CTYPES_ABI": "not valid",
        "GGML_BACKEND_PATH": str(tmp_path / "planted.so"),
    }
    done = python(*flags, "-c", program, environment=environment)
    assert done.stdout.strip() == str(tmp_path / "system" / library_name("llama")), done.stderr
    assert not marker.exists()


@pytest.mark.parametrize("function", ["geteuid", "getegid"])
def test_a_privileged_process_ignores_every_variable(
    folder: Path, tmp_path: Path, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, function, lambda: 12345)
    monkeypatch.setenv("GGML_BACKEND_PATH", "relative.so")
    monkeypatch.setenv("LLAMA_CTYPES_ABI", "not valid")
    backend(folder / "libggml-cpu.so")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.warns(RuntimeWarning, match="do not report their release"):
        assert libraries().origin == "the conda prefix (sys.prefix)"
    assert os.environ["GGML_BACKEND_PATH"] == "relative.so"
    assert [Path(path).name for path in libraries().backend_paths()] == ["libggml-cpu.so"]


def test_an_empty_variable_is_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    own = backend(folder / "libggml-cpu.so")
    monkeypatch.setenv("GGML_BACKEND_PATH", "")
    assert list(libraries().backend_paths()) == [str(own)]
    assert "bad" not in caplog.text
