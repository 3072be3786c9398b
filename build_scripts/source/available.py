"""Lists the releases that this machine can get, for the error about one that it cannot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from build_scripts.pin import Release
from build_scripts.versions import sort_key

from . import fetch
from .treecache import TreeCache


def tags_here(cache: TreeCache, releases: Mapping[str, Release]) -> str:
    """Return the tags in the cache, and those on npm if npm is installed, as one phrase."""
    known = releases.values()
    cached = {release.tag for release in known if release.git_tree and cache.has(release.git_tree)}
    cached |= {tag for tag in cache.tags() if cache.has(cache.first_use(tag).get("git_tree", "-"))}
    npm = [r.tag for r in known if r.node_llama_cpp and r.git_tree] if fetch.npm_works() else []
    parts = []
    if cached:
        parts.append(f"{_list(cached)} (cache)")
    if npm:
        parts.append(f"{_list(npm)} (npm)")
    return f"available here: {'; '.join(parts)}" if parts else "no release is available here"


def _list(tags: Iterable[str]) -> str:
    return ", ".join(sorted(tags, key=sort_key))
