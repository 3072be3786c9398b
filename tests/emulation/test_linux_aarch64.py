"""The arm64 system's set-up, where it fails; tests/integration/test_linux_aarch64.py uses what it makes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from build_scripts.errors import ToolError
from tests.emulation import linux_aarch64


def test_the_error_names_the_debian_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError) as raised:
        linux_aarch64.system()
    (line,) = str(raised.value).splitlines()
    assert "qemu-aarch64" in line
    assert line.endswith(
        "apt-get install apt binutils-aarch64-linux-gnu dpkg g++-aarch64-linux-gnu gcc-aarch64-linux-gnu "
        "qemu-user)"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(linux_aarch64.missing() is not None, reason=str(linux_aarch64.missing()))
def test_nothing_is_left_when_apt_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    apt = tmp_path / "bin" / "apt-get"
    apt.parent.mkdir()
    apt.write_text("#!/bin/sh\necho 'E: no such package' >&2\nexit 100\n")
    apt.chmod(0o755)
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{apt.parent}:{Path(shutil.which('dpkg-deb') or '').parent}")
    with pytest.raises(ToolError, match=r"apt cannot fetch python3, .*: no such package$"):
        linux_aarch64.system()
    root = tmp_path / "cache" / "emulation" / "linux-aarch64"
    assert [path.name for path in root.iterdir()] == ["lock"]
