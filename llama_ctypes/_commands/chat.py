"""`python -m llama_ctypes chat`: a conversation in the model's own template."""

from __future__ import annotations

import contextlib
import sys
from typing import Any

from .session import CommandError, Printer, Session
from .template import Message, Template, select_template


class QuestionError(CommandError):
    """The question is too long for the context; another one may fit."""


class Chat:
    """A conversation that decodes only the text added since the last turn.

    The caller owns the session and its context.
    """

    def __init__(self, session: Session, template: Template, system: str | None) -> None:
        self.session = session
        self._template = template
        self._system: list[Message] = [("system", system)] if system else []
        self._turns: list[Message] = []
        self.decoded = 0
        """The number of tokens that were decoded for the last question."""

    def ask(self, question: str, count: int, printer: Printer) -> str:
        """Print the answer to `question` as it arrives, up to `count` tokens; Ctrl-C stops it.

        Raises QuestionError if the question alone is too long for the context; the conversation is then as
        before.
        """
        earlier = self._turns
        self._turns = [*earlier, ("user", question)]
        answer = ""
        try:
            tokens = self._fit(count)
            common = self.session.rewind(tokens)
            self.decoded = len(tokens) - common
            self.session.decode(tokens[common:])
            for token in self.session.generate(count):
                answer += printer.write(self.session.piece(token, special=False))
        except QuestionError:
            self._turns = earlier
            raise
        except KeyboardInterrupt:
            answer += printer.write(b" [stopped]")
        answer += printer.write(b"", final=True)
        self._turns.append(("assistant", answer))
        return answer

    def _fit(self, count: int) -> list[int]:
        """Return the conversation's tokens, after dropping the oldest turns that leave no room to answer."""
        room = self.session.n_ctx - min(count, self.session.n_ctx // 4)
        while True:
            tokens = self.session.tokenize(self._template(self._system + self._turns))
            if len(tokens) <= room:
                return tokens
            if len(self._turns) == 1:
                subject = "question and --system have" if self._system else "question has"
                advice = f"shorten the question{self.session.larger_context(', or ')}"
                raise QuestionError(
                    f"the {subject} {len(tokens)} tokens, but only {room} of the context's "
                    f"{self.session.n_ctx} are for them; {advice}"
                )
            del self._turns[:2]  # a whole turn: many templates reject an answer without its question


def chat(arguments: Any, hardware: str) -> None:
    """Read questions from stdin and answer them until the input ends or a line is `exit`.

    `hardware` is the phrase that names what the model runs on.
    """
    with Session.from_arguments(arguments) as session:
        template = select_template(session, arguments.template, arguments.system)
        session.open_context(arguments.context or min(session.n_ctx_train, 4096))
        conversation = Chat(session, template, arguments.system)
        terminal = sys.stdin.isatty()
        if terminal:
            end = "Ctrl-Z Enter" if sys.platform == "win32" else "Ctrl-D"
            print(f"on {hardware}; Ctrl-C stops an answer, exit or {end} ends the chat", file=sys.stderr)
            with contextlib.suppress(ImportError):
                import readline  # noqa: F401 - gives input() history and editing
        unanswered = 0
        while True:
            try:
                question = input("> " if terminal else "")
            except EOFError:
                if terminal:
                    print()
                break
            except KeyboardInterrupt:
                print()
                continue
            if question.strip() == "exit":
                break
            if not question.strip():
                continue
            try:
                conversation.ask(question, arguments.tokens, Printer())
            except QuestionError as error:
                print(f"error: {error}", file=sys.stderr)
                unanswered += 1
                continue
            print(flush=True)
            if session.is_full():
                advice = session.larger_context("; ")
                print(f"the context of {session.n_ctx} tokens is full{advice}", file=sys.stderr)
    if unanswered and not terminal:
        raise CommandError(f"{unanswered} of the questions got no answer: too long for the context")
