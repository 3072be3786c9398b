"""The release's own programs, compiled plainly: what the tests compare the package with.

Not shipped. The build folder is what RUN_STORIES260K_INTEGRATION wants in LLAMA_CPP_BUILD_DIR; its
shared libraries also serve as a libllama that is not ours.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from build_scripts.bindings import abi_digest
from build_scripts.bindings.checks import compiler
from build_scripts.bindings.headers import find
from build_scripts.bindings.parse import parse
from build_scripts.cache import cache_folder
from build_scripts.errors import ToolError
from build_scripts.process import find_tool, run
from build_scripts.source import SourceTree

# Of these, each release has the converter and at least one of the others (llama-completion since b7370).
CONVERTER = "llama-convert-llama2c-to-ggml"
COMPLETERS = ("llama-completion", "llama-cli")
_OPTIONS = (
    "-DCMAKE_BUILD_TYPE=Release",
    "-DBUILD_SHARED_LIBS=ON",
    "-DGGML_NATIVE=ON",
    "-DLLAMA_CURL=OFF",
    # Else CMake asks git, and gets the commit of whatever repository lies around the build folder.
    "-DLLAMA_BUILD_COMMIT=unknown",
)


def folder_of(tree: SourceTree) -> Path:
    """Where the build folder of `tree` is, or will be, in the cache."""
    return cache_folder() / "reference" / f"{tree.tag}-{tree.git_tree[:12]}"


def build(tree: SourceTree, announce: Callable[[str], None]) -> Path:
    """Compile the programs of `tree` in the cache and return the build folder; later calls are quick."""
    folder = folder_of(tree)
    stamp = folder / "complete"
    if stamp.is_file():
        _write_metadata(tree, folder)
        return folder
    find_tool("cmake", purpose="to compile llama.cpp", hint="It comes with .venv; see README.md.")
    compiler.compiler()  # or one clear line, where CMake would give a page
    announce(f"compiling llama.cpp {tree.tag}'s own programs into {folder} (once, some minutes)")
    number = tree.tag[1:] if tree.tag.startswith("b") else "0"
    run(["cmake", "-S", tree.path, "-B", folder, "-G", "Ninja", f"-DLLAMA_BUILD_NUMBER={number}", *_OPTIONS])
    targets = _targets(folder)
    wanted = [name for name in (CONVERTER, *COMPLETERS, "mtmd") if name in targets]
    run(["cmake", "--build", folder, "--target", *wanted])
    _write_metadata(tree, folder)
    stamp.touch()
    return folder


def _write_metadata(tree: SourceTree, folder: Path) -> None:
    """Record the libraries' release and ABI in their folder, as the package does.

    They do not report it themselves. It is written each time, because what the digest covers may have
    changed since they were compiled.
    """
    metadata = {"release": tree.tag, "abi_sha256": abi_digest.digest(parse(find(tree.path)))}
    (folder / "bin" / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")


def _targets(folder: Path) -> set[str]:
    listed = run(["ninja", "-C", folder, "-t", "targets", "all"])
    return {line.partition(":")[0] for line in listed.splitlines()}


def program(build_folder: Path, *names: str) -> Path:
    """The first of the programs `names` that the build folder has."""
    for name in names:
        for folder in ("bin", "bin/Release"):
            for suffix in ("", ".exe"):
                path = build_folder / folder / f"{name}{suffix}"
                if path.is_file():
                    return path
    raise ToolError(
        f"{build_folder} has no {' or '.join(names)} in bin/; build them there, or leave LLAMA_CPP_BUILD_DIR "
        "unset to have them compiled"
    )
