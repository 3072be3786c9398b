"""The bindings on every Python of this machine: ctypes differs between them, down to crashes."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.packaging.channel.host import find_pythons
from build_scripts.pin import ROOT

# Every type is made, and parameters refuse what they do not take.
SCRIPT = """
import ctypes
import llama_ctypes as llama
from llama_ctypes._api import names
from llama_ctypes._generated import types
from llama_ctypes._parameter import parameters
def error_of(function, *arguments):
    try:
        function(*arguments)
    except TypeError as error:
        return str(error)
for handle in (llama.llama_model, llama.ggml_context):
    assert handle.from_param(None) is not None
    for wrong in (b"model", "model", ctypes.c_void_p(1), llama.llama_vocab(1)):
        try:
            handle.from_param(wrong)
        except TypeError:
            continue
        raise SystemExit(f"{handle} takes {wrong!r}")
def error(parameter, value):
    try:
        parameter.from_param(value)
    except TypeError as error:
        return str(error)
    raise SystemExit(f"{parameter} takes {value!r}")
argtypes = [ctypes.c_int, ctypes.c_char_p, llama.llama_batch]
number, text, batch = parameters(argtypes, ["n", "text", "batch"])
function = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda n: n)
function.argtypes = [number]
assert [function(n) for n in (5, True, ctypes.c_int(5))] == [5, 1, 5]
assert error(number, "x") == "`n` takes int, not str"
for accepted in (None, b"x", ctypes.c_char_p(b"x"), ctypes.create_string_buffer(2)):
    text.from_param(accepted)
assert error(text, "x") == "`text` takes bytes or None, not str; encode it"
value = llama.llama_batch()
assert batch.from_param(value) is value
assert error(batch, ctypes.byref(value)) == "expected llama_batch instance instead of pointer to llama_batch"
for wrong in (ctypes.pointer(value), None, llama.llama_model_params()):
    assert "expected llama_batch instance instead of " in error(batch, wrong)
assert error(llama.llama_model, llama.llama_vocab(1)) == "expected llama_model or None, not llama_vocab"
null = ctypes.CFUNCTYPE(llama.llama_model)(lambda: None)
assert null() is None and llama.llama_model(8) == llama.llama_model(8) and int(llama.llama_model(8)) == 8
assert "returns a struct" in error_of(llama.ggml_opt_get_optimizer_params, lambda data: None)
kept = llama.ggml_log_callback(lambda level, text, data: None)
kept(2, b"text", None)
assert llama.ggml_log_level(2).name and repr(llama.llama_batch())
print(len(names()))
"""


# The channel for which Pythons are searched is made on Linux only.
PYTHONS = (
    {python.version: python.executable for python in find_pythons()}
    if sys.platform == "linux"
    else {platform.python_version(): Path(sys.executable)}
)


@pytest.mark.parametrize("executable", PYTHONS.values(), ids=PYTHONS.keys())
def test_all_types_are_made(executable: Path) -> None:
    command: list[str | Path] = [executable, "-B", "-X", "faulthandler", "-c", SCRIPT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 1000
