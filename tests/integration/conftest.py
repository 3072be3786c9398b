"""Fixtures of the integration tests, which skip unless their RUN_* variable is set."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from build_scripts.cli.shared import integration_switches
from build_scripts.copying import copy_writable
from build_scripts.errors import SourceError
from build_scripts.packaging import channel, install, smoke_test, tiny_models, upstream_tools
from build_scripts.pin import ROOT, read_pin, read_releases
from build_scripts.source import SourceTree, resolve
from build_scripts.versions import requested_tag

_logger = logging.getLogger(__name__)

PROMPT = smoke_test.PROMPT
TOKENS = 64


def needs_switch(variable: str) -> None:
    """Skip the calling module unless the environment variable is set to something other than 0."""
    if variable not in integration_switches():
        pytest.skip(f"{variable} is not set", allow_module_level=True)


def command(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python3 -m build_scripts ARGUMENTS` as users do."""
    return subprocess.run(
        [sys.executable, "-m", "build_scripts", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=None,  # shows progress while it runs
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def tree() -> SourceTree:
    """The release under test: LLAMA_CPP_TAG, else the pin or its fallback release."""
    pin = read_pin()
    return resolve(requested_tag(None), pin=pin, releases=read_releases(pin))


@pytest.fixture(scope="session")
def build_dir(request: pytest.FixtureRequest) -> Path:
    """A CMake build folder of the release: LLAMA_CPP_BUILD_DIR, else compiled now."""
    override = os.environ.get("LLAMA_CPP_BUILD_DIR")
    if override:
        return Path(override).resolve()
    return upstream_tools.build(request.getfixturevalue("tree"))


def copy_checkout(target: Path) -> Path:
    """Copy the tracked and new files of this checkout into the folder `target`."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listing.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            copy_writable(ROOT / name, target / name)
    return target


def contents(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def environment(build_dir: Path) -> dict[str, str]:
    """Return variables for a process that uses this checkout's bindings with the build folder's libraries."""
    # LLAMA_CPP_BUILD_DIR may name a build of the fallback release, which has the same headers.
    settings = {"LLAMA_CPP_LIB": str(build_dir / "bin"), "LLAMA_CTYPES_ABI": "warn", "PYTHONUTF8": "1"}
    return {**os.environ, "PYTHONPATH": str(ROOT), **settings}


def small_model(build_dir: Path) -> Path:
    """stories260K.gguf, converted by the upstream tools, or a small random model if its files are missing."""
    try:
        return tiny_models.stories(build_dir)
    except SourceError as error:  # no local copy, and the download failed
        _logger.info(f"{error}; using a model with random weights instead")
        return tiny_models.random()


@pytest.fixture(scope="session")
def stories(build_dir: Path) -> Path:
    """A small model for all tests."""
    return small_model(build_dir)


def upstream(
    build_dir: Path, model: Path, *options: str | Path, prompt: str = PROMPT, tokens: int = TOKENS
) -> str:
    """Continue the prompt with the upstream tools and return the text."""
    program = upstream_tools.program(build_dir, *upstream_tools.COMPLETERS)
    fixed = ["-n", str(tokens), "-t", "1", "-no-cnv", "--no-warmup", "--simple-io"]
    command: list[str | Path] = [program, "-m", model, "-p", prompt, *fixed, *options]
    result = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=True)
    text = result.stdout.decode(errors="replace").replace("[end of text]", "").strip()
    assert text.startswith(prompt)
    assert len(text) > len(prompt)
    return text


def greedy(build_dir: Path, model: Path, *options: str | Path, **settings: Any) -> str:
    """Continue the prompt with the most probable tokens, as `upstream` does."""
    return upstream(build_dir, model, "--temp", "0", *options, **settings)


@pytest.fixture(scope="session")
def expected(build_dir: Path, stories: Path) -> str:
    """The text of the upstream tools with stories260K."""
    return greedy(build_dir, stories)


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built by the `build` command."""
    result = command("build", "--output-dir", tmp_path_factory.mktemp("channel"))
    assert result.returncode == 0
    return Path(result.stdout.strip())


@pytest.fixture(scope="session")
def prefix(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the package and its dependencies only."""
    folder = tmp_path_factory.mktemp("environment") / "prefix"
    channels = [str(package.parent.parent), *channel.choose(None)]
    records = install.create(folder, ["llama-ctypes"], channels)
    assert "llama-ctypes" in {record.name.normalized for record in records}
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the source tree and unset every variable that could lead back to it."""
    for name in ("PYTHONPATH", "LLAMA_CPP_LIB", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def python(prefix: Path, *arguments: str) -> str:
    """Run the prefix's Python and return its output."""
    return subprocess.run(
        [smoke_test.python_of(prefix), *arguments], stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def new_environment(folder: Path, executable: str | Path = sys.executable) -> Path:
    """Make a virtual environment of the Python `executable` in `folder`."""
    subprocess.run([executable, "-m", "venv", folder], check=True)
    return folder


def pip(environment: Path, *arguments: str) -> None:
    """Run the pip of a virtual environment, which must succeed."""
    options = ["-m", "pip", "--disable-pip-version-check", "-q", *arguments]
    subprocess.run([environment / "bin" / "python", *options], check=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let integration tests go on after a warning: they run other people's programs for minutes."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.filterwarnings("default"))
