"""Which releases can be had on this machine, and how: for the error when one cannot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from build_scripts.pin import Release
from build_scripts.versions import sort_key

from . import fetch
from .treecache import TreeCache


def tags_here(cache: TreeCache, releases: Mapping[str, Release]) -> str:
    """The tags in the cache and those npm carries, if it is installed, as one phrase."""
    known = releases.values()
    cached = {release.tag for release in known if release.git_tree and cache.has(release.git_tree)}
    cached |= {tag for tag in cache.tags() if cache.has(cache.first_use(tag).get("git_tree", "-"))}
    npm = [r.tag for r in known if r.node_llama_cpp and r.git_tree] if fetch.npm_works() else []
    ways = []
    if cached:
        ways.append(f"from the cache {_list(cached)}")
    if npm:
        ways.append(f"through npm {_list(npm)}")
    return "; ".join(ways) or "no tag"


def _list(tags: Iterable[str]) -> str:
    return ", ".join(sorted(tags, key=sort_key))
