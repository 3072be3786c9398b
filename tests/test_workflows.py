"""The linters find nothing in the workflows, and each of their steps only runs a task of pixi.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from build_scripts.copying import copy_writable
from build_scripts.errors import LlamaCtypesError, ToolError
from build_scripts.packaging import build
from build_scripts.pin import ROOT
from build_scripts.upkeep import lint

from . import pixi_manifest

WORKFLOWS = ROOT / ".github" / "workflows"
NAMES = sorted(path.name for path in WORKFLOWS.glob("*.yml"))

_TASK = re.compile(
    r'pixi run (?:-e (?P<environment>[\w-]+|"\$ENVIRONMENT") )?(?P<task>[\w-]+)(?P<rest>(?: [\w=."$-]+)*)'
)
# Lines that do more than run a task, and why.
OTHERS = {
    # Nothing else can pass the output of a command to the matrix of another job.
    'echo "matrix=$(pixi run -e package matrix)" >> "$GITHUB_OUTPUT"': "pixi run -e package matrix",
}
# Software that only the system's package manager offers, not a conda channel; and room on a runner's disk.
MAKE_ROOM = "sudo rm -rf /usr/local/lib/android /usr/share/dotnet /usr/share/swift"
SYSTEM = {
    "sudo apt-get update && sudo apt-get install -y --no-install-recommends qemu-user",
    "apt-get update && apt-get install -y --no-install-recommends mesa-vulkan-drivers",
    MAKE_ROOM,
}
# What each job may write; every other job may only read the repository.
WRITES = {
    ("release.yml", "publish"): {"id-token", "attestations"},
    ("release.yml", "pypi"): {"id-token"},
    ("release.yml", "notes"): {"contents"},
    ("update.yml", "propose"): {"actions", "contents", "pull-requests"},
    ("lock.yml", "propose"): {"actions", "contents", "pull-requests"},
}


# The workflows that write or publish something, and those that they call. A cache may hold what any other
# workflow of the repository put there.
WITHOUT_CACHE = {"build.yml", "lock.yml", "release.yml", "stories260k.yml", "update.yml"}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return pixi_manifest.read()


def problems(name: str, text: str, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Find what the workflow `name` does against the rules for workflows here."""
    workflow = yaml.safe_load(text)
    events = workflow[True]  # YAML 1.1 reads the key `on` as True
    called = list(events) == ["workflow_call"]
    if workflow.get("permissions") != {}:
        yield "the workflow's permissions are not {}"
    if not called and not workflow.get("concurrency", {}).get("group", "").startswith(name[:-4]):
        # The group needs the literal name: in a called workflow, github.workflow is the caller's name.
        yield f"its concurrency group is not {name[:-4]}'s own"
    if "secrets" in text or "pull_request_target" in text:
        yield "it names secrets, or runs with them for pull requests"
    for line in re.findall(r"^.*\buses: .*$", text, re.MULTILINE):
        local = re.search(r"uses: \./(\S+)$", line)
        if (
            not (ROOT / local[1]).is_file()
            if local
            else not re.search(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)
        ):
            yield f"not pinned: {line.strip()}"
    for key, job in workflow["jobs"].items():
        yield from (f"{key}: {problem}" for problem in _job_problems(name, key, job, manifest))


def _job_problems(name: str, key: str, job: Mapping[str, Any], manifest: Mapping[str, Any]) -> Iterator[str]:
    writes = WRITES.get((name, key), set())
    permissions = job.get("permissions", {})
    if {scope for scope, level in permissions.items() if level != "read"} != writes:
        yield f"may write {permissions}, expected {sorted(writes)}"
    if "uses" in job:
        return
    if not job.get("timeout-minutes"):
        yield "has no timeout"
    matrix = job.get("strategy", {}).get("matrix", {})
    for step in job["steps"]:
        settings = step.get("with", {})
        if (
            step.get("uses", "").startswith("actions/checkout@")
            and settings.get("persist-credentials") is not False
        ):
            yield "checkout leaves its credentials"
        for environment in re.sub(r"\$\{\{.*?\}\}", "", settings.get("environments", "")).split():
            if environment not in manifest["environments"]:
                yield f"there is no environment {environment}"
        if name in WITHOUT_CACHE and _may_restore_a_cache(step):
            yield f"{step['uses']} may restore what another job cached"
        if "run" in step:
            yield from _line_problems(step["run"], matrix, manifest)


def _may_restore_a_cache(step: Mapping[str, Any]) -> bool:
    action, settings = step.get("uses", "").partition("@")[0], step.get("with", {})
    off = settings.get("cache") is False
    # These actions cache unless they are asked not to; others, if they are asked to.
    by_default = action.startswith("actions/cache") or action.startswith(
        ("prefix-dev/setup-pixi", "astral-sh/")
    )
    return not off and (by_default or any("cache" in key for key in settings))


def _line_problems(line: str, matrix: object, manifest: Mapping[str, Any]) -> Iterator[str]:
    if line in SYSTEM:
        return
    match = _TASK.fullmatch(OTHERS.get(line, line))
    if not match:
        yield f"does more than call a task: {line}"
    elif match["task"] not in manifest["tasks"]:
        yield f"there is no task {match['task']}"
    else:
        yield from _environment_problems(match["environment"] or "default", matrix, manifest)
        task, words = manifest["tasks"][match["task"]], match["rest"].split()
        # Variables have values from the matrix.
        line = pixi_manifest.command_line(task, *(word for word in words if "$" not in word))
        yield from pixi_manifest.refusals(line)


def _environment_problems(environment: str, matrix: object, manifest: Mapping[str, Any]) -> Iterator[str]:
    if environment == '"$ENVIRONMENT"':
        # Every Python that has an environment is tested.
        expected = sorted(name for name in manifest["environments"] if name.startswith("py3"))
        if not isinstance(matrix, dict) or sorted(matrix["environment"]) != expected:
            yield f"its environments are not {expected}"
    elif environment not in manifest["environments"]:
        yield f"there is no environment {environment}"


@pytest.mark.parametrize("name", NAMES)
def test_a_workflow_only_calls_tasks(name: str, manifest: dict[str, Any]) -> None:
    assert list(problems(name, (WORKFLOWS / name).read_text(encoding="utf-8"), manifest)) == []


def test_no_workflow_that_writes_may_use_a_cache() -> None:
    called = {}
    for name in NAMES:
        jobs = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))["jobs"]
        called[name] = {job["uses"].rpartition("/")[2] for job in jobs.values() if "uses" in job}
    reached = {name for name, _ in WRITES}
    while more := {other for name in reached for other in called[name]} - reached:
        reached |= more
    assert reached == WITHOUT_CACHE


@pytest.mark.parametrize("name", sorted(WITHOUT_CACHE))
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("cache: false", "cache: true"),
        ("cache: false", "log-level: v"),
        ("    steps:\n", "    steps:\n      - uses: actions/cache@x\n"),
        ("    steps:\n", "    steps:\n      - uses: x/y@x\n        with:\n          cache-key: x\n"),
    ],
)
def test_a_cache_in_a_workflow_that_writes_is_found(
    name: str, right: str, wrong: str, manifest: dict[str, Any]
) -> None:
    text = (WORKFLOWS / name).read_text(encoding="utf-8")
    assert right in text
    planted = text.replace(right, wrong, 1)
    assert any("may restore what another job cached" in line for line in problems(name, planted, manifest))


def test_a_change_of_what_packages_are_made_of_builds_them() -> None:
    events = yaml.safe_load((WORKFLOWS / "build.yml").read_text(encoding="utf-8"))[True]
    parts = {path.removesuffix("/**") for path in events["pull_request"]["paths"]}
    assert parts >= {part for part in build._PROJECT_PARTS if part != "LICENSE"}


def test_cuda_builds_have_the_room_and_the_time_that_a_runner_can_give() -> None:
    job = yaml.safe_load((WORKFLOWS / "build.yml").read_text(encoding="utf-8"))["jobs"]["build"]
    assert job["timeout-minutes"] == 360
    first = job["steps"][0]
    assert first == {"if": "matrix.backend == 'cuda' && runner.os == 'Linux'", "run": MAKE_ROOM}


def test_a_release_is_published_whole_and_announced_last() -> None:
    """The build of every package comes first, and what announces them last: if it fails, none is missing."""
    jobs = yaml.safe_load((WORKFLOWS / "release.yml").read_text(encoding="utf-8"))["jobs"]
    assert {name: job.get("needs") for name, job in jobs.items()} == {
        "build": None,
        "publish": "build",
        "pypi": "publish",
        "notes": "publish",
    }
    assert "pixi run -e package publish" in jobs["publish"]["steps"][-1]["run"]
    assert not any("always()" in str(job) or "continue-on-error" in str(job) for job in jobs.values())


def test_every_workflow_uses_the_same_version_of_an_action() -> None:
    used = set(
        re.findall(r"uses: (\S+@.*)", "\n".join(p.read_text(encoding="utf-8") for p in WORKFLOWS.iterdir()))
    )
    assert len(used) == len({line.partition("@")[0] for line in used}) >= 4


@pytest.mark.parametrize(
    ("name", "right", "wrong", "problem"),
    [
        ("ci.yml", "permissions: {}\n\n", "", "permissions are not {}"),
        ("ci.yml", "group: ci-", "group: ${{ github.workflow }}-", "concurrency group is not ci's own"),
        (
            "build.yml",
            "concurrency:\n  group: build",
            "env:\n  x: build",
            "concurrency group is not build's own",
        ),
        ("ci.yml", "LLAMA_MODEL_PATH:", "TOKEN: ${{ secrets.X }}\n      Y:", "names secrets"),
        ("ci.yml", "pull_request:", "pull_request_target:", "names secrets"),
        (
            "ci.yml",
            "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
            "actions/checkout@v7",
            "not pinned",
        ),
        ("ci.yml", "/stories260k.yml", "/stories.yml", "not pinned"),
        ("ci.yml", "contents: read", "contents: write", "lint: may write {'contents': 'write'}, expected []"),
        ("release.yml", "      id-token: write", "      packages: write", "publish: may write"),
        ("ci.yml", "    timeout-minutes: 30\n", "", "lint: has no timeout"),
        ("ci.yml", "persist-credentials: false", "persist-credentials: true", "leaves its credentials"),
        (
            "build.yml",
            "environments: package conda",
            "environments: package mamba",
            "no environment mamba",
        ),
        ("ci.yml", "pixi run lint", "ruff check", "does more than call a task: ruff check"),
        ("ci.yml", "pixi run lint", "pixi run lint || true", "does more than call a task"),
        (
            "ci.yml",
            "pixi run lint",
            "|\n          pixi run lint\n          pixi run test",
            "does more than call a task",
        ),
        ("ci.yml", "pixi run lint", "pixi run lnit", "lint: there is no task lnit"),
        ("update.yml", "run propose", "run propose --force", "propose: propose has no option --force"),
        ("release.yml", "-e package publish", "-e packages publish", "there is no environment packages"),
        ("ci.yml", "[py310, ", "[", "its environments are not ['py310'"),
    ],
)
def test_mistakes_in_a_workflow_are_found(
    name: str, right: str, wrong: str, problem: str, manifest: dict[str, Any]
) -> None:
    text = (WORKFLOWS / name).read_text(encoding="utf-8")
    assert right in text
    assert any(problem in line for line in problems(name, text.replace(right, wrong, 1), manifest))


# -- the linters ------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy .github, to break it; skip the test if a linter is missing, as in pixi's py* environments."""
    for name in ("zizmor", "actionlint", "check-jsonschema"):
        try:
            lint.tool(name)
        except ToolError as error:
            pytest.skip(str(error))
    copy_writable(ROOT / ".github", tmp_path / ".github")
    return tmp_path


def test_the_linters_find_nothing(checkout: Path) -> None:
    lint.workflows(checkout)


@pytest.mark.parametrize(
    ("name", "right", "wrong", "pattern"),
    [
        ("workflows/ci.yml", "pixi run lint", "echo ${{ github.head_ref }}", "zizmor.*template-injection"),
        ("workflows/ci.yml", "needs: stories260k", "needs: stories", "actionlint.*stories"),
        ("workflows/ci.yml", "contents: read", "contents: reed", "github-workflows.*reed"),
        ("dependabot.yml", "interval: weekly", "interval: fortnightly", "dependabot.*fortnightly"),
        ("ISSUE_TEMPLATE/bug_report.yml", "type: textarea", "type: text", "issue-forms.*bug_report"),
        ("ISSUE_TEMPLATE/config.yml", "about:", "abort:", "issue-config.*about"),
    ],
)
def test_each_linter_finds_a_mistake(checkout: Path, name: str, right: str, wrong: str, pattern: str) -> None:
    path = checkout / ".github" / name
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(LlamaCtypesError) as raised:
        lint.workflows(checkout)
    assert re.search(pattern, str(raised.value), re.DOTALL)


def test_a_missing_linter_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match="no-such-linter is not on PATH"):
        lint.tool("no-such-linter")
