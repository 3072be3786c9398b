"""Records by value: compiled functions get and return every bound kind rightly, on each platform."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from clang import cindex

from build_scripts.bindings.parse import parse, passing
from build_scripts.bindings.parse.layout import UnsupportedError
from build_scripts.cli.shared import integration_switches
from build_scripts.packaging.channel.host import find_pythons
from tests.build_scripts.bindings.by_value import PROGRAM, Records
from tests.build_scripts.bindings.header_tree import make_tree, write
from tests.emulation import linux_aarch64, windows
from tests.systems import c_compiler, library_name

# Windows' `long double` has 64 bits, mingw's without the option 80.
WINDOWS_OPTIONS = ("-mlong-double-64", "-static-libgcc")
IS_X86 = platform.machine().lower() in ("x86_64", "amd64") and sys.platform != "win32"


class Package:
    """Bindings of `Records`, its program, and a folder for the library of a platform."""

    def __init__(self, folder: Path, records: Records) -> None:
        self.records = records
        self.output = folder / "output"
        headers = make_tree(folder / "tree", records.header)
        write(headers, self.output, "passed")
        self.refused = {declaration.name for declaration in parse(headers).unsupported}
        self.source, self.program = folder / "passed.c", folder / "program.py"
        self.source.write_text(records.source)
        self.program.write_text(PROGRAM)
        self.libraries = folder / "libraries"
        self.libraries.mkdir()

    def compile(self, command: Sequence[str], name: str, *options: str) -> dict[str, Path]:
        """Compile the library; return the variables of the environment that the program needs."""
        output = self.libraries / name
        subprocess.run([*command, "-O1", "-w", "-shared", *options, self.source, "-o", output], check=True)
        return {"PYTHONPATH": self.output, "LLAMA_CPP_LIB": self.libraries}

    def results(self, done: subprocess.CompletedProcess[str]) -> dict[str, str]:
        """What the program printed for each function."""
        assert done.returncode == 0, (done.stdout[-200:], done.stderr[-2000:])
        return dict(line.split(" ", 1) for line in done.stdout.splitlines())


def native(package: Package, python: Path | str = sys.executable) -> dict[str, str]:
    options = WINDOWS_OPTIONS if sys.platform == "win32" else ("-fPIC",)
    environment = package.compile(c_compiler(), library_name("llama"), *options)
    done = subprocess.run(
        [python, "-W", "ignore", package.program],
        env={**os.environ, **{key: str(path) for key, path in environment.items()}},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return package.results(done)


def arm64(package: Package) -> dict[str, str]:
    system = linux_aarch64.system()
    environment = package.compile([f"{linux_aarch64.TRIPLET}-gcc"], "libllama.so", "-fPIC")
    command: list[str | Path] = [system / "usr/bin/python3", "-W", "ignore", package.program]
    return package.results(
        linux_aarch64.run(system, command, env={key: str(path) for key, path in environment.items()})
    )


def win64(package: Package) -> dict[str, str]:
    environment = package.compile([windows.COMPILER], "llama.dll", *WINDOWS_OPTIONS)
    done = windows.python("-W", "ignore", package.program, env=environment)
    text = done.stdout.decode().replace("\r\n", "\n")
    return package.results(
        subprocess.CompletedProcess(done.args, done.returncode, text, done.stderr.decode())
    )


@pytest.mark.skipif(not IS_X86, reason="the x86-64 ABI of Linux and macOS")
def test_without_the_check_a_call_goes_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An x87 register, arrays of arrays of floats: the check refuses all that C gets or returns wrongly."""
    records = Records(count=0)
    refused = set(Package(tmp_path / "with", records).refused)
    real = passing.check

    def check(type_: cindex.Type) -> None:
        try:
            real(type_)
        except UnsupportedError as reason:
            if not str(reason).startswith(("ctypes describes", "libffi looks", "x86-64 returns")):
                raise

    monkeypatch.setattr(passing, "check", check)
    results = native(Package(tmp_path / "without", records))
    wrong = {name for name, result in results.items() if result != "right"}
    assert wrong
    assert wrong <= refused


@pytest.mark.parametrize("platform_", ["native", "arm64", "win64"])
def test_every_bound_record_passes_by_value(platform_: str, tmp_path: Path) -> None:
    if platform_ == "arm64" and "RUN_ARM64_INTEGRATION" not in integration_switches():
        pytest.skip("RUN_ARM64_INTEGRATION is not set")
    if platform_ == "win64" and "RUN_WINDOWS_INTEGRATION" not in integration_switches():
        pytest.skip("RUN_WINDOWS_INTEGRATION is not set")
    if reason := {"arm64": linux_aarch64.missing, "win64": windows.missing}.get(platform_, lambda: None)():
        pytest.skip(reason)
    package = Package(tmp_path, Records())
    functions = [name for name in package.records.names if name not in package.refused]
    results = {"native": native, "arm64": arm64, "win64": win64}[platform_](package)
    assert {name: result for name, result in results.items() if result != "right"} == {}
    # Refusing all of them would pass too.
    assert sorted(results) == sorted(functions)
    assert len(functions) > 0.8 * len(package.records.names)


@pytest.mark.skipif(sys.platform != "linux", reason="Pythons are searched for on Linux only")
def test_every_python_of_this_machine_passes_them(tmp_path: Path) -> None:
    package = Package(tmp_path, Records(count=20))
    pythons = {python.version: python.executable for python in find_pythons()}
    results = {version: native(package, python) for version, python in pythons.items()}
    assert {name: values for name, values in results.items() if set(values.values()) != {"right"}} == {}
