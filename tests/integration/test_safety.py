"""Nothing is loaded from the working directory, the executable's folder or a relative path.

Libraries under all the names that something looks for are planted in both, and leave a mark when they are
loaded. The installed package, run from there in every way that might find them, leaves none.
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

# A backend that ggml would take before all others, were it to come across it.
PLANT = """
#include <stdio.h>
__attribute__((constructor)) static void planted(void) { fclose(fopen("%s", "w")); }
void llama_backend_init(void) {}
int ggml_backend_score(void) { return 1000000; }
void * ggml_backend_init(void) { return 0; }
"""
KINDS = ("cpu", "cuda", "metal", "rpc", "blas", "vulkan")
NAMES = ["llama", "mtmd", "ggml", "ggml-base"]
NAMES += [f"ggml-{kind}{variant}" for kind in KINDS for variant in ("", "-evil")]

# Every library is opened: libllama, libggml's, the CPU's plugin, libmtmd; then where each came from is told.
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
    """Planted in `cwd` and beside the prefix's Python."""
    plants = Plants(tmp_path / "plants")
    (tmp_path / "cwd").mkdir()
    plants.put(tmp_path / "cwd")
    beside = plants.put(prefix / "bin")
    yield plants
    for path in beside:
        path.unlink()


def run(prefix: Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [smoke_test.python_of(prefix), "-c", SCRIPT],
        cwd=cwd,
        # Nothing is inherited: not even PATH leads anywhere.
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
        # An empty part is the working directory; so is a dot.
        {"LD_LIBRARY_PATH": ":/nowhere"},
        {"LD_LIBRARY_PATH": "."},
    ],
    ids=str,
)
def test_own_libraries_only(
    prefix: Path, plants: Plants, tmp_path: Path, environment: dict[str, str]
) -> None:
    done = run(prefix, tmp_path / "cwd", **environment)
    assert not plants.mark.exists()
    assert done.returncode == 0, done.stderr
    folders = {os.path.dirname(path) for path in done.stdout.split()}  # noqa: PTH120 - a mapped path, as it stands
    assert folders == {str(smoke_test.libraries_of(prefix))}


@pytest.mark.parametrize(
    "value", ["libggml-cpu-evil.so", "./libggml-cpu-evil.so", "../cwd/libggml-cpu-evil.so"]
)
@pytest.mark.parametrize("variable", ["LLAMA_CPP_LIB", "GGML_BACKEND_PATH"])
def test_a_relative_path_is_refused(
    prefix: Path, plants: Plants, tmp_path: Path, variable: str, value: str
) -> None:
    done = run(prefix, tmp_path / "cwd", **{variable: value})
    assert not plants.mark.exists()
    assert done.returncode == 1
    assert f"LibraryError: {variable}={value} is a relative path" in done.stderr


def test_the_plants_would_leave_their_mark(prefix: Path, plants: Plants, tmp_path: Path) -> None:
    """Asked for by their full path they are loaded: by the loader, by ggml, and by ggml's own search."""
    plant = str(tmp_path / "cwd" / "libggml-cpu-evil.so")
    for variable in ("LLAMA_CPP_LIB", "GGML_BACKEND_PATH"):
        run(prefix, tmp_path / "cwd", **{variable: plant})
        assert plants.mark.exists()
        plants.mark.unlink()
    # What the package does not call: upstream's search of the executable's folder and the working directory.
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
