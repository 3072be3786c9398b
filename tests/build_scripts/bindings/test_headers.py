"""Which headers count, and that their digest is of names and contents alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from build_scripts.bindings.headers import find
from build_scripts.errors import HeaderError

C = '#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void);\n'


def tree(root: Path, *more: str) -> Path:
    for name in ("include/llama.h", "ggml/include/ggml.h", *more):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(C)
    return root


@pytest.mark.parametrize("name", ["include/llama.h", "ggml/include/ggml.h"])
def test_a_tree_without_a_required_header_is_refused(tmp_path: Path, name: str) -> None:
    (tree(tmp_path) / name).unlink()
    with pytest.raises(HeaderError, match=name) as raised:
        find(tmp_path)
    assert "\n" not in str(raised.value)


def test_no_tree_at_all(tmp_path: Path) -> None:
    with pytest.raises(HeaderError, match="nothing"):
        find(tmp_path / "nothing")


def test_headers_come_and_go_between_releases(tmp_path: Path) -> None:
    assert find(tree(tmp_path)).files == ("ggml/include/ggml.h", "include/llama.h")
    tree(tmp_path, "tools/mtmd/mtmd.h", "ggml/include/ggml-new.h", "tools/mtmd/clip.h", "src/llama-impl.h")
    headers = find(tmp_path)
    assert headers.files == (
        "ggml/include/ggml-new.h",
        "ggml/include/ggml.h",
        "include/llama.h",
        "tools/mtmd/mtmd.h",
    )
    assert headers.include_dirs == ("ggml/include", "include", "tools/mtmd")


def test_headers_for_cxx_only_are_left_out(tmp_path: Path) -> None:
    tree(tmp_path)
    before = find(tmp_path)
    (tmp_path / "include" / "llama-cpp.h").write_text("#include <memory>\nstruct llama_deleter {};\n")
    assert find(tmp_path) == before


def test_the_digest_is_of_contents_and_names(tmp_path: Path) -> None:
    first = find(tree(tmp_path / "a", "include/x.h"))
    assert find(tree(tmp_path / "b", "include/x.h")).sha256 == first.sha256
    renamed = find(tree(tmp_path / "c", "include/y.h"))
    moved = find(tree(tmp_path / "d", "ggml/include/x.h"))
    (tmp_path / "b" / "include" / "x.h").write_text(C + " ")
    edited = find(tmp_path / "b")
    assert len({first.sha256, renamed.sha256, moved.sha256, edited.sha256}) == 4


def test_the_digest_is_not_of_the_time(tmp_path: Path) -> None:
    before = find(tree(tmp_path)).sha256
    os.utime(tmp_path / "include" / "llama.h", (1, 1))
    assert find(tmp_path).sha256 == before
