"""The helpers for this system's compiler and libraries agree with its variables and its names."""

from __future__ import annotations

import pytest

from tests import systems


@systems.needs_c_compiler
def test_the_compiler_is_the_one_that_cc_names(monkeypatch: pytest.MonkeyPatch) -> None:
    path = systems.c_compiler()[0]
    monkeypatch.setenv("CC", f"'{path}' -DTEXT='a b'")
    assert systems.c_compiler() == [path, "-DTEXT=a b"]
    monkeypatch.setenv("CC", "no-such-compiler")  # no other compiler is used instead
    with pytest.raises(pytest.skip.Exception):
        systems.c_compiler()


@pytest.mark.parametrize(
    ("platform", "suffix", "names"),
    [
        ("linux", ".so", ["libllama.so", "libllama.so.0.1"]),
        ("darwin", ".dylib", ["libllama.dylib", "libllama.0.1.dylib"]),
        ("win32", ".dll", ["llama.dll"]),
    ],
)
def test_library_names(monkeypatch: pytest.MonkeyPatch, platform: str, suffix: str, names: list[str]) -> None:
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr(systems, "LIBRARY_SUFFIX", suffix)
    assert [systems.library_name("llama", version) for version in ("", ".0.1")][: len(names)] == names
