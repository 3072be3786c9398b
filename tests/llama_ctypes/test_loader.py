"""Every way to find libraries, and every way it can fail, each in one message that says what to do."""

from __future__ import annotations

import ctypes
import logging
import ntpath
import os
import platform
import shutil
import struct
import sys
from pathlib import Path

import pytest

from build_scripts.copying import copy_writable
from llama_ctypes import _binary, _loader
from llama_ctypes._errors import LibraryError
from llama_ctypes._loader import libraries
from tests.llama_ctypes.tiny_library import GGML, LLAMA, ROOT, compile_library, python
from tests.systems import LIBRARY_SUFFIX, library_name

LIBLLAMA = library_name("llama")
# Where a prefix has libraries: the package's own folder, and the one that all packages share.
OWN = "Library/lib/llama_ctypes" if sys.platform == "win32" else "lib/llama_ctypes"
SHARED = "Library/bin" if sys.platform == "win32" else "lib"
SITE_PACKAGES = "Lib/site-packages" if sys.platform == "win32" else "lib/python3.x/site-packages"


@pytest.fixture(autouse=True)
def nothing_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A process that has opened nothing yet, on a machine without llama.cpp."""
    (tmp_path / "prefix").mkdir()
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    monkeypatch.setattr(_loader, "_libraries", None)
    monkeypatch.delenv("LLAMA_CPP_LIB", raising=False)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    # The tiny libraries here do not say which release they are; test_abi.py is about that.
    monkeypatch.setenv("LLAMA_CTYPES_ABI", "ignore")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "prefix"))
    monkeypatch.setattr(_binary, "system_folders", lambda: [str(tmp_path / "system")])


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compile_library(LLAMA, tmp_path_factory.mktemp("tiny") / LIBLLAMA)


@pytest.fixture
def folder(tmp_path: Path, tiny: Path) -> Path:
    """A folder of its own with a libllama, so that no test meets another's."""
    (tmp_path / "libraries").mkdir()
    shutil.copy(tiny, tmp_path / "libraries" / LIBLLAMA)
    return tmp_path / "libraries"


def refused(monkeypatch: pytest.MonkeyPatch, value: object, *words: str) -> str:
    """The one message for LLAMA_CPP_LIB=value, which names it and the reason and tries nothing else."""
    monkeypatch.setenv("LLAMA_CPP_LIB", str(value))
    with pytest.raises(LibraryError) as raised:
        libraries()
    message = str(raised.value)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None
    assert "\n" not in message
    for word in (*words, str(value)):
        assert word in message
    assert "conda prefix" not in message
    assert "system" not in message
    return message


# -- LLAMA_CPP_LIB ----------------------------------------------------------------------------


def test_a_file_and_a_folder(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    for value in (folder, folder / LIBLLAMA):
        monkeypatch.setattr(_loader, "_libraries", None)
        monkeypatch.setenv("LLAMA_CPP_LIB", str(value))
        opened = libraries()
        assert opened.path == str(folder / LIBLLAMA)
        assert opened.origin == "LLAMA_CPP_LIB"
        assert opened.library_with("llama_tiny")["llama_tiny"](1) == 2
        assert libraries() is opened


@pytest.mark.parametrize("variable", ["LLAMA_CPP_LIB", "GGML_BACKEND_PATH"])
@pytest.mark.parametrize("value", [LIBLLAMA, f".{os.sep}{LIBLLAMA}", f"..{os.sep}libraries"])
def test_a_relative_path_is_refused_and_the_full_one_said(
    monkeypatch: pytest.MonkeyPatch, folder: Path, variable: str, value: str
) -> None:
    monkeypatch.setenv("LLAMA_CPP_LIB", str(folder))
    monkeypatch.setenv(variable, value)
    with pytest.raises(LibraryError, match="is a relative path") as raised:
        libraries()
    assert f"{variable}={value} " in str(raised.value)
    assert str(raised.value).endswith(str(Path(value).resolve()))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("path", "full"),
    [(r"C:\folder\llama.dll", True), (r"\\server\share\llama.dll", True), (r"\folder\llama.dll", False),
     ("/folder/llama.dll", False), (r"C:llama.dll", False), ("llama.dll", False)],
)  # fmt: skip
def test_a_path_on_windows_is_full_only_with_a_drive(path: str, full: bool) -> None:
    assert _binary.is_full_path(path, ntpath) is full


def test_the_environment_and_the_prefix_must_be_full_paths(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(_binary, "is_full_path", lambda path: False)
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path))
    assert not list(_loader._prefix())
    monkeypatch.setenv("LLAMA_CPP_LIB", str(tmp_path))
    with pytest.raises(LibraryError, match="is a relative path"):
        libraries()


def test_nothing_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    refused(monkeypatch, tmp_path / "nowhere" / LIBLLAMA, "no such file")


def test_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(monkeypatch, tmp_path / "empty", LIBLLAMA)


@pytest.mark.parametrize("content", [b"", b"this is no library\n", b"\x7fELF", b"\xcf\xfa\xed\xfe"])
def test_a_file_that_is_no_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / LIBLLAMA
    path.write_bytes(content)
    refused(monkeypatch, path, "not a shared library")


def test_another_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    refused(
        monkeypatch, compile_library("int other(void) { return 1; }", tmp_path / LIBLLAMA), "not libllama"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="patches an ELF header")
def test_a_library_of_another_architecture(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    path = folder / LIBLLAMA
    data = bytearray(path.read_bytes())
    code, name = (62, "x86_64") if platform.machine() != "x86_64" else (183, "aarch64")
    data[18:20] = struct.pack("<H", code)
    path.write_bytes(data)
    refused(monkeypatch, path, name, platform.machine())


@pytest.mark.parametrize("size", [600, 5000])
def test_a_library_that_was_copied_half_does_not_end_the_process(folder: Path, size: int) -> None:
    path = folder / LIBLLAMA
    path.write_bytes(path.read_bytes()[:size])
    done = python(
        "-m", "llama_ctypes", "info", environment={"LLAMA_CPP_LIB": str(path)}
    )  # in a process of its own, for the system's loader may crash
    assert done.returncode == 1, done.returncode
    assert str(path) in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_missing_dependency(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    dependency = compile_library("int dependency(void) { return 1; }", tmp_path / library_name("dependency"))
    source = LLAMA + "int dependency(void); int use(void) { return dependency(); }"
    path = compile_library(source, tmp_path / LIBLLAMA, f"-L{tmp_path}", "-ldependency")
    dependency.unlink()
    refused(monkeypatch, path, library_name("dependency"))


def test_a_damaged_sibling_is_named(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / library_name("ggml-base")).write_text("this is no library\n")
    refused(monkeypatch, folder, library_name("ggml-base"))


def test_a_bare_name(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.chdir(folder)
    refused(monkeypatch, LIBLLAMA, "relative path")


def test_what_was_asked_for_is_not_replaced_by_what_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path
) -> None:
    monkeypatch.setattr(_binary, "system_folders", lambda: [str(folder)])
    refused(monkeypatch, tmp_path / "nowhere", "no such file")
    monkeypatch.setenv("LLAMA_CPP_LIB", "")
    assert libraries().path == str(folder / LIBLLAMA)


def test_a_development_build_is_asked_how_it_differs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LLAMA_CTYPES_ABI")
    source = LLAMA + 'const char * llama_version(void) { return "99.5.0-dev"; }'
    path = compile_library(source, tmp_path / "dev" / LIBLLAMA)
    monkeypatch.setenv("LLAMA_CPP_LIB", str(path))
    with pytest.raises(LibraryError, match=r"are a development build \(v99\.5\.0-dev\).*: they lack ggml_"):
        libraries()


# -- the other places -------------------------------------------------------------------------


def test_nothing_anywhere_lists_every_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "system").mkdir()
    (tmp_path / "system" / LIBLLAMA).write_text("this is no library\n")
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path / "conda"))
    with pytest.raises(LibraryError, match="set LLAMA_CPP_LIB") as raised:
        libraries()
    message = str(raised.value)
    for place in ("conda", "prefix"):
        for folder in (OWN, SHARED):
            assert f"{tmp_path / place / folder}: no such file or folder" in message
    assert f"{tmp_path / 'system'}: {LIBLLAMA} is not a shared library" in message


@pytest.mark.parametrize("place", [f"conda/{OWN}", f"conda/{SHARED}", f"prefix/{OWN}", "system"])
def test_a_library_in_a_known_place_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path, place: str
) -> None:
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path / "conda"))
    shutil.copytree(folder, tmp_path / place)
    assert libraries().path == str(tmp_path / place / LIBLLAMA)


def test_a_damaged_library_does_not_hide_a_good_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path
) -> None:
    bad = tmp_path / "conda" / OWN
    bad.mkdir(parents=True)
    (bad / LIBLLAMA).write_text("this is no library\n")
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path / "conda"))
    monkeypatch.setattr(_binary, "system_folders", lambda: [str(folder)])
    assert libraries().path == str(folder / LIBLLAMA)


def test_the_packages_own_libraries_come_first(tmp_path: Path, folder: Path) -> None:
    site_packages = tmp_path / "env" / SITE_PACKAGES
    copy_writable(ROOT / "llama_ctypes", site_packages / "llama_ctypes")
    own = tmp_path / "env" / OWN
    shutil.copytree(folder, own)
    other = tmp_path / "conda" / OWN
    shutil.copytree(folder, other)
    done = python(
        "-c",
        "from llama_ctypes._loader import libraries; print(libraries().path)",
        path=site_packages,
        environment={"CONDA_PREFIX": str(tmp_path / "conda")},
    )
    assert done.stdout.strip() == str(own / LIBLLAMA), done.stderr


def test_a_wheels_libraries_come_before_those_of_its_prefix(tmp_path: Path, folder: Path) -> None:
    site_packages = tmp_path / "env" / SITE_PACKAGES
    copy_writable(ROOT / "llama_ctypes", site_packages / "llama_ctypes")
    shutil.copytree(folder, tmp_path / "env" / OWN)
    inside = site_packages / "llama_ctypes" / "_libraries"
    shutil.copytree(folder, inside)
    program = "from llama_ctypes._loader import libraries as l; print(l().path, l().origin, sep='\\n')"
    done = python("-c", program, path=site_packages)
    expected = [str(inside / LIBLLAMA), "the package's own libraries"]
    assert done.stdout.splitlines() == expected, done.stderr


def test_a_wheel_needs_no_prefix(tmp_path: Path, folder: Path) -> None:
    """`pip install --target` puts it into any folder."""
    copy_writable(ROOT / "llama_ctypes", tmp_path / "target" / "llama_ctypes")
    inside = tmp_path / "target" / "llama_ctypes" / "_libraries"
    shutil.copytree(folder, inside)
    program = "from llama_ctypes._loader import libraries; print(libraries().path)"
    done = python("-c", program, path=tmp_path / "target")
    assert done.stdout.strip() == str(inside / LIBLLAMA), done.stderr


def test_a_library_planted_in_the_working_directory_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "opened"
    source = (
        LLAMA
        + f"""
        #include <stdio.h>
        __attribute__((constructor)) static void planted(void)
        {{ fclose(fopen("{marker.as_posix()}", "w")); }}
    """
    )
    cwd = tmp_path / "cwd"
    path = compile_library(source, cwd / LIBLLAMA)
    for name in ("ggml", "ggml-base", "ggml-cpu"):
        shutil.copy(path, cwd / library_name(name))
    for value in (None, LIBLLAMA, "llama", "", f".{os.sep}{LIBLLAMA}", "."):
        if value is not None:
            monkeypatch.setenv("LLAMA_CPP_LIB", value)
        with pytest.raises(LibraryError):
            libraries()
        assert not marker.exists()
    # The planted library works if it is requested.
    monkeypatch.setenv("LLAMA_CPP_LIB", str(path))
    libraries()
    assert marker.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="file names of DLLs have no version")
@pytest.mark.parametrize("version", [".0", ".0.0.6124"])
def test_a_versioned_file_name_will_do(monkeypatch: pytest.MonkeyPatch, folder: Path, version: str) -> None:
    name = library_name("llama", version)
    (folder / LIBLLAMA).rename(folder / name)
    (folder / library_name("llama-other")).write_text("")
    monkeypatch.setenv("LLAMA_CPP_LIB", str(folder))
    assert libraries().path == str(folder / name)


# -- backends ---------------------------------------------------------------------------------


def with_ggml(monkeypatch: pytest.MonkeyPatch, folder: Path, ready: int) -> None:
    compile_library(GGML % ready, folder / library_name("ggml"))
    monkeypatch.setenv("LLAMA_CPP_LIB", str(folder))


def test_a_folder_without_a_backend_says_so_and_what_ggml_said(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    with_ggml(monkeypatch, folder, ready=0)
    message = refused(monkeypatch, folder, "no ggml backend", "failed to load libggml-cpu-tiny:", "bad day")
    assert f"ggml-cpu*{LIBRARY_SUFFIX}" in message


def test_backends_are_loaded_from_the_folder_and_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # As in a program that has not set up logging; other tests and libraries may have, in this process.
    logger = logging.getLogger("llama_ctypes")
    monkeypatch.setattr(logger, "propagate", False)
    monkeypatch.setattr(logger, "handlers", [])
    with_ggml(monkeypatch, folder, ready=1)
    opened = libraries()
    assert opened.library_with("ggml_backend_reg_count")["ggml_backend_reg_count"]() == 1
    assert capfd.readouterr() == ("", "")


def test_a_backend_for_something_else_is_not_enough(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """No model loads without one for the CPU; that error would not explain why there is none."""
    lookup = "void * ggml_backend_dev_by_type(int type) { return type == 0 ? 0 : (void *) 1; }\n"
    compile_library(lookup + GGML % 1, folder / library_name("ggml"))
    refused(monkeypatch, folder, "no ggml backend for the CPU", "failed to load libggml-cpu-tiny:", "bad day")
    # What the first attempt loaded is not enough either.
    refused(monkeypatch, folder, "no ggml backend for the CPU")


def test_backends_that_are_linked_in_are_not_loaded_again(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    linked = GGML.replace("ready_;", "ready_ = 1;", 1) % 7
    compile_library(linked, folder / library_name("ggml"))
    monkeypatch.setenv("LLAMA_CPP_LIB", str(folder))
    assert libraries().library_with("ggml_backend_reg_count")["ggml_backend_reg_count"]() == 1


# -- functions --------------------------------------------------------------------------------


def test_a_function_of_no_library_is_an_attribute_error_that_names_it(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setenv("LLAMA_CPP_LIB", str(folder))
    with pytest.raises(AttributeError, match="llama_of_the_future") as raised:
        libraries().library_with("llama_of_the_future")["llama_of_the_future"]
    assert str(folder / LIBLLAMA) in str(raised.value)
    assert libraries().library_with("llama_tiny")["llama_tiny"](1) == 2


def origins() -> dict[str, str]:
    return {Path(library["path"]).name: library["found"] for library in libraries().files()}


def test_functions_are_found_in_all_libraries_of_the_folder(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    for number, name in enumerate(("ggml-base", "ggml", "mtmd")):
        source = f"int from_{name.replace('-', '_')}(void) {{ return {number}; }}"
        compile_library(source, folder / library_name(name))
    monkeypatch.setenv("LLAMA_CPP_LIB", str(folder))
    beside = {library_name("ggml"): "beside libllama", library_name("ggml-base"): "beside libllama"}
    later = {library_name("mtmd"): "beside libllama; opened at its first function"}
    assert origins() == {LIBLLAMA: "LLAMA_CPP_LIB", **beside, **later}
    names = ("from_ggml_base", "from_ggml", "from_mtmd")
    assert [libraries().library_with(name)[name]() for name in names] == [0, 1, 2]
    assert origins() == {LIBLLAMA: "LLAMA_CPP_LIB", **beside, library_name("mtmd"): "beside libllama"}


def test_a_damaged_extra_library_is_named_when_a_function_is_looked_for(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    (folder / library_name("mtmd")).write_text("this is no library\n")
    monkeypatch.setenv("LLAMA_CPP_LIB", str(folder))
    # An AttributeError, so that hasattr() answers.
    for _ in range(2):
        with pytest.raises(AttributeError, match=library_name("mtmd")):
            libraries().library_with("mtmd_something")["mtmd_something"]


def test_each_look_up_gives_a_function_of_its_own(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("LLAMA_CPP_LIB", str(folder))
    first = libraries().library_with("llama_tiny")["llama_tiny"]
    first.argtypes = [ctypes.c_char_p]
    assert libraries().library_with("llama_tiny")["llama_tiny"](1) == 2
