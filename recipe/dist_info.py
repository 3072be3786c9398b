"""Writes the .dist-info folder, from which Python and pip know the package. Standard library only."""

from __future__ import annotations

import ast
import base64
import hashlib
import shutil
from pathlib import Path

NAME = "llama-ctypes"


def write(site_packages: Path, version: str, python_min: str, licence: Path) -> None:
    """Describe the package llama_ctypes in `site_packages`; its files must be complete.

    `licence` is the licence of this project.
    """
    package = site_packages / "llama_ctypes"
    folder = site_packages / f"llama_ctypes-{version}.dist-info"
    (folder / "licenses").mkdir(parents=True)
    shutil.copyfile(licence, folder / "licenses" / "LICENSE")
    _write(folder / "METADATA", metadata(package, version, python_min))
    _write(folder / "INSTALLER", "conda\n")
    files = [path for root in (package, folder) for path in root.rglob("*") if path.is_file()]
    names = {path.relative_to(site_packages).as_posix(): path for path in files}
    rows = [
        f"{name},{_digest(path)},{path.stat().st_size}\n"
        for name, path in sorted(names.items())
        if not name.endswith(".pyc")
    ]
    _write(folder / "RECORD", "".join([*rows, f"{folder.name}/RECORD,,\n"]))


def metadata(package: Path, version: str, python_min: str) -> str:
    """Return the core metadata of `version` of the package in the folder `package`."""
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    fields = {
        "Metadata-Version": "2.4",
        "Name": NAME,
        "Version": version,
        "Summary": docstring.partition("\n")[0],
        "License-Expression": "MIT",
        "License-File": "LICENSE",
        "Requires-Python": f">={python_min}",
    }
    return "".join(f"{key}: {value}\n" for key, value in fields.items())


def _digest(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).digest()
    return f"sha256={base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
