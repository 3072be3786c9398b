"""Every way to a tree, and every way it can fail, with a local server for GitHub and a fake npm."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import io
import json
import os
import re
import socket
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from build_scripts import source
from build_scripts.cache import cache_folder
from build_scripts.errors import LlamaCtypesError, SourceError, VerificationError
from build_scripts.pin import ROOT, Pin, Release
from build_scripts.source import SourceTree, fetch, gittree, resolve, treecache
from build_scripts.source.gittree import blobs, tree_id
from tests.systems import WINE, needs_modes

PIN, FALLBACK, UNKNOWN = "b200", "b100", "b300"
INSTEAD = f"using {FALLBACK} instead of {PIN}; their public headers are identical"


def make_tree(root: Path, text: str) -> str:
    """A small tree that looks like llama.cpp's; returns its git id."""
    for name in ("include/llama.h", "ggml/include/ggml.h"):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text("#pragma once\n")
    (root / "main.cpp").write_text(f"// {text}\n")
    (root / "run.sh").write_text("#!/bin/sh\n")
    (root / "run.sh").chmod(0o755)
    (root / "link.h").symlink_to("include/llama.h")
    return tree_id(blobs(root))


def pack(root: Path, top: str) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as tar:
        tar.add(root, arcname=top, filter=lambda info: None if ".git" in info.name else info)
    return data.getvalue()


def npm_package(root: Path, work: Path) -> bytes:
    """What npm gives: the tree as a commit in a git bundle in a tarball."""
    env = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_DIR": f"{work}",
    }
    env["GIT_WORK_TREE"] = os.fspath(root)
    bundle = work.with_suffix(".bundle")
    for command in (
        ["init", "--quiet"],
        ["add", "--all"],
        ["-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "-m", "squashed"],
        ["bundle", "create", "--quiet", os.fspath(bundle), "HEAD"],
    ):
        subprocess.run(["git", *command], cwd=root, env=env, check=True, capture_output=True)
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as tar:
        tar.add(bundle, arcname="package/llama/gitRelease.bundle")
    return data.getvalue()


@dataclass
class GitHub:
    """The server: its answers by tag, and the tags it was asked for."""

    answers: dict[str, bytes] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    status: int = 200
    delay: float = 0
    stall: bool = False
    port: int = 0

    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/{{tag}}.tar.gz"


@pytest.fixture
def github() -> Iterator[GitHub]:
    state = GitHub()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tag = self.path[1:].removesuffix(".tar.gz")
            state.requests.append(tag)
            time.sleep(state.delay)
            if state.status != 200 or tag not in state.answers:
                self.send_error(state.status if state.status != 200 else 404)
                return
            data = state.answers[tag]
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if state.stall:
                self.wfile.write(data[: len(data) // 2])
                self.wfile.flush()
                time.sleep(3)
                return
            self.wfile.write(data)

        def log_message(self, *arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    # Or closing the server would sit out a stalled answer.
    server.block_on_close = False
    state.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


@dataclass
class World:
    """Two recorded releases: b200 (the pin, on GitHub) and b100 (its fallback, also on npm)."""

    tmp: Path
    github: GitHub
    trees: dict[str, Path]
    pin: Pin
    releases: dict[str, Release]
    caplog: pytest.LogCaptureFixture

    @property
    def messages(self) -> list[str]:
        return self.caplog.messages

    @property
    def cache(self) -> Path:
        return cache_folder()

    def resolve(self, tag: str | None = None, path: Path | None = None) -> SourceTree:
        self.caplog.clear()
        return resolve(tag, path, pin=self.pin, releases=self.releases)

    def fails(self, tag: str | None = None, path: Path | None = None) -> LlamaCtypesError:
        with pytest.raises(LlamaCtypesError) as caught:
            self.resolve(tag, path)
        assert "\n" not in str(caught.value)
        return caught.value

    def offline(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def no_address(*arguments: object) -> None:
            raise socket.gaierror(-2, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", no_address)

    def install(self, monkeypatch: pytest.MonkeyPatch, npm: str | None, *, git: bool = True) -> None:
        """Put a PATH in place that has `npm`, a shell script, and git, or lacks them."""
        if os.name == "nt":
            pytest.skip("replaces npm by a shell script")
        programs = self.tmp / "programs"
        programs.mkdir(exist_ok=True)
        if npm is not None:
            (programs / "npm").write_text(f"#!/bin/sh\nPATH=/bin:/usr/bin\n{npm}\n")
            (programs / "npm").chmod(0o755)
        if git:
            real = subprocess.run(
                ["/bin/sh", "-c", "command -v git"], check=True, capture_output=True, text=True
            )
            (programs / "git").symlink_to(real.stdout.strip())
        monkeypatch.setenv("PATH", os.fspath(programs))

    def npm_script(self, tag: str = FALLBACK) -> str:
        """A shell line that does what `npm pack node-llama-cpp@3.0.0 --pack-destination DIR` does."""
        if os.name == "nt":
            pytest.skip("replaces npm by a shell script")
        package = self.tmp / f"{tag}.tgz"
        package.write_bytes(npm_package(self.trees[tag], self.tmp / f"{tag}.git"))
        return (
            'test "$1 $2 $3" = "pack node-llama-cpp@3.0.0 --pack-destination" || exit 9\n'
            f'cp "{package}" "$4/node-llama-cpp-3.0.0.tgz"; echo node-llama-cpp-3.0.0.tgz'
        )


@pytest.fixture
def world(
    tmp_path: Path, github: GitHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> World:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", os.fspath(tmp_path / "cache"))
    monkeypatch.setattr(fetch, "ARCHIVE_URL", github.url())
    trees = {tag: tmp_path / "trees" / tag for tag in (FALLBACK, PIN, UNKNOWN)}
    ids = {tag: make_tree(path, tag) for tag, path in trees.items()}
    github.answers = {tag: pack(path, f"llama.cpp-{tag}") for tag, path in trees.items()}
    sha256 = {tag: hashlib.sha256(data).hexdigest() for tag, data in github.answers.items()}
    pin = Release(PIN, ids[PIN], sha256[PIN])
    fallback = Release(FALLBACK, ids[FALLBACK], sha256[FALLBACK], "3.0.0")
    return World(
        tmp_path,
        github,
        trees,
        Pin(pin, "0.0.200", "-", FALLBACK),
        {PIN: pin, FALLBACK: fallback},
        caplog,
    )


def assert_is(tree: SourceTree, world: World, tag: str, origin: str) -> None:
    assert (tree.tag, tree.origin) == (tag, origin)
    assert tree.git_tree == tree_id(blobs(tree.path)) == tree_id(blobs(world.trees[tag]))


# GitHub and the cache


def test_the_pin_from_github_then_from_the_cache(world: World) -> None:
    first = world.resolve()
    assert_is(first, world, PIN, "GitHub archive")
    assert first.archive_sha256 == world.pin.release.archive_sha256
    assert world.messages == [f"fetching {PIN} from GitHub"]
    again = world.resolve()
    assert again == replace(first, origin="cache")
    assert world.messages == []
    assert world.github.requests == [PIN]
    assert list((world.cache / "tmp").iterdir()) == []


def test_a_cache_hit_imports_nothing_slow_and_needs_no_write_access(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # coverage imports socket
    world.resolve()
    script = """
import sys
from pathlib import Path
from build_scripts.pin import Pin, Release
from build_scripts.source import resolve
release = Release(sys.argv[1], sys.argv[2])
def no(*arguments): raise OSError("read-only")
Path.mkdir = Path.write_text = Path.replace = no
tree = resolve(None, pin=Pin(release, "", "", ""), releases={release.tag: release})
assert tree.origin == "cache"
print(sorted({"urllib.request", "ssl", "tarfile", "http.client", "socket"} & set(sys.modules)))
"""
    command = [sys.executable, "-c", script, PIN, world.pin.release.git_tree or ""]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_a_wrong_hash(world: World) -> None:
    world.github.answers[PIN] = world.github.answers[UNKNOWN]
    error = world.fails()
    assert isinstance(error, VerificationError)
    wrong = hashlib.sha256(world.github.answers[UNKNOWN]).hexdigest()
    assert wrong in str(error)
    assert str(world.pin.release.archive_sha256) in str(error)
    assert not (world.cache / "trees").exists()


def test_a_wrong_tree(world: World) -> None:
    world.releases[FALLBACK] = replace(world.releases[FALLBACK], archive_sha256=None)
    world.github.answers[FALLBACK] = world.github.answers[UNKNOWN]
    error = world.fails(FALLBACK)
    assert isinstance(error, VerificationError)
    assert str(world.releases[FALLBACK].git_tree) in str(error)
    assert tree_id(blobs(world.trees[UNKNOWN])) in str(error)
    assert not (world.cache / "trees").exists()


def test_a_tag_of_no_record_is_trusted_once(world: World) -> None:
    first = world.resolve(UNKNOWN)
    assert_is(first, world, UNKNOWN, "GitHub archive")
    assert any(f"sha256 {first.archive_sha256}" in line for line in world.messages)
    assert world.resolve(UNKNOWN).origin == "cache"
    assert world.github.requests == [UNKNOWN]
    # Upstream's tag moved, or somebody is between: with the tree gone it is fetched again and refused.
    (first.path / "main.cpp").write_text("// edited\n")
    world.github.answers[UNKNOWN] = pack(world.trees[PIN], "top")
    error = world.fails(UNKNOWN)
    assert isinstance(error, VerificationError)
    assert str(first.archive_sha256) in str(error)


def test_an_unknown_tag(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.install(monkeypatch, "exit 1")
    world.resolve()
    error = world.fails("b999")
    assert f"{error}".startswith("b999 is not available: not in the cache; llama.cpp has no release b999 ")
    assert str(error).endswith(f"Pass --source PATH; available here: {PIN} (cache); {FALLBACK} (npm)")


def test_a_pin_missing_on_github_is_an_error_despite_the_fallback(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.install(monkeypatch, world.npm_script())
    del world.github.answers[PIN]
    assert f"no release {PIN} on GitHub" in str(world.fails())


@pytest.mark.parametrize("part", [0, 0.5, 0.9])
def test_a_truncated_archive_from_github(world: World, part: float) -> None:
    data = world.github.answers[UNKNOWN]
    world.github.answers[UNKNOWN] = data[: int(len(data) * part)]
    assert re.search(r"cut short, corrupt or not a tar", str(world.fails(UNKNOWN)))
    assert world.cache.joinpath("tags").exists() is False
    world.github.answers[UNKNOWN] = data
    assert world.resolve(UNKNOWN).origin == "GitHub archive"


def test_an_archive_that_is_no_llama_cpp(world: World) -> None:
    (world.trees[UNKNOWN] / "include" / "llama.h").unlink()
    world.github.answers[UNKNOWN] = pack(world.trees[UNKNOWN], "top")
    assert "no include/llama.h" in str(world.fails(UNKNOWN))


# Out of reach


def test_the_fallback_is_used_if_github_is_out_of_reach(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.offline(monkeypatch)
    world.install(monkeypatch, world.npm_script())
    tree = world.resolve()
    assert_is(tree, world, FALLBACK, "npm node-llama-cpp@3.0.0")
    assert tree.path.is_relative_to(world.cache)
    assert f": {INSTEAD}" in world.messages[0]
    assert "Name or service not known" in world.messages[0]
    # The cached fallback is logged too.
    assert world.resolve().origin == "cache"
    assert f": {INSTEAD}" in world.messages[0]
    assert len(world.messages) == 1


def test_an_accepted_fallback_in_the_cache_saves_a_download(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.install(monkeypatch, world.npm_script())
    cached = world.resolve(FALLBACK).path
    folders: list[Path] = []

    def resolve_with(answer: bool) -> SourceTree:
        world.caplog.clear()
        world.github.requests.clear()

        def accept(path: Path) -> bool:
            folders.append(path)
            return answer

        pin, releases = world.pin, world.releases
        return resolve(None, pin=pin, releases=releases, accept_fallback=accept)

    tree = resolve_with(True)
    assert_is(tree, world, FALLBACK, "cache")
    assert world.messages == [f"{PIN} is not in the cache: {INSTEAD}"]
    assert world.github.requests == []
    # A rejected fallback is not used, and neither is one for a requested tag.
    assert_is(resolve_with(False), world, PIN, "GitHub archive")
    assert folders == [cached, cached]
    assert_is(resolve_with(True), world, PIN, "cache")
    assert len(folders) == 2


def test_a_requested_tag_gets_no_fallback(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.offline(monkeypatch)
    world.install(monkeypatch, world.npm_script())
    world.resolve(FALLBACK)
    error = str(world.fails(PIN))
    assert "GitHub is out of reach" in error
    assert f"no known npm package contains {PIN}" in error
    assert error.endswith(f"available here: {FALLBACK} (cache); {FALLBACK} (npm)")


@pytest.mark.parametrize("how", ["refused", "error 503", "cut"])
def test_github_fails(world: World, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    world.install(monkeypatch, world.npm_script())
    if how == "refused":
        monkeypatch.setattr(fetch, "ARCHIVE_URL", "http://127.0.0.1:1/{tag}")
    elif how == "error 503":
        world.github.status = 503
    else:
        world.github.stall = True
        monkeypatch.setattr(fetch, "_TIMEOUT", 0.3)
    assert_is(world.resolve(), world, FALLBACK, "npm node-llama-cpp@3.0.0")
    reason = {"refused": "refused", "error 503": "503", "cut": "timed out"}[how]
    assert any(reason in line for line in world.messages)


def test_no_npm(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.offline(monkeypatch)
    world.install(monkeypatch, None)
    error = str(world.fails())
    assert "npm is not on PATH" in error
    assert error.endswith("Pass --source PATH; no release is available here")


def test_no_git(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.offline(monkeypatch)
    world.install(monkeypatch, "exit 0", git=False)
    assert "git is not on PATH" in str(world.fails())


def test_npm_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.offline(monkeypatch)
    world.install(monkeypatch, "echo 'npm error code ENOTFOUND' >&2; exit 1")
    error = str(world.fails(FALLBACK))
    assert "npm failed with exit status 1 (npm error code ENOTFOUND)" in error


def test_npm_brings_another_tree(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.offline(monkeypatch)
    world.install(monkeypatch, world.npm_script(UNKNOWN))
    error = world.fails(FALLBACK)
    assert isinstance(error, VerificationError)
    # Found in the bundle, before anything is taken out of it.
    assert str(error).startswith("npm's node-llama-cpp@3.0.0 contains the git tree ")
    assert tree_id(blobs(world.trees[UNKNOWN])) in str(error)
    assert not (world.cache / "trees").exists()


@pytest.mark.parametrize("script", ["true", 'echo garbage > "$4/x.tgz"', 'head -c 300 PACKAGE > "$4/x.tgz"'])
def test_npm_brings_rubbish(world: World, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    world.offline(monkeypatch)
    world.npm_script()
    world.install(monkeypatch, script.replace("PACKAGE", os.fspath(world.tmp / f"{FALLBACK}.tgz")))
    assert re.search("npm pack .* wrote 0|cut short", str(world.fails(FALLBACK)))


def test_npm_with_a_hostile_git_environment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.offline(monkeypatch)
    world.install(monkeypatch, world.npm_script())
    home = world.tmp / "home"
    (home / ".config" / "git").mkdir(parents=True)
    (home / ".config" / "git" / "attributes").write_text("* export-ignore\n")
    (home / ".gitconfig").write_text(
        "[init]\n\tdefaultObjectFormat = sha256\n[core]\n\tautocrlf = true\nbroken"
    )
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_INDEX_FILE", "GIT_COMMON_DIR"):
        monkeypatch.setenv(name, os.devnull + "/no")
    monkeypatch.setenv("XDG_CONFIG_HOME", os.fspath(home / ".config"))
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    for place in (os.fspath(home), ""):
        monkeypatch.setenv("HOME", place)
        monkeypatch.setenv("LLAMA_CTYPES_CACHE", os.fspath(world.tmp / f"cache{len(place)}"))
        assert_is(world.resolve(FALLBACK), world, FALLBACK, "npm node-llama-cpp@3.0.0")


# A path given


@needs_modes
@pytest.mark.parametrize("cached", [True, False])
def test_a_folder_without_marks_of_executables(
    world: World, monkeypatch: pytest.MonkeyPatch, cached: bool
) -> None:
    """As on Windows: the tree in the cache, or else the list of the pin's, has the marks."""
    folder = world.trees[PIN]
    if cached:
        assert source.executables(world.resolve()) == {"run.sh"}
        monkeypatch.setattr(gittree, "MODES_ON_DISK", False)
        assert source.executables(world.resolve()) == {"run.sh"}
    else:
        monkeypatch.setattr(source, "read_executables", lambda: frozenset({"run.sh"}))
    monkeypatch.setattr(gittree, "MODES_ON_DISK", False)
    (folder / "run.sh").chmod(0o644)
    assert world.resolve(PIN, folder).git_tree == world.pin.release.git_tree
    monkeypatch.setattr(source, "read_executables", lambda: frozenset({"main.cpp"}))
    assert "do not mark executable files" in str(world.fails(FALLBACK, world.trees[FALLBACK]))
    (folder / "main.cpp").write_text("// changed\n")
    assert f"is not {PIN}" in str(world.fails(PIN, folder))


def test_a_folder_is_used_in_place(world: World) -> None:
    tree = world.resolve(None, world.trees[PIN])
    assert_is(tree, world, PIN, f"path {world.trees[PIN]}")
    assert tree.path == world.trees[PIN]
    assert world.messages == world.github.requests == []


@pytest.mark.parametrize("repacked", [False, True])
def test_an_archive_goes_by_hash_or_by_tree(world: World, repacked: bool) -> None:
    path = world.tmp / "given.tar.gz"
    data = world.github.answers[PIN]
    path.write_bytes(gzip.compress(gzip.decompress(data), 1) if repacked else data)
    tree = world.resolve(None, path)
    assert_is(tree, world, PIN, f"path {path}")
    assert tree.path.is_relative_to(world.cache)
    assert world.resolve(None, path).path == tree.path
    assert tree.archive_sha256 == world.pin.release.archive_sha256


@pytest.mark.parametrize("kind", ["folder", "archive"])
def test_a_modified_tree_needs_a_tag_of_its_own(world: World, kind: str) -> None:
    path = world.trees[PIN]
    (path / "main.cpp").write_text("// mine\n")
    if kind == "archive":
        path = world.tmp / "given.tar"
        path.write_bytes(gzip.decompress(pack(world.trees[PIN], "mine")))
    git_tree = tree_id(blobs(world.trees[PIN]))
    error = world.fails(None, path)
    assert isinstance(error, VerificationError)
    assert git_tree in str(error)
    assert str(world.pin.release.git_tree) in str(error)
    assert "--tag b99999" in str(error)
    tree = world.resolve("b99999", path)
    assert (tree.tag, tree.git_tree) == ("b99999", git_tree)
    assert git_tree in world.messages[-1]
    # The tag names this path only here; without the path it is upstream's.
    assert "no release b99999 on GitHub" in str(world.fails("b99999"))


@pytest.mark.parametrize("tag", [None, PIN])
def test_a_path_that_is_another_release(world: World, tag: str | None) -> None:
    error = world.fails(tag, world.trees[FALLBACK])
    assert f"is {FALLBACK}, not {PIN}" in str(error)
    assert f"pass --tag {FALLBACK}" in str(error)
    assert world.resolve(FALLBACK, world.trees[FALLBACK]).tag == FALLBACK


def test_only_an_archive_hash_on_record(world: World) -> None:
    world.releases[PIN] = replace(world.pin.release, git_tree=None)
    assert isinstance(world.fails(None, world.trees[PIN]), VerificationError)
    path = world.tmp / "given.tar.gz"
    path.write_bytes(world.github.answers[UNKNOWN])
    assert isinstance(world.fails(None, path), VerificationError)
    path.write_bytes(world.github.answers[PIN])
    assert_is(world.resolve(None, path), world, PIN, f"path {path}")


def test_bad_paths(world: World) -> None:
    assert "does not exist" in str(world.fails(None, world.tmp / "gone"))
    assert "has no include/llama.h" in str(world.fails(None, world.tmp / "trees"))
    assert "neither a folder nor an archive" in str(world.fails(None, Path(os.devnull)))
    half = world.tmp / "half.tar.gz"
    half.write_bytes(world.github.answers[PIN][:-50])
    assert "half.tar.gz is cut short" in str(world.fails(None, half))
    info = tarfile.TarInfo("top/../../escaped")
    with tarfile.open(half, "w:gz") as tar:
        tar.addfile(info)
    assert "half.tar.gz is rejected" in str(world.fails("b99999", half))
    assert list((world.cache / "tmp").iterdir()) == []


# The cache


@pytest.mark.parametrize("what", ["content", "new file", "lost file", "mode", "manifest too"])
def test_a_changed_tree_is_dropped_and_fetched_again(world: World, what: str) -> None:
    tree = world.resolve()
    main = tree.path / "main.cpp"
    if what in ("content", "manifest too"):
        main.write_text(main.read_text().upper())
    elif what == "new file":
        (tree.path / "include" / "stdio.h").write_text("#error\n")
    elif what == "lost file":
        main.unlink()
    elif os.name == "nt":
        pytest.skip("Windows has no modes")
    else:
        main.chmod(0o755)
    if what == "manifest too":
        (tree.path.parent / "manifest.json").write_text("{half")
    assert_is(world.resolve(), world, PIN, "GitHub archive")
    assert "was changed after it was verified" in world.messages[0]
    assert world.github.requests == [PIN, PIN]
    assert list((world.cache / "tmp").iterdir()) == []


@pytest.mark.parametrize("what", ["times", "no manifest", "bad manifest"])
def test_a_sound_tree_is_verified_in_full_and_kept(world: World, what: str) -> None:
    tree = world.resolve()
    manifest = tree.path.parent / "manifest.json"
    if what == "times":
        os.utime(tree.path / "main.cpp", (1, 1))
    elif what == "no manifest":
        manifest.unlink()
    else:
        manifest.write_text("[1]")
    assert world.resolve().origin == "cache"
    assert world.github.requests == [PIN]
    assert "main.cpp" in json.loads(manifest.read_text())["files"]


def test_a_cache_that_cannot_be_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # A file in the way, as permissions do not stop root.
    (world.tmp / "file").write_text("")
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", os.fspath(world.tmp / "file" / "cache"))
    error = world.fails()
    assert str(error).startswith(f"cannot write to the cache folder {world.tmp / 'file' / 'cache'} (")
    assert "LLAMA_CTYPES_CACHE" in str(error)


def test_a_disk_that_fills_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("build_scripts.source.unpack._extract", full)
    assert "(No space left on device)" in str(world.fails())


@pytest.mark.skipif(os.name == "nt", reason="the paths of other systems are not absolute on Windows")
def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", os.fspath(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", "")
    monkeypatch.setenv("HOME", "/home/user")
    for platform, variable, value, expected in [
        ("linux", "XDG_CACHE_HOME", "/xdg", "/xdg/llama-ctypes"),
        ("linux", "XDG_CACHE_HOME", "", "/home/user/.cache/llama-ctypes"),
        ("linux", "XDG_CACHE_HOME", "relative", "/home/user/.cache/llama-ctypes"),
        ("darwin", "XDG_CACHE_HOME", "/xdg", "/home/user/Library/Caches/llama-ctypes"),
        ("win32", "LOCALAPPDATA", "/local", "/local/llama-ctypes"),
    ]:
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setenv(variable, value)
        assert cache_folder() == Path(expected)
    monkeypatch.undo()
    monkeypatch.delenv("LLAMA_CTYPES_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "")
    assert cache_folder().is_absolute()
    assert not cache_folder().is_relative_to(Path.cwd())


# Processes

WORKER = """
import sys
from build_scripts.source import fetch
from build_scripts.pin import Pin, Release
from build_scripts.source import resolve
fetch.ARCHIVE_URL, tag, git_tree, sha256 = sys.argv[1:]
release = Release(tag, git_tree, sha256)
tree = resolve(None, pin=Pin(release, "", "", ""), releases={tag: release})
print(tree.origin, tree.path, sep="|")
"""


def start(world: World) -> subprocess.Popen[str]:
    release = world.pin.release
    arguments = [world.github.url(), release.tag, release.git_tree or "", release.archive_sha256 or ""]
    command = [sys.executable, "-c", WORKER, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(WINE, reason="wine gives no reason (errno 0) why a lock is not free")
def test_two_processes_at_once_do_the_work_once(world: World) -> None:
    world.github.delay = 0.6
    workers = [start(world) for _ in range(3)]
    answers = sorted(worker.communicate(timeout=30)[0].strip().split("|") for worker in workers)
    assert [worker.returncode for worker in workers] == [0, 0, 0]
    assert [origin for origin, _ in answers] == ["GitHub archive", "cache", "cache"]
    assert len({path for _, path in answers}) == 1
    assert world.github.requests == [PIN]
    assert_is(world.resolve(), world, PIN, "cache")


def test_a_killed_download_leaves_a_usable_cache(world: World) -> None:
    world.github.stall = True
    worker = start(world)
    try:
        deadline = time.monotonic() + 20
        while not list((world.cache / "tmp").glob("*/*.tar.gz")) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert list((world.cache / "tmp").glob("*/*.tar.gz"))
    finally:
        worker.kill()
        worker.communicate()
    assert list((world.cache / "tmp").iterdir())
    world.github.stall = False
    assert_is(world.resolve(), world, PIN, "GitHub archive")
    assert list((world.cache / "tmp").iterdir()) == []


def test_what_a_living_process_works_on_is_left_alone(world: World) -> None:
    cache = treecache.TreeCache(world.cache)
    with cache.temporary() as mine:
        (mine / "work").write_text("in progress")
        world.resolve()
        assert (mine / "work").exists()
    assert not mine.exists()


def test_an_interrupt_from_the_keyboard_cleans_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("build_scripts.source.gittree.tree_id", interrupt)
        with pytest.raises(KeyboardInterrupt):
            world.resolve()
    assert list((world.cache / "tmp").iterdir()) == []
    assert_is(world.resolve(), world, PIN, "GitHub archive")


def test_errors_of_the_stage_are_source_errors(world: World) -> None:
    world.github.status = 500
    assert isinstance(world.fails(UNKNOWN), SourceError)


# Records and fallbacks that contradict each other


def test_a_record_made_since_outweighs_the_first_use(world: World) -> None:
    first = world.resolve(UNKNOWN)
    world.releases[UNKNOWN] = Release(UNKNOWN, archive_sha256="0" * 64)
    error = world.fails(UNKNOWN)
    assert isinstance(error, VerificationError)
    assert "0" * 64 in str(error)
    assert world.github.requests == [UNKNOWN, UNKNOWN]
    world.releases[UNKNOWN] = Release(UNKNOWN, archive_sha256=first.archive_sha256)
    assert world.resolve(UNKNOWN) == replace(first, origin="cache")


def test_the_record_names_the_hash_of_a_cached_tree(world: World) -> None:
    path = world.tmp / "repacked.tar.gz"
    path.write_bytes(gzip.compress(gzip.decompress(world.github.answers[PIN]), 1))
    world.resolve(None, path)
    cached = world.resolve()
    assert (cached.origin, cached.archive_sha256) == ("cache", world.pin.release.archive_sha256)


def test_an_archive_of_another_release_names_its_tag(world: World) -> None:
    path = world.tmp / "given.tar.gz"
    path.write_bytes(world.github.answers[FALLBACK])
    assert f"--tag {FALLBACK}" in str(world.fails(PIN, path))


def test_a_requested_tag_gets_no_fallback_that_would_be_accepted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.resolve(FALLBACK)
    world.offline(monkeypatch)
    pin, releases = world.pin, world.releases
    with pytest.raises(SourceError):
        resolve(PIN, pin=pin, releases=releases, accept_fallback=lambda _: True)
    assert resolve(None, pin=pin, releases=releases, accept_fallback=lambda _: True).tag == FALLBACK


def test_a_pin_on_npm_is_its_own_fallback(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.offline(monkeypatch)
    world.install(monkeypatch, world.npm_script())
    world.pin = replace(world.pin, release=world.releases[FALLBACK])
    assert_is(world.resolve(), world, FALLBACK, "npm node-llama-cpp@3.0.0")
    assert not any("instead" in line for line in world.messages)


def test_npm_is_not_trusted_without_a_recorded_tree(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.offline(monkeypatch)
    world.install(monkeypatch, f"touch {world.tmp / 'called'}; exit 1")
    world.releases[FALLBACK] = replace(world.releases[FALLBACK], git_tree=None)
    assert f"{FALLBACK}" in str(world.fails(FALLBACK))
    assert not (world.tmp / "called").exists()


def test_an_archive_of_something_else_leaves_nothing_in_the_cache(world: World) -> None:
    make_tree(world.tmp / "other", "x")
    (world.tmp / "other" / "ggml" / "include" / "ggml.h").unlink()
    path = world.tmp / "other.tar.gz"
    path.write_bytes(pack(world.tmp / "other", "other"))
    assert "has no ggml/include/ggml.h" in str(world.fails(UNKNOWN, path))
    assert not list((world.cache / "trees").glob("*"))
    assert list((world.cache / "tmp").iterdir()) == []
