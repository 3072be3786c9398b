"""Libraries of another release are refused with both named; LLAMA_CTYPES_ABI decides otherwise."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from llama_ctypes import _abi
from llama_ctypes._generated import ABI_SHA256, RELEASE


def saying(**texts: str) -> Callable[[str], str | None]:
    return texts.get


def check(folder: str, query: Callable[[str], str | None], difference: str | None = None) -> None:
    _abi.check(folder, query, lambda: difference)


def write_metadata(folder: Path, release: str, abi_sha256: str) -> None:
    (folder / _abi.METADATA).write_text(json.dumps({"release": release, "abi_sha256": abi_sha256}))


@pytest.fixture(autouse=True)
def _no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LLAMA_CTYPES_ABI", raising=False)


def test_the_same_interface_fits_under_another_name(tmp_path: Path) -> None:
    write_metadata(tmp_path, "b6122", ABI_SHA256)
    check(tmp_path.as_posix(), saying(ggml_version="0.0.1"))
    assert _abi.release(tmp_path.as_posix(), saying(ggml_version="0.0.1")) == "b6122"


def test_another_interface_is_refused_with_both_named(tmp_path: Path) -> None:
    write_metadata(tmp_path, "b5640", "0" * 64)
    with pytest.raises(
        _abi.MismatchError, match=rf"are llama\.cpp b5640, but the bindings are for {RELEASE}"
    ):
        check(str(tmp_path), saying())


@pytest.mark.parametrize(
    ("texts", "release"),
    [
        ({"llama_version": "99.5.0", "ggml_version": "0.25.1"}, "v99.5.0"),
        ({"ggml_version": "0.0.99999"}, "b99999"),
    ],
)
def test_what_a_library_says_of_itself(tmp_path: Path, texts: dict[str, str], release: str) -> None:
    with pytest.raises(_abi.MismatchError, match=rf"are llama\.cpp {release},"):
        check(str(tmp_path), saying(**texts))


def test_a_library_that_says_it_is_the_bindings_release(tmp_path: Path) -> None:
    number = RELEASE[1:]
    says = {"llama_version": number} if RELEASE[0] == "v" else {"ggml_version": f"0.0.{number}"}
    check(str(tmp_path), saying(**says))
    assert _abi.release(str(tmp_path), saying(**says)) == RELEASE


@pytest.mark.parametrize("texts", [{}, {"ggml_version": "0.9.4"}, {"ggml_version": "0.0.0"}])
def test_one_that_says_nothing_is_allowed_with_a_warning(tmp_path: Path, texts: dict[str, str]) -> None:
    with pytest.warns(RuntimeWarning, match="libraries in .* do not report their release"):
        check(str(tmp_path), saying(**texts))
    assert _abi.release(str(tmp_path), saying(**texts)) is None


def test_a_development_build_is_of_no_release(tmp_path: Path) -> None:
    """Those of a release's own commit report the same as any later one."""
    says = saying(llama_version="99.5.0-dev")
    with pytest.warns(
        RuntimeWarning, match=r"are a development build \(v99\.5\.0-dev\); the bindings"
    ) as seen:
        check(str(tmp_path), says)
    assert len(seen) == 1
    assert _abi.state(str(tmp_path), "v99.5.0-dev").startswith(
        "unknown: the libraries are a development build"
    )


def test_a_development_build_that_differs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        _abi.MismatchError, match=rf"are for {RELEASE}, and the libraries are not: they lack x "
    ):
        check(str(tmp_path), saying(llama_version="99.5.0-dev"), "they lack x")
    with pytest.warns(RuntimeWarning, match="do not report their release"):
        check(str(tmp_path), saying(), "they lack x")


@pytest.mark.parametrize(
    ("setting", "unknown", "other"),
    [("ignore", None, None), ("warn", "warning", "warning"), ("error", "error", "error")],
)
def test_the_setting_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, unknown: str | None, other: str | None
) -> None:
    monkeypatch.setenv("LLAMA_CTYPES_ABI", setting)
    for texts, expected in (({}, unknown), ({"ggml_version": "0.0.1234"}, other)):
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            if expected == "error":
                with pytest.raises(_abi.MismatchError):
                    check(str(tmp_path), saying(**texts))
            else:
                check(str(tmp_path), saying(**texts))
        assert len(seen) == (1 if expected == "warning" else 0)


def test_a_setting_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLAMA_CTYPES_ABI", "maybe")
    with pytest.raises(
        _abi.MismatchError, match="LLAMA_CTYPES_ABI=maybe is not valid; use one of error, warn, ignore"
    ):
        check(str(tmp_path), saying())


@pytest.mark.parametrize("text", ["", "[]", "not json"])
def test_a_damaged_record_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / _abi.METADATA).write_text(text)
    with pytest.warns(RuntimeWarning):
        check(str(tmp_path), saying())
    assert _abi.release(str(tmp_path), saying()) is None


def test_the_state_in_words(tmp_path: Path) -> None:
    assert _abi.state(str(tmp_path), RELEASE) == f"libraries and bindings are both of {RELEASE}"
    assert _abi.state(str(tmp_path), None).startswith("unknown: ")
    assert _abi.state(str(tmp_path), "b1").startswith("MISMATCH: libraries of b1, ")
    (tmp_path / _abi.METADATA).write_text(json.dumps({"release": "b1", "abi_sha256": ABI_SHA256}))
    assert _abi.state(str(tmp_path), "b1").startswith("libraries of b1, whose ABI is that of ")


def test_the_same_release_with_another_interface_is_refused(tmp_path: Path) -> None:
    """The record's digest counts, whatever release it and the library name."""
    write_metadata(tmp_path, RELEASE, "0" * 64)
    with pytest.raises(_abi.MismatchError):
        check(str(tmp_path), saying(llama_version=RELEASE))
