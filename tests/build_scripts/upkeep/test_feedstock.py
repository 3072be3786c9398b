"""The folder for conda-forge: it has the packages of this repository, and conda-forge's linter takes it.

conda-forge's global pinning is in another repository; `PINNING` has what this recipe reads of it.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from build_scripts import cli
from build_scripts.copying import copy_writable
from build_scripts.errors import LlamaCtypesError, PackageError, SourceError, UsageError
from build_scripts.packaging import variants
from build_scripts.packaging.variants import PLATFORMS, RECIPE
from build_scripts.pin import ROOT, VARIANTS, read_pin
from build_scripts.source import fetch
from build_scripts.upkeep import feedstock

rattler_build = pytest.importorskip("rattler_build")

TABLE = Path(__file__).parent.parent / "packaging" / "packages.tsv"
ARCHIVE = b"the archive of a release"
SAME_HASH = f"    sha256: {read_pin().release.archive_sha256}\n"

# conda-forge-pinning of 2026-08, with CF_CUDA_ENABLED and its migration cuda130.
PYTHONS = {
    "python": ["3.10.* *_cpython", "3.11.* *_cpython", "3.12.* *_cpython", "3.13.* *_cp313"],
    "is_python_min": [True, False, False, False],
    "python_min": ["3.10"],
}
CUDA = {"cuda_compiler": ["cuda-nvcc"], "cuda_compiler_version": ["None", "12.9", "13.0"]}
LINUX = {
    **CUDA,
    "c_compiler": ["gcc"],
    "c_compiler_version": ["15", "14", "15"],
    "cxx_compiler": ["gxx"],
    "cxx_compiler_version": ["15", "14", "15"],
    "c_stdlib": ["sysroot"],
    "c_stdlib_version": ["2.17", "2.17", "2.28"],
}
OSX = {
    "cuda_compiler": ["cuda-nvcc"],
    "cuda_compiler_version": ["None"],
    "c_compiler": ["clang"],
    "c_compiler_version": ["21"],
    "cxx_compiler": ["clangxx"],
    "cxx_compiler_version": ["21"],
    "c_stdlib": ["macosx_deployment_target"],
    "c_stdlib_version": ["11.0"],
    "llvm_openmp": ["21"],
}
WIN = {**CUDA, "c_compiler": ["vs2022"], "cxx_compiler": ["vs2022"], "c_stdlib": ["vs"]}
PINNING: dict[str, dict[str, list[Any]]] = {
    "linux-64": LINUX,
    "linux-aarch64": {**LINUX, "arm_variant_type": ["sbsa"]},
    "osx-64": OSX,
    "osx-arm64": OSX,
    "win-64": WIN,
}
ZIPPED = ["c_compiler_version", "cxx_compiler_version", "c_stdlib_version", "cuda_compiler_version"]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "release.tar.gz"
    path.write_bytes(ARCHIVE)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, archive: Path) -> Path:
    path = tmp_path_factory.mktemp("staged-recipes") / "llama-ctypes"
    feedstock.write(path, ["octocat", "conda-forge/team"], archive)
    return path


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    (root / "recipe").mkdir(parents=True)
    for path in (VARIANTS, RECIPE):
        copy_writable(path, root / path.relative_to(ROOT))
    return root


def render(folder: Path, platform: str, text: str | None = None) -> list[Any]:
    """Render the folder's recipe (or `text`) as conda-forge does, without the packages that it skips."""
    text = text or (folder / "recipe.yaml").read_text(encoding="utf-8")
    # rattler-build's Python package does not evaluate `skip`, but it does evaluate `extra`.
    text += f"  skipped: ${{{{ {yaml.safe_load(text)['build']['skip']} }}}}\n"
    target = rattler_build.PlatformConfig(target_platform=platform)
    own = rattler_build.VariantConfig.from_conda_build_config(
        folder / "conda_build_config.yaml", rattler_build.JinjaConfig(platform=target)
    )
    zipped = [ZIPPED] if platform.startswith("linux") else []
    pinning = rattler_build.VariantConfig(
        PYTHONS | PINNING[platform], [*zipped, ["python", "is_python_min"]]
    ).merge(own)
    rendered = rattler_build.Stage0Recipe.from_yaml(text).render(
        pinning, rattler_build.RenderConfig(platform=target)
    )
    skipped = {str(package.recipe.to_dict()["extra"]["skipped"]).lower() for package in rendered}
    assert skipped == {"true", "false"}
    return [
        package
        for package in rendered
        if str(package.recipe.to_dict()["extra"]["skipped"]).lower() == "false"
    ]


def row(platform: str, package: Any) -> tuple[str, ...]:
    """Return what packages.tsv has of a package."""
    recipe, requirements = package.recipe, package.recipe.requirements.to_dict()
    parts = (", ".join(requirements.get(part, [])) for part in ("build", "host", "run", "run_constraints"))
    return (platform, str(recipe.build.string).partition("_")[0], str(recipe.build.number), *parts)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_conda_forge_builds_the_packages_of_this_repository(platform: str, folder: Path) -> None:
    lines = [tuple(line.split("\t")) for line in TABLE.read_text(encoding="utf-8").splitlines()]
    expected = sorted(line for line in lines if line[0] == platform)
    assert expected
    assert sorted(row(platform, package) for package in render(folder, platform)) == expected


def test_the_build_script_gets_what_variants_yaml_has(folder: Path) -> None:
    for platform in PLATFORMS:
        expected = {
            variant.label: (variant.backend, rendered.variant["cuda_architectures"])
            for variant, rendered in variants.render(platform).items()
        }
        contexts = [package.recipe.context for package in render(folder, platform)]
        assert {
            context["label"]: (context["backend"], context["cuda_architectures"]) for context in contexts
        } == expected


def test_a_newer_toolkit_of_the_same_major_keeps_its_gpus(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PINNING, "win-64", {**WIN, "cuda_compiler_version": ["13.4"]})
    (package,) = render(folder, "win-64")
    assert package.recipe.context["label"] == "cuda134"
    assert package.recipe.context["gpu_min"] == "7.5"


@pytest.mark.parametrize(
    ("version", "tag"),
    [("0.0.6130", "b6130"), ("0.5.0", "v0.5.0"), ("0.5.0.10547", "b10547"), ("1.10.0", "v1.10.0")],
)
def test_the_bot_bumps_one_line(version: str, tag: str, folder: Path) -> None:
    text = (folder / "recipe.yaml").read_text(encoding="utf-8")
    # The bot replaces the first line of this form; `package.version` refers to it.
    text = re.sub(r"^(\s+)version:\s.*$", rf'\1version: "{version}"', text, count=1, flags=re.MULTILINE)
    recipe = render(folder, "osx-64", text)[0].recipe
    assert recipe.package.version == version
    ours, upstream = recipe.to_dict()["source"]
    assert ours["url"] == f"https://github.com/llama-ctypes/llama-ctypes/archive/refs/tags/v{version}.tar.gz"
    assert upstream["url"] == f"https://github.com/ggml-org/llama.cpp/archive/refs/tags/{tag}.tar.gz"
    assert recipe.context["tag"] == tag


def test_the_sources_have_the_hashes(folder: Path) -> None:
    ours, upstream = render(folder, "osx-64")[0].recipe.to_dict()["source"]
    pin = read_pin()
    assert (ours["sha256"], ours["target_directory"]) == (hashlib.sha256(ARCHIVE).hexdigest(), "llama-ctypes")
    assert (upstream["sha256"], upstream["target_directory"]) == (pin.release.archive_sha256, "llama.cpp")
    # The bot finds the project, and the prefix of its tags, in the first URL.
    assert f"/v{pin.version}." in ours["url"]


def problems(text: str) -> list[str]:
    """Check the rules of conda-forge's linter that need no other program."""
    recipe = yaml.safe_load(text)
    order = ["schema_version", "context", "package", "source", "build", "requirements", "tests", "about"]
    sources, extra = recipe["source"], recipe.get("extra", {})
    folders = {source["target_directory"] for source in sources} | {"licences"}
    expressions = [match for line in text.splitlines() for match in re.findall(r"\$\{\{(.*?)\}\}", line)]
    checks = {
        "sections": list(recipe) == [*order, "extra"],
        "requirements": list(recipe["requirements"])[:3] == ["build", "host", "run"],
        "hash": all({"url", "sha256"} <= set(source) for source in sources),
        "one hash per URL": len({source.get("sha256") for source in sources}) == len(sources) == 2,
        "version": len(re.findall(r'^  version: "[\d.]+"$', text, re.MULTILINE)) == 1,
        "maintainers": bool(extra.get("recipe-maintainers")),
        "name": extra.get("feedstock-name") == recipe["package"]["name"],
        "licence": all(name.partition("/")[0] in folders for name in recipe["about"]["license_file"]),
        "selectors": not re.search(r"\S\s+#.*\[[^\]]+\]\s*$", text, re.MULTILINE),
        "spaces": all(expression == f" {expression.strip()} " for expression in expressions),
        "end": text.endswith("\n") and not text.endswith("\n\n"),
        # What only variants.yaml or `build` defines.
        "variables": not re.search(r"\b(llama_c\w+_(tag|version|url|sha256|path)|python_oldest)\b", text),
    }
    return [name for name, holds in checks.items() if not holds]


def test_the_rules_of_the_linter_hold(folder: Path) -> None:
    assert problems((folder / "recipe.yaml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("schema_version: 1\n", "", "sections"),
        ("  build:\n", "  first:\n    - x\n  build:\n", "requirements"),
        ("    sha256: 8", "    md5: 8", "hash"),
        (f"    sha256: {hashlib.sha256(ARCHIVE).hexdigest()}\n", SAME_HASH, "one hash per URL"),
        ('  version: "', '  version: "v', "version"),
        ("    - octocat\n    - conda-forge/team\n", "    []\n", "maintainers"),
        ("feedstock-name: llama-ctypes", "feedstock-name: llama-ctypes-feedstock", "name"),
        ("    - llama.cpp/LICENSE", "    - LICENSE", "licence"),
        ("    - cmake\n", "    - cmake  # [unix]\n", "selectors"),
        ("version: ${{ version }}\n", "version: ${{version}}\n", "spaces"),
        ("    - octocat\n    - conda-forge/team\n", "    - octocat\n\n", "end"),
        ("--tag ${{ tag }}", "--tag ${{ llama_cpp_tag }}", "variables"),
    ],
)
def test_a_broken_rule_is_found(old: str, new: str, problem: str, folder: Path) -> None:
    text = (folder / "recipe.yaml").read_text(encoding="utf-8")
    assert old in text
    assert problems(text.replace(old, new)) == [problem]


def lint(folder: Path) -> str:
    linter = shutil.which("conda-smithy")
    if linter is None:
        pytest.skip("conda-smithy is not installed; conda-forge has it")
    result = subprocess.run(
        [linter, "recipe-lint", folder],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return result.stdout


def test_the_linter_itself_takes_the_folder(folder: Path) -> None:
    assert lint(folder) == f"{folder} is in fine form\n"


def test_the_linter_itself_misses_only_maintainers_in_the_recipe() -> None:
    lines = lint(RECIPE.parent).splitlines()
    assert [line.strip() for line in lines[1:]] == [
        "The recipe could do with some maintainers listed in the `extra/recipe-maintainers` section."
    ]


def test_the_recipes_context_needs_no_values_of_conda_forge() -> None:
    """The linter evaluates it without variants, and a filter of an undefined variable crashes the linter."""
    context = yaml.safe_load(RECIPE.read_text(encoding="utf-8"))["context"]
    text = yaml.safe_dump({"context": context, "package": {"name": "x", "version": "1"}}, sort_keys=False)
    target = rattler_build.PlatformConfig(target_platform="linux-64")
    (rendered,) = rattler_build.Stage0Recipe.from_yaml(text).render(
        rattler_build.VariantConfig({"backend": ["cpu"]}), rattler_build.RenderConfig(platform=target)
    )
    assert rendered.recipe.context["label"] == "cpu"


def test_the_apple_sdk_is_newer_than_the_oldest_macos(folder: Path) -> None:
    config = yaml.safe_load((folder / "conda_build_config.yaml").read_text(encoding="utf-8"))
    (sdk,) = config["MACOSX_SDK_VERSION"]
    assert float(sdk) >= 15 > float(OSX["c_stdlib_version"][0])


def test_all_platforms_are_built(folder: Path) -> None:
    forge = yaml.safe_load((folder / "conda-forge.yml").read_text(encoding="utf-8"))
    assert forge["conda_build_tool"] == "rattler-build"
    # conda-forge builds for the other three by default.
    assert set(forge["provider"]) == {"linux_aarch64", "osx_arm64"}


def test_the_command_prints_what_is_next(
    tmp_path: Path, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / "llama-ctypes"
    assert cli.main(["feedstock", str(path), "--maintainer", "octocat", "--archive", str(archive)]) == 0
    assert "conda-smithy recipe-lint" in capsys.readouterr().out
    assert sorted(file.name for file in path.iterdir()) == [
        "conda-forge.yml",
        "conda_build_config.yaml",
        "recipe.yaml",
    ]


def test_without_an_archive_the_release_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def download(tag: str, destination: Path, url: str, project: str) -> str:
        return f"{project}: {url.format(tag=tag)}"

    monkeypatch.setattr(fetch, "github_archive", download)
    text = feedstock.recipe(["octocat"])
    address = f"https://github.com/llama-ctypes/llama-ctypes/archive/refs/tags/v{read_pin().version}.tar.gz"
    assert f"sha256: llama-ctypes: {address}\n" in text


@pytest.mark.parametrize(
    "error", [fetch.OutOfReach("no network"), SourceError("llama-ctypes has no release")]
)
def test_without_a_release_the_archive_is_asked_for(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download(*_: object) -> str:
        raise error

    monkeypatch.setattr(fetch, "github_archive", download)
    with pytest.raises(SourceError, match="or pass --archive FILE"):
        feedstock.recipe(["octocat"])


def test_two_toolkits_of_one_major_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "variants.yaml"
    text = VARIANTS.read_text(encoding="utf-8")
    path.write_text(text.replace('["12.9", "13.0", ', '["13.1", "13.0", '), encoding="utf-8")
    monkeypatch.setattr(variants, "VARIANTS", path)
    with pytest.raises(PackageError, match="two packages for CUDA 13 on linux-64"):
        feedstock._architectures()


@pytest.mark.parametrize("name", ["", "-x", "a b", "a/b/c", "x\n    - y"])
def test_maintainers_are_names_on_github(name: str, tmp_path: Path, archive: Path) -> None:
    with pytest.raises(UsageError, match="is not the name of a GitHub account"):
        feedstock.write(tmp_path / "new", [name], archive)
    assert not (tmp_path / "new").exists()


def test_nothing_is_overwritten(folder: Path, archive: Path) -> None:
    for path in (folder, archive):
        with pytest.raises(UsageError, match="is not an empty folder"):
            feedstock.write(path, ["octocat"], archive)


def test_an_archive_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="name the release's archive"):
        feedstock.write(tmp_path / "new", ["octocat"], tmp_path / "absent")


@pytest.mark.parametrize(
    ("file", "old", "new", "error", "message"),
    [
        ("recipe/recipe.yaml", "  number: 0\n", "  number: 2\n", UsageError, "has number 2"),
        (
            "recipe/recipe.yaml",
            "arm-variant * sbsa",
            "arm-variant",
            PackageError,
            "nothing like '.*arm-variant",
        ),
        ("recipe/recipe.yaml", "  cuda_major:", "  major:", PackageError, "nothing like '.*cuda_major"),
        ("variants.yaml", read_pin().release.archive_sha256, "", UsageError, "has no hash"),
    ],
)
def test_a_repository_that_gives_no_feedstock(
    file: str,
    old: str,
    new: str,
    error: type[LlamaCtypesError],
    message: str,
    checkout: Path,
    archive: Path,
) -> None:
    path = checkout / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(error, match=message):
        feedstock.recipe(["octocat"], archive, checkout)
