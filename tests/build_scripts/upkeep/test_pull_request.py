"""A change becomes a patch and a pull request; git is real, and the tests read the calls of a fake gh."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from build_scripts import process
from build_scripts.errors import ToolError, UsageError
from build_scripts.upkeep import pull_request
from build_scripts.upkeep.pull_request import Proposal

BODY = "What differs.\nCloses #1, @everyone\n"
TITLE = "The newest versions of the tools"
LOCKED = "build_scripts/requirements.lock"


def git(folder: Path, *arguments: str) -> str:
    return process.run(["git", *arguments], cwd=folder)


@pytest.fixture
def clones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Two clones of one repository: where a change is made, and where it is proposed."""
    for variable in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setattr(pull_request, "find_tool", lambda name, **_: name)
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "origin")
    for name in ("made", "proposed"):
        git(tmp_path, "clone", "--quiet", "origin", name)
        if name == "made":
            (tmp_path / name / "build_scripts").mkdir()
            (tmp_path / name / LOCKED).write_bytes(b"one\r\n\xff\0\n")
            git(tmp_path / name, "checkout", "--quiet", "-b", "main")
            git(tmp_path / name, "add", ".")
            git(tmp_path / name, "-c", "user.name=x", "-c", "user.email=x", "commit", "--quiet", "-m", "x")
            git(tmp_path / name, "push", "--quiet", "origin", "main")
    return tmp_path / "made", tmp_path / "proposed"


class GitHub:
    """Stands in for gh: keeps what it is told, and answers."""

    def __init__(self, pull_requests: Sequence[object] = (), rules: Sequence[object] = ()) -> None:
        self.answers = {
            "pr list": json.dumps(pull_requests),
            "pr create": "https://github.com/x/y/pull/8\n",
            "api": json.dumps(rules),
        }
        self.told: list[str] = []
        self.bodies: list[str] = []

    def run(self, command: Sequence[str | os.PathLike[str]], **options: Any) -> str:
        if command[0] != "gh":
            return process.run(command, **options)
        words = [str(word) for word in command[1:]]
        self.told.append(" ".join(words))
        if options.get("input"):
            self.bodies.append(options["input"])
        return next((answer for key, answer in self.answers.items() if self.told[-1].startswith(key)), "")


def change(made: Path, folder: Path) -> None:
    (made / LOCKED).write_bytes(b"two\r\n\xff\0\n")
    (made / "pixi.lock").write_text("of lock\n")
    (made / "mine").write_text("not this one\n")
    pull_request.write(Proposal("lock", BODY), [".", ":(exclude)mine"], folder, made)


def test_a_change_becomes_a_pull_request(
    clones: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, proposed = clones
    change(made, tmp_path / "proposal")
    # As pixi leaves it where the repository has none.
    (proposed / "pixi.lock").write_text("of pixi's own\n")
    github = GitHub()
    monkeypatch.setattr(pull_request, "run", github.run)
    assert pull_request.propose(tmp_path / "proposal", proposed) == f"pull request of lock opened: {TITLE}"
    git(made, "fetch", "--quiet")
    assert git(made, "diff", "--name-only", "origin/main", "origin/lock").split() == [LOCKED, "pixi.lock"]
    assert git(made, "diff", "origin/lock", "--", LOCKED) == ""
    assert git(made, "log", "-1", "--format=%an: %s", "origin/lock") == f"github-actions[bot]: {TITLE}\n"
    assert github.told[1:] == [
        f"pr create --head lock --base main --title {TITLE} --body-file -",
        "workflow run ci.yml --ref lock",
    ]
    (body,) = github.bodies
    # As a block of code, in which GitHub follows no reference and notifies nobody.
    assert body.endswith("\n\n    What differs.\n    Closes #1, @everyone\n")
    assert git(proposed, "status", "--porcelain") == "?? pixi.lock\n"
    assert len(git(proposed, "worktree", "list").splitlines()) == 1


def test_an_open_one_is_brought_up_to_date_and_no_longer_merged_by_itself(
    clones: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, proposed = clones
    git(proposed, "push", "--quiet", "origin", "HEAD:refs/heads/lock")
    change(made, tmp_path / "proposal")
    of_a_fork = {"number": 6, "autoMergeRequest": None, "isCrossRepository": True}
    own = {"number": 7, "autoMergeRequest": {"mergeMethod": "SQUASH"}, "isCrossRepository": False}
    github = GitHub([of_a_fork, own])
    monkeypatch.setattr(pull_request, "run", github.run)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert "lock updated" in pull_request.propose(tmp_path / "proposal", proposed)
    assert github.told[1:] == [
        "auth setup-git",
        "pr merge --disable-auto 7",
        "pr edit 7 --title The newest versions of the tools --body-file -",
        "workflow run ci.yml --ref lock",
    ]


def test_a_long_body_is_cut_at_a_line() -> None:
    cut = pull_request._cut("- a line\n" * 10_000)
    assert len(cut) < 65_536
    assert cut.endswith("- a line\n\nThe rest is cut off: GitHub limits the length.\n")


@pytest.mark.parametrize("proposal", [None, Proposal("lock", BODY)])
def test_nothing_is_proposed_where_nothing_changed(
    clones: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proposal: Proposal | None
) -> None:
    made, proposed = clones
    pull_request.write(proposal, ["."], tmp_path / "proposal", made)
    github = GitHub()
    monkeypatch.setattr(pull_request, "run", github.run)
    assert pull_request.propose(tmp_path / "proposal", proposed) == "nothing to propose"
    assert github.told == []


def test_changes_of_its_own_stop_it(clones: tuple[Path, Path]) -> None:
    made, _ = clones
    (made / "pixi.lock").write_text("x")
    pull_request.require_clean([".", ":(exclude)pixi.lock"], made)
    (made / "mine").write_text("x")
    with pytest.raises(UsageError, match="mine"):
        pull_request.require_clean([".", ":(exclude)pixi.lock"], made)


def test_what_is_no_proposal_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no valid proposal"):
        pull_request.propose(tmp_path)
    for text in (
        '{"branch": "x"}',
        '{"kind": "main", "body": ""}',
        '{"kind": [], "body": ""}',
        "[" * 100_000,
    ):
        (tmp_path / "proposal.json").write_text(text)
        with pytest.raises(UsageError, match="has no valid proposal"):
            pull_request.propose(tmp_path)


def test_a_patch_that_does_not_apply_is_not_pushed(
    clones: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, proposed = clones
    change(made, tmp_path / "proposal")
    (proposed / "pixi.lock").write_text("in the way\n")
    git(proposed, "add", "pixi.lock")
    git(proposed, "-c", "user.name=x", "-c", "user.email=x", "commit", "--quiet", "-m", "x")
    monkeypatch.setattr(pull_request, "run", GitHub().run)
    with pytest.raises(ToolError, match="apply"):
        pull_request.propose(tmp_path / "proposal", proposed)
    assert git(proposed, "ls-remote", "origin", "lock") == ""


def test_without_gh_it_is_one_line_before_anything_is_done(
    clones: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, proposed = clones
    change(made, tmp_path / "proposal")
    monkeypatch.undo()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match="git is not on PATH; it is needed to open a pull request"):
        pull_request.propose(tmp_path / "proposal", proposed)
