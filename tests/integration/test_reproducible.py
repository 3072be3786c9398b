"""RUN_REPRODUCIBLE_INTEGRATION: builds in other folders and with other settings are identical."""

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

needs_switch("RUN_REPRODUCIBLE_INTEGRATION")
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="umask and TZ are Unix's"),
]

# Expected differences: a build's time and folders, and the order in which rattler-build lists requirements
# that come from run_exports. These metadata files are not installed.
DIFFERS = {"info/index.json", "info/recipe/rendered_recipe.yaml"}
UNORDERED = {"depends", "specs"}
WHEN_AND_WHERE = {"timestamp", "host_prefix", "build_prefix", "work_dir", "build_dir"}


@pytest.fixture(scope="module")
def second_package(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of a second build, including the download, that reuses nothing of the first."""
    folder = tmp_path_factory.mktemp("second_package")
    (folder / "home").mkdir()
    # Sources are unpacked and builds run in the cache.
    settings = {
        "HOME": str(folder / "home"),
        "LLAMA_CTYPES_CACHE": str(folder / "home" / "some" / "other" / "cache"),
        "TZ": "Asia/Kathmandu",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "1",
        "USER": "somebody",
        # Another number of jobs compiles the files in another sequence.
        "CPU_COUNT": "3",
    }
    # Both builds record the channel of their dependencies, so it must be the same.
    (dependencies,) = channel.choose(None)
    arguments: list[str | Path] = ["--output-dir", folder / "channel", "--channel", dependencies]
    result = subprocess.run(
        [sys.executable, "-m", "build_scripts", "build", *arguments],
        cwd=ROOT,
        env={**os.environ, **settings},
        umask=0o077,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Path(result.stdout.strip())


def contents(package: Path, folder: Path) -> dict[str, bytes]:
    from rattler.package_streaming import extract

    extract(package, folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def normalize(value: Any) -> Any:
    """Return parsed JSON or YAML without the expected differences."""
    if isinstance(value, dict):
        items = {key: normalize(item) for key, item in value.items() if key not in WHEN_AND_WHERE}
        return {key: sorted(item, key=str) if key in UNORDERED else item for key, item in items.items()}
    return [normalize(item) for item in value] if isinstance(value, list) else value


def test_only_time_and_folders_differ(package: Path, second_package: Path, tmp_path: Path) -> None:
    assert second_package.name == package.name
    first, second = contents(package, tmp_path / "first"), contents(second_package, tmp_path / "second")
    hashes = [
        {entry["_path"]: (entry["sha256"], entry["size_in_bytes"]) for entry in json.loads(each)["paths"]}
        for each in (first["info/paths.json"], second["info/paths.json"])
    ]
    assert hashes[0] == hashes[1]
    assert first.keys() == second.keys()
    assert {name for name in first if first[name] != second[name]} == DIFFERS
    for name in DIFFERS:
        assert normalize(yaml.safe_load(first[name])) == normalize(yaml.safe_load(second[name]))
