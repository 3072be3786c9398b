"""RUN_PACKAGE_INTEGRATION, where conda-build and conda are installed: the package by and for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_scripts.errors import ToolError
from build_scripts.packaging import conda, smoke_test
from tests.integration.conftest import command, needs_switch

needs_switch("RUN_PACKAGE_INTEGRATION")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A channel with the package as conda-build makes it."""
    try:
        conda.builder()
    except ToolError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("channel")
    # That it is the package rattler-build would make, installs and generates, the command sees to.
    assert command("conda-build", "--output-dir", folder).returncode == 0
    return folder


@pytest.mark.parametrize("installer", conda.INSTALLERS)
def test_what_conda_build_made_is_installed_and_generates(output: Path, installer: str) -> None:
    try:
        conda.installer(installer)
    except ToolError as error:
        pytest.skip(str(error))
    done = command("install-check", "--output-dir", output, "--installer", installer)
    assert done.returncode == 0
    assert done.stdout.strip().startswith(smoke_test.PROMPT)
