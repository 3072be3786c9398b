"""Downloads a release's archive from GitHub, or extracts it from an npm package.

Both write into the caller's folder and verify what they can; neither unpacks the archive.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from build_scripts import process
from build_scripts.errors import SourceError, VerificationError
from build_scripts.pin import Release
from build_scripts.steps import Step, report

_logger = logging.getLogger(__name__)

ARCHIVE_URL = "https://github.com/ggml-org/llama.cpp/archive/refs/tags/{tag}.tar.gz"
_BUNDLE = "package/llama/gitRelease.bundle"
# The limit for connecting and for each read; a whole download may take longer.
_TIMEOUT = 30
_PROGRESS_SECONDS = 5
_CHUNK = 1 << 18


class OutOfReach(Exception):  # noqa: N818 - a signal inside this wing, which users never see
    """GitHub did not answer with the archive; `source.resolve` then tries another source."""

    def __str__(self) -> str:
        """Return the reason as a clause for an error or a log line."""
        return f"GitHub is out of reach ({self.args[0]})"


def github_archive(tag: str, destination: Path) -> str:
    """Download GitHub's archive of `tag` to `destination`; return its sha256, which the caller must check.

    Raises OutOfReach if the network or GitHub fails, SourceError if the tag does not exist.
    """
    url = ARCHIVE_URL.format(tag=tag)
    _check_name(url)
    import http.client
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT) as response:
            if url.startswith("https:") and not response.geturl().startswith("https:"):
                raise OutOfReach("it redirected to a URL without https")
            length = int(response.headers.get("Content-Length") or 0)
            task = f"fetching {tag} from GitHub"
            _logger.info(task)
            count, digest, last = 0, hashlib.sha256(), time.monotonic()
            with destination.open("wb") as file:
                while chunk := response.read(_CHUNK):
                    # An OSError of the disk must not reach the except below, which is for the network's.
                    _write(file.write, chunk)
                    digest.update(chunk)
                    count += len(chunk)
                    line = time.monotonic() - last > _PROGRESS_SECONDS
                    last = time.monotonic() if line else last
                    report(_logger, Step(task, count, length or None, bytes=True), line=line)
            report(_logger, Step(task, count, count, bytes=True), line=False)
    except urllib.error.HTTPError as error:
        error.close()  # it is the response, and holds the connection open
        if error.code == 404:
            raise SourceError(f"llama.cpp has no release {tag} on GitHub; check the tag") from error
        raise OutOfReach(f"it answered {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        raise OutOfReach(_phrase(error.reason)) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise OutOfReach(_phrase(error)) from error
    if length and count != length:
        raise OutOfReach(f"the download ended after {count} of {length} bytes")
    return digest.hexdigest()


def npm_tree(release: Release, folder: Path) -> Path:
    """Fetch `release` from npm's node-llama-cpp into `folder`; return a tar of its verified tree.

    The record of `release` must have git_tree and node_llama_cpp. Raises ToolError if npm or git is missing
    or fails, and VerificationError if the bundle contains another tree.
    """
    package = f"node-llama-cpp@{release.node_llama_cpp}"
    purpose = f"to get {release.tag} from the npm package {package}"
    npm = process.find_tool("npm", purpose=purpose, hint="Install Node.js, or pass --source PATH.")
    git = process.find_tool("git", purpose=purpose, hint="Install git, or pass --source PATH.")

    _logger.info(f"fetching {release.tag} from npm ({package}, about 25 MB)")
    download = folder / "npm"
    download.mkdir()
    # The new folder has no project's .npmrc. Only errors are shown; --silent would hide those too.
    options = ["--loglevel=error", "--ignore-scripts", "--fetch-retries=2"]
    options += ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=10000"]
    process.run([npm, "pack", package, "--pack-destination", download, *options], cwd=download, timeout=900)
    archives = list(download.glob("*.tgz"))
    if len(archives) != 1:
        raise SourceError(f"npm pack {package} wrote {len(archives)} archives instead of one; update npm")
    bundle = folder / "release.bundle"
    _extract_member(archives[0], _BUNDLE, bundle)

    repository = folder / "bundle.git"
    archive = folder / f"{release.tag}.tar"
    # Overrides every setting of the user, and of a git hook if this runs in one.
    env = {
        "GIT_DIR": os.fspath(repository),
        "GIT_WORK_TREE": os.fspath(folder),
        "GIT_COMMON_DIR": os.fspath(repository),
        "GIT_OBJECT_DIRECTORY": os.fspath(repository / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "",
        "GIT_INDEX_FILE": os.fspath(repository / "index"),
        "GIT_NAMESPACE": "",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_COUNT": "0",
        "GIT_CONFIG_PARAMETERS": "",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_DEFAULT_HASH": "sha1",
        "GIT_TERMINAL_PROMPT": "0",
        "HOME": os.fspath(folder),
        "XDG_CONFIG_HOME": os.fspath(folder),
    }
    process.run([git, "init", "--quiet", "--template="], cwd=folder, env=env, timeout=60)
    process.run([git, "fetch", "--quiet", "--no-tags", bundle, "HEAD"], cwd=folder, env=env, timeout=300)
    tree = process.run([git, "rev-parse", "FETCH_HEAD^{tree}"], cwd=folder, env=env, timeout=60).strip()
    if tree != release.git_tree:
        raise VerificationError(
            f"npm's {package} contains the git tree {tree}, "
            f"but the recorded one of {release.tag} is {release.git_tree}; the package was not used"
        )
    process.run([git, "archive", "--format=tar", "-o", archive, tree], cwd=folder, env=env, timeout=300)
    return archive


def npm_works() -> bool:
    """Return whether the programs that `npm_tree` runs are installed."""
    return bool(shutil.which("npm") and shutil.which("git"))


def _extract_member(archive: Path, name: str, destination: Path) -> None:
    import tarfile
    import zlib

    from .unpack import BoundedTarInfo

    try:
        with tarfile.open(archive, "r|gz", tarinfo=BoundedTarInfo) as tar:
            for member in tar:
                if member.name == name and member.isreg():
                    source = tar.extractfile(member)
                    assert source is not None
                    with source, destination.open("wb") as file:
                        shutil.copyfileobj(source, file, _CHUNK)
                    return
    except (tarfile.TarError, EOFError, zlib.error, RecursionError) as error:
        raise SourceError(f"npm's {archive.name} is cut short or corrupt ({error}); try again") from error
    raise SourceError(f"npm's {archive.name} does not contain {name}")


def _check_name(url: str) -> None:
    """Raise OutOfReach if the host has no address; offline, this saves importing urllib."""
    import socket

    # A proxy resolves names itself. Windows and macOS may have one that no environment variable shows.
    if sys.platform in ("win32", "darwin") or any(name.lower().endswith("_proxy") for name in os.environ):
        return
    host = url.split("/")[2].partition(":")[0]
    try:
        socket.getaddrinfo(host, None)
    except OSError as error:
        raise OutOfReach(f"cannot resolve {host}: {_phrase(error)}") from error


def _write(write: Callable[[bytes], int], data: bytes) -> None:
    try:
        write(data)
    except OSError as error:
        raise SourceError(
            f"cannot store the download ({error.strerror}); "
            "free disk space, or set LLAMA_CTYPES_CACHE to another folder"
        ) from error


def _phrase(error: object) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).splitlines()[0]
