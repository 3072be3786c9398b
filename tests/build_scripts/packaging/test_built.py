"""What `build` prints for pixi comes from the package's own metadata."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from build_scripts.packaging import built
from tests.build_scripts.packaging import hand_made

CHANNELS = ["file:///the%20output", "conda-forge"]


def pack(folder: Path, subdir: str, depends: list[str], build: str) -> Path:
    """Make a package that has only its index."""
    pytest.importorskip("rattler")
    index = {"name": "llama-ctypes", "version": "0.0.1", "build": build, "build_number": 0}
    system, _, machine = subdir.partition("-")
    index |= {"arch": machine, "platform": system, "subdir": subdir, "depends": depends}
    (folder / "files" / "info").mkdir(parents=True)
    (folder / "files" / "info" / "index.json").write_text(json.dumps(index))
    return hand_made.pack(folder / "files", folder / subdir / f"llama-ctypes-0.0.1-{build}.conda")


@pytest.mark.parametrize(
    ("subdir", "depends", "platform"),
    [
        # conda-forge's: pixi's own assumptions suffice, and an older glibc would exclude other packages.
        ("linux-64", ["__glibc >=2.17,<3.0.a0"], '"linux-64"'),
        ("linux-64", ["__glibc >=2.28,<3.0.a0"], '"linux-64"'),
        (
            "linux-64",
            ["python >=3.10", "__glibc >=2.36,<3.0.a0"],
            '{ name = "here", platform = "linux-64", glibc = "2.36" }',
        ),
        (
            "linux-aarch64",
            ["__cuda >=13", "__glibc >=2.41,<3.0.a0"],
            '{ name = "here", platform = "linux-aarch64", cuda = "13", glibc = "2.41" }',
        ),
        ("win-64", ["__cuda >=12"], '{ name = "here", platform = "win-64", cuda = "12" }'),
        ("osx-arm64", ["__osx >=11.0"], '"osx-arm64"'),
    ],
)
def test_the_pixi_lines_name_the_driver_and_the_glibc_that_it_needs(
    tmp_path: Path, subdir: str, depends: list[str], platform: str
) -> None:
    assert built.pixi_lines(pack(tmp_path, subdir, depends, "cpu_h0_0"), CHANNELS) == [
        "[workspace]",
        'channels = ["file:///the%20output", "conda-forge"]',
        f"platforms = [{platform}]",
        "[dependencies]",
        'llama-ctypes = "*"',
    ]


def test_the_pixi_lines_ask_for_vulkan_which_no_solver_takes_unasked(tmp_path: Path) -> None:
    package = pack(tmp_path, "linux-64", [], "vulkan_h0_0")
    assert built.pixi_lines(package, CHANNELS)[-1] == 'llama-ctypes = { version = "*", build = "vulkan*" }'
