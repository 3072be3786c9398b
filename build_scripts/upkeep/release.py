"""A release of this project: its tag, its section of the changelog, and its packages on their channel.

A release is named after what it packages: v0.0.6124 is llama.cpp's 0.0.6124, and v0.0.6124-1 the same built
anew, with 1 as the recipe's build number.
"""

from __future__ import annotations

import datetime
import logging
import re
from pathlib import Path

import yaml

from build_scripts.errors import PackageError, UsageError
from build_scripts.pin import ROOT, VARIANTS, read_pin
from build_scripts.process import run

_logger = logging.getLogger(__name__)

# The one server that rattler-build uploads to without a key.
_SERVER = "https://prefix.dev"
_UNRELEASED = "## Unreleased\n"


def version(root: Path = ROOT) -> str:
    """What the checkout `root` is released as: the pin's version, and the build number where it is not 0."""
    recipe = yaml.safe_load((root / "recipe" / "recipe.yaml").read_text(encoding="utf-8"))
    number = recipe["context"]["number"]
    pinned = read_pin(root / VARIANTS.relative_to(ROOT)).version
    return f"{pinned}-{number}" if number else pinned


def cut(root: Path = ROOT, today: datetime.date | None = None) -> str:
    """Give what is unreleased in CHANGELOG.md its version and date; say what is to be typed next."""
    path, new = root / "CHANGELOG.md", version(root)
    text = path.read_text(encoding="utf-8")
    if _section(text, new) is not None:
        raise UsageError(
            f"CHANGELOG.md has a section {new} already; raise `number` in recipe/recipe.yaml to build it anew"
        )
    before, heading, rest = text.partition(_UNRELEASED)
    if not heading or not rest.partition("\n## ")[0].strip():
        raise UsageError(f"CHANGELOG.md has nothing under {_UNRELEASED.strip()!r} to release")
    date = today or datetime.datetime.now(datetime.timezone.utc).date()
    path.write_text(f"{before}{heading}\n## {new} ({date})\n{rest}", encoding="utf-8")
    return (
        f"CHANGELOG.md: what was unreleased is {new} now. Next:\n"
        f"  git commit -m 'Release {new}' CHANGELOG.md\n"
        f"  git tag v{new}\n"
        f"  git push origin main v{new}"
    )


def notes(tag: str, root: Path = ROOT) -> str:
    """The changelog's section of the release `tag`; refused where the checkout is another release's."""
    expected = f"v{version(root)}"
    if tag != expected:
        raise UsageError(f"{tag!r} is not the tag of this checkout, which is released as {expected}")
    section = _section((root / "CHANGELOG.md").read_text(encoding="utf-8"), tag[1:])
    if not section:
        raise UsageError(f"CHANGELOG.md has no section {tag[1:]}; `release` makes it before the tag is set")
    return section


def _section(text: str, name: str) -> str | None:
    found = re.search(rf"^## {re.escape(name)} \([^\n]*\)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return f"{found[1].strip()}\n" if found else None


def publish(tag: str, folder: Path, channel: str) -> str:
    """Upload every package below `folder` to `channel`, each with an attestation of who built it.

    No key takes part: the server trusts this repository's release workflow, which is where this works.
    Packages that are there already are left alone, so that a release cut short can be run again.
    """
    from rattler_build import RattlerBuildError, upload_package_to_prefix

    notes(tag)
    pinned = read_pin().version
    packages = sorted(folder.rglob("*.conda"))
    if not packages:
        raise UsageError(f"{folder} holds no .conda file")
    others = [path.name for path in packages if not path.name.startswith(f"llama-ctypes-{pinned}-")]
    if others:
        raise UsageError(f"{folder} holds packages that are not of {pinned}: {', '.join(others)}")
    for package in packages:
        _logger.info(f"uploading {package.name} to {_SERVER}/{channel}")
        try:
            upload_package_to_prefix(
                [str(package)], _SERVER, channel, skip_existing=True, generate_attestation=True
            )
        except RattlerBuildError as error:
            raise PackageError(f"{package.name} was not uploaded: {error}") from error
    return f"{len(packages)} packages of {tag} are on {_SERVER}/{channel}"


def github_release(tag: str, root: Path = ROOT) -> str:
    """Make the GitHub release of `tag`, which must be there, with the changelog's section as its notes."""
    text = notes(tag, root)
    create = ["gh", "release", "create", tag, "--verify-tag", "--title", tag, "--notes-file", "-"]
    return run(create, cwd=root, input=text).strip()
