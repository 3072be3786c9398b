"""Pack this project as a source archive: what the build needs, without llama.cpp, which the build fetches."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from pathlib import Path

from build_scripts.cache import cache_folder
from build_scripts.pin import read_pin
from build_scripts.source.scratch import scratch

from . import build, core_metadata

# For pip, and for people; the recipe uses the other parts.
_OTHERS = ("pyproject.toml", "README.md")


def make(output_dir: Path) -> Path:
    """Make the source archive of the pinned version in `output_dir`; return its path.

    Two calls give identical bytes; SOURCE_DATE_EPOCH is the date of the files.
    """
    version = read_pin().version
    name = f"llama_ctypes-{version}"
    with scratch(cache_folder()) as folder:
        root = folder / name
        build.copy_parts(root, _OTHERS)
        (root / "PKG-INFO").write_text(core_metadata.before_build(version), encoding="utf-8", newline="\n")
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode="w", format=tarfile.PAX_FORMAT) as archive:
            # Sorted as text: Windows has another order of paths.
            files = {path.relative_to(folder).as_posix(): path for path in root.rglob("*") if path.is_file()}
            for inner, path in sorted(files.items()):
                entry = tarfile.TarInfo(inner)
                entry.size, entry.mode = path.stat().st_size, 0o644
                entry.mtime = int(os.environ.get("SOURCE_DATE_EPOCH") or 0)
                with path.open("rb") as file:
                    archive.addfile(entry, file)
    target = output_dir / f"{name}.tar.gz"
    target.write_bytes(gzip.compress(content.getvalue(), mtime=0))
    return target
