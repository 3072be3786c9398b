"""The version of the installed package, from the metadata next to it."""

from __future__ import annotations

import os
from importlib.metadata import distributions

from ._generated import RELEASE


def version() -> str:
    """Return the package's version; without metadata, as in a checkout, `0+` and the bindings' release."""
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for distribution in distributions(name=__package__, path=[folder]):
        return distribution.version
    return f"0+{RELEASE}"
