"""A model's files are used only if they have the recorded hash, wherever they come from."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from build_scripts.errors import SourceError, UsageError, VerificationError
from build_scripts.packaging import tiny_models
from tests.systems import WINE

NAME, GOOD, BAD = "stories260K.bin", b"weights", b"other weights"


@pytest.fixture(autouse=True)
def _one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model is one file, and no place has it."""
    monkeypatch.setenv("LLAMA_CTYPES_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LLAMA_MODEL_PATH", raising=False)
    monkeypatch.setattr(tiny_models, "_LOCAL_COPIES", tmp_path / "beside")
    monkeypatch.setattr(tiny_models, "_SHA256", {NAME: hashlib.sha256(GOOD).hexdigest()})
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: pytest.fail("it downloaded"))


@pytest.mark.parametrize("place", ["beside", "cache/models"])
def test_a_file_at_hand_is_used_if_its_hash_is_right(tmp_path: Path, place: str) -> None:
    path = tmp_path / place / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(GOOD)
    assert tiny_models.stories_sources() == {NAME: path}
    path.write_bytes(BAD)
    with pytest.raises(VerificationError, match=hashlib.sha256(BAD).hexdigest()):
        tiny_models.stories_sources()


def test_a_download_is_kept_if_its_hash_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = tmp_path / "cache" / "models"
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: io.BytesIO(BAD))
    with pytest.raises(VerificationError, match=hashlib.sha256(BAD).hexdigest()):
        tiny_models.stories_sources()
    assert list(models.iterdir()) == []
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: io.BytesIO(GOOD))
    assert tiny_models.stories_sources() == {NAME: models / NAME}
    assert (models / NAME).read_bytes() == GOOD


def test_a_download_that_fails_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("no route")

    monkeypatch.setattr("urllib.request.urlopen", fail)
    with pytest.raises(SourceError, match="no route") as raised:
        tiny_models.stories_sources()
    assert str(tmp_path / "beside") in str(raised.value)


def test_the_variable_names_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLAMA_MODEL_PATH", str(tmp_path / "model.gguf"))
    with pytest.raises(UsageError, match="LLAMA_MODEL_PATH"):
        tiny_models.find_or_make()
    (tmp_path / "model.gguf").write_bytes(b"")
    assert tiny_models.find_or_make() == tmp_path / "model.gguf"


@pytest.mark.skipif(WINE, reason="wine lacks C functions that numpy needs (crealf)")
def test_a_converted_model_comes_before_a_random_one(tmp_path: Path) -> None:
    models = tmp_path / "cache" / "models"
    made = tiny_models.find_or_make()
    assert made == models / tiny_models.RANDOM
    assert made.read_bytes().startswith(b"GGUF")
    (models / tiny_models.STORIES).write_bytes(b"")
    assert tiny_models.find_or_make() == models / tiny_models.STORIES


@pytest.mark.skipif(WINE, reason="wine lacks C functions that numpy needs (crealf)")
def test_a_random_model_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = tiny_models.random()
    monkeypatch.setattr(tiny_models, "make_random", lambda _: pytest.fail("it was made again"))
    assert tiny_models.random() == made
