"""The recipe's build script builds a project small enough to compile in a second."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from build_scripts.packaging import binaries
from build_scripts.pin import ROOT
from llama_ctypes import _abi, _table
from tests.systems import c_compiler

RECIPE = ROOT / "recipe"

# Like llama.cpp's tree, but tiny: versioned libraries, a plugin and a tool.
PROJECT = """
cmake_minimum_required(VERSION 3.18)
project(small C)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
add_library(ggml a.c)
add_library(ggml-cpu-x64 MODULE a.c)
add_dependencies(ggml ggml-cpu-x64)
add_library(llama b.c)
target_link_libraries(llama PUBLIC ggml)
set_target_properties(ggml llama PROPERTIES VERSION 1.2.3 SOVERSION 1)
add_executable(unwanted_tool broken.c)
"""

HARDENABLE = """
#include <stdarg.h>
#include <stdio.h>
const char *where(void) { return __FILE__; }
int said(const char *format, ...) {
    char text[64];
    va_list rest;
    va_start(rest, format);
    vsnprintf(text, sizeof text, format, rest);
    va_end(rest);
    return puts(text);
}
"""


def load_script(name: str) -> ModuleType:
    """Load a module of the recipe's folder as Python loads a script: its folder is on sys.path."""
    spec = importlib.util.spec_from_file_location(f"recipe_{name}", RECIPE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(RECIPE))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(RECIPE))
    return module


@pytest.fixture(scope="module")
def build() -> ModuleType:
    return load_script("build")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    source.mkdir()
    (source / "CMakeLists.txt").write_text(PROJECT)
    (source / "a.c").write_text(HARDENABLE)
    (source / "b.c").write_text("const char *where(void);\nconst char *llama(void) { return where(); }\n")
    (source / "broken.c").write_text("this is not C\n")
    return source


def test_flags_set_every_simd_option_explicitly(build: ModuleType) -> None:
    flags = build.flags("b6122", "cpu")
    options = ("GGML_NATIVE", "GGML_CPU_ALL_VARIANTS", "GGML_BACKEND_DL")
    assert [flags[name] for name in options] == ["OFF", "ON", "ON"]
    assert (flags["LLAMA_BUILD_NUMBER"], flags["GGML_BUILD_COMMIT"]) == ("6122", "b6122")


def test_only_b_tags_have_a_build_number(build: ModuleType) -> None:
    flags = build.flags("v0.5.0", "cpu")
    assert (flags["LLAMA_BUILD_NUMBER"], flags["LLAMA_BUILD_IS_DEV"]) == ("0", "OFF")


@pytest.mark.parametrize("tag", ["b6122", "v0.5.0"])
def test_libmtmd_runs_no_other_program(build: ModuleType, tag: str) -> None:
    assert build.flags(tag, "cpu")["MTMD_VIDEO"] == "OFF"


@pytest.mark.skipif(sys.platform != "linux", reason="reads ELF files")
def test_each_library_is_installed_once_under_the_name_others_need(
    build: ModuleType, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = str(Path(sys.executable).parent)
    monkeypatch.setenv("PATH", os.pathsep.join([tools, os.environ["PATH"]]))
    if not all(shutil.which(tool) for tool in ("cmake", "ninja", c_compiler()[0], "readelf", "strip")):
        pytest.skip("needs cmake, ninja and a C compiler")
    for name in ("CFLAGS", "LDFLAGS", "CMAKE_ARGS", "PREFIX", "BUILD_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    # The build skips mtmd, which this release lacks, and the unrequested tool, which does not compile.
    libraries = build.compile_libraries(project, tmp_path / "build", build.flags("b1", "cpu"))
    build.install_libraries(libraries, tmp_path / "prefix" / "lib" / "llama_ctypes")
    folder = tmp_path / "prefix" / "lib" / "llama_ctypes"
    installed = sorted(path.name for path in folder.iterdir())
    assert installed == ["libggml-cpu-x64.so", "libggml.so", "libllama.so"]
    dynamic = subprocess.run(
        ["readelf", "-d", folder / "libllama.so"], capture_output=True, text=True, check=True
    ).stdout
    assert "[libggml.so]" in dynamic
    # rattler-build leaves such a library as it is, so its hash in the bill of materials is right.
    assert "(RPATH)              Library rpath: [$ORIGIN:$ORIGIN/..]" in dynamic
    (folder / "libllama.so").unlink()  # it has no buffer that a stack protector would guard
    # The libraries are hardened although no variable sets a compiler flag.
    assert binaries.check(folder, [], [tmp_path]) == 2


def test_the_macros_that_libllama_is_compiled_with(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`verify` gets them: GGML_MAX_NAME changes a struct."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if not all(shutil.which(tool) for tool in ("cmake", "ninja", "c++")):
        pytest.skip("needs cmake, ninja and a C++ compiler")
    (tmp_path / "src").mkdir()
    for name in ("llama.cpp", "other.cpp"):
        (tmp_path / "src" / name).touch()
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.14)\nproject(llama CXX)\nadd_library(llama src/llama.cpp)\n"
        "target_compile_definitions(llama PUBLIC LLAMA_SHARED PRIVATE GGML_WHY=why)\n"
        "add_library(other src/other.cpp)\ntarget_compile_definitions(other PRIVATE OTHER)\n"
    )
    monkeypatch.setenv("CXXFLAGS", "-DGGML_MAX_NAME=128")
    configure: list[str | Path] = ["cmake", "-S", tmp_path, "-B", tmp_path / "build", "-G", "Ninja"]
    subprocess.run(configure, stdout=subprocess.DEVNULL, check=True)
    assert set(build.definitions(tmp_path / "build")) == {
        "GGML_MAX_NAME=128", "GGML_WHY=why", "LLAMA_SHARED",
    }  # fmt: skip


def test_msvc_cuts_the_build_folders_off_file_names(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise every assertion in the DLLs contains a build folder, and the package's check rejects that."""
    environments: list[dict[str, str]] = []

    def configure(command: list[str | Path], **kwargs: dict[str, str]) -> None:
        environments.append(kwargs["env"])
        raise SystemExit

    monkeypatch.setattr(build, "WINDOWS", True)
    monkeypatch.setattr(build, "run", configure)
    monkeypatch.setenv("PREFIX", r"C:\a prefix")
    monkeypatch.setenv("CXXFLAGS", "/EHsc")
    for name in ("BUILD_PREFIX", "CFLAGS", "CUDAFLAGS"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SystemExit):
        build.compile_libraries(tmp_path / "source", tmp_path / "build", {})
    source, prefix = f'"/d1trimfile:{tmp_path / "source"}"', r'"/d1trimfile:C:\a prefix"'
    (environment,) = environments
    assert environment["CFLAGS"].startswith(source)
    assert environment["CXXFLAGS"].startswith(f"/EHsc {source}")
    assert environment["CUDAFLAGS"].startswith(f"-Xcompiler={source}")
    assert all(environment[name].endswith(prefix) for name in ("CFLAGS", "CXXFLAGS", "CUDAFLAGS"))


def test_a_build_without_a_cpu_backend_fails(build: ModuleType) -> None:
    with pytest.raises(SystemExit, match="no CPU backend"):
        build.check_cpu_backend([Path("libllama.so"), Path("libggml-base.so")])
    build.check_cpu_backend([Path("libllama.so"), Path("libggml-cpu-x64.so")])


def test_the_loader_reads_the_metadata_of_the_build(build: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "_generated").mkdir()
    (tmp_path / "_generated" / "__init__.py").write_text('RELEASE = "b7"\nABI_SHA256 = "0123"\n')
    build.write_metadata(tmp_path, tmp_path)
    recorded = {"release": "b7", "abi_sha256": "0123"}
    assert _abi.metadata(str(tmp_path)) == recorded
    # For `info`, which compares them with the machine's GPUs.
    build.write_metadata(tmp_path, tmp_path, "75-real;120")
    assert _abi.metadata(str(tmp_path)) == {**recorded, "cuda_architectures": "75-real;120"}


def test_the_headers_that_the_bindings_name_keep_their_paths(build: ModuleType, tmp_path: Path) -> None:
    names = sorted({row.place.rpartition(":")[0] for row in _table.rows()})
    for name in [*names, "include/llama-cpp.h"]:
        (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / name).write_text(name)
    build.install_headers(tmp_path / "tree", ROOT / "llama_ctypes", tmp_path / "include")
    headers = {path for path in (tmp_path / "include").rglob("*") if path.is_file()}
    assert {"include/llama.h", "ggml/include/ggml.h", "tools/mtmd/mtmd.h"} <= set(names)
    assert headers == {tmp_path / "include" / name for name in names}
    assert all(path.read_text() == path.relative_to(tmp_path / "include").as_posix() for path in headers)


def test_a_failing_command_ends_the_build(build: ModuleType) -> None:
    with pytest.raises(SystemExit, match="exit status 3"):
        build.run([sys.executable, "-c", "raise SystemExit(3)"])


def test_the_compilers_of_the_build_machine_are_named_for_vulkan_only(
    build: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC_FOR_BUILD", "/host/cc")
    monkeypatch.delenv("CXX_FOR_BUILD", raising=False)
    flags = build.flags("b1", "vulkan")
    assert (flags["GGML_VULKAN"], flags["HOST_C_COMPILER"]) == ("ON", "/host/cc")
    assert "HOST_CXX_COMPILER" not in flags
    others = build.flags("b1", "cpu")
    assert (others["GGML_VULKAN"], "HOST_C_COMPILER" in others) == ("OFF", False)


def test_shaders_are_not_compiled_where_the_path_has_a_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Upstream's generator of shaders would wait for ever."""
    monkeypatch.setenv("SRC_DIR", str(tmp_path / "my work"))
    options = ["--tag", "b1", "--version", "0.0.1", "--python-min", "3.10", "--backend", "vulkan"]
    monkeypatch.setattr(sys, "argv", ["build.py", *options])
    with pytest.raises(
        SystemExit, match=r"vulkan-shaders-gen cannot work in .*my work, whose path has a space"
    ):
        load_script("build").main()
