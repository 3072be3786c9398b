"""RUN_CUDA_INTEGRATION: the CUDA package compiled, installed and tried, on a GPU or without one on the CPU.

Compiling takes half an hour on two cores. LLAMA_CTYPES_CUDA_CHANNEL names the output folder of an earlier
`build --backend cuda` to try that instead.
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
    """A channel folder that holds the package for CUDA."""
    given = os.environ.get("LLAMA_CTYPES_CUDA_CHANNEL")
    if given:
        return Path(given).resolve()
    folder = tmp_path_factory.mktemp("channel")
    assert command("build", "--backend", "cuda", "--output-dir", folder).returncode == 0
    return folder


@pytest.fixture(scope="module")
def prefix(output: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with it, whether or not this machine has a driver."""
    folder = tmp_path_factory.mktemp("environment") / "prefix"
    channels = [str(output), *channel.choose(None, cuda=True)]
    # Of several toolkits' packages the newest.
    built = max(path.name.split("-")[-1] for path in output.glob("*/llama-ctypes-*-cuda*.conda"))
    variant = variants.Variant("cuda", "12.9" if built.startswith("cuda129_") else "13.0")
    with build.assumed_driver(variant):
        records = install.create(folder, [f"llama-ctypes * {variant.label}*"], channels)
    assert {"libcublas", "cuda-cudart", "cuda-version"} <= {record.name.normalized for record in records}
    return folder


def run(prefix: Path, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the prefix's `python -m llama_ctypes`, away from everything else."""
    hidden = ("PYTHON", "LLAMA_", "CONDA_", "LD_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return subprocess.run(
        [smoke_test.python_of(prefix), "-m", "llama_ctypes", *arguments],
        cwd=prefix,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.fixture(scope="module")
def info(prefix: Path) -> dict[str, list[dict[str, str]]]:
    """What the package says of itself."""
    found: dict[str, list[dict[str, str]]] = json.loads(run(prefix, "info", "--json").stdout)
    return found


def on_gpu(info: dict[str, list[dict[str, str]]]) -> bool:
    return any(device["type"] == "GPU" for device in info["devices"])


def test_the_same_text_as_the_own_programs(prefix: Path, stories: Path, expected: str) -> None:
    """Whatever it runs on; nothing but the figures on stderr."""
    done = run(prefix, "complete", stories, PROMPT, "-n", str(TOKENS), "-t", "1")
    assert done.stdout.strip() == expected
    assert len(done.stderr.splitlines()) == 1, done.stderr


def test_without_a_gpu_it_says_why(prefix: Path, info: dict[str, list[dict[str, str]]]) -> None:
    """Asked for what it runs on, it names the library and the reason; where there is a GPU, that one."""
    if on_gpu(info):
        pytest.skip("this machine has a GPU; test_with_a_gpu_it_is_used is its test")
    notes = " ".join(map(str, info["notes"]))
    assert "ggml-cuda" in notes
    assert "CPU only" in notes
    # The driver's library is the only one that may be missing.
    done = subprocess.run(
        ["ldd", prefix / "lib" / "llama_ctypes" / "libggml-cuda.so"],
        capture_output=True,
        text=True,
        check=True,
    )
    missing = {line.split()[0] for line in done.stdout.splitlines() if "not found" in line}
    assert missing <= {"libcuda.so.1"}


def test_with_a_gpu_it_is_used(prefix: Path, info: dict[str, list[dict[str, str]]], stories: Path) -> None:
    """The model's layers are on the GPU, and hidden from it they are not."""
    if not on_gpu(info):
        pytest.skip("this machine has no GPU; test_without_a_gpu_it_says_why is its test")
    offloaded = run(prefix, "complete", stories, PROMPT, "-v")
    assert "offloaded 6/6 layers to GPU" in offloaded.stderr
    assert "on CUDA0" in offloaded.stderr
    hidden = run(prefix, "complete", stories, PROMPT, CUDA_VISIBLE_DEVICES="")
    assert "on the CPU" in hidden.stderr
