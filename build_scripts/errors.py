"""The exception tree. A message is one clear line: what was tried, and what to do next.

LlamaCtypesError          anything a user can mend; shown as one line, exit status 1
├── UsageError            the command line or a setting is wrong; exit status 2
├── ToolError             a program this needs (compiler, git, npm, ...) is missing or failed
├── SourceError           no tree of that release can be had
│   └── VerificationError a tree, archive or file is not what its recorded digest says
├── HeaderError           the headers are missing or do not parse
├── CheckError            a check found the parts to disagree; carries the findings
└── PackageError          the package could not be built, tested or installed
"""

from __future__ import annotations

from collections.abc import Sequence


class LlamaCtypesError(Exception):
    """Base of every error whose message is meant for the user."""

    exit_status = 1


class UsageError(LlamaCtypesError):
    """The command line or an environment variable asks for something impossible."""

    exit_status = 2


class ToolError(LlamaCtypesError):
    """A program that is needed is missing, or ran and failed."""


class SourceError(LlamaCtypesError):
    """The source tree of a release cannot be had."""


class VerificationError(SourceError):
    """Bytes do not match the digest on record; nothing of them was used."""


class HeaderError(LlamaCtypesError):
    """A public header is missing or is not valid C; the message names file and line."""


class CheckError(LlamaCtypesError):
    """Parts that must agree do not.

    `findings` holds one line per disagreement; the message is the summary.
    """

    def __init__(self, summary: str, findings: Sequence[str] = ()) -> None:
        super().__init__("\n".join([summary, *findings]))
        self.findings = tuple(findings)


class PackageError(LlamaCtypesError):
    """A package could not be built, tested, indexed or installed."""
