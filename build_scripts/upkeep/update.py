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
_REQUIREMENTS, _REQUIREMENTS_LOCK = "build_scripts/requirements.txt", "build_scripts/requirements.lock"
# A pin in requirements.txt. People move libclang's, and pixi.toml's with it: it decides the bindings' text.
_PINNED = re.compile(r"^(?!libclang=)([\w-]+)==[^\s;]+", re.MULTILINE)


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
    """Solve pixi.lock and requirements.lock for the newest versions; write the proposal into `folder`."""
    pixi = find_tool("pixi", purpose="to solve pixi.lock", hint="Install pixi; it must reach conda-forge.")
    uv = find_tool("uv", purpose="to solve requirements.lock", hint="pixi has it, and PyPI.")
    run([pixi, "update", "--no-install"], cwd=root)
    _solve_requirements(uv, root)
    body = (
        f"`lock` moved every package to the newest version that pixi.toml and {_REQUIREMENTS} allow.\n\n"
        f"The workflows run inside pixi. Try {_REQUIREMENTS_LOCK} with `bash .ci/run`, outside pixi.\n"
    )
    paths = (_LOCK, _REQUIREMENTS, _REQUIREMENTS_LOCK)
    write(Proposal(branch="lock", title="The newest versions of the tools", body=body), paths, folder, root)
    return f"solved {_LOCK} and {_REQUIREMENTS_LOCK} again"


def _solve_requirements(uv: str, root: Path) -> None:
    """Move the pins in requirements.txt to the newest versions that fit together, and the lock with them."""
    path = root / _REQUIREMENTS
    text = path.read_text(encoding="utf-8")
    command = [uv, "pip", "compile", "--upgrade", "--universal", "--python-version", "3.10", "--no-annotate"]
    # One version of each for all Pythons, because a pin has no room for two.
    solved = run([*command, "--fork-strategy", "fewest", "-"], cwd=root, input=_PINNED.sub(r"\1", text))
    versions = dict(re.findall(r"^([\w-]+)==([^\s;]+)", solved, re.MULTILINE))
    path.write_text(_PINNED.sub(lambda pin: f"{pin[1]}=={versions[pin[1].lower()]}", text), encoding="utf-8")
    run([*command, "--generate-hashes", _REQUIREMENTS, "--output-file", _REQUIREMENTS_LOCK], cwd=root)
