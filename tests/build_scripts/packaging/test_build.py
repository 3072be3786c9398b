"""Packages: versions, what is rendered, and that a failure changes nothing."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import shutil
import tarfile
import tempfile
from pathlib import Path
from types import CoroutineType
from typing import Any

import pytest
import yaml

from build_scripts.errors import PackageError, SourceError
from build_scripts.packaging import build, channel, variants
from build_scripts.pin import read_pin
from build_scripts.source import SourceTree
from build_scripts.versions import package_version, version_key

# Channels nothing can be had from: rendering asks none.
NOWHERE = ["file:///nowhere"]


@pytest.fixture
def tree(tmp_path: Path) -> SourceTree:
    folder = tmp_path / "b6122"
    folder.mkdir()
    (folder / "CMakeLists.txt").write_text('project("llama.cpp" C CXX)\n')
    (folder / "LICENSE").write_text("MIT\n")
    return SourceTree(tag="b6122", path=folder, origin="test", git_tree="0" * 40)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


PARTS = ("MAJOR", "MINOR", "PATCH")


@pytest.mark.parametrize(
    ("tag", "text", "version"),
    [
        ("b6122", "project(x)", "0.0.6122"),
        ("v0.5.0", "", "0.5.0"),
        (
            "b10400",
            "set(LLAMA_VERSION_MAJOR 0)\nset(LLAMA_VERSION_MINOR 5)\n  set(LLAMA_VERSION_PATCH 2)",
            "0.5.2.10400",
        ),
        # An old spelling, half of it, is no version.
        ("b10361", "set(LLAMA_VERSION @LLAMA_INSTALL_VERSION@)\nset(LLAMA_VERSION_MAJOR 1)", "0.0.10361"),
    ],
)
def test_the_version_is_upstreams(tmp_path: Path, tag: str, text: str, version: str) -> None:
    (tmp_path / "CMakeLists.txt").write_text(text)
    assert package_version(tag, tmp_path) == version


def test_a_folder_that_is_no_tree_has_no_version(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot read "):
        package_version("b6122", tmp_path)


def test_every_release_has_its_own_version_in_the_order_of_the_releases(tmp_path: Path) -> None:
    """For conda and for `update`: builds before the first version, versions, and builds between versions."""
    rattler = pytest.importorskip("rattler")
    # The tag, and the version in its CMakeLists.txt: the last release's.
    releases = [
        *(("b6122", ""), ("b10361", ""), ("v0.1.2", "0 1 2"), ("b10497", "0 1 2"), ("b10547", "0 1 2")),
        *(("v0.4.0", "0 4 0"), ("v0.5.0", "0 5 0"), ("b11000", "0 5 0"), ("b11500", "0 5 0")),
        *(("v0.5.1", "0 5 1"), ("v0.10.0", "0 10 0"), ("b20000", "0 10 0"), ("v1.0.0", "1 0 0")),
    ]
    versions = []
    for tag, numbers in releases:
        lines = (
            f"set(LLAMA_VERSION_{part} {number})"
            for part, number in zip(PARTS, numbers.split(), strict=False)
        )
        (tmp_path / "CMakeLists.txt").write_text("\n".join(lines))
        versions.append(package_version(tag, tmp_path))
    assert len(set(versions)) == len(versions)
    assert versions == sorted(versions, key=rattler.Version)
    assert versions == sorted(versions, key=version_key)


def rendered(tree: SourceTree, scratch: Path) -> Any:
    pytest.importorskip("rattler_build")
    scratch.mkdir()
    request = build.BuildRequest(tree, "cpu")
    project = build._stage(scratch / "project", request)
    (variant,) = build._render(project, request, read_pin(), NOWHERE).values()
    return variant


def test_the_recipe_renders_to_one_package_of_that_release(tree: SourceTree, tmp_path: Path) -> None:
    variant = rendered(tree, tmp_path / "scratch")
    assert variant.recipe.package.version == "0.0.6122"
    assert str(variant.recipe.build.string).startswith("cpu_h")
    assert [source.to_dict().get("path") for source in variant.recipe.sources] == ["../llama.cpp", ".."]
    assert (variant.variant["llama_cpp_tag"], variant.variant["backend"]) == ("b6122", "cpu")


def test_the_hash_depends_on_no_path_of_this_machine(tree: SourceTree, tmp_path: Path) -> None:
    one, other = (rendered(tree, tmp_path / name) for name in ("one", "other"))
    assert one.recipe.build.string == other.recipe.build.string
    assert str(tmp_path) not in str(one.variant)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in script is a shell's")
def test_a_release_is_made_again_from_the_package_alone(
    tree: SourceTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """rattler-build's `rebuild`, with the recipe's own sources and a script that only copies them."""
    rattler_build = pytest.importorskip("rattler_build")
    archive = tmp_path / "b6122.tar.gz"
    with tarfile.open(archive, "w:gz") as file:
        file.add(tree.path, "llama.cpp-b6122")
    monkeypatch.setattr(build, "ARCHIVE_URL", archive.as_uri())
    with pytest.raises(PackageError, match="archive of b6122 has no recorded sha256"):
        build._sources(build.BuildRequest(tree, "cpu", for_publish=True))
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    request = build.BuildRequest(dataclasses.replace(tree, archive_sha256=digest), "cpu", for_publish=True)

    project = build._stage(tmp_path / "project", request)
    recipe = yaml.safe_load((project / "recipe" / "recipe.yaml").read_text())
    del recipe["requirements"], recipe["tests"], recipe["build"]["python"]
    recipe["build"]["script"] = "mkdir -p $PREFIX/share && cp -r llama.cpp llama-ctypes $PREFIX/share"
    recipe["about"]["license_file"] = "llama.cpp/LICENSE"
    (project / "recipe" / "recipe.yaml").write_text(yaml.safe_dump(recipe, sort_keys=False))
    (rendered,) = build._render(project, request, read_pin(), NOWHERE).values()
    skip = rattler_build.ToolConfiguration(test_strategy="skip")
    (made,) = rendered.run_build(tool_config=skip, output_dir=tmp_path / "output", channels=[]).packages
    shutil.rmtree(project)
    monkeypatch.chdir(tmp_path)
    again = rattler_build.Package.from_file(made).rebuild(test="skip", output_dir=tmp_path / "again")
    assert again.is_identical
    inside = {Path(name).relative_to("share").as_posix() for name in again.rebuilt_package.files}
    assert {"llama.cpp/LICENSE", "llama-ctypes/variants.yaml", "llama-ctypes/recipe/build.py"} <= inside
    assert {"llama-ctypes/build_scripts/pin.py", "llama-ctypes/llama_ctypes/_loader.py"} <= inside


def test_without_a_tree_the_recipe_fetches_the_pin() -> None:
    pytest.importorskip("rattler_build")
    pin = read_pin()
    for variant in variants.render("linux-64").values():
        # A hash that is not known is one that no download has: nothing unverified is built.
        expected = pin.release.archive_sha256 or "0" * 64
        assert variant.recipe.sources[0].to_dict()["sha256"] == expected


def test_a_local_channel_gives_the_one_toolkit_it_has(
    tree: SourceTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rattler_build")
    project = build._stage(tmp_path / "project", build.BuildRequest(tree, "cuda"))
    has = {"cuda_compiler_version": "13.0", "cuda_architectures": "80", "c_stdlib_version": "2.36"}
    monkeypatch.setattr(channel, "variants", lambda _: dict(has))
    monkeypatch.setattr(build, "host_platform", lambda: "linux-64")

    def labels(request: build.BuildRequest) -> dict[str, str]:
        rendered = build._render(project, request, read_pin(), NOWHERE)
        return {variant.label: one.variant.get("cuda_architectures", "") for variant, one in rendered.items()}

    assert labels(build.BuildRequest(tree, "cuda")) == {"cuda130": "80"}
    assert labels(build.BuildRequest(tree, "cuda", None, "89;90")) == {"cuda130": "89;90"}
    assert set(labels(build.BuildRequest(tree, "cpu"))) == {"cpu"}
    with pytest.raises(PackageError, match=r"no package for cuda 12\.9; available: cpu, cuda130"):
        labels(build.BuildRequest(tree, "cuda", "12.9"))


def test_a_cross_build_has_a_host_platform_and_only_a_cross_build(tree: SourceTree, tmp_path: Path) -> None:
    pytest.importorskip("rattler_build")
    own = rendered(tree, tmp_path / "own").variant
    assert "host_platform" not in own
    (tmp_path / "other").mkdir()
    target = "linux-64" if variants.host_platform() == "linux-aarch64" else "linux-aarch64"
    request = build.BuildRequest(tree, "cpu", platform=target)
    project = build._stage(tmp_path / "other" / "project", request)
    (cross,) = build._render(project, request, read_pin(), NOWHERE).values()
    assert (cross.variant["target_platform"], cross.variant["host_platform"]) == (target, target)


@pytest.mark.parametrize("option", ["--skip-variants", ""])
def test_only_a_package_for_local_use_may_lack_variants(
    tree: SourceTree, tmp_path: Path, option: str
) -> None:
    pytest.importorskip("rattler_build")
    tree = dataclasses.replace(tree, archive_sha256="0" * 64)
    request = build.BuildRequest(tree, "cpu", for_publish=not option)
    project = build._stage(tmp_path / "project", request)
    (package,) = build._render(project, request, read_pin(), NOWHERE).values()
    recipe = package.recipe.to_dict()
    assert recipe["context"]["skip_variants"] == option
    assert recipe["build"]["script"].endswith("${{ skip_variants }}")


@pytest.mark.parametrize(
    ("platform", "target"), [(None, None), ("linux-64", None), ("linux-aarch64", "linux-aarch64")]
)
def test_only_another_platform_is_a_target(
    monkeypatch: pytest.MonkeyPatch, platform: str | None, target: str | None
) -> None:
    monkeypatch.setattr(variants, "host_platform", lambda: "linux-64")
    assert variants.cross_target(platform) == target


def test_another_system_is_no_target(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variants, "host_platform", lambda: "linux-64")
    with pytest.raises(PackageError, match="osx-arm64 cannot be built on linux-64"):
        variants.cross_target("osx-arm64")


def test_a_driver_is_assumed_where_there_is_none_and_only_for_cuda(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("rattler")

    def detected() -> list[str]:
        found = [one.into_generic() for one in variants.virtual_packages()]
        return [str(one.version) for one in found if one.name.normalized == "__cuda"]

    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "11.8")
    with build.assumed_driver(variants.Variant("cpu", None)):
        assert (detected(), caplog.messages) == (["11.8"], [])
    with build.assumed_driver(variants.Variant("cuda", "12.9")):
        assert detected() == ["12.9"]
    assert detected() == ["11.8"]
    assert "cuda129 is tested on the CPU" in caplog.messages[0]
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "13.1")
    with build.assumed_driver(variants.Variant("cuda", "12.9")):
        assert (detected(), len(caplog.messages)) == (["13.1"], 1)


def test_a_failed_build_leaves_the_output_alone_and_names_its_log(
    tree: SourceTree, tmp_path: Path, cache: Path
) -> None:
    pytest.importorskip("rattler_build")
    output = tmp_path / "output"
    with pytest.raises(PackageError) as error:
        list(build.build(build.BuildRequest(tree, "cpu"), read_pin(), output, NOWHERE))
    assert not output.exists()
    (log,) = (cache / "logs").iterdir()
    assert str(log) in str(error.value)
    assert log.stat().st_size > 0
    assert list((cache / "tmp").iterdir()) == []


def test_an_output_that_cannot_be_written_is_found_out_before_compiling(
    tree: SourceTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_render", lambda *_: pytest.fail("it went on to build"))
    (tmp_path / "file").touch()
    with pytest.raises(PackageError, match=r"cannot write to .*file.*--output-dir"):
        list(build.build(build.BuildRequest(tree, "cpu"), read_pin(), tmp_path / "file", NOWHERE))


def test_the_environment_is_put_back(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/before")
    monkeypatch.delenv("RATTLER_CACHE_DIR", raising=False)
    with build._builder_environment():
        assert os.environ["PATH"].endswith("/before")
        assert os.environ["PATH"] != "/before"
        assert Path(os.environ["RATTLER_CACHE_DIR"]).is_relative_to(cache)
    assert os.environ["PATH"] == "/before"
    assert "RATTLER_CACHE_DIR" not in os.environ


@pytest.mark.parametrize(("driver", "version"), [("12.2", "12.9"), ("12.9", "12.9")])
def test_a_driver_of_the_needed_major_is_enough(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, driver: str, version: str
) -> None:
    pytest.importorskip("rattler")
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", driver)
    with build.assumed_driver(variants.Variant("cuda", version)):
        assert os.environ["CONDA_OVERRIDE_CUDA"] == driver
    assert caplog.messages == []


def test_an_assumed_driver_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rattler")
    monkeypatch.delenv("CONDA_OVERRIDE_CUDA", raising=False)
    monkeypatch.setattr(build, "virtual_packages", list)

    def use() -> None:
        with build.assumed_driver(variants.Variant("cuda", "12.9")):
            assert os.environ["CONDA_OVERRIDE_CUDA"] == "12.9"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        use()
    assert "CONDA_OVERRIDE_CUDA" not in os.environ


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A finished package as rattler-build leaves it: only its owner may read it."""
    path = tmp_path / "built" / "linux-64" / "llama-ctypes-0.0.1-cpu_0.conda"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"package")
    path.chmod(0o600)
    return path


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_a_published_file_has_ordinary_permissions(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rattler")
    indexed: list[object] = []

    def index(work: CoroutineType[Any, Any, None]) -> None:
        indexed.append(work.cr_code.co_name)
        work.close()

    monkeypatch.setattr(channel, "run_rattler", index)
    before = os.umask(0o022)
    try:
        target = build._publish(package, tmp_path / "output")
    finally:
        os.umask(before)
    assert target == tmp_path / "output" / "linux-64" / package.name
    assert target.read_bytes() == b"package"
    assert target.stat().st_mode & 0o777 == 0o644
    assert list(target.parent.iterdir()) == [target]
    assert indexed == ["index_fs"]


def test_a_package_that_cannot_be_published_leaves_no_half(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rattler")

    def fail(path: Path, target: Path) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(PackageError, match="disk full"):
        build._publish(package, tmp_path / "output")
    assert list((tmp_path / "output" / "linux-64").iterdir()) == []


def test_only_a_cuda_driver_counts_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rattler")
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "11.8")
    for name in ("GLIBC", "OSX", "LINUX"):
        monkeypatch.setenv(f"CONDA_OVERRIDE_{name}", "99.0")
    with build.assumed_driver(variants.Variant("cuda", "12.9")):
        assert os.environ["CONDA_OVERRIDE_CUDA"] == "12.9"


def test_what_the_builder_returns_is_published(
    tree: SourceTree, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rattler_build")
    monkeypatch.setattr(channel, "run_rattler", lambda work: work.close())
    projects: list[Path] = []

    def builder(project: Path, *_: object) -> Path:
        projects.append(project)
        assert (project / "llama.cpp" / "CMakeLists.txt").is_file()
        assert (project / "recipe" / "recipe.yaml").is_file()
        return package

    request, output = build.BuildRequest(tree, "cpu"), tmp_path / "output"
    assert list(build.build(request, read_pin(), output, NOWHERE, builder)) == [
        output / "linux-64" / package.name
    ]
    assert (output / "linux-64" / package.name).read_bytes() == b"package"
    assert not projects[0].exists()


def test_an_interrupted_copy_leaves_nothing(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rattler")

    def interrupt(_: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "copyfile", interrupt)
    with pytest.raises(KeyboardInterrupt):
        build._publish(package, tmp_path / "output")
    assert [path for path in (tmp_path / "output").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("backend", "cache", "is_in_it"),
    [("cpu", "a b", True), ("cuda", "a b", False), ("vulkan", "ab ", False), ("vulkan", "ab", True)],
)
def test_gpu_backends_are_compiled_where_the_path_has_no_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: str, cache: str, is_in_it: bool
) -> None:
    if build._has_space(tmp_path):
        pytest.skip("every folder of this test has a space")
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(tmp_path / cache))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    with build._work_folder(backend) as folder:
        assert list(folder.iterdir()) == []
        assert folder.is_relative_to(tmp_path / (cache if is_in_it else "temporary"))
    assert not folder.exists()


def test_no_folder_without_a_space_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a b"
    folder.mkdir()
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with (
        pytest.raises(
            PackageError, match=r"vulkan backend cannot .* has a space; set TMPDIR or LLAMA_CTYPES"
        ),
        build._work_folder("vulkan"),
    ):
        pytest.fail("the build started")
    assert list(folder.iterdir()) == []
