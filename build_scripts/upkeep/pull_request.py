"""A change to this repository as a pull request, in two steps, so that only the second can write to it.

`write` puts a change of the working tree into a folder, as a patch and what to say about it. `propose` makes
a pull request of such a folder, on a checkout of its own: branch, commit, push, and the checks, which GitHub
does not start by itself for what a workflow pushes. It needs git and gh, and gh's GH_TOKEN or login.
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

_SAID, _PATCH = "proposal.json", "change.patch"
_BASE = "main"
# GitHub's own name for what workflows do.
_AUTHOR = ("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com")
# GitHub takes 65,536 characters; what is left out can be had from the command that the body names.
_BODY_CHARACTERS = 60_000


@dataclass(frozen=True)
class Proposal:
    """What a pull request is to say, and what becomes of it."""

    branch: str
    title: str
    body: str
    merge: bool = False
    """Whether it may be merged without a person, once the checks that the base branch requires pass."""
    checks: tuple[str, ...] = ("ci.yml",)
    """The workflows to run on it."""


def require_clean(paths: Sequence[str], root: Path = ROOT) -> None:
    """Refuse to go on where `paths`, git's pathspecs, hold changes that the patch would take in."""
    changed = run(["git", "status", "--porcelain", "--", *paths], cwd=root)
    if changed:
        raise UsageError(
            f"the checkout has changes of its own; commit or stash them first:\n{changed.rstrip()}"
        )


def write(proposal: Proposal | None, paths: Sequence[str], folder: Path, root: Path = ROOT) -> None:
    """Write `proposal` and what changed below `paths` into `folder`; None says that there is nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    patch = folder.resolve() / _PATCH
    patch.write_bytes(b"")
    if proposal is not None:
        run(["git", "add", "--intent-to-add", "--", *paths], cwd=root)
        run(["git", "diff", "--binary", f"--output={patch}", "HEAD", "--", *paths], cwd=root)
    said = asdict(proposal) if proposal is not None and patch.stat().st_size else None
    (folder / _SAID).write_text(f"{json.dumps(said, indent=2)}\n", encoding="utf-8")


def propose(folder: Path, root: Path = ROOT) -> str:
    """Open the pull request that `write` put into `folder`, or bring the open one up to date; say which."""
    try:
        said = json.loads((folder / _SAID).read_text(encoding="utf-8"))
        proposal = None if said is None else Proposal(**said)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"{folder} holds no proposal ({error}); `update` and `lock` write one") from error
    if proposal is None:
        return "nothing to propose"

    def gh(*arguments: str, body: str | None = None) -> str:
        return run(["gh", *arguments], cwd=root, input=body)

    branch, body = proposal.branch, _cut(proposal.body)
    fields = "number,autoMergeRequest,isCrossRepository"
    listed = gh("pr", "list", "--head", branch, "--base", _BASE, "--state", "open", "--json", fields)
    # A fork may have a branch of that name, and a pull request of it.
    own = next((one for one in json.loads(listed) if not one["isCrossRepository"]), None)
    number = str(own["number"]) if own else None
    if os.environ.get("GITHUB_ACTIONS"):
        gh("auth", "setup-git")
    # Before the push: what was to be merged was another change.
    if own and number and own["autoMergeRequest"]:
        gh("pr", "merge", "--disable-auto", number)

    _push(branch, proposal.title, folder.resolve() / _PATCH, root)
    saying = ("--title", proposal.title, "--body-file", "-")
    if number:
        gh("pr", "edit", number, *saying, body=body)
    else:
        # It prints the address, which the other commands take as well.
        created = gh("pr", "create", "--head", branch, "--base", _BASE, *saying, body=body)
        number = created.split()[-1]
    for workflow in proposal.checks:
        gh("workflow", "run", workflow, "--ref", branch)
    if proposal.merge:
        # Without required checks --auto would merge at once.
        rules = json.loads(gh("api", f"repos/{{owner}}/{{repo}}/rules/branches/{_BASE}"))
        if any(rule.get("type") == "required_status_checks" for rule in rules):
            gh("pr", "merge", "--auto", "--squash", number)
        else:
            _logger.info(f"{_BASE} requires no checks, so merging is left to a person")
    return f"pull request of {branch} {'updated' if own else 'opened'}: {proposal.title}"


def _push(branch: str, title: str, patch: Path, root: Path) -> None:
    """Commit the patch onto the HEAD of `root` and push that as `branch`; the checkout itself stays as it is.

    It may hold a pixi.lock that pixi wrote to run this.
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
    kept = body[:_BODY_CHARACTERS].rpartition("\n")[0]
    return f"{kept}\n\nThe rest is left out: GitHub takes no more.\n"
