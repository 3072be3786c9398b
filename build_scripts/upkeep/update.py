"""What the scheduled workflows do: move the pin to upstream's newest release, and solve the locks again."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from build_scripts.bindings import diff
from build_scripts.bindings.generate import headers_of
from build_scripts.bindings.ir import Model
from build_scripts.bindings.parse import parse
from build_scripts.errors import ToolError
from build_scripts.pin import RELEASES, ROOT, VARIANTS, Pin, read_pin, read_releases
from build_scripts.process import find_tool, run
from build_scripts.source import fetch, resolve
from build_scripts.versions import check_tag, package_version, sort_key, version_key

from .bump import bump
from .pull_request import Proposal, require_clean, write
from .review import LOCK, LOCK_PATHS, REQUIREMENTS, REQUIREMENTS_LOCK

_logger = logging.getLogger(__name__)

_UPSTREAM = fetch.ARCHIVE_URL.partition("/archive/")[0]
# pixi rewrites its lock file when it runs `update`; only `lock` proposes that change.
_PATHS = (".", ":(exclude)pixi.lock")
# A pin in requirements.txt. People move libclang's, and pixi.toml's with it: it decides the bindings' text.
_PINNED = re.compile(r"^(?!libclang=)([\w-]+)==[^\s;]+", re.MULTILINE)


def newest() -> str:
    """Return the tag of upstream's newest version (v0.5.0), or its newest build if there is no version.

    If GitHub is unreachable, only the recorded releases on npm count.
    """
    try:
        listing = run(
            ["git", "ls-remote", "--tags", "--refs", _UPSTREAM],
            env={"GIT_TERMINAL_PROMPT": "0"},
            timeout=120,
        )
    except ToolError as error:
        _logger.info(
            f"{_UPSTREAM} is unreachable ({str(error).splitlines()[-1]}); using the newest release on npm"
        )
        releases = read_releases(read_pin()).values()
        return max((release.tag for release in releases if release.node_llama_cpp), key=sort_key)
    return max(release_tags(listing), key=sort_key)


def release_tags(listing: str) -> list[str]:
    """Return the release tags in the output of `git ls-remote --tags`; upstream has other tags too."""
    tags = re.findall(r"\trefs/tags/(b[1-9]\d*|v\d+\.\d+\.\d+)$", listing, re.MULTILINE)
    if not tags:
        raise ToolError(f"{_UPSTREAM} lists no release tag; check whether upstream changed its tag names")
    return [check_tag(tag) for tag in tags]


def update(tag: str | None, folder: Path, root: Path = ROOT) -> str:
    """Bump the checkout `root` to `tag`, or to the newest release, and write the proposal into `folder`.

    If that is not newer than the pin, the proposal is empty. Run `verify` on the result before opening the
    pull request.
    """
    pin = read_pin(root / VARIANTS.relative_to(ROOT))
    old_tag = pin.release.tag
    tag = check_tag(tag) if tag else newest()
    if not _is_newer(tag, pin, root):
        write(None, _PATHS, folder, root)
        return f"{old_tag} is pinned, and {tag} is not newer"
    require_clean(_PATHS, root)
    old_model = _model(old_tag, root)
    summary = bump(tag, None, root)
    comparison = diff.compare(old_model, _model(tag, root))
    write(proposal(comparison, old_tag, tag), _PATHS, folder, root)
    return summary


def proposal(comparison: diff.Diff, old_tag: str, tag: str) -> Proposal:
    """Describe a bump for its pull request; `propose` decides whether a person must merge it."""
    body = (
        "`update` moved the pin and everything that depends on it, and `verify` passed. "
        f"Output of `python3 -m build_scripts diff {old_tag} {tag}`:\n\n"
        f"{diff.to_text(comparison, old_tag, tag)}"
    )
    return Proposal("update", body)


def _is_newer(tag: str, pin: Pin, root: Path) -> bool:
    """Return whether release `tag` came after the pin; a build's version is in its tree, which is fetched."""
    if tag[0] == pin.release.tag[0]:
        return sort_key(tag) > sort_key(pin.release.tag)
    if tag[0] == "v":
        version = tag[1:]
    else:
        releases = read_releases(pin, root / RELEASES.relative_to(ROOT))
        version = package_version(tag, resolve(tag, pin=pin, releases=releases).path)
    return version_key(version) > version_key(pin.version)


def _model(tag: str, root: Path) -> Model:
    """Parse the headers of the checkout's pin `tag`, or the identical ones of its fallback release."""
    pin = read_pin(root / VARIANTS.relative_to(ROOT))
    releases = read_releases(pin, root / RELEASES.relative_to(ROOT))
    return parse(headers_of(resolve(None, pin=pin, releases=releases), tag, pin))


def lock(folder: Path, root: Path = ROOT) -> str:
    """Solve pixi.lock and requirements.lock for the newest versions; write the proposal into `folder`."""
    pixi = find_tool("pixi", purpose="to solve pixi.lock", hint="Install pixi; it must reach conda-forge.")
    uv = find_tool("uv", purpose="to solve requirements.lock", hint="pixi has it, and PyPI.")
    run([pixi, "update", "--no-install"], cwd=root)
    _solve_requirements(uv, root)
    body = (
        f"`lock` moved every package to the newest version that pixi.toml and {REQUIREMENTS} allow.\n\n"
        f"The workflows run inside pixi. Try {REQUIREMENTS_LOCK} with `bash .ci/run`, outside pixi.\n"
    )
    write(Proposal("lock", body), sorted(LOCK_PATHS), folder, root)
    return f"solved {LOCK} and {REQUIREMENTS_LOCK} again"


def _solve_requirements(uv: str, root: Path) -> None:
    """Move the pins in requirements.txt to the newest versions that fit together, and the lock with them."""
    path = root / REQUIREMENTS
    text = path.read_text(encoding="utf-8")
    command = [uv, "pip", "compile", "--upgrade", "--universal", "--python-version", "3.10", "--no-annotate"]
    # One version of each for all Pythons, because a pin has no room for two.
    solved = run([*command, "--fork-strategy", "fewest", "-"], cwd=root, input=_PINNED.sub(r"\1", text))
    versions = dict(re.findall(r"^([\w-]+)==([^\s;]+)", solved, re.MULTILINE))
    path.write_text(_PINNED.sub(lambda pin: f"{pin[1]}=={versions[pin[1].lower()]}", text), encoding="utf-8")
    run([*command, "--generate-hashes", REQUIREMENTS, "--output-file", REQUIREMENTS_LOCK], cwd=root)
