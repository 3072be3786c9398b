"""The compiled files of an installed package: how they are linked and hardened, and what they give away.

Reads ELF, Mach-O and PE alike, through lief, and runs nothing: libraries of another platform will do.
What each platform's compilers can be asked for differs; each format's function says what is checked.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from build_scripts.errors import CheckError, ToolError

_SUFFIXES = (".so", ".dylib", ".dll")

# What the libraries may be linked to beside each other: what every system has, and the compiler's.
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
# The graphics driver's, the one thing that may be missing where the package is installed.
_DRIVER = ("libcuda.so.1", "nvcuda.dll")

# Where builds happen. Nothing that is shipped has a reason to name such a place.
_MACHINE = re.compile(
    # A folder below a drive's letter, as machine code happens to have the letter.
    rb"(?:/home/|/root/|/Users/|/tmp/|rattler-build_|_placehold|[A-Za-z]:\\[\w .-]+\\)[\x20-\x7e]*"
)

# Of these glibc has checking twins, which fortify calls whatever it knows of the sizes; an import of none
# of the twins beside one of these is code compiled without. memcpy and the like are no evidence: where a
# size is not known, fortify leaves them as they are.
_FORTIFIABLE = frozenset({"printf", "fprintf", "vprintf", "vfprintf", "sprintf", "vsprintf", "vsnprintf"})


def check(folder: Path, depends: Sequence[str], machine: Sequence[str | Path]) -> int:
    """Check every compiled file of the package whose libraries stand in `folder`; return how many there are.

    `depends` are the package's run requirements: of `__glibc >=` and `__osx >=` no file may need more.
    `machine` are paths of the build that must appear in none. Raises CheckError with a line per fault.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    libraries = [path for path in files if path.suffix in _SUFFIXES]
    if not libraries:
        raise CheckError(f"{folder} holds no shared library")
    findings = [
        f"{path.relative_to(folder)}: {fault}"
        for path in files
        for fault in (
            *_given_away(path.read_bytes(), machine),
            *(_faults(path, depends) if path in libraries else ()),
        )
    ]
    if findings:
        raise CheckError(f"{len(findings)} fault(s) of the compiled files in {folder}:", findings)
    return len(libraries)


def _given_away(content: bytes, machine: Sequence[str | Path]) -> Iterator[str]:
    found = sorted({match[0] for match in _MACHINE.finditer(content)})
    places = [os.fsencode(Path(path)) + os.sep.encode() for path in machine if Path(path).name]
    found += [place for place in places if place in content]
    if found:
        yield (
            f"names {len(found)} place(s) of the machine that built it, such as "
            f"{found[0][:120].decode(errors='replace')}"
        )


def _faults(path: Path, depends: Sequence[str]) -> Iterator[str]:
    import lief

    binary = lief.parse(str(path))
    if isinstance(binary, lief.ELF.Binary):
        yield from _elf(binary, _oldest("__glibc", depends))
        needed = [str(name) for name in binary.libraries]
    elif isinstance(binary, lief.MachO.Binary):
        yield from _macho(binary, _oldest("__osx", depends))
        needed = [str(library.name) for library in binary.libraries]
        # The first of a library's is its own name.
        needed = needed[1:] if binary.header.file_type == lief.MachO.Header.FILE_TYPE.DYLIB else needed
    elif isinstance(binary, lief.PE.Binary):
        yield from _pe(binary)
        needed = [str(library.name) for library in binary.imports]
    else:
        raise ToolError(f"{path} is no ELF, Mach-O or PE file that can be read")
    yield from _needs(path, needed)


def _needs(path: Path, needed: Sequence[str]) -> Iterator[str]:
    """Everything that `path` is linked to is allowed, and is there but for the driver."""

    def among(name: str, patterns: Sequence[str]) -> bool:
        return any(fnmatch(name.lower(), pattern.lower()) for pattern in patterns)

    cuda = (*_CUDA, *_DRIVER) if "ggml-cuda" in path.name else ()
    for name in needed:
        file = re.split(r"[/\\]", name)[-1]
        if among(name, (*_SYSTEM, *(_DRIVER if cuda else ()))):
            continue
        if among(name, (*_COMPILERS, *cuda)):
            # On Windows they come with Python, on macOS some with the system.
            if path.suffix != ".dll" and not name.startswith("/") and not (path.parents[1] / file).exists():
                yield f"needs {name}, which is not in {path.parents[1]}"
        elif not path.with_name(file).is_file():
            yield f"is linked to {name}, which is neither beside it nor allowed"


def _oldest(name: str, depends: Sequence[str]) -> tuple[int, ...] | None:
    """(2, 17) of the requirement `__glibc >=2.17,<3.0.a0`."""
    found = next((re.search(r">=([\d.]+)", text) for text in depends if text.split()[0] == name), None)
    return tuple(map(int, found[1].strip(".").split("."))) if found else None


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))


def _elf(binary: Any, glibc: tuple[int, ...] | None) -> Iterator[str]:
    """Stripped, relative rpath, full RELRO, no writable code, stack protector, fortify, glibc old enough."""
    import lief

    tags, flags = lief.ELF.DynamicEntry.TAG, lief.ELF.DynamicEntryFlags.FLAG
    dynamic = {entry.tag: entry for entry in binary.dynamic_entries}

    def flagged(tag: Any, flag: Any) -> bool:
        return tag in dynamic and dynamic[tag].has(flag)

    left = [str(part.name) for part in binary.sections if re.match(r"\.(symtab|z?debug)", str(part.name))]
    if left:
        yield f"is not stripped: {', '.join(left)}"
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

    imported = {str(symbol.name) for symbol in binary.imported_symbols}
    # Each of the libraries has functions with buffers; one without any would need no guard.
    if "__stack_chk_fail" not in imported:
        yield "is compiled without -fstack-protector-strong"
    checked = any(name.endswith("_chk") for name in imported)
    if imported & _FORTIFIABLE and not checked:
        yield f"is compiled without -D_FORTIFY_SOURCE: {', '.join(sorted(imported & _FORTIFIABLE))}"
    if glibc is not None:
        names = (
            str(aux.name)
            for need in binary.symbols_version_requirement
            for aux in need.get_auxiliary_symbols()
        )
        wanted = [
            tuple(map(int, name[6:].split("."))) for name in names if re.fullmatch(r"GLIBC_[\d.]+", name)
        ]
        if wanted and max(wanted) > glibc:
            yield f"needs glibc {_dotted(max(wanted))}, the package says {_dotted(glibc)}"


def _macho(binary: Any, macos: tuple[int, ...] | None) -> Iterator[str]:
    """Stripped, names and rpath relative to the folder, signed where it must be, macOS old enough."""
    import lief

    if binary.get_segment("__DWARF") or any(int(symbol.raw_type) & 0xE0 for symbol in binary.symbols):
        yield "is not stripped of debug information"
    if binary.header.file_type == lief.MachO.Header.FILE_TYPE.DYLIB:
        name = str(binary.libraries[0].name)
        if not name.startswith(("@rpath/", "@loader_path/")):
            yield f"is named {name}; another place would break its signature (want @rpath/ or @loader_path/)"
    yield from _rpath([str(command.path) for command in binary.rpaths], "@loader_path")
    if binary.header.cpu_type == lief.MachO.Header.CPU_TYPE.ARM64 and not binary.has_code_signature:
        yield "is not signed, so arm64's macOS will not load it"
    version = binary.build_version.minos if binary.has_build_version else None
    if version is None and binary.has_version_min:
        version = binary.version_min.version
    if version is None:
        yield "does not say which macOS it needs"
    elif macos is not None and tuple(version) > (*macos, 0, 0):
        yield f"needs macOS {_dotted(version)}, the package says {_dotted(macos)}"


def _pe(binary: Any) -> Iterator[str]:
    """Loaded at random addresses, data not executable, no debug information."""
    import lief

    wanted = lief.PE.OptionalHeader.DLL_CHARACTERISTICS
    for flag in (wanted.DYNAMIC_BASE, wanted.HIGH_ENTROPY_VA, wanted.NX_COMPAT):
        if not binary.optional_header.has(flag):
            yield f"is linked without {flag.name}"
    if any(entry.type == lief.PE.Debug.TYPES.CODEVIEW for entry in binary.debug):
        yield "names its debug information (CodeView)"


def _rpath(folders: Sequence[str], origin: str) -> Iterator[str]:
    """The library folder itself and the prefix's lib above it, nothing else and nothing absolute."""
    if {re.sub(r"/\.?$", "", str(folder)) for folder in folders} != {origin, f"{origin}/.."}:
        yield f"has the rpath {':'.join(map(str, folders)) or '(none)'}, not {origin}:{origin}/.."
