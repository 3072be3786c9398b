"""Finds what glslc cannot compile: the Vulkan backend is then built without the shaders that need it.

Standard library only.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

BACKEND = Path("ggml", "src", "ggml-vulkan", "CMakeLists.txt")
# A probe of upstream's: an extension of the shading language, a test shader, and the macro that it defines.
PROBE = re.compile(r'"(GL_\w+)"\s+"[^"]+"\s+"(GGML_VULKAN_\w+)"')


def unsupported(source: Path, build: Path) -> list[str]:
    """Return the extensions that the release `source` can use and glslc lacks, by the configured `build`."""
    if not (source / BACKEND).exists():
        return []  # releases before the probes
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    (command,) = (entry["command"] for entry in commands if Path(entry["file"]).name == "ggml-vulkan.cpp")
    probes = PROBE.findall((source / BACKEND).read_text(encoding="utf-8"))
    return [extension for extension, macro in probes if not re.search(rf"[-/]D{macro}\b", command)]
