"""The system that runs the tests: its compilers, its library names, and marks for what it lacks."""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from build_scripts.bindings.checks import compiler
from build_scripts.errors import ToolError

# mingw's own thread library is not on the system's search path.
THREADS = ("-pthread", "-static") if sys.platform == "win32" else ("-pthread",)
LIBRARY_SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


def library_name(name: str, version: str = "") -> str:
    """Return the file name of a library: libNAME.so and libNAME.so.1, libNAME.1.dylib, NAME.dll."""
    prefix = "" if sys.platform == "win32" else "lib"
    if sys.platform == "darwin":
        return f"{prefix}{name}{version}{LIBRARY_SUFFIX}"
    return f"{prefix}{name}{LIBRARY_SUFFIX}{version}"


def _find_c_compiler() -> list[str]:
    """Return the command of the C compiler: $CC, or else the first usual name on PATH; [] if none exists."""
    named = shlex.split(os.environ.get("CC", ""))
    paths = map(shutil.which, named[:1] or ("cc", "gcc", "clang"))
    return next(([path, *named[1:]] for path in paths if path), [])


def c_compiler() -> list[str]:
    """Return the command of the C compiler, which has cc's options; skip the test if there is none."""
    command = _find_c_compiler()
    if not command:
        pytest.skip("no C compiler with cc's options on this machine")
    return command


def _has_cxx_compiler() -> bool:
    try:
        return bool(compiler.compiler())
    except ToolError:
        return False


def _has_symlinks() -> bool:
    """Windows needs a privilege for symlinks; wine's cannot be read back."""
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder, "link")
        try:
            link.symlink_to("target")
            return link.readlink() == Path("target")
        except OSError:
            return False


def _is_wine() -> bool:
    return sys.platform == "win32" and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")


WINE = _is_wine()
needs_c_compiler = pytest.mark.skipif(not _find_c_compiler(), reason="no C compiler")
needs_cxx_compiler = pytest.mark.skipif(not _has_cxx_compiler(), reason="no C++ compiler")
needs_elf_compiler = pytest.mark.skipif(
    sys.platform != "linux" or not _find_c_compiler(), reason="compiles ELF libraries"
)
needs_symlinks = pytest.mark.skipif(not _has_symlinks(), reason="this system makes no symbolic links")
needs_utf8_paths = pytest.mark.skipif(
    sys.getfilesystemencoding() != "utf-8", reason="in this locale, libclang opens only paths in ASCII"
)
needs_modes = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
needs_scripts = pytest.mark.skipif(os.name == "nt", reason="replaces a program by a shell script")
