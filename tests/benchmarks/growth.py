"""Benchmark how the costs of generating, importing and binding grow with the number of functions."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from pathlib import Path

from build_scripts.bindings import generate
from build_scripts.bindings.headers import find
from build_scripts.pin import ROOT
from tests.benchmarks.measure import OURS, Goal, Row, exponent
from tests.benchmarks.setting import Setting

SIZES = (100, 1_000, 10_000)
BOUND = (8, 80, 800)
_ROUNDS = 5
# Linear is 1; the rest is noise.
_LINEAR = 1.05

_HEADER = '#ifdef __cplusplus\nextern "C" {{\n#endif\n{}\n#ifdef __cplusplus\n}}\n#endif\n'
# Ten functions with a struct, an enum and a macro: about the proportions of upstream's headers.
_TEN = """
#define GGML_LIMIT_{0} (16 * {0})
struct ggml_handle_{0};
enum ggml_kind_{0} {{ GGML_KIND_{0}_NONE, GGML_KIND_{0}_ONE = 8, GGML_KIND_{0}_LAST }};
struct ggml_params_{0} {{ enum ggml_kind_{0} kind; float scale[4]; const char * name; void * data; }};
struct ggml_handle_{0} * ggml_new_{0}(struct ggml_params_{0} params);
void ggml_free_{0}(struct ggml_handle_{0} * handle);
""" + "".join(
    f"int ggml_{name}_{{0}}(struct ggml_handle_{{0}} * handle, enum ggml_kind_{{0}} kind, size_t count, "
    "const float * values);\n"
    for name in ("add", "mul", "get", "set", "view", "copy", "sum", "norm")
)


def synthetic(folder: Path, functions: int) -> Path:
    """Write a tree whose headers declare `functions` functions (a multiple of ten)."""
    text = "#include <stddef.h>\n" + "".join(_TEN.format(number) for number in range(functions // 10))
    for name, body in (("include/llama.h", text), ("ggml/include/ggml.h", "")):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_HEADER.format(body), encoding="utf-8")
    return folder


def growth(setting: Setting) -> Iterator[Row]:
    """Measure the exponents of three costs; 1 is linear, 0 is constant."""
    trees = [synthetic(setting.scratch / f"headers{size}", size) for size in SIZES]

    def generate_time(tree: Path) -> float:
        return float(setting.worker("growth", "generate", tree, path=[ROOT]))

    yield _row(
        "generating, by functions declared", SIZES, [functools.partial(generate_time, t) for t in trees]
    )

    for size, tree in zip(SIZES, trees, strict=True):
        module = f"bench_of_{size}"
        files = generate.bindings(find(tree), "b1")
        generate.write(generate.package_files(files, module, setting.scratch), setting.scratch, module)

    def import_time(size: int) -> float:
        return float(setting.worker("growth", "import", f"bench_of_{size}", path=[setting.scratch]))

    yield _row("importing, by functions bound", SIZES, [functools.partial(import_time, s) for s in SIZES])

    def bind_time(count: int) -> float:
        libraries = str(setting.libraries)
        return float(setting.worker("growth", "bind", count, path=[ROOT], LLAMA_CPP_LIB=libraries))

    yield _row("binding, by functions used", BOUND, [functools.partial(bind_time, c) for c in BOUND])


def _row(what: str, sizes: Sequence[int], costs: Sequence[functools.partial[float]]) -> Row:
    """Fit the exponent from the middle size to the largest, where constant costs matter little.

    The best round of each size counts: other load on the machine slows long runs more often.
    """
    rounds = [[cost() for cost in costs] for _ in range(_ROUNDS + 1)][1:]
    best = [min(times[index] for times in rounds) for index in range(len(sizes))]
    note = ", ".join(f"{size:,}: {1000 * cost:.2f} ms" for size, cost in zip(sizes, best, strict=True))
    samples = {OURS: [exponent(sizes[1:], best[1:])]}
    return Row("growth", f"{what}, exponent", "", samples, (Goal(_LINEAR),), note=note)
