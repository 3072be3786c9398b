"""An edit of a generated file, and a seal that is lost, are found and named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from build_scripts.bindings.checks import seals
from build_scripts.copying import copy_writable
from build_scripts.errors import CheckError
from build_scripts.pin import ROOT

COMMITTED = ROOT / "llama_ctypes" / "_generated"


@pytest.fixture
def generated(tmp_path: Path) -> Path:
    return copy_writable(COMMITTED, tmp_path / "generated", shutil.ignore_patterns("__pycache__"))


def test_the_committed_files_are_sealed() -> None:
    seals.check(COMMITTED)


@pytest.mark.parametrize("name", ["types.py", "functions.py", "constants.py", "__init__.py", "__init__.pyi"])
def test_an_edit_is_found(generated: Path, name: str) -> None:
    with (generated / name).open("a") as file:
        file.write("\n")
    with pytest.raises(CheckError, match=rf"{name}: was edited after it was sealed") as caught:
        seals.check(generated)
    assert len(caught.value.findings) == 1


def test_line_ends_of_windows_are_no_edit(generated: Path) -> None:
    for path in generated.glob("*.py*"):
        lines = path.read_bytes().splitlines()  # of a checkout that may have them already
        path.write_bytes(b"\r\n".join([*lines, b""]))
    seals.check(generated)
    (generated / "types.py").write_bytes((generated / "types.py").read_bytes() + b"\r\n")
    with pytest.raises(CheckError, match=r"types\.py: was edited"):
        seals.check(generated)


def test_a_lost_seal_is_found(generated: Path) -> None:
    path = generated / "types.py"
    path.write_text(
        "".join(line for line in path.read_text().splitlines(True) if not line.startswith("# seal"))
    )
    with pytest.raises(CheckError, match=r"types\.py: has no seal"):
        seals.check(generated)


def test_a_missing_file_is_found(generated: Path) -> None:
    (generated / "constants.py").unlink()
    with pytest.raises(CheckError, match=r"constants\.py: cannot be read"):
        seals.check(generated)


def test_code_before_the_seal_is_found(generated: Path) -> None:
    path = generated / "types.py"
    path.write_text("x = 1\n" + path.read_text())
    with pytest.raises(CheckError) as caught:
        seals.check(generated)
    (finding,) = caught.value.findings
    assert finding.startswith("types.py: ")
