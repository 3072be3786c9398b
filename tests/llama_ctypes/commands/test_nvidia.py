"""A GPU that the installed package has no code for is named, with what to install."""

from __future__ import annotations

import ctypes
import json
import re
import sys
from pathlib import Path

import pytest

from build_scripts.packaging import variants
from build_scripts.pin import ROOT
from llama_ctypes import _binary
from llama_ctypes._commands import info, nvidia
from tests.llama_ctypes.tiny_library import compile_library
from tests.systems import library_name

PASCAL = nvidia.Gpu("GTX 1080", (6, 1))
AMPERE = nvidia.Gpu("RTX 3060", (8, 6))

DRIVER = """
#include <string.h>
int cuInit(unsigned flags) { return STATUS; }
int cuDeviceGetCount(int *count) { *count = 2; return 0; }
int cuDeviceGet(int *device, int index) { *device = 40 + index; return 0; }
int cuDeviceGetName(char *name, int size, int device) {
    strncpy(name, device == 40 ? "GTX 1080" : "RTX 3060", size);
    return 0;
}
int cuDeviceGetAttribute(int *value, int attribute, int device) {
    *value = attribute == 75 ? (device == 40 ? 6 : 8) : attribute == 76 ? (device == 40 ? 1 : 6) : -1;
    return 0;
}
"""


@pytest.mark.parametrize(("status", "gpus"), [("0", [PASCAL, AMPERE]), ("100", [])])
def test_the_driver_names_the_gpus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: str, gpus: list[nvidia.Gpu]
) -> None:
    driver = tmp_path / library_name("driver")
    compile_library(DRIVER.replace("STATUS", status), driver)
    load = ctypes.CDLL
    monkeypatch.setattr(ctypes, "CDLL", lambda name: load(str(driver)) if "cuda" in name else None)
    assert nvidia.gpus() == gpus


def test_without_a_driver_there_is_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        assert name == ("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
        raise OSError

    monkeypatch.setattr(ctypes, "CDLL", missing)
    assert nvidia.gpus() == []


@pytest.mark.parametrize(
    ("architectures", "capability", "fits"),
    [
        ("75-real;80-real;120", (7, 5), True),
        ("75-real;80-real;120", (6, 1), False),
        ("75-real;80-real;120", (7, 0), False),
        # Machine code runs on later minor versions only.
        ("75-real;80-real;120", (8, 9), True),
        ("75-real;80-real;120", (9, 0), False),
        # PTX of the last one runs on every later generation.
        ("75-real;80-real;120", (13, 0), True),
        ("80-virtual", (9, 0), True),
        ("80-virtual", (7, 5), False),
        ("90a-real", (9, 0), True),
        ("90a", (10, 0), False),
        ("100f-real", (10, 3), True),
        ("100f", (12, 0), False),
        ("native", (8, 6), False),
    ],
)
def test_what_runs_on_which_gpu(architectures: str, capability: tuple[int, int], fits: bool) -> None:
    assert nvidia.has_code(architectures, capability) is fits


def test_a_gpu_without_code_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvidia, "gpus", lambda: [PASCAL, AMPERE])
    assert nvidia.notes("75-real;80-real;120", {"build": "cuda130_h0_0"}) == [
        "this package has no code for GTX 1080 (compute capability 6.1), only for 75-real;80-real;120: "
        "install 'llama-ctypes=*=cuda12*', else install 'llama-ctypes=*=cpu*', "
        "else build it with --cuda-architectures 61"
    ]
    assert nvidia.notes("61-real;80-real;120", {"build": "cuda129_h0_0"}) == []
    # A wheel has no record.
    assert nvidia.notes("89", None)[0].endswith("only for 89: build it with --cuda-architectures 61")


@pytest.mark.parametrize("platform", ["linux-64", "linux-aarch64", "win-64"])
def test_the_advice_is_a_package_with_code(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    """CUDA 13's has no code for Pascal, but the advised one has."""
    pytest.importorskip("rattler_build", exc_type=ImportError)  # or one for another processor
    rendered = variants.render(platform)
    monkeypatch.setattr(nvidia, "gpus", lambda: [PASCAL])
    for variant, package in rendered.items():
        if variant.backend != "cuda":
            continue
        architectures = package.variant["cuda_architectures"]
        advice = nvidia.notes(architectures, {"build": f"{variant.label}_h0_0"})
        assert bool(advice) == (variant.cuda_version == "13.0")
        for label in re.findall(r"install 'llama-ctypes=\*=(cuda\d+)\*'", "".join(advice)):
            (other,) = (one for one in rendered if one.label.startswith(label))
            assert nvidia.has_code(rendered[other].variant["cuda_architectures"], PASCAL.capability)


def test_the_cpu_package_on_a_machine_with_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvidia, "gpus", lambda: [AMPERE])
    (note,) = nvidia.notes(None, {"build": "cpu_h0_0", "subdir": "linux-64"})
    assert note == (
        "RTX 3060 (compute capability 8.6): install 'llama-ctypes=*=cuda*'; pixi takes it if pixi.toml has "
        'platforms = [{ name = "gpu", platform = "linux-64", cuda = "12" }, "linux-64"]'
    )
    # The documentation has the same line.
    for page in ("README.md", "docs/install.md"):
        assert note.partition("pixi.toml has ")[2] in (ROOT / page).read_text(encoding="utf-8")
    # An older package of the CUDA backend, and libraries that conda did not install.
    assert nvidia.notes(None, {"build": "cuda130_h0_0"}) == nvidia.notes(None, None) == []
    monkeypatch.setattr(nvidia, "gpus", list)
    assert nvidia.notes(None, {"build": "cpu_h0_0"}) == []


def test_info_reads_what_the_build_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvidia, "gpus", lambda: [PASCAL])
    monkeypatch.setattr(_binary, "package_prefix", lambda: str(tmp_path))
    assert info._nvidia_notes(str(tmp_path)) == []
    (tmp_path / "metadata.json").write_text(json.dumps({"release": "b1", "cuda_architectures": "89"}))
    (note,) = info._nvidia_notes(str(tmp_path))
    assert note.startswith("this package has no code for GTX 1080")
    (tmp_path / "conda-meta").mkdir()
    record = {"name": "llama-ctypes", "build": "cpu_h0_0", "subdir": "linux-64"}
    (tmp_path / "conda-meta" / "llama-ctypes-1-0.json").write_text(json.dumps(record))
    (tmp_path / "metadata.json").write_text(json.dumps({"release": "b1"}))
    (note,) = info._nvidia_notes(str(tmp_path))
    assert note.startswith("GTX 1080")
