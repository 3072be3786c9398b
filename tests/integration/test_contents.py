"""RUN_PACKAGE_INTEGRATION: the package's exact files, and installing it next to another llama.cpp package."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.bindings import headers
from build_scripts.packaging import channel, install, smoke_test
from build_scripts.pin import ROOT
from build_scripts.source import SourceTree
from tests.integration.conftest import needs_switch, python
from tests.llama_ctypes.tiny_library import compile_library
from tests.systems import c_compiler

needs_switch("RUN_PACKAGE_INTEGRATION")
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the file names are Linux's"),
]

CPU_VARIANTS = (
    "alderlake",
    "haswell",
    "icelake",
    "sandybridge",
    "sapphirerapids",
    "skylakex",
    "sse42",
    "x64",
)
# Licences of llama.cpp and of the code compiled into it: stb_image and miniaudio in mtmd, llamafile's matrix
# multiplication and YaRN in the CPU backend, a few lines in the tokenizer.
LICENCES = (
    "LICENSE",
    "licences/llama-vocab.cpp.txt",
    "licences/miniaudio-miniaudio.h.txt",
    "licences/src-ggml-cpu-llamafile-sgemm.cpp.txt",
    "licences/src-ggml-cpu-ops.cpp.txt",
    "licences/stb-stb_image.h.txt",
)


@pytest.fixture(scope="module")
def unpacked(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's files, unpacked."""
    from rattler.package_streaming import extract

    folder = tmp_path_factory.mktemp("unpacked")
    extract(package, folder)
    return folder


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the CPU variants are x86-64's")
def test_every_file(unpacked: Path, package: Path, tree: SourceTree) -> None:
    sources = subprocess.run(
        ["git", "ls-files", "llama_ctypes"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    libraries = [
        "llama",
        "mtmd",
        "ggml",
        "ggml-base",
        "ggml-rpc",
        *(f"ggml-cpu-{name}" for name in CPU_VARIANTS),
    ]
    expected = {f"site-packages/{name}" for name in sources}
    expected |= {f"lib/llama_ctypes/lib{name}.so" for name in libraries}
    expected |= {"lib/llama_ctypes/metadata.json", "lib/llama_ctypes/sbom.cdx.json"}
    expected |= {f"lib/llama_ctypes/include/{name}" for name in headers.find(tree.path).files}
    metadata = f"site-packages/llama_ctypes-{package.name.split('-')[2]}.dist-info"
    expected |= {f"{metadata}/{name}" for name in ("METADATA", "INSTALLER", "RECORD", "licenses/LICENSE")}
    paths = json.loads((unpacked / "info" / "paths.json").read_text())["paths"]
    assert {path["_path"] for path in paths} == expected
    # No file contains its prefix, so the installation rewrites none.
    assert [path["_path"] for path in paths if "prefix_placeholder" in path] == []


def test_licences_and_bill_of_materials(unpacked: Path) -> None:
    licences = unpacked / "info" / "licenses"
    names = {path.relative_to(licences).as_posix() for path in licences.rglob("*") if path.is_file()}
    assert {name.removeprefix("llama.cpp/") for name in names} == {"llama-ctypes/LICENSE", *LICENCES}
    bill = json.loads((unpacked / "lib" / "llama_ctypes" / "sbom.cdx.json").read_text())
    assert bill["metadata"]["component"]["name"] == "llama-ctypes"
    files = {part["name"]: part for part in bill["components"] if part["type"] == "file"}
    libraries = unpacked.glob("lib/llama_ctypes/*.so")
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in libraries}
    assert {name: part["hashes"][0]["content"] for name, part in files.items()} == hashes
    parts = [part for part in bill["components"] if part["type"] != "file"]
    assert all(part["purl"].startswith("pkg:") for part in parts)
    components = {part["name"]: part for part in parts if part["name"] != "llama.cpp"}
    assert components["stb"]["licenses"] == [{"expression": "MIT OR Unlicense"}]
    assert components["miniaudio"]["licenses"] == [{"expression": "MIT-0 OR Unlicense"}]
    # One component per licence except llama.cpp's, and each component has a licence.
    assert len(components) == len(LICENCES) - 1
    assert all("licenses" in part for part in components.values())


# A minimal package of another llama.cpp, with the usual file names.
OTHER = {
    "lib/libggml-base.so": 'const char *other_name(void) { return "other"; }',
    "lib/libllama.so": "const char *other_name(void); const char *llama_name(void) { return other_name(); }",
    "lib/libggml.so": "int ggml_other;",
    "lib/libggml-cpu.so": "int ggml_cpu_other;",
}
PROGRAM = (
    "#include <stdio.h>\nconst char *llama_name(void); int main(void) { return puts(llama_name()) < 0; }"
)


@pytest.fixture(scope="module")
def shared_prefix(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prefix with the package and another llama.cpp package."""
    from rattler.index import index_fs
    from rattler_build import assemble_package

    folder = tmp_path_factory.mktemp("together")
    files = folder / "files"
    for name, source in OTHER.items():
        compile_library(
            source,
            files / name,
            "-Wl,-rpath,$ORIGIN",
            f"-L{files / 'lib'}",
            *(["-l:libggml-base.so"] * (name == "lib/libllama.so")),
        )
    (files / "bin").mkdir()
    link = [f"-L{files / 'lib'}", "-l:libllama.so", "-Wl,-rpath,$ORIGIN/../lib"]
    subprocess.run(
        [*c_compiler(), "-x", "c", "-", "-xnone", "-o", files / "bin" / "llama-cli", *link],
        input=PROGRAM,
        text=True,
        check=True,
    )
    (files / "include").mkdir()
    (files / "include" / "llama.h").write_text("/* of another package */\n")
    (files / "lib" / "cmake" / "llama").mkdir(parents=True)
    (files / "lib" / "cmake" / "llama" / "llama-config.cmake").touch()
    subdir = package.parent.name
    (folder / "channel" / subdir).mkdir(parents=True)
    assemble_package("llama.cpp", "0.0.9999", subdir, "other_0", folder / "channel" / subdir, files_dir=files)
    channel.run_rattler(index_fs(folder / "channel"))
    prefix = folder / "prefix"
    channels = [str(folder / "channel"), str(package.parent.parent), *channel.choose(None)]
    install.create(prefix, ["llama-ctypes", "llama.cpp"], channels)
    return prefix


def test_the_packages_share_no_file(shared_prefix: Path) -> None:
    files_by_package = {
        path.name.rsplit("-", 2)[0]: set(json.loads(path.read_text())["files"])
        for path in (shared_prefix / "conda-meta").glob("llama*.json")
    }
    assert set(files_by_package) == {"llama-ctypes", "llama.cpp"}
    assert files_by_package["llama.cpp"] >= {"bin/llama-cli", "include/llama.h", *OTHER}
    assert files_by_package["llama-ctypes"] & files_by_package["llama.cpp"] == set()


@pytest.mark.usefixtures("elsewhere")
def test_each_package_uses_its_libraries(shared_prefix: Path) -> None:
    program = subprocess.run(
        [shared_prefix / "bin" / "llama-cli"], capture_output=True, text=True, check=True
    )
    assert program.stdout == "other\n"
    info = json.loads(python(shared_prefix, "-m", "llama_ctypes", "info", "--json"))
    assert Path(info["library"]).parent == smoke_test.libraries_of(shared_prefix)
    assert {Path(path).parent for path in info["backends"]} == {smoke_test.libraries_of(shared_prefix)}
