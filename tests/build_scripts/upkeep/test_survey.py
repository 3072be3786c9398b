"""The survey says what holds and what does not, and goes on after what does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from build_scripts.bindings.checks import compiler
from build_scripts.bindings.headers import HeaderSet
from build_scripts.bindings.ir import Model
from build_scripts.errors import CheckError, SourceError, UsageError
from build_scripts.pin import ROOT, read_pin, read_releases
from build_scripts.source import SourceTree
from build_scripts.upkeep import survey
from tests.build_scripts.bindings.header_tree import make_tree


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[survey.Row]:
    """Three releases: one that holds, one that cannot be had, one whose check finds something."""
    make_tree(tmp_path, "int llama_one(int x); struct llama_two { int a; };")

    surveyed: list[str] = []
    confirm = compiler.check

    def resolve(tag: str, **_: object) -> SourceTree:
        surveyed.append(tag)
        if tag == "b2":
            raise SourceError("b2 cannot be had here")
        return SourceTree(tag, tmp_path, "test", "0" * 40)

    def check(package: Path, model: Model, headers: HeaderSet) -> compiler.Counts:
        if surveyed[-1] == "b3":
            raise CheckError("2 disagreement(s):", ["llama_one: wrong", "llama_two: wrong"])
        return confirm(package, model, headers)

    monkeypatch.setattr(survey, "resolve", resolve)
    monkeypatch.setattr(compiler, "check", check)
    pin = read_pin()
    return survey.survey(["b1", "b2", "b3"], pin, read_releases(pin), None)


def test_each_release_is_a_row(rows: list[survey.Row]) -> None:
    assert [row.tag for row in rows] == ["b1", "b2", "b3"]
    assert rows[0].functions >= 1
    assert rows[0].error == ""
    assert "cannot be had" in rows[1].error
    assert rows[2].disagreements == 2


def test_a_survey_of_nothing_is_an_error() -> None:
    pin = read_pin()
    with pytest.raises(UsageError, match="no release to survey"):
        survey.survey([], pin, {}, None)


def test_the_table_shows_what_failed(rows: list[survey.Row]) -> None:
    table = survey.to_markdown(rows).splitlines()
    assert table[-3].startswith(f"| b1 | {rows[0].headers} | {rows[0].functions} |")
    assert table[-3].endswith("|  | 0 |")
    assert "cannot be had here (0) |" in table[-2]
    assert "2 disagreement(s): (2) |" in table[-1]


def test_the_table_of_functions(rows: list[survey.Row]) -> None:
    """A release that was not read is in no span."""
    first, second, third = rows
    with_library = replace(first, libraries={"llama_one": "libllama", "_init": "libllama"})
    later = replace(third, names=("llama_two",))
    table = survey.to_tsv([with_library, second, later])
    assert table == "function\tlibrary\treleases\nllama_one\tlibllama\tb1\nllama_two\t\tb3\n"


def test_the_committed_page_has_the_words_of_the_survey() -> None:
    page = (ROOT / "docs" / "releases.md").read_text(encoding="utf-8")
    assert page.startswith(survey.to_markdown([]))
    assert "| structs |" in page
