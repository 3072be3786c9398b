"""RUN_MACHO_INTEGRATION: libraries linked for Apple's arm64 pass the checks, and their faults are found."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from build_scripts.bindings import loading
from build_scripts.bindings.checks import symbols
from build_scripts.bindings.headers import find
from build_scripts.cache import cache_folder
from build_scripts.errors import CheckError
from build_scripts.packaging import binaries
from build_scripts.pin import ROOT
from build_scripts.source import SourceTree
from tests.emulation import macos
from tests.integration.conftest import needs_switch

needs_switch("RUN_MACHO_INTEGRATION")
pytestmark = pytest.mark.skipif(macos.unavailable() is not None, reason=str(macos.unavailable()))

NAMES = {
    *("libllama.dylib", "libmtmd.dylib", "libggml.dylib", "libggml-base.dylib", "libggml-rpc.so"),
    *(f"libggml-cpu-apple_{chip}.so" for chip in ("m1", "m2_m3", "m4")),
}
DEPENDS = (f"__osx >={macos.MACOS}",)


@pytest.fixture(scope="module")
def linked(tree: SourceTree) -> Path:
    return macos.link(tree)


@pytest.fixture
def folder(linked: Path, tmp_path: Path) -> Path:
    """The libraries as a package has them."""
    target = tmp_path / "lib" / "llama_ctypes"
    target.mkdir(parents=True)
    for path in linked.iterdir():
        if path.suffix in (".dylib", ".so") and not path.is_symlink():
            shutil.copy2(path, target)
    return target


def exported(folder: Path, tree: SourceTree) -> int:
    return symbols.check(folder, loading.places(ROOT / "llama_ctypes"), find(tree.path), tree.tag)


def faults(folder: Path, depends: Sequence[str] = DEPENDS) -> list[str]:
    with pytest.raises(CheckError) as raised:
        binaries.check(folder, depends, [])
    return list(raised.value.findings)


def test_they_are_linked_as_they_should_be(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == NAMES
    assert binaries.check(folder, DEPENDS, [cache_folder(), Path.home()]) == len(NAMES)


def test_they_export_what_is_bound(folder: Path, tree: SourceTree) -> None:
    assert exported(folder, tree) > 800
    (folder / "libmtmd.dylib").unlink()
    with pytest.raises(CheckError, match="mtmd_tokenize"):
        exported(folder, tree)


def test_a_variant_that_lacks_a_function_is_found(folder: Path, tree: SourceTree) -> None:
    shutil.copy2(folder / "libggml-rpc.so", folder / "libggml-cpu-apple_m4.so")
    with pytest.raises(CheckError, match=r"ggml_cpu_init: .*libggml-cpu-apple_m4\.so"):
        exported(folder, tree)


def test_an_older_macos_is_found(folder: Path) -> None:
    findings = faults(folder, ["__osx >=10.15"])
    assert len(findings) == len(NAMES)
    assert all("needs macOS 11.0" in finding for finding in findings)


def test_a_missing_library_is_found(folder: Path) -> None:
    (folder / "libggml-base.dylib").unlink()
    linked_to_it = {finding.partition(":")[0] for finding in faults(folder)}
    assert linked_to_it == NAMES - {"libggml-base.dylib"}


def test_a_missing_signature_is_found(folder: Path) -> None:
    import lief

    path = folder / "libllama.dylib"
    fat = lief.MachO.parse(str(path))
    assert fat is not None
    (binary,) = fat
    assert binary.remove_signature()
    binary.write(str(path))
    assert faults(folder) == ["libllama.dylib: is not signed, so macOS on arm64 rejects it"]
