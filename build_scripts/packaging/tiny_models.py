"""Small models to try a build with: stories260K where its files are at hand, else one made on the spot."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path

from build_scripts.cache import cache_folder
from build_scripts.errors import SourceError, UsageError, VerificationError
from build_scripts.pin import ROOT
from build_scripts.process import run

from .upstream_tools import CONVERTER, program

_logger = logging.getLogger(__name__)

# Where karpathy/tinyllamas' files may lie beside the checkout, and where they are published.
_BESIDE = ROOT.parent / "shared" / "data" / "tinyllamas"
_PUBLISHED = "https://huggingface.co/karpathy/tinyllamas/resolve/main/stories260K/"
_SHA256 = {
    "stories260K.bin": "b0a507e7ad0f626624f17112325e66691f9076d622e1d3274d103d00299f2696",
    "tok512.bin": "037cb335abb25d1fa9e8ecae30ed2a3a8ace9302862ebcdc05d51a6bbb10c312",
}
STORIES = "stories260K.gguf"
# With a number, for caches keep what an earlier one of these made.
RANDOM = "random-2.gguf"


def find_or_make() -> Path:
    """A model to generate with: LLAMA_MODEL_PATH, stories260K from the cache, else a small random one."""
    given = os.environ.get("LLAMA_MODEL_PATH")
    if given:
        if not Path(given).is_file():
            raise UsageError(f"LLAMA_MODEL_PATH={given}: no such file")
        return Path(given)
    converted = cache_folder() / "models" / STORIES
    if converted.is_file():
        return converted
    _logger.info(
        "no model at hand (LLAMA_MODEL_PATH): a small one with random weights serves; its text is noise"
    )
    return random()


def random() -> Path:
    """The model of `make_random`, in the cache."""
    target = cache_folder() / "models" / RANDOM
    if not target.is_file():
        _publish(make_random, target)
    return target


def tinyllamas() -> dict[str, Path]:
    """stories260K.bin and tok512.bin, verified: beside the checkout, in the cache, or downloaded into it."""
    return {name: _verified(name, digest) for name, digest in _SHA256.items()}


def _verified(name: str, digest: str) -> Path:
    cached = cache_folder() / "models" / name
    path = next((path for path in (_BESIDE / name, cached) if path.is_file()), None)
    if path is None:
        _logger.info(f"fetching {_PUBLISHED}{name}")
        _publish(lambda target: _download(f"{_PUBLISHED}{name}", target, digest), cached)
        return cached
    _check(path, digest)
    return path


def _download(url: str, target: Path, digest: str) -> None:
    try:
        with urllib.request.urlopen(url, timeout=30) as response, target.open("wb") as file:
            shutil.copyfileobj(response, file)
    except OSError as error:
        raise SourceError(
            f"{url} cannot be fetched ({error}); put the file into {_BESIDE} by hand"
        ) from error
    _check(target, digest)


def _check(path: Path, digest: str) -> None:
    actual = hashlib.sha256(path.read_bytes()).hexdigest()
    if actual != digest:
        raise VerificationError(f"{path} has sha256 {actual}, expected {digest}; delete it and try again")


def stories(build_folder: Path) -> Path:
    """stories260K.gguf in the cache, converted by the release's own program in `build_folder`."""
    target = cache_folder() / "models" / STORIES
    if target.is_file():
        return target
    converter = program(build_folder, CONVERTER)
    sources = tinyllamas()

    def convert(output: Path) -> None:
        inputs: list[str | Path] = ["--copy-vocab-from-model", sources["tok512.bin"]]
        inputs += ["--llama2c-model", sources["stories260K.bin"], "--llama2c-output-model", output]
        run([converter, *inputs])

    _publish(convert, target)
    return target


def _publish(make: Callable[[Path], None], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / target.name
        make(made)
        made.replace(target)


def make_random(path: Path) -> None:
    """Write a two-layer llama with a vocabulary of characters and fixed random weights as GGUF to `path`.

    Greedy text is printable noise that never ends, and is the same tokens when it is read again.
    """
    import gguf
    import numpy as np

    embedding, heads, layers, hidden = 64, 4, 2, 128
    # As SentencePiece has it: `▁` is the space, and what is no other token is the bytes of its UTF-8.
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    types = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL]
    types += [gguf.TokenType.BYTE] * 256
    characters = ["▁", *(chr(code) for code in range(33, 127))]
    tokens = special + characters
    types += [gguf.TokenType.NORMAL] * len(characters)

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(512)
    writer.add_embedding_length(embedding)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(hidden)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_rope_dimension_count(embedding // heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(types)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)

    generator = np.random.default_rng(0)

    def matrix(name: str, *shape: int, zeros: int = 0) -> None:
        values = generator.normal(0, 0.3, shape).astype(np.float32)
        values[:zeros] = 0
        writer.add_tensor(name, values)

    def ones(name: str) -> None:
        writer.add_tensor(name, np.ones(embedding, dtype=np.float32))

    matrix("token_embd.weight", len(tokens), embedding)
    for layer in range(layers):
        ones(f"blk.{layer}.attn_norm.weight")
        ones(f"blk.{layer}.ffn_norm.weight")
        for part in ("q", "k", "v", "output"):
            matrix(f"blk.{layer}.attn_{part}.weight", embedding, embedding)
        matrix(f"blk.{layer}.ffn_gate.weight", hidden, embedding)
        matrix(f"blk.{layer}.ffn_up.weight", hidden, embedding)
        matrix(f"blk.{layer}.ffn_down.weight", embedding, hidden)
    ones("output_norm.weight")
    # Zero is never the largest of so many: no byte, no end.
    matrix("output.weight", len(tokens), embedding, zeros=len(special))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
