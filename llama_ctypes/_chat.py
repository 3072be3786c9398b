"""`python -m llama_ctypes chat`: a conversation in the model's own template."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from ctypes import c_char, c_char_p
from typing import Any

import llama_ctypes as llama

from ._complete import CommandError, Printer, Session

Message = tuple[str, str]
"""Who (system, user, assistant) and what."""


def template_of(session: Session, named: str | None) -> bytes:
    """The model's own chat template, or the one of llama.cpp's that is `named`."""
    own: bytes | None = llama.llama_model_chat_template(session.model, None)
    template = named.encode() if named else own
    known = ", ".join(_builtin())
    if not template:
        raise CommandError(f"the model has no chat template; name one with --template: {known}")
    if not render(template, [("user", "?")], answer=True):
        what = f"{named!r} is no" if named else "the model's own is not a"
        raise CommandError(f"{what} template that llama.cpp can apply; name one with --template: {known}")
    return template


def _builtin() -> list[str]:
    count = llama.llama_chat_builtin_templates(None, 0)
    names = (c_char_p * count)()
    llama.llama_chat_builtin_templates(names, count)
    return [name.decode() for name in names if name]


def render(template: bytes, messages: Sequence[Message], *, answer: bool) -> bytes:
    """The conversation as the model reads it, up to where its `answer` begins; empty where that fails."""
    array = (llama.llama_chat_message * len(messages))()
    for element, (role, content) in zip(array, messages, strict=True):
        # A record keeps the bytes that were assigned to its fields alive.
        element.role, element.content = role.encode(), content.encode(errors="replace")
    size = llama.llama_chat_apply_template(template, array, len(array), answer, None, 0)
    if size <= 0:
        return b""
    buffer = (c_char * size)()
    llama.llama_chat_apply_template(template, array, len(array), answer, buffer, size)
    return buffer.raw


class Chat:
    """A conversation; only what is new since the last turn is decoded."""

    def __init__(self, session: Session, template: bytes, system: str | None) -> None:
        self.session = session
        self._template = template
        self._system: list[Message] = [("system", system)] if system else []
        self._turns: list[Message] = []
        self.decoded = 0
        """How many tokens the last question took to decode."""

    def ask(self, question: str, count: int, printer: Printer) -> str:
        """Print the answer to `question`, of up to `count` tokens, as it comes; Ctrl-C ends it there."""
        self._turns.append(("user", question))
        answer = ""
        try:
            tokens = self._fitting(count)
            kept = self.session.rewind(tokens)
            self.decoded = len(tokens) - kept
            self.session.decode(tokens[kept:])
            for token in self.session.generate(min(count, self.session.n_ctx - len(tokens))):
                answer += printer.write(self.session.piece(token, special=False))
        except KeyboardInterrupt:
            answer += printer.write(b" [stopped]")
        answer += printer.write(b"", final=True)
        self._turns.append(("assistant", answer))
        return answer

    def _fitting(self, count: int) -> list[int]:
        """The tokens of the conversation, without its oldest turns where they leave no room for an answer."""
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
            del self._turns[:2]


def chat(arguments: Any, where: str) -> None:
    """Ask and answer until the input ends."""
    with Session.of(arguments) as session:
        template = template_of(session, arguments.template)
        session.open_context(arguments.context or min(session.n_ctx_train, 4096))
        talk = Chat(session, template, arguments.system)
        terminal = sys.stdin.isatty()
        if terminal:
            end = "Ctrl-Z Enter" if sys.platform == "win32" else "Ctrl-D"
            print(f"on {where}; Ctrl-C stops an answer, {end} ends", file=sys.stderr)
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
                talk.ask(question, arguments.tokens, Printer())
                print(flush=True)
    if terminal:
        print()
