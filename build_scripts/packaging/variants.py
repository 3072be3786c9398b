"""Which packages there are: recipe/ and variants.yaml, rendered for a platform. Nothing is built here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from build_scripts.errors import PackageError
from build_scripts.pin import ROOT, VARIANTS

if TYPE_CHECKING:
    from rattler import VirtualPackage
    from rattler_build import RenderedVariant

PLATFORMS = ("linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64")
RECIPE = ROOT / "recipe" / "recipe.yaml"


@dataclass(frozen=True)
class Variant:
    """The hardware that a package is for."""

    backend: str
    """`cpu`, `cuda` or `metal`, as `build --backend` takes it."""
    cuda_version: str | None
    """`12.9`, of the toolkit; None where the backend is another."""

    @property
    def label(self) -> str:
        """`cuda129`: what the build string of its packages begins with."""
        return self.backend + (self.cuda_version or "").replace(".", "")

    @classmethod
    def of(cls, rendered: RenderedVariant) -> Variant:
        """The variant that a rendered package is for."""
        values = rendered.variant
        cuda = values["cuda_compiler_version"] if values["backend"] == "cuda" else None
        return cls(values["backend"], cuda)


def host_platform() -> str:
    """The platform this process runs on, as conda names it."""
    from rattler import Subdir

    return str(Subdir.current())


def virtual_packages() -> list[VirtualPackage]:
    """What this machine has, as solvers ask: glibc, CUDA driver, ...; CONDA_OVERRIDE_* variables count."""
    from rattler import VirtualPackage
    from rattler.virtual_package import VirtualPackageOverrides

    return VirtualPackage.detect(VirtualPackageOverrides.from_env())


def render(
    platform: str, overrides: Mapping[str, str] | None = None, recipe: Path = RECIPE
) -> dict[Variant, RenderedVariant]:
    """Every package the recipe makes for `platform`; `overrides` take the place of values of variants.yaml.

    Nothing of the machine that renders goes into the result: hashes are the same everywhere.
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
        known = VariantConfig.from_file_with_context(VARIANTS, JinjaConfig(platform=target))
        zipped = {key for keys in known.zip_keys or [] for key in keys}
        count = len(known["backend"])
        # One value for zipped keys applies to every variant.
        values = {key: [value] * (count if key in zipped else 1) for key, value in (overrides or {}).items()}
        everything = Stage0Recipe.from_file(recipe).render(
            known.merge(VariantConfig(values, known.zip_keys)), RenderConfig(platform=target)
        )
    except RattlerBuildError as error:
        raise PackageError(f"{recipe.name} does not render for {platform}: {error}") from error
    return {Variant.of(rendered): rendered for rendered in everything}


def choose(
    variants: Mapping[Variant, RenderedVariant], backend: str, cuda_version: str | None
) -> dict[Variant, RenderedVariant]:
    """Those of `variants` that are for `backend`, and for `cuda_version` if one is given; never none."""
    chosen = {
        variant: rendered
        for variant, rendered in variants.items()
        if variant.backend == backend and cuda_version in (None, variant.cuda_version)
    }
    if not chosen:
        asked = backend if cuda_version is None else f"{backend} {cuda_version}"
        labels = ", ".join(variant.label for variant in variants)
        raise PackageError(f"there is no package for {asked} on this platform; there is {labels}")
    return chosen


def matrix() -> Iterator[dict[str, str]]:
    """Every package of every platform, one entry each, with what a CI job needs to build it."""
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


# GitHub's machines of each platform: packages are built where they run.
_RUNNERS = {
    "linux-64": "ubuntu-24.04",
    "linux-aarch64": "ubuntu-24.04-arm",
    "osx-64": "macos-15-intel",
    "osx-arm64": "macos-15",
    "win-64": "windows-2022",
}
