"""RUN_PACKAGE_INTEGRATION: the README's build command, and what comes out of it in a clean prefix."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from build_scripts.packaging import smoke_test
from tests.integration.conftest import PROMPT, TOKENS, needs_switch, python

needs_switch("RUN_PACKAGE_INTEGRATION")


def test_size(package: Path) -> None:
    """Small: all CPU variants within 3.5 MB."""
    assert package.stat().st_size <= 3.5e6


@pytest.mark.usefixtures("elsewhere")
def test_greedy_output_is_the_own_programs(prefix: Path, stories: Path, expected: str) -> None:
    """Tokenize, batch, decode, sample, detokenize through the installed package alone."""
    text = smoke_test.complete(prefix, stories, PROMPT, TOKENS)
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
