"""A verified, unpacked tree of any release: from a path, the cache, GitHub or npm, in that order.

Nothing reads a tree before it is checked against its recorded digest.

    fetch      downloads: GitHub's archive, or the bundle inside an npm package
    unpack     unpacks archives that may be hostile
    gittree    computes the id that git gives to a folder's content
    locking    locks between processes
    scratch    scratch folders in the cache, removed also after a kill
    treecache  unpacked trees in the cache, checked before each use
    available  lists the releases that this machine can get
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from build_scripts.cache import cache_folder
from build_scripts.errors import LlamaCtypesError, SourceError, VerificationError
from build_scripts.pin import Pin, Release, read_executables

from . import fetch, gittree
from .available import tags_here
from .treecache import TreeCache

_logger = logging.getLogger(__name__)

__all__ = ["SourceTree", "cache_folder", "resolve"]

# Every release has these; the bindings need both.
_LANDMARKS = ("include/llama.h", "ggml/include/ggml.h")


@dataclass(frozen=True)
class SourceTree:
    """The verified files of a release."""

    tag: str
    """Its release; not the pinned one if the fallback release is used."""
    path: Path
    """The folder that contains include/llama.h. Do not write to it: it may be the cache's or the user's."""
    origin: str
    """Where it came from, as a phrase for people: "cache", "GitHub archive", "path /x/y"."""
    git_tree: str
    """The tree's id, computed from the files."""
    archive_sha256: str | None = None
    """The sha256 of the release's archive: the recorded one, else the computed one. None for a folder
    without a record."""


def resolve(
    tag: str | None,
    path: Path | None = None,
    *,
    pin: Pin,
    releases: Mapping[str, Release],
    accept_fallback: Callable[[Path], bool] = lambda _: False,
) -> SourceTree:
    """Return the tree of release `tag`; None means the pin or, if GitHub is out of reach, its fallback.

    If `path` is given, a folder or a tar archive, no other place is tried; a folder is used in place.
    Downloads, the use of the fallback release, and trees and hashes that are trusted on first use are
    logged. If the cache contains the fallback's tree but not the pin's, `accept_fallback(its folder)`
    decides whether to use it without trying the network. Raises VerificationError if the bytes differ from
    the record, and SourceError, which lists the available tags, if no tree of the tag is available.
    """
    requested = tag or pin.release.tag
    release = releases.get(requested) or Release(requested)
    cache = TreeCache(cache_folder())
    if path is not None:
        return _from_path(path, release, releases, cache)
    if tree := _from_cache(release, cache):
        return tree

    has_fallback = tag is None and pin.fallback != requested
    fallback = releases.get(pin.fallback) or Release(pin.fallback)
    instead = f"using {fallback.tag} instead of {requested}; their public headers are identical"
    if has_fallback and (tree := _from_cache(fallback, cache)) and accept_fallback(tree.path):
        _logger.info(f"{requested} is not in the cache: {instead}")
        return tree

    errors: list[Exception] = []
    sources: list[_Source] = [_from_github] if has_fallback else [_from_github, _from_npm]
    if tree := _fetch(release, sources, cache, errors):
        return tree
    if has_fallback:
        if not isinstance(errors[-1], fetch.OutOfReach):
            # GitHub answered, but not with a sound archive; another release would hide that.
            raise errors[-1]
        _logger.info(f"{errors[-1]}: {instead}")
        tree = _from_cache(fallback, cache) or _fetch(fallback, [_from_npm], cache, errors)
        if tree:
            return tree
    reasons = "; ".join(map(_one_line, errors))
    raise SourceError(
        f"{requested} is not available: not in the cache; {reasons}. "
        f"Pass --source PATH; {tags_here(cache, releases)}"
    )


_Source = Callable[[Release, TreeCache], SourceTree]


def _fetch(
    release: Release, sources: Sequence[_Source], cache: TreeCache, errors: list[Exception]
) -> SourceTree | None:
    """Try the `sources` in turn, collecting their errors in `errors`; a failed verification is raised."""
    with cache.lock(f"tag-{release.tag}"):
        # Another process may have fetched it while this one waited.
        if tree := _from_cache(release, cache):
            return tree
        for source in sources:
            try:
                return source(release, cache)
            except VerificationError:
                raise
            except (LlamaCtypesError, fetch.OutOfReach) as error:
                errors.append(error)
    return None


def _from_cache(release: Release, cache: TreeCache) -> SourceTree | None:
    first = cache.first_use(release.tag)
    git_tree = release.git_tree or first.get("git_tree")
    archive_sha256 = release.archive_sha256 or first.get("archive_sha256")
    # Ignore a first use that contradicts a record made since.
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
            record = "the recorded one" if release.archive_sha256 else "the one of its first use here"
            raise VerificationError(
                f"GitHub's archive of {tag} has the sha256 {sha256}, but {record} is {expected}; "
                "the archive was not used"
            )
        tree = _admit(archive, temporary, release, cache, origin="GitHub archive", archive_sha256=sha256)
        if first is None:
            if expected is None and release.git_tree is None:
                _logger.info(f"{tag} has no recorded checksum; trusting it on first use: sha256 {sha256}")
            cache.record_first_use(tag, archive_sha256=sha256, git_tree=tree.git_tree)
        return tree


def _from_npm(release: Release, cache: TreeCache) -> SourceTree:
    if release.node_llama_cpp is None or release.git_tree is None:
        raise SourceError(f"no known npm package contains {release.tag}")
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
        _check_landmarks(path, os.fspath(path))
        files = _files_on_disk(path, release, cache)
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
        raise SourceError(f"{path} is neither a folder nor an archive; pass a llama.cpp tree")
    else:
        raise SourceError(f"{path} does not exist; pass the folder or tar archive of a llama.cpp tree")
    if release.git_tree is None and release.archive_sha256 is None:
        _logger.info(f"{release.tag} has no recorded tree; using {path} for it: git tree {tree.git_tree}")
    return tree


def _files_on_disk(path: Path, release: Release, cache: TreeCache) -> dict[str, tuple[str, str]]:
    """Hash the files in the folder `path`, as gittree.blobs does.

    A file system without marks for executables (Windows) cannot tell whether the folder is `release`. So the
    marks are those of the same tree in the cache, or else those of the pin.
    """
    return gittree.blobs(
        path, None if gittree.MODES_ON_DISK else _listed_executables(release.git_tree, cache)
    )


def keep(tree: SourceTree, gitlinks: Sequence[tuple[str, str]] = ()) -> None:
    """Copy `tree` into the cache unless it is there, so that later commands find it by its record."""
    cache = TreeCache(cache_folder())
    if cache.has(tree.git_tree):
        return
    with cache.temporary() as temporary:
        copy = temporary / "copy"
        shutil.copytree(tree.path, copy, symlinks=True, ignore=_git_folder(tree.path))
        cache.publish(copy, tree.git_tree, tuple(gitlinks), executables(tree))


def _git_folder(root: Path) -> Callable[[str, list[str]], list[str]]:
    """Make shutil.copytree skip the .git at the top, which is not part of the tree."""
    return lambda folder, _: [".git"] if Path(folder) == root else []


def executables(tree: SourceTree) -> frozenset[str]:
    """Return which files of `tree` are executable, as paths with slashes."""
    if gittree.MODES_ON_DISK:
        return gittree.executables(tree.path)
    return _listed_executables(tree.git_tree, TreeCache(cache_folder()))


def _listed_executables(git_tree: str | None, cache: TreeCache) -> frozenset[str]:
    cached = cache.executables(git_tree) if git_tree else None
    return read_executables() if cached is None else cached


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
    """Unpack `archive` in `temporary`, check it against the record of `release`, publish it in the cache."""
    from .unpack import unpack

    unpacked = unpack(archive, temporary / "unpacked")
    _check_landmarks(unpacked.root, f"{archive.name} ({origin})")
    files = gittree.blobs(unpacked.root, unpacked.executables)
    git_tree = gittree.tree_id(files, release.gitlinks)
    tree = SourceTree(release.tag, unpacked.root, origin, git_tree, archive_sha256)
    _check_record(tree, files, release, releases or {})
    folder = cache.publish(unpacked.root, git_tree, release.gitlinks, unpacked.executables)
    # A repacked archive has the right tree but another hash; only the recorded hash is of use to others.
    return SourceTree(release.tag, folder, origin, git_tree, release.archive_sha256 or archive_sha256)


def _check_record(
    tree: SourceTree,
    files: Mapping[str, tuple[str, str]],
    release: Release,
    releases: Mapping[str, Release],
) -> None:
    """Raise VerificationError if `tree` differs from the record of `release`; a tag may have none."""
    if release.git_tree in (None, tree.git_tree):
        if release.git_tree is None and release.archive_sha256 not in (None, tree.archive_sha256):
            checksum = f"the sha256 {tree.archive_sha256}" if tree.archive_sha256 else "no archive sha256"
            raise VerificationError(
                f"{tree.origin} has {checksum}, but {release.tag} is recorded only by its archive's sha256 "
                f"{release.archive_sha256}; pass that archive"
            )
        return
    for other in releases.values():
        if other.git_tree == gittree.tree_id(files, other.gitlinks):
            raise VerificationError(
                f"{tree.origin} is {other.tag}, not {release.tag}: its git tree is {other.git_tree}, "
                f"the recorded one {release.git_tree}; pass --tag {other.tag}"
            )
    hint = "" if gittree.MODES_ON_DISK else ". Or pass an archive: folders here do not mark executable files"
    raise VerificationError(
        f"{tree.origin} is not {release.tag}: its git tree is {tree.git_tree}, the recorded one "
        f"{release.git_tree}; for a modified tree pass a tag without a record, such as --tag b99999{hint}"
    )


def _check_landmarks(folder: Path, name: str) -> None:
    for landmark in _LANDMARKS:
        if not (folder / landmark).is_file():
            raise SourceError(f"{name} has no {landmark}; pass the top folder of a llama.cpp tree")


def _one_line(error: Exception) -> str:
    """Shorten a tool's error to what failed and the first lines of its output."""
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
