"""The pin moves with all that follows from it, or nothing does; and it comes back without a trace."""

from __future__ import annotations

import errno
import os
import shutil
import tarfile
from pathlib import Path

import pytest

from build_scripts import cli
from build_scripts.bindings.headers import find
from build_scripts.errors import LlamaCtypesError, SourceError, UsageError, VerificationError
from build_scripts.pin import ROOT, VARIANTS, Pin, Release, read_executables, read_pin, read_releases
from build_scripts.source import fetch, gittree, resolve
from build_scripts.upkeep import bump as module
from build_scripts.upkeep import edits
from build_scripts.upkeep.bump import bump, changelog, readme, release_table, variants
from build_scripts.upkeep.edits import Edit
from tests.build_scripts.bindings.header_tree import make_tree

OLD, NEW, SAME = "int f(int x);", "int f(int64_t x);\nint fresh(void);", "int f(int x);\n"
COLUMNS = "tag\tgit_tree\tarchive_sha256\tnode_llama_cpp\tgitlinks\tversion\theaders_sha256\tfallback\n"
PINNED, NEXT, NPM = "b10", "b20", "b30"


def lost(*_: object) -> str:
    raise fetch.OutOfReach("tests have no network")


def tree_id(root: Path) -> str:
    return gittree.tree_id(gittree.blobs(root), ())


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose pin b10 is in the cache, as is b30, which npm carries; b20 is not."""
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fetch, "github_archive", lost)
    root = tmp_path / "checkout"
    (root / "build_scripts").mkdir(parents=True)
    (root / "llama_ctypes" / "_generated").mkdir(parents=True)
    (root / "llama_ctypes" / "_generated" / "stale.py").write_text("")
    trees = {PINNED: OLD, NEXT: NEW, NPM: SAME}
    for tag, ggml in trees.items():
        make_tree(tmp_path / tag, ggml)
        (tmp_path / tag / "CMakeLists.txt").write_text("project(x)\n")
    pin = Pin(
        Release(PINNED, tree_id(tmp_path / PINNED), "1" * 64),
        "0.0.10",
        find(tmp_path / PINNED).sha256,
        PINNED,
    )
    (root / "variants.yaml").write_text(
        variants(VARIANTS.read_text(encoding="utf-8"), pin), encoding="utf-8", newline="\n"
    )
    rows = f"{NPM}\t{tree_id(tmp_path / NPM)}\t{'3' * 64}\t1.2.3\t\n"
    (root / "build_scripts" / "releases.tsv").write_text(COLUMNS + rows, encoding="utf-8", newline="\n")
    (root / "README.md").write_text(f"# X\n\nPinned release: **{PINNED}**. Not **{PINNED}**.\n", newline="\n")
    (root / "CHANGELOG.md").write_text(
        "# Changelog\n\n## Unreleased\n\n- A line.\n\n## 0.0.9\n\n- Older.\n", newline="\n"
    )
    releases = read_releases(pin, root / "build_scripts" / "releases.tsv")
    for tag in trees:
        with tarfile.open(tmp_path / f"{tag}.tar", "w") as tar:
            tar.add(tmp_path / tag, arcname="x")
        if tag != NEXT:
            resolve(tag, tmp_path / f"{tag}.tar", pin=pin, releases=releases)
    bump(PINNED, None, root)  # its bindings
    return root


def contents(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def pin_of(root: Path) -> Pin:
    return read_pin(root / "variants.yaml")


def test_all_that_follows_from_the_pin_moves_with_it(
    checkout: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if gittree.MODES_ON_DISK:
        (tmp_path / NEXT / "include" / "llama.h").chmod(0o755)
    done = bump(NEXT, tmp_path / NEXT, checkout)
    assert done.startswith("b10 -> b20: breaks 1 ABI and source")
    if gittree.MODES_ON_DISK:
        assert read_executables(checkout / "build_scripts" / "executables.txt") == {"include/llama.h"}
    pin = pin_of(checkout)
    assert pin == Pin(Release(NEXT, tree_id(tmp_path / NEXT)), "0.0.20", find(tmp_path / NEXT).sha256, NEXT)
    assert any("GitHub is out of reach" in line and "stays empty" in line for line in caplog.messages)
    text = (checkout / "variants.yaml").read_text()
    assert "/b20.tar.gz" in text
    assert PINNED not in text
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in VARIANTS.read_text().splitlines() if line.startswith("#")
    ]
    assert (checkout / "README.md").read_text() == "# X\n\nPinned release: **b20**. Not **b10**.\n"
    generated = checkout / "llama_ctypes" / "_generated"
    assert 'RELEASE = "b20"' in (generated / "__init__.py").read_text()
    assert "fresh" in (generated / "functions.py").read_text()
    assert not (generated / "stale.py").exists()
    log = (checkout / "CHANGELOG.md").read_text()
    assert "- A line.\n\n### llama.cpp b20 (previously b10)\n\n3 functions" in log
    assert "- function `f`: parameter 1 x: int -> int64\\_t" in log
    assert log.endswith("\n\n## 0.0.9\n\n- Older.\n")
    assert not [name for name in contents(checkout) if name.endswith((".new", ".old"))]


@pytest.mark.parametrize("with_source", [True, False])
@pytest.mark.parametrize("source", ["b20.tar", "b20"])
def test_there_and_back_is_byte_for_byte(
    checkout: Path, tmp_path: Path, source: str, with_source: bool
) -> None:
    before = contents(checkout)
    bump(NEXT, tmp_path / source, checkout)
    bump(PINNED, tmp_path / PINNED if with_source else None, checkout)
    after = contents(checkout)
    # b20 was on no record: that is what is left, and only in what releases are known.
    row = after["build_scripts/releases.tsv"].decode().splitlines(keepends=True)[1]
    assert row.startswith(f"{NEXT}\t{tree_id(tmp_path / NEXT)}\t\t\t\t0.0.20\t")
    after["build_scripts/releases.tsv"] = after["build_scripts/releases.tsv"].replace(row.encode(), b"")
    assert after == before


def test_there_and_back_to_a_release_on_record_leaves_nothing(checkout: Path) -> None:
    before = contents(checkout)
    bump(NPM, None, checkout)
    pin = pin_of(checkout)
    assert (pin.release.archive_sha256, pin.fallback) == ("3" * 64, NPM)
    assert b"b10\t" in contents(checkout)["build_scripts/releases.tsv"]
    bump(PINNED, None, checkout)
    assert contents(checkout) == before


def test_a_pin_that_cannot_be_had_comes_back_by_its_stand_in(
    checkout: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # Now npm's b30 has the very headers of b10, which is nowhere to be had.
    shutil.copytree(tmp_path / PINNED, tmp_path / "same")
    (tmp_path / "same" / "other.cpp").write_text("int x;\n")
    table = checkout / "build_scripts" / "releases.tsv"
    table.write_text(f"{COLUMNS}{NPM}\t{tree_id(tmp_path / 'same')}\t\t1.2.3\t\n", newline="\n")
    with tarfile.open(tmp_path / "same.tar", "w") as tar:
        tar.add(tmp_path / "same", arcname="x")
    pin = pin_of(checkout)
    releases = read_releases(pin, table)
    resolve(NPM, tmp_path / "same.tar", pin=pin, releases=releases)
    path = checkout / "variants.yaml"
    path.write_text(path.read_text().replace('fallback: ["b10"]', 'fallback: ["b30"]'), newline="\n")
    shutil.rmtree(tmp_path / "cache" / "trees" / tree_id(tmp_path / PINNED))
    before = contents(checkout)

    bump(NPM, None, checkout)
    assert contents(checkout) != before
    bump(PINNED, None, checkout)
    assert contents(checkout) == before
    assert "b10 is not available; using b30 instead: their public headers are identical" in caplog.messages


def test_an_unknown_hash_is_filled_in_where_github_is_reached(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bump(NEXT, tmp_path / NEXT, checkout)

    def archive(tag: str, destination: Path, tree: str = NEXT) -> str:
        with tarfile.open(destination, "w:gz") as tar:
            tar.add(tmp_path / tree, arcname=tag)
        return "2" * 64

    monkeypatch.setattr(fetch, "github_archive", archive)
    assert bump(NEXT, tmp_path / NEXT, checkout).endswith("; 1 files written")
    assert pin_of(checkout).release.archive_sha256 == "2" * 64
    assert "is already the pin" in bump(NEXT, tmp_path / NEXT, checkout)


def test_a_hash_of_another_tree_is_refused(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def archive(tag: str, destination: Path) -> str:
        with tarfile.open(destination, "w:gz") as tar:
            tar.add(tmp_path / NPM, arcname=tag)
        return "2" * 64

    monkeypatch.setattr(fetch, "github_archive", archive)
    before = contents(checkout)
    with pytest.raises(VerificationError, match="git tree"):
        bump(NEXT, tmp_path / NEXT, checkout)
    assert contents(checkout) == before


@pytest.mark.parametrize("name", ["variants.yaml", "CHANGELOG.md", "README.md"])
def test_what_cannot_be_edited_stops_it_all(checkout: Path, tmp_path: Path, name: str) -> None:
    path = checkout / name
    if name == "README.md":
        path.unlink()
    else:
        path.write_text(
            path.read_text().replace("llama_cpp_url:", "x:").replace("## Unreleased", "## x"), newline="\n"
        )
    before = contents(checkout)
    with pytest.raises(UsageError, match=name):
        bump(NEXT, tmp_path / NEXT, checkout)
    assert contents(checkout) == before


@pytest.mark.parametrize("error", [OSError(errno.EACCES, os.strerror(errno.EACCES)), KeyboardInterrupt()])
@pytest.mark.parametrize("last", range(9))
def test_a_failing_write_leaves_all_as_it_was(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: int, error: BaseException
) -> None:
    before = contents(checkout)
    real, left = Path.replace, [last]

    def limited(path: Path, target: Path) -> Path:
        if path.name.endswith(".new"):
            left[0] -= 1
            if left[0] < 0:
                raise error
        return real(path, target)

    monkeypatch.setattr(Path, "replace", limited)
    with pytest.raises(KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else LlamaCtypesError):
        bump(NEXT, tmp_path / NEXT, checkout)
    assert contents(checkout) == before


def test_a_full_disk_and_a_meanwhile_changed_file_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"1")
    both = [Edit(tmp_path / "a", b"1", b"2"), Edit(tmp_path / "b", b"0", b"2")]
    with pytest.raises(LlamaCtypesError, match="changed meanwhile"):
        edits.apply(both)
    assert contents(tmp_path) == {"a": b"1", "b": b"1"}

    def full(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(LlamaCtypesError, match=os.strerror(errno.ENOSPC)):
        edits.apply([Edit(tmp_path / "a", b"1", b"2")])
    assert contents(tmp_path) == {"a": b"1", "b": b"1"}


# -- its parts --------------------------------------------------------------------------------------


def test_an_edited_changelog_entry_is_kept() -> None:
    text = "# C\n\n## Unreleased\n\n- One.\n"
    moved = changelog(text, "### b2, after b1", "### b1, after b2")
    assert moved == "# C\n\n## Unreleased\n\n- One.\n\n### b2, after b1\n"
    assert changelog(moved, "### b2, after b1", "### b1, after b2") == moved
    assert changelog(moved, "### b1, after b2", "### b2, after b1") == text
    edited = moved.replace("b2, after", "b2, at last, after")
    assert changelog(edited, "### b1, after b2", "### b2, after b1") == f"{edited}\n### b1, after b2\n"


def test_the_first_entry_after_a_release_comes_and_goes() -> None:
    text = "# C\n\n## Unreleased\n\n## 0.0.1 (2026-11-24)\n\n- One.\n"
    moved = changelog(text, "### b2, after b1", "### b1, after b2")
    assert moved == text.replace("Unreleased\n", "Unreleased\n\n### b2, after b1\n")
    assert changelog(moved, "### b1, after b2", "### b2, after b1") == text


def test_rows_stay_in_order_and_without_columns_of_pins() -> None:
    leaving = Pin(Release("b9", "t", "s"), "0.0.9", "h", "b8")
    head = "tag\tgit_tree\tarchive_sha256\tnode_llama_cpp\tgitlinks\n"
    text = f"{head}b8\tx\ty\tn\t\nb10\tx\ty\t\t\nv0.1.0\tx\t\tn\t\n"
    assert release_table(text, leaving, "v0.1.0") == text.replace("b10\t", "b9\tt\ts\t\t\nb10\t")
    assert release_table(text, leaving, "b9") == text
    assert release_table(text, leaving, "b10") == text.replace("b10\tx\ty\t\t\n", "b9\tt\ts\t\t\n")


def test_the_readme_names_the_pin_or_is_left_alone() -> None:
    assert readme("Pinned release: **b1**.\n", "b1", "b2") == "Pinned release: **b2**.\n"
    assert readme("Nothing of b1.\n", "b1", "b2") == "Nothing of b1.\n"
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    if "Pinned release: **" in text:
        assert f"Pinned release: **{read_pin().release.tag}**" in text


def test_the_nearest_release_with_the_same_headers_stands_in(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin = pin_of(checkout)
    releases = read_releases(pin, checkout / "build_scripts" / "releases.tsv")
    found = module._fallback("b29", find(tmp_path / NPM), pin, releases)
    assert found == NPM
    assert module._fallback("b29", find(tmp_path / NEXT), pin, releases) == "b29"


def test_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def told(tag: str, source: Path | None, *_: object) -> str:
        return f"{tag} from {source}"

    monkeypatch.setattr(module, "bump", told)
    assert cli.main(["bump", "b7", "--source", "x"]) == 0
    assert capsys.readouterr().out == "b7 from x\n"


def test_the_pin_so_far_must_be_had(checkout: Path, tmp_path: Path) -> None:
    bump(NEXT, tmp_path / NEXT, checkout)
    shutil.rmtree(tmp_path / "cache" / "trees" / tree_id(tmp_path / NEXT))
    before = contents(checkout)
    with pytest.raises(
        SourceError, match=r"cannot compare b10 with the pinned b20: b20.*`bump b20 --source PATH`"
    ):
        bump(PINNED, None, checkout)
    assert contents(checkout) == before


@pytest.mark.parametrize("tag", ["../x", "latest", ""])
def test_a_malformed_tag_is_one_line(tag: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bump", tag]) == 2
    assert capsys.readouterr().err.count("\n") == 1
