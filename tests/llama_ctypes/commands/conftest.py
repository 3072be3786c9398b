"""What the tests of the commands share."""

from __future__ import annotations

import pytest

from llama_ctypes._commands import session, template
from tests.llama_ctypes.commands.fake_llama import FakeLlama


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeLlama:
    """The library of the commands, with a context of 40 tokens."""
    fake = FakeLlama(n_ctx=40)
    for module in (session, template):
        monkeypatch.setattr(module, "llama", fake)
    return fake
