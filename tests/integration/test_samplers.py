"""RUN_STORIES260K_INTEGRATION: samplers in Python, and handles, on real libraries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.integration.conftest import environment, needs_switch

needs_switch("RUN_STORIES260K_INTEGRATION")

# Nothing refers to the struct of callbacks after llama_sampler_init.
PROGRAM = """
import ctypes, gc, sys
import llama_ctypes as llama

assert llama.llama_model_load_from_file(b"no such file", llama.llama_model_default_params()) is None
model = llama.llama_model_load_from_file(sys.argv[1].encode(), llama.llama_model_default_params())
params = llama.llama_context_default_params()
params.n_ctx, params.n_threads, params.n_threads_batch = 64, 1, 1
context = llama.llama_init_from_model(model, params)
assert llama.llama_get_model(context) == model and llama.llama_get_model(context) is not model
assert llama.ggml_backend_dev_get(0) == llama.ggml_backend_dev_get(0)

calls = []
label = ctypes.create_string_buffer(b"python")

def sampler():
    def apply(smpl, candidates):
        calls.append("apply")
        candidates.contents.data[banned].logit = -1e9
    interface = llama.llama_sampler_i(
        name=llama.llama_sampler_i_name(lambda smpl: ctypes.addressof(label)),
        accept=llama.llama_sampler_i_accept(lambda smpl, token: calls.append(token)),
        apply=llama.llama_sampler_i_apply(apply),
        reset=llama.llama_sampler_i_reset(lambda smpl: calls.append("reset")),
        clone=llama.llama_sampler_i_clone(lambda smpl: ctypes.addressof(sampler().contents)),
        free=llama.llama_sampler_i_free(lambda smpl: calls.append("free")),
    )
    return llama.llama_sampler_init(interface, None)

tokens = (llama.llama_token * 4)(1, 2, 3, 4)
assert llama.llama_decode(context, llama.llama_batch_get_one(tokens, 4)) == 0
greedy = llama.llama_sampler_init_greedy()
banned = llama.llama_sampler_sample(greedy, context, -1)
chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
llama.llama_sampler_chain_add(chain, sampler())
llama.llama_sampler_chain_add(chain, greedy)
del greedy
gc.collect()
_ = [bytes(48) for _ in range(10000)]
token = llama.llama_sampler_sample(chain, context, -1)
assert token != banned
copy = llama.llama_sampler_clone(chain)
gc.collect()
assert llama.llama_sampler_sample(copy, context, -1) == token
llama.llama_sampler_reset(chain)
assert llama.llama_sampler_name(llama.llama_sampler_chain_get(copy, 0)) == b"python"
llama.llama_sampler_free(copy)
llama.llama_sampler_free(chain)
assert calls == ["apply", token, "apply", token, "reset", "free", "free"], calls
llama.llama_free(context)
llama.llama_model_free(model)
"""


def test_a_sampler_in_python_is_kept_while_c_has_it(build_dir: Path, stories: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", PROGRAM, stories],
        env=environment(build_dir),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
