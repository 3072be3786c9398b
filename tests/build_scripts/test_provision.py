"""The environment is made once, made again where it must be, and what is missing is said in one line."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from build_scripts import provision
from build_scripts.pin import ROOT


class StartedError(Exception):
    """The process was replaced: `command` would run now."""

    def __init__(self, command: list[str]) -> None:
        super().__init__(command)
        self.command = command


class Machine:
    """A machine on which .venv can be made, without making it."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        venv = pytest.importorskip("venv", reason="this Python cannot make virtual environments")
        self.venv = tmp_path / ".venv"
        self.made = 0
        self.installed: list[list[str]] = []
        self.pip_status = 0
        self.failure: BaseException | None = None
        requirements = tmp_path / "requirements.txt"
        requirements.write_text("libclang==18\n")
        self.requirements = requirements
        for name in provision.PROVIDED:
            monkeypatch.delenv(name, raising=False)
        # ensure() changes these for the program it starts.
        for name in ("PATH", "PYTHONPATH", "PYTHONHOME", "PYTHONUTF8"):
            monkeypatch.setenv(name, os.environ.get(name, ""))
        monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "utf-8")
        monkeypatch.setattr(provision, "VENV", str(self.venv))
        monkeypatch.setattr(provision, "REQUIREMENTS", str(requirements))
        monkeypatch.setattr(venv.EnvBuilder, "create", self.create)
        monkeypatch.setattr(subprocess, "call", self.call)
        monkeypatch.setattr(os, "execv", self.execv)

    def create(self, folder: str) -> None:
        if self.failure:
            raise self.failure
        self.made += 1
        Path(folder).mkdir(exist_ok=True)
        (Path(folder) / "stamp").unlink(missing_ok=True)

    def call(self, command: list[str], **_: object) -> int:
        self.installed.append(command)
        return self.pip_status

    def execv(self, _: str, command: list[str]) -> None:
        raise StartedError(command)

    def start(self) -> list[str]:
        with pytest.raises(StartedError) as started:
            provision.ensure(["generate", "--check"])
        return started.value.command

    def fail(self) -> str:
        with pytest.raises(SystemExit) as raised:
            provision.ensure(["generate"])
        message = str(raised.value.code)
        assert message.startswith("error: ")
        assert "\n" not in message
        return message


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_the_environment_is_made_once_and_the_command_goes_on_inside(machine: Machine) -> None:
    command = machine.start()
    assert Path(command[0]).is_relative_to(machine.venv)
    assert command[1:] == ["-m", "build_scripts", "generate", "--check"]
    assert os.environ["PATH"].split(os.pathsep)[0] == str(Path(command[0]).parent)
    assert str(machine.requirements) in machine.installed[0]
    machine.start()
    assert machine.made == len(machine.installed) == 1


def test_other_requirements_make_it_anew(machine: Machine) -> None:
    machine.start()
    machine.requirements.write_text("libclang==19\n")
    machine.start()
    machine.start()
    assert machine.made == 2


def test_another_python_makes_it_anew(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.start()
    monkeypatch.setattr(sys, "version", "3.99.0 (main)")
    machine.start()
    assert machine.made == 2


def test_a_stamp_that_is_damaged_or_gone_makes_it_anew(machine: Machine) -> None:
    machine.start()
    (machine.venv / "stamp").write_text("x")
    machine.start()
    (machine.venv / "stamp").unlink()
    machine.start()
    assert machine.made == 3


def test_pip_that_fails_is_one_line_and_tried_again_next_time(machine: Machine) -> None:
    machine.pip_status = 1
    assert "pip could not install" in machine.fail()
    machine.pip_status = 0
    machine.start()
    assert machine.made == 2


def test_a_python_without_ensurepip_is_one_line(machine: Machine) -> None:
    machine.failure = subprocess.CalledProcessError(1, ["python", "-m", "ensurepip"])
    assert "python3-venv" in machine.fail()


def test_a_python_without_venv_is_one_line(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "venv", None)
    assert "python3-venv" in machine.fail()


def test_a_folder_that_cannot_be_made_is_one_line(machine: Machine) -> None:
    machine.failure = PermissionError(13, "Permission denied")
    message = machine.fail()
    assert str(machine.venv) in message
    assert "Permission denied" in message


@pytest.mark.skipif(os.name == "nt", reason="Windows has no lock between first runs")
def test_a_folder_without_place_for_the_lock_is_one_line(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(provision, "VENV", str(tmp_path / "absent" / ".venv"))
    assert re.search(r"cannot create .*absent.*\(No such file or directory\)", machine.fail())


@pytest.mark.parametrize("provided", ["", "1"])
def test_a_locale_without_utf_8_is_overruled(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, provided: str
) -> None:
    """As with LC_ALL=de_DE.ISO-8859-1: libclang would look for a path in letters of UTF-8."""
    monkeypatch.setenv("PIXI_IN_SHELL", provided)
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "iso8859-1")
    assert machine.start() == [sys.executable, "-X", "utf8", "-m", "build_scripts", "generate", "--check"]
    assert (machine.made, os.environ["PYTHONUTF8"]) == (0, "1")


@pytest.mark.parametrize("name", ["PIXI_IN_SHELL", "CONDA_BUILD"])
def test_inside_pixi_and_a_package_build_the_running_python_is_used(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "1")
    provision.ensure(["generate"])
    assert machine.made == 0
    monkeypatch.setenv(name, "")
    machine.start()
    assert machine.made == 1


def test_inside_its_own_environment_it_goes_on(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(machine.venv))
    provision.ensure(["generate"])
    assert machine.made == 0


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 0), (3, 9, 19)])
def test_a_python_too_old_is_told_so(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int]
) -> None:
    for name in provision.PROVIDED:
        monkeypatch.setenv(name, "1")  # not even pixi's may be older
    old = SimpleNamespace(version_info=version, exit=sys.exit)
    monkeypatch.setattr(provision, "sys", old)
    message = machine.fail()
    assert f"Python {version[0]}.{version[1]} is too old" in message
    assert "3.10" in message
    assert machine.made == 0


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py", "provision.py"])
def test_what_runs_before_the_check_parses_on_an_old_python(name: str) -> None:
    text = (ROOT / "build_scripts" / name).read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 6))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match)
    if name != "__init__.py":
        assert not [node.lineno for node in ast.walk(tree) if isinstance(node, newer)]
    assert "from __future__ import annotations" not in text


def test_the_lock_holds_the_requirements_and_a_hash_for_all() -> None:
    """requirements.txt says what is wanted, requirements.lock the files that may be installed for it."""
    texts = [
        (ROOT / "build_scripts" / name).read_text(encoding="utf-8").lower()
        for name in ("requirements.txt", "requirements.lock")
    ]
    wanted = {line.replace('"', "'") for line in texts[0].splitlines() if line and not line.startswith("#")}
    entries = re.findall(
        r"^([\w-]+==.*?) \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", texts[1], re.MULTILINE
    )
    assert wanted - {requirement for requirement, _ in entries} == set()
    # Nothing stands there without hashes.
    assert len(entries) == len(re.findall(r"^\w", texts[1], re.MULTILINE))
