"""Which release has which function: the table says it in spans, and agrees with what else is committed."""

from __future__ import annotations

import re
from pathlib import Path

from build_scripts.bindings import loading
from build_scripts.pin import ROOT, read_pin
from build_scripts.upkeep import functions

RELEASES = ["b1", "b2", "b3", "v1.0.0"]


def test_spans(tmp_path: Path) -> None:
    having = {"b1": ["f", "g", "h"], "b2": ["f", "h"], "b3": ["f"], "v1.0.0": ["f", "h", "i"]}
    path = tmp_path / "functions.tsv"
    path.write_text(functions.to_tsv(having, {"f": "libllama", "other": "libc"}))
    assert functions.read(path) == {
        "f": functions.Record("libllama", "b1-v1.0.0"),
        "g": functions.Record("", "b1"),
        "h": functions.Record("", "b1-b2, v1.0.0"),
        "i": functions.Record("", "v1.0.0"),
    }


def test_the_committed_table_has_the_functions_that_the_survey_counted() -> None:
    page = (ROOT / "docs" / "releases.md").read_text(encoding="utf-8")
    counts = {tag: int(count) for tag, count in re.findall(r"(?m)^\| (\S+) \| \d+ \| (\d+) \|", page)}
    tags = list(counts)
    assert len(tags) > 20
    present = dict.fromkeys(tags, 0)
    for record in functions.read().values():
        for span in record.releases.split(", "):
            first, _, last = span.partition("-")
            for tag in tags[tags.index(first) : tags.index(last or first) + 1]:
                present[tag] += 1
    assert present == counts


def test_the_committed_table_has_every_bound_function() -> None:
    """Releases between two surveyed ones have no span; the bindings' functions are in some release."""
    records = functions.read()
    missing = [name for name in loading.load(ROOT / "llama_ctypes")["_table"].names() if name not in records]
    if read_pin().release.tag == "b6124":
        assert missing == []
    assert records["llama_decode"].library == "libllama"
    assert records["ggml_init"].library == "libggml-base"
    assert records["ggml_backend_cpu_init"].library == "libggml-cpu"
    assert records["mtmd_tokenize"].library == "libmtmd"
