"""Libraries of a few functions, compiled on the spot, and Python processes that meet them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.systems import c_compiler

ROOT = Path(__file__).resolve().parents[2]

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
# A ggml that opens backends as the real one does: those in a folder, then that of GGML_BACKEND_PATH.
LOADING_GGML = """
#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
typedef void (*log_callback)(int level, const char * text, void * data);
static log_callback log_; static int * backends_[8]; static size_t count_;
void ggml_log_set(log_callback callback, void * data) { log_ = callback; }
size_t ggml_backend_reg_count(void) { return count_; }
void * ggml_backend_reg_get(size_t index) { return backends_[index]; }
void * ggml_backend_dev_by_type(int type) {
    for (size_t i = 0; i < count_; i++) if (*backends_[i] == type) return backends_[i];
    return NULL;
}
void * ggml_backend_load(const char * path) {
    void * library = dlopen(path, RTLD_NOW);
    int (*score)(void) = library ? (int (*)(void)) dlsym(library, "ggml_backend_score") : NULL;
    int * (*init)(void) = library ? (int * (*)(void)) dlsym(library, "ggml_backend_init") : NULL;
    if (!init || (score && !score())) { if (log_) log_(4, "a bad backend\\n", NULL); return NULL; }
    if (log_) log_(2, "load_backend: loaded tiny\\n", NULL);
    return backends_[count_++] = init();
}
void ggml_backend_load_all_from_path(const char * folder) {
    DIR * entries = opendir(folder);
    for (struct dirent * entry; entries && (entry = readdir(entries));) {
        char path[4096]; const char * name = entry->d_name;
        snprintf(path, sizeof path, "%s/%s", folder, name);
        if (!strncmp(name, "libggml-", 8) && strcmp(name, "libggml-base.so")) ggml_backend_load(path);
    }
    if (getenv("GGML_BACKEND_PATH")) ggml_backend_load(getenv("GGML_BACKEND_PATH"));
}
"""
# A backend whose device is of one type (0 is the CPU); it suits this processor if `score` is positive.
BACKEND = """
static int type_ = %(type)d;
int * ggml_backend_init(void) { return &type_; }
int ggml_backend_score(void) { return %(score)d; }
"""


def compile_library(source: str, output: Path, *options: str) -> Path:
    output.parent.mkdir(parents=True, exist_ok=True)
    command = [*c_compiler(), "-x", "c", "-", "-w", "-fPIC", "-shared", "-o", os.fspath(output), *options]
    subprocess.run(command, input=source, text=True, check=True, timeout=60)
    return output


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
