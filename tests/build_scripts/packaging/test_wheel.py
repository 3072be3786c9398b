"""A wheel has the files of a package that `build` made. Conda and auditwheel are fakes."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

import pytest

from build_scripts import cli
from build_scripts.errors import PackageError, ToolError
from build_scripts.packaging import built, channel, install, variants, wheel
from tests.build_scripts.packaging import hand_made
from tests.llama_ctypes.tiny_library import LLAMA, compile_library
from tests.systems import needs_elf_compiler

pytestmark = needs_elf_compiler

BUILD = "cpu_h0123abc_0"
PLATFORMS = {"linux-64": "linux_x86_64", "linux-aarch64": "linux_aarch64", "win-64": "win_amd64"}
PLATFORMS |= {"osx-64": "macosx_10_13_x86_64", "osx-arm64": "macosx_11_0_arm64"}

# As auditwheel does it: a changed library, a new one, another tag, and files that it is not to change.
AUDITWHEEL = """
import pathlib, sys, zipfile
*options, wheel = map(pathlib.Path, sys.argv[1:])
output = next(b for a, b in zip(options, options[1:]) if str(a) == "--wheel-dir")
with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(output / "repaired.whl", "w") as new:
    for name in old.namelist():
        content = old.read(name)
        if name.endswith("/libggml-base.so"):
            content += b"rpath"
        if name.endswith((".py", "/METADATA")):
            content += b"unwanted"
        new.writestr(name, content.replace(b"-linux_x86_64", b"-manylinux_2_17_x86_64\\nTag: py3-none-other"))
    new.writestr("llama_ctypes.libs/libgomp-0123abcd.so.1", "grafted")
    new.writestr(next(n for n in old.namelist() if "METADATA" in n).replace("METADATA", "sboms/x"), "")
"""


def make_package(
    folder: Path,
    build: str = BUILD,
    subdir: str = "linux-64",
    metadata: Mapping[str, str] | None = None,
    **index: object,
) -> Path:
    """Make a package of tiny libraries, with the layout of `build`'s."""
    files = folder / "files"
    root = files / "Library" if subdir.startswith("win") else files
    libraries = root / "lib" / "llama_ctypes"
    for name in ("llama", "ggml-base"):
        compile_library(LLAMA, libraries / f"lib{name}.so")
    parts = [{"type": "file", "name": path.name, "hashes": hashes(path)} for path in libraries.glob("*.so")]
    component = {"name": "llama-ctypes", "version": "0.0.1", "purl": "pkg:conda/llama-ctypes@0.0.1"}
    bill = {"metadata": {"component": component}, "components": parts}
    site_packages = files / "site-packages"
    texts = {
        libraries / "sbom.cdx.json": json.dumps(bill),
        libraries / "metadata.json": json.dumps(metadata or {}),
        libraries / "include" / "llama.h": "int llama_tiny(int x);\n",
        site_packages / "llama_ctypes" / "__init__.py": '"""A tiny binding."""\n',
        site_packages / "llama_ctypes-0.0.1.dist-info" / "METADATA": "Metadata-Version: 2.4\n"
        "Name: llama-ctypes\nVersion: 0.0.1\nSummary: tiny\nLicense-Expression: MIT\nLicense-File: LICENSE\n",
        site_packages / "llama_ctypes-0.0.1.dist-info" / "INSTALLER": "conda\n",
        files / "info" / "licenses" / "llama.cpp" / "LICENSE": "MIT\n",
        files / "info" / "link.json": json.dumps({"noarch": {"entry_points": ["llama-ctypes = a:main"]}}),
        files / "info" / "about.json": json.dumps({"license": "MIT", "description": "text", "home": "x:y"}),
        files / "info" / "index.json": json.dumps(
            {
                "name": "llama-ctypes",
                "version": "0.0.1",
                "build": build,
                "subdir": subdir,
                "depends": ["python >=3.10", "libgomp >=12", "__glibc >=2.17,<3.0.a0"],
                **index,
            }
        ),
    }
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return hand_made.pack(files, folder / subdir / f"llama-ctypes-0.0.1-{build}.conda")


def hashes(path: Path) -> list[dict[str, str]]:
    return [{"alg": "SHA-256", "content": built.sha256(path)}]


@pytest.fixture
def requested(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Replace conda and auditwheel; return the specs of what conda is to install."""
    specs: list[str] = []
    licences = tmp_path / "extracted" / "info" / "licenses" / "COPYING"
    licences.parent.mkdir(parents=True)
    licences.write_text("GPL\n")
    record = {"name": "libgomp", "version": "12.1", "build": "h0", "license": "GPL-3.0-only"}
    record |= {"channel": "tests", "extracted_package_dir": str(tmp_path / "extracted")}

    def create(prefix: Path, names: Sequence[str], channels: Sequence[str], platform: str | None) -> None:
        specs.extend([*names, *channels, str(platform)])
        (prefix / "conda-meta").mkdir(parents=True)
        text = json.dumps(record | {"files": ["lib/libgomp.so.1"]})
        (prefix / "conda-meta" / "libgomp-12.1-h0.json").write_text(text)

    monkeypatch.setattr(install, "create", create)
    monkeypatch.setattr(channel, "choose", lambda override, **_: [override or "conda-forge"])
    monkeypatch.setattr(variants, "host_platform", lambda: "linux-64")
    (tmp_path / "auditwheel.py").write_text(AUDITWHEEL)
    program = tmp_path / "bin" / "auditwheel"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{tmp_path}/auditwheel.py" "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr(wheel, "_tool", lambda _: str(program))
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return specs


def read(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_files_of_the_package_and_its_metadata(tmp_path: Path, requested: list[str]) -> None:
    package = make_package(tmp_path)
    file = wheel.make(package, tmp_path / "new" / "wheels", "a-channel")
    assert requested == ["libgomp >=12", "a-channel", "None"]
    assert file == tmp_path / "new/wheels/llama_ctypes-0.0.1-py3-none-manylinux_2_17_x86_64.other.whl"
    content, files = read(file), tmp_path / "files"
    info = "llama_ctypes-0.0.1.dist-info"
    libraries = files / "lib" / "llama_ctypes"
    assert {name: content.pop(name) for name in list(content) if not name.startswith(info)} == {
        "llama_ctypes.libs/libgomp-0123abcd.so.1": b"grafted",
        "llama_ctypes/__init__.py": (files / "site-packages/llama_ctypes/__init__.py").read_bytes(),
        "llama_ctypes/_libraries/include/llama.h": (libraries / "include/llama.h").read_bytes(),
        "llama_ctypes/_libraries/libggml-base.so": (libraries / "libggml-base.so").read_bytes() + b"rpath",
        "llama_ctypes/_libraries/libllama.so": (libraries / "libllama.so").read_bytes(),
        "llama_ctypes/_libraries/metadata.json": b"{}",
    }
    assert content.pop(f"{info}/licenses/llama.cpp/LICENSE") == b"MIT\n"
    assert content.pop(f"{info}/licenses/libgomp/COPYING") == b"GPL\n"
    assert content.pop(f"{info}/entry_points.txt") == b"[console_scripts]\nllama-ctypes = a:main\n"
    assert content.pop(f"{info}/METADATA").decode().splitlines() == [
        "Metadata-Version: 2.4",
        "Name: llama-ctypes",
        "Version: 0.0.1",
        "Summary: tiny",
        "License-Expression: MIT AND GPL-3.0-only",
        "License-File: libgomp/COPYING",
        "License-File: llama.cpp/LICENSE",
        "Project-URL: Homepage, x:y",
        "Description-Content-Type: text/markdown",
        "",
        "text",
    ]
    described = HeaderParser().parsestr(content.pop(f"{info}/WHEEL").decode())
    assert described["Root-Is-Purelib"] == "false"
    assert described.get_all("Tag") == ["py3-none-manylinux_2_17_x86_64", "py3-none-other"]
    assert set(content) == {f"{info}/sboms/llama-ctypes.cdx.json", f"{info}/RECORD"}


def test_the_bill_of_materials_is_of_the_wheels_files(tmp_path: Path, requested: list[str]) -> None:
    content = read(wheel.make(make_package(tmp_path, "cuda130_h0_0"), tmp_path))
    bill = json.loads(content["llama_ctypes-0.0.1+cuda130.dist-info/sboms/llama-ctypes.cdx.json"])
    assert bill["metadata"]["component"] == {
        "name": "llama-ctypes",
        "version": "0.0.1+cuda130",
        "purl": "pkg:pypi/llama-ctypes@0.0.1%2Bcuda130",
    }
    digests = {part["name"]: part["hashes"][0]["content"] for part in bill["components"] if "hashes" in part}
    assert digests == {
        name.rpartition("/")[2]: hashlib.sha256(data).hexdigest()
        for name, data in content.items()
        if ".so" in name
    }
    (gomp,) = [part for part in bill["components"] if part["name"] == "libgomp"]
    assert gomp["purl"] == "pkg:conda/libgomp@12.1?build=h0"
    assert gomp["licenses"] == [{"expression": "GPL-3.0-only"}]


def test_the_record_lists_every_file(tmp_path: Path, requested: list[str]) -> None:
    content = read(wheel.make(make_package(tmp_path), tmp_path))
    record = content.pop("llama_ctypes-0.0.1.dist-info/RECORD").decode().splitlines()
    assert record.pop() == "llama_ctypes-0.0.1.dist-info/RECORD,,"
    rows = {}
    for name, data in content.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        rows[name] = f"{name},sha256={digest},{len(data)}"
    assert record == [rows[name] for name in sorted(rows)]


def test_wheels_are_reproducible(
    tmp_path: Path, requested: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    package = make_package(tmp_path)
    first = wheel.make(package, tmp_path / "1")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    again = wheel.make(Path(shutil.copy(package, tmp_path / "copy.conda")), tmp_path / "2")
    assert first.read_bytes() == again.read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(86400 * 366 * 20))
    with zipfile.ZipFile(wheel.make(package, tmp_path / "3")) as archive:
        entries = archive.infolist()
    assert {entry.date_time for entry in entries} == {(1990, 1, 16, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    names = [entry.filename for entry in entries]
    assert names == sorted(names, key=lambda name: (".dist-info/" in name, name))


@pytest.mark.parametrize(
    ("build", "version"),
    [("cpu_h0_0", "0.0.1"), ("vulkan_h0_0", "0.0.1+vulkan"), ("cuda129_h0_2", "0.0.1+cuda129")],
)
def test_a_variant_is_a_local_version(tmp_path: Path, build: str, version: str) -> None:
    assert built.unpack(make_package(tmp_path, build), tmp_path / "unpacked").version == version


@pytest.mark.parametrize("subdir", PLATFORMS)
def test_the_platform_before_the_repair(tmp_path: Path, subdir: str) -> None:
    minimum = "10.13" if subdir == "osx-64" else "11.0"
    package = make_package(tmp_path, subdir=subdir, depends=[f"__osx >={minimum}"])
    assert built.unpack(package, tmp_path / "unpacked").platform_tag == PLATFORMS[subdir]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "llama.cpp"}, "is not a llama-ctypes package that `build` made"),
        ({"build": "other_0"}, "is not a llama-ctypes package that `build` made"),
        ({"version": "0.0.2"}, "is not a llama-ctypes package that `build` made"),
    ],
)
def test_another_package_is_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(PackageError, match=message):
        built.unpack(make_package(tmp_path, **change), tmp_path / "unpacked")


def test_a_package_without_a_bill_of_materials_is_refused(tmp_path: Path) -> None:
    make_package(tmp_path)
    (tmp_path / "files/lib/llama_ctypes/sbom.cdx.json").unlink()
    package = hand_made.pack(tmp_path / "files", tmp_path / "x.conda")
    with pytest.raises(PackageError, match="is not a llama-ctypes package"):
        built.unpack(package, tmp_path / "unpacked")


def test_a_changed_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(
            hand_made, "sha256", lambda path: "0" * 64 if path.name == "llama.h" else built.sha256(path)
        )
        package = make_package(tmp_path)
    with pytest.raises(PackageError, match=r"llama\.h in .* is not what `build` packed"):
        built.unpack(package, tmp_path / "unpacked")


@pytest.mark.parametrize("name", ["x.conda", "x.whl", "missing.conda"])
def test_a_file_that_is_no_package_is_one_line(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if not name.startswith("missing"):
        (tmp_path / name).write_text("text")
    assert cli.main(["wheel", str(tmp_path / name), "--output", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert f"{tmp_path / name} is not a conda package" in error
    assert error.count("\n") == 1


def test_a_package_of_another_system_is_refused(
    tmp_path: Path, requested: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    package = make_package(tmp_path, subdir="osx-arm64")
    with pytest.raises(PackageError, match="packages for osx-arm64 cannot be built on linux-64"):
        wheel.make(package, tmp_path)
    assert requested == []


@pytest.mark.parametrize(
    ("name", "project"),
    [("auditwheel", "auditwheel"), ("delocate-wheel", "delocate"), ("delvewheel", "delvewheel")],
)
def test_a_missing_tool_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, project: str
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match=f"{name} is not on PATH; .*: .*python -m pip install {project}$"):
        wheel._tool(name)


def test_nothing_is_grafted_that_the_package_does_not_require(tmp_path: Path, requested: list[str]) -> None:
    program = (tmp_path / "auditwheel.py").read_text()
    (tmp_path / "auditwheel.py").write_text(program.replace("libgomp-", "libother-"))
    with pytest.raises(PackageError, match=r"libother\.so\.1, which is not in the package's requirements"):
        wheel.make(make_package(tmp_path), tmp_path / "output")
    assert not list(tmp_path.glob("output/*"))


def test_a_wheel_that_needs_nothing_keeps_its_tag(tmp_path: Path, requested: list[str]) -> None:
    (tmp_path / "auditwheel.py").write_text("")
    file = wheel.make(make_package(tmp_path, depends=["python >=3.10"]), tmp_path)
    assert file.name == "llama_ctypes-0.0.1-py3-none-linux_x86_64.whl"
    assert requested == []


def test_a_library_without_its_licence_is_reported(
    tmp_path: Path, requested: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(tmp_path / "extracted")
    content = read(wheel.make(make_package(tmp_path), tmp_path))
    assert "libgomp comes from tests without its licence" in caplog.text
    assert b"License-Expression: MIT\n" in content["llama_ctypes-0.0.1.dist-info/METADATA"]


def test_the_newest_package_is_the_default(
    tmp_path: Path,
    requested: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(cli.packaging, "ROOT", tmp_path)
    assert cli.main(["wheel", "--output", str(tmp_path)]) == 1
    assert "run `build` first" in capsys.readouterr().err
    make_package(tmp_path / "output", "vulkan_h0_0")
    make_package(tmp_path / "output")
    subprocess.run(["touch", "-d", "2001-01-01", *(tmp_path / "output").glob("*/*-cpu_*.conda")], check=True)
    assert cli.main(["wheel", "--output", str(tmp_path)]) == 0
    name = "llama_ctypes-0.0.1+vulkan-py3-none-manylinux_2_17_x86_64.other.whl"
    assert capsys.readouterr().out == f"{tmp_path / name}\n"
