"""Propose a change as a pull request, in two steps: only the second needs write access to the repository.

`write` saves a change of the working tree in a folder, as a patch and a description. `propose` opens a pull
request from such a folder, in another checkout: it creates the branch, commits, pushes and starts the checks,
which GitHub does not start for a workflow's push. It needs git and gh, with gh's GH_TOKEN or login.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from build_scripts.errors import UsageError
from build_scripts.pin import ROOT
from build_scripts.process import run

_logger = logging.getLogger(__name__)

_DESCRIPTION, _PATCH = "proposal.json", "change.patch"
_BASE = "main"
# The author that GitHub uses for its workflows.
_AUTHOR = ("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com")
# GitHub's limit is 65,536 characters. The command in the body prints what is cut off.
_BODY_CHARACTERS = 60_000


@dataclass(frozen=True)
class Proposal:
    """The description of a pull request, and how to handle it."""

    branch: str
    title: str
    body: str
    merge: bool = False
    """Whether to merge it automatically after the base branch's required checks pass."""
    checks: tuple[str, ...] = ("ci.yml",)
    """The workflows to run on it."""


def require_clean(paths: Sequence[str], root: Path = ROOT) -> None:
    """Raise UsageError if `paths` (git pathspecs) have local changes, which the patch would include."""
    changes = run(["git", "status", "--porcelain", "--", *paths], cwd=root)
    if changes:
        raise UsageError(f"the checkout has local changes; commit or stash them first:\n{changes.rstrip()}")


def write(proposal: Proposal | None, paths: Sequence[str], folder: Path, root: Path = ROOT) -> None:
    """Write `proposal` and the changes of `paths` into `folder`; None writes an empty proposal."""
    folder.mkdir(parents=True, exist_ok=True)
    patch = folder.resolve() / _PATCH
    patch.write_bytes(b"")
    if proposal is not None:
        run(["git", "add", "--intent-to-add", "--", *paths], cwd=root)
        run(["git", "diff", "--binary", f"--output={patch}", "HEAD", "--", *paths], cwd=root)
    description = asdict(proposal) if proposal is not None and patch.stat().st_size else None
    (folder / _DESCRIPTION).write_text(f"{json.dumps(description, indent=2)}\n", encoding="utf-8")


def propose(folder: Path, root: Path = ROOT) -> str:
    """Open the pull request that `write` saved in `folder`, or update the open one; return a summary."""
    try:
        description = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))
        proposal = None if description is None else Proposal(**description)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"{folder} has no valid proposal ({error}); run `update` or `lock` first") from error
    if proposal is None:
        return "nothing to propose"

    def gh(*arguments: str, body: str | None = None) -> str:
        return run(["gh", *arguments], cwd=root, input=body)

    branch, body = proposal.branch, _cut(proposal.body)
    fields = "number,autoMergeRequest,isCrossRepository"
    listing = gh("pr", "list", "--head", branch, "--base", _BASE, "--state", "open", "--json", fields)
    # A fork may have a pull request from a branch of the same name.
    current = next((request for request in json.loads(listing) if not request["isCrossRepository"]), None)
    number = str(current["number"]) if current else None
    if os.environ.get("GITHUB_ACTIONS"):
        gh("auth", "setup-git")
    # Before the push: automatic merging was enabled for the previous change only.
    if current and number and current["autoMergeRequest"]:
        gh("pr", "merge", "--disable-auto", number)

    _push(branch, proposal.title, folder.resolve() / _PATCH, root)
    text_options = ("--title", proposal.title, "--body-file", "-")
    if number:
        gh("pr", "edit", number, *text_options, body=body)
    else:
        # gh prints the URL, which its other commands accept like a number.
        output = gh("pr", "create", "--head", branch, "--base", _BASE, *text_options, body=body)
        number = output.split()[-1]
    for workflow in proposal.checks:
        gh("workflow", "run", workflow, "--ref", branch)
    if proposal.merge:
        # Without required checks, --auto merges at once.
        rules = json.loads(gh("api", f"repos/{{owner}}/{{repo}}/rules/branches/{_BASE}"))
        if any(rule.get("type") == "required_status_checks" for rule in rules):
            gh("pr", "merge", "--auto", "--squash", number)
        else:
            _logger.info(f"{_BASE} requires no checks, so a person must merge {number}")
    return f"pull request of {branch} {'updated' if current else 'opened'}: {proposal.title}"


def _push(branch: str, title: str, patch: Path, root: Path) -> None:
    """Commit the patch on top of the HEAD of `root` and push it as `branch`.

    A temporary worktree leaves the checkout unchanged: pixi may have written a pixi.lock there to run this.
    """
    name, email = _AUTHOR
    identity = ["-c", f"user.name={name}", "-c", f"user.email={email}"]
    with tempfile.TemporaryDirectory(prefix="llama-ctypes-") as temporary:
        tree = Path(temporary) / "tree"
        run(["git", "worktree", "add", "--quiet", "--detach", tree, "HEAD"], cwd=root)
        try:
            run(["git", "apply", "--index", "--binary", patch], cwd=tree)
            run(["git", *identity, "commit", "--quiet", "--message", title], cwd=tree)
            run(["git", "push", "--quiet", "--force", "origin", f"HEAD:refs/heads/{branch}"], cwd=tree)
        finally:
            run(["git", "worktree", "remove", "--force", tree], cwd=root)


def _cut(body: str) -> str:
    if len(body) <= _BODY_CHARACTERS:
        return body
    start = body[:_BODY_CHARACTERS].rpartition("\n")[0]
    return f"{start}\n\nThe rest is cut off: GitHub limits the length.\n"
