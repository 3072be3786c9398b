"""`lint` runs every linter, finds typos in all text, and is what pre-commit runs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from build_scripts import cli
from build_scripts.errors import ToolError
from build_scripts.pin import ROOT
from build_scripts.upkeep import lint


@pytest.fixture
def spelling(tmp_path: Path) -> Path:
    """A folder with this project's settings for typos; skips if typos is not installed."""
    try:
        lint.tool("typos")
    except ToolError as error:
        pytest.skip(str(error))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "name", ["README.md", "docs/use.md", ".github/workflows/ci.yml", "llama_ctypes/_api.py"]
)
def test_lint_sees_a_typo(spelling: Path, name: str) -> None:
    path = spelling / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("# Each dependency is listed.\n", encoding="utf-8")
    lint.spelling(spelling)
    path.write_text("# Each depend" + "ancy is listed.\n", encoding="utf-8")
    with pytest.raises(ToolError, match=rf"{re.escape(path.name)}:1.*dependency"):
        lint.spelling(spelling)


def test_upstreams_names_in_the_bindings_are_no_typos(spelling: Path) -> None:
    generated = spelling / "llama_ctypes" / "_generated"
    generated.mkdir(parents=True)
    (generated / "constants.py").write_text("GGML_OP_ARAN" + "GE = 1\n", encoding="utf-8")
    lint.spelling(spelling)


def test_the_lint_command_runs_every_linter(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    for name in ("code", "spelling", "workflows"):
        monkeypatch.setattr(lint, name, lambda *_, name=name: calls.append(name))
    assert cli.main(["lint"]) == 0
    assert calls == ["code", "spelling", "workflows"]


def test_pre_commit_runs_lint() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (repository,) = config["repos"]
    (hook,) = repository["hooks"]
    assert (repository["repo"], hook["language"], hook["pass_filenames"]) == ("local", "system", False)
    assert hook["entry"] == "python3 -m build_scripts lint"
