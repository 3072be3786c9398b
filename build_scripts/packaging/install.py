"""Install packages into a clean prefix through py-rattler."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from build_scripts.errors import PackageError, UsageError
from build_scripts.steps import Step, report

from .channel import run_rattler
from .variants import host_platform, rattler_subdir, virtual_packages

if TYPE_CHECKING:
    from rattler import InstallerReporter, RepoDataRecord

_logger = logging.getLogger(__name__)


def create(
    prefix: Path, specs: Sequence[str], channels: Sequence[str], platform: str | None = None
) -> list[RepoDataRecord]:
    """Create a conda environment with `specs` in `prefix`, which must be empty or absent.

    Return the records of its packages. `channels` are names, URLs or folders, highest priority first.
    `platform` defaults to this machine's. The solver always assumes this machine's virtual packages. Raises
    UsageError if one of `specs` is not in conda's syntax, PackageError if nothing satisfies them.
    """
    require_empty(prefix)
    return run_rattler(_create(prefix, specs, channels, platform or host_platform()))


def require_empty(prefix: Path) -> None:
    """Raise UsageError unless `prefix` is empty or absent."""
    if prefix.exists() and (not prefix.is_dir() or any(prefix.iterdir())):
        raise UsageError(f"{prefix} is not empty; choose a folder that does not exist yet")


def require_package(output_dir: Path) -> None:
    """Raise PackageError unless the channel folder `output_dir` contains this project's package."""
    if not any(output_dir.glob("*/llama-ctypes-*.conda")):
        raise PackageError(f"{output_dir} contains no llama-ctypes package; run `build` first")


class _Reporter:
    """Has the methods that rattler calls; it reports each of `count` packages that is installed."""

    def __init__(self, count: int) -> None:
        self._done, self._count = 0, count

    def on_link_complete(self, _index: int) -> None:
        """Report one more package."""
        self._done += 1
        report(_logger, Step("installing", self._done, self._count), line=False)

    def __getattr__(self, name: str) -> Callable[..., int]:
        """Return a method that does nothing, for the other events."""
        if not name.startswith("on_"):
            raise AttributeError(name)
        return lambda *_: 0


async def _create(
    prefix: Path, specs: Sequence[str], channels: Sequence[str], platform: str
) -> list[RepoDataRecord]:
    from rattler import Channel, MatchSpec, install, solve

    subdir = rattler_subdir()(platform)
    requested = ", ".join(specs)
    try:
        # As conda reads it: rattler's strict syntax has no `name=*=build`.
        asked = [MatchSpec(spec, strict=False) for spec in specs]
    except Exception as error:
        problem = f"cannot read {requested!r} as conda does: {error}; try 'llama-ctypes=*=cpu*'"
        raise UsageError(problem) from error
    try:
        records = await solve(
            [Channel(str(Path(name).resolve()) if Path(name).is_dir() else name) for name in channels],
            asked,
            platforms=[subdir, "noarch"],
            virtual_packages=virtual_packages(),
        )
    except Exception as error:  # rattler's errors share no base class
        reason = str(error).strip()
        if needed := re.search(r"__cuda >=(\d+)", reason):
            reason += f"\nThis machine has no such driver; CONDA_OVERRIDE_CUDA={needed[1]} assumes one."
        raise PackageError(f"cannot solve for {requested} from {', '.join(channels)}: {reason}") from error
    _logger.info(
        f"installing {', '.join(sorted(record.name.normalized for record in records))} into {prefix}"
    )
    try:
        await install(
            records, prefix, platform=subdir, reporter=cast("InstallerReporter", _Reporter(len(records)))
        )
    except Exception as error:
        raise PackageError(f"cannot install {requested} into {prefix}: {error}") from error
    return records
