"""The arithmetic of a llama model and of a small vision encoder in numpy, to compare the examples with.

It reads the weights with the gguf package. No library of llama.cpp is involved.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


class NumpyLlama:
    """A llama model in float32, with its vocabulary."""

    def __init__(self, path: Path) -> None:
        import gguf

        reader = gguf.GGUFReader(path)
        self.weights: dict[str, Matrix] = {tensor.name: np.array(tensor.data) for tensor in reader.tensors}
        fields: dict[str, Any] = {name: field.contents() for name, field in reader.fields.items()}
        texts: list[str] = fields["tokenizer.ggml.tokens"]
        types = fields["tokenizer.ggml.token_type"]
        normal = [
            text if kind == gguf.TokenType.NORMAL else "" for text, kind in zip(texts, types, strict=True)
        ]
        self.pieces = [text.replace("▁", " ").encode() for text in normal]
        """The text of each token; empty for control tokens and bytes."""
        self._ids = {text: token for token, text in enumerate(normal) if text}
        self._scores: list[float] = fields["tokenizer.ggml.scores"]
        self._bos: int = fields["tokenizer.ggml.bos_token_id"]
        self.layers: int = fields["llama.block_count"]
        self.heads: int = fields["llama.attention.head_count"]
        self.heads_kv: int = fields["llama.attention.head_count_kv"]
        self.epsilon: float = fields["llama.attention.layer_norm_rms_epsilon"]

    def tokenize(self, text: str) -> list[int]:
        """Convert text to tokens as SentencePiece does: join the neighbours with the best score first."""
        parts = list("▁" + text.replace(" ", "▁"))
        while True:
            joined = {index: parts[index] + parts[index + 1] for index in range(len(parts) - 1)}
            scores = {
                index: self._scores[self._ids[part]] for index, part in joined.items() if part in self._ids
            }
            if not scores:
                return [self._bos, *(self._ids[part] for part in parts)]
            best = max(scores, key=lambda index: (scores[index], -index))
            parts[best : best + 2] = [joined[best]]

    def embed(self, tokens: list[int]) -> Matrix:
        """Return the rows of the embedding matrix."""
        return self.weights["token_embd.weight"][tokens]

    def hidden(self, rows: Matrix) -> Matrix:
        """Return the normalized output of the last layer for each row of `rows`."""
        for layer in range(self.layers):
            block = {
                name.removeprefix(f"blk.{layer}.").removesuffix(".weight"): weight
                for name, weight in self.weights.items()
                if name.startswith(f"blk.{layer}.")
            }
            rows = rows + self._attention(block, self._norm(rows) * block["attn_norm"])
            inner = self._norm(rows) * block["ffn_norm"]
            gate = inner @ block["ffn_gate"].T
            rows = rows + (gate / (1 + np.exp(-gate)) * (inner @ block["ffn_up"].T)) @ block["ffn_down"].T
        return self._norm(rows) * self.weights["output_norm.weight"]

    def logits(self, rows: Matrix) -> Matrix:
        """Return the logits after the last row."""
        result: Matrix = self.hidden(rows)[-1] @ self.weights["output.weight"].T
        return result

    def greedy(self, rows: Matrix, count: int) -> bytes:
        """Return the text of the `count` most probable tokens that follow `rows`."""
        text = b""
        for _ in range(count):
            token = int(self.logits(rows).argmax())
            text += self.pieces[token]
            rows = np.concatenate([rows, self.embed([token])])
        return text

    def _norm(self, rows: Matrix) -> Matrix:
        result: Matrix = rows / np.sqrt((rows * rows).mean(axis=-1, keepdims=True) + self.epsilon)
        return result

    def _attention(self, block: dict[str, Matrix], rows: Matrix) -> Matrix:
        count = len(rows)
        query = _rotate((rows @ block["attn_q"].T).reshape(count, self.heads, -1))
        key = _rotate((rows @ block["attn_k"].T).reshape(count, self.heads_kv, -1))
        value = (rows @ block["attn_v"].T).reshape(count, self.heads_kv, -1)
        # Several heads of the query share one of key and value.
        key, value = (np.repeat(part, self.heads // self.heads_kv, axis=1) for part in (key, value))
        future = np.triu(np.full((count, count), -np.inf, np.float32), 1)
        mixed: Matrix = _attend(query, key, value, future) @ block["attn_output"].T
        return mixed


def _rotate(heads: Matrix) -> Matrix:
    """Rotate each pair of neighbours by an angle that grows with the position (RoPE)."""
    count, _, size = heads.shape
    angles = np.arange(count)[:, None] * 10000.0 ** (-np.arange(0, size, 2) / size)
    cos, sin = np.cos(angles)[:, None], np.sin(angles)[:, None]
    even, odd = heads[..., ::2], heads[..., 1::2]
    result: Matrix = np.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1).astype(np.float32)
    return result.reshape(heads.shape)


def _attend(query: Matrix, key: Matrix, value: Matrix, mask: Matrix | float) -> Matrix:
    scores = np.einsum("qhd,khd->hqk", query, key) / np.sqrt(query.shape[-1]) + mask
    mixed: Matrix = np.einsum("hqk,khd->qhd", softmax(scores), value)
    return mixed.reshape(len(query), -1)


def softmax(values: Matrix) -> Matrix:
    """Normalize the last axis to probabilities."""
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    result: Matrix = powers / powers.sum(axis=-1, keepdims=True)
    return result


def gelu(values: Matrix) -> Matrix:
    """Apply the activation, in the approximation that ggml uses."""
    result: Matrix = values / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (values + 0.044715 * values**3)))
    return result
