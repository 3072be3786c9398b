"""CUDA's toolkit from wheels, as packages under conda-forge's names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from build_scripts.errors import ToolError
from build_scripts.packaging import channel
from build_scripts.packaging.channel import cuda, host
from tests.systems import needs_elf_compiler

pytestmark = needs_elf_compiler

HEADER = """
typedef int CUresult;
#define cuMemAlloc cuMemAlloc_v2
CUresult cuInit(unsigned int flags);
CUresult cuMemAlloc(void **pointer, unsigned long size);
"""


@pytest.fixture
def toolchain() -> host.Toolchain:
    return host.find_toolchain()


@pytest.fixture
def toolkit(tmp_path: Path) -> cuda.Toolkit:
    """A toolkit's folders, each with as little as will do."""
    root = tmp_path / "toolkit"
    files = {
        "bin/nvcc": "",
        "bin/crt/link.stub": "",
        "nvvm/bin/cicc": "",
        "include/cuda.h": HEADER,
        "include/cublas_v2.h": "",
        "include/cccl/thrust/version.h": "",
        "lib/libcudart.so.13": "run time",
        "lib/libcudart_static.a": "",
        "lib/libcudadevrt.a": "",
        "lib/libcublas.so.13": "",
        "lib/libcublasLt.so.13": "",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return cuda.Toolkit(root, cuda.versions())


def test_every_pinned_wheel_has_a_hash_for_each_processor() -> None:
    lines = [line for line in cuda.REQUIREMENTS.read_text().splitlines() if line[0] != "#"]
    assert len(lines) == len(cuda.versions()) == 6
    for line in lines:
        assert len(set(re.findall(r"--hash=sha256:([0-9a-f]{64})(?= |$)", line))) == 2, line
    majors = {version.split(".")[0] for version in cuda.versions().values()}
    assert majors == {"13"}


def test_packages_have_what_a_build_asks_for(
    toolkit: cuda.Toolkit, toolchain: host.Toolchain, tmp_path: Path
) -> None:
    specs = {spec.name: spec for spec in cuda.packages(toolkit, toolchain, "linux-64", tmp_path / "staging")}
    assert toolkit.version == specs["cuda-version"].version == "13.0"
    compiler = specs["cuda-nvcc-impl"].files
    assert {"bin/nvcc", "bin/crt/link.stub", "nvvm/bin/cicc", "include/cccl/thrust/version.h"} <= set(
        compiler
    )
    assert {"lib64/libcudart.so", "lib64/libcudart.so.13", "lib64/stubs/libcuda.so"} <= set(compiler)
    assert specs["cuda-nvcc_linux-64"].strong_run_exports == ("cuda-version >=13.0,<14",)
    development = specs["libcublas-dev"]
    assert set(development.files) == {"include/cublas_v2.h", "lib/libcublas.so", "lib/libcublasLt.so"}
    assert development.strong_run_exports == (f"libcublas >={specs['libcublas'].version},<14.0a0",)
    # What runs needs no compiler, and what is linked against is not run.
    assert set(specs["cuda-cudart"].files) == {"lib/libcudart.so.13"}
    link = specs["cuda-cudart-dev"].files["lib/libcudart.so"]
    assert (link.is_symlink(), str(link.readlink())) == (True, "libcudart.so.13")


def test_the_driver_stub_has_every_function_under_its_exported_name(
    toolkit: cuda.Toolkit, toolchain: host.Toolchain, tmp_path: Path
) -> None:
    import ctypes

    library = ctypes.CDLL(str(cuda._driver_stub(toolkit, toolchain, tmp_path)))
    assert library.cuInit(0) == library.cuMemAlloc_v2(None, 0) == 34
    assert not hasattr(library, "cuMemAlloc")


def test_a_header_without_functions_is_one_clear_error(
    toolkit: cuda.Toolkit, toolchain: host.Toolchain, tmp_path: Path
) -> None:
    (toolkit.root / "include" / "cuda.h").write_text("int x;\n")
    with pytest.raises(ToolError, match="declares no driver function"):
        cuda._driver_stub(toolkit, toolchain, tmp_path)


def test_a_wheel_that_is_not_the_pinned_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(tmp_path / "cache"))
    (tmp_path / "nvidia_cuda_nvcc-13.0.88-py3-none-any.whl").write_bytes(b"something else")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    wanted = tmp_path / "wanted.txt"
    wanted.write_text(f"nvidia-cuda-nvcc==13.0.88 --hash=sha256:{'0' * 64}\n")
    monkeypatch.setattr(cuda, "REQUIREMENTS", wanted)
    with pytest.raises(ToolError, match="DO NOT MATCH THE HASHES"):
        cuda.find_toolkit()
    assert list((tmp_path / "cache" / "cuda").iterdir()) == []


def test_links_and_run_exports_survive_packing(
    toolkit: cuda.Toolkit, toolchain: host.Toolchain, tmp_path: Path
) -> None:
    pytest.importorskip("rattler_build")
    import tarfile

    wanted = ("cuda-cudart-dev", "cuda-version")
    specs = cuda.packages(toolkit, toolchain, "linux-64", tmp_path / "staging")
    channel._assemble(
        tmp_path / "channel", [("linux-64", [spec for spec in specs if spec.name in wanted])], "h0_0"
    )
    (package,) = (tmp_path / "channel" / "linux-64").glob("cuda-cudart-dev-*.tar.bz2")
    with tarfile.open(package) as archive:
        assert archive.getmember("lib/libcudart.so").linkname == "libcudart.so.13"
        assert "info/run_exports.json" in archive.getnames()
