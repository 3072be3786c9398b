"""The commands as a user meets them: help, results on stdout, mistakes as one line on stderr."""

from __future__ import annotations

import argparse
import dataclasses
import io
import logging
import os
import re
import shlex
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from build_scripts import cli
from build_scripts.cli import packaging
from build_scripts.cli.shared import integration_switches, progress_on_stderr
from build_scripts.pin import ROOT, Pin, Release, read_pin
from build_scripts.source import SourceTree, fetch, resolve
from tests.build_scripts.bindings.header_tree import make_tree
from tests.systems import needs_utf8_paths

COMMANDS = [
    "generate",
    "build",
    "conda-build",
    "install-check",
    "verify",
    "survey",
    "diff",
    "bump",
    "test",
    "tools",
    "stories",
    "lint",
]


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(Path.cwd())  # `test` changes it, so that it is restored
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LLAMA_CPP_TAG", raising=False)


def one_line(capsys: pytest.CaptureFixture[str], status: int, *arguments: object) -> str:
    """Run a command that fails; its message, without what was announced before."""
    capsys.readouterr()
    assert cli.main([str(argument) for argument in arguments]) == status
    out, err = capsys.readouterr()
    assert out == ""
    *_, last = err.splitlines()
    assert last.startswith("error: ")
    assert err.count("error: ") == 1
    assert "Traceback" not in err
    return last


def test_every_command_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        cli.main(["--help"])
    assert raised.value.code == 0
    listed = re.findall(r"(?m)^    ([\w-]+)(?: +\S|$)", capsys.readouterr().out)
    assert set(COMMANDS) <= set(listed)
    for name in listed:
        with pytest.raises(SystemExit) as raised:
            cli.main([name, "--help"])
        assert raised.value.code == 0
        assert f"build_scripts {name}" in capsys.readouterr().out


def test_a_test_run_without_tests_is_an_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pytest, "main", lambda arguments: pytest.ExitCode.NO_TESTS_COLLECTED)
    assert "no test ran" in one_line(capsys, 2, "test", "-k", "nothing")
    monkeypatch.setattr(pytest, "main", lambda arguments: pytest.ExitCode.OK)
    assert cli.main(["test"]) == 0


@needs_utf8_paths
def test_a_letter_that_the_encoding_lacks_is_escaped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As on Windows, where output into a pipe or file is in the code page."""
    output = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(output, encoding="cp1252"))
    make_tree(tmp_path / "tree", "int ggml_f(void);")
    arguments = ["--tag", "b99999", "--source", str(tmp_path / "tree")]
    assert cli.main(["generate", *arguments, "--output", str(tmp_path / "out\u00e8 \u6a21")]) == 0
    sys.stdout.flush()
    assert "out\u00e8 \\u6a21" in output.getvalue().decode("cp1252")


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["generate", "--nonsense"], ["build", "--backend", "abacus"]]
)
def test_a_wrong_command_line_is_a_usage_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        cli.main(arguments)
    assert raised.value.code == 2
    assert "usage: " in capsys.readouterr().err


def test_generate_and_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_tree(tmp_path / "tree", "int ggml_one(int x);")
    common = ["--tag", "b1", "--source", str(tmp_path / "tree")]
    common += ["--output", str(tmp_path / "out"), "--module-name", "my_llama"]
    assert cli.main(["generate", *common]) == 0
    out = capsys.readouterr().out
    assert str(tmp_path / "out" / "my_llama") in out
    assert "b1" in out
    assert cli.main(["generate", *common, "--check"]) == 0
    assert "b1" in capsys.readouterr().out
    path = tmp_path / "out" / "my_llama" / "_generated" / "functions.py"
    path.write_text(path.read_text() + "x = 1\n")
    assert cli.main(["generate", *common, "--check"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "--- my_llama/_generated/functions.py" in err
    assert "-x = 1" in err
    assert path.read_text().endswith("x = 1\n")


def test_the_tag_variable_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_tree(tmp_path / "tree", "int ggml_one(int x);")
    monkeypatch.setenv("LLAMA_CPP_TAG", "b7")
    arguments = [
        "--source",
        str(tmp_path / "tree"),
        "--output",
        str(tmp_path / "out"),
        "--module-name",
        "my_llama",
    ]
    assert cli.main(["generate", *arguments]) == 0
    assert 'RELEASE = "b7"' in (tmp_path / "out" / "my_llama" / "_generated" / "__init__.py").read_text()


@pytest.fixture
def pinned_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pin:
    """The pin b200 is out of reach; its fallback b100, with the same public headers, is in the cache."""
    headers = make_tree(tmp_path / "tree", "int ggml_one(int x);")
    archive = tmp_path / "b100.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(headers.root, "llama.cpp-b100")
    pin = Pin(Release("b200", "0" * 40), "0.0.200", headers.sha256, fallback="b100")
    git_tree = resolve("b100", archive, pin=pin, releases={}).git_tree
    for module in (cli.bindings, cli.shared, cli.packaging):
        monkeypatch.setattr(module, "read_pin", lambda: pin)
    for module in (cli.bindings, cli.shared):
        monkeypatch.setattr(module, "read_releases", lambda _: {"b100": Release("b100", git_tree)})

    def out_of_reach(*_: object) -> str:
        raise fetch.OutOfReach("no network")

    monkeypatch.setattr(fetch, "github_archive", out_of_reach)
    return pin


@pytest.mark.usefixtures("pinned_offline")
@pytest.mark.parametrize("how", ["default", "option", "variable"])
def test_bindings_of_the_pinned_tag_by_name(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if how == "variable":
        monkeypatch.setenv("LLAMA_CPP_TAG", "b200")
    tag = ["--tag", "b200"] if how == "option" else []
    package = ["--output", str(tmp_path / "out"), "--module-name", "Llama"]
    assert cli.main(["generate", *tag, *package]) == 0
    notice = "b200 is not in the cache: using b100 instead of b200; their public headers are identical\n"
    assert capsys.readouterr().err == notice
    assert 'RELEASE = "b200"' in (tmp_path / "out" / "Llama" / "_generated" / "__init__.py").read_text()
    assert cli.main(["generate", *tag, *package, "--check"]) == 0
    assert cli.main(["diff", "b200", "b100"]) == 0
    assert notice in capsys.readouterr().err


def test_the_pinned_tag_by_name_needs_the_pinned_headers(
    pinned_offline: Pin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = dataclasses.replace(pinned_offline, headers_sha256="0" * 64)
    monkeypatch.setattr(cli.bindings, "read_pin", lambda: other)
    message = one_line(capsys, 1, "generate", "--tag", "b200", "--output", tmp_path, "--module-name", "Llama")
    assert "variants.yaml pins" in message
    assert not (tmp_path / "Llama").exists()


@pytest.mark.usefixtures("pinned_offline")
def test_a_package_of_the_pinned_tag_by_name_is_of_that_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    unavailable = "b200 is not available: not in the cache; GitHub is out of reach (no network)"
    output = ["--output-dir", tmp_path / "channel"]
    assert unavailable in one_line(capsys, 1, "build", "--tag", "b200", *output)
    monkeypatch.setenv("LLAMA_CPP_TAG", "b200")
    assert unavailable in one_line(capsys, 1, "build", *output)
    monkeypatch.delenv("LLAMA_CPP_TAG")
    # Without a tag, it is the fallback release.
    assert cli.shared.tree_of(argparse.Namespace(tag=None, source=None)).tag == "b100"


def test_mistakes_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_tree(tmp_path / "tree", "int ggml_one(int x);")
    good = ["--tag", "b1", "--source", tmp_path / "tree"]
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    (tmp_path / "theirs" / "my_llama").mkdir(parents=True)
    (tmp_path / "theirs" / "my_llama" / "precious").write_text("")
    for tag in ("../x", "", "b0"):
        assert "release tag" in one_line(capsys, 2, "generate", "--tag", tag)
    assert "--module-name" in one_line(capsys, 2, "generate", *good, "--module-name", "1x")
    for source in ("nowhere", "empty", "file"):
        message = one_line(capsys, 1, "generate", "--tag", "b1", "--source", tmp_path / source)
        assert source in message
    for output in ("file", "file/below"):
        message = one_line(capsys, 1, "generate", *good, "--module-name", "x", "--output", tmp_path / output)
        assert str(tmp_path / "file") in message
    theirs = ["--module-name", "my_llama", "--output", tmp_path / "theirs"]
    assert "was not generated" in one_line(capsys, 2, "generate", *good, *theirs)


@pytest.mark.parametrize("name", ["json", "sys", "yaml", "pytest", "numpy"])
def test_a_package_that_would_hide_another_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    make_tree(tmp_path / "tree", "int ggml_one(int x);")
    arguments = ["--tag", "b1", "--source", tmp_path / "tree", "--output", tmp_path, "--module-name", name]
    assert f"--module-name {name} is the name of" in one_line(capsys, 2, "generate", *arguments)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    "arguments",
    [["survey", "b1", "--output"], ["bench", "--plot"], ["stories", "--output"]],
    ids=lambda a: a[0],
)
def test_a_file_that_cannot_be_written_is_found_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert f"no folder {tmp_path / 'no'}" in one_line(capsys, 2, *arguments, tmp_path / "no" / "x.svg")
    (tmp_path / "x.svg").mkdir()
    assert "is a folder" in one_line(capsys, 2, *arguments, tmp_path / "x.svg")


# Windows gives every name a home folder.
UNKNOWN = [] if os.name == "nt" else ["~nobody-has-this-name/x"]


@pytest.mark.parametrize("cache", ["relative", "./x", *UNKNOWN])
def test_a_cache_that_is_not_absolute_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], cache: str
) -> None:
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", cache)
    assert f"LLAMA_CTYPES_CACHE={cache} is not" in one_line(capsys, 2, "generate", "--check")


@pytest.mark.parametrize(
    ("command", "tool"), [("lock", "pixi"), ("update", "git"), ("propose", "git"), ("lint", "typos")]
)
def test_a_command_without_its_tools_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    command: str,
    tool: str,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("build_scripts.upkeep.lint.code", lambda: None)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    (tmp_path / "proposal.json").write_text('{"kind": "lock", "body": ""}')
    options = {"propose": [str(tmp_path)], "update": ["--tag", "b99999", "--output", str(tmp_path / "p")]}
    assert tool in one_line(capsys, 1, command, *options.get(command, []))


def test_a_checkout_that_cannot_be_written_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "CHANGELOG.md")

    monkeypatch.setattr("build_scripts.upkeep.release.cut", refuse)
    assert one_line(capsys, 1, "release") == "error: CHANGELOG.md: Permission denied"


def test_a_mistake_in_the_program_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("build_scripts.upkeep.release.cut", lambda: None.nothing)  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        cli.main(["release"])


def redirected(redirection: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = f"import sys; from build_scripts import cli; sys.exit(cli.main({list(arguments)!r}))"
    quoted = " ".join(map(shlex.quote, [sys.executable, "-B", "-c", script]))
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {quoted} {redirection}"],
        cwd=ROOT,
        # argparse itself ignores an error of its first write.
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")


@pytest.mark.skipif(os.name == "nt", reason="redirects with bash")
@pytest.mark.parametrize("arguments", [("--help",), ("diff", "TREE", "TREE"), ("generate", "--help")])
@pytest.mark.parametrize(
    ("redirection", "status", "message"),
    [
        (">&-", 0, ""),
        ("<&- >&- 2>&-", 0, ""),
        pytest.param("> /dev/full", 1, "error: No space left on device\n", marks=linux),
        pytest.param("> /dev/full 2>&1", 1, "", marks=linux),
        ("| (exec <&-; sleep 0.5)", 1, ""),
    ],
)
def test_an_output_that_is_closed_or_full_is_no_traceback(
    tmp_path: Path, arguments: tuple[str, ...], redirection: str, status: int, message: str
) -> None:
    make_tree(tmp_path, "int ggml_one(int x);")
    done = redirected(redirection, *(str(tmp_path) if word == "TREE" else word for word in arguments))
    assert (done.returncode, done.stderr) == (status, message)


@pytest.mark.skipif(os.name == "nt", reason="redirects with bash")
@pytest.mark.parametrize("redirection", ["2>&-", pytest.param("2> /dev/full", marks=linux)])
def test_an_error_that_nobody_can_read_has_a_status(redirection: str) -> None:
    done = redirected(redirection, "generate", "--tag", "x")
    assert done.returncode in (1, 2)
    assert done.stderr == ""


def test_a_malformed_variable_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LLAMA_CPP_TAG", "latest")
    assert "LLAMA_CPP_TAG" in one_line(capsys, 2, "generate")


def test_headers_that_do_not_parse_name_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_tree(tmp_path / "tree", "int ggml_one(ggml_unknown x);")
    assert (
        cli.main(["generate", "--tag", "b1", "--source", str(tmp_path / "tree"), "--output", str(tmp_path)])
        == 1
    )
    err = capsys.readouterr().err
    assert "ggml/include/ggml.h:" in err
    assert "Traceback" not in err
    assert not (tmp_path / "llama_ctypes").exists()


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.bindings, "resolve", interrupt)
    assert cli.main(["generate"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_as_a_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "build_scripts", "generate", "--tag", "../x"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PIXI_IN_SHELL": "1", "PIXI_PROJECT_ROOT": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert re.fullmatch(r"error: [^\n]+\n", done.stderr)
    assert done.stdout == ""


SPREAD = "--numprocesses=auto"


@pytest.mark.parametrize(
    ("switch", "spread"),
    [
        (None, ["--numprocesses=auto"]),
        ("0", ["--numprocesses=auto"]),
        ("", ["--numprocesses=auto"]),
        ("1", []),
    ],
)
def test_arguments_after_test_are_pytests_in_their_order(
    switch: str | None, spread: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []

    def run(arguments: list[str]) -> int:
        seen.append(arguments)
        return 3

    monkeypatch.setattr("pytest.main", run)
    for name in integration_switches():
        monkeypatch.delenv(name)
    if switch is not None:
        monkeypatch.setenv("RUN_SOME_INTEGRATION", switch)
    assert cli.main(["test", "-k", "pin", "tests", "--durations=3"]) == 3
    # Integration tests take turns; the others are spread over the processors, unless arguments say otherwise.
    assert seen == [[*spread, "-k", "pin", "tests", "--durations=3"]]


def test_other_commands_take_no_unknown_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["generate", "--bogus"])
    assert stopped.value.code == 2
    assert "--bogus" in capsys.readouterr().err


def test_what_the_modules_log_goes_to_stderr_and_results_to_stdout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(tmp_path / "cache"))
    tree = make_tree(tmp_path / "tree", "int ggml_f(void);").root
    arguments = ["generate", "--tag", "b1", "--source", str(tree), "--output", str(tmp_path / "out")]
    for _ in range(2):  # the second command must not log each line twice
        assert cli.main(arguments) == 0
        printed = capsys.readouterr()
        (line,) = printed.err.splitlines()
        assert line.startswith("b1 ")
        assert printed.out.startswith(str(tmp_path / "out" / "llama_ctypes"))


def test_other_libraries_log_nothing_below_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger().setLevel(logging.WARNING)  # pytest's own setting is INFO; a program's is this
    with progress_on_stderr():
        logging.getLogger("another_library").info("noise")
        logging.getLogger("build_scripts.source.fetch").info("fetching b1")
    assert capsys.readouterr().err == "fetching b1\n"


PINNED = read_pin().release.tag


@pytest.mark.parametrize("tag", [[], ["--tag", PINNED]])
def test_a_release_is_never_built_from_its_fallback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, tag: list[str]
) -> None:
    tree = SourceTree("b6122", tmp_path, "npm", "0" * 40)
    monkeypatch.setattr(packaging, "tree_of", lambda _: tree)
    monkeypatch.setattr("build_scripts.packaging.channel.choose", lambda *_, **__: [])
    monkeypatch.setattr("build_scripts.packaging.build.build", lambda *_: pytest.fail("it went on to build"))
    message = one_line(capsys, 1, "build", "--for-publish", *tag)
    assert message == f"error: {PINNED} is not available, only b6122; --for-publish builds from nothing else"
    monkeypatch.setattr("build_scripts.packaging.build.build", lambda *_: [tmp_path / "x.conda"])
    monkeypatch.setattr("build_scripts.packaging.smoke_test.run_package", lambda *_: None)
    monkeypatch.setattr("build_scripts.packaging.built.pixi_lines", lambda *_: [])
    monkeypatch.setattr("build_scripts.packaging.tiny_models.find_or_make", lambda: tmp_path / "x.gguf")
    assert cli.main(["build"]) == 0
