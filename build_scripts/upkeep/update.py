"""The nightly steps: the pin to upstream's newest release, and pixi.lock anew; each as a proposal."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from build_scripts.bindings import diff
from build_scripts.bindings.generate import headers_of
from build_scripts.bindings.ir import Model
from build_scripts.bindings.parse import parse
from build_scripts.errors import ToolError
from build_scripts.pin import RELEASES, ROOT, VARIANTS, read_pin, read_releases
from build_scripts.process import find_tool, run
from build_scripts.source import fetch, resolve
from build_scripts.versions import check_tag, sort_key

from .bump import bump
from .pull_request import Proposal, require_clean, write

_logger = logging.getLogger(__name__)

_UPSTREAM = fetch.ARCHIVE_URL.partition("/archive/")[0]
# pixi writes its lock file when it runs this; that is `lock`'s to propose.
_PATHS = (".", ":(exclude)pixi.lock")
_LOCK = "pixi.lock"


def newest() -> str:
    """The tag of upstream's newest release: by number, a version (v0.5.0) coming after every build (b6124).

    Where GitHub is out of reach, the newest that is on record and that npm carries.
    """
    try:
        listed = run(
            ["git", "ls-remote", "--tags", "--refs", _UPSTREAM],
            env={"GIT_TERMINAL_PROMPT": "0"},
            timeout=120,
        )
    except ToolError as error:
        _logger.info(
            f"{_UPSTREAM} does not answer ({str(error).splitlines()[-1]}): looking at what npm carries"
        )
        return max((r.tag for r in read_releases(read_pin()).values() if r.node_llama_cpp), key=sort_key)
    return max(releases_of(listed), key=sort_key)


def releases_of(listed: str) -> list[str]:
    """The release tags in the output of `git ls-remote --tags`; upstream has other tags too."""
    tags = re.findall(r"\trefs/tags/(b[1-9]\d*|v\d+\.\d+\.\d+)$", listed, re.MULTILINE)
    if not tags:
        raise ToolError(f"{_UPSTREAM} lists no release tag; did upstream change how it names releases?")
    return [check_tag(tag) for tag in tags]


def update(tag: str | None, folder: Path, root: Path = ROOT) -> str:
    """Bump the checkout `root` to `tag`, or to the newest release, and write the proposal into `folder`.

    Without a newer release the proposal says that there is nothing. Whether the new bindings hold is for
    `verify` to say, before anyone makes a pull request of it.
    """
    was = read_pin(root / VARIANTS.relative_to(ROOT)).release.tag
    tag = check_tag(tag) if tag else newest()
    if sort_key(tag) <= sort_key(was):
        write(None, _PATHS, folder, root)
        return f"{was} is pinned; the newest release is {tag}"
    require_clean(_PATHS, root)
    old = _model(was, root)
    done = bump(tag, None, root)
    compared = diff.compare(old, _model(tag, root))
    write(proposal(compared, was, tag), _PATHS, folder, root)
    return done


def proposal(compared: diff.Diff, was: str, tag: str) -> Proposal:
    """The pull request of a bump. It waits for a person exactly where something breaks the ABI."""
    breaks = any(change.breaks_abi for change in compared.changes)
    verdict = "It breaks the ABI: merging is up to you." if breaks else "It breaks no ABI."
    return Proposal(
        branch="update",
        title=f"llama.cpp {tag}, after {was}",
        body=f"`update` moved the pin and all that follows from it, and `verify` holds. {verdict}\n\n"
        f"What `python3 -m build_scripts diff --markdown {was} {tag}` says:\n\n{diff.to_markdown(compared)}",
        merge=not breaks,
        checks=("ci.yml", "build.yml"),
    )


def _model(tag: str, root: Path) -> Model:
    """The public declarations of the checkout's pin `tag`, by its stand-in's headers if need be."""
    pin = read_pin(root / VARIANTS.relative_to(ROOT))
    releases = read_releases(pin, root / RELEASES.relative_to(ROOT))
    return parse(headers_of(resolve(None, pin=pin, releases=releases), tag, pin))


def lock(folder: Path, root: Path = ROOT) -> str:
    """Have pixi solve pixi.lock anew and write the proposal into `folder`."""
    pixi = find_tool("pixi", purpose="to solve pixi.lock", hint="Install pixi; it must reach conda-forge.")
    run([pixi, "update", "--no-install"], cwd=root)
    body = "`pixi update`: every package at its newest version that pixi.toml allows.\n"
    write(Proposal(branch="lock", title="pixi.lock anew", body=body), (_LOCK,), folder, root)
    return f"{_LOCK} is solved anew"
