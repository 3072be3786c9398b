"""RUN_ARM64_INTEGRATION: a linux-aarch64 package is cross-built here and runs on emulated processors."""

from __future__ import annotations

import json
import logging
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.packaging import channel, install, smoke_test
from build_scripts.packaging.channel import host, wrap
from build_scripts.pin import ROOT
from tests.emulation import linux_aarch64
from tests.integration.conftest import PROMPT, TOKENS, command, needs_switch

needs_switch("RUN_ARM64_INTEGRATION")
pytestmark = [
    pytest.mark.skipif(
        (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="cross-builds on x86-64 Linux"
    ),
    pytest.mark.skipif(linux_aarch64.missing() is not None, reason=str(linux_aarch64.missing())),
]

_logger = logging.getLogger(__name__)

PLATFORM = "linux-aarch64"
# Those of upstream's ggml/src/CMakeLists.txt, best last. GCC knows SME since 14.
VARIANTS = (
    *("armv8.0_1", "armv8.2_1", "armv8.2_2", "armv8.2_3", "armv8.6_1", "armv8.6_2"),
    *("armv9.2_1", "armv9.2_2"),
)
OTHERS = {"libllama.so", "libmtmd.so", "libggml.so", "libggml-base.so", "libggml-rpc.so"}


@pytest.fixture(scope="module")
def system() -> Path:
    return linux_aarch64.system()


@pytest.fixture(scope="module")
def variants() -> tuple[str, ...]:
    """The CPU variants that the cross compiler can build."""
    version = host.find_toolchain(PLATFORM).version
    return VARIANTS if int(version.partition(".")[0]) >= 14 else VARIANTS[:-2]


@pytest.fixture(scope="module")
def arm64_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built by the `build` command, which checks its libraries and symbols too."""
    done = command("build", "--platform", PLATFORM, "--output-dir", tmp_path_factory.mktemp("channel"))
    assert done.returncode == 0
    return Path(done.stdout.strip())


@pytest.fixture(scope="module")
def arm64_prefix(arm64_package: Path, system: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the package, its dependencies and the emulated system's Python."""
    folder = tmp_path_factory.mktemp("arm64")
    interpreter = (system / "usr/bin/python3").resolve()
    version = python(system, interpreter, "-c", "import platform; print(platform.python_version())").stdout
    stdlib = system / "usr/lib" / interpreter.name
    debian = host.Python(version.strip(), interpreter, stdlib, shared_library=None)
    channel._assemble(
        folder / "python", [(PLATFORM, [wrap.python_package(debian, folder / "staging")])], "debian_0"
    )
    channels = [str(folder / "python"), str(arm64_package.parent.parent)]
    install.create(
        folder / "prefix", ["llama-ctypes"], [*channels, *channel.choose(None, target=PLATFORM)], PLATFORM
    )
    return folder / "prefix"


def python(
    system: Path, interpreter: Path, *arguments: str | Path, cpu: str = "cortex-a53"
) -> subprocess.CompletedProcess[str]:
    done = linux_aarch64.run(system, [interpreter, *arguments], cpu=cpu, cwd=interpreter.parent)
    assert done.returncode == 0, done.stderr
    return done


def llama(system: Path, prefix: Path, cpu: str, *arguments: str | Path) -> str:
    """Run `python -m llama_ctypes ARGUMENTS` of the arm64 package and return its output."""
    return python(system, smoke_test.python_of(prefix), "-m", "llama_ctypes", *arguments, cpu=cpu).stdout


def test_size(arm64_package: Path) -> None:
    _logger.info(f"{arm64_package.name}: {arm64_package.stat().st_size} bytes")
    assert arm64_package.stat().st_size <= 3.5e6


def test_every_library_is_for_arm64(arm64_prefix: Path, variants: tuple[str, ...]) -> None:
    libraries = list(smoke_test.libraries_of(arm64_prefix).glob("*.so"))
    assert {path.name for path in libraries} == OTHERS | {f"libggml-cpu-{name}.so" for name in variants}
    headers = {path.name: path.read_bytes()[:20] for path in libraries}
    # 64 bits, little-endian, EM_AARCH64
    assert [name for name, text in headers.items() if (text[:6], text[18]) != (b"\x7fELF\2\1", 183)] == []


@pytest.mark.usefixtures("elsewhere")
def test_greedy_output_is_that_of_x86(system: Path, arm64_prefix: Path, stories: Path, expected: str) -> None:
    """Newer processors round half-precision numbers differently, so their text is another one."""
    options = ("-n", str(TOKENS), "-t", "1")
    assert (
        llama(system, arm64_prefix, "cortex-a53", "complete", stories, PROMPT, *options).strip() == expected
    )


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(
    ("cpu", "variant"),
    [
        ("cortex-a53", "armv8.0_1"),
        ("cortex-a72", "armv8.0_1"),
        ("a64fx", "armv8.0_1"),  # SVE, but no dot products
        ("cortex-a76", "armv8.2_2"),
        ("neoverse-n1", "armv8.2_2"),
        ("max", None),  # the best there is
    ],
)
def test_the_variant(
    cpu: str,
    variant: str | None,
    variants: tuple[str, ...],
    system: Path,
    arm64_prefix: Path,
    stories: Path,
    expected: str,
) -> None:
    """The plugin made for the processor is loaded and generates text; the oldest one generates x86's."""
    info = json.loads(llama(system, arm64_prefix, cpu, "info", "--json"))
    assert info["cpu_variant"] == (variant or variants[-1])
    text = llama(system, arm64_prefix, cpu, "complete", stories, PROMPT, "-n", "16", "-t", "1")
    assert text.startswith(PROMPT)
    assert len(text.strip()) > len(PROMPT)
    assert variant != "armv8.0_1" or expected.startswith(text.strip())


def test_the_unit_tests_of_the_bindings(system: Path) -> None:
    """They start Python and the C compiler, so these must start by themselves."""
    if reason := linux_aarch64.why_no_namespace(system):
        pytest.skip(reason)
    # pytest and what it needs are pure Python: those of this process will do.
    site_packages = Path(pytest.__file__).parents[1]
    done = linux_aarch64.run(
        system,
        [
            system / "usr/bin/python3",
            "-B",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/llama_ctypes",
        ],
        env={"PYTHONPATH": str(site_packages)},
        cwd=ROOT,
        namespace=True,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    (passed,) = re.findall(r"^(\d+) passed", done.stdout, re.MULTILINE)
    _logger.info(f"arm64: {done.stdout.splitlines()[-1]}")
    assert int(passed) > 100
