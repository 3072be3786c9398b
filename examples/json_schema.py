"""Generate JSON that fits a JSON schema: a grammar admits only the tokens that can follow.

python json_schema.py MODEL SCHEMA [PROMPT] [COUNT] [SEED]

SCHEMA is a file with a JSON schema, or with a grammar in llama.cpp's GBNF if its name ends in .gbnf. For a
schema, the grammar is printed to stderr.
"""

import json
import sys
from pathlib import Path
from typing import Any

from model import Context, Model, chain, generate, run, show

import llama_ctypes as llama

TERMINALS = {
    "boolean": '("true" | "false")',
    "null": '"null"',
    "integer": '("-"? ("0" | [1-9] [0-9]{0,8}))',
    "number": '("-"? ("0" | [1-9] [0-9]{0,8}) ("." [0-9]{1,6})?)',
}
CHARACTER = r'([^"\\\x00-\x1F\x7F] | "\\" ["\\bfnrt])'


def expression(schema: dict[str, Any]) -> str:
    """Convert a schema to a GBNF expression. Properties come in the schema's order, without white space."""
    if "enum" in schema:
        return "(" + " | ".join(literal(json.dumps(value)) for value in schema["enum"]) + ")"
    kind = schema["type"]
    if kind == "string":
        return rf'("\"" {CHARACTER}{{{schema.get("minLength", 0)},{schema.get("maxLength", "")}}} "\"")'
    if kind == "array":
        item = expression(schema["items"])
        least, most = schema.get("minItems", 0), schema.get("maxItems")
        more = f'("," {item}){{{max(0, least - 1)},{"" if most is None else most - 1}}}'
        return f'("[" {item} {more} "]")' if least else f'("[" ({item} {more})? "]")'
    if kind == "object":
        members = [
            f"{literal(json.dumps(name) + ':')} {expression(member)}"
            for name, member in schema["properties"].items()
        ]
        return '("{" ' + ' "," '.join(members) + ' "}")'
    return TERMINALS[kind]


def literal(text: str) -> str:
    """Quote a text for GBNF."""
    return json.dumps(text, ensure_ascii=False)


def main(path: str, schema: str, prompt: str = "", count: str = "256", seed: str = "") -> None:
    """Print the JSON; with a seed it is drawn at random."""
    source = Path(schema).read_text(encoding="utf-8")
    if not schema.endswith(".gbnf"):
        source = f"root ::= {expression(json.loads(source))}\n"
        print(source, end="", file=sys.stderr)
    with Model(path) as model, Context(model) as context:
        grammar = llama.llama_sampler_init_grammar(model.vocab, source.encode(), b"root")
        if not bool(grammar):  # a pointer that is NULL
            raise SystemExit("llama.cpp cannot read the grammar")
        choose = llama.llama_sampler_init_dist(int(seed)) if seed else llama.llama_sampler_init_greedy()
        with chain(grammar, choose) as sampler:
            for token in generate(context, sampler, model.tokenize(prompt), int(count)):
                show(model.piece(token))
            show(b"\n")


if __name__ == "__main__":
    run(main)
