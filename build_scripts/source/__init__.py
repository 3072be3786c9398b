"""A verified, unpacked tree of any release: from a path, the cache, GitHub or npm, in that order.

Every tree is checked against its recorded digest before anything reads it.

    fetch      downloads: GitHub's archive, or the bundle inside an npm package
    unpack     unpacks archives that may be hostile
    gittree    the id that git gives a folder's content
    locking    a lock between processes
    treecache  unpacked trees in the cache, checked before each use
    available  which releases this machine can get
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from build_scripts.cache import cache_folder
from build_scripts.errors import LlamaCtypesError, SourceError, VerificationError
from build_scripts.pin import Pin, Release

from . import fetch, gittree
from .available import tags_here
from .treecache import TreeCache

_logger = logging.getLogger(__name__)

__all__ = ["SourceTree", "cache_folder", "resolve"]

_LANDMARK = Path("include", "llama.h")


@dataclass(frozen=True)
class SourceTree:
    """A release's files, verified."""

    tag: str
    """The release this is; differs from the pin's where the stand-in was taken."""
    path: Path
    """The folder that holds include/llama.h. Not to be written to: it may be the cache's or the user's."""
    origin: str
    """Where it came from, as a phrase for people: "cache", "GitHub archive", "path /x/y"."""
    git_tree: str
    """Id of the tree, computed from the files."""
    archive_sha256: str | None = None
    """Of the release's archive, as on record or else as found; None for a folder of no record."""


def resolve(
    tag: str | None,
    path: Path | None = None,
    *,
    pin: Pin,
    releases: Mapping[str, Release],
    suffices: Callable[[Path], bool] = lambda _: False,
) -> SourceTree:
    """Give the tree of release `tag`; None means the pin or, with GitHub out of reach, its stand-in.

    With `path`, a folder or tar archive, nothing else is looked at; a folder is used where it is.
    What a user should know is logged: downloads, the fallback release, trees and hashes that are trusted
    on first use. `suffices` says of the stand-in's tree, where the cache has that and not
    the pin's, whether it serves the caller as well: then nobody asks the network. Raises
    VerificationError where bytes are not what is on record, and SourceError, with the tags that can
    be had here, where no tree of the tag can be.
    """
    wanted = tag or pin.release.tag
    release = releases.get(wanted) or Release(wanted)
    cache = TreeCache(cache_folder())
    if path is not None:
        return _from_path(path, release, releases, cache)
    if found := _from_cache(release, cache):
        return found

    has_fallback = tag is None and pin.fallback != wanted
    fallback = releases.get(pin.fallback) or Release(pin.fallback)
    if has_fallback and (found := _from_cache(fallback, cache)) and suffices(found.path):
        _logger.info(f"{fallback.tag}, in the cache, stands in for {wanted}; its public headers are the same")
        return found

    tried: list[Exception] = []
    ways: list[_Way] = [_from_github] if has_fallback else [_from_github, _from_npm]
    if found := _fetched(release, ways, cache, tried):
        return found
    if has_fallback:
        if not isinstance(tried[-1], fetch.OutOfReach):
            # GitHub was there and gave no sound archive: no case for another release.
            raise tried[-1]
        _logger.info(f"{tried[-1]}: {fallback.tag} stands in for {wanted}; its public headers are the same")
        found = _from_cache(fallback, cache) or _fetched(fallback, [_from_npm], cache, tried)
        if found:
            return found
    reasons = "; ".join(map(_one_line, tried))
    raise SourceError(
        f"{wanted} cannot be had here: not in the cache; {reasons}. "
        f"What can: {tags_here(cache, releases)}; any tree with --source PATH"
    )


_Way = Callable[[Release, TreeCache], SourceTree]


def _fetched(
    release: Release, ways: Sequence[_Way], cache: TreeCache, tried: list[Exception]
) -> SourceTree | None:
    """Try the `ways` in turn; add to `tried` why each failed. A failed verification ends it all."""
    with cache.lock(f"tag-{release.tag}"):
        # Another process may have fetched it while this one waited.
        if found := _from_cache(release, cache):
            return found
        for way in ways:
            try:
                return way(release, cache)
            except VerificationError:
                raise
            except (LlamaCtypesError, fetch.OutOfReach) as error:
                tried.append(error)
    return None


def _from_cache(release: Release, cache: TreeCache) -> SourceTree | None:
    first = cache.first_use(release.tag)
    git_tree = release.git_tree or first.get("git_tree")
    archive_sha256 = release.archive_sha256 or first.get("archive_sha256")
    # A first use that contradicts what has been put on record since is worth nothing.
    stale = release.git_tree is None and archive_sha256 != first.get("archive_sha256")
    if git_tree is None or stale:
        return None
    folder = cache.find(git_tree, release.gitlinks)
    return SourceTree(release.tag, folder, "cache", git_tree, archive_sha256) if folder else None


def _from_github(release: Release, cache: TreeCache) -> SourceTree:
    tag = release.tag
    with cache.temporary() as temporary:
        archive = temporary / f"{tag}.tar.gz"
        sha256 = fetch.github_archive(tag, archive)
        first = cache.first_use(tag).get("archive_sha256")
        expected = release.archive_sha256 or first
        if expected is not None and sha256 != expected:
            record = "is on record" if release.archive_sha256 else "was recorded at its first use here"
            raise VerificationError(
                f"GitHub's archive of {tag} has the sha256 {sha256}, but {expected} {record}; "
                "nothing of it was used"
            )
        tree = _admit(archive, temporary, release, cache, origin="GitHub archive", archive_sha256=sha256)
        if first is None:
            if expected is None and release.git_tree is None:
                _logger.info(f"{tag} is on no record; its archive is trusted from now on: sha256 {sha256}")
            cache.record_first_use(tag, archive_sha256=sha256, git_tree=tree.git_tree)
        return tree


def _from_npm(release: Release, cache: TreeCache) -> SourceTree:
    if release.node_llama_cpp is None or release.git_tree is None:
        raise SourceError(f"no npm package is known to carry {release.tag}")
    with cache.temporary() as temporary:
        archive = fetch.npm_tree(release, temporary)
        origin = f"npm node-llama-cpp@{release.node_llama_cpp}"
        return _admit(
            archive, temporary, release, cache, origin=origin, archive_sha256=release.archive_sha256
        )


def _from_path(
    path: Path,
    release: Release,
    releases: Mapping[str, Release],
    cache: TreeCache,
) -> SourceTree:
    path = path.expanduser().absolute()
    origin = f"path {path}"
    if path.is_dir():
        _check_landmark(path, os.fspath(path))
        files = gittree.blobs(path)
        git_tree = gittree.tree_id(files, release.gitlinks)
        recorded = release.archive_sha256 if git_tree == release.git_tree else None
        tree = SourceTree(release.tag, path, origin, git_tree, recorded)
        _check_record(tree, files, release, releases)
    elif path.is_file():
        sha256 = _file_sha256(path)
        with cache.temporary() as temporary:
            tree = _admit(
                path, temporary, release, cache, origin=origin, archive_sha256=sha256, releases=releases
            )
    elif path.exists():
        raise SourceError(f"{path} is neither a folder nor an archive")
    else:
        raise SourceError(f"{path}: there is no such folder or archive")
    if release.git_tree is None and release.archive_sha256 is None:
        _logger.info(f"{release.tag} is on no record; {path} is taken as it: git tree {tree.git_tree}")
    return tree


def _admit(
    archive: Path,
    temporary: Path,
    release: Release,
    cache: TreeCache,
    *,
    origin: str,
    archive_sha256: str | None,
    releases: Mapping[str, Release] | None = None,
) -> SourceTree:
    """Unpack `archive` aside, check it against the record of `release`, publish it in the cache."""
    from .unpack import unpack

    unpacked = unpack(archive, temporary / "unpacked")
    _check_landmark(unpacked.root, f"{archive.name} ({origin})")
    files = gittree.blobs(unpacked.root, unpacked.executables)
    git_tree = gittree.tree_id(files, release.gitlinks)
    tree = SourceTree(release.tag, unpacked.root, origin, git_tree, archive_sha256)
    _check_record(tree, files, release, releases or {})
    folder = cache.publish(unpacked.root, git_tree, release.gitlinks, unpacked.executables)
    # A repacked archive has the right tree under another hash; the record is what others can use.
    return SourceTree(release.tag, folder, origin, git_tree, release.archive_sha256 or archive_sha256)


def _check_record(
    tree: SourceTree,
    files: Mapping[str, tuple[str, str]],
    release: Release,
    releases: Mapping[str, Release],
) -> None:
    """Raise VerificationError unless `tree` is what is on record for `release`, if anything is."""
    if release.git_tree in (None, tree.git_tree):
        if release.git_tree is None and release.archive_sha256 not in (None, tree.archive_sha256):
            raise VerificationError(
                f"{tree.origin} has the sha256 {tree.archive_sha256 or 'of no archive'}, "
                f"but {release.archive_sha256} is all that is on record for {release.tag}"
            )
        return
    for other in releases.values():
        if other.git_tree == gittree.tree_id(files, other.gitlinks):
            raise VerificationError(
                f"{tree.origin} is {other.tag}, not {release.tag}: git tree {other.git_tree}, "
                f"but {release.git_tree} is on record; pass --tag {other.tag}"
            )
    raise VerificationError(
        f"{tree.origin} is not {release.tag}: git tree {tree.git_tree}, but {release.git_tree} is on record; "
        "give a modified tree under a tag of no record, such as --tag b99999"
    )


def _check_landmark(folder: Path, name: str) -> None:
    if not (folder / _LANDMARK).is_file():
        raise SourceError(f"{name} has no {_LANDMARK.as_posix()}: it is not the top of a llama.cpp tree")


def _one_line(error: Exception) -> str:
    """A tool's error shortened: what failed, and the first lines of why."""
    first, *more = str(error).splitlines()
    return f"{first.partition(': ')[0]} ({' / '.join(more[:3])})" if more else first


def _file_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror}") from error
    return digest.hexdigest()
