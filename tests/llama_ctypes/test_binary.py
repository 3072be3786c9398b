"""What the first bytes of a library tell, and where an address comes from."""

from __future__ import annotations

import ctypes
import platform
import struct
import sys
from pathlib import Path

import pytest

from llama_ctypes import _binary
from tests.llama_ctypes.tiny_library import LLAMA, compile_library
from tests.systems import library_name


def elf(machine: int, *, big: bool = False) -> bytes:
    return (
        b"\x7fELF\x02"
        + (b"\x02" if big else b"\x01")
        + bytes(12)
        + struct.pack(">H" if big else "<H", machine)
    )


def pe(machine: int, offset: int = 0x80) -> bytes:
    return (
        b"MZ"
        + bytes(0x3A)
        + struct.pack("<I", offset)
        + bytes(offset - 0x40)
        + b"PE\0\0"
        + struct.pack("<H", machine)
    )


def fat(*cpus: int) -> bytes:
    return (
        b"\xca\xfe\xba\xbe"
        + struct.pack(">I", len(cpus))
        + b"".join(struct.pack(">5I", c, 0, 0, 0, 0) for c in cpus)
    )


X86_64, ARM64 = 0x01000007, 0x0100000C
GOOD = [
    ("linux", "x86_64", elf(62)),
    ("linux", "aarch64", elf(183)),
    ("linux", "riscv64", elf(243)),
    ("linux", "s390x", elf(22, big=True)),
    ("darwin", "arm64", b"\xcf\xfa\xed\xfe" + struct.pack("<I", ARM64)),
    ("darwin", "arm64", fat(X86_64, ARM64)),
    ("darwin", "x86_64", fat(X86_64, ARM64)),
    ("win32", "AMD64", pe(0x8664)),
]
OTHERS = [
    (("linux", "x86_64", elf(183)), "aarch64"),
    (("linux", "x86_64", elf(3)), "i386"),
    (("linux", "aarch64", elf(62)), "x86_64"),
    (("linux", "x86_64", elf(999)), "999"),
    (("darwin", "arm64", b"\xcf\xfa\xed\xfe" + struct.pack("<I", X86_64)), "x86_64"),
    (("darwin", "arm64", fat(X86_64)), "x86_64"),
    (("win32", "AMD64", pe(0xAA64)), "ARM64"),
]
NONE = [
    ("linux", b""),
    ("linux", b"hello\n"),
    ("linux", b"\x7fELF"),
    ("linux", pe(0x8664)),
    ("darwin", b""),
    ("darwin", b"\xcf\xfa\xed\xfe"),
    ("darwin", b"\xca\xfe\xba\xbe"),
    ("darwin", b"\xca\xfe\xba\xbe\x00\x00\x00\x41" + bytes(100)),  # a Java class file
    ("darwin", elf(62)),
    ("win32", b""),
    ("win32", b"MZ"),
    ("win32", pe(0x8664)[:-2]),
    ("win32", b"MZ" + bytes(0x3A) + b"\xff\xff\xff\xff"),
    ("win32", elf(62)),
]


def why(monkeypatch: pytest.MonkeyPatch, path: Path, system: str, machine: str, data: bytes) -> str | None:
    path.write_bytes(data)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", system)
        patch.setattr(_binary, "this_machine", lambda: machine)
        return _binary.why_unusable(str(path))


@pytest.mark.parametrize(("system", "machine", "data"), GOOD)
def test_a_library_of_this_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, machine: str, data: bytes
) -> None:
    assert why(monkeypatch, tmp_path / "library", system, machine, data) is None


@pytest.mark.parametrize(("library", "named"), OTHERS)
def test_a_library_of_another_machine_names_both(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: tuple[str, str, bytes], named: str
) -> None:
    reason = why(monkeypatch, tmp_path / "library", *library)
    assert reason
    assert named in reason
    assert library[1] in reason


@pytest.mark.parametrize(("system", "data"), NONE)
def test_a_file_that_is_no_library(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, data: bytes
) -> None:
    reason = why(monkeypatch, tmp_path / "library", system, platform.machine(), data)
    assert reason
    assert "not a shared library" in reason


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    assert _binary.why_unusable(str(tmp_path / "nothing"))
    assert _binary.why_unusable(str(tmp_path))


def test_a_library_just_compiled_is_usable_and_holds_its_functions(tmp_path: Path) -> None:
    path = compile_library(LLAMA, tmp_path / library_name("llama"))
    assert _binary.why_unusable(str(path)) is None
    address = ctypes.cast(ctypes.CDLL(str(path)).llama_tiny, ctypes.c_void_p).value
    assert address
    found = _binary.containing(address)
    assert found
    assert Path(found).samefile(path)


def test_an_address_of_no_library() -> None:
    buffer = ctypes.create_string_buffer(16)
    assert _binary.containing(ctypes.addressof(buffer)) is None


def test_system_folders_are_absolute() -> None:
    assert all(Path(folder).is_absolute() for folder in _binary.system_folders())
