"""The environment is made once, made again where it must be, and what is missing is said in one line."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from build_scripts import provision
from build_scripts.pin import ROOT

PROVIDED = ("PIXI_IN_SHELL", "PIXI_PROJECT_ROOT", "CONDA_BUILD")


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
        self.environments: list[Mapping[str, str]] = []
        self.pip_status = self.import_status = 0
        self.configuration = ""
        self.failure: BaseException | None = None
        requirements = tmp_path / "requirements.txt"
        requirements.write_text("libclang==18\n")
        self.requirements = requirements
        for name in PROVIDED:
            monkeypatch.delenv(name, raising=False)
        # ensure() changes these for the program it starts.
        for name in ("PATH", "PYTHONPATH", "PYTHONHOME", "PYTHONUTF8"):
            monkeypatch.setenv(name, os.environ.get(name, ""))
        monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "utf-8")
        monkeypatch.setattr(provision, "VENV", str(self.venv))
        monkeypatch.setattr(provision, "REQUIREMENTS", str(requirements))
        monkeypatch.setattr(venv.EnvBuilder, "create", self.create)
        monkeypatch.setattr(subprocess, "call", self.call)
        monkeypatch.setattr(subprocess, "check_output", lambda *_, **__: self.configuration)
        monkeypatch.setattr(os, "execv", self.execv)

    def create(self, folder: str) -> None:
        if self.failure:
            raise self.failure
        self.made += 1
        Path(folder).mkdir(exist_ok=True)
        (Path(folder) / "stamp").unlink(missing_ok=True)

    def call(self, command: list[str], env: Mapping[str, str]) -> int:
        self.environments.append(env)
        if "pip" not in command:
            return self.import_status
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


def test_one_line_announces_it_once(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.start()
    (line,) = capsys.readouterr().err.splitlines()
    assert re.match(r"creating \.venv .*\(once", line)
    machine.start()
    assert capsys.readouterr().err == ""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout without .venv."""
    folder = tmp_path_factory.mktemp("fresh")
    shutil.copytree(ROOT / "build_scripts", folder / "build_scripts")
    shutil.copy(ROOT / "variants.yaml", folder)
    return folder


@pytest.mark.parametrize(
    ("arguments", "status", "output"),
    [
        ("--help", 0, "usage: python3 -m build_scripts "),
        ("build --help", 0, "usage: python3 -m build_scripts build "),
        ("", 2, "required: COMMAND"),
        ("nonsense", 2, "invalid choice: 'nonsense'"),
        ("build --nonsense", 2, "unrecognized arguments: --nonsense"),
        ("build --platform nonsense", 2, "invalid choice: 'nonsense'"),
        ("generate b1 --tag b2", 2, "error: both b2 and b1 are given; keep one"),
    ],
)
def test_help_and_usage_errors_need_no_environment(
    fresh: Path, arguments: str, status: int, output: str
) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in PROVIDED}
    done = subprocess.run(
        # -S: without the packages of this environment.
        [sys.executable, "-S", "-m", "build_scripts", *arguments.split()],
        cwd=fresh,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert output in (done.stderr if status else done.stdout)
    assert "creating .venv" not in done.stderr
    assert not list(fresh.glob(".venv*"))


def test_a_command_that_can_run_makes_the_environment_after_the_check(machine: Machine) -> None:
    checked: list[tuple[list[str], int]] = []
    with pytest.raises(StartedError):
        provision.ensure(["generate"], lambda arguments: checked.append((arguments, machine.made)))
    assert (checked, machine.made) == ([(["generate"], 0)], 1)
    with pytest.raises(StartedError):
        provision.ensure(["generate"], lambda _: pytest.fail("the command itself parses its arguments"))


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
    monkeypatch.setenv("PIXI_PROJECT_ROOT", str(ROOT))
    provision.ensure(["generate"])
    assert machine.made == 0
    monkeypatch.setenv(name, "")
    machine.start()
    assert machine.made == 1


@pytest.mark.parametrize("root", [None, "", "/elsewhere"])
def test_pixi_of_another_project_provides_nothing(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, root: str | None
) -> None:
    monkeypatch.setenv("PIXI_IN_SHELL", "1")
    if root is not None:
        monkeypatch.setenv("PIXI_PROJECT_ROOT", root)
    machine.start()
    assert machine.made == 1


def test_what_cannot_be_imported_is_one_line_and_tried_again_next_time(machine: Machine) -> None:
    machine.import_status = 1
    assert "cannot be imported" in machine.fail()
    assert not (machine.venv / "stamp").exists()
    machine.import_status = 0
    machine.start()
    assert machine.made == 2


def test_pip_runs_isolated(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_DRY_RUN", "1")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    machine.start()
    assert machine.installed[0][1:5] == ["-I", "-m", "pip", "--isolated"]
    for environment in machine.environments:
        assert [name for name in environment if name.startswith("PYTHON")] == []
        assert {name for name in environment if name.startswith("PIP_")} <= {"PIP_CONFIG_FILE"}
        assert environment["HTTPS_PROXY"] == "http://proxy"
    assert machine.environments[0]["PIP_CONFIG_FILE"] == os.devnull
    assert os.environ["PIP_DRY_RUN"] == "1", "for the command that goes on"


def test_settings_of_where_to_download_are_kept_and_no_others(machine: Machine) -> None:
    machine.configuration = """\
For variant 'global', will try loading '/etc/pip.conf'
global.index-url='https://global/simple'
global.extra_index_url='file:///a  file:///b'
global.no-index='true'
global.no-cache-dir='0'
global.dry-run='1'
global.target='/x'
install.user='yes'
install.index-url='https://install/simple'
install.cert="/it's/here"
:env:.default-timeout='180'
:env:.proxy='http://p'
freeze.proxy='http://q'
"""
    machine.start()
    command = machine.installed[0]
    assert command[command.index("--quiet") + 1 : command.index("--require-hashes")] == [
        "--cert=/it's/here",
        "--default-timeout=180",
        "--extra-index-url=file:///a",
        "--extra-index-url=file:///b",
        "--index-url=https://install/simple",
        "--no-index",
        "--proxy=http://p",
    ]


# Each made pip 23 to 26 install nothing, or elsewhere.
HOSTILE = {
    "dry-run": "1",
    "target": "elsewhere",
    "prefix": "elsewhere",
    "root": "elsewhere",
    "user": "1",
    "no-deps": "1",
    "report": "elsewhere/report.json",
    "require-virtualenv": "1",
    "ignore-installed": "1",
    "python": "elsewhere/python",
    "constraint": "elsewhere/constraints.txt",
    "only-binary": ":none:",
    "quiet": "3",
}


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wheel, and the requirements that name it by hash."""
    folder = tmp_path_factory.mktemp("wheels")
    wheel = folder / "tiny_thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        info = "tiny_thing-1.0.dist-info"
        archive.writestr("tiny_thing.py", "")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-thing\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (folder / "requirements.lock").write_text(f"tiny-thing==1.0 --hash=sha256:{digest}\n")
    return folder


@pytest.mark.parametrize("place", ["variables", "file"])
def test_no_setting_of_pip_leaves_an_empty_environment(
    tmp_path: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """With the real pip: the folder of wheels is found through a setting, and all others change nothing."""
    venv = pytest.importorskip("venv", reason="this Python cannot make virtual environments")
    for name in list(os.environ):
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    settings = {**HOSTILE, "find-links": str(wheels), "no-index": "true"}
    if place == "variables":
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        for name, value in settings.items():
            monkeypatch.setenv(f"PIP_{name.upper().replace('-', '_')}", value)
    else:
        lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
        (tmp_path / "pip.conf").write_text(f"[install]\n{lines}\n[global]\nquiet = 2\n")
        monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    (tmp_path / "already").mkdir()
    (tmp_path / "already" / "tiny_thing.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "already"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(provision, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(provision, "REQUIREMENTS", str(wheels / "requirements.lock"))
    monkeypatch.setattr(provision, "MODULES", ("tiny_thing",))
    assert venv
    provision._make()
    assert provision._is_current()
    assert not (tmp_path / "elsewhere").exists()
    assert list((tmp_path / ".venv").rglob("tiny_thing.py"))


def test_inside_its_own_environment_it_goes_on(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(machine.venv))
    provision.ensure(["generate"])
    assert machine.made == 0


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 0), (3, 9, 19)])
def test_a_python_too_old_is_told_so(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int]
) -> None:
    for name in PROVIDED:
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


def test_a_folder_that_cannot_hold_the_lock_is_one_line(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(provision, "VENV", str(tmp_path / "missing" / ".venv"))
    if os.name != "nt":
        assert "cannot create" in machine.fail()
