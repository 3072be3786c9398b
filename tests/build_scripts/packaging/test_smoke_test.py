"""A built package is installed, checked and run; any of these failing fails the build. Conda is a fake."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from build_scripts.cache import cache_folder
from build_scripts.errors import CheckError, PackageError, ToolError
from build_scripts.packaging import binaries, smoke_test, tiny_models
from build_scripts.source import SourceTree
from tests.build_scripts.bindings.header_tree import make_tree, write
from tests.llama_ctypes.tiny_library import compile_library
from tests.systems import needs_elf_compiler

pytestmark = needs_elf_compiler

PACKAGE = Path("linux-64", "llama-ctypes-0.0.1-cpu_0.conda")
DEPENDS = ["python", "__glibc >=2.17,<3.0.a0"]


class Conda:
    """What `create` installs, and the arguments of its calls."""

    def __init__(self, tree: SourceTree, folder: Path) -> None:
        self.code = "int ggml_one(int x) { return x; } int llama_one(int x) { return x; }"
        self.backend = "libggml-cpu-x64.so"
        self.tree, self.folder = tree, folder
        self.calls: list[tuple[list[str], list[str]]] = []
        self.prefixes: list[Path] = []

    def create(
        self, prefix: Path, specs: Sequence[str], channels: Sequence[str], platform: str | None
    ) -> list[object]:
        assert platform is None
        self.calls.append((list(specs), list(channels)))
        self.prefixes.append(prefix)
        compile_library(self.code, prefix / "lib" / "llama_ctypes" / "libllama.so")
        (prefix / "lib" / "llama_ctypes" / self.backend).write_bytes(
            (prefix / "lib" / "llama_ctypes" / "libllama.so").read_bytes()
        )
        site_packages = prefix / "lib" / "python3.12" / "site-packages"
        shutil.copytree(self.folder, site_packages / "llama_ctypes")
        names = [SimpleNamespace(normalized=name) for name in ("python", "llama-ctypes")]
        return [SimpleNamespace(name=name, depends=DEPENDS) for name in names]


@pytest.fixture
def tree(tmp_path: Path) -> SourceTree:
    root = make_tree(tmp_path / "tree", "int ggml_one(int x);").root
    return SourceTree("b1", root, "test", "0" * 40)


@pytest.fixture
def conda(tree: SourceTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Conda:
    package = write(make_tree(tmp_path / "tree", "int ggml_one(int x);"), tmp_path / "out", "llama_ctypes")
    conda = Conda(tree, package)
    monkeypatch.setattr(smoke_test, "create", conda.create)
    monkeypatch.setattr(tiny_models, "find_or_make", lambda: tmp_path / "model.gguf")
    monkeypatch.setattr(smoke_test, "complete", lambda prefix, model, prompt: f"{prompt} by {model.name}")
    return conda


@pytest.fixture
def hardened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Sequence[str], Sequence[str | Path]]]:
    """Find no fault of the compiled files; keep what they are compared with."""
    calls: list[tuple[Sequence[str], Sequence[str | Path]]] = []

    def check(folder: Path, depends: Sequence[str], machine: Sequence[str | Path]) -> int:
        assert (folder / "libllama.so").is_file()
        calls.append((depends, machine))
        return 1

    monkeypatch.setattr(binaries, "check", check)
    return calls


@pytest.mark.usefixtures("hardened")
@pytest.mark.parametrize("name", ["libggml-base.so", "libggml-cuda.so", "ggml-cpu.txt"])
def test_a_package_without_a_cpu_backend(tree: SourceTree, conda: Conda, name: str) -> None:
    conda.backend = name
    with pytest.raises(CheckError, match="contains no CPU backend"):
        run(tree)


def run(tree: SourceTree) -> smoke_test.SmokeTest:
    return smoke_test.run_package(PACKAGE, tree, Path("output"), ["conda-forge"])


def test_a_package_that_works(
    tree: SourceTree, conda: Conda, hardened: list[tuple[Sequence[str], Sequence[str | Path]]]
) -> None:
    result = run(tree)
    assert (result.exported, result.text) == (2, f"{smoke_test.PROMPT} by model.gguf")
    assert result.libraries["llama_one"] == "libllama"
    assert conda.calls == [(["llama-ctypes ==0.0.1 cpu_0"], ["output", "conda-forge"])]
    ((depends, machine),) = hardened
    assert depends == DEPENDS
    assert cache_folder() in machine
    assert not conda.prefixes[0].exists()


@pytest.mark.usefixtures("hardened")
def test_a_library_that_lacks_a_bound_function_fails(tree: SourceTree, conda: Conda) -> None:
    conda.code = "int ggml_one(int x) { return x; }"
    with pytest.raises(CheckError) as raised:
        run(tree)
    assert raised.value.findings[0].startswith("llama_one: ")
    assert not conda.prefixes[0].exists()


def test_a_library_that_is_not_hardened_fails(tree: SourceTree, conda: Conda) -> None:
    with pytest.raises(CheckError) as raised:
        run(tree)
    assert any("rpath" in finding for finding in raised.value.findings)


@pytest.mark.usefixtures("hardened")
def test_a_package_that_does_not_run_fails(
    tree: SourceTree, conda: Conda, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> str:
        raise ToolError("python failed")

    monkeypatch.setattr(smoke_test, "complete", fail)
    with pytest.raises(PackageError, match="python failed"):
        run(tree)
    assert not conda.prefixes[0].exists()


def test_the_installed_package_runs_away_from_this_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The prefix's Python is a script that prints its arguments, its folder and its variables."""
    python = smoke_test.python_of(tmp_path)
    python.parent.mkdir()
    python.write_text('#!/bin/sh\necho "$@"; pwd; echo "[$PYTHONPATH$LLAMA_CPP_LIB$CONDA_PREFIX]"\n')
    python.chmod(0o755)
    for name in ("PYTHONPATH", "LLAMA_CPP_LIB", "CONDA_PREFIX"):
        monkeypatch.setenv(name, os.fspath(Path.cwd()))
    arguments, folder, variables = smoke_test.complete(tmp_path, Path("m.gguf"), "Once", 3).splitlines()
    assert arguments == "-m llama_ctypes complete m.gguf Once --tokens 3 --threads 1"
    assert Path(folder) == tmp_path.resolve()
    assert variables == "[]"
