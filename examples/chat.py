"""Chat: each line of stdin is a question.

python chat.py MODEL [COUNT] [TEMPLATE]

TEMPLATE is the name of a chat template that llama.cpp knows, such as chatml; default: the model's own.
"""

import ctypes
import sys

from model import Context, Model, chain, generate, run, show

import llama_ctypes as llama


def render(template: bytes, messages: list[tuple[str, str]]) -> str:
    """Return the conversation as text, up to the point at which the model's answer begins."""
    array = (llama.llama_chat_message * len(messages))()
    for element, (role, content) in zip(array, messages, strict=True):
        element.role, element.content = role.encode(), content.encode()
    size = llama.llama_chat_apply_template(template, array, len(array), True, None, 0)
    if size < 0:
        sys.exit("llama.cpp does not know the model's chat template; name another")
    buffer = ctypes.create_string_buffer(size)
    llama.llama_chat_apply_template(template, array, len(array), True, buffer, size)
    return buffer.raw.decode()


def main(path: str, count: str = "256", name: str = "") -> None:
    """Answer each line; the conversation so far stays in the context."""
    with Model(path) as model, Context(model) as context, chain(llama.llama_sampler_init_greedy()) as greedy:
        template = name.encode() or llama.llama_model_chat_template(model.handle, None) or b"chatml"
        messages: list[tuple[str, str]] = []
        decoded: list[int] = []  # what is in the context
        for line in sys.stdin:
            messages.append(("user", line.rstrip("\n")))
            tokens = model.tokenize(render(template, messages))
            # Decode only what is new. At least one token must be: the answer is sampled after it.
            common = 0
            while common < min(len(decoded), len(tokens) - 1) and decoded[common] == tokens[common]:
                common += 1
            context.rewind(common)
            answer = []
            for token in generate(context, greedy, tokens[common:], int(count)):
                show(model.piece(token))
                answer.append(token)
            show(b"\n")
            messages.append(("assistant", model.text(answer)))
            decoded = tokens + answer[:-1]


if __name__ == "__main__":
    run(main)
