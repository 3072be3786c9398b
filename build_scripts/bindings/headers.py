"""The public C headers of a release, their digest, and the folders in which a compiler finds them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from build_scripts.errors import HeaderError

# Every header in these folders is public. In tools/mtmd, only the two that upstream installs are.
_FOLDERS = ("include", "ggml/include")
_SINGLE = ("tools/mtmd/mtmd.h", "tools/mtmd/mtmd-helper.h")
# Every release has these.
_REQUIRED = ("include/llama.h", "ggml/include/ggml.h")


@dataclass(frozen=True)
class HeaderSet:
    """The public headers of one tree."""

    root: Path
    files: tuple[str, ...]
    """Paths relative to `root`, sorted."""
    sha256: str
    """Digest over names and contents; equal digests mean equal bindings."""

    @property
    def include_dirs(self) -> tuple[str, ...]:
        """The folders to search, relative to `root`."""
        return tuple(sorted({file.rpartition("/")[0] for file in self.files}))


def find(root: Path) -> HeaderSet:
    """List the public C headers below `root`; raise HeaderError if a required one is missing."""
    for name in _REQUIRED:
        if not (root / name).is_file():
            raise HeaderError(
                f"{root} has no {name}: this is not a llama.cpp tree, or it is older than b3488"
            )
    candidates = [path for folder in _FOLDERS for path in (root / folder).glob("*.h")]
    candidates += [root / name for name in _SINGLE if (root / name).is_file()]
    contents = {path.relative_to(root).as_posix(): path.read_bytes() for path in candidates}
    files = tuple(sorted(name for name, data in contents.items() if _is_c(data)))
    digest = hashlib.sha256()
    for name in files:
        digest.update(f"{name}\0{hashlib.sha256(contents[name]).hexdigest()}\n".encode())
    return HeaderSet(root, files, digest.hexdigest())


def _is_c(data: bytes) -> bool:
    """Whether a header declares C functions: upstream's libraries are C++, so those are in `extern "C"`.

    The C++ helpers (llama-cpp.h, ggml-cpp.h) and the first mtmd.h have no `extern "C"`.
    """
    return b'extern "C"' in data
