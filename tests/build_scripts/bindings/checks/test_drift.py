"""Only Python files of the bindings count as drift; test_generate.py has the differences that do."""

from __future__ import annotations

from pathlib import Path

from build_scripts.bindings import generate
from build_scripts.bindings.checks import drift
from tests.build_scripts.bindings.header_tree import TAG, make_tree, write


def test_what_python_and_people_leave_is_no_difference(tmp_path: Path) -> None:
    headers = make_tree(tmp_path / "tree", "int ggml_one(int x);")
    generated = write(headers, tmp_path / "output", "my_llama") / "_generated"
    for name in ("__pycache__/types.cpython-310.pyc", "folder.py/notes.txt"):
        (generated / name).parent.mkdir()
        (generated / name).write_bytes(b"\xff")
    drift.check(generate.bindings(headers, TAG), tmp_path / "output", "my_llama")
