"""Chat templates: how a conversation becomes the text that a model continues.

llama.cpp's C API applies the templates that it recognizes. jinja2, if it is installed, applies any other that
a model comes with.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from ctypes import c_char, c_char_p
from typing import Any, NoReturn

import llama_ctypes as llama

from .session import CommandError, Session

Message = tuple[str, str]
"""The role (system, user, assistant) and the text."""

Template = Callable[[Sequence[Message]], bytes]
"""Returns the conversation as text, up to the point where the model's answer begins."""


def select_template(session: Session, name: str | None, system: str | None = None) -> Template:
    """Return the built-in chat template `name`, or without a name the model's own.

    Raises CommandError if it cannot render a question, after the `system` message if there is one.
    """
    own: bytes | None = llama.llama_model_chat_template(session.model, None)
    source = name.encode() if name else own
    choice = f"choose one with --template: {', '.join(_builtin_templates())}"
    if not source:
        raise CommandError(f"the model has no chat template; {choice}")
    messages = [("system", system)] if system else []
    messages.append(("user", "?"))
    if _apply(source, messages):
        return lambda messages: _apply(source, messages)
    if name:
        raise CommandError(f"llama.cpp cannot apply the template {name!r}; {choice}")
    template = _Jinja(session, source, choice)
    template(messages)
    return template


def _builtin_templates() -> list[str]:
    count = llama.llama_chat_builtin_templates(None, 0)
    names = (c_char_p * count)()
    llama.llama_chat_builtin_templates(names, count)
    return [name.decode() for name in names if name]


def _apply(template: bytes, messages: Sequence[Message]) -> bytes:
    """Return the conversation as llama.cpp renders it; empty if it cannot apply the template."""
    array = (llama.llama_chat_message * len(messages))()
    for element, (role, content) in zip(array, messages, strict=True):
        # The struct keeps the bytes alive that are assigned to its fields.
        element.role, element.content = role.encode(), content.encode(errors="replace")
    size = llama.llama_chat_apply_template(template, array, len(array), True, None, 0)
    if size <= 0:
        return b""
    buffer = (c_char * size)()
    llama.llama_chat_apply_template(template, array, len(array), True, buffer, size)
    return buffer.raw


class _Jinja:
    """A model's own template, rendered by jinja2 with what Hugging Face's transformers gives to templates.

    It comes with the model, so it runs in a sandbox, without access to Python's objects.
    """

    def __init__(self, session: Session, source: bytes, choice: str) -> None:
        try:
            from jinja2.sandbox import ImmutableSandboxedEnvironment
        except ImportError:
            raise CommandError(
                f"llama.cpp cannot apply the model's own template; install jinja2, which can, or {choice}"
            ) from None
        self._choice = choice
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.filters["tojson"] = _to_json
        environment.globals.update(raise_exception=_reject, strftime_now=time.strftime)
        bos, eos = llama.llama_vocab_bos(session.vocab), llama.llama_vocab_eos(session.vocab)
        names = {"bos_token": bos, "eos_token": eos}
        self._variables: dict[str, Any] = {
            name: session.piece(token).decode(errors="replace") if token >= 0 else ""
            for name, token in names.items()
        }
        # `tokenize` adds this token itself, for models that need it.
        self._added = self._variables["bos_token"] if llama.llama_vocab_get_add_bos(session.vocab) else ""
        try:
            self._template = environment.from_string(source.decode(errors="replace"))
        except Exception as error:
            self._fail(error)

    def __call__(self, messages: Sequence[Message]) -> bytes:
        """Return the conversation as text; CommandError if the template fails."""
        dictionaries = [{"role": role, "content": content} for role, content in messages]
        try:
            text: str = self._template.render(
                messages=dictionaries, add_generation_prompt=True, **self._variables
            )
        except Exception as error:
            self._fail(error)
        return text.removeprefix(self._added).encode(errors="replace")

    def _fail(self, error: Exception) -> NoReturn:
        # A template is a program: it can raise any exception.
        reason = " ".join(str(error).split()) or type(error).__name__
        raise CommandError(
            f"jinja2 cannot apply the model's own template ({reason}); {self._choice}"
        ) from error


def _to_json(value: object, indent: int | None = None) -> str:
    """Replace jinja2's filter, which escapes for HTML."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _reject(message: str) -> NoReturn:
    raise ValueError(message)
