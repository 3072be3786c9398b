"""What pip knows of a wheel or a source archive (METADATA, PKG-INFO), before and after it is built."""

from __future__ import annotations

import runpy
from collections.abc import Iterable, Mapping
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

import yaml

from build_scripts.pin import ROOT, VARIANTS

from .variants import RECIPE

# Each link, and what completes the address in the package's about.json.
_LINKS = {
    "Homepage": ("home", ""),
    "Repository": ("dev_url", ""),
    "Documentation": ("doc_url", ""),
    "Changelog": ("dev_url", "/blob/main/CHANGELOG.md"),
    "Issues": ("dev_url", "/issues"),
}
# The recipe's names of these addresses.
_ABOUT = {"home": "homepage", "dev_url": "repository", "doc_url": "documentation"}
# Compiling shows whose code is in the libraries.
_UNKNOWN = ("License-Expression", "License-File")


def complete(own: str, about: Mapping[str, str], version: str, licences: Iterable[str]) -> str:
    """Return the package's `own` metadata with `version`, the lines `licences`, and the links of `about`."""
    headers = HeaderParser().parsestr(own)
    changed = {"Version", *_UNKNOWN}
    lines = [f"{key}: {value}" for key, value in headers.items() if key not in changed]
    lines[2:2] = [f"Version: {version}"]
    lines += licences
    lines += [
        f"Project-URL: {name}, {about[key]}{end}" for name, (key, end) in _LINKS.items() if about.get(key)
    ]
    lines += ["Description-Content-Type: text/markdown", "", about["description"].strip(), ""]
    return "\n".join(lines)


def before_build(version: str) -> str:
    """Return the metadata of this checkout's wheel, whose licences are not known yet."""
    recipe = _yaml(RECIPE)
    about = {**recipe["about"], **{new: recipe["about"][old] for new, old in _ABOUT.items()}}
    metadata = runpy.run_path(str(RECIPE.with_name("dist_info.py")))["metadata"]
    own = metadata(ROOT / "llama_ctypes", version, _yaml(VARIANTS)["python_min"][0])
    return complete(own, about, version, [f"Dynamic: {field}" for field in _UNKNOWN])


def write(output_dir: Path, version: str) -> Path:
    """Write the new .dist-info folder of this checkout's wheel into `output_dir`; return its path."""
    folder = output_dir / f"llama_ctypes-{version}.dist-info"
    folder.mkdir(parents=True)
    commands = _yaml(RECIPE)["build"]["python"]["entry_points"]
    texts = {
        "METADATA": before_build(version),
        "WHEEL": wheel_file([]),
        "entry_points.txt": entry_points(commands),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder


def entry_points(commands: Iterable[str]) -> str:
    """Return entry_points.txt for console commands, each as `NAME = MODULE:FUNCTION`."""
    return "".join(f"{line}\n" for line in ["[console_scripts]", *commands])


def wheel_file(tags: Iterable[str]) -> str:
    """Return WHEEL, which describes the format."""
    lines = ["Wheel-Version: 1.0", "Generator: llama-ctypes", "Root-Is-Purelib: false"]
    return "".join(f"{line}\n" for line in [*lines, *(f"Tag: {tag}" for tag in tags)])


def _yaml(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content
