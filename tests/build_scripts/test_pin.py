"""Tags are spelled as upstream spells them, and what is on record is usable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from build_scripts.errors import UsageError
from build_scripts.pin import RELEASES, VARIANTS, read_pin, read_releases
from build_scripts.versions import check_tag, requested_tag

MALFORMED = [
    "../x", "b", "", "b0", "b01", "B6124", "v1.2", "v1.2.3.4", "v01.2.3", "6124", "b6124\n", " b6124",
    "b6124/..", "b6124;id", "b\u0666\u0661\u0662\u0664", "b1234567890", "master", "-b6124",
]  # fmt: skip


@pytest.mark.parametrize("tag", MALFORMED)
def test_a_malformed_tag_is_refused_in_one_line(tag: str) -> None:
    with pytest.raises(UsageError, match="release tag") as raised:
        check_tag(tag)
    assert "\n" not in str(raised.value)
    assert raised.value.exit_status == 2


@pytest.mark.parametrize("tag", ["b1", "b6124", "v0.5.0", "v10.20.30"])
def test_upstreams_tags_pass(tag: str) -> None:
    assert check_tag(tag) == tag


def test_the_argument_wins_over_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLAMA_CPP_TAG", "b2")
    assert requested_tag(None) == "b2"
    assert requested_tag("b3") == "b3"


@pytest.mark.parametrize("value", [None, ""])
def test_no_variable_and_an_empty_one_mean_the_pin(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("LLAMA_CPP_TAG", raising=False)
    if value is not None:
        monkeypatch.setenv("LLAMA_CPP_TAG", value)
    assert requested_tag(None) is None


def test_an_empty_argument_and_a_malformed_variable_are_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError):
        requested_tag("")
    monkeypatch.setenv("LLAMA_CPP_TAG", "latest")
    with pytest.raises(UsageError, match="LLAMA_CPP_TAG"):
        requested_tag(None)


GOOD = VARIANTS.read_text(encoding="utf-8")
KEYS = re.findall(r"^(llama_cpp_(?!url)\w+):", GOOD, re.MULTILINE)


def broken(tmp_path: Path, text: str) -> str:
    path = tmp_path / "variants.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        read_pin(path)
    message = str(raised.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("key", KEYS)
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    assert key in broken(tmp_path, re.sub(rf"^{key}:.*$", "", GOOD, flags=re.MULTILINE))


@pytest.mark.parametrize("value", ["b6124", "[]", "[b1, b2]", "[6124]", "{a: b}"])
def test_a_value_of_another_shape_is_named(tmp_path: Path, value: str) -> None:
    text = re.sub(r"^llama_cpp_tag:.*$", f"llama_cpp_tag: {value}", GOOD, flags=re.MULTILINE)
    assert "llama_cpp_tag" in broken(tmp_path, text)


def test_a_malformed_tag_in_the_file_is_refused(tmp_path: Path) -> None:
    text = re.sub(r"^llama_cpp_tag:.*$", 'llama_cpp_tag: ["../x"]', GOOD, flags=re.MULTILINE)
    assert "'../x'" in broken(tmp_path, text)


def test_a_key_that_stands_twice_is_named(tmp_path: Path) -> None:
    assert "llama_cpp_tag" in broken(tmp_path, GOOD + 'llama_cpp_tag: ["b1"]\n')


@pytest.mark.parametrize("text", ["", "- a list\n", "a: [\n"], ids=["empty", "list", "not YAML"])
def test_a_file_that_is_no_mapping_is_named(tmp_path: Path, text: str) -> None:
    assert "variants.yaml" in broken(tmp_path, text)


def test_yaml_reads_the_same() -> None:
    pin, document = read_pin(), yaml.safe_load(GOOD)
    values = {
        "tag": pin.release.tag,
        "git_tree": pin.release.git_tree,
        "sha256": pin.release.archive_sha256 or "",
        "version": pin.version,
        "headers_sha256": pin.headers_sha256,
        "fallback": pin.fallback,
    }
    assert {f"llama_cpp_{key}": [value] for key, value in values.items()}.items() <= document.items()


def test_the_pin() -> None:
    pin = read_pin()
    assert check_tag(pin.release.tag)
    assert pin.release.git_tree
    assert re.fullmatch(r"[0-9a-f]{40}", pin.release.git_tree)
    # None where GitHub was out of reach when the pin was moved.
    assert pin.release.archive_sha256 is None or re.fullmatch(r"[0-9a-f]{64}", pin.release.archive_sha256)
    assert re.fullmatch(r"[0-9a-f]{64}", pin.headers_sha256)
    assert f"/{pin.release.tag}.tar.gz" in GOOD


def test_the_records_of_other_releases() -> None:
    pin = read_pin()
    releases = read_releases(pin)
    rows = RELEASES.read_text(encoding="utf-8").splitlines()[1:]
    assert len({row.split("\t")[0] for row in rows}) == len(rows) > 20
    assert releases[pin.release.tag].archive_sha256 == pin.release.archive_sha256
    for tag, release in releases.items():
        assert check_tag(tag) == release.tag == tag
        assert release.git_tree
        assert re.fullmatch(r"[0-9a-f]{40}", release.git_tree)
        assert release.archive_sha256 is None or re.fullmatch(r"[0-9a-f]{64}", release.archive_sha256)
        for path, commit in release.gitlinks:
            assert path
            assert re.fullmatch(r"[0-9a-f]{40}", commit)
    fallback = releases[pin.fallback]
    assert fallback.node_llama_cpp or fallback.tag == pin.release.tag
