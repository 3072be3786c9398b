"""Seconds for one thing whose size grows.

growth_worker.py generate TREE | import MODULE | bind COUNT
"""

from __future__ import annotations

import sys
import time
from pathlib import Path


def generate(tree: str) -> float:
    """Headers to text, in memory; libclang is loaded before."""
    from clang import cindex

    from build_scripts.bindings import generate
    from build_scripts.bindings.headers import find

    cindex.Index.create()
    headers = find(Path(tree))
    started = time.perf_counter()
    generate.bindings(headers, "b1")
    return time.perf_counter() - started


def import_(module: str) -> float:
    """What `import MODULE` takes."""
    started = time.perf_counter()
    __import__(module)
    return time.perf_counter() - started


def bind(count: str) -> float:
    """Functions of libllama and libggml made ready to call; the libraries are open before."""
    import llama_ctypes as llama
    from llama_ctypes._generated.functions import FUNCTIONS
    from llama_ctypes._loader import libraries

    llama.llama_max_devices  # noqa: B018 - opens the libraries, makes the types
    names = [name for name in FUNCTIONS if libraries().has(name)][: int(count)]
    assert len(names) == int(count), f"the libraries have only {len(names)} of them"
    started = time.perf_counter()
    for name in names:
        getattr(llama, name)
    return time.perf_counter() - started


if __name__ == "__main__":
    print({"generate": generate, "import": import_, "bind": bind}[sys.argv[1]](sys.argv[2]))
