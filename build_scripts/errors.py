"""The exception tree. A message is one clear line: what was tried, and what to do next.

LlamaCtypesError          anything a user can fix; shown as one line, exit status 1
├── UsageError            the command line or a setting is wrong; exit status 2
├── ToolError             a required program (compiler, git, npm, ...) is missing or failed
├── SourceError           no tree of that release is available
│   └── VerificationError a tree, archive or file does not match its recorded digest
├── HeaderError           the headers are missing or do not parse
├── CheckError            a check failed; contains the findings
└── PackageError          the package could not be built, tested or installed
"""

from __future__ import annotations

from collections.abc import Sequence


class LlamaCtypesError(Exception):
    """Base of all errors whose message is meant for the user."""

    exit_status = 1


class UsageError(LlamaCtypesError):
    """The command line or an environment variable has an invalid value."""

    exit_status = 2


class ToolError(LlamaCtypesError):
    """A required program is missing or failed."""


class SourceError(LlamaCtypesError):
    """The source tree of a release is not available."""


class VerificationError(SourceError):
    """Bytes do not match their recorded digest; they were not used."""


class HeaderError(LlamaCtypesError):
    """A public header is missing or not valid C; the message names file and line."""


class CheckError(LlamaCtypesError):
    """A check failed: parts that must agree do not.

    The message is the summary, followed by the `findings`: one line per disagreement.
    """

    def __init__(self, summary: str, findings: Sequence[str] = ()) -> None:
        super().__init__("\n".join([summary, *findings]))
        self.findings = tuple(findings)


class PackageError(LlamaCtypesError):
    """A package could not be built, tested, indexed or installed."""
