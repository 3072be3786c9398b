"""Read a conda package that `build` made, without installing it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from build_scripts.errors import PackageError
from build_scripts.versions import version_key

from . import install

# What pixi assumes of every Linux.
_PIXI_GLIBC = "2.28"


@dataclass(frozen=True)
class Package:
    """An unpacked conda package."""

    folder: Path
    index: Mapping[str, Any]

    @property
    def variant(self) -> str:
        """The hardware it is for, such as `cuda130`."""
        return str(self.index["build"]).partition("_")[0]

    @property
    def backend(self) -> str:
        """The value of `build --backend` that it was built with."""
        return self.variant.rstrip("0123456789")

    @property
    def version(self) -> str:
        """The wheel's version: the package's, with the variant unless that is the CPU's."""
        return wheel_version(self.index["version"], self.variant)

    @property
    def bill_of_materials(self) -> Path:
        """The CycloneDX file of its libraries."""
        return self.libraries / "sbom.cdx.json"

    @property
    def libraries(self) -> Path:
        """The folder of its libraries."""
        root = self.folder / "Library" if self.index["subdir"].startswith("win") else self.folder
        return root / "lib" / "llama_ctypes"

    @property
    def metadata(self) -> Path:
        """Its .dist-info folder."""
        return self.folder / "site-packages" / f"llama_ctypes-{self.index['version']}.dist-info"

    @property
    def abi_sha256(self) -> str | None:
        """The digest of its libraries' ABI."""
        metadata = json.loads((self.libraries / "metadata.json").read_text(encoding="utf-8"))
        digest: str | None = metadata.get("abi_sha256")
        return digest

    @property
    def platform_tag(self) -> str:
        """The platform's part of the wheel's name before its repair."""
        system, _, machine = self.index["subdir"].partition("-")
        if system == "win":
            return "win_amd64"
        machine = "x86_64" if machine == "64" else machine
        if system == "linux":
            return f"linux_{machine}"
        minimum = next(
            re.findall(r"\d+", spec) for spec in self.index["depends"] if spec.startswith("__osx ")
        )
        return f"macosx_{'_'.join([*minimum, '0'][:2])}_{machine}"

    @property
    def commands(self) -> list[str]:
        """Its console commands, each as `NAME = MODULE:FUNCTION`."""
        return list(self.json("link.json")["noarch"].get("entry_points", []))

    def json(self, name: str) -> Any:
        """Return the content of info/`name`."""
        return json.loads((self.folder / "info" / name).read_text(encoding="utf-8"))


def wheel_version(version: str, variant: str) -> str:
    """Return the wheel's version for `version` and `variant` of the conda package."""
    return version if variant == "cpu" else f"{version}+{variant}"


def newest(output_dir: Path) -> Path:
    """Return the newest llama-ctypes package of the channel folder `output_dir`."""
    install.require_package(output_dir)
    return max(output_dir.glob("*/llama-ctypes-*.conda"), key=lambda path: path.stat().st_mtime)


def pixi_lines(file: Path, channels: Sequence[str]) -> list[str]:
    """Return the lines of a pixi.toml that installs the package `file` from `channels`.

    pixi solves for a platform without a driver and with glibc 2.28, unless the line names others.
    """
    from rattler import IndexJson

    index = IndexJson.from_package_archive(file)
    needs = [re.match(r"__(cuda|glibc) >=([\d.]+)", spec) for spec in index.depends]
    values = {need[1]: need[2] for need in needs if need}
    if version_key(values.get("glibc", "0")) <= version_key(_PIXI_GLIBC):
        values.pop("glibc", None)
    platform = json.dumps(index.subdir)
    if values:
        pairs = ", ".join(f'{name} = "{value}"' for name, value in sorted(values.items()))
        platform = f'{{ name = "here", platform = {platform}, {pairs} }}'
    # No solver takes Vulkan's package unasked.
    spec = '{ version = "*", build = "vulkan*" }' if str(index.build).startswith("vulkan") else '"*"'
    return [
        "[workspace]",
        f"channels = {json.dumps(list(channels))}",
        f"platforms = [{platform}]",
        "[dependencies]",
        f"{index.name.normalized} = {spec}",
    ]


def unpack(file: Path, folder: Path) -> Package:
    """Unpack the conda package `file` into `folder`; PackageError unless `build` made it and it is whole."""
    from rattler.package_streaming import extract

    try:
        extract(file, folder)
        package = Package(folder, json.loads((folder / "info" / "index.json").read_text(encoding="utf-8")))
        paths = package.json("paths.json")["paths"]
        ours = package.index["name"] == "llama-ctypes" and re.fullmatch(
            r"[a-z]+\d*_h[0-9a-f]+_\d+", package.index["build"]
        )
        needed = (package.bill_of_materials, package.metadata / "METADATA")
        complete = all(path.is_file() for path in needed) and package.commands
    except Exception as error:  # rattler's errors share no base class
        raise PackageError(f"{file} is not a conda package: {error}; pass one that `build` made") from error
    if not ours or not complete:
        raise PackageError(f"{file} is not a llama-ctypes package that `build` made; run `build`")
    for path in paths:
        content = folder / path["_path"]
        if not content.is_file() or sha256(content) != path["sha256"]:
            raise PackageError(f"{path['_path']} in {file} is not what `build` packed; run `build` again")
    return package


def sha256(path: Path) -> str:
    """Return the digest of a file, as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
