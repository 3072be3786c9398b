"""RUN_CLONE_INTEGRATION: the unit tests pass in a clone that differs from this checkout as far as one can.

- Its path has a space and letters outside ASCII, and is below /tmp and below a folder named home.
- Git was asked for CRLF. The clone is read-only and belongs to root.
- The user is an ordinary one with an empty home and umask 077. If that is impossible, it is root.
- The working directory is elsewhere, and the locale is C.

Only what is committed is cloned.
"""

from __future__ import annotations

import importlib.metadata
import logging
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from build_scripts.pin import ROOT, read_pin, read_releases
from build_scripts.source import SourceTree, resolve
from tests.integration.conftest import needs_switch

needs_switch("RUN_CLONE_INTEGRATION")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="users, modes and umask are Unix's")

_logger = logging.getLogger(__name__)

NOBODY = 65534
# The wheels of this environment contain code for this version of Python only.
VERSION = f"python{sys.version_info[0]}.{sys.version_info[1]}"


_users: list[str] = []
"""Who runs these tests. Root does only if no other user can: the usual run of the unit tests may be its."""


@dataclass(frozen=True)
class Clone:
    """A clone with its .venv, and the user who runs commands there."""

    base: Path
    interpreter: str
    user: int | None
    """None: the user of this process."""

    @property
    def root(self) -> Path:
        return self.base / "home" / "k\u00e4ytt\u00e4j\u00e4 \u6a21" / "llama ctypes"

    def run(self, *command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        settings = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.base / "empty home"),
            "TMPDIR": str(self.base / "tmp"),
            "LLAMA_CTYPES_CACHE": str(self.base / "cache"),
            "PYTHONPATH": str(self.root),
            "LC_ALL": "C",
        }
        groups: list[int] | None = None if self.user is None else []
        return subprocess.run(
            command,
            cwd=self.base / "elsewhere",
            env=settings | environment,
            umask=0o077,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            user=self.user,
            group=self.user,
            extra_groups=groups,
        )

    def status(self) -> str:
        """Return what git calls changed or new."""
        return _git("-C", self.root, "status", "--porcelain", "--untracked-files=all")


def _git(*arguments: str | Path) -> str:
    return subprocess.run(
        ["git", *arguments], stdout=subprocess.PIPE, encoding="utf-8", umask=0o022, check=True
    ).stdout


def _make_environment(clone: Clone) -> bool:
    """Give the clone a .venv with the packages and programs of this process; return whether it works."""
    venv = clone.root / ".venv"
    options = ["-m", "venv", "--clear", "--without-pip"]
    made = subprocess.run([clone.interpreter, *options, venv], umask=0o022, check=False)
    if made.returncode != 0:
        return False
    site_packages = venv / "lib" / VERSION / "site-packages"
    (site_packages / "checkout.pth").write_text(str(Path(pytest.__file__).parents[1]), encoding="utf-8")
    # Those of a conda environment stay where they are: on PATH.
    for path in Path(sys.executable).parent.iterdir() if sys.prefix != sys.base_prefix else ():
        if os.access(path, os.X_OK) and path.is_file() and not path.name.startswith("python"):
            with path.open("rb") as file:
                if file.read(2) != b"#!":
                    (venv / "bin" / path.name).symlink_to(path)
    python = venv / "bin" / "python"
    for entry in importlib.metadata.entry_points(group="console_scripts"):
        script = venv / "bin" / entry.name
        # As pip writes it if the path has a space.
        text = f"""#!/bin/sh\n'''exec' "{python}" "$0" "$@"\n'''\nimport sys\n"""
        text += f"from {entry.module} import {entry.attr}\nsys.exit({entry.attr}())\n"
        script.write_text(text, encoding="utf-8")
        script.chmod(0o755)
    stamp = "import sys; from build_scripts import provision; sys.stdout.write(provision._stamp())"
    done = subprocess.run(
        [clone.interpreter, "-B", "-c", stamp], cwd=clone.root, capture_output=True, check=True
    )
    (venv / "stamp").write_bytes(done.stdout)
    _make_read_only(clone.root)
    try:
        return clone.run(python, "-c", "import clang.cindex, pytest, xdist, yaml").returncode == 0
    except PermissionError:
        return False  # the user cannot read the interpreter


def _make_read_only(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            runs = path.stat().st_mode & 0o100
            path.chmod(0o555 if runs else 0o444)


def _make_writable(folder: Path) -> None:
    for path, _, _ in os.walk(folder):
        Path(path).chmod(0o755)


def _interpreters(ordinary: bool) -> list[str]:
    """Return Pythons of this version: the one of this environment, and those that others can usually read."""
    own = os.path.realpath(sys.executable)
    others = [shutil.which(VERSION), f"/usr/bin/{VERSION}", f"/usr/local/bin/{VERSION}"] if ordinary else []
    return list(dict.fromkeys([own, *(path for path in others if path and Path(path).exists())]))


@pytest.fixture(scope="module", params=["ordinary user", "root"])
def clone(request: pytest.FixtureRequest, tree: SourceTree) -> Iterator[Clone]:
    """The clone, with the source tree in the user's cache."""
    root = os.geteuid() == 0
    switches = root and request.param == "ordinary user"
    if request.param == "root" and (not root or _users):
        pytest.skip("an ordinary user runs these tests")
    base = Path(tempfile.mkdtemp(prefix="clone-"))
    base.chmod(0o755)
    try:
        for name in ("empty home", "tmp", "elsewhere", "cache"):
            (base / name).mkdir()
        candidates = [
            Clone(base, interpreter, NOBODY if switches else None) for interpreter in _interpreters(switches)
        ]
        _git("clone", "--quiet", "--config", "core.autocrlf=true", ROOT, candidates[0].root)
        for candidate in candidates:
            _make_writable(candidate.root)
            if _make_environment(candidate):
                _users.append(request.param)
                break
        else:
            end = pytest.skip if switches else pytest.fail
            end(f"another user cannot run {' or '.join(_interpreters(switches))} with the packages used here")
        _fill_cache(base, tree)
        if switches:
            for name in ("empty home", "tmp", "elsewhere", "cache"):
                for path in [base / name, *(base / name).rglob("*")]:
                    os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        _logger.info(f"{request.param}: {candidate.interpreter} in {candidate.root}")
        yield candidate
    finally:
        _make_writable(base)
        shutil.rmtree(base)


def _fill_cache(base: Path, tree: SourceTree) -> None:
    archive = base / "tree.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(tree.path, tree.tag)
    pin = read_pin()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LLAMA_CTYPES_CACHE", str(base / "cache"))
        resolve(tree.tag, archive, pin=pin, releases=read_releases(pin))
    archive.unlink()


# Python's own answer to the locale C is UTF-8; without it, C is a locale whose letters are ASCII.
@pytest.mark.parametrize("utf8", ["0", ""])
@pytest.mark.parametrize("arguments", [["generate", "--check"], ["verify", "--no-tests"]])
def test_a_command(clone: Clone, arguments: Sequence[str], utf8: str) -> None:
    done = clone.run(clone.interpreter, "-m", "build_scripts", *arguments, PYTHONUTF8=utf8)
    assert done.returncode == 0, done.stderr
    assert clone.status() == ""


def test_the_unit_tests(clone: Clone) -> None:
    done = clone.run(
        clone.root / ".venv" / "bin" / "python", "-m", "pytest", "-n", "auto", "-q", clone.root / "tests"
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    _logger.info(
        "\n".join(line for line in done.stdout.splitlines() if re.match(r"SKIPPED|\d+ passed", line))
    )
    (passed,) = re.findall(r"^(\d+) passed", done.stdout, re.MULTILINE)
    assert int(passed) > 1000
    assert clone.status() == ""
