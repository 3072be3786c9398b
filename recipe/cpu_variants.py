"""Find the CPU variants that the compiler cannot build, and leave them out of the source tree meanwhile.

The options are read from the configured build, so this works for any release and architecture. Standard
library only.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_OBJECT = re.compile(r"/ggml-cpu-([^/]+)\.dir/")


def unsupported(build: Path) -> dict[str, str]:
    """Return the CPU variants whose machine options the compiler rejects, with these options.

    `build` is a folder that CMake configured with CMAKE_EXPORT_COMPILE_COMMANDS.
    """
    options: dict[str, set[tuple[str, ...]]] = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        variant = _OBJECT.search(entry["command"])
        if variant is not None:
            compiler, *arguments = shlex.split(entry["command"])
            machine = [argument for argument in arguments if argument.startswith("-m")]
            options.setdefault(variant[1], set()).add((compiler, *machine))
    return {
        variant: " ".join(sorted(rejected)[0][1:])
        for variant, commands in options.items()
        if (rejected := [command for command in commands if not _accepts(command)])
    }


def _accepts(command: Iterable[str]) -> bool:
    probe = [*command, "-fsyntax-only", "-x", "c", os.devnull]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@contextmanager
def without(source: Path, variants: Iterable[str]) -> Iterator[None]:
    """Remove `variants` from the list in ggml's CMakeLists.txt; ValueError if one is not on it.

    At the end, the file is as before: a later `verify` compares the tree with its recorded hash.
    """
    file = source / "ggml" / "src" / "CMakeLists.txt"
    original = file.read_bytes()
    text = original.decode()
    for variant in variants:
        call = rf"ggml_add_cpu_backend_variant\({re.escape(variant)}(?:\s[^)]*)?\)"
        text, count = re.subn(call, "", text)
        if not count:
            raise ValueError(f"{file} does not list the CPU variant {variant}")
    file.write_bytes(text.encode())
    try:
        yield
    finally:
        file.write_bytes(original)
