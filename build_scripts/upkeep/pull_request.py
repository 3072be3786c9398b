"""Propose a change as a pull request, in two steps: only the second needs write access to the repository.

`write` saves a change of the working tree in a folder, as a patch and a description. `propose` opens a pull
request from such a folder, in another checkout: it creates the branch, commits, pushes and starts the checks,
which GitHub does not start for a workflow's push. It needs git and gh, with gh's GH_TOKEN or login.

The first step runs upstream's code, so `propose` does not trust the folder: it looks up branch, title and
checks in its own list, refuses a change that `review` does not accept, decides itself whether to merge, and
runs nothing of the change. The folder's text is quoted as text.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from build_scripts.errors import ToolError, UsageError
from build_scripts.pin import ROOT
from build_scripts.process import find_tool, run

from . import review

_logger = logging.getLogger(__name__)

_DESCRIPTION, _PATCH = "proposal.json", "change.patch"
_BASE = "main"
# The author that GitHub uses for its workflows.
_AUTHOR = ("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com")
# GitHub's limit is 65,536 characters. The command in the body prints what is cut off.
_BODY_CHARACTERS = 60_000
# The number of names in its first sentence.
_NAMES = 20


@dataclass(frozen=True)
class Proposal:
    """The description of a change."""

    kind: str
    """A key of KINDS."""
    body: str
    """Plain text for the pull request, which quotes it."""


@dataclass(frozen=True)
class Kind:
    """How `propose` handles the changes of one command."""

    branch: str
    checks: tuple[str, ...]
    """The workflows to run on it."""
    paths: frozenset[str]
    """The files that it may write."""


KINDS = {
    "update": Kind("update", ("ci.yml", "build.yml"), review.UPDATE_PATHS),
    "lock": Kind("lock", ("ci.yml",), review.LOCK_PATHS),
}


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
    proposal = _read(folder)
    if proposal is None:
        return "nothing to propose"
    for tool in ("git", "gh"):
        find_tool(tool, purpose="to open a pull request", hint="pixi has it.")

    def gh(*arguments: str, body: str | None = None) -> str:
        return run(["gh", *arguments], cwd=root, input=body)

    kind = KINDS[proposal.kind]
    branch = kind.branch
    with _worktree(root) as before, _worktree(root) as after:
        run(["git", "apply", "--index", "--binary", folder.resolve() / _PATCH], cwd=after)
        review.paths(after, kind.paths)
        title, verdict, merge = _judge(proposal.kind, before, after)
        body = _cut(f"{verdict}\n\n{_quoted(proposal.body)}")

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
        _push(branch, title, after)

    text_options = ("--title", title, "--body-file", "-")
    if number:
        gh("pr", "edit", number, *text_options, body=body)
    else:
        # gh prints the URL, which its other commands accept like a number.
        output = gh("pr", "create", "--head", branch, "--base", _BASE, *text_options, body=body)
        number = output.split()[-1]
    for workflow in kind.checks:
        gh("workflow", "run", workflow, "--ref", branch)
    if merge:
        _merge_automatically(gh, number)
    return f"pull request of {branch} {'updated' if current else 'opened'}: {title}"


def _merge_automatically(gh: Callable[..., str], number: str) -> None:
    """Let GitHub merge the pull request once its checks pass, or log why a person must."""
    # Without required checks, --auto merges at once.
    rules = json.loads(gh("api", f"repos/{{owner}}/{{repo}}/rules/branches/{_BASE}"))
    if not any(rule.get("type") == "required_status_checks" for rule in rules):
        _logger.info(f"{_BASE} requires no checks, so a person must merge {number}")
        return
    try:
        gh("pr", "merge", "--auto", "--squash", number)
    except ToolError as error:
        # The repository may not allow it. The pull request is complete without it.
        _logger.warning(f"a person must merge {number}, because GitHub does not: {error}")


def _read(folder: Path) -> Proposal | None:
    try:
        description = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))
        if description is None:
            return None
        if description["kind"] not in KINDS:
            raise ValueError(f"it is of the kind {description['kind']!r}")
        return Proposal(description["kind"], str(description["body"]))
    except (OSError, LookupError, ValueError, TypeError, RecursionError) as error:
        raise UsageError(f"{folder} has no valid proposal ({error}); run `update` or `lock` first") from error


def _judge(kind: str, before: Path, after: Path) -> tuple[str, str, bool]:
    """Return the title, what `propose` found out about the change, and whether to merge it automatically."""
    if kind == "lock":
        return "The newest versions of the tools", "Try it before you merge it.", False
    old_tag, tag = review.pins(before, after)
    broken = review.breaks(before, after)
    verdict = "The bindings show no change that breaks the ABI."
    if broken:
        names = ", ".join(f"`{name}`" for name in broken[:_NAMES])
        more = f" and {len(broken) - _NAMES} more" if len(broken) > _NAMES else ""
        verdict = f"It may break the ABI, so a person must merge it: {names}{more}."
    return f"Update llama.cpp from {old_tag} to {tag}", verdict, not broken


@contextmanager
def _worktree(root: Path) -> Iterator[Path]:
    """Check out the HEAD of `root` in a temporary folder.

    `root` itself stays unchanged: pixi may have written a pixi.lock there to run this.
    """
    with tempfile.TemporaryDirectory(prefix="llama-ctypes-") as temporary:
        tree = Path(temporary) / "tree"
        run(["git", "worktree", "add", "--quiet", "--detach", tree, "HEAD"], cwd=root)
        try:
            yield tree
        finally:
            run(["git", "worktree", "remove", "--force", tree], cwd=root)


def _push(branch: str, title: str, tree: Path) -> None:
    """Commit what is staged in `tree` and push it as `branch`."""
    name, email = _AUTHOR
    identity = ["-c", f"user.name={name}", "-c", f"user.email={email}"]
    run(["git", *identity, "commit", "--quiet", "--message", title], cwd=tree)
    run(["git", "push", "--quiet", "--force", "origin", f"HEAD:refs/heads/{branch}"], cwd=tree)


def _quoted(text: str) -> str:
    """Return `text` as a block of code, in which GitHub follows no links and notifies nobody."""
    return "".join(f"    {line}\n" for line in text.splitlines())


def _cut(body: str) -> str:
    if len(body) <= _BODY_CHARACTERS:
        return body
    start = body[:_BODY_CHARACTERS].rpartition("\n")[0]
    return f"{start}\n\nThe rest is cut off: GitHub limits the length.\n"
