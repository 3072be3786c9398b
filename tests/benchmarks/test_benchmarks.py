"""Test the benchmarks' table, arithmetic and error handling; no times are measured."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest

from build_scripts.bindings.headers import find
from build_scripts.bindings.parse import parse
from build_scripts.cli import main
from build_scripts.errors import ToolError, UsageError
from build_scripts.process import run
from tests import benchmarks
from tests.benchmarks.measure import OURS, Goal, Row, Unavailable
from tests.benchmarks.setting import Setting
from tests.llama_ctypes.tiny_library import BACKEND, LOADING_GGML, compile_library
from tests.systems import library_name

from . import call_worker, calls, growth, measure, processes, report

# In the second round both contenders take twice as long, which must not change the ratio.
ROW = Row(
    "call",
    "a call",
    "ns",
    {OURS: [30.0, 60.0, 33.0], "peer": [60.0, 120.0, 60.0]},
    (Goal(40), Goal(0.4, "peer"), Goal(0.5, "absent")),
    {"absent": "pip cannot install absent"},
    "a remark",
)


def test_ratio_median_and_spread() -> None:
    assert measure.median(ROW, OURS) == 33
    assert measure.ratio(ROW, "peer") == 0.5
    assert measure.ratio(ROW, OURS) == 1
    assert measure.spread(ROW, "peer") == pytest.approx(0.25)
    # Different numbers of rounds cannot be paired.
    assert measure.ratio(Row("x", "x", samples={OURS: [2.0], "peer": [1.0, 4.0, 9.0]}), "peer") == 0.5
    assert measure.spread(Row("x", "x", samples={OURS: [2.0]}), OURS) == 0


def test_goals() -> None:
    assert [measure.is_met(ROW, goal) for goal in ROW.goals] == [True, False, None]
    assert measure.is_met(ROW, Goal(0.5, "peer", at_least=True)) is True
    assert measure.is_met(ROW, Goal(0.51, "peer", at_least=True)) is False
    assert measure.is_met(Row("x", "x", missing={OURS: "no"}), Goal(1)) is None


@pytest.mark.parametrize("power", [0.0, 1.0, 2.0])
def test_the_exponent_of_a_power(power: float) -> None:
    sizes = [1, 10, 100]
    assert measure.exponent(sizes, [7 * size**power for size in sizes]) == pytest.approx(power)


def test_contenders_take_turns_and_one_that_is_missing_drops_out() -> None:
    order: list[str] = []

    def measure_one(name: str) -> float:
        order.append(name)
        if name == "c":
            raise Unavailable("not here")
        return float(len(order))

    contenders = {name: (lambda name=name: measure_one(name)) for name in "abc"}
    samples, missing = measure.interleave(contenders, 2)
    assert "".join(order) == "abcba"
    assert samples == {"a": [1, 5], "b": [2, 4]}
    assert missing == {"c": "not here"}
    order.clear()
    assert measure.interleave({"a": contenders["a"]}, 2, warm=True) == ({"a": [2, 3]}, {})


def test_the_table() -> None:
    lines = report.to_text([ROW]).splitlines()
    assert len({len(line) for line in lines[:4]}) == 1
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:4]]
    assert cells[2] == ["a call", OURS, "33.0 ns", "23 %", "", "<= 40 ns: met"]
    assert cells[3] == ["", "peer", "60.0 ns", "25 %", "0.500", "<= 0.4: missed"]
    assert lines[4:] == ["", "- a call: absent: pip cannot install absent", "- a call: a remark"]


def test_json_and_picture() -> None:
    symbols = Row("x", "rows & columns", samples={"a": [1.0], "b<c": [4.0]}, ours="a")
    absent = Row("y", "y", missing={OURS: "no"})
    rows = json.loads(report.to_json([ROW, symbols, absent]))["rows"]
    assert rows[0]["contenders"]["peer"]["ours_over_theirs"] == 0.5
    assert rows[0]["contenders"]["peer"]["samples"] == [60, 120, 60]
    assert [goal["met"] for goal in rows[0]["goals"]] == [True, False, None]
    assert rows[2]["missing"] == {OURS: "no"}
    picture = xml.etree.ElementTree.fromstring(report.to_svg([ROW, symbols, absent]))
    texts = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert "a call, over peer" in texts
    assert "rows & columns, over b<c" in texts
    assert len(list(picture.iter("{http://www.w3.org/2000/svg}rect"))) == 3  # and the background


@pytest.mark.parametrize("error", [Unavailable("no model"), ToolError("no model\nand more")])
def test_a_row_that_cannot_run_says_why_and_the_rest_is_printed(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_: Setting) -> Iterator[Row]:
        yield ROW
        raise error

    monkeypatch.setattr(benchmarks, "ROWS", {"decode": fails, "call": lambda _: [ROW]})
    assert main(["bench"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "33.0 ns" in lines[2]
    assert [cell.strip() for cell in lines[4].strip("|").split("|")] == [
        "decode", "", "did not run", "", "", "no model",
    ]  # fmt: skip
    assert "33.0 ns" in lines[5]


def test_what_bench_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(benchmarks, "ROWS", {"call": lambda _: [ROW], "build": lambda _: [ROW, ROW]})
    count = {name: len(benchmarks.run(keys)) for name, keys in {"all": [], "slow": ["build"]}.items()}
    assert count == {"all": 1, "slow": 2}
    with pytest.raises(UsageError, match="unknown row speed; choose from call, build"):
        benchmarks.run(["speed"])
    assert main(["bench", "--rows", "call", "--json", "--plot", str(tmp_path / "p.svg")]) == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["key"] == "call"
    assert (tmp_path / "p.svg").read_text().startswith("<svg")
    assert main(["bench", "--plot", "p.png"]) == 2
    assert "ends in .svg" in capsys.readouterr().err


def test_rows_without_programs_or_models_say_how_to_have_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(tmp_path))
    monkeypatch.delenv("LLAMA_CPP_LIB", raising=False)
    with Setting() as setting:
        with pytest.raises(Unavailable, match="build_scripts stories"):
            _ = setting.stories
        with pytest.raises(Unavailable, match="ModuleNotFoundError: No module named 'nowhere_at_all'"):
            setting.python(["-c", "import nowhere_at_all"])


@pytest.mark.skipif(sys.platform != "linux", reason="the program opens libX.so")
def test_the_c_program_loads_backends_and_calls(tmp_path: Path) -> None:
    program = processes.first_call_program(tmp_path)
    marker = tmp_path / "called"
    call = f"""
        #include <stdio.h>
        int llama_max_devices(void) {{ return fclose(fopen("{marker}", "w")); }}
    """
    for name, source in (
        ("llama", call),
        ("ggml", LOADING_GGML),
        ("ggml-base", "int base(void) { return 0; }"),
    ):
        compile_library(source, tmp_path / library_name(name))
    with pytest.raises(ToolError):  # without a backend
        run([program, tmp_path])
    compile_library(BACKEND % {"type": 0, "score": 1}, tmp_path / "libggml-cpu-a.so")
    marker.unlink()
    assert 0 < float(run([program, tmp_path])) < 60
    assert marker.exists()


def test_synthetic_headers_declare_as_many_functions_as_they_say(tmp_path: Path) -> None:
    model = parse(find(growth.synthetic(tmp_path, 30)))
    assert len(model.functions) == 30
    assert (len(model.records), len(model.handles), len(model.enums), model.unsupported) == (3, 3, 3, ())


def test_every_shape_is_timed() -> None:
    assert list(calls.SHAPES) == list(call_worker.STATEMENTS)
    assert all(hasattr(call_worker, name) for name, _ in calls._CONTENDERS.values())
