"""Channels: which is chosen, and that a local one is whole, relocatable and made only once."""

from __future__ import annotations

import json
import logging
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from build_scripts.errors import PackageError, ToolError
from build_scripts.packaging import channel, install
from build_scripts.packaging.channel import host, wrap
from build_scripts.steps import Step

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="local channels are made on Linux only")


@pytest.fixture
def server() -> Iterator[str]:
    """A web server that has the repodata of /good only."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200 if self.path == "/good/noarch/repodata.json.zst" else 404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with one small Python, no wheels and a compiler of sorts; returns the cache folder."""
    tool = tmp_path / "tool"
    tool.write_text("#!/bin/sh\n")
    python = host.Python("3.10.1", tool, tmp_path, None)
    toolchain = host.Toolchain(str(tool), str(tool), "12.2.0", "2.36", tool, tool, tool)
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(host, "find_pythons", lambda: [python])
    monkeypatch.setattr(
        host,
        "find_toolchain",
        lambda target: (
            replace(toolchain, cross=host.Cross("/bin/strip", Path("/target"))) if target else toolchain
        ),
    )
    monkeypatch.setattr(wrap, "wheel_packages", list)
    monkeypatch.setattr(
        wrap, "python_package", lambda python, staging: wrap.Spec("python", "3.10.1", {"bin/python": tool})
    )
    return tmp_path / "cache"


def test_the_override_is_taken_at_its_word(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(channel, "_why_unreachable", lambda name: pytest.fail("probed"))
    assert channel.choose("my-channel") == ["my-channel"]
    assert len(caplog.messages) == 1
    assert "my-channel" in caplog.messages[0]


def test_a_folder_as_override_becomes_a_url(tmp_path: Path) -> None:
    assert channel.choose(str(tmp_path)) == [tmp_path.as_uri()]


def test_conda_forge_where_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "_why_unreachable", lambda name: None)
    monkeypatch.setattr(channel, "local_channel", lambda *_, **__: pytest.fail("made"))
    assert channel.choose(None) == ["conda-forge"]


def test_the_probe_tells_reachable_from_not(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert channel._why_unreachable(f"{server}/good") is None
    assert channel._why_unreachable(f"{server}/bad") == "HTTP 404"
    assert "refused" in str(channel._why_unreachable("http://127.0.0.1:9/gone"))


def test_the_probe_goes_through_the_proxy(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", server)
    # The server sees an absolute request path, which it does not have: it was asked, as a proxy.
    assert channel._why_unreachable("http://channel.invalid/good") == "HTTP 404"


@linux_only
def test_a_local_channel_where_it_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, tiny: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(channel, "_why_unreachable", lambda name: "no route")
    (url,) = channel.choose(None)
    assert url.startswith(tiny.as_uri())
    assert "no route" in caplog.messages[-1]
    assert channel.variants([url])["c_stdlib_version"] == "2.36"
    assert channel.variants([url])["python_oldest"] == "3.10"
    assert channel.variants(["conda-forge", "https://example.org/c", (tiny / "none").as_uri()]) == {}


@linux_only
def test_a_second_use_makes_nothing_and_a_change_makes_anew(
    monkeypatch: pytest.MonkeyPatch, tiny: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = channel.local_channel("x")
    before = sorted((path, path.stat().st_mtime_ns) for path in first.rglob("*"))
    caplog.clear()
    assert channel.local_channel("x") == first
    assert caplog.messages == []
    assert before == sorted((path, path.stat().st_mtime_ns) for path in first.rglob("*"))
    shell = "/bin/sh"
    toolchain = host.Toolchain(shell, shell, "13.1.0", "2.36", Path(shell), Path(shell), Path(shell))
    monkeypatch.setattr(host, "find_toolchain", lambda target: toolchain)
    assert channel.local_channel("x") != first


@linux_only
def test_a_failure_leaves_no_channel(monkeypatch: pytest.MonkeyPatch, tiny: Path) -> None:
    def broken(python: host.Python, staging: Path) -> wrap.Spec:
        return wrap.Spec("python", "3.10.1", {"bin/python": tiny / "missing"})

    monkeypatch.setattr(wrap, "python_package", broken)
    with pytest.raises(PackageError, match="cannot build the local channel"):
        channel.local_channel("x")
    assert list((tiny / "channels").iterdir()) == []
    assert list((tiny / "tmp").iterdir()) == []


@linux_only
def test_run_exports_are_in_the_package_and_in_no_prefix(tiny: Path) -> None:
    folder = channel.local_channel("x")
    (package,) = folder.glob("*/gxx_linux-*.tar.bz2")
    with tarfile.open(package) as archive:

        def read(name: str) -> dict[str, object]:
            file = archive.extractfile(name)
            assert file is not None
            content: dict[str, object] = json.load(file)
            return content

        assert read("info/run_exports.json") == {"strong": ["libstdcxx >=12.2.0", "libgcc >=12.2.0"]}
        assert "run_exports" not in json.dumps(read("info/paths.json"))
    repodata = json.loads((package.parent / "repodata.json").read_text())
    assert package.name in repodata["packages"]


@linux_only
def test_what_it_holds_can_be_installed(tiny: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "build_scripts")
    folder = channel.local_channel("x")
    prefix = tmp_path / "prefix"
    subdir = next(path.name for path in folder.glob("linux-*"))
    records = install.create(prefix, ["python", f"gxx_{subdir}"], [folder.as_uri()])
    names = {record.name.normalized for record in records}
    assert names == {"python", f"gcc_{subdir}", f"gxx_{subdir}", f"sysroot_{subdir}"}
    steps = [record.step for record in caplog.records if hasattr(record, "step")]
    assert steps == [Step("installing", number, 4) for number in (1, 2, 3, 4)]
    assert (prefix / "bin" / "python").is_file()
    script = prefix / "etc" / "conda" / "activate.d" / f"activate_gxx_{subdir}.sh"
    assert script.read_text().startswith("export CXX=")
    assert not (prefix / "info").exists()


@pytest.fixture
def target() -> str:
    """A platform of local channels that is not this machine's."""
    return "linux-64" if platform.machine() == "aarch64" else "linux-aarch64"


@linux_only
def test_a_cross_channel_has_compilers_for_this_machine_and_libraries_for_the_target(
    tiny: Path, target: str, tmp_path: Path
) -> None:
    folder = channel.local_channel("x", target=target)
    assert folder != channel.local_channel("x")
    names = {
        path.name: {package.name.rsplit("-", 2)[0] for package in path.glob("*-h*")}
        for path in folder.glob("linux-*")
    }
    (own,) = names.keys() - {target}
    assert names[own] == {"python", f"gcc_{target}", f"gxx_{target}", f"sysroot_{target}"}
    assert names[target] == {"python", "libgcc", "libstdcxx", "libgomp"}

    prefix = tmp_path / "build"
    install.create(prefix, [f"gxx_{target}"], [folder.as_uri()])
    (sysroot,) = prefix.glob("*-conda-linux-gnu")
    machine = sysroot.name.partition("-")[0]
    script = (prefix / "etc" / "conda" / "activate.d" / f"activate_gcc_{target}.sh").read_text()
    done = subprocess.run(
        ["sh", "-c", f'{script}printf "%s\\n" "$STRIP" $CMAKE_ARGS'],
        capture_output=True,
        text=True,
        check=True,
    )
    strip, *arguments = done.stdout.split()
    assert (strip, machine) == ("/bin/strip", {"linux-64": "x86_64", "linux-aarch64": "aarch64"}[target])
    assert set(arguments) >= {
        "-DCMAKE_SYSTEM_NAME=Linux",
        f"-DCMAKE_SYSTEM_PROCESSOR={machine}",
        "-DCMAKE_FIND_ROOT_PATH=/target",
    }


@linux_only
def test_packages_for_the_target_are_installed_here(tiny: Path, target: str, tmp_path: Path) -> None:
    folder = channel.local_channel("x", target=target)
    records = install.create(tmp_path / "prefix", ["python", "libgomp"], [folder.as_uri()], target)
    assert {record.subdir for record in records} == {target}
    assert (tmp_path / "prefix" / "lib" / "libgomp.so.1").is_file()
    assert not (tmp_path / "prefix" / "bin").exists()


@linux_only
@pytest.mark.parametrize(
    ("backend", "platform"),
    [("cuda", "linux-aarch64"), ("vulkan", "linux-aarch64"), ("cpu", "linux-ppc64le")],
)
def test_what_cannot_be_cross_built_is_one_clear_error(tiny: Path, backend: str, platform: str) -> None:
    with pytest.raises(PackageError, match=r"\(no route\).*cross-build the cpu backend .*--channel"):
        channel.local_channel("no route", backend=backend, target=platform)


@linux_only
def test_a_missing_cross_compiler_is_one_clear_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CC", "cc")  # this machine's, so it does not count
    with pytest.raises(
        ToolError, match=r"aarch64-linux-gnu-gcc is not .*apt-get install gcc-aarch64-linux-gnu "
    ):
        host.find_toolchain("linux-aarch64")
    with pytest.raises(ToolError, match="apt-get install gcc-x86-64-linux-gnu g"):
        host.find_toolchain("linux-64")


@pytest.mark.skipif(shutil.which("aarch64-linux-gnu-gcc") is None, reason="no compiler for arm64 Linux")
def test_the_cross_toolchain_is_the_targets() -> None:
    toolchain = host.find_toolchain("linux-aarch64")
    assert toolchain.cross is not None
    assert (toolchain.cross.root / "include" / "features.h").is_file()
    assert re.fullmatch(r"2\.\d+", toolchain.glibc)
    machine = {path.read_bytes()[18] for path in (toolchain.libgcc, toolchain.libgomp, toolchain.libstdcxx)}
    assert machine == {183}  # EM_AARCH64


def test_two_makers_at_once_end_up_with_one(tmp_path: Path) -> None:
    folder, late = tmp_path / "done", tmp_path / "late"
    for made in (folder, late):
        made.mkdir()
        (made / "of").write_text(made.name)
    channel._publish(late, folder)
    assert (folder / "of").read_text() == "done"
    assert not late.exists()


def test_elsewhere_than_on_linux_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(PackageError, match="--channel"):
        channel.local_channel("no route")


@linux_only
def test_no_compiler_is_one_clear_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("CC", "CXX"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ToolError, match="Install a C and C\\+\\+ compiler"):
        host.find_toolchain()
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(ToolError, match="unset CC"):
        host.find_toolchain()


def test_a_missing_wheel_is_one_clear_error() -> None:
    with pytest.raises(ToolError, match="pip install no-such-wheel"):
        wrap.installed_wheel("no-such-wheel")


@linux_only
def test_the_pip_command_starts_the_python_of_its_environment(tmp_path: Path) -> None:
    """Otherwise `pip check` in the recipe's tests checks the Python that runs the build."""
    spec = wrap.pip_package(tmp_path)
    assert {"site-packages/pip/__main__.py", f"site-packages/pip-{spec.version}.dist-info/METADATA"} <= set(
        spec.files
    )
    command = spec.files["python-scripts/pip"]
    assert os.access(command, os.X_OK)
    assert (spec.noarch_python, spec.depends) == (True, ("python",))
    environment = {"PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to("/bin/echo")
    done = subprocess.run([command, "check"], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(command), "check"]


@linux_only
def test_a_wrapped_python_runs_elsewhere_and_finds_packages(tmp_path: Path) -> None:
    own = host._describe(Path(sys.executable))
    assert own is not None
    spec = wrap.python_package(own, tmp_path / "staging")
    assert not any("/test/" in name or name.endswith((".pyc", ".a")) for name in spec.files)
    prefix = tmp_path / "prefix"
    for name, source in spec.files.items():
        target = prefix / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
    packages = prefix / "lib" / own.name / "site-packages"
    packages.mkdir()
    (packages / "probe.py").write_text("")
    asked = [str(prefix / "bin" / "python"), "-B", "-c", "import ctypes, probe, sys; print(sys.prefix)"]
    environment = {name: os.environ[name] for name in ("LANG",) if name in os.environ}
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(prefix)


@linux_only
def test_only_interpreters_that_run_are_taken(tmp_path: Path) -> None:
    shim = tmp_path / "python3.10"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    assert host._describe(shim) is None
    assert host._describe(tmp_path / "none") is None
