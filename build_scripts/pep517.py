"""Builds wheels and source archives for pip and uv (PEP 517 and 660), as `build` and `wheel` do.

pyproject.toml names this module. Like __main__, it starts the program and is above all wings. Config
settings are the options of `build`:

    pip install . --config-settings backend=cuda --config-settings cuda-version=13.0
"""

from __future__ import annotations

import importlib
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from . import provision

if TYPE_CHECKING:
    import argparse

    Settings = Mapping[str, str | Sequence[str]] | None

# The other modules cannot be imported by an older Python.
provision.check_version()

_logger = logging.getLogger(__name__)


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    """Return what packing this project requires."""
    return [line for line in _requirements() if line.startswith("PyYAML")]


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """Return what building requires."""
    # A local channel packs pip too: the package's test runs `pip check`.
    return ["pip", *_requirements()]


get_requires_for_build_editable = get_requires_for_build_wheel


def _requirements() -> list[str]:
    text = Path(provision.REQUIREMENTS).with_suffix(".txt").read_text(encoding="utf-8")
    (section,) = re.findall(r"^# -- to build .*\n((?:.+\n)+)", text, re.MULTILINE)
    return str(section).splitlines()


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """Make the source archive in `sdist_directory`; return its name."""

    def make() -> Path:
        from .packaging import sdist

        return sdist.make(Path(sdist_directory))

    return _name_of(make)


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: Settings = None) -> str:
    """Write the wheel's metadata into `metadata_directory` without building; return its folder's name.

    Its licences are those of the libraries, which are not known yet.
    """

    def make() -> Path:
        from .packaging import core_metadata

        return core_metadata.write(Path(metadata_directory), _Plan(config_settings).wheel_version)

    return _name_of(make)


prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Build the package and make its wheel in `wheel_directory`; return its name."""

    def make() -> Path:
        from .cache import cache_folder
        from .packaging import wheel
        from .source.scratch import scratch

        plan = _Plan(config_settings)
        with scratch(cache_folder()) as folder:
            return wheel.make(plan.build(folder), Path(wheel_directory), plan.arguments.channel)

    return _name_of(make)


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Make a wheel in `wheel_directory` that leads to this checkout; return its name.

    It has the libraries of a package in output/ that fits, else of one that is built there.
    """

    def make() -> Path:
        from .cache import cache_folder
        from .errors import UsageError
        from .packaging import editable, wheel
        from .pin import ROOT
        from .source.scratch import scratch
        from .versions import requested_tag

        plan = _Plan(config_settings)
        pinned, tag = plan.pin.release.tag, requested_tag(plan.arguments.tag)
        if tag not in (None, pinned):
            raise UsageError(
                f"this checkout has the bindings of {pinned}; install {tag} without --editable, "
                f"or run `python3 -m build_scripts bump {tag}` first"
            )
        package = editable.fitting_package(ROOT, plan.version, plan.variant.label)
        if package:
            _logger.info(f"using the libraries of {package}; to compile again, delete it")
        with scratch(cache_folder()) as folder:
            file = wheel.make(package or plan.build(ROOT / "output"), folder, plan.arguments.channel)
            return editable.make(file, ROOT, Path(wheel_directory))

    return _name_of(make)


class _Plan:
    """What to build, from config settings."""

    def __init__(self, settings: Settings) -> None:
        _check_environment()
        from .cli.shared import tree_of
        from .packaging import build, built, variants
        from .pin import read_pin

        self.arguments, self.pin = _arguments(settings or {}), read_pin()
        # A wheel is for one variant. Of CUDA's versions, the last one is the newest.
        backend = self.arguments.backend or "cpu"
        rendered = variants.render(variants.host_platform())
        *_, self.variant = variants.choose(rendered, backend, self.arguments.cuda_version)
        self.tree = tree_of(self.arguments)
        self.version = build.version_of(self.tree, self.pin)
        self.wheel_version = built.wheel_version(self.version, self.variant.label)

    def build(self, output_dir: Path) -> Path:
        """Build and test the package in the channel folder `output_dir`; return its path."""
        from .packaging import build, channel, smoke_test

        backend, cuda_version = self.variant.backend, self.variant.cuda_version
        channels = channel.choose(self.arguments.channel, backend=backend)
        request = build.BuildRequest(self.tree, backend, cuda_version, self.arguments.cuda_architectures)
        for package in build.build(request, self.pin, output_dir, channels):
            smoke_test.run_package(package, self.tree, output_dir, channels)
        return package


def _check_environment() -> None:
    """Raise ToolError if a requirement is missing, as it may be with --no-build-isolation."""
    from .errors import ToolError

    for name in provision.BUILD_MODULES:
        try:
            importlib.import_module(name)
        except ImportError as error:
            raise ToolError(
                f"building needs {name.partition('.')[0]}, which cannot be imported ({error}); leave out "
                f"--no-build-isolation, or install build_scripts/requirements.txt for {sys.executable}"
            ) from error
    from .packaging import variants, wheel

    wheel.repair_tool(variants.host_platform().partition("-")[0])


def _arguments(settings: Mapping[str, str | Sequence[str]]) -> argparse.Namespace:
    """Return the settings as options of `build`; a wrong one is a usage error of one line."""
    import argparse

    from .cli.packaging import with_kind
    from .cli.shared import with_source

    parser = argparse.ArgumentParser(
        prog="--config-settings", usage=argparse.SUPPRESS, add_help=False, allow_abbrev=False
    )
    with_source(parser)
    with_kind(parser)
    parser.add_argument("--channel")
    # pip passes a list if a setting is repeated; the last one counts.
    last = {key: value if isinstance(value, str) else value[-1] for key, value in settings.items()}
    return parser.parse_args([f"--{key.replace('_', '-')}={value}" for key, value in last.items()])


def _name_of(make: Callable[[], Path]) -> str:
    """Return the name of what `make` makes; an error is one line, as on the command line, and exits."""
    from . import cli
    from .cli.shared import ended_like_ctrl_c, progress_on_stderr

    paths: list[Path] = []
    done = threading.Event()
    threading.Thread(target=_end_with, args=[os.getppid(), done], daemon=True).start()

    def task() -> int:
        with progress_on_stderr(), ended_like_ctrl_c():
            paths.append(make())
        return 0

    try:
        status = cli.guarded(task)
    finally:
        done.set()
    if status:
        sys.exit(status)
    return paths[0].name


def _end_with(parent: int, done: threading.Event) -> None:
    """Interrupt this process if pip, its `parent`, ends before it is `done`: a killed pip stops no hook.

    On Windows the parent's number never changes.
    """
    while not done.wait(0.5):
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGINT)
            return
