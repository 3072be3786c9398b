"""Find what this machine offers for a local channel: its CPythons and its C/C++ compiler."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from build_scripts.errors import ToolError
from build_scripts.process import find_tool, run

_OLDEST_PYTHON = (3, 10)
_NEWEST_MINOR = 29

# Run by each interpreter. Describes the base installation, not a virtual environment on top of it.
_DESCRIBE_PYTHON = """
import json, os, platform, sys, sysconfig
v = sysconfig.get_config_vars()
print(json.dumps({
    "implementation": platform.python_implementation(),
    "version": platform.python_version(),
    "executable": os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
    "stdlib": sysconfig.get_path("stdlib", vars={"installed_base": sys.base_prefix}),
    "shared_library": os.path.join(v["LIBDIR"], v["INSTSONAME"]) if v.get("Py_ENABLE_SHARED") else None,
}))
"""


@dataclass(frozen=True)
class Python:
    """One Python installation of this machine."""

    version: str
    executable: Path
    stdlib: Path
    shared_library: Path | None
    """libpython, if the executable is linked to it."""

    @property
    def minor(self) -> tuple[int, int]:
        """(3, 11) of 3.11.7."""
        major, minor = self.version.split(".")[:2]
        return int(major), int(minor)

    @property
    def name(self) -> str:
        """`python3.11`: the name of the executable and of the standard library's folder."""
        return "python{}.{}".format(*self.minor)


@dataclass(frozen=True)
class Toolchain:
    """The host's C and C++ compilers and the run-time libraries that compiled code needs."""

    cc: str
    cxx: str
    version: str
    glibc: str
    libstdcxx: Path
    libgcc: Path
    libgomp: Path


def find_pythons() -> list[Python]:
    """Return the CPythons >= 3.10 of this machine: one per minor version, oldest first.

    The Python that runs this process is always included. ToolError if it is too old or incomplete.
    """
    own = _describe(Path(sys.executable))
    if own is None:
        raise ToolError(
            f"{sys.executable} is not a CPython >= 3.10 with its standard library; run this with one"
        )
    pythons = {own.minor: own}
    for minor, executable in _candidates():
        # An interpreter behind a pyenv shim takes a second to run, so only new minor versions are tried.
        if minor not in pythons and (python := _describe(executable)) is not None:
            pythons[python.minor] = python
    return [pythons[minor] for minor in sorted(pythons)]


def _candidates() -> Iterator[tuple[tuple[int, int], Path]]:
    """Yield possible interpreters: next to this one's installation (pyenv, uv), then on PATH."""
    minors = range(_OLDEST_PYTHON[1], _NEWEST_MINOR + 1)
    siblings = sorted(
        Path(sys.base_prefix).resolve().parent.glob("*/bin/python3.*"), key=_version_key, reverse=True
    )
    for minor in minors:
        for path in siblings:
            if path.name == f"python3.{minor}":
                yield (3, minor), path
        on_path = shutil.which(f"python3.{minor}")
        if on_path is not None:
            yield (3, minor), Path(on_path)


def _version_key(path: Path) -> list[int]:
    """[3, 11, 7] of `.../3.11.7/bin/python3.11`."""
    return [int(number) for number in re.findall(r"\d+", path.parts[-3])]


def _describe(executable: Path) -> Python | None:
    """Run `executable` and describe its installation; None if it fails or is not a supported CPython."""
    try:
        description = json.loads(run([executable, "-I", "-c", _DESCRIBE_PYTHON], timeout=20))
    except (ToolError, ValueError, OSError):
        return None
    library = description["shared_library"]
    python = Python(
        version=description["version"],
        executable=Path(description["executable"]),
        stdlib=Path(description["stdlib"]),
        # Debian's is configured as shared but linked statically; the library may not even be installed.
        shared_library=Path(library) if library and Path(library).exists() else None,
    )
    supported = description["implementation"] == "CPython" and python.minor >= _OLDEST_PYTHON
    return python if supported and (python.stdlib / "os.py").is_file() else None


def find_toolchain() -> Toolchain:
    """Return the host's compilers: CC and CXX if set, else gcc and g++. ToolError if one is missing."""
    cc, cxx = _compiler("CC", "gcc", "cc"), _compiler("CXX", "g++", "c++")
    family, _, glibc = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    if family != "glibc":
        raise ToolError("a local channel needs glibc, which this system lacks; pass --channel")
    return Toolchain(
        cc=cc,
        cxx=cxx,
        version=run([cc, "-dumpfullversion", "-dumpversion"]).split()[0],
        glibc=glibc,
        libstdcxx=_runtime_library(cxx, "libstdc++.so.6"),
        libgcc=_runtime_library(cxx, "libgcc_s.so.1"),
        libgomp=_runtime_library(cxx, "libgomp.so.1"),
    )


def _compiler(variable: str, *names: str) -> str:
    override = os.environ.get(variable)
    if override:
        return find_tool(override, purpose="to compile llama.cpp", hint=f"Correct or unset {variable}.")
    for name in names[:-1]:
        path = shutil.which(name)
        if path is not None:
            return path
    return find_tool(
        names[-1],
        purpose="to compile llama.cpp",
        hint="Install a C and C++ compiler (Debian: apt-get install g++).",
    )


def _runtime_library(cxx: str, name: str) -> Path:
    path = Path(run([cxx, f"-print-file-name={name}"]).strip())
    # The compiler prints the bare name back if it does not know the file.
    if not path.is_absolute() or not path.exists():
        raise ToolError(f"{cxx} cannot locate {name}; install the compiler's run-time libraries")
    return path.resolve()


def fingerprint(paths: Iterable[Path]) -> list[str]:
    """Identify files without reading them: path, size and modification time."""
    return [f"{path} {stat.st_size} {stat.st_mtime_ns}" for path in paths for stat in [path.stat()]]
