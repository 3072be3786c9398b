"""`verify` runs every check: each test breaks what only one of them sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_scripts import cli
from build_scripts.bindings import generate, verify
from build_scripts.bindings.emit import SEAL, seal
from build_scripts.bindings.headers import HeaderSet
from build_scripts.bindings.parse import parse
from build_scripts.errors import CheckError
from build_scripts.pin import Pin, Release
from tests.build_scripts.bindings.header_tree import TAG, make_tree, write
from tests.llama_ctypes.tiny_library import compile_library
from tests.systems import library_name, needs_cxx_compiler

MODULE = "my_llama"
GGML = "int ggml_one(int x);"
# Releases and headers that no test uses.
OTHER_PIN = Pin(Release("b9"), "0.0.9", "0" * 64, "b8")


@pytest.fixture
def headers(tmp_path: Path) -> HeaderSet:
    return make_tree(tmp_path / "tree", GGML)


@pytest.fixture
def package(headers: HeaderSet, tmp_path: Path) -> Path:
    return write(headers, tmp_path / "output", MODULE)


def findings(package: Path, headers: HeaderSet, pin: Pin = OTHER_PIN) -> tuple[str, ...]:
    with pytest.raises(CheckError) as raised:
        verify.check(package, headers, TAG, pin)
    return raised.value.findings


@needs_cxx_compiler
def test_bindings_as_generated_pass(package: Path, headers: HeaderSet) -> None:
    verify.check(package, headers, TAG, OTHER_PIN)


def test_a_package_without_llama_functions_is_rejected(tmp_path: Path) -> None:
    headers = make_tree(tmp_path / "tree", GGML, llama="")
    package = write(headers, tmp_path / "output", MODULE)
    with pytest.raises(CheckError, match="llama_") as raised:
        verify.check(package, headers, TAG, OTHER_PIN)
    assert str(package) in str(raised.value)
    assert raised.value.findings == ()


def test_an_edit_breaks_the_seal(package: Path, headers: HeaderSet) -> None:
    with (package / "_generated" / "types.py").open("a") as file:
        file.write("\n")
    (finding,) = findings(package, headers)
    assert finding.startswith("types.py: ")


def test_an_edit_under_a_new_seal_differs_from_the_headers(package: Path, headers: HeaderSet) -> None:
    path = package / "_generated" / "types.py"
    head, _, rest = path.read_text(encoding="utf-8").partition(SEAL)
    body = rest.partition("\n")[2] + "x = 1\n"
    path.write_text(f"{head}{SEAL}{seal(body)}\n{body}", encoding="utf-8", newline="\n")
    assert "-x = 1" in findings(package, headers)


def test_headers_of_the_pin_also_check_the_committed_bindings(
    package: Path, headers: HeaderSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`b2` is the pin; `b1`, whose package is checked, has the same headers."""
    root = tmp_path / "root"
    monkeypatch.setattr(verify, "ROOT", root)
    committed = generate.write(generate.bindings(headers, "b2"), root, generate.PACKAGE)
    with (committed / "_generated" / "types.py").open("a") as file:
        file.write("x = 1\n")
    pin = Pin(Release("b2"), "0.0.2", headers.sha256, TAG)
    assert "-x = 1" in findings(package, headers, pin)


@needs_cxx_compiler
def test_the_compiler_finds_what_the_generator_got_wrong(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A parser that reads `int` for `int64_t`: the bindings are sealed and agree with it."""
    real = make_tree(tmp_path / "real", "int ggml_one(int64_t x);")
    misread = parse(make_tree(tmp_path / "misread", GGML))
    files = generate.render(misread, real, TAG)
    wrong = generate.write(generate.package_files(files, "wrong", tmp_path), tmp_path, "wrong")
    monkeypatch.setattr(verify, "parse", lambda _: misread)
    (finding,) = findings(wrong, real)
    assert finding.startswith("ggml_one: parameter 1")


@needs_cxx_compiler
def test_the_compiler_gets_the_macros_of_the_build(tmp_path: Path) -> None:
    real = make_tree(tmp_path / "tree", "#ifdef GGML_LONG\nlong long\n#else\nint\n#endif\nggml_one(void);")
    wide = write(real, tmp_path / "output", MODULE)
    verify.check(wide, real, TAG, OTHER_PIN)
    with pytest.raises(CheckError, match="ggml_one: the result"):
        verify.check(wide, real, TAG, OTHER_PIN, ["GGML_LONG"])


# -- the command ------------------------------------------------------------------------------


@pytest.fixture
def command(package: Path, headers: HeaderSet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LLAMA_CPP_TAG", raising=False)
    source = ["--tag", TAG, "--source", str(headers.root)]
    return ["verify", *source, "--output", str(package.parent), "--module-name", MODULE]


@pytest.fixture
def pytest_runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The arguments of each run of pytest, which ends with status 3."""
    runs: list[list[str]] = []

    def main(arguments: list[str]) -> int:
        runs.append(arguments)
        return 3

    monkeypatch.setattr("pytest.main", main)
    return runs


def test_the_command_fails_if_a_check_does(
    command: list[str], package: Path, pytest_runs: list[list[str]]
) -> None:
    (package / "_generated" / "constants.py").write_text("")
    assert cli.main(command) == 1
    assert pytest_runs == []


@needs_cxx_compiler
def test_the_command_ends_with_the_tests(command: list[str], pytest_runs: list[list[str]]) -> None:
    assert cli.main([*command, "-k", "pin"]) == 3
    assert pytest_runs[0][-2:] == ["-k", "pin"]
    assert cli.main([*command, "--no-tests"]) == 0
    assert len(pytest_runs) == 1


@needs_cxx_compiler
def test_the_command_checks_the_libraries(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    libraries = tmp_path / "lib"
    command = [*command, "--no-tests", "--libraries", str(libraries)]
    source = "int llama_one(int x) { return x; }"
    compile_library(source, libraries / library_name("llama"))
    assert cli.main(command) == 1
    assert "ggml_one: " in capsys.readouterr().err
    compile_library(source + "int ggml_one(int x) { return x; }", libraries / library_name("llama"))
    assert cli.main(command) == 0
