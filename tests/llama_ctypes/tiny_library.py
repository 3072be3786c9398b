"""Libraries of a few functions, compiled on the spot, and Python processes that meet them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.build_scripts.bindings.header_tree import compiler

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "" if sys.platform == "win32" else "lib"
# mingw's own thread library is not on the system's search path.
THREADS = ("-pthread", "-static") if sys.platform == "win32" else ("-pthread",)
SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")

ENDINGS = int(os.environ.get("LLAMA_CTYPES_ENDINGS", "3"))
"""The number of attempts of tests whose result depends on the moment; 500 find rare crashes."""

LLAMA = """
#include <stdint.h>
void llama_backend_init(void) {}
int llama_tiny(int x) { return x + 1; }
"""
# A ggml with loadable backends: `ready` of them are there once it has been told to load.
GGML = """
#include <stddef.h>
typedef void (*log_callback)(int level, const char * text, void * data);
static log_callback log_; static size_t ready_;
void ggml_log_set(log_callback callback, void * data) { log_ = callback; }
log_callback tiny_log(void) { return log_; }
size_t ggml_backend_reg_count(void) { return ready_; }
void * ggml_backend_reg_get(size_t index) { return (void *) ggml_backend_reg_get; }
void ggml_backend_load_all_from_path(const char * path) {
    if (log_) {
        log_(2, "failed to load libggml-cpu-tiny: ", NULL);
        log_(2, "bad day\\n", NULL);
    }
    ready_ = %d;
}
"""


def compile_library(source: str, output: Path, *options: str) -> Path:
    output.parent.mkdir(parents=True, exist_ok=True)
    command = [compiler(), "-x", "c", "-", "-w", "-fPIC", "-shared", "-o", os.fspath(output), *options]
    subprocess.run(command, input=source, text=True, check=True, timeout=60)
    return output


def library_name(name: str) -> str:
    return f"{PREFIX}{name}{SUFFIX}"


def python(
    *arguments: str, cwd: Path | None = None, path: Path = ROOT, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python with nothing in its environment that says where libraries are."""
    inherited = {
        key: value
        for key, value in os.environ.items()
        if key not in ("LLAMA_CPP_LIB", "CONDA_PREFIX", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    }
    return subprocess.run(
        [sys.executable, "-B", *arguments],
        cwd=cwd,
        env={**inherited, "PYTHONPATH": os.fspath(path), **(environment or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
