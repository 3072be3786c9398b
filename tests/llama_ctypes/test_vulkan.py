"""Vulkan's devices: why ggml has none of them, and a number without a device before it ends the process."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest

from llama_ctypes import _vulkan
from tests.llama_ctypes.fake_vulkan import GPU, SOFTWARE, compile_vulkan, vulkan
from tests.llama_ctypes.tiny_library import BACKEND, LLAMA, LOADING_GGML, compile_library, python
from tests.systems import needs_elf_compiler

pytestmark = needs_elf_compiler

VARIABLE = "GGML_VK_VISIBLE_DEVICES"
NO_DRIVER = -9


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (VARIABLE, "VK_DRIVER_FILES", "VK_ICD_FILENAMES"):
        monkeypatch.delenv(name, raising=False)


def test_the_devices_are_listed_in_order_and_the_instance_is_destroyed(tmp_path: Path) -> None:
    path = compile_vulkan(tmp_path / "libggml-vulkan.so", ("Arc", GPU), ("llvmpipe", SOFTWARE))
    assert _vulkan.devices(_vulkan.plugin(str(path))) == [("Arc", False), ("llvmpipe", True)]
    assert ctypes.CDLL(str(path)).vulkan_instances() == 0


@pytest.mark.parametrize("value", ["0", "1", "0,1", "1 0,", "x", "", "0x,7"])
def test_numbers_of_devices_are_accepted(value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = compile_vulkan(tmp_path / "libggml-vulkan.so", ("Arc", GPU), ("llvmpipe", SOFTWARE))
    monkeypatch.setenv(VARIABLE, value)
    assert _vulkan.why_fatal(str(path)) is None


@pytest.mark.parametrize(("value", "number"), [("2", 2), ("0,7", 7), ("-1", -1), ("+3x", 3), ("9 x", 9)])
def test_a_number_without_a_device_is_named(
    value: str, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = compile_vulkan(tmp_path / "libggml-vulkan.so", ("Arc", GPU), ("llvmpipe", SOFTWARE))
    monkeypatch.setenv(VARIABLE, value)
    assert _vulkan.why_fatal(str(path)) == (
        f"{VARIABLE}={value}: Vulkan has no device {number}; it has 0 (Arc), 1 (llvmpipe). "
        "Correct the variable or unset it"
    )


def test_without_a_driver_or_without_vulkan_no_number_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "7")
    path = compile_vulkan(tmp_path / "libggml-vulkan.so", status=NO_DRIVER)
    assert _vulkan.why_fatal(str(path)) is None
    other = compile_library("int f(void) { return 0; }", tmp_path / "libother.so")
    assert _vulkan.why_fatal(str(other)) is None


def why(tmp_path: Path, *devices: tuple[str, int], status: int = 0) -> str:
    return _vulkan.why_no_device(str(compile_vulkan(tmp_path / "libggml-vulkan.so", *devices, status=status)))


def test_why_there_is_no_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    software = why(tmp_path / "1", ("llvmpipe", SOFTWARE))
    assert software == f"0 (llvmpipe) is software, which ggml uses only if you set {VARIABLE}=0"
    assert why(tmp_path / "2", ("Arc", GPU)) == "check the driver; Vulkan's devices: 0 (Arc)"
    assert why(tmp_path / "3") == "check the driver; Vulkan's devices: none"
    assert why(tmp_path / "4", status=-3) == "vkCreateInstance fails with status -3"
    assert "apt-get install mesa-vulkan-drivers" in why(tmp_path / "5", status=NO_DRIVER)
    monkeypatch.setenv("VK_ICD_FILENAMES", "/none.json")
    no_driver = why(tmp_path / "6", status=NO_DRIVER)
    assert no_driver == "Vulkan finds no driver (ICD); check VK_ICD_FILENAMES (/none.json)"
    monkeypatch.setenv(VARIABLE, "")
    assert why(tmp_path / "7", ("Arc", GPU)) == f"{VARIABLE}= hides 0 (Arc)"


# -- the loader -------------------------------------------------------------------------------------


def load(folder: Path, value: str, **environment: str) -> tuple[int, str]:
    """Open the libraries in `folder` in a new process; return its status and the last line of stderr."""
    done = python(
        "-c",
        "from llama_ctypes._loader import libraries; libraries()",
        environment={
            "LLAMA_CPP_LIB": str(folder),
            "LLAMA_CTYPES_ABI": "ignore",
            VARIABLE: value,
            **environment,
        },
    )
    return done.returncode, (done.stderr.splitlines() or [""])[-1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Libraries whose ggml loads backends, with one for the CPU."""
    compile_library(LLAMA, tmp_path / "lib" / "libllama.so")
    compile_library(LOADING_GGML, tmp_path / "lib" / "libggml.so")
    compile_library(BACKEND % {"type": 0, "score": 1}, tmp_path / "lib" / "libggml-cpu.so")
    return tmp_path / "lib"


ERROR = f"{VARIABLE}=7: Vulkan has no device 7; it has 0 (Arc). Correct the variable or unset it"


@pytest.mark.parametrize("place", ["the folder", "GGML_BACKEND_PATH", "linked"])
def test_a_number_without_a_device_is_an_error_and_not_the_end(
    folder: Path, tmp_path: Path, place: str
) -> None:
    environment = {}
    if place == "the folder":
        compile_vulkan(folder / "libggml-vulkan.so", ("Arc", GPU))
    elif place == "linked":
        # It ends the process as soon as ggml counts its backends.
        ends = LOADING_GGML.replace(
            "{ return count_; }",
            f'{{ if (!strcmp(getenv("{VARIABLE}"), "7")) abort(); return count_; }}',
        )
        compile_library(ends + vulkan(("Arc", GPU)), folder / "libggml.so")
    else:
        path = compile_vulkan(tmp_path / "libggml-vulkan.so", ("Arc", GPU))
        environment["GGML_BACKEND_PATH"] = str(path)
    status, line = load(folder, "7", **environment)
    assert (status, line.partition("Error: ")[2]) == (1, ERROR)
    assert load(folder, "0", **environment) == (0, "")


def test_a_backend_that_does_not_open_is_no_error(folder: Path) -> None:
    (folder / "libggml-vulkan.so").write_text("no library")
    status, _ = load(folder, "7")
    assert status == 0
