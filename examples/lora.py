"""Continue a text without and with a LoRA adapter.

python lora.py MODEL ADAPTER [SCALE] [PROMPT] [COUNT]
"""

import os

from model import PROMPT, Context, Model, chain, generate, run

import llama_ctypes as llama


def main(path: str, adapter_path: str, scale: str = "1", prompt: str = PROMPT, count: str = "32") -> None:
    """Print both texts, each on a line."""
    with Model(path) as model, Context(model) as context, chain(llama.llama_sampler_init_greedy()) as greedy:
        tokens = model.tokenize(prompt)
        print(prompt + model.text(list(generate(context, greedy, tokens, int(count)))))

        adapter = llama.llama_adapter_lora_init(model.handle, os.fsencode(adapter_path))
        if adapter is None:
            raise SystemExit(f"cannot load {adapter_path}")
        llama.llama_set_adapter_lora(context.handle, adapter, float(scale))
        context.rewind(0)  # What the model without the adapter has decoded does not fit.
        print(prompt + model.text(list(generate(context, greedy, tokens, int(count)))))
        llama.llama_clear_adapter_lora(context.handle)
        llama.llama_adapter_lora_free(adapter)


if __name__ == "__main__":
    run(main)
