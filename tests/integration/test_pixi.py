"""RUN_LLAMA_INTEGRATION: pixi's schema accepts pixi.toml, and rejects one with a mistake."""

from __future__ import annotations

import os
import urllib.request
from pathlib import Path

import pytest

from build_scripts.errors import ToolError
from build_scripts.process import run
from build_scripts.upkeep.lint import tool
from tests import pixi_manifest
from tests.integration.conftest import needs_switch

needs_switch("RUN_LLAMA_INTEGRATION")

# The repository contains no copy of the schema; PIXI_SCHEMA may name one.
SCHEMA = "https://pixi.sh/latest/schema/manifest/schema.json"


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if override := os.environ.get("PIXI_SCHEMA"):
        return Path(override)
    path = tmp_path_factory.mktemp("pixi") / "schema.json"
    try:
        with urllib.request.urlopen(SCHEMA, timeout=30) as response:
            path.write_bytes(response.read())
    except OSError as error:
        pytest.skip(f"cannot download {SCHEMA} ({error}); set PIXI_SCHEMA to a copy")
    return path


def validate(schema: Path, manifest: Path) -> None:
    run([tool("check-jsonschema"), "--color=never", "--schemafile", schema, manifest])


def test_the_schema_accepts_the_manifest(schema: Path) -> None:
    validate(schema, pixi_manifest.PATH)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('channels = ["conda-forge"]', 'channels = "conda-forge"'),
        ("\ndescription = ", "\nsummary = "),
        ('env = { RUN_CUDA_INTEGRATION = "1"', "env = { RUN_CUDA_INTEGRATION = 1"),
        ("\n[environments]\n", "\n[environment]\n"),
    ],
)
def test_the_schema_rejects_a_mistake(schema: Path, tmp_path: Path, right: str, wrong: str) -> None:
    text = pixi_manifest.PATH.read_text(encoding="utf-8")
    assert right in text
    broken = tmp_path / "pixi.toml"
    broken.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(ToolError, match="check-jsonschema failed"):
        validate(schema, broken)
