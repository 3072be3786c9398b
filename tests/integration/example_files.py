"""Files that the examples need besides a model: a LoRA adapter, a projector and a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .numpy_llama import Matrix, gelu

EMBEDDING = 64
"""The width of stories260K."""
IMAGE, PATCH, WIDTH = 16, 8, 32


def write_adapter(path: Path, scale: float = 1.0) -> Matrix:
    """Write a LoRA adapter for one matrix of stories260K; return what it adds to the matrix."""
    import gguf

    generator = np.random.default_rng(1)
    a = generator.normal(0, scale, (4, EMBEDDING)).astype(np.float32)
    b = generator.normal(0, scale, (EMBEDDING, 4)).astype(np.float32)
    alpha = 1.0
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    writer.add_tensor("blk.0.attn_q.weight.lora_a", a)
    writer.add_tensor("blk.0.attn_q.weight.lora_b", b)
    _write(writer)
    result: Matrix = b @ a * (alpha / len(a))
    return result


class Projector:
    """A vision encoder with random weights: patches, positions, and llava's projector of two layers."""

    def __init__(self) -> None:
        generator = np.random.default_rng(2)

        def normal(*shape: int) -> Matrix:
            return generator.normal(0, 0.2, shape).astype(np.float32)

        self.weights = {
            "v.patch_embd.weight": normal(WIDTH, 3, PATCH, PATCH),
            "v.position_embd.weight": normal((IMAGE // PATCH) ** 2, WIDTH),
            "mm.0.weight": normal(EMBEDDING, WIDTH),
            "mm.0.bias": normal(EMBEDDING),
            "mm.2.weight": normal(EMBEDDING, EMBEDDING),
            "mm.2.bias": normal(EMBEDDING),
        }

    def write(self, path: Path) -> None:
        """Write the GGUF file that mtmd loads."""
        import gguf

        writer = gguf.GGUFWriter(path, "clip")
        writer.add_bool("clip.has_vision_encoder", True)
        writer.add_string("clip.projector_type", "mlp")
        numbers = {"image_size": IMAGE, "patch_size": PATCH, "embedding_length": WIDTH, "block_count": 0}
        numbers |= {"feed_forward_length": WIDTH, "projection_dim": EMBEDDING, "attention.head_count": 1}
        for name, number in numbers.items():
            writer.add_uint32(f"clip.vision.{name}", number)
        writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-5)
        writer.add_array("clip.vision.image_mean", [0.5] * 3)
        writer.add_array("clip.vision.image_std", [0.5] * 3)
        for name, tensor in self.weights.items():
            writer.add_tensor(name, tensor)
        _write(writer)

    def embed(self, pixels: np.ndarray[Any, Any]) -> Matrix:
        """Return an embedding for each patch of the picture, row by row."""
        side = IMAGE // PATCH
        scaled = (pixels.astype(np.float32) / 255 - 0.5) / 0.5
        patches = (
            scaled.reshape(side, PATCH, side, PATCH, 3).transpose(0, 2, 4, 1, 3).reshape(side * side, -1)
        )
        rows = patches @ self.weights["v.patch_embd.weight"].reshape(WIDTH, -1).T
        rows = rows + self.weights["v.position_embd.weight"]
        rows = gelu(rows @ self.weights["mm.0.weight"].T + self.weights["mm.0.bias"])
        result: Matrix = rows @ self.weights["mm.2.weight"].T + self.weights["mm.2.bias"]
        return result


def write_picture(path: Path) -> np.ndarray[Any, Any]:
    """Write a picture of random pixels (PPM); return them."""
    pixels = np.random.default_rng(3).integers(0, 256, (IMAGE, IMAGE, 3), np.uint8)
    path.write_bytes(b"P6 %d %d 255\n" % (IMAGE, IMAGE) + pixels.tobytes())
    return pixels


def _write(writer: Any) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
