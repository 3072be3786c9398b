"""This machine's glslc, headers and loader of Vulkan, as packages under conda-forge's names."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from build_scripts.errors import ToolError
from build_scripts.packaging import channel, install
from build_scripts.packaging.channel import host, vulkan
from tests.systems import needs_elf_compiler

pytestmark = needs_elf_compiler

CORE = """
#define VK_HEADER_VERSION 239
#define VK_HEADER_VERSION_COMPLETE VK_MAKE_API_VERSION(0, 1, 3, VK_HEADER_VERSION)
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> host.Toolchain:
    """A machine with little more than the names of what a build needs; returns its compilers."""
    prefix = tmp_path / "usr"
    files = {
        "bin/glslc": '#!/bin/sh\necho "shaderc v2025.2"\necho "Target: SPIR-V 1.0"\n',
        "include/vulkan/vulkan.hpp": '#include "vulkan_core.h"\n',
        "include/vulkan/vulkan_core.h": CORE,
        "include/vk_video/vulkan_video_codecs_common.h": "",
        "include/spirv/unified1/spirv.hpp": "",
        "share/cmake/SPIRV-Headers/SPIRV-HeadersConfig.cmake": "",
        "lib/libvulkan.so.1.3.239": "the loader",
    }
    for name, text in files.items():
        (prefix / name).parent.mkdir(parents=True, exist_ok=True)
        (prefix / name).write_text(text)
    (prefix / "lib" / "libvulkan.so.1").symlink_to("libvulkan.so.1.3.239")
    for name in ("glslc", "gcc", "g++"):
        (prefix / "bin" / name).touch()
        (prefix / "bin" / name).chmod(0o755)
    real = host.find_toolchain()
    for name, program in (("gcc", real.cc), ("g++", real.cxx)):
        # Knows this machine's folders only.
        options = f"-nostdinc -I{prefix}/include -B{prefix}/lib"
        (prefix / "bin" / name).write_text(f'#!/bin/sh\nexec {program} {options} "$@"\n')
    monkeypatch.setenv("PATH", f"{prefix / 'bin'}:/usr/bin:/bin")
    monkeypatch.delenv("GLSLC", raising=False)
    return replace(real, cc=str(prefix / "bin" / "gcc"), cxx=str(prefix / "bin" / "g++"))


def test_the_packages_have_what_a_build_asks_for(machine: host.Toolchain, tmp_path: Path) -> None:
    sdk = vulkan.find_sdk(machine)
    assert (sdk.glslc_version, sdk.version) == ("2025.2", "1.3.239")
    specs = {spec.name: spec for spec in vulkan.packages(sdk, tmp_path / "staging")}
    assert {name: spec.version for name, spec in specs.items()} == {
        "shaderc": "2025.2",
        "spirv-headers": "1.3.239",
        "libvulkan-headers": "1.3.239",
        "libvulkan-loader": "1.3.239",
    }
    assert {"include/vulkan/vulkan.hpp", "include/vk_video/vulkan_video_codecs_common.h"} <= set(
        specs["libvulkan-headers"].files
    )
    assert set(specs["spirv-headers"].files) == {
        "include/spirv/unified1/spirv.hpp",
        "share/cmake/SPIRV-Headers/SPIRV-HeadersConfig.cmake",
    }
    loader = specs["libvulkan-loader"]
    assert loader.files["lib/libvulkan.so.1"].read_text() == "the loader"
    assert str(loader.files["lib/libvulkan.so"].readlink()) == "libvulkan.so.1"
    assert loader.strong_run_exports == ("libvulkan-loader >=1.3.239,<2.0a0",)


def test_the_packed_glslc_runs_the_original(machine: host.Toolchain, tmp_path: Path) -> None:
    specs = {spec.name: spec for spec in vulkan.packages(vulkan.find_sdk(machine), tmp_path / "staging")}
    done = subprocess.run(
        [specs["shaderc"].files["bin/glslc"], "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("shaderc v2025.2\n")


def test_another_glslc_is_used_if_it_is_named(
    machine: host.Toolchain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = tmp_path / "newer"
    newer.write_text("#!/bin/sh\necho shaderc 2026.1-2\n")
    newer.chmod(0o755)
    monkeypatch.setenv("GLSLC", str(newer))
    sdk = vulkan.find_sdk(machine)
    assert (sdk.glslc, sdk.glslc_version) == (str(newer), "2026.1")
    newer.write_text("#!/bin/sh\necho something else\n")
    with pytest.raises(ToolError, match="newer is not shaderc's glslc; correct or unset GLSLC"):
        vulkan.find_sdk(machine)


@pytest.mark.parametrize(
    ("missing", "name"),
    [
        ("bin/glslc", "glslc is not on PATH"),
        ("include/vulkan/vulkan.hpp", r"vulkan/vulkan\.hpp is missing"),
        ("include/spirv/unified1/spirv.hpp", r"spirv/unified1/spirv\.hpp is missing"),
        ("lib/libvulkan.so.1", r"libvulkan\.so\.1 is missing"),
    ],
)
def test_what_is_missing_is_one_line_that_names_the_packages(
    machine: host.Toolchain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str, name: str
) -> None:
    (tmp_path / "usr" / missing).unlink()
    monkeypatch.setenv("PATH", str(tmp_path / "usr" / "bin"))
    if missing.startswith("lib"):
        (tmp_path / "usr" / "bin" / "gcc").write_text("#!/bin/sh\necho libvulkan.so.1\n")
    with pytest.raises(
        ToolError, match=f"^{name}.*apt-get install glslc libvulkan-dev spirv-headers"
    ) as raised:
        vulkan.find_sdk(machine)
    assert "\n" not in str(raised.value)


def test_the_loader_adds_itself_to_what_is_linked_to_it(machine: host.Toolchain, tmp_path: Path) -> None:
    pytest.importorskip("rattler_build")
    specs = vulkan.packages(vulkan.find_sdk(machine), tmp_path / "staging")
    channel._assemble(tmp_path / "channel", [("linux-64", list(specs))], "h0_0")
    install.create(tmp_path / "prefix", ["libvulkan-loader"], [(tmp_path / "channel").as_uri()], "linux-64")
    library = tmp_path / "prefix" / "lib" / "libvulkan.so"
    assert (library.is_symlink(), library.read_text()) == (True, "the loader")
