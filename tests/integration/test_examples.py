"""RUN_STORIES260K_INTEGRATION: every program of examples/, compared with something independent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from build_scripts.packaging import tiny_models
from build_scripts.pin import ROOT
from tests.integration.conftest import (
    PROMPT,
    TOKENS,
    environment,
    greedy,
    needs_switch,
    small_model,
    upstream,
)

needs_switch("RUN_STORIES260K_INTEGRATION")

# Some environments of the unit tests, which skip this module above, have no numpy.
import gguf  # noqa: E402
import numpy as np  # noqa: E402

from tests.integration.example_files import Projector, write_adapter, write_picture  # noqa: E402
from tests.integration.numpy_llama import NumpyLlama, softmax  # noqa: E402

EXAMPLES = ROOT / "examples"

Run = Callable[..., str]


@pytest.fixture(scope="module", params=["stories260K", "random weights"])
def stories(request: pytest.FixtureRequest, build_dir: Path) -> Path:
    """Both models that tests may get: where stories260K cannot be fetched, they all use the other one."""
    return small_model(build_dir) if request.param == "stories260K" else tiny_models.random()


@pytest.fixture(scope="module")
def expected(build_dir: Path, stories: Path) -> str:
    """The text of the upstream tools with the model."""
    return greedy(build_dir, stories)


@pytest.fixture
def run(build_dir: Path, tmp_path: Path) -> Run:
    """Run a program with the release's libraries, and return what it prints."""

    def run(name: str, *arguments: str | Path | int, stdin: str = "", stderr: str = "") -> str:
        command = [sys.executable, str(EXAMPLES / f"{name}.py"), *map(str, arguments)]
        result = subprocess.run(
            command,
            cwd=tmp_path,
            # OpenMP's threads would spin while they wait for one whose core is busy with something else.
            env={**environment(build_dir), "OMP_WAIT_POLICY": "passive"},
            input=stdin.encode(),
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert result.returncode == 0, result.stderr.decode()
        if stderr:
            (tmp_path / stderr).write_bytes(result.stderr)
        return result.stdout.decode(errors="replace")

    return run


# -- compared with the release's own program ------------------------------------------------------


def test_simple(run: Run, stories: Path, expected: str) -> None:
    assert run("simple", stories, PROMPT, TOKENS).strip() == expected


def test_chat(run: Run, build_dir: Path, stories: Path, tmp_path: Path) -> None:
    """Each answer is what the release's program writes after the whole conversation."""
    model = tmp_path / "chat.gguf"
    # llama.cpp recognizes the template by this name, and renders it as below.
    run("gguf_write", stories, model, "tokenizer.chat_template", "rwkv-world")
    questions = ["Who is Lily?", "And Tom?"]
    answers = run("chat", model, 16, stdin="\n".join(questions))
    text = ""
    for question in questions:
        text += f"User: {question}\n\nAssistant:"
        answer = greedy(build_dir, model, prompt=text, tokens=16).removeprefix(text)
        assert answers.lstrip().startswith(answer.strip())
        answers = answers.lstrip().removeprefix(answer.strip())
        text += f" {answer.strip()}\n\n"
    assert answers.strip() == ""


@pytest.mark.parametrize("seed", [1, 2])
def test_samplers(run: Run, build_dir: Path, stories: Path, seed: int) -> None:
    """The same chain draws the same tokens."""
    options = ("--samplers", "top_k;top_p;temperature", "--top-k", "40", "--top-p", "0.95", "--temp", "0.8")
    text = upstream(build_dir, stories, *options, "--seed", str(seed))
    assert run("samplers", stories, PROMPT, seed, TOKENS).strip() == text


def test_custom_sampler(run: Run, build_dir: Path, stories: Path) -> None:
    """A sampler in Python bans as the release's own option does."""
    letter = "a"
    banned = [token for token, piece in enumerate(NumpyLlama(stories).pieces) if letter.encode() in piece]
    # Among stories260K's tokens of one byte, 3 is <0x00>.
    banned.append(3 + ord(letter))
    options = [option for token in banned for option in ("--logit-bias", f"{token}-inf")]
    text = greedy(build_dir, stories, *options)
    assert letter not in text.removeprefix(PROMPT)
    assert run("custom_sampler", stories, letter, PROMPT, TOKENS).strip() == text


def test_batched(run: Run, build_dir: Path, stories: Path) -> None:
    """Each text of the batch is the one that its seed gives alone."""
    options = ("--samplers", "temperature", "--temp", "1")
    texts = [upstream(build_dir, stories, *options, "--seed", str(seed), tokens=24) for seed in range(3)]
    # Not by lines: random weights also draw characters that end one.
    assert run("batched", stories, PROMPT, 3, 24) == "".join(f"{text}\n" for text in texts)


def test_parallel(run: Run, build_dir: Path, stories: Path) -> None:
    prompts = ["Once upon a time", "Tom had a dog", "The sun", "Lily and her mom went to the park"]
    texts = run("parallel", stories, 16, *prompts).splitlines()
    assert sorted(texts) == sorted(greedy(build_dir, stories, prompt=prompt, tokens=16) for prompt in prompts)


def test_state(run: Run, stories: Path, expected: str) -> None:
    """A text in four runs is the text of one run."""
    for part in range(4):
        text = run("state", stories, "story.bin", TOKENS // 4).strip()
        assert expected.startswith(text), part
    assert text == expected


@pytest.mark.parametrize("draft_type", ["MOSTLY_F16", "MOSTLY_Q2_K"])
def test_speculative(run: Run, stories: Path, expected: str, draft_type: str) -> None:
    """The text is that of the large model, in fewer batches than tokens."""
    run("quantize", stories, "draft.gguf", draft_type)
    text = run("speculative", stories, "draft.gguf", PROMPT, TOKENS, stderr="report")
    assert text.strip() == expected


_TEXT = {"type": "string", "maxLength": 8}


@pytest.mark.parametrize(
    "properties",
    [
        {
            "name": {**_TEXT, "minLength": 1},
            "age": {"type": "integer"},
            "friends": {"type": "array", "items": _TEXT, "minItems": 1, "maxItems": 3},
        },
        {
            "height": {"type": "number"},
            "kind": {"enum": ["cat", 'a "dog"', 3, None]},
            "toys": {"type": "array", "items": {"type": "boolean"}, "maxItems": 2},
            "home": {"type": "object", "properties": {"none": {"type": "null"}}},
        },
    ],
)
def test_json_schema(
    run: Run, build_dir: Path, stories: Path, tmp_path: Path, properties: dict[str, Any]
) -> None:
    """The JSON is valid, and the release's own program writes the same with the same grammar."""
    import jsonschema

    schema = {"type": "object", "properties": properties, "required": list(properties)}
    (tmp_path / "schema.json").write_text(json.dumps(schema))
    results = [
        run("json_schema", stories, "schema.json", PROMPT, 112, seed, stderr="grammar.gbnf")
        for seed in ("", 1, 2, 3)
    ]
    for result in results:
        # llama.cpp's grammars let random weights draw bytes that are no characters.
        if stories != tiny_models.random() or "\N{REPLACEMENT CHARACTER}" not in result:
            jsonschema.validate(json.loads(result), schema)
    assert len(set(results)) > 1
    grammar = ("--samplers", "temperature", "--grammar-file", tmp_path / "grammar.gbnf")
    assert greedy(build_dir, stories, *grammar, tokens=112) == PROMPT + results[0].strip()
    assert run("json_schema", stories, "grammar.gbnf", PROMPT, 112) == results[0]


def test_json_numbers(run: Run, tmp_path: Path) -> None:
    """A model with random weights draws whatever the grammar allows, and all of it is JSON."""
    numbers = {"type": "array", "items": {"type": "number"}, "minItems": 30, "maxItems": 30}
    (tmp_path / "schema.json").write_text(json.dumps(numbers))
    results = [
        json.loads(run("json_schema", tiny_models.random(), "schema.json", "", 450, s)) for s in (1, 2)
    ]
    assert results[0] != results[1]
    assert [len(result) for result in results] == [30, 30]


def test_lora(run: Run, build_dir: Path, stories: Path, tmp_path: Path, expected: str) -> None:
    adapter = tmp_path / "adapter.gguf"
    write_adapter(adapter)
    without, with_adapter = run("lora", stories, adapter, 0.5, PROMPT, TOKENS).splitlines()
    assert without == expected
    assert with_adapter == greedy(build_dir, stories, "--lora-scaled", adapter, "0.5")
    assert with_adapter != without


# -- compared with the gguf package ---------------------------------------------------------------


def test_gguf_read(run: Run, stories: Path) -> None:
    result = json.loads(run("gguf_read", stories))
    program = Path(sys.executable).with_name("gguf-dump" + ".exe" * (os.name == "nt"))
    dump = json.loads(
        subprocess.run(
            [program, "--json", "--json-array", stories], stdout=subprocess.PIPE, check=True
        ).stdout
    )
    header = {"GGUF.version", "GGUF.tensor_count", "GGUF.kv_count"}
    assert result["keys"] == {
        key: field["value"] for key, field in dump["metadata"].items() if key not in header
    }
    for tensor in result["tensors"].values():
        tensor["type"] = tensor["type"].upper()
    offsets = {tensor.name: tensor.data_offset for tensor in gguf.GGUFReader(stories).tensors}
    assert result["tensors"] == {
        key: {"type": tensor["type"], "shape": tensor["shape"], "offset": offsets[key]}
        for key, tensor in dump["tensors"].items()
    }


def test_gguf_write(run: Run, stories: Path, tmp_path: Path) -> None:
    """The copy differs in one key only, which random weights' model does not have."""
    run("gguf_write", stories, "copy.gguf", "general.name", "Größe")
    source, copy = (gguf.GGUFReader(path) for path in (stories, tmp_path / "copy.gguf"))

    def values(reader: Any) -> dict[str, Any]:
        return {name: field.contents() for name, field in reader.fields.items()}

    changed = {**values(source), "general.name": "Größe"}
    changed["GGUF.kv_count"] += "general.name" not in values(source)
    assert values(copy) == changed
    assert [tensor.name for tensor in copy.tensors] == [tensor.name for tensor in source.tensors]
    for one, other in zip(source.tensors, copy.tensors, strict=True):
        assert one.tensor_type == other.tensor_type
        np.testing.assert_array_equal(one.data, other.data)


@pytest.mark.parametrize("name", ["Q8_0", "Q5_0", "F16"])
def test_quantize(run: Run, tmp_path: Path, name: str) -> None:
    """Every weight is what the gguf package computes."""
    model = tiny_models.random()  # Its matrices consist of whole blocks.
    run("quantize", model, "small.gguf", f"MOSTLY_{name}")
    small = {tensor.name: tensor for tensor in gguf.GGUFReader(tmp_path / "small.gguf").tensors}
    types = set()
    for tensor in gguf.GGUFReader(model).tensors:
        result = small.pop(tensor.name)
        types.add(result.tensor_type.name)
        np.testing.assert_array_equal(result.data, gguf.quantize(tensor.data, result.tensor_type))
    assert small == {}
    assert name in types


# -- compared with numpy --------------------------------------------------------------------------


def test_ggml_graph(run: Run) -> None:
    matrices = {name: np.array(rows, np.float32) for name, rows in json.loads(run("ggml_graph", 3)).items()}
    hidden = np.maximum(matrices["x"] @ matrices["V"].T, 0)
    assert hidden.any()
    np.testing.assert_allclose(matrices["result"], softmax(hidden @ matrices["W"].T), rtol=1e-3)


def test_retrieval(run: Run, stories: Path) -> None:
    model = NumpyLlama(stories)
    question, texts = "Lily had a cat.", ["Tom had a big dog.", "The sun was hot.", "Lily had a bird."]

    def embed(text: str) -> Any:
        vector = model.hidden(model.embed(model.tokenize(text))).mean(axis=0)
        return vector / np.linalg.norm(vector)

    similarities = {text: float(embed(question) @ embed(text)) for text in texts}
    lines = [line.split(" ", 1) for line in run("retrieval", stories, question, *texts).splitlines()]
    assert [text for _, text in lines] == sorted(texts, key=similarities.__getitem__, reverse=True)
    for similarity, text in lines:
        assert float(similarity) == pytest.approx(similarities[text], abs=1e-3)


def test_multimodal(run: Run, stories: Path, tmp_path: Path) -> None:
    """The picture's embeddings and the text that follows, computed in numpy."""
    model, projector, prompt = NumpyLlama(stories), Projector(), "What is this?"
    projector.write(tmp_path / "mmproj.gguf")
    pixels = write_picture(tmp_path / "picture.ppm")
    begin, *tokens = model.tokenize(prompt)
    rows = np.concatenate([model.embed([begin]), projector.embed(pixels), model.embed(tokens)])
    text = model.greedy(rows, 24).decode()
    # mtmd itself prints lines before the text.
    assert run("multimodal", stories, "mmproj.gguf", "picture.ppm", prompt, 24).endswith(f"\n{text}\n")
    other = model.greedy(np.concatenate([model.embed([begin]), model.embed(tokens)]), 24).decode()
    assert text != other, "the picture changes nothing"
