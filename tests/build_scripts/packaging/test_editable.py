"""An editable wheel leads to the checkout, which gets the libraries. Building is a fake."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts import pep517, pin
from build_scripts.packaging import build, editable
from tests.build_scripts.fake_build import WHEEL, Builds, builds, files_of, requested
from tests.build_scripts.packaging.test_wheel import make_package
from tests.systems import needs_elf_compiler

__all__ = ["builds", "requested"]  # fixtures
pytestmark = needs_elf_compiler


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, builds: Builds) -> Path:
    """A checkout with tiny bindings, and libraries of an earlier editable install."""
    root = tmp_path / "my checkout"
    (root / "llama_ctypes" / "_generated").mkdir(parents=True)
    (root / "llama_ctypes" / "__init__.py").write_text("PLACE = __file__\n")
    (root / "llama_ctypes" / "_generated" / "__init__.py").write_text('ABI_SHA256 = "12ab"\n')
    for name in editable._FOLDERS:
        (root / name).mkdir()
        (root / name / "old").touch()
    monkeypatch.setattr(pin, "ROOT", root)
    monkeypatch.setattr(build, "version_of", lambda *_: "0.0.1")
    return root


def libraries_of(root: Path) -> set[str]:
    return {name for name in files_of(root) if name.startswith(editable._FOLDERS)}


LIBRARIES = {
    "llama_ctypes.libs/libgomp-0123abcd.so.1",
    "llama_ctypes/_libraries/include/llama.h",
    "llama_ctypes/_libraries/libggml-base.so",
    "llama_ctypes/_libraries/libllama.so",
    "llama_ctypes/_libraries/metadata.json",
}


def test_an_editable_wheel_leads_to_the_checkout(tmp_path: Path, checkout: Path, builds: Builds) -> None:
    assert pep517.build_editable(str(tmp_path / "wheels")) == WHEEL
    assert builds.output_dirs == [checkout / "output"]
    assert libraries_of(checkout) == LIBRARIES
    shutil.unpack_archive(tmp_path / "wheels" / WHEEL, tmp_path / "site", "zip")
    files = files_of(tmp_path / "site")
    info = "llama_ctypes-0.0.1.dist-info/"
    assert [name for name in files if not name.startswith(info)] == ["__editable__.llama_ctypes.pth"]
    assert {f"{info}{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt")} < set(files)
    script = (
        f"import site; site.addsitedir({str(tmp_path / 'site')!r}); import llama_ctypes as l; print(l.PLACE)"
    )
    result = subprocess.run(
        [sys.executable, "-I", "-c", script], stdout=subprocess.PIPE, text=True, check=True
    )
    assert Path(result.stdout.strip()) == checkout / "llama_ctypes" / "__init__.py"


@pytest.mark.parametrize(
    ("abi", "name", "fits"),
    [
        ("12ab", "llama-ctypes-0.0.1-cpu_h1_0.conda", True),
        ("12ac", "llama-ctypes-0.0.1-cpu_h1_0.conda", False),
        (None, "llama-ctypes-0.0.1-cpu_h1_0.conda", False),
        ("12ab", "llama-ctypes-0.0.2-cpu_h1_0.conda", False),
        ("12ab", "llama-ctypes-0.0.1-cuda130_h1_0.conda", False),
    ],
)
def test_a_package_that_was_built_is_used_if_it_fits(
    tmp_path: Path, checkout: Path, builds: Builds, abi: str | None, name: str, fits: bool
) -> None:
    package = make_package(tmp_path / "earlier", metadata={"abi_sha256": abi} if abi else {})
    (checkout / "output" / "linux-64").mkdir(parents=True)
    package.rename(checkout / "output" / "linux-64" / name)
    pep517.build_editable(str(tmp_path))
    assert bool(builds.requests) != fits
    assert libraries_of(checkout) == LIBRARIES


def test_an_editable_wheel_of_another_release_is_refused(
    tmp_path: Path, checkout: Path, builds: Builds, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        pep517.build_editable(str(tmp_path), {"tag": "b5640"})
    error = capsys.readouterr().err
    assert "install b5640 without --editable, or run `python3 -m build_scripts bump b5640` first" in error
    assert error.count("\n") == 1
    assert builds.requests == []


def test_builds_leave_out_the_libraries_of_an_editable_install(
    tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "ROOT", checkout)
    assert libraries_of(checkout)
    build.copy_parts(tmp_path / "copy")
    assert libraries_of(tmp_path / "copy") == set()
    assert (tmp_path / "copy" / "llama_ctypes" / "__init__.py").is_file()
