"""RUN_PACKAGE_INTEGRATION: on emulated old processors, the package loads a fitting CPU variant and generates.

A build for this machine crashes on them.
"""

from __future__ import annotations

import json
import platform
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.packaging import smoke_test
from build_scripts.pin import ROOT
from tests.integration.conftest import PROMPT, needs_switch

QEMU = shutil.which("qemu-x86_64")
TOKENS = 32

needs_switch("RUN_PACKAGE_INTEGRATION")
pytestmark = [
    pytest.mark.skipif(
        (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="emulates x86-64 Linux programs"
    ),
    pytest.mark.skipif(QEMU is None, reason="no qemu-x86_64 on PATH (Debian: apt-get install qemu-user)"),
]


def emulate(cpu: str, python: Path | str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `python -m llama_ctypes ARGUMENTS` on an emulated processor."""
    assert QEMU is not None
    command = [QEMU, "-cpu", cpu, python, "-m", "llama_ctypes", *arguments]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)


# The last processor without SSE4.2, the first with it, with AVX, with AVX2. qemu emulates no AVX-512.
@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(
    ("cpu", "variant"),
    [("Penryn", "x64"), ("Nehalem", "sse42"), ("SandyBridge", "sandybridge"), ("Haswell", "haswell")],
)
def test_the_package_generates_on(cpu: str, variant: str, prefix: Path, stories: Path) -> None:
    """The processor's CPU variant is loaded, and generates the same text as the best one on this machine."""
    python = smoke_test.python_of(prefix)
    info = emulate(cpu, python, "info", "--json")
    assert info.returncode == 0, info.stderr
    assert json.loads(info.stdout)["cpu_variant"] == variant
    result = emulate(cpu, python, "complete", stories, PROMPT, "-n", str(TOKENS), "-t", "1")
    assert result.returncode == 0, result.stderr
    assert result.stdout == smoke_test.complete(prefix, stories, PROMPT, TOKENS)


@pytest.mark.usefixtures("elsewhere")  # a temporary folder, because qemu may write a core file
def test_a_build_for_this_machine_crashes_without_avx(
    build_dir: Path, stories: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The emulated processor really lacks AVX, so the test above can fail."""
    if " avx2 " not in Path("/proc/cpuinfo").read_text():
        pytest.skip("this machine has no AVX2, so a build made for it does not need any")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("LLAMA_CPP_LIB", str(build_dir / "bin"))
    monkeypatch.setenv(
        "LLAMA_CTYPES_ABI", "ignore"
    )  # LLAMA_CPP_BUILD_DIR may name a build of the fallback release
    arguments = ("complete", stories, PROMPT, "-n", "4", "-t", "1")
    subprocess.run([sys.executable, "-m", "llama_ctypes", *arguments], stdout=subprocess.PIPE, check=True)
    result = emulate("Nehalem", sys.executable, *arguments)
    assert result.returncode == -signal.SIGILL, (result.returncode, result.stdout, result.stderr)
