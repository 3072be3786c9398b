"""Reads pixi.toml as pixi does: the command lines of its tasks, and the problems in it."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from build_scripts import cli
from build_scripts.pin import ROOT

PATH = ROOT / "pixi.toml"
PLATFORMS = ["linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64"]
CALL = "python -m build_scripts "

_TABLES = {"workspace", "package", "dependencies", "target", "feature", "environments", "tasks"}
_WORKSPACE = {"name", "description", "channels", "platforms", "requires-pixi", "preview"}
# Names and versions are in the recipe only.
_PACKAGE = {"build": {"backend": {"name": "pixi-build-rattler-build", "version": "*"}}}
_TASK = {"cmd", "env", "inputs", "outputs", "default-environment", "description", "depends-on"}


def read() -> dict[str, Any]:
    """Read the manifest; skip the test if Python cannot read TOML."""
    tomllib = pytest.importorskip("tomllib", reason="tomllib came with Python 3.11")
    manifest: dict[str, Any] = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return manifest


def command_line(task: Mapping[str, Any], *words: str) -> str:
    """Return the command that pixi runs for the task and these words after its name: it appends them."""
    return shlex.join([*shlex.split(task["cmd"]), *words])


def packages(manifest: Mapping[str, Any], *features: str) -> set[str]:
    """Return the conda packages of the default feature and of the named `features`."""
    tables = [manifest, *manifest["target"].values(), *(manifest["feature"][name] for name in features)]
    return {name for table in tables for name in table.get("dependencies", ())}


def _source_packages(node: object) -> set[str]:
    """Return the packages of the tables `dependencies` that pixi would compile to solve any environment."""
    if not isinstance(node, dict):
        return set()
    dependencies = node.get("dependencies", {})
    sources = {name for name, spec in dependencies.items() if {"path", "git", "url"} & set(spec)}
    return sources.union(*(_source_packages(table) for table in node.values()))


def problems(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Find what pixi would reject in the manifest, and what this project does not allow in it."""
    yield from (f"pixi.toml: unknown table {name}" for name in sorted(set(manifest) - _TABLES))
    workspace = manifest["workspace"]
    yield from (f"workspace: unknown key {name}" for name in sorted(set(workspace) - _WORKSPACE))
    if workspace["channels"] != ["conda-forge"]:
        yield f"workspace: channels are {workspace['channels']}"
    if workspace["platforms"] != PLATFORMS:
        yield f"workspace: platforms are {workspace['platforms']}"
    if manifest["package"] != _PACKAGE or workspace["preview"] != ["pixi-build"]:
        yield "package: is not what pixi needs to build the recipe, and no more"
    yield from (f"dependencies: {name} is a source package" for name in sorted(_source_packages(manifest)))
    environments, features = manifest["environments"], manifest["feature"]
    used = set()
    for name, environment in environments.items():
        for feature in environment["features"] if isinstance(environment, dict) else environment:
            used.add(feature)
            if feature not in features:
                yield f"environment {name}: there is no feature {feature}"
    yield from (f"feature {name}: no environment has it" for name in sorted(set(features) - used))
    for name, task in manifest["tasks"].items():
        yield from (f"task {name}: {problem}" for problem in _task_problems(task, environments, features))


def _task_problems(
    task: Mapping[str, Any], environments: Mapping[str, Any], features: Mapping[str, Any]
) -> Iterator[str]:
    if "args" in task:
        yield "declares args, which take the options of the command for values"
    yield from (f"unknown key {key}" for key in sorted(set(task) - _TASK - {"args"}))
    if not task.get("description"):
        yield "has no description"
    command = task.get("cmd", "")
    if not command.startswith(CALL) or re.search(r"[\n;&|<>$`{]", command):
        yield "is not one call of build_scripts"
    if task.get("default-environment", "default") not in environments:
        yield f"there is no environment {task['default-environment']}"
    for first in task.get("depends-on", ()):
        # Another environment's task, which installs that environment.
        if first["task"] not in features.get(first["environment"], {}).get("tasks", {}):
            yield f"the environment {first['environment']} has no task {first['task']}"
    if not all(isinstance(value, str) and value for value in task.get("env", {}).values()):
        yield "sets a variable to nothing"
    if task.get("outputs") and not task.get("inputs"):
        yield "has outputs that follow from nothing"


def refusals(line: str) -> Iterator[str]:
    """Return why build_scripts would reject the command line, without running the command."""
    command, *rest = shlex.split(line.removeprefix(CALL))
    (commands,) = (a for a in cli._parser()._actions if isinstance(a, argparse._SubParsersAction))
    if command not in commands.choices:
        yield f"build_scripts has no command {command}"
        return
    parser: argparse.ArgumentParser = commands.choices[command]
    # Only pytest accepts options that argparse does not know.
    if parser.get_default("arguments") is None:
        options = parser._option_string_actions
        unknown = [part for part in rest if part.startswith("-") and part not in options]
        yield from (f"{command} has no option {part}" for part in unknown)
    # --help comes last: argparse parses everything before it, and does not miss arguments that users add.
    try:
        cli.main([command, *rest, "--help"])
    except SystemExit as stop:
        if stop.code != 0:
            yield f"build_scripts refuses {shlex.join([command, *rest])}"
