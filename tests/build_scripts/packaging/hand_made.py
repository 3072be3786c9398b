"""Writes .conda packages by hand, from a folder."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

from build_scripts.packaging.built import sha256

_BLOCK = 1 << 17


def pack(folder: Path, package: Path) -> Path:
    """Write the files in `folder` as the package `package`, with a paths.json for those outside info/."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    files = {path.relative_to(folder).as_posix(): path for path in paths}
    content = {name: path for name, path in files.items() if not name.startswith("info/")}
    entries = [
        {"_path": name, "path_type": "hardlink", "sha256": sha256(path), "size_in_bytes": path.stat().st_size}
        for name, path in content.items()
    ]
    (folder / "info" / "paths.json").write_text(json.dumps({"paths_version": 1, "paths": entries}))
    info = {name: folder / name for name in {*files, "info/paths.json"} - set(content)}
    package.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"conda_pkg_format_version": 2}))
        for part, members in (("pkg", content), ("info", info)):
            archive.writestr(f"{part}-{package.stem}.tar.zst", _zstandard(_tar(members)))
    return package


def _tar(members: dict[str, Path]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, path in sorted(members.items()):
            archive.add(path, name)
    return stream.getvalue()


def _zstandard(content: bytes) -> bytes:
    """Return a frame of blocks that are not compressed; Python has no zstandard before 3.14."""
    frame = b"\x28\xb5\x2f\xfd" + b"\x00\x70"  # the magic number, no options, a window of 16 MiB
    starts = range(0, len(content), _BLOCK)
    for start in starts:
        block = content[start : start + _BLOCK]
        last = start == starts[-1]
        frame += (len(block) << 3 | last).to_bytes(3, "little") + block
    return frame
