"""`info`: where everything comes from, and never a GPU that is silently unused."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from llama_ctypes import _binary, _loader
from llama_ctypes._commands import info
from tests.llama_ctypes.fake_vulkan import SOFTWARE, compile_vulkan
from tests.llama_ctypes.tiny_library import compile_library
from tests.systems import library_name, needs_elf_compiler

CPU = {"name": "CPU", "type": "CPU"}


def notes(folder: Path, *loaded: str, devices: tuple[dict[str, str], ...] = (CPU,)) -> list[str]:
    return info.gpu_notes(str(folder), [str(folder / name) for name in loaded], list(devices))


def test_a_gpu_that_is_used_needs_no_note(tmp_path: Path) -> None:
    cuda = library_name("ggml-cuda")
    (tmp_path / cuda).touch()
    assert notes(tmp_path, cuda, devices=(CPU, {"name": "CUDA0", "type": "GPU"})) == []


def test_no_gpu_backend(tmp_path: Path) -> None:
    (tmp_path / library_name("ggml-cpu-haswell")).touch()
    assert notes(tmp_path) == ["these libraries have no GPU backend", "so models run on the CPU only"]


def test_a_gpu_backend_that_does_not_load_says_why(tmp_path: Path) -> None:
    cuda = library_name("ggml-cuda")
    (tmp_path / cuda).write_text("no library")
    first, last = notes(tmp_path)
    assert first.startswith(f"{cuda} is here but does not load: {cuda} is not a shared library")
    assert last == "so models run on the CPU only"
    if sys.platform != "win32":  # where every symbol must be known when a library is linked
        compile_library("extern int cuInit(int); int f(void) { return cuInit(0); }", tmp_path / cuda)
        first, _ = notes(tmp_path)
        assert "cuInit" in first
    compile_library("int f(void) { return 0; }", tmp_path / cuda)
    assert notes(tmp_path)[0].endswith("ggml finds that it does not suit this machine")


def test_a_gpu_backend_without_a_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cuda, other = library_name("ggml-cuda"), library_name("ggml-virtgpu")
    for name in (cuda, other):
        (tmp_path / name).touch()
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    first, second, _ = notes(tmp_path, cuda, other)
    assert first == f"{cuda} is loaded but found no device: check the driver and CUDA_VISIBLE_DEVICES (-1)"
    assert second == f"{other} is loaded but found no device: check the driver"


def test_what_is_not_for_a_gpu_is_not_the_reason(tmp_path: Path) -> None:
    blas, rpc = library_name("ggml-blas"), library_name("ggml-rpc")
    for name in (blas, rpc, library_name("ggml-base"), library_name("ggml-cpu-x64")):
        (tmp_path / name).touch()
    accelerator = {"name": "BLAS", "type": "ACCEL", "backend": str(tmp_path / blas)}
    first, _ = notes(tmp_path, blas, rpc, devices=(CPU, accelerator))
    assert first == "these libraries have no GPU backend"


@needs_elf_compiler
@pytest.mark.parametrize("loaded", [True, False])
def test_vulkan_explains_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loaded: bool) -> None:
    monkeypatch.delenv("GGML_VK_VISIBLE_DEVICES", raising=False)
    file = compile_vulkan(tmp_path / "libggml-vulkan.so", ("llvmpipe", SOFTWARE), status=0 if loaded else -9)
    first, _ = notes(tmp_path, *([file.name] if loaded else []))
    if loaded:
        assert first == (
            "libggml-vulkan.so is loaded but found no device: 0 (llvmpipe) is software, "
            "which ggml uses only if you set GGML_VK_VISIBLE_DEVICES=0"
        )
    else:
        assert first.startswith(
            "libggml-vulkan.so is here but does not load: Vulkan finds no driver (ICD); install the GPU's"
        )


def test_the_cpu_variant_is_read_off_the_file_that_ggml_loaded() -> None:
    assert info._cpu_variant(["/x/libggml-cpu-skylakex.so"]) == "skylakex"
    assert info._cpu_variant(["/x/libggml-cpu-armv8.2_1.so"]) == "armv8.2_1"
    assert info._cpu_variant([r"ggml-cpu-alderlake.dll"]) == "alderlake"
    assert info._cpu_variant(["/x/libggml-cpu.so"]).startswith("the only one")


def test_the_package_is_what_conda_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_binary, "package_prefix", lambda: None)
    assert info.package_record() is None
    monkeypatch.setattr(_binary, "package_prefix", lambda: str(tmp_path))
    assert info.package_record() is None
    (tmp_path / "conda-meta").mkdir()
    for name in ("llama-ctypes", "llama-ctypes-extra"):
        record = {"name": name, "version": "0.0.6124", "build": "cpu_h1_0", "channel": "here"}
        (tmp_path / "conda-meta" / f"{name}-0.0.6124-cpu_h1_0.json").write_text(json.dumps(record))
    assert info.package_record() == {
        "name": "llama-ctypes",
        "version": "0.0.6124",
        "build": "cpu_h1_0",
        "channel": "here",
    }


@pytest.mark.parametrize(("channel", "origin"), [(None, "file:///x/llama.conda"), ("https://c", "https://c")])
def test_a_package_that_pixi_compiled_is_from_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channel: str | None, origin: str
) -> None:
    monkeypatch.setattr(_binary, "package_prefix", lambda: str(tmp_path))
    (tmp_path / "conda-meta").mkdir()
    record = {"name": "llama-ctypes", "channel": channel, "url": "file:///x/llama.conda"}
    (tmp_path / "conda-meta" / "llama-ctypes-1-0.json").write_text(json.dumps(record))
    package = info.package_record()
    assert package is not None
    assert package["channel"] == origin


def test_every_fact_and_note_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    device = {"name": "CPU", "type": "CPU", "description": "tiny", "memory_free": 1 << 30}
    facts = {
        "release": "b1",
        "package": None,
        "libraries": [{"path": "/x/libllama.so", "found": "LLAMA_CPP_LIB"}],
        "abi": "fits",
        "backends": ["/x/libggml-cpu.so"],
        "cpu_variant": "haswell",
        "devices": [
            {**device, "memory_total": 3 << 29},
            {**device, "name": "BLAS", "type": "ACCEL", "memory_free": 0, "memory_total": 0},
        ],
        "notes": ["no GPU", "so CPU"],
        "system": "AVX2",
    }
    info.print_info(facts)
    assert capsys.readouterr().out.splitlines() == [
        "bindings   llama.cpp b1",
        "package    not installed by conda",
        "library    /x/libllama.so (LLAMA_CPP_LIB)",
        "abi        fits",
        "backend    /x/libggml-cpu.so",
        "cpu        haswell",
        "device     CPU (CPU): tiny, 1.0 of 1.5 GiB free",
        "device     BLAS (ACCEL): tiny",
        "note       no GPU",
        "note       so CPU",
        "system     AVX2",
    ]


@pytest.mark.parametrize(
    ("device_type", "phrase"),
    [("GPU", "CUDA0 (tiny)"), ("CPU", "the CPU: these libraries have no GPU backend")],
)
def test_the_hardware_is_the_gpu_or_why_it_is_the_cpu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device_type: str, phrase: str
) -> None:
    libraries = SimpleNamespace(backend_folder=str(tmp_path), backend_paths=lambda: [])
    monkeypatch.setattr(_loader, "libraries", lambda: libraries)
    device = {"name": "CUDA0", "type": device_type, "description": "tiny"}
    monkeypatch.setattr(info, "_devices", lambda: [device])
    assert info.describe_hardware() == phrase
