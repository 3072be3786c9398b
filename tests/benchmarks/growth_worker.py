"""Time one operation of a given size; print seconds.

growth_worker.py generate TREE | import MODULE | bind COUNT
"""

from __future__ import annotations

import sys
import time
from pathlib import Path


def generate(tree: str) -> float:
    """Time generating bindings in memory; libclang is loaded before."""
    from clang import cindex

    from build_scripts.bindings import generate
    from build_scripts.bindings.headers import find

    cindex.Index.create()
    headers = find(Path(tree))
    started = time.perf_counter()
    generate.bindings(headers, "b1")
    return time.perf_counter() - started


def import_(module: str) -> float:
    """Time `import MODULE`."""
    started = time.perf_counter()
    __import__(module)
    return time.perf_counter() - started


def bind(count: str) -> float:
    """Time binding `count` functions of libllama and libggml; the libraries are opened before."""
    import llama_ctypes as llama
    from llama_ctypes import _table
    from llama_ctypes._loader import libraries

    llama.llama_max_devices  # noqa: B018 - opens the libraries, creates the types
    names = [name for name in _table.names() if libraries().has(name)][: int(count)]
    assert len(names) == int(count), f"the libraries have only {len(names)} functions"
    started = time.perf_counter()
    for name in names:
        getattr(llama, name)
    return time.perf_counter() - started


if __name__ == "__main__":
    print({"generate": generate, "import": import_, "bind": bind}[sys.argv[1]](sys.argv[2]))
