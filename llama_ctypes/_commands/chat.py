"""`python -m llama_ctypes chat`: a conversation in the model's own template."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from ctypes import c_char, c_char_p
from typing import Any

import llama_ctypes as llama

from .session import CommandError, Printer, Session

Message = tuple[str, str]
"""The role (system, user, assistant) and the text."""


def select_template(session: Session, name: str | None) -> bytes:
    """Return the built-in chat template `name`, or without a name the model's own."""
    own: bytes | None = llama.llama_model_chat_template(session.model, None)
    template = name.encode() if name else own
    known = ", ".join(_builtin_templates())
    if not template:
        raise CommandError(f"the model has no chat template; choose one with --template: {known}")
    if not render(template, [("user", "?")], answer=True):
        which = f"the template {name!r}" if name else "the model's own template"
        raise CommandError(f"llama.cpp cannot apply {which}; choose one with --template: {known}")
    return template


def _builtin_templates() -> list[str]:
    count = llama.llama_chat_builtin_templates(None, 0)
    names = (c_char_p * count)()
    llama.llama_chat_builtin_templates(names, count)
    return [name.decode() for name in names if name]


def render(template: bytes, messages: Sequence[Message], *, answer: bool) -> bytes:
    """Return the conversation as text for the model; empty if llama.cpp cannot apply the template.

    With `answer` the text ends at the point where the model's answer begins.
    """
    array = (llama.llama_chat_message * len(messages))()
    for element, (role, content) in zip(array, messages, strict=True):
        # The struct keeps the bytes alive that are assigned to its fields.
        element.role, element.content = role.encode(), content.encode(errors="replace")
    size = llama.llama_chat_apply_template(template, array, len(array), answer, None, 0)
    if size <= 0:
        return b""
    buffer = (c_char * size)()
    llama.llama_chat_apply_template(template, array, len(array), answer, buffer, size)
    return buffer.raw


class Chat:
    """A conversation that decodes only the text added since the last turn.

    The caller owns the session and its context.
    """

    def __init__(self, session: Session, template: bytes, system: str | None) -> None:
        self.session = session
        self._template = template
        self._system: list[Message] = [("system", system)] if system else []
        self._turns: list[Message] = []
        self.decoded = 0
        """The number of tokens that were decoded for the last question."""

    def ask(self, question: str, count: int, printer: Printer) -> str:
        """Print the answer to `question` as it arrives, up to `count` tokens; Ctrl-C stops it.

        Raises CommandError if the question alone is too long for the context.
        """
        self._turns.append(("user", question))
        answer = ""
        try:
            tokens = self._fit(count)
            common = self.session.rewind(tokens)
            self.decoded = len(tokens) - common
            self.session.decode(tokens[common:])
            for token in self.session.generate(min(count, self.session.n_ctx - len(tokens))):
                answer += printer.write(self.session.piece(token, special=False))
        except KeyboardInterrupt:
            answer += printer.write(b" [stopped]")
        answer += printer.write(b"", final=True)
        self._turns.append(("assistant", answer))
        return answer

    def _fit(self, count: int) -> list[int]:
        """Return the conversation's tokens, after dropping the oldest turns that leave no room to answer."""
        room = self.session.n_ctx - min(count, self.session.n_ctx // 4)
        while True:
            text = render(self._template, self._system + self._turns, answer=True)
            tokens = self.session.tokenize(text)
            if len(tokens) <= room:
                return tokens
            if len(self._turns) == 1:
                raise CommandError(
                    f"the question has {len(tokens)} tokens, the context {self.session.n_ctx}; "
                    "try a larger --context"
                )
            del self._turns[:2]  # a whole turn: many templates reject an answer without its question


def chat(arguments: Any, hardware: str) -> None:
    """Read questions from stdin and answer them until the input ends.

    `hardware` is the phrase that names what the model runs on.
    """
    with Session.from_arguments(arguments) as session:
        template = select_template(session, arguments.template)
        session.open_context(arguments.context or min(session.n_ctx_train, 4096))
        conversation = Chat(session, template, arguments.system)
        terminal = sys.stdin.isatty()
        if terminal:
            end = "Ctrl-Z Enter" if sys.platform == "win32" else "Ctrl-D"
            print(f"on {hardware}; Ctrl-C stops an answer, {end} ends the chat", file=sys.stderr)
            with contextlib.suppress(ImportError):
                import readline  # noqa: F401 - gives input() history and editing
        while True:
            try:
                question = input("> " if terminal else "")
            except EOFError:
                break
            except KeyboardInterrupt:
                print()
                continue
            if question.strip():
                conversation.ask(question, arguments.tokens, Printer())
                print(flush=True)
    if terminal:
        print()
