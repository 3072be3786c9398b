"""Facts about library files and this process that depend on the operating system; how to open a library."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from stat import S_ISREG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

if sys.platform == "win32":
    PREFIX, SUFFIX, PLUGIN_SUFFIX = "", ".dll", ".dll"
elif sys.platform == "darwin":
    PREFIX, SUFFIX, PLUGIN_SUFFIX = "lib", ".dylib", ".so"
else:
    PREFIX, SUFFIX, PLUGIN_SUFFIX = "lib", ".so", ".so"

# The conda package's own folder for libraries; other packages also install a libllama.
PRIVATE = ("Library", "lib", "llama_ctypes") if sys.platform == "win32" else ("lib", "llama_ctypes")

# ELF's e_machine codes and the names that this_machine() returns.
_ELF_MACHINES = {
    3: "i386",
    40: "arm",
    62: "x86_64",
    183: "aarch64",
    243: "riscv64",
    21: "ppc64le",
    22: "s390x",
}
_MACHO_CPUS = {0x01000007: "x86_64", 0x0100000C: "arm64"}
_PE_MACHINES = {0x8664: "AMD64", 0xAA64: "ARM64", 0x14C: "x86"}


def this_machine() -> str:
    """Return the architecture that libraries must have, as platform.machine() spells it.

    Importing platform would take 2 of 20 ms.
    """
    if hasattr(os, "uname"):
        return os.uname().machine
    # Windows also runs programs of another architecture than the processor's; libraries must fit the program.
    name = sys.version.rpartition("(")[2].rstrip(")]")
    return "x86" if name == "Intel" else name


def why_unusable(path: str) -> str | None:
    """Return why the file at `path` cannot be a library for this machine, by its first bytes; else None."""
    try:
        head, size = _head(path)
    except OSError as error:
        return str(error.strerror or error)
    machine = _machine(head)
    if machine is None:
        return f"is not a shared library for {sys.platform}"
    here = this_machine()
    if here not in machine:
        return f"is built for {', '.join(machine)}, but this machine is {here}"
    return _why_incomplete(head, size)


def why_dangerous(path: str) -> str | None:
    """Return why opening the file at `path` would end or stop the process, not just fail; else None."""
    try:
        return _why_incomplete(*_head(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        return None if error.errno else str(error)


def _head(path: str) -> tuple[bytes, int]:
    """Return the first bytes and the size of a regular file; OSError names a link's missing target."""
    try:
        # Without this flag, a FIFO would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        if os.path.islink(path):
            raise FileNotFoundError(f"is a link to {os.readlink(path)}, which does not exist") from None
        raise error from None
    try:
        status = os.fstat(descriptor)
        if not S_ISREG(status.st_mode):
            raise OSError("is not a regular file")
        return os.read(descriptor, 4096), status.st_size
    finally:
        os.close(descriptor)


def _why_incomplete(head: bytes, size: int) -> str | None:
    needed = _elf_size(head) if head[:4] == b"\x7fELF" else 0
    if size < needed:
        # The system's loader would map it, and the process would die at the first missing page.
        return f"is incomplete: it has {size} bytes of at least {needed}"
    return None


def _elf_size(head: bytes) -> int:
    """Return the least size in bytes of a 64-bit little-endian ELF file; 0 for other files."""
    if head[4:6] != b"\x02\x01" or len(head) < 64:
        return 0
    table = int(struct.unpack_from("<Q", head, 32)[0])
    entry, count = struct.unpack_from("<HH", head, 54)
    needed: int = table + entry * count
    for offset in range(table, min(needed, len(head) - 39), entry or 56):
        start, _, _, length = struct.unpack_from("<QQQQ", head, offset + 8)
        needed = max(needed, start + length)
    return needed


def _machine(head: bytes) -> list[str] | None:
    """Return the architectures of a library; None if it is not in this system's format."""
    if sys.platform == "win32":
        if head[:2] != b"MZ" or len(head) < 0x40:
            return None
        (offset,) = struct.unpack_from("<I", head, 0x3C)
        if head[offset : offset + 4] != b"PE\0\0" or len(head) < offset + 6:
            return None
        (code,) = struct.unpack_from("<H", head, offset + 4)
        return [_PE_MACHINES.get(code, hex(code))]
    if sys.platform == "darwin":
        if head[:4] == b"\xcf\xfa\xed\xfe" and len(head) >= 8:
            (code,) = struct.unpack_from("<I", head, 4)
            return [_MACHO_CPUS.get(code, hex(code))]
        if head[:4] == b"\xca\xfe\xba\xbe" and len(head) >= 8:
            (count,) = struct.unpack_from(">I", head, 4)
            if len(head) < 8 + 20 * count:
                return None  # a Java class file begins with the same bytes
            codes = [struct.unpack_from(">I", head, 8 + 20 * index)[0] for index in range(count)]
            return [_MACHO_CPUS.get(code, hex(code)) for code in codes]
        return None
    if head[:4] != b"\x7fELF" or len(head) < 20:
        return None
    (code,) = struct.unpack_from("<H" if head[5] == 1 else ">H", head, 18)
    return [_ELF_MACHINES.get(code, f"machine {code}")]


def containing(address: int) -> str | None:
    """Return the path of the loaded library that contains `address`, or None."""
    if sys.platform == "win32":
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        module = ctypes.c_void_p()
        from_address, unchanged_refcount = 0x4, 0x2
        if not kernel32.GetModuleHandleExW(
            from_address | unchanged_refcount, ctypes.c_void_p(address), ctypes.byref(module)
        ):
            return None
        buffer = ctypes.create_unicode_buffer(32768)
        return buffer.value if kernel32.GetModuleFileNameW(module, buffer, len(buffer)) else None
    info = (ctypes.c_void_p * 4)()  # a Dl_info, whose first member is the path
    if not ctypes.CDLL(None).dladdr(ctypes.c_void_p(address), info) or not info[0]:
        return None
    return os.fsdecode(ctypes.string_at(info[0]))


def system_folders() -> list[str]:
    """Return the folders where this system keeps shared libraries, most specific first."""
    if sys.platform == "win32":
        return []  # loading from PATH would not be safe
    if sys.platform == "darwin":
        return ["/opt/homebrew/lib", "/usr/local/lib"]
    triplet = f"{this_machine()}-linux-gnu"
    return ["/usr/local/lib", f"/usr/lib/{triplet}", "/usr/lib64", "/usr/lib"]


def is_full_path(path: str, system: ModuleType = os.path) -> bool:
    """Return whether `path` means the same file in every working directory.

    On Windows a path without a drive depends on the current drive, which os.path.isabs overlooked until
    Python 3.13.
    """
    return system.isabs(path) and (system.sep == "/" or bool(system.splitdrive(path)[0]))


def variable(name: str) -> str | None:
    """Return an environment variable that decides what code runs; None if this process must not trust it.

    A process with more rights than the user who started it must not, and `python -E` and `-I` ask for it.
    """
    if sys.flags.ignore_environment or _is_privileged():
        return None
    return os.environ.get(name)


def _is_privileged() -> bool:
    return hasattr(os, "geteuid") and (os.geteuid() != os.getuid() or os.getegid() != os.getgid())


def package_prefix() -> str | None:
    """Return the prefix that this package is installed in; None if it is not in a site-packages folder."""
    site_packages = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if os.path.basename(site_packages) != "site-packages":
        return None
    above = (os.pardir,) * (2 if sys.platform == "win32" else 3)
    return os.path.normpath(os.path.join(site_packages, *above))


def package_libraries() -> str | None:
    """Return the private folder of this package's libraries; None if it is neither a wheel nor conda's."""
    wheel = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_libraries")
    if os.path.isdir(wheel):
        return wheel
    prefix = package_prefix()
    return os.path.join(prefix, *PRIVATE) if prefix else None


def dependency_folders() -> list[str]:
    """Return the folders that have the package's DLLs on Windows: the wheel's, then those of the prefix."""
    package = os.path.dirname(os.path.abspath(__file__))
    folders = [f"{package}.libs"] if os.path.isdir(f"{package}.libs") else []
    prefix = package_prefix()
    return [*folders, prefix, os.path.join(prefix, "Library", "bin")] if prefix else folders


def open_library(path: str) -> ctypes.CDLL:
    """Open the library at a full path; OSError names the file and why it does not open."""
    name = os.path.basename(path)
    unusable = why_unusable(path)
    if unusable:
        raise OSError(f"{name} {unusable}")
    try:
        if sys.platform == "win32":
            from . import _windows

            return _windows.open_dll(path, dependency_folders())
        return ctypes.CDLL(path)
    except OSError as error:
        raise OSError(f"{name} does not open: {str(error).removeprefix(f'{path}: ')}") from None


def library_file(folder: str, name: str) -> str | None:
    """Return the full path of library `name` in `folder`, also with a version in its file name; or None."""
    plain = os.path.join(folder, f"{PREFIX}{name}{SUFFIX}")
    if os.path.isfile(plain):
        return plain
    try:
        files = sorted(os.listdir(folder))
    except OSError:
        return None
    if sys.platform == "darwin":
        versioned = [f for f in files if f.startswith(f"{PREFIX}{name}.") and f.endswith(SUFFIX)]
    else:
        versioned = [f for f in files if f.startswith(f"{PREFIX}{name}{SUFFIX}.")]
    paths = [os.path.join(folder, file) for file in versioned]
    # A link without a target comes last: opening it fails, and the error names the target.
    links = [path for path in (plain, *paths) if os.path.islink(path)]
    return next((path for path in [*filter(os.path.isfile, paths), *links]), None)


def plugins(folder: str) -> list[str]:
    """Return the paths of ggml's backends in `folder`, sorted; there may be several for the CPU."""
    start, base = f"{PREFIX}ggml-", f"{PREFIX}ggml-base"
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    return [
        os.path.join(folder, name)
        for name in names
        if name.startswith(start) and name.endswith(PLUGIN_SUFFIX) and not name.startswith(base)
    ]
