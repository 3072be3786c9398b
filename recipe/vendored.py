"""Lists the third-party code in the libraries: the compiled files, their licences, a bill of materials.

Everything is read from the build folder and the source tree, so it is right for any release. Standard
library only.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

CODE = re.compile(r"\.(c|cc|cpp|h|hpp|cu|cuh|m|mm|metal|S|comp|glsl)")
COMMENT = re.compile(r"/\*.*?\*/|(?:^[ \t]*//[^\n]*\n)+", re.DOTALL | re.MULTILINE)
# A comment with one of these phrases is a licence notice.
NOTICE = re.compile(
    r"permission is hereby granted|redistribution and use|released into the public domain"
    r"|spdx-license-identifier|\blicensed\b|\bMIT license\b",
    re.IGNORECASE,
)
# The SPDX id of each licence, and a phrase of its notices.
LICENCES = {
    "MIT": r"permission notice shall be\s+(?://\s+)?included|MIT licen[cs]e|identifier: MIT\b",
    "MIT-0": r"MIT No Attribution",
    "Unlicense": r"released into the public domain",
    "BSD-2-Clause": r"redistribution and use",
    "Apache-2.0": r"identifier: Apache-2\.0|licensed under the Apache",
}
VERSION = re.compile(r"(?:\bv|\bversion |VERSION +\")(\d+(?:\.\d+)+)")


def compiled_files(source: Path, build: Path, libraries: Iterable[Path]) -> list[Path]:
    """Return the files of the tree that were compiled into `libraries`: sources and included headers.

    `build` is the build folder of CMake and ninja; nothing else was built in it.
    """
    output = ""
    for question in (["deps"], ["inputs", *(path.relative_to(build).as_posix() for path in libraries)]):
        command = ["ninja", "-C", str(build), "-t", *question]
        output += subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    paths = {Path(os.path.normpath(build / line.strip())) for line in output.splitlines() if line.strip()}
    return sorted(path for path in paths if source in path.parents and CODE.fullmatch(path.suffix))


def notices(file: Path) -> str:
    """Return the licence notices in the comments of a source file; empty for llama.cpp's own files."""
    text = file.read_text(encoding="utf-8", errors="replace")
    return "\n\n".join(dict.fromkeys(comment for comment in COMMENT.findall(text) if NOTICE.search(comment)))


def licence_files(source: Path, compiled: Iterable[Path]) -> list[Path]:
    """Return the tree's licence files that cover the compiled files."""
    folders: set[Path] = set()
    names: set[str] = set()
    for path in compiled:
        folders.update(path.relative_to(source).parents)
        # licenses/LICENSE-jsonhpp is of json.hpp, licenses/LICENSE-httplib of httplib.h.
        names.update((path.name.replace(".", ""), path.stem))
    beside = [
        path for path in source.glob("vendor/**/LICENSE*") if path.parent.relative_to(source) in folders
    ]
    listed = [path for path in source.glob("licenses/LICENSE-*") if path.name.partition("-")[2] in names]
    return sorted([*beside, *listed])


def collect_licences(source: Path, compiled: Sequence[Path], folder: Path) -> None:
    """Write the licences of the compiled files (licence files and notices) into a new folder."""
    folder.mkdir()

    def name(path: Path) -> str:
        return "-".join(path.relative_to(source).parts[1:])

    for path in licence_files(source, compiled):
        shutil.copyfile(path, folder / name(path))
    for path in compiled:
        text = notices(path)
        if text:
            (folder / f"{name(path)}.txt").write_text(text, encoding="utf-8")


def bill_of_materials(
    source: Path, compiled: Iterable[Path], tag: str, version: str, libraries: Iterable[Path]
) -> str:
    """Return a CycloneDX document of the package: llama.cpp, its third-party code, and the libraries.

    `libraries` are the installed ones. One tree and the same libraries give one text.
    """
    parts: dict[str, list[Path]] = {}
    for path in compiled:
        inside = path.relative_to(source)
        # Vendored code is a folder of vendor/. Other third-party code is a single file among llama.cpp's.
        if inside.parts[0] == "vendor":
            parts.setdefault(inside.parts[1], []).append(path)
        elif notices(path):
            parts[inside.as_posix()] = [path]
    upstream = f"pkg:github/ggml-org/llama.cpp@{tag}"
    licences = [{"license": {"id": "MIT"}}]  # this project's and llama.cpp's
    llama = {"type": "library", "name": "llama.cpp", "version": tag, "purl": upstream, "licenses": licences}
    package = {
        "type": "library",
        "name": "llama-ctypes",
        "version": version,
        "purl": f"pkg:conda/llama-ctypes@{version}",
        "licenses": licences,
    }
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": package},
        "components": [
            llama,
            *(_component(source, name, parts[name], upstream) for name in sorted(parts)),
            *(_file(path) for path in sorted(libraries)),
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _file(path: Path) -> dict[str, object]:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"type": "file", "name": path.name, "hashes": [{"alg": "SHA-256", "content": digest}]}


def _component(source: Path, name: str, files: list[Path], upstream: str) -> dict[str, object]:
    component: dict[str, object] = {"type": "library", "name": name}
    # The version is in the first lines. A folder of several libraries has no version.
    heads = [path for path in files if path.parent.name == name]
    version = VERSION.search("".join(path.read_text("utf-8", "replace")[:4096] for path in heads))
    if version:
        component["version"] = version[1]
    # A file among llama.cpp's is a part of its tree.
    suffix = f"@{version[1]}" if version else ""
    component["purl"] = f"{upstream}#{name}" if "/" in name else f"pkg:generic/{name}{suffix}"
    text = "\n".join(map(notices, files))
    text += "\n".join(path.read_text(encoding="utf-8") for path in licence_files(source, files))
    known = [licence for licence, words in LICENCES.items() if re.search(words, text, re.IGNORECASE)]
    if known:
        # Single-header libraries that offer a choice of two licences use this word.
        either = " OR " if "ALTERNATIVE" in text else " AND "
        component["licenses"] = [{"expression": either.join(known)}]
    places = [{"location": path.relative_to(source).as_posix()} for path in files]
    component["evidence"] = {"occurrences": places}
    return component
