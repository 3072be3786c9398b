"""RUN_STORIES260K_INTEGRATION: every Python snippet of the documentation runs on real libraries.

The snippets of a page form one program, run in a folder with `model.gguf` (stories260K) and `adapter.gguf`.
Shell commands are run if they call `python -m llama_ctypes`.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.pin import ROOT
from tests.integration.conftest import environment, needs_switch

needs_switch("RUN_STORIES260K_INTEGRATION")

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def snippets(page: Path, language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"))


def write_adapter(path: Path) -> None:
    """Write a LoRA adapter for one matrix of stories260K."""
    import gguf
    import numpy as np

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 1.0)
    writer.add_tensor("blk.0.attn_q.weight.lora_a", np.ones((4, 64), np.float32))
    writer.add_tensor("blk.0.attn_q.weight.lora_b", np.ones((64, 4), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@pytest.fixture
def folder(stories: Path, tmp_path: Path) -> Path:
    shutil.copy(stories, tmp_path / "model.gguf")
    write_adapter(tmp_path / "adapter.gguf")
    return tmp_path


PROGRAMS = {page.name: "\n".join(parts) for page in PAGES if (parts := snippets(page, "python"))}


@pytest.mark.parametrize("page", PROGRAMS)
def test_snippets(page: str, folder: Path, build_dir: Path) -> None:
    program = PROGRAMS[page]
    (folder / "page.py").write_text(program, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "page.py"],
        cwd=folder,
        env=environment(build_dir),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr


COMMANDS = sorted(
    {
        line.strip()
        for page in PAGES
        for snippet in snippets(page, "sh")
        for line in re.findall(r"(?m)^python (-m llama_ctypes [^#&\n]*)", snippet)
        # Commands with RPC need servers; test_rpc.py covers them.
        if "rpc" not in line
    }
)


@pytest.mark.parametrize("line", COMMANDS)
def test_commands(line: str, folder: Path, build_dir: Path) -> None:
    result = subprocess.run(
        [sys.executable, *shlex.split(line)],
        cwd=folder,
        env=environment(build_dir),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
