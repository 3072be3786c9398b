"""A symbol too few, too many or in one CPU variant only is found and named."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from build_scripts.bindings import headers
from build_scripts.bindings.checks import symbols
from build_scripts.bindings.headers import HeaderSet
from build_scripts.errors import CheckError, ToolError
from tests.llama_ctypes.tiny_library import compile_library
from tests.systems import library_name, needs_c_compiler

pytestmark = needs_c_compiler

HEADER = """
#ifdef __cplusplus
extern "C" {
#endif
/* llama_gone() was here; */ // and llama_never(1)
int llama_one(int x);
int llama_two(void);
int ggml_cpu_only(void);
int ggml_threadpool_get_n_threads(void);
int ggml_cuda_only(void);
#ifdef __cplusplus
}
#endif
"""
PLACES = {
    "llama_one": "include/llama.h:6",
    "llama_two": "include/llama.h:7",
    "ggml_cpu_only": "ggml/include/ggml-cpu.h:1",
    "ggml_threadpool_get_n_threads": "ggml/include/ggml-cpu.h:2",
    "ggml_cuda_only": "ggml/include/ggml-cuda.h:2",
}


@pytest.fixture
def release(tmp_path: Path) -> HeaderSet:
    for name in ("include/llama.h", "ggml/include/ggml.h"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(HEADER)
    return headers.find(tmp_path)


def libraries(folder: Path, llama: str = "llama_one llama_two", *variants: str) -> Path:
    for name, exported in [("llama", llama), *((f"ggml-cpu-{n}", v) for n, v in enumerate(variants))]:
        source = "".join(f"int {symbol}(void) {{ return 0; }}\n" for symbol in exported.split())
        compile_library(source, folder / library_name(name))
    return folder


def findings(release: HeaderSet, folder: Path) -> str:
    with pytest.raises(CheckError) as caught:
        symbols.check(folder, PLACES, release, "b6124")
    return "\n".join(caught.value.findings)


def test_what_fits_is_counted(release: HeaderSet, tmp_path: Path) -> None:
    folder = libraries(
        tmp_path / "lib", "llama_one llama_two llama_internal", "ggml_cpu_only", "ggml_cpu_only"
    )
    assert symbols.check(folder, PLACES, release, "b6124") == 3


def test_owners(tmp_path: Path) -> None:
    """Each name has its library; the variants of the CPU backend count as one."""
    folder = libraries(tmp_path / "lib", "llama_one", "ggml_cpu_only", "ggml_cpu_only")
    owners = symbols.owners(folder)
    names = {name: library_name(name).partition(".")[0] for name in ("llama", "ggml-cpu")}
    assert owners["llama_one"] == names["llama"]
    assert owners["ggml_cpu_only"] == names["ggml-cpu"]


def test_libraries_without_a_bound_function(release: HeaderSet, tmp_path: Path) -> None:
    """If nothing is bound, nothing disagrees."""
    folder = libraries(tmp_path / "lib", "llama_internal", "ggml_internal")
    with pytest.raises(CheckError, match="export no bound function"):
        symbols.check(folder, {}, release, "b6124")


def test_a_bound_function_that_no_library_exports(release: HeaderSet, tmp_path: Path) -> None:
    found = findings(release, libraries(tmp_path / "lib", "llama_one", "ggml_cpu_only"))
    assert found.startswith("llama_two: bound (include/llama.h:7), but exported by none of")


def test_a_variant_that_lacks_what_another_has(release: HeaderSet, tmp_path: Path) -> None:
    found = findings(release, libraries(tmp_path / "lib", "llama_one llama_two", "ggml_cpu_only", "other"))
    assert "ggml_cpu_only: exported by other CPU variants, but not by" in found
    assert "ggml-cpu-1" in found


def test_a_public_export_that_is_not_bound(release: HeaderSet, tmp_path: Path) -> None:
    folder = libraries(tmp_path / "lib", "llama_one llama_two", "ggml_cpu_only")
    fewer = {name: place for name, place in PLACES.items() if name != "llama_one"}
    with pytest.raises(CheckError, match="llama_one: exported and in a public header, but not bound"):
        symbols.check(folder, fewer, release, "b6124")


def test_an_exception_that_went_stale(release: HeaderSet, tmp_path: Path) -> None:
    folder = libraries(tmp_path / "lib", "llama_one llama_two", "ggml_cpu_only ggml_threadpool_get_n_threads")
    assert "ggml_threadpool_get_n_threads: exported, but NEVER_DEFINED lists it as undefined" in findings(
        release, folder
    )


@pytest.mark.parametrize(
    ("tag", "missing"), [("b4019", True), ("b4020", False), ("b5567", False), ("b5568", True)]
)
def test_an_exception_holds_for_its_releases_only(
    release: HeaderSet, tmp_path: Path, tag: str, missing: bool
) -> None:
    folder = libraries(tmp_path / "lib", "llama_one llama_two", "ggml_cpu_only")
    places = PLACES | {"ggml_graph_export": "ggml/include/ggml.h:1"}
    if missing:
        with pytest.raises(CheckError, match="ggml_graph_export: bound"):
            symbols.check(folder, places, release, tag)
    else:
        assert symbols.check(folder, places, release, tag) == 3


def test_no_libraries_and_no_library(release: HeaderSet, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CheckError, match="contains no shared library"):
        symbols.check(tmp_path / "empty", PLACES, release, "b6124")
    (tmp_path / "empty" / library_name("llama")).write_text("no library")
    with pytest.raises(CheckError, match="is not a folder"):
        symbols.check(tmp_path / "nowhere", PLACES, release, "b6124")
    with pytest.raises(ToolError, match="is not a readable ELF, Mach-O or PE file"):
        symbols.check(tmp_path / "empty", PLACES, release, "b6124")


@pytest.mark.skipif(sys.platform != "linux", reason="other linkers want every function defined")
def test_a_function_that_a_library_imports_is_not_exported(release: HeaderSet, tmp_path: Path) -> None:
    folder = libraries(tmp_path / "lib", "", "ggml_cpu_only")
    source = "int llama_two(void); int llama_one(int x) { return llama_two(); }"
    compile_library(source, folder / library_name("llama"))
    finding = "llama_two: bound (include/llama.h:7), but exported by none of"
    assert findings(release, folder).startswith(finding)


def test_only_library_files_are_read(release: HeaderSet, tmp_path: Path) -> None:
    folder = libraries(tmp_path / "lib", "llama_one llama_two", "ggml_cpu_only")
    (folder / "LICENSE.txt").write_text("MIT")
    (folder / library_name("folder")).mkdir()
    assert symbols.check(folder, PLACES, release, "b6124") == 3


@pytest.mark.skipif(sys.platform != "linux", reason="Linux puts the version after .so")
def test_libraries_with_a_version_in_their_names(release: HeaderSet, tmp_path: Path) -> None:
    """The links without it may be in another package, or in the same folder."""
    folder = libraries(tmp_path / "lib", "llama_one llama_two", "ggml_cpu_only", "ggml_cpu_only")
    for path in list(folder.iterdir()):
        path.rename(f"{path}.0.9")
        Path(f"{path}.0").symlink_to(f"{path.name}.0.9")
    assert symbols.check(folder, PLACES, release, "b6124") == 3
    (folder / "libllama.so").symlink_to("libllama.so.0")
    assert symbols.check(folder, PLACES, release, "b6124") == 3
    libraries(folder, "llama_one")
    (folder / "libllama.so.0.9").unlink()
    found = findings(release, folder)
    assert found.count("llama_two") == 1
    assert found.count("libllama.so") == 1
