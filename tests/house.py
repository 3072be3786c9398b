"""Counts the modules of a package, and the imports between them.

`python3 -m tests.house [FOLDER]` prints the figures; test_wings.py checks them.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path

Arrows = dict[str, set[str]]
"""For each module, the modules of the same package that it imports. Names are relative to the package."""


def modules_of(package: Path) -> dict[str, Path]:
    """Map the dotted name in the package to the path, for every module below the folder `package`."""
    modules: dict[str, Path] = {}
    for path in sorted(package.rglob("*.py")):
        name = ".".join(path.relative_to(package).with_suffix("").parts)
        modules[name.removesuffix(".__init__")] = path
    return modules


def arrows(package: Path) -> Arrows:
    """Find which modules import which; import statements inside functions count too."""
    modules = modules_of(package)
    return {name: _imported(package, path, modules) - {name} for name, path in modules.items()}


def _imported(package: Path, path: Path, modules: dict[str, Path]) -> set[str]:
    imports: set[str] = set()
    parents = (package.name, *path.relative_to(package).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            absolute = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = list(parents[: len(parents) - node.level + 1]) if node.level else []
            module = base + (node.module.split(".") if node.module else [])
            absolute = [[*module, alias.name] for alias in node.names]
        else:
            continue
        for parts in absolute:
            if parts[0] == package.name:
                imports.add(_module(parts[1:], modules))
    return imports - {"__init__"}


def _module(parts: list[str], modules: dict[str, Path]) -> str:
    """Return the module that an import of `parts` reads; the last part may be a name defined in it."""
    for end in range(len(parts), 0, -1):
        if ".".join(parts[:end]) in modules:
            return ".".join(parts[:end])
    return "__init__"


def floors(graph: Arrows) -> dict[str, int]:
    """Return the length of the longest chain of imports below each module; ValueError names a cycle."""
    heights: dict[str, int] = {}

    def height(name: str, above: tuple[str, ...]) -> int:
        if name in above:
            raise ValueError(" -> ".join([*above[above.index(name) :], name]))
        if name not in heights:
            heights[name] = 1 + max((height(other, (*above, name)) for other in graph[name]), default=0)
        return heights[name]

    for name in graph:
        height(name, ())
    return heights


def main() -> None:
    """Print the figures of the folder on the command line (default: build_scripts)."""
    package = Path(sys.argv[1] if sys.argv[1:] else "build_scripts").resolve()
    paths, graph = modules_of(package), arrows(package)
    rooms = {name: path.parent.relative_to(package).as_posix() for name, path in paths.items()}
    between = {(rooms[name], rooms[other]) for name, others in graph.items() for other in others}
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths.values())
    try:
        height = f"{max(floors(graph).values())} floors"
    except ValueError as cycle:
        height = f"the cycle {cycle}"
    print(f"{len(graph)} modules, {lines} lines, {sum(map(len, graph.values()))} imports, {height}")
    fullest, count = Counter(rooms.values()).most_common(1)[0]
    crossing = sum(start != end for start, end in between)
    print(f"{len({*rooms.values()})} folders, {crossing} arrows between them; {count} modules in {fullest}/")


if __name__ == "__main__":
    main()
