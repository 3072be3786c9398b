"""Import the generated modules of a package; several packages may have the same name."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from build_scripts.errors import CheckError


def load(package: Path) -> dict[str, ModuleType]:
    """Import the generated modules of `package` under a separate name, without opening a library."""
    name = f"llama_ctypes_checked_{abs(hash(str(package.resolve()))):x}"
    for key in [name, *(key for key in sys.modules if key.startswith(f"{name}."))]:
        sys.modules.pop(key, None)
    spec = importlib.util.spec_from_file_location(
        name, package / "__init__.py", submodule_search_locations=[str(package)]
    )
    if spec is None or spec.loader is None or not (package / "_generated" / "types.py").is_file():
        raise CheckError(f"{package} has no generated bindings; run `python3 -m build_scripts generate`")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    with _without_bytecode():
        spec.loader.exec_module(module)
        return {
            part.rpartition(".")[2]: importlib.import_module(f"{name}.{part}")
            for part in ("_generated.types", "_generated.constants", "_table")
        }


@contextmanager
def _without_bytecode() -> Iterator[None]:
    """Import from the source only: Python overlooks a change within a second that keeps a file's size."""
    previous = sys.pycache_prefix, sys.dont_write_bytecode
    sys.pycache_prefix, sys.dont_write_bytecode = str(Path(__file__) / "none"), True
    try:
        yield
    finally:
        sys.pycache_prefix, sys.dont_write_bytecode = previous


def places(package: Path) -> dict[str, str]:
    """The exported names of the functions that `package` binds, each with the place of its C declaration."""
    return {row.symbol: row.place for row in load(package)["_table"].rows()}
