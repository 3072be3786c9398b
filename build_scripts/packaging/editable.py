"""Make an editable wheel (PEP 660): it leads Python to the checkout, which gets the libraries of a wheel.

llama_ctypes/_libraries/, llama_ctypes.libs/  ->  the same folders of the checkout, which git ignores
.dist-info/                                   ->  .dist-info/
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

# Those of this project, and those that auditwheel, delvewheel or delocate grafts.
_FOLDERS = (wheel.LIBRARIES, "llama_ctypes.libs", "llama_ctypes/.dylibs")


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
    """Copy the libraries of the wheel `file` into the checkout `root`; return the editable wheel's path."""
    with scratch(cache_folder()) as folder:
        tree = folder / "tree"
        with zipfile.ZipFile(file) as archive:
            archive.extractall(tree)
        for name in _FOLDERS:
            shutil.rmtree(root / name, ignore_errors=True)
            if (tree / name).is_dir():
                shutil.move(tree / name, root / name)
        shutil.rmtree(tree / "llama_ctypes")
        (tree / "__editable__.llama_ctypes.pth").write_text(f"{root}\n", encoding="utf-8")
        version, _, _, platforms = file.stem.removeprefix("llama_ctypes-").split("-")
        tags = [f"py3-none-{platform}" for platform in platforms.split(".")]
        return wheel.pack(tree, output_dir, version, tags)
