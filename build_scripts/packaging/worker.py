"""Runs rattler-build in a process that can be ended at any time: inside this one, nothing stops it.

It works in Rust, which sees no Ctrl-C, and what it compiles would go on. `build` starts the process and reads
what it prints: lines of output, and events as JSON after a mark.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from build_scripts.errors import PackageError
from build_scripts.pin import ROOT
from build_scripts.process import stream

from .progress import Progress

if TYPE_CHECKING:
    from rattler_build import RenderedVariant

# Starts the lines that are events.
_MARK = "\x1e"


def build(
    recipe: Path, rendered: RenderedVariant, output_dir: Path, channels: Sequence[str], progress: Progress
) -> Path:
    """Build `rendered`, a package of the file `recipe`, in another process; return the package's path."""
    request = {
        "recipe": str(recipe),
        # One value for every key that the recipe uses, so nothing needs zipping.
        "variant": {key: value for key, value in rendered.variant.items() if not key.startswith("__")},
        "output_dir": str(output_dir),
        "channels": list(channels),
        "parent": os.getpid(),
    }
    result: dict[str, str] = {}

    def on_line(line: str) -> None:
        if not line.startswith(_MARK):
            progress.line(line)
            return
        name, fields = json.loads(line.removeprefix(_MARK))
        if name in ("package", "error"):
            result[name] = fields
        else:
            getattr(progress, name)(SimpleNamespace(**fields))

    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from {__name__} import main; main()"
    status = stream([sys.executable, "-c", code, json.dumps(request)], on_line)
    if "package" not in result:
        raise PackageError(result.get("error") or f"rattler-build ended with status {status}")
    package, expected = Path(result["package"]), rendered.recipe
    name = f"{expected.package.name}-{expected.package.version}-{expected.build.string}.conda"
    if package.name != name:
        raise PackageError(f"rattler-build built {package.name} instead of {name}")
    return package


def main() -> None:
    """Build what the request in sys.argv describes."""
    request = json.loads(sys.argv[1])
    if os.name != "nt":
        _end_with(request["parent"])  # before rattler-build starts threads

    from rattler_build import (
        PlatformConfig,
        RattlerBuildError,
        RenderConfig,
        Stage0Recipe,
        ToolConfiguration,
        VariantConfig,
    )

    variant = request["variant"]
    try:
        (rendered,) = Stage0Recipe.from_file(Path(request["recipe"])).render(
            VariantConfig({key: [value] for key, value in variant.items()}),
            RenderConfig(platform=PlatformConfig(target_platform=variant["target_platform"])),
        )
        result = rendered.run_build(
            tool_config=ToolConfiguration(test_strategy="native", error_prefix_in_binary=True),
            output_dir=Path(request["output_dir"]),
            channels=request["channels"],
            progress_callback=_Events(),
        )
    except RattlerBuildError as error:
        _print("error", str(error).removeprefix("PyRattlerBuildError: "))
        sys.exit(1)
    (package,) = result.packages
    _print("package", str(package))


class _Events:
    """Receives rattler-build's events and prints those that Progress uses."""

    def on_log(self, event: Any) -> None:
        """Print a log event."""
        _print("on_log", {"span": event.span, "message": event.message})

    def on_build_step(self, event: Any) -> None:
        """Print the start of a build step."""
        _print("on_build_step", {"step_name": event.step_name, "message": event.message})

    def on_download_start(self, event: Any) -> None:
        """Print the start of a download."""
        _print("on_download_start", {"url": event.url})

    def on_download_progress(self, event: Any) -> None:
        """Ignore the progress of a download."""

    def on_download_complete(self, event: Any) -> None:
        """Ignore the end of a download."""


def _print(name: str, fields: object) -> None:
    print(f"{_MARK}{json.dumps([name, fields])}", flush=True)


def _end_with(parent: int) -> None:
    """Fork a process that ends this one, with all that it started, if `parent` is killed.

    No thread could: rattler-build holds Python's lock while it works.
    """
    own = os.getpid()
    if os.fork():
        return
    # Whoever reads this process's output must not wait for the fork.
    os.closerange(0, 3)
    while os.getppid() == own:
        try:
            os.kill(parent, 0)
        except OSError:
            os.killpg(0, signal.SIGKILL)
        time.sleep(0.2)
    os._exit(0)
