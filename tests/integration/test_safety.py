"""RUN_PACKAGE_INTEGRATION: no library is loaded from the working or executable's folder or a relative path.

The tests plant libraries in both folders, under every name that is searched for. A planted library creates a
file when it is loaded. The installed package, run there in every way that might find one, must not create it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from build_scripts.packaging import smoke_test
from tests.integration.conftest import needs_switch
from tests.llama_ctypes.tiny_library import compile_library

needs_switch("RUN_PACKAGE_INTEGRATION")
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="plants ELF libraries and reads /proc"),
]

# A backend that ggml would prefer to all others if it found it.
PLANT = """
#include <stdio.h>
__attribute__((constructor)) static void planted(void) { fclose(fopen("%s", "w")); }
void llama_backend_init(void) {}
int ggml_backend_score(void) { return 1000000; }
void * ggml_backend_init(void) { return 0; }
"""
BACKENDS = ("cpu", "cuda", "metal", "rpc", "blas", "vulkan")
NAMES = ["llama", "mtmd", "ggml", "ggml-base"]
NAMES += [f"ggml-{backend}{variant}" for backend in BACKENDS for variant in ("", "-evil")]

# Opens every library (libllama, libggml, the CPU plugin, libmtmd), then prints their paths.
SCRIPT = """
import llama_ctypes as llama
llama.llama_max_devices(), llama.ggml_cpu_has_sse3(), llama.mtmd_default_marker()
for line in open("/proc/self/maps"):
    path = line.split(maxsplit=5)[-1].strip()
    if path.rsplit("/", 1)[-1].startswith(("libllama", "libggml", "libmtmd")):
        print(path)
"""


class Plants:
    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.mark = folder / "loaded"
        self.library = compile_library(PLANT % self.mark, folder / "plant.so")

    def put(self, into: Path) -> list[Path]:
        return [Path(shutil.copy(self.library, into / f"lib{name}.so")) for name in NAMES]


@pytest.fixture
def plants(tmp_path: Path, prefix: Path) -> Iterator[Plants]:
    """Libraries planted in `cwd` and next to the prefix's Python."""
    plants = Plants(tmp_path / "plants")
    (tmp_path / "cwd").mkdir()
    plants.put(tmp_path / "cwd")
    siblings = plants.put(prefix / "bin")
    yield plants
    for path in siblings:
        path.unlink()


def run(prefix: Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [smoke_test.python_of(prefix), "-c", SCRIPT],
        cwd=cwd,
        # Nothing is inherited, not even PATH.
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"CONDA_PREFIX": "."},
        {"PATH": "."},
        # An empty part means the working directory, like a dot.
        {"LD_LIBRARY_PATH": ":/nowhere"},
        {"LD_LIBRARY_PATH": "."},
    ],
    ids=str,
)
def test_own_libraries_only(
    prefix: Path, plants: Plants, tmp_path: Path, environment: dict[str, str]
) -> None:
    result = run(prefix, tmp_path / "cwd", **environment)
    assert not plants.mark.exists()
    assert result.returncode == 0, result.stderr
    folders = {os.path.dirname(path) for path in result.stdout.split()}  # noqa: PTH120 - a path from /proc, unchanged
    assert folders == {str(smoke_test.libraries_of(prefix))}


@pytest.mark.parametrize(
    "value", ["libggml-cpu-evil.so", "./libggml-cpu-evil.so", "../cwd/libggml-cpu-evil.so"]
)
@pytest.mark.parametrize("variable", ["LLAMA_CPP_LIB", "GGML_BACKEND_PATH"])
def test_a_relative_path_is_rejected(
    prefix: Path, plants: Plants, tmp_path: Path, variable: str, value: str
) -> None:
    result = run(prefix, tmp_path / "cwd", **{variable: value})
    assert not plants.mark.exists()
    assert result.returncode == 1
    assert f"LibraryError: {variable}={value} is a relative path" in result.stderr


def test_a_loaded_plant_creates_the_file(prefix: Path, plants: Plants, tmp_path: Path) -> None:
    """The loader and ggml load plants by full path, and ggml's search finds them."""
    plant = str(tmp_path / "cwd" / "libggml-cpu-evil.so")
    for variable in ("LLAMA_CPP_LIB", "GGML_BACKEND_PATH"):
        run(prefix, tmp_path / "cwd", **{variable: plant})
        assert plants.mark.exists()
        plants.mark.unlink()
    # The package never calls upstream's search of the executable's folder and the working directory.
    search = SCRIPT.replace(
        "import llama_ctypes as llama", "import llama_ctypes as llama\nllama.ggml_backend_load_all()"
    )
    subprocess.run(
        [smoke_test.python_of(prefix), "-c", search],
        cwd=tmp_path / "cwd",
        env={},
        capture_output=True,
        check=False,
    )
    assert plants.mark.exists()
