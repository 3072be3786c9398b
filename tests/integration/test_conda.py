"""RUN_PACKAGE_INTEGRATION: build with conda-build and install with conda, if they are installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_scripts.errors import ToolError
from build_scripts.packaging import conda, smoke_test
from tests.integration.conftest import command, needs_switch

needs_switch("RUN_PACKAGE_INTEGRATION")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A channel with the package that conda-build built."""
    try:
        conda.builder()
    except ToolError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("channel")
    # The command itself checks the package's name, installs it and generates text.
    assert command("conda-build", "--output-dir", folder).returncode == 0
    return folder


@pytest.mark.parametrize("installer", conda.INSTALLERS)
def test_the_package_of_conda_build_installs_and_generates(output: Path, installer: str) -> None:
    try:
        conda.installer(installer)
    except ToolError as error:
        pytest.skip(str(error))
    result = command("install-check", "--output-dir", output, "--installer", installer)
    assert result.returncode == 0
    assert result.stdout.strip().startswith(smoke_test.PROMPT)
