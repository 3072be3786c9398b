"""RUN_CUDA_INTEGRATION: compile, install and use the CUDA package, on a GPU or, without one, on the CPU.

Compiling takes half an hour on two cores. To test an earlier `build --backend cuda` instead, set
LLAMA_CTYPES_CUDA_CHANNEL to its output folder.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from build_scripts.packaging import build, channel, install, smoke_test, variants
from tests.integration.conftest import PROMPT, TOKENS, command, needs_switch

needs_switch("RUN_CUDA_INTEGRATION")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A channel folder with the CUDA package."""
    override = os.environ.get("LLAMA_CTYPES_CUDA_CHANNEL")
    if override:
        return Path(override).resolve()
    folder = tmp_path_factory.mktemp("channel")
    assert command("build", "--backend", "cuda", "--output-dir", folder).returncode == 0
    return folder


@pytest.fixture(scope="module")
def prefix(output: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the CUDA package, also on machines without a driver."""
    folder = tmp_path_factory.mktemp("environment") / "prefix"
    channels = [str(output), *channel.choose(None, backend="cuda")]
    # The package with the newest toolkit.
    newest = max(path.name.split("-")[-1] for path in output.glob("*/llama-ctypes-*-cuda*.conda"))
    variant = variants.Variant("cuda", "12.9" if newest.startswith("cuda129_") else "13.0")
    with build.assumed_driver(variant):
        records = install.create(folder, [f"llama-ctypes * {variant.label}*"], channels)
    assert {"libcublas", "cuda-cudart", "cuda-version"} <= {record.name.normalized for record in records}
    return folder


def run(prefix: Path, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the prefix's `python -m llama_ctypes` in its folder, without variables that affect it."""
    hidden = ("PYTHON", "LLAMA_", "CONDA_", "LD_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return subprocess.run(
        [smoke_test.python_of(prefix), "-m", "llama_ctypes", *arguments],
        cwd=prefix,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.fixture(scope="module")
def info(prefix: Path) -> dict[str, list[dict[str, str]]]:
    """The output of `info --json`."""
    info: dict[str, list[dict[str, str]]] = json.loads(run(prefix, "info", "--json").stdout)
    return info


def on_gpu(info: dict[str, list[dict[str, str]]]) -> bool:
    return any(device["type"] == "GPU" for device in info["devices"])


def test_the_text_equals_that_of_the_upstream_tools(prefix: Path, stories: Path, expected: str) -> None:
    """The text is the same on GPU and CPU, and stderr has only the line with figures."""
    result = run(prefix, "complete", stories, PROMPT, "-n", str(TOKENS), "-t", "1")
    assert result.stdout.strip() == expected
    assert len(result.stderr.splitlines()) == 1, result.stderr


def test_without_a_gpu_info_gives_the_reason(prefix: Path, info: dict[str, list[dict[str, str]]]) -> None:
    """`info` notes that the CUDA backend was not loaded, and only the driver's library is missing."""
    if on_gpu(info):
        pytest.skip("this machine has a GPU; test_with_a_gpu_it_is_used covers it")
    notes = " ".join(map(str, info["notes"]))
    assert "ggml-cuda" in notes
    assert "CPU only" in notes
    # Only the driver's library may be missing.
    result = subprocess.run(
        ["ldd", prefix / "lib" / "llama_ctypes" / "libggml-cuda.so"],
        capture_output=True,
        text=True,
        check=True,
    )
    missing = {line.split()[0] for line in result.stdout.splitlines() if "not found" in line}
    assert missing <= {"libcuda.so.1"}


def test_with_a_gpu_it_is_used(prefix: Path, info: dict[str, list[dict[str, str]]], stories: Path) -> None:
    """The model's layers run on the GPU, and on the CPU if the GPU is hidden."""
    if not on_gpu(info):
        pytest.skip("this machine has no GPU; test_without_a_gpu_info_gives_the_reason covers it")
    offloaded = run(prefix, "complete", stories, PROMPT, "-v")
    assert "offloaded 6/6 layers to GPU" in offloaded.stderr
    assert "on CUDA0" in offloaded.stderr
    hidden = run(prefix, "complete", stories, PROMPT, CUDA_VISIBLE_DEVICES="")
    assert "on the CPU" in hidden.stderr
