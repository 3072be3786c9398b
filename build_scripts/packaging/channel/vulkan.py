"""Pack what the Vulkan backend is built with for a local channel: this machine's, under conda-forge's names.

That is glslc, which compiles the shaders, the headers of Vulkan and SPIR-V, and Vulkan's loader. The loader
finds the drivers of this machine.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from build_scripts.errors import ToolError
from build_scripts.process import find_tool, run

from .host import Toolchain
from .wrap import Spec

_PURPOSE = "to build the Vulkan backend without conda-forge"
_HINT = "Install what that takes (Debian: apt-get install glslc libvulkan-dev spirv-headers)."


@dataclass(frozen=True)
class VulkanSdk:
    """The parts of this machine's Vulkan development files."""

    glslc: str
    glslc_version: str
    headers: Path
    """The folder that contains `vulkan` and `vk_video`."""
    version: str
    """The version of the headers, such as `1.3.239`."""
    loader: Path
    spirv: Path
    """The folder that contains `spirv`, in a prefix whose `share/cmake` describes it."""


def find_sdk(toolchain: Toolchain) -> VulkanSdk:
    """Return this machine's development files; GLSLC names another glslc. ToolError if one is missing."""
    glslc = find_tool(os.environ.get("GLSLC") or "glslc", purpose=_PURPOSE, hint=_HINT)
    version = re.match(r"shaderc v?(\d[\d.]*)", run([glslc, "--version"]))
    if version is None:
        raise ToolError(f"{glslc} is not shaderc's glslc; correct or unset GLSLC")
    headers = _include_folder(toolchain, "vulkan/vulkan.hpp")
    loader = Path(run([toolchain.cc, "-print-file-name=libvulkan.so.1"]).strip())
    # The compiler prints the bare name back if it does not know the file.
    if not loader.is_absolute():
        raise ToolError(f"libvulkan.so.1 is missing; it is needed {_PURPOSE}. {_HINT}")
    return VulkanSdk(
        glslc,
        version[1],
        headers,
        _version(headers / "vulkan" / "vulkan_core.h"),
        loader.resolve(),
        _include_folder(toolchain, "spirv/unified1/spirv.hpp"),
    )


def _include_folder(toolchain: Toolchain, header: str) -> Path:
    """Return the folder in which the compiler finds `header`."""
    try:
        rule = run([toolchain.cxx, "-M", "-x", "c++", "-"], input=f"#include <{header}>\n")
    except ToolError:
        raise ToolError(f"{header} is missing; it is needed {_PURPOSE}. {_HINT}") from None
    path = next(word for word in shlex.split(rule.replace("\\\n", " ")) if word.endswith(f"/{header}"))
    return Path(path.removesuffix(header)).resolve()


def _version(core: Path) -> str:
    text = core.read_text(encoding="utf-8")
    complete = re.search(r"VK_HEADER_VERSION_COMPLETE VK_MAKE_API_VERSION\(0, (\d+), (\d+),", text)
    patch = re.search(r"#define VK_HEADER_VERSION (\d+)", text)
    if complete is None or patch is None:
        raise ToolError(f"{core} has no version; reinstall Vulkan's headers")
    return f"{complete[1]}.{complete[2]}.{patch[1]}"


def packages(sdk: VulkanSdk, staging: Path) -> Iterator[Spec]:
    """Yield the packages of `sdk`."""
    staging = staging / "vulkan"
    staging.mkdir(parents=True)
    # A copy of the program would not find libraries that are next to the original.
    glslc, activation, link = staging / "glslc", staging / "activate_shaderc.sh", staging / "libvulkan.so"
    glslc.write_text(f'#!/bin/sh\nexec {shlex.quote(sdk.glslc)} "$@"\n', encoding="utf-8")
    glslc.chmod(0o755)
    # CMake otherwise finds this machine's headers and library.
    activation.write_text(
        'export CMAKE_PREFIX_PATH="$PREFIX:$BUILD_PREFIX${CMAKE_PREFIX_PATH:+:$CMAKE_PREFIX_PATH}"\n',
        encoding="utf-8",
    )
    link.symlink_to("libvulkan.so.1")
    yield Spec(
        "shaderc",
        sdk.glslc_version,
        {"bin/glslc": glslc, f"etc/conda/activate.d/{activation.name}": activation},
    )
    yield Spec(
        "spirv-headers",
        sdk.version,
        _files(sdk.spirv.parent, "include/spirv", "share/cmake/SPIRV-Headers"),
    )
    yield Spec(
        "libvulkan-headers", sdk.version, _files(sdk.headers.parent, "include/vulkan", "include/vk_video")
    )
    yield Spec(
        "libvulkan-loader",
        sdk.version,
        {"lib/libvulkan.so.1": sdk.loader, "lib/libvulkan.so": link},
        strong_run_exports=(
            f"libvulkan-loader >={sdk.version},<{int(sdk.version.partition('.')[0]) + 1}.0a0",
        ),
    )


def _files(prefix: Path, *folders: str) -> dict[str, Path]:
    paths = (path for folder in folders for path in sorted((prefix / folder).rglob("*")) if path.is_file())
    return {path.relative_to(prefix).as_posix(): path for path in paths}
