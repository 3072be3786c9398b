"""An editable wheel leads to the checkout and has the libraries. Building is a fake."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
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
    """A checkout with tiny bindings."""
    root = tmp_path / "my checkout"
    (root / "llama_ctypes" / "_generated").mkdir(parents=True)
    (root / "llama_ctypes" / "__init__.py").write_text("PLACE = __file__\n")
    (root / "llama_ctypes" / "_generated" / "__init__.py").write_text('ABI_SHA256 = "12ab"\n')
    monkeypatch.setattr(pin, "ROOT", root)
    monkeypatch.setattr(build, "version_of", lambda *_: "0.0.1")
    return root


DATA = "llama_ctypes-0.0.1.data/data/"
LIBRARIES = {
    "llama_ctypes.libs/libgomp-0123abcd.so.1",
    "lib/llama_ctypes/include/llama.h",
    "lib/llama_ctypes/libggml-base.so",
    "lib/llama_ctypes/libllama.so",
    "lib/llama_ctypes/metadata.json",
}


def test_an_editable_wheel_leads_to_the_checkout(tmp_path: Path, checkout: Path, builds: Builds) -> None:
    before = files_of(checkout)
    assert pep517.build_editable(str(tmp_path / "wheels")) == WHEEL
    assert files_of(checkout) == before
    assert builds.output_dirs == [checkout / "output"]
    shutil.unpack_archive(tmp_path / "wheels" / WHEEL, tmp_path / "site", "zip")
    files = files_of(tmp_path / "site")
    info = "llama_ctypes-0.0.1.dist-info/"
    assert {name for name in files if not name.startswith(info)} == {
        "__editable__.llama_ctypes.pth",
        *(f"{DATA}{name}" for name in LIBRARIES),
    }
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


def test_an_editable_wheel_of_another_release_is_refused(
    tmp_path: Path, checkout: Path, builds: Builds, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        pep517.build_editable(str(tmp_path), {"tag": "b5640"})
    error = capsys.readouterr().err
    assert "install b5640 without --editable, or run `python3 -m build_scripts bump b5640` first" in error
    assert error.count("\n") == 1
    assert builds.requests == []


@pytest.mark.parametrize(
    ("platform", "grafted", "places"),
    [
        (
            "macosx_11_0_arm64",
            "llama_ctypes/.dylibs/libomp.dylib",
            {"lib/llama_ctypes/llama", "lib/.dylibs/libomp.dylib"},
        ),
        (
            "win_amd64",
            "llama_ctypes.libs/vcomp.dll",
            {"Library/lib/llama_ctypes/llama", "Library/bin/vcomp.dll"},
        ),
    ],
)
def test_the_libraries_of_other_systems_find_each_other(
    tmp_path: Path, platform: str, grafted: str, places: set[str]
) -> None:
    """@loader_path/../.dylibs is where delocate's libraries look; the loader adds Library/bin on Windows."""
    file = tmp_path / f"llama_ctypes-1+x-py3-none-{platform}.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("llama_ctypes/_libraries/llama", "llama_ctypes-1+x.dist-info/METADATA", grafted):
            archive.writestr(name, "")
    made = editable.make(file, tmp_path, tmp_path / "editable")
    assert made.name == file.name
    with zipfile.ZipFile(made) as archive:
        names = {name.removeprefix("llama_ctypes-1+x.data/data/") for name in archive.namelist()}
    assert {name for name in names if ".dist-info/" not in name} == {*places, "__editable__.llama_ctypes.pth"}
