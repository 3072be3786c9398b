"""Two builds, in other folders, at other times, by users with other settings, give the same package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from build_scripts.packaging import channel
from build_scripts.pin import ROOT
from tests.integration.conftest import needs_switch

needs_switch("RUN_PACKAGE_INTEGRATION")
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="umask and TZ are Unix's"),
]

# What differs, and what of it: when a build ran, in which folder, and the order in which rattler-build lists
# requirements that come of run_exports. All of it tells of the package and is not installed.
DIFFERS = {"info/index.json", "info/recipe/rendered_recipe.yaml"}
UNORDERED = {"depends", "specs"}
WHEN_AND_WHERE = {"timestamp", "host_prefix", "build_prefix", "work_dir", "build_dir"}


@pytest.fixture(scope="module")
def again(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built once more: the whole command, fetching included, with nothing of the first one."""
    folder = tmp_path_factory.mktemp("again")
    (folder / "home").mkdir()
    # The cache is where sources are unpacked and builds run.
    settings = {
        "HOME": str(folder / "home"),
        "LLAMA_CTYPES_CACHE": str(folder / "home" / "some" / "other" / "cache"),
        "TZ": "Asia/Kathmandu",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "1",
        "USER": "somebody",
        # Files are compiled, and done, in another request.
        "CPU_COUNT": "3",
    }
    # Both name where their dependencies came from: the same place.
    (dependencies,) = channel.choose(None)
    arguments: list[str | Path] = ["--output-dir", folder / "channel", "--channel", dependencies]
    done = subprocess.run(
        [sys.executable, "-m", "build_scripts", "build", *arguments],
        cwd=ROOT,
        env={**os.environ, **settings},
        umask=0o077,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Path(done.stdout.strip())


def contents(package: Path, folder: Path) -> dict[str, bytes]:
    from rattler.package_streaming import extract

    extract(package, folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def settled(value: Any) -> Any:
    """Parsed JSON or YAML without what may differ."""
    if isinstance(value, dict):
        kept = {key: settled(item) for key, item in value.items() if key not in WHEN_AND_WHERE}
        return {key: sorted(item, key=str) if key in UNORDERED else item for key, item in kept.items()}
    return [settled(item) for item in value] if isinstance(value, list) else value


def test_same_but_for_the_time(package: Path, again: Path, tmp_path: Path) -> None:
    assert again.name == package.name
    one, other = contents(package, tmp_path / "one"), contents(again, tmp_path / "other")
    hashes = [
        {entry["_path"]: (entry["sha256"], entry["size_in_bytes"]) for entry in json.loads(each)["paths"]}
        for each in (one["info/paths.json"], other["info/paths.json"])
    ]
    assert hashes[0] == hashes[1]
    assert one.keys() == other.keys()
    assert {name for name in one if one[name] != other[name]} == DIFFERS
    for name in DIFFERS:
        assert settled(yaml.safe_load(one[name])) == settled(yaml.safe_load(other[name]))
