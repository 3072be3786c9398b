"""CPU variants that the compiler cannot build, and processor features that glibc 2.17's headers lack."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.recipe.test_build import RECIPE, load_script
from tests.systems import c_compiler

# What llama.cpp's tree has, without its size: a list of CPU variants, and options for each of them.
PROJECT = """
cmake_minimum_required(VERSION 3.18)
project(small C CXX)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_PLATFORM_NO_VERSIONED_SONAME ON)
add_subdirectory(ggml/src)
"""
VARIANTS = """
add_library(ggml SHARED ../../a.c)
function(ggml_add_cpu_backend_variant name)
    add_library(ggml-cpu-${name} MODULE ../../a.c)
    target_compile_options(ggml-cpu-${name} PRIVATE ${ARGN})
    add_dependencies(ggml ggml-cpu-${name})
endfunction()
ggml_add_cpu_backend_variant(old)
if (TRUE)
    ggml_add_cpu_backend_variant(new    -mno-such-feature)
    ggml_add_cpu_backend_variant(newest -mno-such-feature
                                        -mno-such-matrices)
endif()
"""

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="Linux's build and file names")


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    tools = str(Path(sys.executable).parent)
    monkeypatch.setenv("PATH", os.pathsep.join([tools, os.environ["PATH"]]))
    if not all(shutil.which(tool) for tool in ("cmake", "ninja", c_compiler()[0])):
        pytest.skip("needs cmake, ninja and a C compiler")
    for name in ("CFLAGS", "CXXFLAGS", "LDFLAGS", "CMAKE_ARGS", "PREFIX", "BUILD_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    return load_script("build")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "ggml" / "src").mkdir(parents=True)
    (folder / "CMakeLists.txt").write_text(PROJECT)
    (folder / "ggml" / "src" / "CMakeLists.txt").write_text(VARIANTS)
    (folder / "a.c").write_text("int ggml(void) { return 1; }\n")
    return folder


@linux_only
def test_variants_of_a_newer_compiler_are_left_out(
    build: ModuleType, source: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    libraries = build.compile_libraries(
        source, tmp_path / "build", build.flags("b1", "cpu"), skip_variants=True
    )
    assert [path.name for path in libraries] == ["libggml-cpu-old.so", "libggml.so"]
    (notice,) = (line for line in capfd.readouterr().out.splitlines() if line.startswith("notice: "))
    assert "new (-mno-such-feature), newest (-mno-such-feature -mno-such-matrices)" in notice
    assert "old" not in notice.replace("too old", "")
    # The build verifies the bindings afterwards, and `verify` rejects a modified tree of a recorded release.
    assert (source / "ggml" / "src" / "CMakeLists.txt").read_text() == VARIANTS


@linux_only
def test_a_release_is_not_built_without_them(build: ModuleType, source: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"too old .* new \(-mno-such-feature\), newest"):
        build.compile_libraries(source, tmp_path / "build", build.flags("b1", "cpu"))
    assert list((tmp_path / "build").rglob("*.o")) == []
    assert (source / "ggml" / "src" / "CMakeLists.txt").read_text() == VARIANTS


def test_only_a_listed_variant_can_be_removed(source: Path) -> None:
    cpu_variants = load_script("cpu_variants")
    with cpu_variants.without(source, ["new"]):
        text = (source / "ggml" / "src" / "CMakeLists.txt").read_text()
    assert "variant(new " not in text
    assert "variant(newest " in text
    with (
        pytest.raises(ValueError, match="does not list the CPU variant android_new"),
        cpu_variants.without(source, ["android_new"]),
    ):
        pass


# glibc 2.17's <sys/auxv.h> on arm64: no processor feature has a name.
OLD_AUXV = '#pragma once\n#define AT_HWCAP 16\nextern "C" unsigned long getauxval(unsigned long);\n'
# The kernel's ABI: what upstream's probe compares the auxiliary vector with.
PROBE = """
#include <sys/auxv.h>
static_assert(AT_HWCAP2 == 26, "AT_HWCAP2");
static_assert(HWCAP_FPHP == 1 << 9, "HWCAP_FPHP");
static_assert(HWCAP_ASIMDDP == 1 << 20, "HWCAP_ASIMDDP");
static_assert(HWCAP_SVE == 1 << 22, "HWCAP_SVE");
static_assert(HWCAP2_SVE2 == 1 << 1, "HWCAP2_SVE2");
unsigned long probe() { return getauxval(AT_HWCAP) & HWCAP_SVE; }
"""


def compile_probe(*options: str | Path) -> subprocess.CompletedProcess[str]:
    command = [*c_compiler(), *map(str, options), "-Werror", "-fsyntax-only", "-x", "c++", "-"]
    return subprocess.run(command, input=PROBE, capture_output=True, text=True, check=False)


@linux_only
def test_the_probe_compiles_with_the_headers_of_glibc_2_17(tmp_path: Path) -> None:
    (tmp_path / "sys").mkdir()
    (tmp_path / "sys" / "auxv.h").write_text(OLD_AUXV)
    # The old header is the only one that is read, so any machine's compiler will do.
    arm64 = ["-D__aarch64__", f"-I{tmp_path}"]
    without = compile_probe(*arm64)
    assert without.returncode != 0
    assert "HWCAP_ASIMDDP" in without.stderr
    done = compile_probe(*arm64, "-include", RECIPE / "hwcap.h")
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("aarch64-linux-gnu-g++") is None, reason="no compiler for arm64 Linux")
def test_the_values_are_those_of_newer_headers() -> None:
    command = ["aarch64-linux-gnu-g++", "-Werror", "-include", str(RECIPE / "hwcap.h")]
    command += ["-fsyntax-only", "-x", "c++", "-"]
    done = subprocess.run(command, input=PROBE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
