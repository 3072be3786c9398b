"""Benchmark whole processes: generating, importing, the first call."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from build_scripts.bindings.parse.unit import LIBC
from build_scripts.errors import ToolError
from build_scripts.pin import ROOT
from build_scripts.process import run
from tests.benchmarks.measure import OURS, Goal, Row, Unavailable, interleave
from tests.benchmarks.setting import Setting

_ROUNDS = 7
# The input of every generator. Ours also reads the other public headers that a release may have.
_NINE = (
    "ggml/include/ggml.h",
    "ggml/include/ggml-alloc.h",
    "ggml/include/ggml-backend.h",
    "ggml/include/ggml-cpu.h",
    "ggml/include/ggml-opt.h",
    "ggml/include/gguf.h",
    "include/llama.h",
    "tools/mtmd/mtmd.h",
    "tools/mtmd/mtmd-helper.h",
)
# Measures the import alone, without the interpreter's start.
_TIMED_IMPORT = (
    "import sys, time; started = time.perf_counter(); import {module}; "
    "print(time.perf_counter() - started); {after}"
)
_ASSERT_LAZY = (
    "import os; maps = open('/proc/self/maps').read() if os.path.exists('/proc/self/maps') else ''; "
    "assert 'libllama' not in maps and '_ctypes' not in sys.modules"
)
_OURS_FIRST_CALL = (
    "import time; started = time.perf_counter(); import llama_ctypes as llama; llama.llama_max_devices(); "
    "print(time.perf_counter() - started)"
)
_CTYPES_FIRST_CALL = (
    "import time; started = time.perf_counter(); import ctypes; "
    "libraries = [ctypes.CDLL('{folder}/lib' + name + '.so') for name in ('ggml-base', 'ggml', 'llama')]; "
    "libraries[-1].llama_max_devices(); print(time.perf_counter() - started)"
)


def _commands(setting: Setting) -> Mapping[str, Callable[[], float]]:
    headers, scratch = setting.headers, setting.scratch
    files = [str(headers.root / name) for name in _NINE if name in headers.files]
    folders = [f"-I{headers.root / folder}" for folder in headers.include_dirs]

    def ours() -> float:
        command = ["-m", "build_scripts", "generate", "--output", str(scratch), "--module-name", "bench_ours"]
        return setting.seconds(command, ROOT)

    def ctypesgen() -> float:
        command = [
            "-c",
            "from ctypesgen.main import main; main()",
            *folders,
            "-l",
            "llama",
            *files,
            "-o",
            str(scratch / "ctypesgen_llama.py"),
        ]
        return setting.seconds(command, setting.peer("ctypesgen"))

    def clang2py() -> float:
        peer = setting.peer("clang2py")
        options = f"--clang-args={' '.join(folders)} -I{LIBC}"
        command = ["-m", "ctypeslib.clang2py", options, "-o", str(scratch / "clang2py_llama.py"), *files]
        return setting.seconds(command, peer, env={"LD_LIBRARY_PATH": str(peer / "clang" / "native")})

    return {OURS: ours, "ctypesgen 1.1.1": ctypesgen, "clang2py 2.4.0": clang2py}


def generate(setting: Setting) -> Iterator[Row]:
    """Generate bindings of nine headers: whole process, with cached source and compiled bytecode."""
    contenders = _commands(setting)
    samples, missing = interleave(contenders, _ROUNDS, warm=True)
    goals = (Goal(0.25), Goal(0.5, "ctypesgen 1.1.1"))
    note = "pypdfium2's ctypesgen is not on PyPI"
    yield Row("generate", "generate nine headers, whole process", "s", samples, goals, missing, note)


def imports(setting: Setting) -> Iterator[Row]:
    """Time `import` in a new process with compiled bytecode."""

    def timed(module: str, *path: Path, after: str = "", **env: str) -> float:
        code = _TIMED_IMPORT.format(module=module, after=after)
        return 1000 * float(setting.python(["-c", code], *path, env=env))

    def output_of(number: int, module: str) -> float:
        if not (setting.scratch / f"{module}.py").is_file():
            list(_commands(setting).values())[number]()
        return timed(module, setting.scratch, LD_LIBRARY_PATH=str(setting.libraries))

    def peer(name: str, module: str) -> float:
        return timed(module, setting.peer(name), LLAMA_CPP_LIB_PATH=str(setting.libraries))

    contenders: dict[str, Callable[[], float]] = {
        OURS: functools.partial(timed, "llama_ctypes", ROOT, after=_ASSERT_LAZY),
        "ctypes itself": functools.partial(timed, "ctypes"),
        "llama_cpp (llama-cpp-python)": functools.partial(peer, "llama-cpp-python", "llama_cpp"),
        "llama_cpp_py_sync": functools.partial(peer, "llama-cpp-py-sync", "llama_cpp_py_sync"),
        "ctypesgen's output": functools.partial(output_of, 1, "ctypesgen_llama"),
        "clang2py's output": functools.partial(output_of, 2, "clang2py_llama"),
    }
    samples, missing = interleave(contenders, 2 * _ROUNDS, warm=True)
    goals = (Goal(3), Goal(0.1, "llama_cpp (llama-cpp-python)"))
    note = "every run checked that ours opened no library and did not import ctypes"
    yield Row("import", "import, warm, without the start of Python", "ms", samples, goals, missing, note)


C_PROGRAM = "a C program that opens and loads the same"


def first_call_program(folder: Path) -> Path:
    """Compile `first_call.c` in `folder`; return the program."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise Unavailable("no C compiler `cc`")
    program = folder / "first_call"
    run([compiler, "-O2", Path(__file__).with_name("first_call.c"), "-o", program, "-ldl"])
    return program


def first(setting: Setting) -> Iterator[Row]:
    """Time import, opening libraries and backends, and the first call, in a new process."""
    folder = setting.libraries

    def timed(code: str) -> float:
        return 1000 * float(setting.python(["-c", code], ROOT, env={"LLAMA_CPP_LIB": str(folder)}))

    def c_program() -> float:
        try:
            return 1000 * float(run([compiled(), folder]))
        except ToolError as error:
            raise Unavailable(str(error).splitlines()[-1]) from error

    compiled = functools.cache(functools.partial(first_call_program, setting.scratch))
    contenders: dict[str, Callable[[], float]] = {
        OURS: functools.partial(timed, _OURS_FIRST_CALL),
        "ctypes opening the three libraries": functools.partial(
            timed, _CTYPES_FIRST_CALL.format(folder=folder)
        ),
        C_PROGRAM: c_program,
    }
    samples, missing = interleave(contenders, 2 * _ROUNDS, warm=True)
    if OURS in missing:
        raise Unavailable(missing[OURS])
    variants = len(list(folder.glob("libggml-cpu-*.so")))
    # Without variants, importing ctypes takes as long as everything that the C program does.
    goals = (Goal(25), Goal(1.4, C_PROGRAM)) if variants else (Goal(25),)
    note = f"ours also checks that libraries and bindings fit; these libraries have {variants} CPU variants"
    yield Row("first", "first call, import included", "ms", samples, goals, missing, note)
