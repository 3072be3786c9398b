"""Each way in which a compiled file can be wrong is found and named."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest

from build_scripts.errors import CheckError, ToolError
from build_scripts.packaging import binaries
from tests.llama_ctypes.tiny_library import compile_library
from tests.systems import needs_elf_compiler

CODE = """
#include <stdarg.h>
#include <stdio.h>
int said(const char *format, ...) {
    char text[64];
    va_list rest;
    va_start(rest, format);
    vsnprintf(text, sizeof text, format, rest);
    va_end(rest);
    return puts(text);
}
"""
OPTIONS = {
    "optimized": "-O2",
    "stripped": "-s",
    "rpath": "-Wl,-rpath,$ORIGIN:$ORIGIN/..",
    "relro": "-Wl,-z,relro",
    "now": "-Wl,-z,now",
    "stack": "-Wl,-z,noexecstack",
    "guard": "-fstack-protector-strong",
    "fortify": "-D_FORTIFY_SOURCE=2",
    "linked": "-Wl,--no-as-needed",
}


def library(folder: Path, *added: str, code: str = CODE, name: str = "libllama.so", **options: str) -> Path:
    """A library as it should be, but for what is said."""
    # Debug information names the working directory.
    chosen = {key: value.replace("CWD", str(Path.cwd())) for key, value in (OPTIONS | options).items()}
    compile_library(code, folder / name, *filter(None, chosen.values()), *added)
    return folder


def faults(folder: Path, *depends: str, machine: tuple[str, ...] = ()) -> str:
    with pytest.raises(CheckError) as caught:
        binaries.check(folder, depends, machine)
    return "\n".join(caught.value.findings)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "lib" / "llama_ctypes"


# -- ELF --------------------------------------------------------------------------------------


@needs_elf_compiler
def test_nothing_wrong(folder: Path) -> None:
    library(folder, name="libggml.so")
    library(folder, f"-L{folder}", "-lggml", rpath=OPTIONS["rpath"] + ",--disable-new-dtags")
    assert binaries.check(folder, ["__glibc >=2.17,<3.0.a0", "python"], [folder]) == 2


@needs_elf_compiler
@pytest.mark.parametrize(
    ("flaw", "said"),
    [
        ({"stripped": ""}, "is not stripped: .symtab"),
        ({"stripped": "-g", "mapped": "-fdebug-prefix-map=CWD=."}, "is not stripped: .debug_"),
        ({"rpath": ""}, "has the rpath (none), not $ORIGIN:$ORIGIN/.."),
        ({"rpath": "-Wl,-rpath,$ORIGIN:$ORIGIN/..:/opt/lib"}, "has the rpath $ORIGIN:$ORIGIN/..:/opt/lib"),
        ({"rpath": "-Wl,-rpath,$ORIGIN:lib"}, "has the rpath $ORIGIN:lib"),
        ({"relro": "-Wl,-z,norelro"}, "is linked without -z relro"),
        ({"now": "-Wl,-z,lazy"}, "is linked without -z now"),
        ({"stack": "-Wl,-z,execstack"}, "asks for an executable stack"),
        ({"guard": "-fno-stack-protector"}, "is compiled without -fstack-protector-strong"),
        ({"fortify": "-U_FORTIFY_SOURCE"}, "is compiled without -D_FORTIFY_SOURCE: vsnprintf"),
    ],
)
def test_a_flaw(folder: Path, flaw: dict[str, str], said: str) -> None:
    found = faults(library(folder, **flaw))
    assert f"libllama.so: {said}" in found
    assert len(found.splitlines()) == 1


@needs_elf_compiler
@pytest.mark.parametrize("program", ["ffmpeg", "ffprobe"])
def test_a_program_that_it_would_run_from_path(folder: Path, program: str) -> None:
    code = f'{CODE}int run(void) {{ return said("failed to launch {program}"); }}'
    found = faults(library(folder, code=code, name="libmtmd.so"))
    assert found == f"libmtmd.so: names the program {program}, which it would run from PATH"


@needs_elf_compiler
def test_code_that_is_relocated(folder: Path) -> None:
    library(folder, "-Wl,-z,notext", code=CODE + '__asm__(".text\\n.quad said\\n");')
    assert faults(folder) == "libllama.so: relocates its code (TEXTREL)"


@needs_elf_compiler
def test_a_newer_glibc_than_the_package_says(folder: Path) -> None:
    assert "libllama.so: needs glibc 2." in faults(library(folder), "__glibc >=2.1,<3.0.a0")


@needs_elf_compiler
def test_a_library_that_is_not_allowed(folder: Path, tmp_path: Path) -> None:
    library(tmp_path / "other", name="libother.so")
    library(folder, f"-L{tmp_path / 'other'}", "-lother")
    assert (
        faults(folder) == "libllama.so: is linked to libother.so, which is neither in its folder nor allowed"
    )


@needs_elf_compiler
def test_the_loader_of_vulkan_comes_with_the_package_and_only_for_vulkan(
    folder: Path, tmp_path: Path
) -> None:
    stubs = tmp_path / "stubs"
    loader = library(stubs, "-Wl,-soname,libvulkan.so.1", name="libvulkan.so.1") / "libvulkan.so.1"
    linked = [f"-L{stubs}", "-l:libvulkan.so.1"]
    library(folder, *linked, name="libggml-vulkan.so")
    assert faults(folder) == f"libggml-vulkan.so: needs libvulkan.so.1, which is not in {folder.parent}"
    shutil.copy(loader, folder.parent)
    assert binaries.check(folder, [], []) == 1
    library(folder, *linked, name="libggml-rpc.so")
    assert faults(folder) == (
        "libggml-rpc.so: is linked to libvulkan.so.1, which is neither in its folder nor allowed"
    )


@needs_elf_compiler
def test_only_the_driver_may_be_missing_and_only_for_cuda(folder: Path, tmp_path: Path) -> None:
    stubs = tmp_path / "stubs"
    for name in ("libcuda.so.1", "libcudart.so.12"):
        library(stubs, f"-Wl,-soname,{name}", name=name)
    linked = [f"-L{stubs}", "-l:libcuda.so.1", "-l:libcudart.so.12"]
    library(folder, *linked, name="libggml-cuda.so")
    above = tmp_path / "lib"
    assert faults(folder) == f"libggml-cuda.so: needs libcudart.so.12, which is not in {above}"
    shutil.copy(stubs / "libcudart.so.12", above)
    assert binaries.check(folder, [], []) == 1
    library(folder, *linked)
    assert faults(folder).splitlines() == [
        f"libllama.so: is linked to {name}, which is neither in its folder nor allowed"
        for name in ("libcuda.so.1", "libcudart.so.12")
    ]


@needs_elf_compiler
@pytest.mark.parametrize(
    "place",
    ["/home/me/llama.cpp/x.c", "/bld/rattler-build_x", "/opt/host_env_placehold_", "C:\\\\bld\\\\x.pdb"],
)
def test_a_path_of_a_machine(folder: Path, place: str) -> None:
    library(folder, code=f'{CODE} const char *file = "{place}";')
    assert "libllama.so: contains 1 path(s) of the build machine" in faults(folder)


@needs_elf_compiler
def test_a_path_of_this_machine_in_any_file(folder: Path) -> None:
    library(folder)
    (folder / "metadata.json").write_text('{"made": "/srv/ci/17/project"}')
    assert binaries.check(folder, [], ["/srv/ci/18", "/"]) == 1
    assert "metadata.json: contains 1 path(s)" in faults(folder, machine=("/srv/ci/17",))


def test_no_library_and_no_libraries(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match="contains no shared library"):
        binaries.check(tmp_path, [], [])
    (tmp_path / "libllama.so").write_text("no library")
    with pytest.raises(ToolError, match="as an ELF, Mach-O or PE file"):
        binaries.check(tmp_path, [], [])


# -- Mach-O, of load commands alone -----------------------------------------------------------

ID, LOAD, RPATH, BUILD_VERSION, SIGNATURE, SEGMENT = 0xD, 0xC, 0x8000001C, 0x32, 0x1D, 0x19
GOOD = {
    "id": (ID, "@rpath/libllama.dylib"),
    "system": (LOAD, "/usr/lib/libSystem.B.dylib"),
    "here": (RPATH, "@loader_path"),
    "above": (RPATH, "@loader_path/.."),
    "macos": (BUILD_VERSION, "11.0"),
    "signature": (SIGNATURE, ""),
}


def command(kind: int, text: str) -> bytes:
    def with_string(*fields: int) -> bytes:
        head = struct.pack(f"<{len(fields) + 1}I", 12 + 4 * len(fields), *fields)
        return head + text.encode() + bytes(8 - (len(head) + len(text)) % 8)

    if kind in (ID, LOAD):
        body = with_string(2, 0x10000, 0x10000)
    elif kind == RPATH:
        body = with_string()
    elif kind == BUILD_VERSION:
        major, minor = map(int, text.split("."))
        body = struct.pack("<4I", 1, major << 16 | minor << 8, 14 << 16, 0)
    elif kind == SEGMENT:
        body = struct.pack("<16s4Q4I", text.encode(), 0, 0, 0, 0, 7, 7, 0, 0)
    else:
        body = struct.pack("<2I", 4096, 16)
    return struct.pack("<2I", kind, 8 + len(body)) + body


def macho(folder: Path, **commands: tuple[int, str] | None) -> Path:
    parts = [command(*part) for part in (GOOD | commands).values() if part]
    arm64, dylib = 0x0100000C, 6
    size = sum(map(len, parts))
    header = struct.pack("<8I", 0xFEEDFACF, arm64, 0, dylib, len(parts), size, 0x85, 0)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "libllama.dylib").write_bytes((header + b"".join(parts)).ljust(4096, b"\0") + bytes(16))
    return folder


def test_nothing_wrong_on_macos(folder: Path) -> None:
    assert binaries.check(macho(folder), ["__osx >=11.0"], []) == 1


@pytest.mark.parametrize(
    ("flaw", "said"),
    [
        ({"id": (ID, "/opt/lib/libllama.dylib")}, "is named /opt/lib/libllama.dylib"),
        ({"above": None}, "has the rpath @loader_path, not @loader_path:@loader_path/.."),
        ({"above": (RPATH, "/opt/lib")}, "has the rpath @loader_path:/opt/lib"),
        ({"macos": (BUILD_VERSION, "13.3")}, "needs macOS 13.3.0, but the package requires only 11.0"),
        ({"macos": None}, "does not record the macOS version it needs"),
        ({"signature": None}, "is not signed"),
        ({"dwarf": (SEGMENT, "__DWARF")}, "is not stripped"),
        ({"other": (LOAD, "/usr/local/lib/libomp.dylib")}, "is linked to /usr/local/lib/libomp.dylib"),
        ({"other": (LOAD, "@rpath/libc++.1.dylib")}, "needs @rpath/libc++.1.dylib, which is not in"),
    ],
)
def test_a_flaw_on_macos(folder: Path, flaw: dict[str, tuple[int, str] | None], said: str) -> None:
    found = faults(macho(folder, **flaw), "__osx >=11.0")
    assert f"libllama.dylib: {said}" in found
    assert len(found.splitlines()) == 1


# -- PE ---------------------------------------------------------------------------------------


def dll(folder: Path, *flags: str) -> Path:
    lief = pytest.importorskip("lief")
    binary = lief.PE.Factory.create(lief.PE.PE_TYPE.PE32_PLUS).get()
    known = lief.PE.OptionalHeader.DLL_CHARACTERISTICS
    binary.optional_header.dll_characteristics = sum(int(getattr(known, flag)) for flag in flags)
    folder.mkdir(parents=True, exist_ok=True)
    binary.write(str(folder / "llama.dll"))
    return folder


HARDENED = ("DYNAMIC_BASE", "HIGH_ENTROPY_VA", "NX_COMPAT")


def test_nothing_wrong_on_windows(folder: Path) -> None:
    assert binaries.check(dll(folder, *HARDENED), [], []) == 1


@pytest.mark.parametrize("missing", HARDENED)
def test_a_flaw_on_windows(folder: Path, missing: str) -> None:
    dll(folder, *(flag for flag in HARDENED if flag != missing))
    assert faults(folder) == f"llama.dll: is linked without {missing}"


# -- more of ELF ------------------------------------------------------------------------------


@needs_elf_compiler
def test_only_the_requirement_of_glibc_limits_glibc(folder: Path) -> None:
    found = faults(library(folder), "libstdcxx >=14", "__glibc >=2.1,<3.0.a0")
    assert "libllama.so: needs glibc 2." in found


@needs_elf_compiler
def test_code_without_printf_needs_no_fortify(folder: Path) -> None:
    code = "#include <string.h>\nsize_t length(char *t) { char c[64]; strcpy(c, t); return strlen(c); }"
    library(folder, "-fno-builtin", fortify="-U_FORTIFY_SOURCE", code=code)
    assert binaries.check(folder, [], []) == 1


@needs_elf_compiler
def test_one_checked_call_is_enough(folder: Path) -> None:
    code = (
        CODE + 'int __printf_chk(int flag, const char *, ...); int more(void) { return __printf_chk(1, ""); }'
    )
    library(folder, fortify="-U_FORTIFY_SOURCE", code=code)
    assert binaries.check(folder, [], []) == 1


@needs_elf_compiler
def test_a_missing_stack_header_asks_for_an_executable_stack(folder: Path) -> None:
    """The kernel then takes the architecture's default, which is executable on x86."""
    path, stack = library(folder) / "libllama.so", struct.pack("=I", 0x6474E551)
    data = path.read_bytes()
    assert data.count(stack) == 1
    path.write_bytes(data.replace(stack, bytes(4)))
    assert faults(folder) == "libllama.so: asks for an executable stack"


# -- more of macOS ----------------------------------------------------------------------------


def test_the_systems_own_cxx_library_is_allowed_on_macos(folder: Path) -> None:
    macho(folder, system_cxx=(LOAD, "/usr/lib/libc++.1.dylib"))
    assert binaries.check(folder, [], []) == 1


def test_a_folder_named_like_a_library_is_not_read(folder: Path) -> None:
    macho(folder)
    (folder / "libother.dylib").mkdir()
    assert binaries.check(folder, [], []) == 1
