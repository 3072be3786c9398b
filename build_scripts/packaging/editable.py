"""Make an editable wheel (PEP 660): the bindings stay in the checkout, the environment gets the libraries.

    llama_ctypes/_libraries/  ->  lib/llama_ctypes/ of the environment, as in a conda package
    llama_ctypes.libs/        ->  the place to which the rpaths of the libraries lead
    .dist-info/               ->  .dist-info/

The checkout stays as it is: its tests expect no libraries there.
"""

from __future__ import annotations

import runpy
import shutil
import zipfile
from pathlib import Path

from build_scripts.cache import cache_folder
from build_scripts.source.scratch import scratch

from . import built, wheel
from .variants import host_platform

_PLACES = {
    wheel.LIBRARIES: "lib/llama_ctypes",
    "llama_ctypes.libs": "llama_ctypes.libs",
    "llama_ctypes/.dylibs": "lib/.dylibs",
}
_PLACES_ON_WINDOWS = {wheel.LIBRARIES: "Library/lib/llama_ctypes", "llama_ctypes.libs": "Library/bin"}


def fitting_package(root: Path, version: str, variant: str) -> Path | None:
    """Return the newest package in the `output` folder of the checkout `root` that fits its bindings.

    `version` and `variant` are the package's. None if no package fits.
    """
    abi = runpy.run_path(str(root / "llama_ctypes" / "_generated" / "__init__.py"))["ABI_SHA256"]
    pattern = f"output/{host_platform()}/llama-ctypes-{version}-{variant}_h*.conda"
    for file in sorted(root.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True):
        with scratch(cache_folder()) as folder:
            if built.unpack(file, folder / "package").abi_sha256 == abi:
                return file
    return None


def make(file: Path, root: Path, output_dir: Path) -> Path:
    """Make an editable wheel for the checkout `root` with the libraries of wheel `file`; return its path."""
    version, _, _, platforms = file.stem.removeprefix("llama_ctypes-").split("-")
    with scratch(cache_folder()) as folder:
        tree = folder / "tree"
        with zipfile.ZipFile(file) as archive:
            archive.extractall(tree)
        data = tree / f"llama_ctypes-{version}.data" / "data"
        places = _PLACES_ON_WINDOWS if platforms.startswith("win") else _PLACES
        for name, place in places.items():
            if (tree / name).is_dir():
                (data / place).parent.mkdir(parents=True, exist_ok=True)
                (tree / name).rename(data / place)
        shutil.rmtree(tree / "llama_ctypes")
        (tree / "__editable__.llama_ctypes.pth").write_text(f"{root}\n", encoding="utf-8")
        tags = [f"py3-none-{platform}" for platform in platforms.split(".")]
        return wheel.pack(tree, output_dir, version, tags)
