"""The exception tree. A message is one clear line: what was tried, and what to do next.

LlamaCtypesError          anything that a user can fix; shown as one line, exit status 1
├── UsageError            the command line or a setting is wrong; exit status 2
├── ToolError             a program this needs (compiler, git, npm, ...) is missing or failed
├── SourceError           no tree of that release is available
│   └── VerificationError a tree, archive or file differs from its recorded digest
├── HeaderError           the headers are missing or do not parse
├── CheckError            parts that must agree do not; lists the findings
└── PackageError          the package could not be built, tested or installed
"""

from __future__ import annotations

from collections.abc import Sequence


class LlamaCtypesError(Exception):
    """The base of every error whose message is for the user."""

    exit_status = 1


class UsageError(LlamaCtypesError):
    """The command line or an environment variable asks for something impossible."""

    exit_status = 2


class ToolError(LlamaCtypesError):
    """A program that is needed is missing, or ran and failed."""


class SourceError(LlamaCtypesError):
    """No source tree of the release is available."""


class VerificationError(SourceError):
    """Bytes differ from the recorded digest; they were not used."""


class HeaderError(LlamaCtypesError):
    """A public header is missing or is not valid C; the message names file and line."""


class CheckError(LlamaCtypesError):
    """Parts that must agree do not. `findings` has one line per disagreement."""

    def __init__(self, summary: str, findings: Sequence[str] = ()) -> None:
        super().__init__("\n".join([summary, *findings]))
        self.findings = tuple(findings)


class PackageError(LlamaCtypesError):
    """A package could not be built, tested, indexed or installed."""
