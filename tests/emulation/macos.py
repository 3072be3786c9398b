"""Libraries for macOS on Apple's chips, linked on Linux by zig, which PyPI has as ziglang (97 MB).

zig contains macOS's libc but none of its frameworks, so Accelerate, Metal and OpenMP are left out. Nothing
is run.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from pathlib import Path

from build_scripts.cache import cache_folder
from build_scripts.errors import ToolError
from build_scripts.process import run
from build_scripts.source import SourceTree
from build_scripts.source.locking import locked

# The oldest macOS that the libraries are for: c_stdlib_version of variants.yaml.
MACOS = "11.0"
TARGET = f"aarch64-macos.{MACOS}"
_REQUIREMENT = (
    "ziglang==0.17.1 --hash=sha256:ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54"
)

# zig names a processor's features by -mcpu, and spells one of them differently.
_COMPILER = """#!/usr/bin/env bash
arguments=()
for argument in "$@"; do
    if [[ "$argument" == -march=armv* ]]; then
        features="${argument#*-a}"
        features="${features/+nosve/}"
        argument="-mcpu=generic${features/+fp16/+fullfp16}"
    fi
    # zig cannot link bundles, so plugins are linked like the other libraries.
    if [ "$argument" = -bundle ]; then
        arguments+=(-install_name @rpath/plugin)
        argument=-dynamiclib
    fi
    arguments+=("$argument")
done
exec '%s' %s -target %s "${arguments[@]}"
"""
_ARCHIVER = "#!/bin/sh\nexec '%s' %s \"$@\"\n"

_SETTINGS = {
    "CMAKE_SYSTEM_NAME": "Darwin",
    "CMAKE_SYSTEM_PROCESSOR": "arm64",
    "CMAKE_INSTALL_RPATH": "@loader_path;@loader_path/..",
    "CMAKE_SHARED_LINKER_FLAGS": "-s",
    "CMAKE_MODULE_LINKER_FLAGS": "-s",
    "GGML_ACCELERATE": "OFF",
    "GGML_OPENMP": "OFF",
}


def _root() -> Path:
    return cache_folder() / "emulation" / "macos"


def unavailable() -> str | None:
    """Return why zig cannot be installed here; None if it can."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        return "the pinned wheel of ziglang is for x86-64 Linux"
    return None


def installed_zig() -> Path | None:
    """Return the zig program in the cache, or None if it was never installed."""
    path = _root() / "ziglang" / "ziglang" / "zig"
    return path if path.is_file() else None


def zig() -> Path:
    """Return the zig program; pip installs it into the cache the first time."""
    if reason := unavailable():
        raise ToolError(reason)
    root = _root()
    root.mkdir(parents=True, exist_ok=True)
    with locked(root / "lock", lambda: None):
        if installed_zig() is None:
            with tempfile.TemporaryDirectory(dir=root) as scratch:
                requirements, target = Path(scratch, "requirements.txt"), Path(scratch, "ziglang")
                requirements.write_text(_REQUIREMENT, encoding="utf-8")
                pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
                options = ["--no-deps", "--no-compile", "--require-hashes", "--only-binary=:all:"]
                run([*pip, *options, "--target", target, "--requirement", requirements])
                target.rename(root / "ziglang")
    return root / "ziglang" / "ziglang" / "zig"


def environment() -> dict[str, str]:
    """Return variables for zig: its caches are in this project's, and cmake and ninja are on PATH."""
    cache = os.fspath(_root() / "zig-cache")
    path = os.pathsep.join([os.fspath(Path(sys.executable).parent), os.environ["PATH"]])
    return {"ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache, "PATH": path}


def link(tree: SourceTree) -> Path:
    """Link the libraries of `tree` with the recipe's settings; return their folder in the cache."""
    from tests.recipe.test_build import load_script

    folder = _root() / f"{tree.tag}-{tree.git_tree[:12]}"
    stamp = folder / "complete"
    program = zig()
    with locked(_root() / "lock", lambda: None):
        if not stamp.is_file():
            tools = folder / "tools"
            tools.mkdir(parents=True, exist_ok=True)
            scripts = {name: _COMPILER % (program, name, TARGET) for name in ("cc", "c++")}
            scripts |= {name: _ARCHIVER % (program, name) for name in ("ar", "ranlib")}
            for name, text in scripts.items():
                (tools / name).write_text(text, encoding="utf-8")
                (tools / name).chmod(0o755)
            variables = {"C_COMPILER": "cc", "CXX_COMPILER": "c++", "AR": "ar", "RANLIB": "ranlib"}
            settings = load_script("build").flags(tree.tag, "cpu") | _SETTINGS
            settings |= {f"CMAKE_{name}": os.fspath(tools / tool) for name, tool in variables.items()}
            # As the recipe does: no path of this machine in the libraries. The tree and zig are in the cache.
            mapped = f'"-ffile-prefix-map={cache_folder()}=."'  # cmake removes single quotes
            settings |= {f"CMAKE_{language}_FLAGS": mapped for language in ("C", "CXX")}
            options = [f"-D{name}={value}" for name, value in settings.items()]
            build = folder / "build"
            configure = ["cmake", "-S", os.fspath(tree.path), "-B", os.fspath(build), "-G", "Ninja", *options]
            make = ["cmake", "--build", os.fspath(build), "--target", "ggml", "llama", "mtmd"]
            for command in (configure, make):
                # Not in the checkout: zig left an a.o in the working directory.
                run(command, cwd=folder, env=environment())
            stamp.touch()
    return folder / "build" / "bin"
