"""RUN_PACKAGE_INTEGRATION: make a wheel from the package, compare their files, and use it without conda."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from build_scripts.packaging import built, smoke_test
from build_scripts.packaging.channel import host
from build_scripts.packaging.wheel import LIBRARIES
from tests.integration.conftest import PROMPT, TOKENS, command, needs_switch, new_environment, pip, python
from tests.llama_ctypes.tiny_library import LLAMA, compile_library

needs_switch("RUN_PACKAGE_INTEGRATION")
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="auditwheel is for Linux"),
    pytest.mark.skipif(
        shutil.which("auditwheel", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}") is None,
        reason="needs auditwheel: pip install auditwheel",
    ),
]

# auditwheel changes the rpath and the dependencies of the libraries that need a grafted one, libgomp.
CHANGED = re.compile(r"lib/llama_ctypes/libggml-cpu-.+\.so")
# They belong to conda's installation, or are in the wheel's metadata, which lists the wheel's own files.
MOVED = re.compile(r"site-packages/llama_ctypes-.+\.dist-info/.+|lib/llama_ctypes/sbom\.cdx\.json")


@pytest.fixture(scope="module")
def wheel(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made by the `wheel` command."""
    result = command("wheel", package, "--output", tmp_path_factory.mktemp("wheels"))
    assert result.returncode == 0
    return Path(result.stdout.strip())


@pytest.fixture(scope="module", params=host.find_pythons(), ids=lambda python: str(python.version))
def environment(
    request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A virtual environment of one of this machine's Pythons with the wheel; nothing is left at the end."""
    folder = new_environment(tmp_path_factory.mktemp("venv"), request.param.executable)
    before = files_of(folder)
    pip(folder, "install", "--no-index", str(wheel))
    yield folder
    pip(folder, "uninstall", "--yes", "llama-ctypes")
    assert files_of(folder) == before


def files_of(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if "pip" not in path.parts}


def test_the_wheel_has_the_files_of_the_package(package: Path, wheel: Path, tmp_path: Path) -> None:
    """Every file is the package's, except the libraries that auditwheel changed."""
    built.unpack(package, tmp_path)
    paths = json.loads((tmp_path / "info" / "paths.json").read_text())["paths"]
    expected = {path["_path"]: path["sha256"] for path in paths if not MOVED.fullmatch(path["_path"])}
    with zipfile.ZipFile(wheel) as archive:
        digests = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    inside = {}
    for name, digest in digests.items():
        if name.startswith(f"{LIBRARIES}/"):
            inside[f"lib/llama_ctypes/{name.removeprefix(f'{LIBRARIES}/')}"] = digest
        elif name.startswith("llama_ctypes/"):
            inside[f"site-packages/{name}"] = digest
    assert set(inside) == set(expected)
    changed = {name for name in expected if inside[name] != expected[name]}
    assert changed == {name for name in expected if CHANGED.fullmatch(name)}
    grafted = [name for name in digests if name.startswith("llama_ctypes.libs/")]
    assert [re.sub(r"-[0-9a-f]{8}", "", name) for name in grafted] == ["llama_ctypes.libs/libgomp.so.1"]


def test_the_changed_libraries_differ_in_their_links_only(package: Path, wheel: Path, tmp_path: Path) -> None:
    """Their code and data are the package's; only the dynamic section and its strings are not."""
    import lief

    files = built.unpack(package, tmp_path / "package").libraries
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "wheel")
    changed = [path.name for path in files.iterdir() if CHANGED.fullmatch(f"lib/llama_ctypes/{path.name}")]
    assert changed
    for name in changed:
        before: Any = lief.parse(str(files / name))
        after: Any = lief.parse(str(tmp_path / "wheel" / LIBRARIES / name))
        for section in (".text", ".rodata"):
            assert bytes(before.get_section(section).content) == bytes(after.get_section(section).content)
        needed = [re.sub(r"-[0-9a-f]{8}", "", library) for library in after.libraries]
        assert sorted(needed) == sorted(before.libraries)
        tag = lief.ELF.DynamicEntry.TAG.RPATH
        rpath = [
            entry.paths for binary in (before, after) for entry in binary.dynamic_entries if entry.tag == tag
        ]
        assert rpath[1:] == [[*rpath[0], "$ORIGIN/../../llama_ctypes.libs"]]


def test_the_tag_is_the_strictest(wheel: Path) -> None:
    """No older manylinux has the symbols that the libraries need; auditwheel decides."""
    tag = json.loads(tool("auditwheel", "show", "--json", str(wheel)))["overall_tag"]
    assert tag.startswith("manylinux_")
    assert tag in wheel.stem.rpartition("-")[2].split(".")


def tool(name: str, *arguments: str) -> str:
    path = shutil.which(name, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if path is None:
        pytest.skip(f"needs {name}: pip install {name}")
    return subprocess.run([path, *arguments], stdout=subprocess.PIPE, text=True, check=True).stdout


def test_twine_finds_nothing(wheel: Path) -> None:
    assert "PASSED" in tool("twine", "check", "--strict", str(wheel))


def test_the_record_and_licences(wheel: Path) -> None:
    """Each License-File exists, and the bill of materials has the hashes of the wheel's libraries."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (info,) = {name.partition("/")[0] for name in names if ".dist-info/" in name}
        metadata = archive.read(f"{info}/METADATA").decode()
        bill = json.loads(archive.read(f"{info}/sboms/llama-ctypes.cdx.json"))
        digests = {
            name.rpartition("/")[2]: hashlib.sha256(archive.read(name)).hexdigest()
            for name in names
            if re.search(r"\.so(\.\d+)?$", name)
        }
    licences = set(re.findall(r"^License-File: (.+)$", metadata, re.MULTILINE))
    texts = {name for name in names if name.startswith(f"{info}/licenses/")}
    assert texts == {f"{info}/licenses/{name}" for name in licences}
    assert {"llama-ctypes/LICENSE", "llama.cpp/LICENSE"} <= licences
    files = [part for part in bill["components"] if part["type"] == "file"]
    assert {part["name"]: part["hashes"][0]["content"] for part in files} == digests


def test_two_wheels_of_a_package_are_identical(package: Path, wheel: Path, tmp_path: Path) -> None:
    result = command("wheel", package, "--output", tmp_path)
    assert Path(result.stdout.strip()).read_bytes() == wheel.read_bytes()


@pytest.mark.usefixtures("elsewhere")
def test_text_equals_the_conda_packages(environment: Path, prefix: Path, stories: Path) -> None:
    pip(environment, "check")
    text = smoke_test.complete(environment, stories, PROMPT, TOKENS)
    assert text == smoke_test.complete(prefix, stories, PROMPT, TOKENS)
    assert text.startswith(PROMPT)


@pytest.mark.usefixtures("elsewhere")
def test_the_command_finds_the_wheels_libraries(environment: Path) -> None:
    program: list[str | Path] = [environment / "bin" / "llama-ctypes", "info", "--json"]
    info = json.loads(subprocess.run(program, stdout=subprocess.PIPE, text=True, check=True).stdout)
    assert info["found"] == "the package's own libraries"
    (folder,) = environment.glob(f"lib/python3*/site-packages/{LIBRARIES}")
    assert {Path(path).parent for path in (info["library"], *info["backends"])} == {folder}


@pytest.mark.usefixtures("elsewhere")
def test_help_has_the_headers_comments(environment: Path) -> None:
    script = "import llama_ctypes as llama; print(llama.llama_tokenize.__doc__)"
    assert "\n@param " in python(environment, "-c", script)


@pytest.mark.usefixtures("elsewhere")
def test_another_libllama_in_the_process(environment: Path, tmp_path: Path) -> None:
    """Another library of this name, loaded first and for all, does not replace the wheel's."""
    other = compile_library(LLAMA, tmp_path / "libllama.so")
    script = (
        f"import ctypes; ctypes.CDLL({str(other)!r}, ctypes.RTLD_GLOBAL)\n"
        "import llama_ctypes as llama; print(llama.llama_max_devices())"
    )
    assert int(python(environment, "-c", script)) > 0


@pytest.mark.usefixtures("elsewhere")
def test_numpys_libraries_in_the_process(environment: Path, tmp_path: Path) -> None:
    """numpy's wheel has grafted libraries too, which are loaded in either order."""
    try:
        pip(environment, "install", "--target", str(tmp_path), "numpy")
    except subprocess.CalledProcessError:
        pytest.skip("numpy cannot be installed")
    for order in ("numpy, llama_ctypes", "llama_ctypes, numpy"):
        script = (
            f"import sys; sys.path.append({str(tmp_path)!r})\nimport {order}\n"
            "print(llama_ctypes.llama_max_devices(), numpy.ones((9, 9)).dot(numpy.ones(9)).sum())"
        )
        assert python(environment, "-c", script).split()[1] == "81.0"
