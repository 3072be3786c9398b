"""Compile the release's own programs and libraries, to compare the package with.

They are not shipped. RUN_STORIES260K_INTEGRATION reads the build folder from LLAMA_CPP_BUILD_DIR. Tests also
use its shared libraries as a libllama from outside the package.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

from build_scripts.bindings import abi_digest
from build_scripts.bindings.checks import compiler
from build_scripts.bindings.headers import find
from build_scripts.bindings.parse import parse
from build_scripts.cache import cache_folder
from build_scripts.errors import ToolError
from build_scripts.process import find_tool, run, stream
from build_scripts.source import SourceTree, scratch

from .progress import Progress

_logger = logging.getLogger(__name__)

# Every release has the converter and at least one completer (llama-completion since b7370).
CONVERTER = "llama-convert-llama2c-to-ggml"
COMPLETERS = ("llama-completion", "llama-cli")
_OPTIONS = (
    "-DCMAKE_BUILD_TYPE=Release",
    "-DBUILD_SHARED_LIBS=ON",
    "-DGGML_NATIVE=ON",
    "-DLLAMA_CURL=OFF",
    # Otherwise CMake runs git and gets the commit of any repository around the build folder.
    "-DLLAMA_BUILD_COMMIT=unknown",
)


def folder_of(tree: SourceTree) -> Path:
    """Return the build folder of `tree` in the cache; it may not exist yet."""
    return cache_folder() / "reference" / f"{tree.tag}-{tree.git_tree[:12]}"


def build(tree: SourceTree) -> Path:
    """Compile the programs of `tree` in the cache and return the build folder; later calls reuse it.

    A folder that was compiled at another path, as in a cache that was moved, is compiled again: CMake's files
    and the programs' rpath name the old path.
    """
    folder = folder_of(tree)
    stamp = folder / "complete"
    if folder.exists() and not _is_of(folder, tree):
        _logger.info(f"{folder} is from another path: compiling it again")
        scratch.remove(folder)
    if stamp.is_file():
        _write_metadata(tree, folder)
        return folder
    find_tool("cmake", purpose="to compile llama.cpp", hint="It comes with .venv; see README.md.")
    compiler.compiler()  # fails with one clear line; CMake would print a page
    _logger.info(f"compiling the upstream tools of {tree.tag} into {folder} (once, a few minutes)")
    number = tree.tag[1:] if tree.tag.startswith("b") else "0"
    run(["cmake", "-S", tree.path, "-B", folder, "-G", "Ninja", f"-DLLAMA_BUILD_NUMBER={number}", *_OPTIONS])
    targets = _targets(folder)
    selected = [name for name in (CONVERTER, *COMPLETERS, "mtmd") if name in targets]
    progress = Progress(lambda _: None)
    status = stream(["cmake", "--build", folder, "--target", *selected], progress.line)
    if status:
        tail = "\n".join(progress.tail())
        raise ToolError(f"cannot compile the upstream tools of {tree.tag} (exit status {status}):\n{tail}")
    _write_metadata(tree, folder)
    stamp.touch()
    return folder


def _is_of(folder: Path, tree: SourceTree) -> bool:
    """Whether CMake configured `folder` at this path, for the tree at its path."""
    try:
        settings = (folder / "CMakeCache.txt").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    places = {"CMAKE_CACHEFILE_DIR": folder, "CMAKE_HOME_DIRECTORY": tree.path}
    # CMake writes paths with slashes, and resolves symlinks in some.
    return all(
        any(f"\n{name}:INTERNAL={path.as_posix()}\n" in settings for path in (place, place.resolve()))
        for name, place in places.items()
    )


def _write_metadata(tree: SourceTree, folder: Path) -> None:
    """Write metadata.json next to the libraries, as in the package; the loader reads it.

    Rewritten on every call, because the digest's definition may have changed since they were compiled.
    """
    metadata = {"release": tree.tag, "abi_sha256": abi_digest.digest(parse(find(tree.path)))}
    (folder / "bin" / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")


def _targets(folder: Path) -> set[str]:
    output = run(["ninja", "-C", folder, "-t", "targets", "all"])
    return {line.partition(":")[0] for line in output.splitlines()}


def program(build_folder: Path, *names: str) -> Path:
    """Return the path of the first program of `names` in the build folder; ToolError if none is there."""
    for name in names:
        for folder in ("bin", "bin/Release"):
            for suffix in ("", ".exe"):
                path = build_folder / folder / f"{name}{suffix}"
                if path.is_file():
                    return path
    raise ToolError(
        f"{build_folder} has no {' or '.join(names)} in bin/; build it there, or unset LLAMA_CPP_BUILD_DIR "
        "to compile it automatically"
    )
