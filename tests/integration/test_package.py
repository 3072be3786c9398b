"""RUN_PACKAGE_INTEGRATION: build the package with the README's command and use it in a clean prefix."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from build_scripts.packaging import smoke_test
from build_scripts.pin import ROOT
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
def test_an_example(prefix: Path, stories: Path, expected: str) -> None:
    """The examples need only the package; test_examples.py runs all of them."""
    program = ROOT / "examples" / "simple.py"
    assert python(prefix, str(program), str(stories), PROMPT, str(TOKENS)).strip() == expected


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


@pytest.mark.usefixtures("elsewhere")
def test_help_shows_the_comments_of_the_packages_headers(prefix: Path) -> None:
    """The headers declare every function where the bindings expect it."""
    script = """
import json, llama_ctypes as llama
from llama_ctypes import _help, _table
links = [row.name for row in _table.rows() if "https://" + "github.com/ggml-org/llama.cpp/blob" in
         _help.function(row.name, "")]
print(json.dumps([llama.llama_tokenize.__doc__, links]))
"""
    text, links = json.loads(python(prefix, "-c", script))
    assert "\n@param " in text
    assert links == []


@pytest.mark.usefixtures("elsewhere")
def test_python_knows_the_package(prefix: Path, package: Path) -> None:
    """The metadata lists exactly the installed files; the command uses them, even started in the checkout."""
    version = package.name.split("-")[2]
    script = """
import importlib.metadata, json, llama_ctypes
distribution = importlib.metadata.distribution("llama-ctypes")
missing = [str(file) for file in distribution.files if not file.locate().is_file()]
print(json.dumps([distribution.version, llama_ctypes.__version__, distribution.metadata["Requires-Python"],
                  distribution.read_text("INSTALLER"), missing]))
"""
    facts = json.loads(python(prefix, "-c", script))
    assert facts == [version, version, ">=3.10", "conda\n", []]
    command = smoke_test.command_of(prefix)
    usage, info = (
        subprocess.run([command, *line], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
        for line in (["--help"], ["info", "--json"])
    )
    assert usage.startswith("usage: llama-ctypes ")
    assert json.loads(info)["package"]["version"] == version
