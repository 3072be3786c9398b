"""Check the compiled files of an installed package: how they are linked, hardened and free of build paths.

lief reads ELF, Mach-O and PE files. Nothing is run, so libraries of other platforms can be checked too.
Compilers differ in what they can harden: the function of each format lists its checks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from build_scripts.bindings.checks.symbols import CPU_BACKEND, SUFFIXES
from build_scripts.errors import CheckError, ToolError

# What the libraries may be linked to, besides each other: libraries of the system and of the compiler.
_SYSTEM = (
    *("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "ld-linux-*.so.*"),
    *("/usr/lib/libSystem.B.dylib", "/usr/lib/libobjc.A.dylib", "/System/Library/Frameworks/*"),
    *("KERNEL32.dll", "ADVAPI32.dll", "WS2_32.dll", "api-ms-win-crt-*.dll"),
)
_COMPILERS = (
    *("libstdc++.so.6", "libgcc_s.so.1", "libgomp.so.1"),
    *("@rpath/libc++.1.dylib", "/usr/lib/libc++.1.dylib", "@rpath/libomp.dylib"),
    *("MSVCP140*.dll", "VCRUNTIME140*.dll", "VCOMP140*.dll"),
)
_CUDA = ("libcudart.so.*", "libcublas.so.*", "libcublasLt.so.*", "cudart64_*.dll", "cublas*64_*.dll")
_VULKAN = ("libvulkan.so.1", "vulkan-1.dll")
# The graphics driver's library. Only this one may be missing on the user's machine.
_DRIVER = ("libcuda.so.1", "nvcuda.dll")

# Folders where builds happen. No shipped file needs to contain their paths.
_BUILD_PATH = re.compile(
    # A drive's letter needs a folder after it: machine code contains `C:\` by chance.
    rb"(?:/home/|/root/|/Users/|/tmp/|rattler-build_|_placehold|[A-Za-z]:\\[\w .-]+\\)[\x20-\x7e]*"
)

# Programs that libmtmd would look up on PATH and run, if it were built with MTMD_VIDEO.
_FOREIGN_PROGRAM = re.compile(rb"ffmpeg|ffprobe")

# Fortify always replaces these by glibc's checked versions (printf by __printf_chk). A file that imports one
# of these, and no checked function, was compiled without it. memcpy and the like prove nothing: fortify
# replaces them only if it knows the size.
_FORTIFIABLE = frozenset({"printf", "fprintf", "vprintf", "vfprintf", "sprintf", "vsprintf", "vsnprintf"})


def check(folder: Path, depends: Sequence[str], build_paths: Sequence[str | Path]) -> int:
    """Check the package whose libraries are in `folder`; return the number of libraries.

    `depends` are the package's run requirements: no file may need a newer system than `__glibc >=` and
    `__osx >=` allow. `build_paths` must not appear in any file. CheckError lists the faults, one per line.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    libraries = [path for path in files if path.suffix in SUFFIXES]
    if not libraries:
        raise CheckError(f"{folder} contains no shared library; rebuild the package")
    findings = [
        f"{path.relative_to(folder)}: {fault}"
        for path in files
        for fault in (
            *_path_faults(path.read_bytes(), build_paths),
            *(_faults(path, depends) if path in libraries else ()),
        )
    ]
    if findings:
        raise CheckError(f"the compiled files in {folder} have {len(findings)} fault(s):", findings)
    return len(libraries)


def check_backends(folder: Path) -> None:
    """Raise CheckError if the libraries in `folder` have no CPU backend, without which nothing runs."""
    libraries = (path.name for path in folder.iterdir() if path.suffix in SUFFIXES)
    if not any(map(CPU_BACKEND.fullmatch, libraries)):
        raise CheckError(f"{folder} contains no CPU backend (ggml-cpu*); rebuild the package")


def _path_faults(content: bytes, build_paths: Sequence[str | Path]) -> Iterator[str]:
    """Yield a fault if `content` contains a path of the build machine."""
    matches = sorted({match[0] for match in _BUILD_PATH.finditer(content)})
    folders = [os.fsencode(Path(path)) + os.sep.encode() for path in build_paths if Path(path).name]
    matches += [folder for folder in folders if folder in content]
    if matches:
        yield (
            f"contains {len(matches)} path(s) of the build machine, such as "
            f"{matches[0][:120].decode(errors='replace')}"
        )


def _faults(path: Path, depends: Sequence[str]) -> Iterator[str]:
    import lief

    if program := _FOREIGN_PROGRAM.search(path.read_bytes()):
        yield f"names the program {program[0].decode()}, which it would run from PATH"
    binary = lief.parse(str(path))
    if isinstance(binary, lief.ELF.Binary):
        yield from _elf(binary, _minimum("__glibc", depends))
        needed = [str(name) for name in binary.libraries]
    elif isinstance(binary, lief.MachO.Binary):
        yield from _macho(binary, _minimum("__osx", depends))
        needed = [str(library.name) for library in binary.libraries]
        # The first entry of a library is its own name.
        needed = needed[1:] if binary.header.file_type == lief.MachO.Header.FILE_TYPE.DYLIB else needed
    elif isinstance(binary, lief.PE.Binary):
        yield from _pe(binary)
        needed = [str(library.name) for library in binary.imports]
    else:
        raise ToolError(f"cannot read {path} as an ELF, Mach-O or PE file; rebuild the package")
    yield from _link_faults(path, needed)


def _link_faults(path: Path, needed: Sequence[str]) -> Iterator[str]:
    """Yield a fault for each library that `path` needs if it is not allowed or, a driver aside, missing."""

    def matches(name: str, patterns: Sequence[str]) -> bool:
        return any(fnmatch(name.lower(), pattern.lower()) for pattern in patterns)

    cuda = (*_CUDA, *_DRIVER) if "ggml-cuda" in path.name else ()
    gpu = cuda or (_VULKAN if "ggml-vulkan" in path.name else ())
    for name in needed:
        file = re.split(r"[/\\]", name)[-1]
        if matches(name, (*_SYSTEM, *(_DRIVER if cuda else ()))):
            continue
        if matches(name, (*_COMPILERS, *gpu)):
            # On Windows they come with Python, on macOS some come with the system.
            if path.suffix != ".dll" and not name.startswith("/") and not (path.parents[1] / file).exists():
                yield f"needs {name}, which is not in {path.parents[1]}"
        elif not path.with_name(file).is_file():
            yield f"is linked to {name}, which is neither in its folder nor allowed"


def _minimum(name: str, depends: Sequence[str]) -> tuple[int, ...] | None:
    """(2, 17) of the requirement `__glibc >=2.17,<3.0.a0`."""
    match = next((re.search(r">=([\d.]+)", text) for text in depends if text.split()[0] == name), None)
    return tuple(map(int, match[1].strip(".").split("."))) if match else None


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))


def _elf(binary: Any, glibc: tuple[int, ...] | None) -> Iterator[str]:
    """Check: stripped, relative rpath, full RELRO, no writable code, stack protector, fortify, glibc."""
    import lief

    tags, flags = lief.ELF.DynamicEntry.TAG, lief.ELF.DynamicEntryFlags.FLAG
    dynamic = {entry.tag: entry for entry in binary.dynamic_entries}

    def flagged(tag: Any, flag: Any) -> bool:
        return tag in dynamic and dynamic[tag].has(flag)

    sections = [str(section.name) for section in binary.sections]
    unstripped = [name for name in sections if re.match(r"\.(symtab|z?debug)", name)]
    if unstripped:
        yield f"is not stripped: {', '.join(unstripped)}"
    rpath = [dynamic[tag] for tag in (tags.RPATH, tags.RUNPATH) if tag in dynamic]
    yield from _rpath([folder for entry in rpath for folder in entry.paths], "$ORIGIN")

    segments = {segment.type: segment for segment in binary.segments}
    types = lief.ELF.Segment.TYPE
    if types.GNU_RELRO not in segments:
        yield "is linked without -z relro"
    now = tags.BIND_NOW in dynamic or flagged(tags.FLAGS, flags.BIND_NOW) or flagged(tags.FLAGS_1, flags.NOW)
    if not now:
        yield "is linked without -z now"
    stack = segments.get(types.GNU_STACK)
    if stack is None or stack.has(lief.ELF.Segment.FLAGS.X):
        yield "asks for an executable stack"
    if tags.TEXTREL in dynamic or flagged(tags.FLAGS, flags.TEXTREL):
        yield "relocates its code (TEXTREL)"

    imports = {str(symbol.name) for symbol in binary.imported_symbols}
    # Every shipped library has functions with buffers, so each must import the guard's handler.
    if "__stack_chk_fail" not in imports:
        yield "is compiled without -fstack-protector-strong"
    fortified = any(name.endswith("_chk") for name in imports)
    if imports & _FORTIFIABLE and not fortified:
        yield f"is compiled without -D_FORTIFY_SOURCE: {', '.join(sorted(imports & _FORTIFIABLE))}"
    if glibc is not None:
        names = (
            str(aux.name)
            for need in binary.symbols_version_requirement
            for aux in need.get_auxiliary_symbols()
        )
        versions = [
            tuple(map(int, name[6:].split("."))) for name in names if re.fullmatch(r"GLIBC_[\d.]+", name)
        ]
        if versions and max(versions) > glibc:
            yield f"needs glibc {_dotted(max(versions))}, but the package requires only {_dotted(glibc)}"


def _macho(binary: Any, macos: tuple[int, ...] | None) -> Iterator[str]:
    """Check: stripped, relative names and rpath, signature (arm64), macOS version."""
    import lief

    if binary.get_segment("__DWARF") or any(int(symbol.raw_type) & 0xE0 for symbol in binary.symbols):
        yield "is not stripped of debug information"
    if binary.header.file_type == lief.MachO.Header.FILE_TYPE.DYLIB:
        name = str(binary.libraries[0].name)
        if not name.startswith(("@rpath/", "@loader_path/")):
            yield f"is named {name}, which installing would have to change; use @rpath/ or @loader_path/"
    yield from _rpath([str(command.path) for command in binary.rpaths], "@loader_path")
    if binary.header.cpu_type == lief.MachO.Header.CPU_TYPE.ARM64 and not binary.has_code_signature:
        yield "is not signed, so macOS on arm64 rejects it"
    version = binary.build_version.minos if binary.has_build_version else None
    if version is None and binary.has_version_min:
        version = binary.version_min.version
    if version is None:
        yield "does not record the macOS version it needs"
    elif macos is not None and tuple(version) > (*macos, 0, 0):
        yield f"needs macOS {_dotted(version)}, but the package requires only {_dotted(macos)}"


def _pe(binary: Any) -> Iterator[str]:
    """Check: random load addresses, data not executable, no debug information."""
    import lief

    flags = lief.PE.OptionalHeader.DLL_CHARACTERISTICS
    for flag in (flags.DYNAMIC_BASE, flags.HIGH_ENTROPY_VA, flags.NX_COMPAT):
        if not binary.optional_header.has(flag):
            yield f"is linked without {flag.name}"
    if any(entry.type == lief.PE.Debug.TYPES.CODEVIEW for entry in binary.debug):
        yield "refers to debug information (CodeView)"


def _rpath(folders: Sequence[str], origin: str) -> Iterator[str]:
    """Yield a fault unless the rpath is the library folder and the prefix's lib above it, both relative."""
    if {re.sub(r"/\.?$", "", str(folder)) for folder in folders} != {origin, f"{origin}/.."}:
        yield f"has the rpath {':'.join(map(str, folders)) or '(none)'}, not {origin}:{origin}/.."
