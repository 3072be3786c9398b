"""The pages: every link has a target, every function a section. tests/integration opens them in a browser."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from build_scripts.bindings import loading
from build_scripts.copying import copy_writable
from build_scripts.errors import CheckError, ToolError
from build_scripts.pin import ROOT, read_pin
from build_scripts.upkeep import site


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return site.pages()


def test_every_document_and_example_is_a_page(pages: dict[str, str]) -> None:
    documents = {path.name for path in (ROOT / "docs").glob("*.md")}
    programs = {f"examples/{path.stem}.md" for path in (ROOT / "examples").glob("*.py")}
    assert documents | programs | {"index.md", "examples/index.md"} <= set(pages)


def test_every_function_has_a_section(pages: dict[str, str]) -> None:
    names = loading.load(ROOT / "llama_ctypes")["_table"].names()
    sections = [
        name
        for page, text in pages.items()
        if page.endswith(".h.md")
        for name in re.findall(r"(?m)^## (\w+)$", text)
    ]
    assert sorted(sections) == sorted(names)


def test_a_function(pages: dict[str, str]) -> None:
    """Its declaration, its call, its library, the line of the pinned release's header, and its releases."""
    tag = read_pin().release.tag
    section = pages["reference/llama.h.md"].partition("\n## llama_decode\n")[2].partition("\n## ")[0]
    assert "```c\nint32_t llama_decode(struct llama_context * ctx, struct llama_batch batch)\n```" in section
    assert "`llama.llama_decode(ctx, batch)`" in section
    place = r"\[include/llama\.h:(\d+)\]\(https://github\.com/ggml-org/llama\.cpp/blob/"
    assert re.search(
        rf"Library: libllama\. Header: {place}{tag}/include/llama\.h#L\1\)\. Releases: b3543-\S+\.", section
    )


def test_an_optional_backend_and_a_deprecated_function(pages: dict[str, str]) -> None:
    assert "Library: libggml-cuda, if the package has this backend." in pages["reference/ggml-cuda.h.md"]
    assert "**Deprecated**: use llama_model_load_from_file instead" in pages["reference/llama.h.md"]


def test_long_declarations_have_a_line_per_parameter(pages: dict[str, str]) -> None:
    assert "int32_t llama_tokenize(\n    const struct llama_vocab * vocab,\n" in pages["reference/llama.h.md"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the files that the pages are made from."""
    for name in ("docs", "examples", "llama_ctypes", "build_scripts"):
        copy_writable(ROOT / name, tmp_path / name, shutil.ignore_patterns("__pycache__"))
    for name in (*site.TOP, "variants.yaml", "pyproject.toml"):
        copy_writable(ROOT / name, tmp_path / name)
    return tmp_path


def test_links_follow_the_place_of_a_page(root: Path) -> None:
    (root / "docs" / "use.md").write_text(
        "[a](cpu.md#b) [b](../README.md) [c](../examples/simple.py) [d](../examples)\n"
        "[e](../build_scripts/pin.py) [f](https://example.org/x.md) [g](#h)\n"
        "`[i](nothing.md)`\n```python\nx[0](nothing.md)\n```\n"
    )
    (url,) = re.findall(r'(?m)^Repository = "(.+)"$', (root / "pyproject.toml").read_text())
    assert site.pages(root)["use.md"] == (
        "[a](cpu.md#b) [b](index.md) [c](examples/simple.md) [d](examples/index.md)\n"
        f"[e]({url}/blob/main/build_scripts/pin.py) [f](https://example.org/x.md) [g](#h)\n"
        "`[i](nothing.md)`\n```python\nx[0](nothing.md)\n```\n"
    )


@pytest.mark.parametrize("target", ["nothing.md", "../nothing.md", "../../outside.md"])
def test_a_dead_link_is_an_error(root: Path, target: str) -> None:
    with (root / "docs" / "use.md").open("a") as file:
        file.write(f"\n[x]({target})\n")
    with pytest.raises(CheckError, match=rf"docs/use\.md links to {re.escape(target)}, which does not exist"):
        site.pages(root)


def test_mkdocs_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match=r"site-requirements\.lock"):
        site.build(tmp_path / "site")


def test_another_folder_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "find_tool", lambda *_, **__: "mkdocs")
    (tmp_path / "letter.txt").touch()
    with pytest.raises(CheckError, match="not a site"):
        site.build(tmp_path)
    assert (tmp_path / "letter.txt").exists()


def test_the_requirements_are_locked() -> None:
    folder = ROOT / "build_scripts"
    (pin,) = re.findall(r"(?m)^[^#\n].*$", (folder / "site-requirements.txt").read_text())
    assert f"\n{pin} \\\n    --hash=sha256:" in (folder / "site-requirements.lock").read_text()
