"""Benchmark the tests, the package's size and its build."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from build_scripts.cli.shared import integration_switches
from build_scripts.pin import ROOT
from tests.benchmarks.measure import OURS, Goal, Row, Unavailable
from tests.benchmarks.setting import Setting, compile_libraries, recipe_flags

_NATIVE = "upstream's libraries, compiled for this machine"


def tests(setting: Setting) -> Iterator[Row]:
    """Run the README's test command once, without the integration tests."""
    off = dict.fromkeys(integration_switches(), "")
    seconds = setting.seconds(["-m", "build_scripts", "test", "-q"], ROOT, env=off)
    yield Row("tests", "unit tests", "s", {OURS: [seconds]}, (Goal(30),))


def package(setting: Setting) -> Iterator[Row]:
    """Compare the sizes of the newest cpu package in output/, unpacked, and of a build for this machine."""
    packages = sorted(
        (ROOT / "output").glob("*/llama-ctypes-*cpu*.conda"), key=lambda path: path.stat().st_mtime
    )
    if not packages:
        raise Unavailable("output/ contains no cpu package; run `python3 -m build_scripts build`")
    newest = packages[-1]
    folder = _unpack(newest, setting.scratch / "package")
    ours = _size(path for path in folder.rglob("*") if "/lib/llama_ctypes/" in path.as_posix())
    native = _size(setting.libraries.glob("lib*.so*"))
    yield Row(
        "package",
        f"libraries of {newest.name}",
        "MB",
        {OURS: [ours / 1e6], _NATIVE: [native / 1e6]},
        note=f"the package file has {newest.stat().st_size / 1e6:.1f} MB; it contains a CPU backend for each "
        "processor generation, the other build contains one",
    )


def _unpack(conda: Path, folder: Path) -> Path:
    import rattler.package_streaming

    rattler.package_streaming.extract(conda, folder)
    return folder


def _size(paths: Iterator[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.is_file() and not path.is_symlink())


def build(setting: Setting) -> Iterator[Row]:
    """Build the cpu package, and compile with CMake alone and the recipe's options; each takes minutes."""
    output = setting.scratch / "output"
    started = time.perf_counter()
    setting.python(["-m", "build_scripts", "build", "--output-dir", str(output)], ROOT, timeout=7200)
    ours = time.perf_counter() - started
    flags = recipe_flags(setting.tree.tag)
    started = time.perf_counter()
    compile_libraries(setting.tree, setting.scratch / "cmake", flags, "llama", "ggml", "mtmd")
    cmake = time.perf_counter() - started
    name = "CMake alone, with the recipe's options"
    yield Row(
        "build",
        "build, test and install the cpu package",
        "s",
        {OURS: [ours], name: [cmake]},
        (Goal(1.25, name),),
    )
