"""RUN_PACKAGE_INTEGRATION: the README's build command, and what comes out of it in a clean prefix."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from build_scripts import channel, install, trial
from build_scripts.cli import announce

from .conftest import PROMPT, TOKENS, command, switched_on

pytestmark = switched_on("RUN_PACKAGE_INTEGRATION")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built by the command people type."""
    done = command("build", "--output-dir", tmp_path_factory.mktemp("channel"))
    assert done.returncode == 0
    return Path(done.stdout.strip())


@pytest.fixture(scope="module")
def prefix(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment holding the package and what it depends on, nothing else."""
    folder = tmp_path_factory.mktemp("environment") / "prefix"
    channels = [str(package.parent.parent), *channel.choose(None, announce)]
    records = install.create(folder, ["llama-ctypes"], channels, announce)
    assert "llama-ctypes" in {record.name.normalized for record in records}
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from the source tree, with no variable that could lead back to it."""
    for name in ("PYTHONPATH", "LLAMA_CPP_LIB", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def python(prefix: Path, *arguments: str) -> str:
    """Run the prefix's Python and return what it prints."""
    return subprocess.run(
        [trial.python_of(prefix), *arguments], stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def test_size(package: Path) -> None:
    """Small: all CPU variants within 3.5 MB."""
    assert package.stat().st_size <= 3.5e6


@pytest.mark.usefixtures("elsewhere")
def test_greedy_output_is_the_own_programs(prefix: Path, stories: Path, expected: str) -> None:
    """Tokenize, batch, decode, sample, detokenize through the installed package alone."""
    text = trial.complete(prefix, stories, PROMPT, TOKENS)
    assert text.strip() == expected


@pytest.mark.usefixtures("elsewhere")
def test_finds_its_own_libraries(prefix: Path) -> None:
    """The private folder's libraries are used, and the CPU variant fits this machine."""
    info = json.loads(python(prefix, "-m", "llama_ctypes", "info", "--json"))
    private = str(prefix / "lib" / "llama_ctypes")
    assert info["found"] == "the package's own libraries"
    assert info["library"].startswith(private)
    assert all(path.startswith(private) for path in info["backends"])
    assert [device["name"] for device in info["devices"]] == ["CPU"]
    flags = Path("/proc/cpuinfo")
    if flags.is_file() and " avx2 " in flags.read_text():
        assert "AVX2 = 1" in info["system"]


@pytest.mark.usefixtures("elsewhere")
def test_cpu_functions_come_from_the_chosen_variant(prefix: Path) -> None:
    """ggml-cpu.h's functions stand in the plugin that ggml loaded, and are callable."""
    script = "import llama_ctypes as llama; print(llama.ggml_cpu_has_sse3(), llama.mtmd_default_marker())"
    expected = "1" if os.uname().machine == "x86_64" else "0"
    assert python(prefix, "-c", script).split() == [expected, "b'<__media__>'"]


@pytest.mark.usefixtures("elsewhere")
def test_every_function_resolves(prefix: Path) -> None:
    """All but the one that upstream declares and never defines are exported by the libraries."""
    script = """
import llama_ctypes as llama
from llama_ctypes._generated.functions import FUNCTIONS
missing = []
for name, (_, place, _) in FUNCTIONS.items():
    core = place.split(":")[0].rsplit("/", 1)[1].removesuffix(".h") in (
        "llama", "ggml", "ggml-alloc", "ggml-backend", "ggml-cpu", "ggml-opt", "gguf", "mtmd", "mtmd-helper")
    if core and not hasattr(llama, name):
        missing.append(name)
print(missing)
"""
    assert python(prefix, "-c", script).strip() == "['ggml_threadpool_get_n_threads']"
