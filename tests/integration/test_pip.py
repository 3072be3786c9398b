"""RUN_PIP_INTEGRATION: pip builds a clone and installs it in an empty environment. Errors are one line.

The build takes as long as `build`: 6 to 12 minutes on two cores.
"""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from build_scripts.packaging import channel, smoke_test, wheel
from build_scripts.packaging.wheel import LIBRARIES
from build_scripts.pin import ROOT
from tests.integration.conftest import PROMPT, TOKENS, needs_switch, new_environment
from tests.integration.conftest import python as run_python

needs_switch("RUN_PIP_INTEGRATION")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="a virtual environment has other folders there")

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Installed:
    """An environment in which pip built and installed the package, and what pip printed."""

    prefix: Path
    output: str

    @property
    def package(self) -> Path:
        (folder,) = self.prefix.glob("lib/python3*/site-packages/llama_ctypes")
        return folder


def clone_to(folder: Path) -> Path:
    """Clone the last commit."""
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    return folder


def pip(python: Path, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run pip as a user does whose shell has no variables of this project."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LLAMA_CPP"))
    }
    return subprocess.run(
        [python, "-m", "pip", "--disable-pip-version-check", *arguments],
        env={**clean, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """The environment; nothing is left of the package at the end."""
    folder = tmp_path_factory.mktemp("pip")
    clone, prefix = clone_to(folder / "clone"), new_environment(folder / "venv")
    before = files_of(prefix)
    started = time.monotonic()
    done = pip(prefix / "bin" / "python", "install", "-v", f"git+{clone.as_uri()}")
    assert done.returncode == 0, done.stdout[-5000:]
    environment = Installed(prefix, done.stdout)
    size = sum(path.stat().st_size for path in environment.package.rglob("*") if path.is_file())
    _logger.info(f"pip install: {time.monotonic() - started:.0f} s; {size / 1e6:.1f} MB installed")
    yield environment
    assert pip(prefix / "bin" / "python", "uninstall", "--yes", "llama-ctypes").returncode == 0
    assert files_of(prefix) == before


def files_of(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if "pip" not in path.parts}


def test_pip_shows_the_progress(installed: Installed) -> None:
    """Nothing is compiled while pip prepares the metadata."""
    places = [
        installed.output.find(text)
        for text in (
            "Preparing metadata",
            "Building wheel",
            "compiling: ",
            "testing the package",
            "generates text",
        )
    ]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.usefixtures("elsewhere")
def test_the_text_is_upstreams(installed: Installed, stories: Path, expected: str) -> None:
    assert pip(installed.prefix / "bin" / "python", "check").returncode == 0
    text = smoke_test.complete(installed.prefix, stories, PROMPT, TOKENS)
    assert text.strip() == expected


@pytest.mark.usefixtures("elsewhere")
def test_the_command_uses_the_wheels_libraries(installed: Installed) -> None:
    program: list[str | Path] = [installed.prefix / "bin" / "llama-ctypes", "info", "--json"]
    info = json.loads(subprocess.run(program, stdout=subprocess.PIPE, check=True).stdout)
    assert info["found"] == "the package's own libraries"
    assert Path(info["library"]).parent == installed.package.parent / LIBRARIES


def test_it_installs_the_files_of_the_packages_wheel(
    installed: Installed, package: Path, tmp_path: Path
) -> None:
    """Two builds, in other folders and environments, give the same bytes."""
    with zipfile.ZipFile(wheel.make(package, tmp_path)) as archive:
        for name in archive.namelist():
            if not name.endswith(".dist-info/RECORD"):  # pip adds what it wrote itself
                assert (installed.package.parent / name).read_bytes() == archive.read(name), name


@pytest.mark.usefixtures("elsewhere")
def test_an_editable_install_uses_the_checkout_and_a_built_package(
    package: Path, stories: Path, tmp_path: Path
) -> None:
    clone, prefix = clone_to(tmp_path / "clone"), new_environment(tmp_path / "venv")
    python = prefix / "bin" / "python"
    copy = clone / "output" / package.parent.name / package.name
    copy.parent.mkdir(parents=True)
    copy.write_bytes(package.read_bytes())
    done = pip(python, "install", "-v", "--editable", clone)
    assert done.returncode == 0, done.stdout[-5000:]
    assert f"using the libraries of {copy}" in done.stdout
    info = json.loads(smoke_test.run_installed(prefix, "info", "--json"))
    assert Path(info["library"]).parent == prefix / "lib" / "llama_ctypes"
    script = "import llama_ctypes; print(llama_ctypes.__file__)"
    assert run_python(prefix, "-c", script).strip() == str(clone / "llama_ctypes" / "__init__.py")
    assert smoke_test.complete(prefix, stories, PROMPT, TOKENS).startswith(PROMPT)
    status = ["git", "-C", str(clone), "status", "--porcelain"]
    assert subprocess.run(status, stdout=subprocess.PIPE, check=True).stdout == b""


@pytest.fixture(scope="module")
def any_pip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with pip; conda's need not have it."""
    return new_environment(tmp_path_factory.mktemp("any") / "venv") / "bin" / "python"


NOWHERE = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        (
            dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "npm_config_registry"), NOWHERE),
            r"error: b\d+ is not available: not in the cache; .*",
        ),
        ({"LLAMA_CTYPES_CACHE": "/dev/null/cache"}, r"error: cannot write to the cache folder /dev/null/.*"),
        ({"CC": "no-such-compiler"}, r"error: no-such-compiler is not on PATH; it is needed to compile .*"),
        ({"LLAMA_CPP_TAG": "latest"}, r"error: 'latest' is not a llama.cpp release tag; .*"),
    ],
    ids=["network", "disk", "compiler", "tag"],
)
def test_an_error_is_one_line_of_pips_output(
    any_pip: Path, tmp_path: Path, environment: dict[str, str], message: str
) -> None:
    """The build runs with this Python, which has the requirements, and without isolation."""
    if "CC" in environment:
        if channel._why_unreachable("conda-forge") is None:
            pytest.skip("conda-forge has compilers")
    else:
        environment = {"LLAMA_CTYPES_CACHE": str(tmp_path / "cache"), **environment}
    options: list[str | Path] = ["--no-build-isolation", "--no-deps", "--wheel-dir", tmp_path, ROOT]
    done = pip(any_pip, "--python", sys.executable, "wheel", *options, **environment)
    output = done.stdout
    assert done.returncode != 0
    lines = [line.strip() for line in output.splitlines()]
    assert [line for line in lines if re.fullmatch(message, line)]
    assert "Traceback" not in output
    assert not list(tmp_path.glob("*.whl"))
