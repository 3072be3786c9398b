"""RUN_STORIES260K_INTEGRATION: every Python snippet of the documentation runs on real libraries.

The snippets of a page form one program, run in a folder with `model.gguf` (stories260K) and `adapter.gguf`.
Shell commands are run if they call `python -m llama_ctypes`. llama-cpp-python runs on the shim of porting.md.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.packaging import tiny_models
from build_scripts.pin import ROOT
from tests.benchmarks import peers
from tests.benchmarks.measure import Unavailable
from tests.integration.conftest import PROMPT, TOKENS, environment, needs_switch

needs_switch("RUN_STORIES260K_INTEGRATION")

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def snippets(page: Path, language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"))


@pytest.fixture
def folder(stories: Path, tmp_path: Path) -> Path:
    from tests.integration.example_files import write_adapter

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


def test_the_text_of_the_first_tokens(folder: Path, build_dir: Path, expected: str) -> None:
    """The first program of use.md prints the text of the upstream tools."""
    program = snippets(ROOT / "docs" / "use.md", "python")[0]
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment(build_dir),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert done.stdout.strip()
    assert expected.removeprefix(PROMPT).startswith(done.stdout.rstrip("\n"))


def test_the_output_in_the_readme(folder: Path, stories: Path, build_dir: Path) -> None:
    """Greedy output of stories260K; the random model, used if its files are unavailable, has another."""
    page = ROOT / "README.md"
    (program,), (output,) = snippets(page, "python"), snippets(page, "text")
    if stories.name != tiny_models.STORIES:
        pytest.skip("the files of stories260K are unavailable")
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, cwd=folder, env=environment(build_dir), stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout == output


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


@pytest.fixture(scope="session")
def llama_cpp_python() -> Path:
    """The folder of llama-cpp-python's Python files."""
    try:
        return peers.folder("llama-cpp-python")
    except Unavailable as error:
        pytest.skip(str(error))


def with_shim(program: str, peer: Path, folder: Path, build_dir: Path) -> str:
    """Run the shim of porting.md, then `program`, with llama-cpp-python; return the output."""
    (shim,) = (
        part for part in snippets(ROOT / "docs" / "porting.md", "python") if "llama_cpp.llama_cpp" in part
    )
    return subprocess.run(
        [sys.executable, "-c", f"{shim}\n{program}"],
        cwd=folder,
        env={**environment(build_dir), "PYTHONPATH": f"{ROOT}{os.pathsep}{peer}"},
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        check=True,
    ).stdout


def test_shim_completes(llama_cpp_python: Path, folder: Path, build_dir: Path, expected: str) -> None:
    program = f"""
import llama_cpp

llama_cpp.llama_context_default_params().logits_all = False
llama = llama_cpp.Llama("model.gguf", n_threads=1, verbose=False, kv_overrides={{"general.name": "other"}})
same = llama_cpp.LogitsProcessorList([lambda tokens, logits: logits])
result = llama({PROMPT!r}, max_tokens={TOKENS}, temperature=0, logits_processor=same)
llama.save_state()
print({PROMPT!r} + result["choices"][0]["text"])
"""
    assert with_shim(program, llama_cpp_python, folder, build_dir).strip() == expected


def test_shim_has_every_name(llama_cpp_python: Path, folder: Path, build_dir: Path) -> None:
    original = ast.parse((llama_cpp_python / "llama_cpp" / "llama_cpp.py").read_text(encoding="utf-8"))
    names = set()
    for node in original.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
    assert len(names) > 400
    program = f"print(*(name for name in {sorted(names)} if not hasattr(shim, name)))"
    missing = with_shim(program, llama_cpp_python, folder, build_dir).split()
    # Constants of a private header of llama.cpp, and what opens llama-cpp-python's own library.
    known = re.compile(r"LLAMA_VOCAB_PRE_TYPE_\w+|_lib\w*|_base_path|_override_base_path|ctypes_function")
    assert [name for name in missing if not known.fullmatch(name)] == []
