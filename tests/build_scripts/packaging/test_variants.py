"""Which packages there are, and which of them a machine gets."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from build_scripts import cli
from build_scripts.cli.packaging import _architectures
from build_scripts.errors import PackageError
from build_scripts.packaging import variants
from build_scripts.packaging.variants import PLATFORMS, Variant
from build_scripts.pin import read_pin

pytest.importorskip("rattler_build")

TABLE = Path(__file__).with_name("packages.tsv")
COLUMNS = ("platform", "kind", "number", "build", "host", "run", "constraints")


def rows(platform: str) -> list[dict[str, str]]:
    """The packages of a platform as the table has them."""
    found = []
    for variant, rendered in variants.render(platform).items():
        requirements = rendered.recipe.requirements.to_dict()
        listed = {part: ", ".join(requirements.get(part, [])) for part in ("build", "host", "run")}
        listed["constraints"] = ", ".join(requirements.get("run_constraints", []))
        number = str(rendered.recipe.build.number)
        found.append({"platform": platform, "kind": variant.label, "number": number, **listed})
    return found


def test_every_combination_is_the_expected_one() -> None:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    expected = [dict(zip(COLUMNS, line.split("\t"), strict=True)) for line in lines[1:]]
    assert tuple(lines[0].split("\t")) == COLUMNS
    assert [row for platform in PLATFORMS for row in rows(platform)] == expected


@pytest.mark.parametrize("platform", PLATFORMS)
def test_names_versions_and_build_strings(platform: str) -> None:
    pin = read_pin()
    for variant, rendered in variants.render(platform).items():
        recipe = rendered.recipe
        assert (recipe.package.name, recipe.package.version) == ("llama-ctypes", pin.version)
        # Two packages of one kind differ in the hash, which is that of all that went into the rendering.
        assert rendered.hash_info is not None
        assert str(recipe.build.string) == f"{variant.label}_h{rendered.hash_info.hash}_0"


def test_the_hash_covers_what_the_gpus_are() -> None:
    kind = Variant("cuda", "13.0")
    one, other = (variants.render("linux-64", {"cuda_architectures": gpus})[kind] for gpus in ("80", "90"))
    assert one.recipe.build.string != other.recipe.build.string
    assert "${{ cuda_architectures }}" in str(other.recipe.build.script)


def test_a_value_for_all_kinds_keeps_them_apart() -> None:
    rendered = variants.render("linux-64", {"c_compiler_version": "12.2.0"})
    assert [kind.label for kind in rendered] == ["cpu", "cuda129", "cuda130", "vulkan"]
    for variant in rendered.values():
        assert "gcc_linux-64 12.2.0.*" in variant.recipe.requirements.to_dict()["build"]


def test_what_there_is_not_is_one_clear_error() -> None:
    kinds = variants.render("linux-64")
    assert [kind.label for kind in variants.choose(kinds, "cuda", None)] == ["cuda129", "cuda130"]
    assert [kind.label for kind in variants.choose(kinds, "cuda", "12.9")] == ["cuda129"]
    with pytest.raises(PackageError, match=r"no package for metal; available: cpu, cuda129, cuda130, vulkan"):
        variants.choose(kinds, "metal", None)
    with pytest.raises(PackageError, match=r"no package for cuda 11\.8"):
        variants.choose(kinds, "cuda", "11.8")


def test_a_recipe_that_does_not_render_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "recipe.yaml").write_text("package: {name: x, version: ${{ nothing }} }\n")
    with pytest.raises(PackageError, match=r"cannot render recipe\.yaml for osx-64"):
        variants.render("osx-64", recipe=tmp_path / "recipe.yaml")


def test_the_matrix_has_a_job_for_each() -> None:
    entries = list(variants.matrix())
    assert len(entries) == len(TABLE.read_text(encoding="utf-8").splitlines()) - 1
    assert len({entry["name"] for entry in entries}) == len(entries)
    (entry,) = [entry for entry in entries if entry["name"] == "win-64-cuda129"]
    assert entry["arguments"] == "--backend cuda --cuda-version 12.9"
    assert entry["runner"].startswith("windows-")


# -- what a solver makes of them --------------------------------------------------------------------

# What the compilers and libraries of conda-forge add to a package's dependencies (their run_exports).
ADDED = {
    "sysroot": "__glibc >={},<3.0.a0",
    "macosx_deployment_target": "__osx >={}",
    "cuda-nvcc": "cuda-version >={},<{}",
    "libvulkan-loader": "libvulkan-loader >=1.4.309.0,<2.0a0",
}


def depends(variant: Any) -> list[str]:
    """What the built package depends on."""
    values, requirements = variant.variant, variant.recipe.requirements.to_dict()
    found = list(requirements["run"])
    if values["c_stdlib"] in ADDED:
        found.append(ADDED[values["c_stdlib"]].format(values["c_stdlib_version"]))
    if values["backend"] == "cuda":
        toolkit = values["cuda_compiler_version"]
        found.append(ADDED["cuda-nvcc"].format(toolkit, int(toolkit.split(".")[0]) + 1))
    if "libvulkan-loader" in requirements["host"]:
        found.append(ADDED["libvulkan-loader"])
    return found


def record(name: str, version: str, build: str, number: int, needs: list[str], **more: Any) -> dict[str, Any]:
    fields = {"name": name, "version": version, "build": build, "build_number": number, "depends": needs}
    return {**fields, "md5": "0" * 32, "sha256": "0" * 64, "size": 1, **more}


def make_channel(folder: Path, platform: str, extra: list[dict[str, Any]] | None = None) -> str:
    """A channel of index alone, holding every package of `platform` and what they depend on."""
    records = [record("python", "3.12.1", "h0_0", 0, []), record("cuda-cudart", "13.0.1", "h0_0", 0, [])]
    records += [record("libvulkan-loader", "1.4.313.0", "h0_0", 0, []), *(extra or [])]
    for toolkit in ("12.2", "12.9", "13.0", "13.1"):
        constrained = [f"__cuda >={toolkit.split('.')[0]}"]
        records.append(record("cuda-version", toolkit, "h0_0", 0, [], constrains=constrained))
    for variant in variants.render(platform).values():
        recipe = variant.recipe
        string, number = str(recipe.build.string), int(recipe.build.number)
        constraints = recipe.requirements.to_dict().get("run_constraints", [])
        needs, version = depends(variant), str(recipe.package.version)
        records.append(record("llama-ctypes", version, string, number, needs, constrains=constraints))
    for subdir in (platform, "noarch"):
        (folder / subdir).mkdir(parents=True, exist_ok=True)
        mine = records if subdir == platform else []
        named = {f"{one['name']}-{one['version']}-{one['build']}.conda": one for one in mine}
        index = {"info": {"subdir": subdir}, "packages": {}, "packages.conda": named}
        (folder / subdir / "repodata.json").write_text(json.dumps(index))
    return folder.as_uri()


def solve(
    channel: str, platform: str, spec: str, machine: dict[str, str], installed: Sequence[Any] = ()
) -> str:
    """The build string's kind of what gets installed for `spec` on a machine with these virtual packages."""
    return str(solution(channel, platform, spec, machine, installed)[0].build).partition("_")[0]


def solution(
    channel: str, platform: str, spec: str, machine: dict[str, str], installed: Sequence[Any] = ()
) -> list[Any]:
    """The records that get installed, ours first; the solver keeps those that are `installed` if it can."""
    import rattler

    # py-rattler before 0.28 takes a str.
    build: Any = vars(rattler).get("BuildString", str)
    virtual = [
        rattler.GenericVirtualPackage(rattler.PackageName(name), rattler.Version(version), build("0"))
        for name, version in machine.items()
    ]
    # As conda reads it: rattler's strict form has no `name=*=build`.
    asked = rattler.MatchSpec(spec, strict=False)
    solved = rattler.solve(
        [rattler.Channel(channel)],
        [asked],
        platforms=[variants.rattler_subdir()(platform), "noarch"],
        virtual_packages=virtual,
        locked_packages=list(installed),
    )
    return sorted(asyncio.run(solved), key=lambda one: one.name.normalized != "llama-ctypes")


def machine(platform: str, driver: str | None, glibc: str = "2.36") -> dict[str, str]:
    virtual = {"__archspec": "1"}
    virtual |= {"__glibc": glibc, "__linux": "6.1"} if platform.startswith("linux") else {}
    virtual |= {"__osx": "14.0"} if platform.startswith("osx") else {}
    return virtual | ({"__cuda": driver} if driver else {})


BY_DRIVER = {None: "cpu", "12.2": "cuda129", "12.9": "cuda129", "13.1": "cuda130"}


@pytest.mark.parametrize("platform", ["linux-64", "linux-aarch64", "win-64"])
def test_the_default_is_the_best_that_runs(platform: str, tmp_path: Path) -> None:
    channel = make_channel(tmp_path, platform)
    for driver, kind in BY_DRIVER.items():
        assert solve(channel, platform, "llama-ctypes", machine(platform, driver)) == kind, driver


@pytest.mark.parametrize(("platform", "kind"), [("osx-arm64", "metal"), ("osx-64", "cpu")])
def test_the_default_on_a_mac(platform: str, kind: str, tmp_path: Path) -> None:
    channel = make_channel(tmp_path, platform)
    assert solve(channel, platform, "llama-ctypes", machine(platform, None)) == kind


BY_GPU = {
    None: "cuda130",
    "12.0": "cuda130",
    "7.5": "cuda130",
    "7.0": "cuda129",
    "6.1": "cuda129",
    "4.0": "cpu",
}


@pytest.mark.parametrize("platform", ["linux-64", "linux-aarch64", "win-64"])
def test_an_old_gpu_gets_the_package_with_code_for_it(platform: str, tmp_path: Path) -> None:
    """With a driver for CUDA 13. Solvers that do not know the GPU's generation ignore it."""
    channel = make_channel(tmp_path, platform)
    for generation, kind in BY_GPU.items():
        virtual = machine(platform, "13.0") | ({"__cuda_arch": generation} if generation else {})
        assert solve(channel, platform, "llama-ctypes", virtual) == kind, generation


@pytest.mark.parametrize(
    ("architectures", "oldest"), [("89", "8.9"), ("120", "12.0"), ("90a-real;100f", "9.0")]
)
def test_the_oldest_gpu_is_the_first_of_the_list(architectures: str, oldest: str) -> None:
    kind = Variant("cuda", "13.0")
    rendered = variants.render("linux-64", {"cuda_architectures": architectures})[kind]
    assert rendered.recipe.requirements.to_dict()["run_constraints"] == [f"__cuda_arch >={oldest}"]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_lists_of_gpus_name_the_oldest_first(platform: str) -> None:
    for rendered in variants.render(platform).values():
        if (text := rendered.variant["cuda_architectures"]) != "None":
            assert _architectures(text) == text


@pytest.mark.parametrize("text", ["", "native", "89,90", "90;80", "8.9", "89-fast"])
def test_another_list_of_gpus_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["build", "--backend", "cuda", "--cuda-architectures", text])
    assert f"{text!r} is not a list of compute capabilities, oldest first" in capsys.readouterr().err


def test_an_old_system_gets_what_it_can_run(tmp_path: Path) -> None:
    channel = make_channel(tmp_path, "linux-64")
    for glibc, kind in {"2.17": "cuda129", "2.27": "cuda129", "2.28": "cuda130"}.items():
        assert solve(channel, "linux-64", "llama-ctypes", machine("linux-64", "13.1", glibc)) == kind
    with pytest.raises(Exception, match="__glibc"):
        solve(channel, "linux-64", "llama-ctypes", machine("linux-64", None, "2.12"))


def test_a_build_string_pins_the_kind(tmp_path: Path) -> None:
    channel = make_channel(tmp_path, "linux-64")
    for driver, kind in itertools.product(BY_DRIVER, ("cpu", "cuda129", "cuda130", "vulkan")):
        asked, here = f"llama-ctypes=*={kind}*", machine("linux-64", driver)
        needed = {"cpu": "0", "cuda129": "12", "cuda130": "13", "vulkan": "0"}[kind]
        if float(driver or "0") >= float(needed):
            assert solve(channel, "linux-64", asked, here) == kind
        else:
            with pytest.raises(Exception, match="__cuda"):
                solve(channel, "linux-64", asked, here)


def test_a_cpu_build_made_anew_does_not_replace_a_gpus(tmp_path: Path) -> None:
    version = read_pin().version
    newer = record("llama-ctypes", version, "cpu_h1111111_99", 199, ["python"])
    channel = make_channel(tmp_path / "allowed", "linux-64", [newer])
    assert solve(channel, "linux-64", "llama-ctypes", machine("linux-64", "12.2")) == "cuda129"
    assert solve(channel, "linux-64", "llama-ctypes", machine("linux-64", None)) == "cpu"
    # Why the recipe's number stays below 100: with more it would.
    broken = record("llama-ctypes", version, "cpu_h1111111_400", 400, ["python"])
    channel = make_channel(tmp_path / "broken", "linux-64", [broken])
    assert solve(channel, "linux-64", "llama-ctypes", machine("linux-64", "12.2")) == "cpu"


@pytest.mark.parametrize("platform", ["linux-64", "linux-aarch64", "win-64"])
def test_vulkan_is_installed_only_if_it_is_asked_for(platform: str, tmp_path: Path) -> None:
    """Even if it was built again, and even if the machine already has Vulkan's loader."""
    version = read_pin().version
    newer = record("llama-ctypes", version, "vulkan_h1111111_99", 99, ["python", "libvulkan-loader"])
    channel = make_channel(tmp_path, platform, [newer])
    for driver, kind in BY_DRIVER.items():
        here = machine(platform, driver)
        asked = solution(channel, platform, "llama-ctypes=*=vulkan*", here)
        assert str(asked[0].build) == "vulkan_h1111111_99"
        loader = [one for one in asked if one.name.normalized == "libvulkan-loader"]
        assert len(loader) == 1
        assert solve(channel, platform, "llama-ctypes", here, loader) == kind, driver


def test_an_update_keeps_vulkan(tmp_path: Path) -> None:
    """A newer build of the CPU's never replaces it, and a newer version is Vulkan's too."""
    here, spec, version = machine("linux-64", None), "llama-ctypes=*=vulkan*", read_pin().version
    installed = solution(make_channel(tmp_path / "old", "linux-64"), "linux-64", spec, here)
    newer = [record("llama-ctypes", version, "cpu_h1111111_99", 199, ["python"])]
    channel = make_channel(tmp_path / "rebuilt", "linux-64", newer)
    assert solution(channel, "linux-64", spec, here, installed)[0].build == installed[0].build
    # Without the build string, only a solver that prefers what is installed keeps it.
    assert solve(channel, "linux-64", "llama-ctypes", here, installed) == "vulkan"
    assert solve(channel, "linux-64", "llama-ctypes", here) == "cpu"
    for build, number in (("cpu_h2222222_0", 100), ("vulkan_h2222222_0", 0)):
        newer.append(record("llama-ctypes", "9.0.0", build, number, ["python"]))
    channel = make_channel(tmp_path / "released", "linux-64", newer)
    assert str(solution(channel, "linux-64", spec, here)[0].build) == "vulkan_h2222222_0"


def test_the_recipes_number_leaves_the_order_alone() -> None:
    for platform in PLATFORMS:
        for variant, rendered in variants.render(platform).items():
            hundreds = {
                "vulkan": 0,
                "cpu": 1,
                "metal": 2,
                "cuda": 3 + int((variant.cuda_version or "0").split(".")[0]) - 12,
            }
            assert rendered.recipe.build.number // 100 == hundreds[variant.backend]
