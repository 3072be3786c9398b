"""Small source trees for the tests of the generator, and the host's compiler to compare with."""

from __future__ import annotations

import importlib
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from build_scripts.bindings import generate
from build_scripts.bindings.headers import HeaderSet, find
from build_scripts.bindings.ir import Model
from build_scripts.bindings.parse import parse
from tests.systems import c_compiler

TAG = "b1"
PRELUDE = """\
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#define DEPRECATED(func, hint) func __attribute__((deprecated(hint)))
#ifdef __cplusplus
extern "C" {
#endif
"""
POSTLUDE = """
#ifdef __cplusplus
}
#endif
"""
PRELUDE_LINES = PRELUDE.count("\n")


def make_tree(root: Path, ggml: str, llama: str = "int llama_one(int x);") -> HeaderSet:
    """Write a tree of the two headers every release has, holding these declarations."""
    for name, body in {"ggml/include/ggml.h": ggml, "include/llama.h": '#include "ggml.h"\n' + llama}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PRELUDE + body + POSTLUDE, encoding="utf-8")
    return find(root)


def read(root: Path, ggml: str) -> Model:
    return parse(make_tree(root, ggml))


def write(headers: HeaderSet, output: Path, module_name: str) -> Path:
    """What the command `generate` does after it has a tree."""
    files = generate.bindings(headers, TAG)
    return generate.write(generate.package_files(files, module_name, output), output, module_name)


class Bindings:
    """Generated bindings of some declarations, imported."""

    def __init__(self, folder: Path, ggml: str, monkeypatch: pytest.MonkeyPatch) -> None:
        # Modules are known by name for as long as the process lives, so each gets its own.
        Bindings.made = getattr(Bindings, "made", 0) + 1  # type: ignore[attr-defined]
        self.name = f"made_{Bindings.made}"  # type: ignore[attr-defined]
        self.headers = make_tree(folder / "tree", ggml)
        self.model = parse(self.headers)
        self.folder = write(self.headers, folder / "output", self.name)
        monkeypatch.syspath_prepend(folder / "output")
        self.types = self.module("types")
        self.constants = self.module("constants")
        self.stub = (self.folder / "_generated" / "__init__.pyi").read_text(encoding="utf-8")
        self.table = importlib.import_module(f"{self.name}._table")
        rows = self.table.rows()
        self.functions: dict[str, str] = {row.name: row.declaration for row in rows}
        self.deprecated: dict[str, str] = {row.name: row.deprecated for row in rows}

    def module(self, name: str) -> ModuleType:
        return importlib.import_module(f"{self.name}._generated.{name}")

    def prototype(self, function: str) -> tuple[object, ...]:
        """Result and argument types of a bound function."""
        restype, argtypes = self.table.prototype(function)
        return (restype, *argtypes)


def compile_c(source: str, output: Path, *options: str) -> Path:
    """Compile C text into a program, or with `-shared` into a library."""
    path = output.with_name(f"{output.name}.c")
    path.write_text(source, encoding="utf-8")
    subprocess.run([*c_compiler(), "-w", "-fPIC", path, "-o", output, *options], check=True, timeout=60)
    return output
