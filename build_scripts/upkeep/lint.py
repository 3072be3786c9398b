"""Run the linters: ruff and mypy on the code, several others on the workflows in .github."""

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
    """Check the checkout's Python code; stop at the first tool that fails."""
    for tool, *rest in _CODE:
        _logger.info(" ".join([tool, *rest]))
        run([sys.executable, "-m", tool, *rest], cwd=ROOT)


def workflows(root: Path) -> None:
    """Check .github of the checkout `root` with every linter, offline; raise one error with all findings."""
    files = sorted((root / ".github" / "workflows").glob("*.y*ml"))
    dependabot = root / ".github" / "dependabot.yml"
    linters: tuple[tuple[str, list[str | Path]], ...] = (
        ("zizmor", ["--offline", "--quiet", "--no-progress", root / ".github"]),
        ("actionlint", ["-no-color", "-oneline", *files]),
        ("check-jsonschema", ["--color=never", "--builtin-schema=vendor.github-workflows", *files]),
        ("check-jsonschema", ["--color=never", "--builtin-schema=vendor.dependabot", dependabot]),
    )
    findings: list[str] = []
    for name, arguments in linters:
        _logger.info(name)
        try:
            run([tool(name), *arguments], cwd=root)
        except LlamaCtypesError as error:
            findings.append(str(error))
    if findings:
        raise LlamaCtypesError("\n".join(findings))


def tool(name: str) -> str:
    """Return a linter's path: from this Python's folder (.venv), else from PATH; ToolError if missing."""
    sibling = shutil.which(name, path=os.fspath(Path(sys.executable).parent))
    return sibling or find_tool(name, purpose="to lint .github", hint="pixi and .venv have it.")
