"""RUN_PACKAGE_INTEGRATION: build the package with the README's command and use it in a clean prefix."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from build_scripts.packaging import smoke_test
from tests.integration.conftest import PROMPT, TOKENS, needs_switch, python

needs_switch("RUN_PACKAGE_INTEGRATION")


def test_size(package: Path) -> None:
    """The package with all CPU variants has at most 3.5 MB."""
    assert package.stat().st_size <= 3.5e6


@pytest.mark.usefixtures("elsewhere")
def test_greedy_output_equals_the_upstream_tools(prefix: Path, stories: Path, expected: str) -> None:
    """The installed package alone tokenizes, decodes, samples and detokenizes."""
    text = smoke_test.complete(prefix, stories, PROMPT, TOKENS)
    assert text.strip() == expected


@pytest.mark.usefixtures("elsewhere")
def test_it_finds_its_libraries(prefix: Path) -> None:
    """The package uses the libraries of its folder, and the best CPU variant for this machine."""
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
    """The functions of ggml-cpu.h, which only the loaded plugin defines, are callable."""
    script = "import llama_ctypes as llama; print(llama.ggml_cpu_has_sse3(), llama.mtmd_default_marker())"
    expected = "1" if os.uname().machine == "x86_64" else "0"
    assert python(prefix, "-c", script).split() == [expected, "b'<__media__>'"]


@pytest.mark.usefixtures("elsewhere")
def test_every_function_resolves(prefix: Path) -> None:
    """The libraries export every function except one that upstream declares but never defines."""
    script = """
import llama_ctypes as llama
from llama_ctypes import _table
missing = []
for row in _table.rows():
    name = row.name
    core = row.place.split(":")[0].rsplit("/", 1)[1].removesuffix(".h") in (
        "llama", "ggml", "ggml-alloc", "ggml-backend", "ggml-cpu", "ggml-opt", "gguf", "mtmd", "mtmd-helper")
    if core and not hasattr(llama, name):
        missing.append(name)
print(missing)
"""
    assert python(prefix, "-c", script).strip() == "['ggml_threadpool_get_n_threads']"
