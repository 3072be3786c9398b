"""The release's own programs: what is recorded about their libraries."""

from __future__ import annotations

from pathlib import Path

from build_scripts.bindings import abi_digest
from build_scripts.bindings.parse import parse
from build_scripts.packaging import upstream_tools
from build_scripts.source import SourceTree
from llama_ctypes import _abi
from tests.build_scripts.bindings.header_tree import make_tree


def test_the_loader_reads_the_metadata_of_the_build(tmp_path: Path) -> None:
    headers = make_tree(tmp_path / "tree", "int ggml_one(int x);")
    (tmp_path / "bin").mkdir()
    tree = SourceTree("b7", tmp_path / "tree", "path", "0" * 40)
    upstream_tools._write_metadata(tree, tmp_path)
    digest = abi_digest.digest(parse(headers))
    assert _abi._metadata(str(tmp_path / "bin")) == {"release": "b7", "abi_sha256": digest}
