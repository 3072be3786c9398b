"""Release this project: cut the changelog, upload the packages, create the GitHub release.

A project release is named after the llama.cpp version that it packages: v0.0.6124 is 0.0.6124. A rebuild of
the same version appends the recipe's build number: v0.0.6124-1.
"""

from __future__ import annotations

import datetime
import logging
import re
from pathlib import Path

import yaml

from build_scripts.errors import PackageError, UsageError
from build_scripts.packaging.variants import matrix
from build_scripts.pin import ROOT, VARIANTS, read_pin
from build_scripts.process import run

_logger = logging.getLogger(__name__)

# The only server to which rattler-build uploads without an API key.
_SERVER = "https://prefix.dev"
_UNRELEASED = "## Unreleased\n"


def version(root: Path = ROOT) -> str:
    """Return the release version of the checkout `root`: the pin's version, plus a build number above 0."""
    recipe = yaml.safe_load((root / "recipe" / "recipe.yaml").read_text(encoding="utf-8"))
    number = recipe["context"]["number"]
    upstream = read_pin(root / VARIANTS.relative_to(ROOT)).version
    return f"{upstream}-{number}" if number else upstream


def cut(root: Path = ROOT, today: datetime.date | None = None) -> str:
    """Put the unreleased entries of CHANGELOG.md under a version and date; return the next commands."""
    path, new = root / "CHANGELOG.md", version(root)
    text = path.read_text(encoding="utf-8")
    if _section(text, new) is not None:
        raise UsageError(
            f"CHANGELOG.md has a section {new} already; to release a rebuild, raise `number` in "
            "recipe/recipe.yaml"
        )
    before, heading, rest = text.partition(_UNRELEASED)
    if not heading or not rest.partition("\n## ")[0].strip():
        raise UsageError(f"CHANGELOG.md has nothing under {_UNRELEASED.strip()!r}; add an entry to release")
    date = today or datetime.datetime.now(datetime.timezone.utc).date()
    path.write_text(f"{before}{heading}\n## {new} ({date})\n{rest}", encoding="utf-8")
    return (
        f"CHANGELOG.md: the unreleased entries are now under {new}. Next:\n"
        f"  git commit -m 'Release {new}' CHANGELOG.md\n"
        f"  git tag v{new}\n"
        f"  git push origin main v{new}"
    )


def notes(tag: str, root: Path = ROOT) -> str:
    """Return the changelog's section of the release `tag`; UsageError if `tag` is not this checkout's."""
    expected = f"v{version(root)}"
    if tag != expected:
        raise UsageError(f"{tag!r} is not the tag of this checkout; use {expected}")
    section = _section((root / "CHANGELOG.md").read_text(encoding="utf-8"), tag[1:])
    if not section:
        raise UsageError(f"CHANGELOG.md has no section {tag[1:]}; run `release` before setting the tag")
    return section


def _section(text: str, name: str) -> str | None:
    match = re.search(rf"^## {re.escape(name)} \([^\n]*\)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return f"{match[1].strip()}\n" if match else None


def publish(tag: str, folder: Path, channel: str) -> str:
    """Upload every package below `folder` to `channel`, each with an attestation of who built it.

    This works in the release workflow only: the server trusts it, so no key is needed. Nothing is uploaded
    unless `folder` has every package of the release and the changelog its notes. Packages that are already
    on the channel are skipped, so an interrupted release can be run again.
    """
    from rattler_build import RattlerBuildError, upload_package_to_prefix

    notes(tag)
    upstream = read_pin().version
    packages = sorted(folder.rglob("*.conda"))
    if not packages:
        raise UsageError(f"{folder} contains no .conda file; run `build --for-publish` first")
    foreign = [path.name for path in packages if not path.name.startswith(f"llama-ctypes-{upstream}-")]
    if foreign:
        raise UsageError(f"{folder} contains packages not of {upstream}; remove {', '.join(foreign)}")
    present = {f"{path.parent.name}-{path.stem.rpartition('-')[2].partition('_')[0]}" for path in packages}
    missing = sorted({entry["name"] for entry in matrix()} - present)
    if missing:
        raise UsageError(f"{folder} lacks {', '.join(missing)}; run their jobs again before you publish")
    for package in packages:
        _logger.info(f"uploading {package.name} to {_SERVER}/{channel}")
        try:
            upload_package_to_prefix(
                [str(package)], _SERVER, channel, skip_existing=True, generate_attestation=True
            )
        except RattlerBuildError as error:
            raise PackageError(f"cannot upload {package.name}: {error}; run the release again") from error
    return f"{len(packages)} packages of {tag} are on {_SERVER}/{channel}"


def github_release(tag: str, folder: Path | None, root: Path = ROOT) -> str:
    """Create the GitHub release of the existing `tag`, with the changelog's section as its notes.

    The wheels below `folder` become its files.
    """
    text = notes(tag, root)
    wheels = sorted(folder.resolve().rglob("*.whl")) if folder else []
    if folder and not wheels:
        raise UsageError(f"{folder} contains no wheel; run `wheel` first")
    create = ["gh", "release", "create", tag, "--verify-tag", "--title", tag, "--notes-file", "-"]
    return run([*create, *wheels], cwd=root, input=text).strip()
