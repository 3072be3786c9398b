"""How DLLs are opened on Windows, which is made up here; tests/integration/test_windows.py has a real one."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from llama_ctypes import _binary, _windows


def dll(*names: str) -> bytes:
    """A DLL of one section with nothing but an import directory."""
    header, section, raw = 0x80, 0x1000, 0x400
    table = 20 * (len(names) + 1)
    text, descriptors = b"", b""
    for name in names:
        descriptors += struct.pack("<5I", 0, 0, 0, section + table + len(text), 0)
        text += name.encode() + b"\0"
    content = descriptors + bytes(20) + text
    start = b"MZ" + bytes(0x3A) + struct.pack("<I", header) + bytes(header - 0x40)
    start += b"PE\0\0" + struct.pack("<2H12x2H", 0x8664, 1, 240, 0x2022)
    start += struct.pack("<H118x2I112x", 0x20B, section if names else 0, table)
    start += b".idata\0\0" + struct.pack("<4I16x", len(content), section, len(content), raw)
    return start.ljust(raw, b"\0") + content


def test_the_imports_of_a_dll() -> None:
    assert _windows.imports(dll("ggml-base.dll", "KERNEL32.dll")) == ["ggml-base.dll", "KERNEL32.dll"]
    assert _windows.imports(dll()) == []
    for damaged in (b"", b"MZ", dll("a.dll")[:0x1C0], dll("a.dll")[:-3], b"\x7fELF" + bytes(600)):
        assert _windows.imports(damaged) == []


class Windows:
    """ctypes and the DLL search of Windows: what is opened, and in which folders it then searches."""

    def __init__(self) -> None:
        self.added: list[str] = []
        self.opened: list[tuple[str, list[str]]] = []
        self.system: set[str] = set()
        self.directory: str | None = None

    def add_dll_directory(self, folder: str) -> Windows:
        self.added.append(folder)
        return self

    def close(self) -> None:
        self.added.pop()

    def open(self, path: str) -> object:
        if b"broken" in Path(path).read_bytes():
            raise FileNotFoundError(f"Could not find module '{path}' (or one of its dependencies).")
        self.opened.append((Path(path).name, list(self.added)))
        return object()

    def LoadLibraryExW(self, name: str, _: None, flags: int) -> int:  # noqa: N802
        assert flags == 0x1000
        return int(name in self.system)

    def GetDllDirectoryW(self, size: int, _: None) -> int:  # noqa: N802
        assert size == 0
        return 0 if self.directory is None else len(self.directory) + 1

    def SetDllDirectoryW(self, folder: str | None) -> None:  # noqa: N802
        self.directory = folder


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[Windows]:
    made_up = Windows()
    monkeypatch.setattr(os, "add_dll_directory", made_up.add_dll_directory, raising=False)
    monkeypatch.setattr(ctypes, "CDLL", made_up.open)
    monkeypatch.setattr(ctypes, "WinDLL", lambda name: made_up, raising=False)
    yield made_up
    assert made_up.added == []


def test_a_dependency_may_be_in_a_folder_of_the_prefix(tmp_path: Path, windows: Windows) -> None:
    (tmp_path / "llama.dll").write_bytes(dll())
    _windows.open_dll(str(tmp_path / "llama.dll"), [str(tmp_path), str(tmp_path / "absent")])
    assert windows.opened == [("llama.dll", [str(tmp_path)])]


def test_the_missing_dependency_is_named(tmp_path: Path, windows: Windows) -> None:
    """The one of a dependency too, but none that Windows finds."""
    windows.system = {"KERNEL32.dll"}
    path = tmp_path / "llama.dll"
    path.write_bytes(dll("KERNEL32.dll", "ggml.dll", "llama.dll") + b"broken")
    (tmp_path / "ggml.dll").write_bytes(dll("cublas64_12.dll", "llama.dll", "KERNEL32.dll"))
    with pytest.raises(OSError, match=r"^it needs cublas64_12\.dll, which Windows does not find$"):
        _windows.open_dll(str(path), [])
    windows.system.add("cublas64_12.dll")
    with pytest.raises(OSError, match="Could not find module"):
        _windows.open_dll(str(path), [])


@pytest.mark.parametrize("before", [None, "", "C:\\own"])
def test_backends_are_open_before_ggml_looks_for_them(
    tmp_path: Path, windows: Windows, before: str | None
) -> None:
    """So that no dependency comes from the working directory, where Windows then does not look either."""
    for name in ("ggml-base.dll", "ggml-cpu-haswell.dll", "ggml-cuda.dll", "ggml-x.txt", "ggml.dll"):
        (tmp_path / name).write_bytes(dll())
    (tmp_path / "ggml-rpc.dll").write_bytes(dll("gone.dll") + b"broken")
    extra = tmp_path / "extra.dll"
    extra.write_bytes(dll())
    windows.directory = before
    expected = ["ggml-cpu-haswell.dll", "ggml-cuda.dll", "extra.dll"]

    def load(folder: bytes) -> None:
        assert folder == os.fsencode(tmp_path)
        assert [name for name, _ in windows.opened] == expected
        # While ggml tries the one that does not open.
        assert windows.directory == (before or str(tmp_path))

    failures = _windows.load_backends(load, str(tmp_path), str(extra), [str(tmp_path)])
    assert failures == ["ggml-rpc.dll: it needs gone.dll, which Windows does not find"]
    assert all(added == [str(tmp_path)] for _, added in windows.opened)
    assert windows.directory == before


def test_the_process_is_unchanged_if_every_backend_opens(tmp_path: Path, windows: Windows) -> None:
    (tmp_path / "ggml-cpu-x64.dll").write_bytes(dll())
    directories = []
    assert (
        _windows.load_backends(lambda _: directories.append(windows.directory), str(tmp_path), None, []) == []
    )
    assert directories == [None]


def test_dependencies_are_in_the_prefix_and_its_library_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_binary, "package_prefix", lambda: "prefix")
    assert _binary.dependency_folders() == ["prefix", str(Path("prefix", "Library", "bin"))]
    monkeypatch.setattr(_binary, "package_prefix", lambda: None)
    assert _binary.dependency_folders() == []


def test_the_dependencies_of_a_wheel_come_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_binary, "__file__", str(tmp_path / "llama_ctypes" / "_binary.py"))
    monkeypatch.setattr(_binary, "package_prefix", lambda: "prefix")
    folder = tmp_path / "llama_ctypes.libs"
    folder.mkdir()
    assert _binary.dependency_folders() == [str(folder), "prefix", str(Path("prefix", "Library", "bin"))]
    monkeypatch.setattr(_binary, "package_prefix", lambda: None)
    assert _binary.dependency_folders() == [str(folder)]


@pytest.mark.parametrize(
    ("version", "machine"),
    [("MSC v.1938 64 bit (AMD64)", "AMD64"), ("MSC v.1938 64 bit (ARM64)", "ARM64"),
     ("MSC v.1938 32 bit (Intel)", "x86")],
)  # fmt: skip
def test_the_architecture_is_that_of_python(
    monkeypatch: pytest.MonkeyPatch, version: str, machine: str
) -> None:
    """Windows on arm64 runs programs for x86-64, which need libraries for x86-64."""
    monkeypatch.delattr(os, "uname", raising=False)
    monkeypatch.setattr(sys, "version", f"3.11.9 (tags/v3.11.9:de54cf5, Apr  2 2024, 10:12:12) [{version}]")
    assert _binary.this_machine() == machine
