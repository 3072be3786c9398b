"""Time six call shapes into one libllama through one kind of binding; print nanoseconds as JSON.

call_worker.py CONTENDER MODEL LIBRARIES TREE SCRATCH
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import statistics
import sys
import timeit
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STATEMENTS = {
    "none": "max_devices()",
    "handle": "n_tokens(vocab)",
    "struct": "default_params()",
    "text": "get_text(vocab, 5)",
    "six": "to_piece(vocab, 5, buffer, 64, 0, True)",
    "returned": "get_vocab(model)",
}
_LOOPS, _REPEATS = 20_000, 7
_SYMBOLS = {
    "max_devices": "llama_max_devices",
    "default_params": "llama_model_default_params",
    "load": "llama_model_load_from_file",
    "get_vocab": "llama_model_get_vocab",
    "n_tokens": "llama_vocab_n_tokens",
    "get_text": "llama_vocab_get_text",
    "to_piece": "llama_token_to_piece",
}
# `{model_params}` is the struct's fields in C, or `...` if a compiler reads them from the header.
_DECLARATIONS = """
struct llama_model; struct llama_vocab;
struct llama_model_params {{ {model_params} }};
size_t llama_max_devices(void);
struct llama_model_params llama_model_default_params(void);
struct llama_model * llama_model_load_from_file(const char * path_model, struct llama_model_params params);
const struct llama_vocab * llama_model_get_vocab(const struct llama_model * model);
int32_t llama_vocab_n_tokens(const struct llama_vocab * vocab);
const char * llama_vocab_get_text(const struct llama_vocab * vocab, int32_t token);
int32_t llama_token_to_piece(const struct llama_vocab * vocab, int32_t token, char * buf, int32_t length,
    int32_t lstrip, bool special);
"""


def ours(_folder: Path, _tree: Path, _scratch: Path) -> dict[str, Any]:
    """Use llama-ctypes."""
    import llama_ctypes

    return _functions(llama_ctypes)


def llama_cpp_python(_folder: Path, _tree: Path, _scratch: Path) -> dict[str, Any]:
    """Use llama-cpp-python, whose handles are integers for c_void_p parameters."""
    import llama_cpp.llama_cpp  # type: ignore[import-not-found]

    return _functions(llama_cpp.llama_cpp)


def _functions(module: Any) -> dict[str, Any]:
    names = {name: getattr(module, symbol) for name, symbol in _SYMBOLS.items()}
    return names | {"buffer": ctypes.create_string_buffer(64)}


def void_p(folder: Path, _tree: Path, _scratch: Path) -> dict[str, Any]:
    """Use plain ctypes with c_void_p handles, which are integers in Python."""
    return _plain_ctypes(folder, ctypes.c_void_p, ctypes.c_void_p)


def pointer(folder: Path, _tree: Path, _scratch: Path) -> dict[str, Any]:
    """Use plain ctypes with handles that are pointers to structs without fields."""

    class Model(ctypes.Structure):
        pass

    class Vocab(ctypes.Structure):
        pass

    return _plain_ctypes(folder, ctypes.POINTER(Model), ctypes.POINTER(Vocab))


def _plain_ctypes(folder: Path, model: Any, vocab: Any) -> dict[str, Any]:
    import llama_ctypes

    params, number = llama_ctypes.llama_model_params, ctypes.c_int32
    prototypes = {
        "max_devices": (ctypes.c_size_t,),
        "default_params": (params,),
        "load": (model, ctypes.c_char_p, params),
        "get_vocab": (vocab, model),
        "n_tokens": (number, vocab),
        "get_text": (ctypes.c_char_p, vocab, number),
        "to_piece": (number, vocab, number, ctypes.c_char_p, number, number, ctypes.c_bool),
    }
    library = _libllama(folder)
    names: dict[str, Any] = {"buffer": ctypes.create_string_buffer(64)}
    for name, (restype, *argtypes) in prototypes.items():
        function = library[_SYMBOLS[name]]
        function.restype, function.argtypes = restype, argtypes
        names[name] = function
    return names


def _libllama(folder: Path) -> Any:
    import llama_ctypes._loader

    return llama_ctypes._loader.libraries()._open[0]


def cffi_abi(folder: Path, _tree: Path, _scratch: Path) -> dict[str, Any]:
    """Use cffi without a compiler."""
    import cffi  # type: ignore[import-untyped]

    import llama_ctypes

    ffi = cffi.FFI()
    fields = " ".join(_c_fields(llama_ctypes.llama_model_params))
    ffi.cdef(_DECLARATIONS.format(model_params=fields))
    return _cffi_functions(ffi, ffi.dlopen(_libllama(folder)._name))


def _c_fields(struct: Any) -> Iterator[str]:
    """Yield a struct's fields in C; every pointer is a `void *`, which has the same layout."""
    spellings = {
        ctypes.c_bool: "bool",
        ctypes.c_float: "float",
        ctypes.c_double: "double",
        ctypes.c_size_t: "size_t",
        ctypes.c_int32: "int32_t",
        ctypes.c_uint32: "uint32_t",
        ctypes.c_int64: "int64_t",
    }
    for name, type_ in struct._fields_:
        yield f"{spellings.get(type_, 'void *')} {name};"


def cffi_api(folder: Path, tree: Path, scratch: Path) -> dict[str, Any]:
    """Use cffi's compiled mode: a C extension that is linked to libllama."""
    import cffi

    declarations = _DECLARATIONS.format(model_params="...;")
    name = f"bench_cffi_{hashlib.sha256(declarations.encode()).hexdigest()[:8]}"
    sys.path.insert(0, str(scratch))
    if not list(scratch.glob(f"{name}.*.so")):
        ffi = cffi.FFI()
        ffi.cdef(declarations)
        ffi.set_source(
            name,
            '#include "llama.h"',
            include_dirs=[str(tree / "include"), str(tree / "ggml" / "include")],
            library_dirs=[str(folder)],
            libraries=["llama"],
            extra_compile_args=["-O2"],
            extra_link_args=[f"-Wl,-rpath,{folder}", "-Wl,--allow-shlib-undefined"],
        )
        ffi.compile(tmpdir=str(scratch))
    module: Any = __import__(name)
    return _cffi_functions(module.ffi, module.lib)


def _cffi_functions(ffi: Any, library: Any) -> dict[str, Any]:
    names = {name: getattr(library, symbol) for name, symbol in _SYMBOLS.items()}
    return names | {"buffer": ffi.new("char[]", 64)}


def main(contender: str, model: str, *folders: str) -> dict[str, float]:
    """Return nanoseconds per call by shape: the median of several timings."""
    names = globals()[contender](*map(Path, folders))
    handle = names["load"](model.encode(), names["default_params"]())
    assert handle, f"cannot load {model}"
    names["model"] = handle
    names["vocab"] = names["get_vocab"](handle)
    assert names["n_tokens"](names["vocab"]) > 5
    results = {}
    for shape, statement in STATEMENTS.items():
        times = timeit.repeat(statement, globals=names, number=_LOOPS, repeat=_REPEATS)
        results[shape] = statistics.median(times) / _LOOPS * 1e9
    if contender == "ours":
        results["null check"] = _null_check(names["get_vocab"], handle)
    return results


def _null_check(checked: Any, handle: Any) -> float:
    """Return what the check for NULL adds to a function that returns a handle, in nanoseconds."""
    unchecked = type(checked)(ctypes.cast(checked, ctypes.c_void_p).value)
    unchecked.restype = type("unchecked", (ctypes.c_void_p,), {})
    unchecked.argtypes = checked.argtypes
    number = _LOOPS // 20
    times = [
        [
            timeit.timeit("f(handle)", globals={"f": f, "handle": handle}, number=number)
            for f in (checked, unchecked)
        ]
        for _ in range(20 * _REPEATS)
    ]
    with_check, without = (min(column) for column in zip(*times, strict=True))
    difference: float = with_check - without
    return difference / number * 1e9


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:]), sys.stdout)
