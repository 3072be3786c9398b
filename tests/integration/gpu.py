"""A package for GPUs, in a prefix of its own: what the tests of every such backend share."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from build_scripts.packaging import build, channel, install, smoke_test, variants
from tests.integration.conftest import PROMPT, TOKENS, command


def package(backend: str, factory: pytest.TempPathFactory) -> Path:
    """Build the package for `backend`, or find it in LLAMA_CTYPES_<BACKEND>_CHANNEL; return its path."""
    override = os.environ.get(f"LLAMA_CTYPES_{backend.upper()}_CHANNEL")
    folder = Path(override).resolve() if override else factory.mktemp("channel")
    if not override:
        assert command("build", "--backend", backend, "--output-dir", folder).returncode == 0
    # The newest toolkit's, if there are several.
    return max(folder.glob(f"*/llama-ctypes-*-{backend}*.conda"), key=lambda path: path.name.split("-")[-1])


def environment(package: Path, factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """Install `package`, also without the driver that it needs; return the prefix and all packages in it."""
    folder = factory.mktemp("environment") / "prefix"
    name, version, string = package.name.removesuffix(".conda").rsplit("-", 2)
    label = string.partition("_")[0]
    backend = label.rstrip("0123456789")
    digits = label.removeprefix(backend)
    variant = variants.Variant(backend, f"{digits[:-1]}.{digits[-1]}" if digits else None)
    channels = [str(package.parent.parent), *channel.choose(None, backend=backend)]
    with build.assumed_driver(variant):
        records = install.create(folder, [f"{name} =={version} {string}"], channels)
    return folder, {record.name.normalized for record in records}


def start(prefix: Path, *arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the prefix's Python in its folder, without variables that affect it; `settings` are added."""
    hidden = ("PYTHON", "LLAMA_", "CONDA_", "LD_", "GGML_", "VK_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return subprocess.run(
        [smoke_test.python_of(prefix), *arguments],
        cwd=prefix,
        env=inherited | settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def run(prefix: Path, *arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the prefix's `python -m llama_ctypes`, which must succeed."""
    result = start(prefix, "-m", "llama_ctypes", *arguments, **settings)
    assert result.returncode == 0, result.stderr
    return result


def info(prefix: Path, **settings: str) -> dict[str, Any]:
    """Return what `info --json` prints."""
    facts: dict[str, Any] = json.loads(run(prefix, "info", "--json", **settings).stdout)
    return facts


def gpus(facts: dict[str, Any]) -> list[str]:
    """Return the names of the GPUs in what `info` returned."""
    return [device["name"] for device in facts["devices"] if device["type"] in ("GPU", "IGPU")]


def check_text(prefix: Path, stories: Path, expected: str, **settings: str) -> str:
    """Check the text, the same on GPU and CPU; return the line with figures, the only one on stderr."""
    result = run(prefix, "complete", stories, PROMPT, "-n", str(TOKENS), "-t", "1", **settings)
    assert result.stdout.strip() == expected
    (line,) = result.stderr.splitlines()
    return line


def check_cpu_only(prefix: Path, backend: str, **settings: str) -> str:
    """Check that models run on the CPU only, and return the note that says why."""
    facts = info(prefix, **settings)
    assert gpus(facts) == []
    note, conclusion = facts["notes"]
    assert f"ggml-{backend}" in note
    assert "CPU only" in conclusion
    return str(note)


def check_offloaded(prefix: Path, stories: Path, *devices: str, **settings: str) -> None:
    """Check that every layer is offloaded: weights, memory and compute buffers are on each of `devices`."""
    log = run(prefix, "complete", stories, PROMPT, "-n", "1", "-v", **settings).stderr
    assert "offloaded 6/6 layers to GPU" in log
    for device in devices:
        for buffer in ("model", "KV", "compute"):
            assert f"{device} {buffer} buffer size" in log, (device, buffer)
        assert f"{device} (" in log.splitlines()[-1]


def unresolved(library: Path) -> set[str]:
    """Return the libraries that `library` needs and that the system does not find."""
    result = subprocess.run(["ldd", library], capture_output=True, text=True, check=True)
    return {line.split()[0] for line in result.stdout.splitlines() if "not found" in line}
