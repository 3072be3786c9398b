"""What takes minutes, or is a file: the tests, the package, its build."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from build_scripts.cli.shared import integration_switches
from build_scripts.pin import ROOT
from tests.benchmarks.measure import OURS, Goal, Row, Unavailable
from tests.benchmarks.setting import Setting, compile_libraries, recipe_flags

_BARE = "the release's libraries, compiled for this machine"


def tests(setting: Setting) -> Iterator[Row]:
    """The README's command for the tests, once, with nothing switched on."""
    off = dict.fromkeys(integration_switches(), "")
    seconds = setting.seconds(["-m", "build_scripts", "test", "-q"], ROOT, env=off)
    yield Row("tests", "tests without integration", "s", {OURS: [seconds]}, (Goal(30),))


def package(setting: Setting) -> Iterator[Row]:
    """The newest cpu package in output/ against the plain build's libraries, both unpacked."""
    found = sorted(
        (ROOT / "output").glob("*/llama-ctypes-*cpu*.conda"), key=lambda path: path.stat().st_mtime
    )
    if not found:
        raise Unavailable("needs a package: `python3 -m build_scripts build` puts one into output/")
    folder = _unpacked(found[-1], setting.scratch / "package")
    ours = _size(path for path in folder.rglob("*") if "/lib/llama_ctypes/" in path.as_posix())
    bare = _size(setting.libraries.glob("lib*.so*"))
    yield Row(
        "package",
        f"libraries of {found[-1].name}",
        "MB",
        {OURS: [ours / 1e6], _BARE: [bare / 1e6]},
        note=f"{found[-1].stat().st_size / 1e6:.1f} MB as a file; it holds a CPU backend for each kind of "
        "processor, the plain build one",
    )


def _unpacked(conda: Path, folder: Path) -> Path:
    import rattler.package_streaming

    rattler.package_streaming.extract(conda, folder)
    return folder


def _size(paths: Iterator[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.is_file() and not path.is_symlink())


def build(setting: Setting) -> Iterator[Row]:
    """The cpu package, start to end, against CMake alone with the recipe's options; some minutes each."""
    output = setting.scratch / "output"
    started = time.perf_counter()
    setting.python(["-m", "build_scripts", "build", "--output-dir", str(output)], ROOT, timeout=7200)
    ours = time.perf_counter() - started
    flags = recipe_flags(setting.tree.tag)
    started = time.perf_counter()
    compile_libraries(setting.tree, setting.scratch / "bare", flags, "llama", "ggml", "mtmd")
    bare = time.perf_counter() - started
    name = "CMake alone, the recipe's options"
    yield Row(
        "build",
        "build, test and install the cpu package",
        "s",
        {OURS: [ours], name: [bare]},
        (Goal(1.25, name),),
    )
