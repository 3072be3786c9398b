"""RUN_CUDA_INTEGRATION: compile, install and use the CUDA package, on a GPU or, without one, on the CPU.

Compiling takes half an hour on two cores. To test an earlier `build --backend cuda` instead, set
LLAMA_CTYPES_CUDA_CHANNEL to its output folder.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration import gpu
from tests.integration.conftest import needs_switch

needs_switch("RUN_CUDA_INTEGRATION")


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the CUDA package, also on machines without a driver."""
    folder, packages = gpu.environment(gpu.package("cuda", tmp_path_factory), tmp_path_factory)
    assert {"libcublas", "cuda-cudart", "cuda-version"} <= packages
    return folder


def test_the_text_equals_that_of_the_upstream_tools(prefix: Path, stories: Path, expected: str) -> None:
    gpu.check_text(prefix, stories, expected)


def test_without_a_gpu_info_gives_the_reason(prefix: Path) -> None:
    """`info` notes that the CUDA backend was not loaded, and only the driver's library is missing."""
    if gpu.gpus(gpu.info(prefix)):
        pytest.skip("this machine has a GPU; test_with_a_gpu_it_is_used covers it")
    gpu.check_cpu_only(prefix, "cuda")
    assert gpu.unresolved(prefix / "lib" / "llama_ctypes" / "libggml-cuda.so") <= {"libcuda.so.1"}


def test_with_a_gpu_it_is_used(prefix: Path, stories: Path) -> None:
    """The model's layers run on the GPU, and on the CPU if the GPU is hidden."""
    if not gpu.gpus(gpu.info(prefix)):
        pytest.skip("this machine has no GPU; test_without_a_gpu_info_gives_the_reason covers it")
    gpu.check_offloaded(prefix, stories, "CUDA0")
    assert "CUDA_VISIBLE_DEVICES" in gpu.check_cpu_only(prefix, "cuda", CUDA_VISIBLE_DEVICES="")
