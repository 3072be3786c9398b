"""llama.cpp's libraries for Windows, compiled on Linux by mingw with the recipe's own build step."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from build_scripts.pin import ROOT
from build_scripts.process import run
from build_scripts.source import SourceTree
from build_scripts.source.locking import locked
from llama_ctypes import _windows

from . import windows

# Enough to test the choice: the oldest processor, and one that every machine of today is.
VARIANTS = ("x64", "haswell")
_CXX = windows.COMPILER.removesuffix("gcc") + "g++"
_OPTIONS = {
    "CMAKE_SYSTEM_NAME": "Windows",
    "CMAKE_SYSTEM_PROCESSOR": "AMD64",
    "CMAKE_C_COMPILER": windows.COMPILER,
    "CMAKE_CXX_COMPILER": _CXX,
    "CMAKE_RC_COMPILER": windows.COMPILER.removesuffix("gcc") + "windres",
    # Windows 7: mingw's headers declare less than ggml wants of newer ones.
    "GGML_WIN_VER": "0x0601",
    "CMAKE_SHARED_LINKER_FLAGS": "-s",
    "CMAKE_MODULE_LINKER_FLAGS": "-s",
}
# MSVC's names: llama.dll, not libllama.dll.
_NAMES = 'set(CMAKE_SHARED_LIBRARY_PREFIX "")\nset(CMAKE_SHARED_MODULE_PREFIX "")\n'
_BUILD = """
import re, sys
from pathlib import Path
import build, cpu_variants

source, target, tag, *kept = sys.argv[1:]
lists = Path(source, "ggml", "src", "CMakeLists.txt").read_text(encoding="utf-8")
variants = re.findall(r"^ *ggml_add_cpu_backend_variant[(](\\S+?)(?:[)]| )", lists, re.MULTILINE)
build.HARDENED_LINKS = build.RPATH_TAG = ()  # options for ELF
with cpu_variants.without(Path(source), {*variants} - {*kept}):
    build.compile_libraries(Path(source), Path(target), build.flags(tag, "cpu"))
"""


def link(tree: SourceTree) -> Path:
    """Compile the libraries of `tree` with two CPU variants; return their folder in the cache.

    The DLLs of the compiler that they need are in its folder `runtime`.
    """
    root = windows.folder() / "libraries"
    root.mkdir(parents=True, exist_ok=True)
    folder = root / f"{tree.tag}-{tree.git_tree[:12]}"
    with locked(root / "lock", lambda: None):
        # The last step names the folder: one that exists is complete.
        if not folder.is_dir():
            with tempfile.TemporaryDirectory(dir=root) as temporary:
                _compile(tree, Path(temporary)).rename(folder)
    return folder


def _compile(tree: SourceTree, place: Path) -> Path:
    source, names, result = place / "source", place / "names.cmake", place / "result"
    shutil.copytree(tree.path, source)
    names.write_text(_NAMES, encoding="utf-8")
    options = _OPTIONS | {"CMAKE_PROJECT_INCLUDE": os.fspath(names)}
    environment = {
        "CMAKE_ARGS": shlex.join(f"-D{name}={value}" for name, value in options.items()),
        "PATH": os.pathsep.join([os.fspath(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": os.fspath(ROOT / "recipe"),
    }
    unset = dict.fromkeys(("CFLAGS", "CXXFLAGS", "LDFLAGS", "PREFIX", "BUILD_PREFIX"), "")
    run(
        [sys.executable, "-B", "-c", _BUILD, source, place / "build", tree.tag, *VARIANTS],
        env=unset | environment,
    )
    (result / "runtime").mkdir(parents=True)
    for library in (place / "build" / "bin").glob("*.dll"):
        shutil.copy2(library, result)
    for library in list(result.glob("*.dll")):
        _copy_runtime(library, result / "runtime")
    return result


def _copy_runtime(library: Path, target: Path) -> None:
    """Copy the DLLs of the compiler that `library` imports, and those that they import, into `target`."""
    for name in _windows.imports(library.read_bytes()):
        printed = subprocess.run(
            [_CXX, f"-print-file-name={name}"], capture_output=True, text=True, check=True
        ).stdout.strip()
        # The compiler prints the bare name of a file that it does not have.
        if printed != name and not (target / name).exists():
            shutil.copy2(printed, target)
            _copy_runtime(target / name, target)
