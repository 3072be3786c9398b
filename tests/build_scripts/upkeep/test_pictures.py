"""The committed charts show the committed figures; a terminal shows what a program prints and reads."""

from __future__ import annotations

import sys
import xml.etree.ElementTree
from pathlib import Path

import pytest

from build_scripts.errors import CheckError, ToolError
from build_scripts.pin import ROOT
from build_scripts.upkeep import pictures
from build_scripts.upkeep.pictures import Bar

NAMES = {"bench.svg", "functions.svg", "info.svg", "chat.svg"}
PROMPTS = """
print("\\rloading 50%\\r\\x1b[K", end="")
while (word := input("> ")) != "exit":
    print(word.upper())
"""


def texts(picture: str) -> list[str]:
    return [
        element.text or ""
        for element in xml.etree.ElementTree.fromstring(picture)
        if element.tag.endswith("text")
    ]


def test_the_committed_charts_are_those_of_the_pages() -> None:
    charts = pictures.charts()
    assert set(charts) < NAMES
    for name, picture in charts.items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == picture, (
            f"draw it again: `pictures` ({name})"
        )


def test_every_picture_is_committed_and_shown() -> None:
    assert {path.name for path in (ROOT / "docs").glob("*.svg")} == NAMES
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in NAMES:
        picture = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert texts(picture)
        assert f"(docs/{name})" in readme


def test_the_bars_have_the_figures_of_the_table(tmp_path: Path) -> None:
    (tmp_path / "releases.md").write_bytes((ROOT / "docs" / "releases.md").read_bytes())
    lines = [
        "# Speed",
        "| what | ours | alternatives | ours / theirs |",
        "|---|---|---|---|",
        "| to begin | 2 s | one way 4, another 0.8 | 0.50, 2.5 |",
        "| to go on | 7 ns | 14, 1 | 0.5, 7 |",
    ]
    (tmp_path / "speed.md").write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    words = texts(pictures.charts(tmp_path)["bench.svg"])
    bars = {
        "to begin, over one way": "0.5",
        "to begin, over another": "2.5",
        # Of a row that has only the alternatives' figures.
        "to go on, over one way": "0.5",
        "to go on, over another": "7",
    }
    assert {what: words[words.index(what) + 1] for what in bars} == bars


def test_a_bar_ends_at_its_value() -> None:
    picture = pictures.ratio_bars(
        [Bar("a", 0.1), Bar("b", 10.0), Bar("c", 1e-9), Bar("d", 10.0, more_is_better=True)]
    )
    rectangles = [
        element for element in xml.etree.ElementTree.fromstring(picture) if element.tag.endswith("rect")
    ][1:]
    assert [float(bar.attrib["width"]) for bar in rectangles] == [60, 60, 180, 60]
    assert [float(bar.attrib["x"]) for bar in rectangles] == [610, 670, 490, 670]
    assert [bar.attrib["fill"] for bar in rectangles] == ["#2a7", "#b62", "#2a7", "#2a7"]


def test_a_page_without_its_table_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "speed.md").write_text("# Speed\n")
    with pytest.raises(CheckError, match="no table with the heading"):
        pictures.charts(tmp_path)


def test_a_terminal_breaks_long_lines_at_words() -> None:
    assert texts(pictures.terminal("a <b>\n\n" + "word " * 30)) == ["a <b>", "", "word " * 20, "word " * 10]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_session(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROMPTS]
    shown = pictures.in_terminal(command, tmp_path, ["one", "exit"])
    assert shown == "> one\nONE\n> exit\n"
    with pytest.raises(ToolError, match="failed in the terminal with exit status 3"):
        pictures.in_terminal([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, [])
