"""What `lint` runs: ruff and mypy for the code, typos for all text, and the linters of .github."""

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
    """Check all Python of the checkout; stop at the first tool that finds something."""
    for tool, *rest in _CODE:
        _logger.info(" ".join([tool, *rest]))
        run([sys.executable, "-m", tool, *rest], cwd=ROOT)


def spelling(root: Path) -> None:
    """Check the spelling in every text file of the checkout `root`; pyproject.toml lists exceptions."""
    _logger.info("typos")
    run([tool("typos"), "--color=never", "--format=brief"], cwd=root)


def workflows(root: Path) -> None:
    """Check .github of the checkout `root` with every linter, offline; raise one error for all they find."""
    folder = root / ".github"
    files = sorted((folder / "workflows").glob("*.y*ml"))
    config = folder / "ISSUE_TEMPLATE" / "config.yml"
    forms = sorted(set(config.parent.glob("*.y*ml")) - {config})

    def schema(name: str, *files: Path) -> tuple[str, list[str | Path]]:
        return "check-jsonschema", ["--color=never", f"--builtin-schema=vendor.{name}", *files]

    linters: tuple[tuple[str, list[str | Path]], ...] = (
        ("zizmor", ["--offline", "--quiet", "--no-progress", folder]),
        ("actionlint", ["-no-color", "-oneline", *files]),
        schema("github-workflows", *files),
        schema("github-issue-forms", *forms),
        schema("github-issue-config", config),
        schema("dependabot", folder / "dependabot.yml"),
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
    """Return the path of a linter, next to this Python or on PATH; raise ToolError if there is none."""
    beside = shutil.which(name, path=os.fspath(Path(sys.executable).parent))
    return beside or find_tool(name, purpose="to lint", hint="pixi and .venv have it.")
