"""List the packages: render recipe/ and variants.yaml for a platform, without building anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from build_scripts.errors import PackageError
from build_scripts.pin import ROOT, VARIANTS

if TYPE_CHECKING:
    from rattler import Subdir, VirtualPackage
    from rattler_build import RenderedVariant

PLATFORMS = ("linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64")
RECIPE = ROOT / "recipe" / "recipe.yaml"


@dataclass(frozen=True)
class Variant:
    """What hardware a package is for."""

    backend: str
    """`cpu`, `cuda`, `metal` or `vulkan`: a value of `build --backend`."""
    cuda_version: str | None
    """The toolkit's version, such as `12.9`; None for other backends."""

    @property
    def label(self) -> str:
        """The variant's name, such as `cuda129`; its packages' build strings begin with it."""
        return self.backend + (self.cuda_version or "").replace(".", "")

    @classmethod
    def of(cls, rendered: RenderedVariant) -> Variant:
        """Return the variant of a rendered package."""
        values = rendered.variant
        cuda = values["cuda_compiler_version"] if values["backend"] == "cuda" else None
        return cls(values["backend"], cuda)


def host_platform() -> str:
    """Return conda's name of the platform that this process runs on."""
    return str(rattler_subdir().current())


def rattler_subdir() -> type[Subdir]:
    """Return rattler's class for the names of platforms, which was called Platform before version 0.28."""
    import rattler

    names = vars(rattler)
    subdir: type[Subdir] = names["Subdir" if "Subdir" in names else "Platform"]
    return subdir


def cross_target(platform: str | None) -> str | None:
    """Return `platform` if it is not this machine's, else None; PackageError if nothing builds it here."""
    host = host_platform()
    if platform in (None, host):
        return None
    if platform.partition("-")[0] != host.partition("-")[0]:
        raise PackageError(f"packages for {platform} cannot be built on {host}; build on that system")
    return platform


def virtual_packages() -> list[VirtualPackage]:
    """Return this machine's virtual packages (glibc, CUDA driver, ...); CONDA_OVERRIDE_* variables apply."""
    from rattler import VirtualPackage
    from rattler.virtual_package import VirtualPackageOverrides

    return VirtualPackage.detect(VirtualPackageOverrides.from_env())


def render(
    platform: str, overrides: Mapping[str, str] | None = None, recipe: Path = RECIPE
) -> dict[Variant, RenderedVariant]:
    """Render every package for `platform`; `overrides` replace values of variants.yaml.

    The result does not depend on this machine, so hashes are the same everywhere.
    """
    from rattler_build import (
        JinjaConfig,
        PlatformConfig,
        RattlerBuildError,
        RenderConfig,
        Stage0Recipe,
        VariantConfig,
    )

    target = PlatformConfig(target_platform=platform)
    try:
        config = VariantConfig.from_file_with_context(VARIANTS, JinjaConfig(platform=target))
        zipped = {key for keys in config.zip_keys or [] for key in keys}
        count = len(config["backend"])
        # Zipped keys need one value per variant, so the override is repeated.
        values = {key: [value] * (count if key in zipped else 1) for key, value in (overrides or {}).items()}
        packages = Stage0Recipe.from_file(recipe).render(
            config.merge(VariantConfig(values, config.zip_keys)), RenderConfig(platform=target)
        )
    except RattlerBuildError as error:
        raise PackageError(f"cannot render {recipe.name} for {platform}: {error}") from error
    return {Variant.of(rendered): rendered for rendered in packages}


def choose(
    variants: Mapping[Variant, RenderedVariant], backend: str, cuda_version: str | None
) -> dict[Variant, RenderedVariant]:
    """Select the variants for `backend`, and for `cuda_version` unless None; PackageError if none match."""
    matches = {
        variant: rendered
        for variant, rendered in variants.items()
        if variant.backend == backend and cuda_version in (None, variant.cuda_version)
    }
    if not matches:
        requested = backend if cuda_version is None else f"{backend} {cuda_version}"
        labels = ", ".join(variant.label for variant in variants)
        raise PackageError(f"this platform has no package for {requested}; available: {labels}")
    return matches


def matrix() -> Iterator[dict[str, str]]:
    """Yield one entry per package of every platform, with what a CI job needs to build it."""
    for platform in PLATFORMS:
        for variant in render(platform):
            arguments = f"--backend {variant.backend}"
            if variant.cuda_version:
                arguments += f" --cuda-version {variant.cuda_version}"
            yield {
                "name": f"{platform}-{variant.label}",
                "subdir": platform,
                "backend": variant.backend,
                "cuda_version": variant.cuda_version or "",
                "runner": _RUNNERS[platform],
                "arguments": arguments,
            }


# GitHub's runners by platform. CI does not cross-build.
_RUNNERS = {
    "linux-64": "ubuntu-24.04",
    "linux-aarch64": "ubuntu-24.04-arm",
    "osx-64": "macos-15-intel",
    "osx-arm64": "macos-15",
    "win-64": "windows-2022",
}
