"""The exceptions that users of the bindings get when the libraries cannot be used."""

from __future__ import annotations


class LibraryError(OSError):
    """The libraries cannot be found or opened; the message lists what was tried and why it failed."""


class MissingNameError(AttributeError):
    """The release, or its libraries, have no such name."""
