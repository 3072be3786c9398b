"""rattler-build runs in a process that ends when it should, with all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from build_scripts.errors import PackageError
from build_scripts.packaging import install, worker
from build_scripts.packaging.progress import Progress
from build_scripts.pin import ROOT
from tests.systems import WINE

pytestmark = pytest.mark.skipif(os.name == "nt" or WINE, reason="the stand-in script is a shell's")

# The command `build` of a tree without code, with a build script and a test script of one's choice.
COMMAND = """
import sys
from pathlib import Path

import yaml

from build_scripts import cli
from build_scripts.cli import packaging
from build_scripts.packaging import build, channel, smoke_test
from build_scripts.source import SourceTree

folder, script, test = Path(sys.argv[1]), *sys.argv[2:]
tree = folder / "tree"
tree.mkdir()
(tree / "LICENSE").write_text("MIT")
(tree / "CMakeLists.txt").write_text("project(x)")
packaging.tree_of = lambda _: SourceTree("b6122", tree, "test", "0" * 40)
channel.choose = lambda *_, **__: []
smoke_test.run_package = lambda *_: None
stage = build._stage


def staged(project, request):
    stage(project, request)
    path = project / "recipe" / "recipe.yaml"
    recipe = yaml.safe_load(path.read_text(encoding="utf-8"))
    del recipe["requirements"], recipe["build"]["python"]
    recipe["build"]["script"] = script
    recipe["tests"] = [{"script": [test]}]
    recipe["about"]["license_file"] = "llama.cpp/LICENSE"
    path.write_text(yaml.safe_dump(recipe, sort_keys=False), encoding="utf-8")
    return project


build._stage = staged
sys.exit(cli.main(["build", "--output-dir", str(folder / "output")]))
"""


def start(tmp_path: Path, script: str, test: str = "true") -> subprocess.Popen[str]:
    pytest.importorskip("rattler_build")
    return subprocess.Popen(
        [sys.executable, "-B", "-c", COMMAND, tmp_path, script, test],
        cwd=ROOT,
        env={**os.environ, "LLAMA_CTYPES_CACHE": str(tmp_path / "cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # As a shell's foreground job, so that a Ctrl-C goes to the whole group.
        start_new_session=True,
    )


def wait_for(path: Path, process: subprocess.Popen[str]) -> str:
    limit = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < limit
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    return path.read_text()


def living(group: int) -> bool:
    stat = Path(f"/proc/{group}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_package_is_built_with_its_events(tmp_path: Path) -> None:
    process = start(
        tmp_path, "echo 'notice: of the script'; mkdir -p $PREFIX/share; echo x > $PREFIX/share/x"
    )
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    (package,) = (tmp_path / "output").glob("*/*.conda")
    # Its name is the one that the command rendered before.
    assert out.strip() == str(package)
    assert "generating and compiling" in err
    assert "of the script" in err
    (log,) = (tmp_path / "cache" / "logs").iterdir()
    assert "== Running build script" in log.read_text()
    assert list((tmp_path / "cache" / "tmp").iterdir()) == []


def test_a_build_that_fails_is_an_error_with_its_last_lines(tmp_path: Path) -> None:
    process = start(tmp_path, "echo 'the reason'; exit 3")
    _, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "the reason" in err
    assert "Traceback" not in err
    assert not (tmp_path / "output").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("trap", ["", "trap '' INT;", "trap '' INT TERM HUP;"], ids=["default", "int", "all"])
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interrupt_ends_everything_at_once(tmp_path: Path, trap: str, name: str) -> None:
    how = signal.Signals[name]
    marker = tmp_path / "marker"
    script = f"{trap} sleep 300 & echo $! $$ > {marker}.new; mv {marker}.new {marker}; sleep 300; sleep 300"
    process = start(tmp_path, script)
    children = [int(word) for word in wait_for(marker, process).split()]
    started = time.monotonic()
    if how == signal.SIGINT:
        os.killpg(process.pid, how)
    else:
        process.send_signal(how)
    out, err = process.communicate(timeout=60)
    # Two seconds on an idle machine.
    assert time.monotonic() - started < 20
    assert process.returncode == 130
    assert out == ""
    assert err.splitlines()[-1] == "interrupted"
    assert "Traceback" not in err
    assert not any(map(living, children))
    assert not (tmp_path / "output").exists()
    assert list((tmp_path / "cache" / "tmp").iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_killed_command_takes_its_children_with_it(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    process = start(tmp_path, f"echo $$ > {marker}.new; mv {marker}.new {marker}; sleep 300; sleep 300")
    child = int(wait_for(marker, process))
    process.kill()
    process.communicate()
    for _ in range(200):  # not by the clock, which jumps when a virtual machine was paused
        if not living(child):
            break
        time.sleep(0.1)
    else:
        pytest.fail("the child lives on")


def test_a_process_that_ends_without_a_word_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: Any = SimpleNamespace(variant={"backend": "cpu"})
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(PackageError, match="rattler-build ended with status 1"):
        worker.build(tmp_path, rendered, tmp_path, [], Progress(lambda _: None))


def test_an_installed_package_of_the_same_name_is_not_tested_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rattler_build")
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "rattler"))
    for text in ("one", "two"):
        folder = tmp_path / text
        folder.mkdir()
        script = f"mkdir -p $PREFIX/etc && echo {text} > $PREFIX/etc/text"
        process = start(folder, script, f"test $(cat $PREFIX/etc/text) = {text}")
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        install.create(folder / "prefix", ["llama-ctypes"], [str(folder / "output")])
        assert (folder / "prefix" / "etc" / "text").read_text() == f"{text}\n"
        # The condition of the fault: whoever installs a package keeps it, under its name, in this cache.
        (kept,) = (tmp_path / "rattler").rglob("llama-ctypes-*/etc/text")
        assert kept.read_text() == f"{text}\n"
