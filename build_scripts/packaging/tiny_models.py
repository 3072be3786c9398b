"""Provide small models for tests: stories260K if available, else one with random weights."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import urllib.request
from collections.abc import Callable
from pathlib import Path

from build_scripts.cache import cache_folder
from build_scripts.errors import SourceError, UsageError, VerificationError
from build_scripts.pin import ROOT
from build_scripts.process import run
from build_scripts.source.scratch import scratch

from .upstream_tools import CONVERTER, program

_logger = logging.getLogger(__name__)

# Local copies of karpathy/tinyllamas' files, and where they are published.
_LOCAL_COPIES = ROOT.parent / "shared" / "data" / "tinyllamas"
_PUBLISHED = "https://huggingface.co/karpathy/tinyllamas/resolve/main/stories260K/"
_SHA256 = {
    "stories260K.bin": "b0a507e7ad0f626624f17112325e66691f9076d622e1d3274d103d00299f2696",
    "tok512.bin": "037cb335abb25d1fa9e8ecae30ed2a3a8ace9302862ebcdc05d51a6bbb10c312",
}
STORIES = "stories260K.gguf"
# The number is that of make_random's output: caches may contain the file of an earlier version.
RANDOM = "random-2.gguf"


def find_or_make() -> Path:
    """Return a model's path: LLAMA_MODEL_PATH, stories260K from the cache, or a small random one."""
    override = os.environ.get("LLAMA_MODEL_PATH")
    if override:
        if not Path(override).is_file():
            raise UsageError(f"LLAMA_MODEL_PATH={override}: no such file; correct or unset it")
        return Path(override)
    converted = cache_folder() / "models" / STORIES
    if converted.is_file():
        return converted
    _logger.info(
        "LLAMA_MODEL_PATH is not set: using a small model with random weights, which generates noise"
    )
    return random()


def random() -> Path:
    """Return the path of the random model in the cache; write it there the first time."""
    target = cache_folder() / "models" / RANDOM
    if not target.is_file():
        _publish(make_random, target)
    return target


def stories_sources() -> dict[str, Path]:
    """Return the verified paths of stories260K.bin and tok512.bin; download missing ones into the cache."""
    return {name: _verified(name, digest) for name, digest in _SHA256.items()}


def _verified(name: str, digest: str) -> Path:
    cached = cache_folder() / "models" / name
    path = next((path for path in (_LOCAL_COPIES / name, cached) if path.is_file()), None)
    if path is None:
        _logger.info(f"downloading {_PUBLISHED}{name}")
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
            f"cannot download {url} ({error}); try again, or copy the file to {_LOCAL_COPIES}"
        ) from error
    _check(target, digest)


def _check(path: Path, digest: str) -> None:
    actual = hashlib.sha256(path.read_bytes()).hexdigest()
    if actual != digest:
        raise VerificationError(f"{path} has sha256 {actual}, expected {digest}; delete it and try again")


def stories(build_folder: Path) -> Path:
    """Return stories260K.gguf in the cache; convert it the first time with the program in `build_folder`."""
    target = cache_folder() / "models" / STORIES
    if target.is_file():
        return target
    converter = program(build_folder, CONVERTER)
    sources = stories_sources()

    def convert(output: Path) -> None:
        inputs: list[str | Path] = ["--copy-vocab-from-model", sources["tok512.bin"]]
        inputs += ["--llama2c-model", sources["stories260K.bin"], "--llama2c-output-model", output]
        run([converter, *inputs])

    _publish(convert, target)
    return target


def _publish(write: Callable[[Path], None], target: Path) -> None:
    """Write a file with `write` under a temporary name, then rename it to `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with scratch(cache_folder()) as folder:
        partial = folder / target.name
        write(partial)
        partial.replace(target)


def make_random(path: Path) -> None:
    """Write a GGUF model to `path`: two llama layers, a vocabulary of characters, fixed random weights.

    Greedy generation gives endless printable noise, which tokenizes back to the same tokens.
    """
    import gguf
    import numpy as np

    embedding, heads, layers, hidden = 64, 4, 2, 128
    # As in SentencePiece: `▁` is the space, and text that no other token covers becomes UTF-8 bytes.
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
    # Zero is never the largest of so many logits: greedy text contains no byte token and never ends.
    matrix("output.weight", len(tokens), embedding, zeros=len(special))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
