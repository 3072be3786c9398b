"""Python and pip know the package: its .dist-info folder, the console command, the licence."""

from __future__ import annotations

import base64
import hashlib
import importlib
from importlib.metadata import Distribution, distributions
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from build_scripts.pin import ROOT
from tests.recipe.test_build import RECIPE, load_script


@pytest.fixture(scope="module")
def distribution(tmp_path_factory: pytest.TempPathFactory) -> Distribution:
    """What the build script writes for a small package."""
    dist_info: ModuleType = load_script("dist_info")
    folder = tmp_path_factory.mktemp("site-packages")
    package = folder / "llama_ctypes"
    (package / "__pycache__").mkdir(parents=True)
    (package / "__pycache__" / "a.cpython-310.pyc").write_bytes(b"compiled")
    (package / "__init__.py").write_text('"""Bindings, in short.\n\nMore."""\n')
    (package / "py.typed").touch()
    dist_info.write(folder, "0.0.7", "3.10", ROOT / "LICENSE")
    (found,) = distributions(path=[str(folder)])
    return found


def test_the_metadata(distribution: Distribution) -> None:
    metadata = distribution.metadata
    assert {key: metadata[key] for key in metadata} == {
        "Metadata-Version": "2.4",
        "Name": "llama-ctypes",
        "Version": "0.0.7",
        "Summary": "Bindings, in short.",
        "License-Expression": "MIT",
        "License-File": "LICENSE",
        "Requires-Python": ">=3.10",
    }
    assert distribution.read_text("INSTALLER") == "conda\n"
    assert distribution.read_text("licenses/LICENSE") == (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_record_lists_every_file_but_compiled_ones(distribution: Distribution) -> None:
    files = {file.as_posix(): file for file in distribution.files or ()}
    metadata = "llama_ctypes-0.0.7.dist-info"
    assert set(files) == {
        "llama_ctypes/__init__.py",
        "llama_ctypes/py.typed",
        *(f"{metadata}/{name}" for name in ("METADATA", "INSTALLER", "RECORD", "licenses/LICENSE")),
    }
    for name, file in files.items():
        if name.endswith("/RECORD"):
            assert (file.hash, file.size) == (None, None)
            continue
        content = Path(str(file.locate())).read_bytes()
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        assert file.hash is not None
        assert (file.hash.mode, file.hash.value, file.size) == ("sha256", digest, len(content))


def recipe() -> dict[str, Any]:
    text = (RECIPE / "recipe.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def test_the_console_command_is_a_function() -> None:
    (entry_point,) = recipe()["build"]["python"]["entry_points"]
    name, _, place = entry_point.partition(" = ")
    module, _, function = place.partition(":")
    assert name == "llama-ctypes"
    assert callable(getattr(importlib.import_module(module), function))
    # The test of the package runs it.
    scripts = [line for test in recipe()["tests"] for line in test.get("script", ())]
    assert f"{name} info" in scripts


def test_pip_checks_the_package() -> None:
    (checks,) = (test["python"] for test in recipe()["tests"] if "python" in test)
    assert checks["pip_check"] is True


def test_the_licence_is_in_the_package_and_in_its_source() -> None:
    assert "llama-ctypes/LICENSE" in recipe()["about"]["license_file"]
    (project,) = (source for source in recipe()["source"] if "filter" in source)
    assert project["target_directory"] == "llama-ctypes"
    assert "LICENSE" in project["filter"]
