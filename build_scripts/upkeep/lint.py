"""What `lint` runs: ruff and mypy over the code, and the linters of .github over the workflows."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from pathlib import Path

from build_scripts.errors import LlamaCtypesError
from build_scripts.pin import ROOT
from build_scripts.process import find_tool, run

_logger = logging.getLogger(__name__)

_CODE = (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",))


def code() -> None:
    """Check all Python of the checkout; the first tool that finds something ends it."""
    for tool, *rest in _CODE:
        _logger.info(" ".join([tool, *rest]))
        run([sys.executable, "-m", tool, *rest], cwd=ROOT)


def workflows(root: Path) -> None:
    """Check .github of the checkout `root` with every linter, offline; raise one error for all they find."""
    files = sorted((root / ".github" / "workflows").glob("*.y*ml"))
    dependabot = root / ".github" / "dependabot.yml"
    linters: tuple[tuple[str, list[str | Path]], ...] = (
        ("zizmor", ["--offline", "--quiet", "--no-progress", root / ".github"]),
        ("actionlint", ["-no-color", "-oneline", *files]),
        ("check-jsonschema", ["--color=never", "--builtin-schema=vendor.github-workflows", *files]),
        ("check-jsonschema", ["--color=never", "--builtin-schema=vendor.dependabot", dependabot]),
    )
    found: list[str] = []
    for name, arguments in linters:
        _logger.info(name)
        try:
            run([tool(name), *arguments], cwd=root)
        except LlamaCtypesError as error:
            found.append(str(error))
    if found:
        raise LlamaCtypesError("\n".join(found))


def tool(name: str) -> str:
    """The path of a linter: beside this Python, as in .venv, else on PATH; raises ToolError without."""
    beside = shutil.which(name, path=os.fspath(Path(sys.executable).parent))
    return beside or find_tool(name, purpose="to lint .github", hint="pixi and .venv have it.")
