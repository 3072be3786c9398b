"""A release: the changelog's section, what it is called, and what may be published under it."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from build_scripts.errors import PackageError, UsageError
from build_scripts.pin import ROOT, read_pin
from build_scripts.upkeep import release

TODAY = datetime.date(2026, 11, 24)
LOG = "# Changelog\n\n## Unreleased\n\n- New.\n\n## 0.0.1 (2026-01-01)\n\n- Old.\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "recipe").mkdir()
    for name in ("variants.yaml", "recipe/recipe.yaml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "CHANGELOG.md").write_text(LOG)
    return tmp_path


def test_a_release_is_called_after_what_it_packages(checkout: Path) -> None:
    pinned = read_pin().version
    assert release.version(checkout) == pinned
    recipe = checkout / "recipe" / "recipe.yaml"
    recipe.write_text(recipe.read_text().replace("\n  number: 0\n", "\n  number: 2\n"))
    assert release.version(checkout) == f"{pinned}-2"


def test_what_is_unreleased_gets_its_version(checkout: Path) -> None:
    pinned = read_pin().version
    said = release.cut(checkout, TODAY)
    assert f"git tag v{pinned}\n" in said
    assert (checkout / "CHANGELOG.md").read_text() == LOG.replace(
        "## Unreleased\n", f"## Unreleased\n\n## {pinned} (2026-11-24)\n"
    )
    assert release.notes(f"v{pinned}", checkout) == "- New.\n"
    with pytest.raises(UsageError, match="already; to release a rebuild, raise `number`"):
        release.cut(checkout, TODAY)


@pytest.mark.parametrize("log", [LOG.replace("- New.\n\n", ""), LOG.replace("Unreleased", "Next")])
def test_nothing_is_no_release(checkout: Path, log: str) -> None:
    (checkout / "CHANGELOG.md").write_text(log)
    with pytest.raises(UsageError, match="nothing under"):
        release.cut(checkout, TODAY)
    assert (checkout / "CHANGELOG.md").read_text() == log


def test_notes_are_of_this_checkouts_release_only(checkout: Path) -> None:
    with pytest.raises(UsageError, match="has no section"):
        release.notes(f"v{read_pin().version}", checkout)
    release.cut(checkout, TODAY)
    for tag in ("v0.0.1", read_pin().version, f"v{read_pin().version}-1"):
        with pytest.raises(UsageError, match="not the tag of this checkout"):
            release.notes(tag, checkout)


def test_the_github_release_has_the_notes(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[Sequence[str], object]] = []

    def run(command: Sequence[str], **options: object) -> str:
        told.append((command, options["input"]))
        return "address\n"

    monkeypatch.setattr(release, "run", run)
    release.cut(checkout, TODAY)
    tag = f"v{read_pin().version}"
    assert release.github_release(tag, None, checkout) == "address"
    ((command, notes),) = told
    assert command[:4] == ["gh", "release", "create", tag]
    assert "--verify-tag" in command
    assert notes == "- New.\n"


def test_the_github_release_has_the_wheels(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commands: list[Sequence[object]] = []

    def run(command: Sequence[object], **_: object) -> str:
        commands.append(command)
        return ""

    monkeypatch.setattr(release, "run", run)
    release.cut(checkout, TODAY)
    folder = tmp_path / "wheels"
    folder.mkdir()
    with pytest.raises(UsageError, match="wheels contains no wheel; run `wheel` first"):
        release.github_release(f"v{read_pin().version}", folder, checkout)
    for name in ("wheel-b/b.whl", "wheel-a/a.whl", "wheel-a/a.conda"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    release.github_release(f"v{read_pin().version}", folder, checkout)
    assert commands[0][-2:] == [folder / "wheel-a" / "a.whl", folder / "wheel-b" / "b.whl"]


class Server:
    """Stands in for rattler_build's upload; refuses what `refused` is part of."""

    def __init__(self, refused: str = "nothing") -> None:
        self.refused = refused
        self.taken: list[tuple[list[str], str, str, dict[str, Any]]] = []

    def upload(self, files: list[str], url: str, channel: str, **options: Any) -> None:
        if self.refused in files[0]:
            raise RuntimeError("403")
        self.taken.append((files, url, channel, options))


def publish(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    server: Server,
    names: Sequence[str],
    tag: str | None = None,
    matrix: Sequence[str] = ("cpu",),
) -> str:
    fallback = SimpleNamespace(RattlerBuildError=RuntimeError, upload_package_to_prefix=server.upload)
    monkeypatch.setitem(sys.modules, "rattler_build", fallback)
    monkeypatch.setattr(release, "notes", lambda tag: "- New.\n")
    monkeypatch.setattr(release, "matrix", lambda: [{"name": f"linux-64-{label}"} for label in matrix])
    for number, name in enumerate(names):
        path = folder / f"package-{number}" / "linux-64" / name
        path.parent.mkdir(parents=True)
        path.write_text("")
    return release.publish(tag or f"v{read_pin().version}", folder, "channel")


def test_every_package_is_uploaded_attested_and_without_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server()
    names = [f"llama-ctypes-{read_pin().version}-{build}_0.conda" for build in ("cpu_h1", "cuda130_h2")]
    kinds = ("cpu", "cuda130")
    assert publish(monkeypatch, tmp_path, server, names, matrix=kinds).startswith("2 packages")
    assert [Path(files[0]).name for files, *_ in server.taken] == names
    for _, url, channel, options in server.taken:
        assert (url, channel) == ("https://prefix.dev", "channel")
        assert options == {"skip_existing": True, "generate_attestation": True}


def test_packages_of_another_release_are_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server()
    with pytest.raises(UsageError, match=r"contains no \.conda file"):
        publish(monkeypatch, tmp_path, server, [])
    names = [f"llama-ctypes-{read_pin().version}-cpu_h1_0.conda", "llama-ctypes-0.0.1-cpu_h1_0.conda"]
    with pytest.raises(UsageError, match=r"not of .*; remove llama-ctypes-0\.0\.1-cpu"):
        publish(monkeypatch, tmp_path, server, names)
    assert server.taken == []


def test_half_of_a_release_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    names = [f"llama-ctypes-{read_pin().version}-cpu_h1_0.conda"]
    with pytest.raises(UsageError, match=r"lacks linux-64-cuda129, linux-64-cuda130; run their jobs again"):
        publish(monkeypatch, tmp_path, server, names, matrix=("cpu", "cuda129", "cuda130"))
    assert server.taken == []


def test_a_refused_upload_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"llama-ctypes-{read_pin().version}-cpu_h1_0.conda"]
    with pytest.raises(PackageError, match=r"cannot upload .*: 403; run the release again"):
        publish(monkeypatch, tmp_path, Server("cpu"), names)


def test_outside_the_release_workflow_rattler_build_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rattler_build")
    # What tells a workflow's run from any other.
    for variable in ("GITHUB_ACTIONS", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(release, "notes", lambda tag: "- New.\n")
    monkeypatch.setattr(release, "matrix", list)
    (tmp_path / f"llama-ctypes-{read_pin().version}-cpu_h1_0.conda").write_bytes(b"x")
    with pytest.raises(PackageError, match="trusted publishing is not configured"):
        release.publish(f"v{read_pin().version}", tmp_path, "channel")
