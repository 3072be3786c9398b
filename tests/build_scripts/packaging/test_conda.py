"""conda's own programs, replaced by programs that record how they are called."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from pathlib import Path
from typing import Any

import pytest

from build_scripts import cli
from build_scripts.errors import PackageError, ToolError
from build_scripts.packaging import build, conda, tiny_models
from build_scripts.pin import ROOT, read_pin
from build_scripts.source import SourceTree
from tests.programs import SHEBANG, executable

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the replacements are scripts with a #! line")

CHANNELS = ["file:///nowhere", "conda-forge"]
# Says a version, or records its arguments and files and makes $MADE in its output folder.
CONDA_BUILD = """
import json, os, pathlib, sys
if sys.argv[1:] == ["--version"]:
    sys.exit(print("conda-build", os.environ.get("VERSION", "26.7.1")))
recipe, options = pathlib.Path(sys.argv[1]), sys.argv[2:]
values = json.loads(pathlib.Path(options[options.index("--variant-config-files") + 1]).read_text())
seen = {"recipe": (recipe / "recipe.yaml").is_file(), "options": options, "values": values}
pathlib.Path(os.environ["RECORD"]).write_text(json.dumps(seen))
print("[1/2] compiled")
print("ERROR: Script failed with status 1", file=sys.stderr, flush=True)
print("advice")
folder = pathlib.Path(options[options.index("--output-folder") + 1], "linux-64")
folder.mkdir()
(folder / os.environ["MADE"]).touch()
sys.exit(int(os.environ["STATUS"]))
"""
# Creates an environment whose Python is a replacement too.
CONDA = """
import json, os, pathlib, sys
prefix = pathlib.Path(sys.argv[sys.argv.index("--prefix") + 1])
own = sys.argv[sys.argv.index("--channel") + 1]
(prefix / "bin").mkdir(parents=True)
(prefix / "conda-meta").mkdir()
record = {"url": own + "/linux-64/x.conda", "subdir": "linux-64", "fn": "llama-ctypes-1-cpu_0.conda"}
record |= {"sha256": os.environ["SHA256"], "arguments": sys.argv[1:]}
(prefix / "conda-meta" / "llama-ctypes-1-cpu_0.json").write_text(json.dumps(record))
pathlib.Path(os.environ["RECORD"]).write_text(json.dumps(record))
python = prefix / "bin" / "python"
python.write_text(os.environ["SHEBANG"] + os.environ["INSTALLED"])
python.chmod(0o755)
"""
INSTALLED = """
import json, os, pathlib, sys
library = os.environ.get("LIBRARY") or str(pathlib.Path(sys.argv[0]).parent / "libllama.so")
info = {"library": library, "devices": [{"name": "CPU", "description": "abacus"}]}
print(json.dumps(info) if sys.argv[3] == "info" else "Once upon a time")
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is all of PATH; nothing else tells where a program is."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    for name in ("CONDA_EXE", "MAMBA_EXE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RECORD", str(tmp_path / "record.json"))
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(tmp_path / "cache"))
    return folder


def record(tmp_path: Path) -> dict[str, Any]:
    seen: dict[str, Any] = json.loads((tmp_path / "record.json").read_text())
    return seen


# -- conda-build --------------------------------------------------------------------------------------


def conda_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, status: int = 0, made: str = "") -> Path:
    """Build with the replacement, which makes `made` or what it should; return what would be published."""
    pytest.importorskip("rattler_build")
    tree = SourceTree("b6122", tmp_path / "tree", "test", "0" * 40)
    tree.path.mkdir()
    (tree.path / "CMakeLists.txt").touch()
    request, pin = build.BuildRequest(tree, "cpu"), read_pin()
    monkeypatch.setattr(build, "_publish", lambda path, _: path)
    if not made:
        (rendered,) = build._render(ROOT, request, pin, CHANNELS).values()
        made = f"llama-ctypes-0.0.6122-{rendered.recipe.build.string}.conda"
    monkeypatch.setenv("MADE", made)
    monkeypatch.setenv("STATUS", str(status))
    builder = conda.builder()
    (path,) = build.build(request, pin, tmp_path / "output", CHANNELS, builder)
    return path


def test_conda_build_gets_the_staged_project_and_one_variant(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(programs / "conda-build", CONDA_BUILD)
    path = conda_build(tmp_path, monkeypatch)
    assert path.name.startswith("llama-ctypes-0.0.6122-cpu_h")
    seen = record(tmp_path)
    assert seen["recipe"]
    values = seen["values"]
    # Nothing is left to choose, so nothing to zip.
    assert values.pop("zip_keys") == []
    assert {len(value) for value in values.values()} == {1}
    assert (values["backend"], values["llama_cpp_path"]) == (["cpu"], ["../llama.cpp"])
    options = seen["options"]
    assert Path(options[options.index("--exclusive-config-file") + 1]).name == "variants.yaml"
    assert [after for at, after in itertools.pairwise(options) if at == "--channel"] == CHANNELS
    assert {"--override-channels", "--no-anaconda-upload"} <= set(options)


def test_a_package_of_another_name_is_refused(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(programs / "conda-build", CONDA_BUILD)
    with pytest.raises(
        PackageError, match=r"built other\.conda, but rattler-build would build llama-ctypes-0\.0\.6122"
    ):
        conda_build(tmp_path, monkeypatch, made="other.conda")


def test_a_failure_tells_the_last_lines_before_the_advice(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(programs / "conda-build", CONDA_BUILD)
    with pytest.raises(PackageError, match=r"conda-build failed with exit status 3; the full log is in") as e:
        conda_build(tmp_path, monkeypatch, status=3)
    assert str(e.value).endswith("\n[1/2] compiled")


def test_without_conda_build_one_line_says_how_to_get_it(
    programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not list(programs.iterdir())
    assert cli.main(["conda-build"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: conda-build is neither on PATH nor in CONDA_EXE's folder")
    assert "conda install" in line
    assert "`pixi run conda-build`" in line


def test_one_too_old_to_read_the_recipe_is_refused(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    executable(programs / "conda-build", CONDA_BUILD)
    monkeypatch.setenv("VERSION", "26.3.0")
    with pytest.raises(ToolError, match=r"26\.3\.0.*needs 26\.5 or newer"):
        conda.builder()


def test_conda_build_is_found_beside_conda(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = executable(programs.parent / "base" / "conda-build", CONDA_BUILD)
    monkeypatch.setenv("CONDA_EXE", str(beside.with_name("conda")))
    assert conda.build_program() == str(beside)


def test_in_pixi_its_environment_comes_first(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitHub's runners have a conda on PATH."""
    system = executable(programs / "conda", "")
    (tmp_path / "environment").mkdir()
    own = executable(tmp_path / "environment" / "bin" / "conda", "")
    monkeypatch.setattr(conda, "_PIXI", tmp_path / "environment")
    monkeypatch.delenv("PIXI_IN_SHELL", raising=False)
    assert conda.installer("conda") == str(system)
    monkeypatch.setenv("PIXI_IN_SHELL", "1")
    monkeypatch.setenv("CONDA_EXE", str(system))
    assert conda.installer("conda") == str(own)
    assert conda._environment(str(own))["PATH"] == f"{own.parent}{os.pathsep}{programs}"
    assert conda._environment(str(system))["PATH"] == str(programs)


# -- conda, mamba, micromamba -------------------------------------------------------------------------


def test_the_installer_is_the_one_asked_for_or_the_first_there_is(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mamba = executable(programs / "mamba", "")
    assert conda.installer() == str(mamba)
    micromamba = executable(programs.parent / "elsewhere" / "micromamba", "")
    monkeypatch.setenv("MAMBA_EXE", str(micromamba))
    assert conda.installer("micromamba") == str(micromamba)
    assert conda.installer("mamba") == str(mamba)
    conda_exe = executable(programs.parent / "elsewhere" / "conda", "")
    monkeypatch.setenv("CONDA_EXE", str(conda_exe))
    assert conda.installer() == str(conda_exe)
    monkeypatch.setenv("CONDA_EXE", "/nowhere/conda")
    assert conda.installer() == str(mamba)


@pytest.mark.parametrize(
    ("arguments", "wanted"), [([], "conda, mamba or micromamba"), (["--installer", "mamba"], "mamba")]
)
def test_without_an_installer_one_line_says_so(
    programs: Path, arguments: list[str], wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not list(programs.iterdir())
    assert cli.main(["install-check", *arguments]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"error: no {wanted} on PATH")


@pytest.fixture
def installer(programs: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(tiny_models, "find_or_make", lambda: Path("/model.gguf"))
    monkeypatch.setenv("SHEBANG", SHEBANG)
    monkeypatch.setenv("INSTALLED", INSTALLED)
    monkeypatch.setenv("SHA256", hashlib.sha256(b"package").hexdigest())
    return str(executable(programs / "conda", CONDA))


@pytest.fixture
def output(tmp_path: Path) -> Path:
    build = tmp_path / "output" / "linux-64" / "llama-ctypes-1-cpu_0.conda"
    build.parent.mkdir(parents=True)
    build.write_bytes(b"package")
    return tmp_path / "output"


def test_install_check_installs_from_the_output_and_generates(
    installer: str, output: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = conda.install_check(installer, output, CHANNELS)
    assert text == "Once upon a time\n"
    command, *arguments = record(tmp_path)["arguments"]
    assert (command, arguments[-1]) == ("create", "llama-ctypes")
    channels = [after for at, after in itertools.pairwise(arguments) if at == "--channel"]
    assert channels == [output.as_uri(), *CHANNELS]
    assert "--override-channels" in arguments
    assert not Path(arguments[arguments.index("--prefix") + 1]).exists()
    assert "devices: CPU (abacus)" in caplog.messages


def test_another_package_of_that_name_is_no_proof(
    installer: str, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHA256", "0" * 64)
    with pytest.raises(
        PackageError, match=r"installed file:.*, which is not in .*; remove it from its cache"
    ):
        conda.install_check(installer, output, CHANNELS)


def test_an_output_without_the_package_is_one_clear_line(installer: str, tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"contains no llama-ctypes package; run `build` first"):
        conda.install_check(installer, tmp_path, CHANNELS)


def test_a_library_from_elsewhere_is_no_proof(
    installer: str, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBRARY", "/usr/lib/libllama.so")
    with pytest.raises(PackageError, match=r"loads /usr/lib/libllama\.so"):
        conda.install_check(installer, output, CHANNELS)
