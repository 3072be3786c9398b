"""Compare bindings with compiled libraries: bound functions are exported, exported public ones are bound.

lief reads ELF, Mach-O and PE files. Nothing is run, so the libraries may be of another platform.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from build_scripts.bindings.headers import HeaderSet
from build_scripts.errors import CheckError, ToolError
from build_scripts.versions import sort_key

OPTIONAL = re.compile(r"ggml/include/(ggml-(?!alloc|backend|cpu|opt)\w+)\.h")
"""Headers of backends that a build may leave out, and the backend: its functions need not be exported."""
_PREFIXES = ("llama_", "ggml_", "gguf_", "mtmd_")
SUFFIXES = (".so", ".dylib", ".dll")
"""Of a package's shared libraries."""
# Also libllama.so.0 and libllama.0.dylib, which a package may have without the names that end in .so.
_LIBRARY = re.compile(r".*\.(so(\.\d+)*|dylib|dll)")
CPU_BACKEND = re.compile(r"(lib)?ggml-cpu\b.*")
"""The names of the libraries with a backend for the CPU, one of each variant."""

# Functions that upstream declares and never defines: the first and the last such release (None: still so).
# The check fails if a library exports one after all, or if an entry ends too early.
NEVER_DEFINED: dict[str, tuple[str, str | None]] = {
    "ggml_graph_export": ("b4020", "b5567"),
    "ggml_graph_import": ("b4020", "b5567"),
    "ggml_threadpool_get_n_threads": ("b3644", None),
}


def exports(library: Path) -> frozenset[str]:
    """The names of the functions and variables that a shared library exports."""
    import lief

    binary = lief.parse(str(library))
    if binary is None:
        raise ToolError(f"{library} is not a readable ELF, Mach-O or PE file")
    if isinstance(binary, lief.ELF.Binary):
        return frozenset(str(symbol.name) for symbol in binary.dynamic_symbols if symbol.exported)
    if isinstance(binary, lief.PE.Binary):
        table = binary.get_export()
        return frozenset(str(entry.name) for entry in table.entries) if table else frozenset()
    if not isinstance(binary, lief.MachO.Binary):
        raise ToolError(f"{library} is an object file, not a shared library")
    # Mach-O puts an underscore before C's names.
    return frozenset(str(symbol.name).removeprefix("_") for symbol in binary.exported_symbols)


def check(folder: Path, places: Mapping[str, str], headers: HeaderSet, tag: str) -> int:
    """Check the libraries of release `tag` in `folder` against the bound functions and the headers' own text.

    `places` maps each bound function to the place of its C declaration. Returns how many functions the
    libraries export; raises CheckError with a line per disagreement.
    """
    libraries = _libraries(folder)
    findings = list(_findings(libraries, places, headers, tag))
    if findings:
        raise CheckError(f"{len(findings)} disagreement(s) between the bindings and {folder}:", findings)
    exported = frozenset().union(*libraries.values())
    count = len(exported & places.keys())
    if not count:
        raise CheckError(f"the libraries in {folder} export no bound function; use those of llama.cpp {tag}")
    return count


def owners(folder: Path) -> dict[str, str]:
    """Map each exported name to its library in `folder`: libllama, libggml-cpu for every CPU variant."""
    result: dict[str, str] = {}
    for name, names in _libraries(folder).items():
        library = (
            CPU_BACKEND.sub(r"\1ggml-cpu", name) if CPU_BACKEND.fullmatch(name) else name.partition(".")[0]
        )
        result.update(dict.fromkeys(names, library))
    return result


def _libraries(folder: Path) -> dict[str, frozenset[str]]:
    """Map the name of each library in `folder` to what it exports."""
    if not folder.is_dir():
        raise CheckError(f"{folder} is not a folder; name the folder that contains libllama")
    # Links to one library count once, under its shortest name.
    paths = [path for path in folder.iterdir() if _LIBRARY.fullmatch(path.name) and path.is_file()]
    names = {path.resolve(): path for path in sorted(paths, key=lambda path: (-len(path.name), path.name))}
    libraries = {path.name: exports(path) for path in sorted(names.values())}
    if not libraries:
        raise CheckError(f"{folder} contains no shared library")
    return libraries


def _findings(
    libraries: dict[str, frozenset[str]],
    places: Mapping[str, str],
    headers: HeaderSet,
    tag: str,
) -> Iterator[str]:
    variants = {name: names for name, names in libraries.items() if CPU_BACKEND.fullmatch(name)}
    everywhere = frozenset().union(*libraries.values())
    for name, place in places.items():
        header = place.partition(":")[0]
        if _is_undefined(name, tag):
            if name in everywhere:
                yield f"{name}: exported, but NEVER_DEFINED lists it as undefined in {tag}"
        elif name not in everywhere:
            if not OPTIONAL.fullmatch(header):
                yield f"{name}: bound ({place}), but exported by none of {', '.join(libraries)}"
        elif any(name in names for names in variants.values()):
            # ggml loads one variant, so all of them must export the same functions.
            for library in (library for library, names in variants.items() if name not in names):
                yield f"{name}: exported by other CPU variants, but not by {library}"
    text = "\n".join((headers.root / file).read_text(encoding="utf-8") for file in headers.files)
    called = frozenset(re.findall(r"\b(\w+)\s*\(", _without_comments(text)))
    for name in sorted(everywhere & called - places.keys()):
        if name.startswith(_PREFIXES):
            yield f"{name}: exported and in a public header, but not bound"


def _is_undefined(name: str, tag: str) -> bool:
    first, last = NEVER_DEFINED.get(name, (None, None))
    return (
        first is not None
        and sort_key(first) <= sort_key(tag)
        and (last is None or sort_key(tag) <= sort_key(last))
    )


def _without_comments(text: str) -> str:
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)
