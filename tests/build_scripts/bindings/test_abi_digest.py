"""The digest of the interface changes with what compiled callers depend on, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_scripts.bindings import abi_digest, headers, parse

GGML = '#ifdef __cplusplus\nextern "C" {\n#endif\nint ggml_x(void);\n#ifdef __cplusplus\n}\n#endif\n'
LLAMA = """
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
#define LLAMA_LIMIT 7
struct llama_model;
typedef int32_t llama_token;
struct llama_pair { int32_t a; float b; };
enum llama_kind { LLAMA_KIND_A, LLAMA_KIND_B };
typedef void (*llama_hook)(int level, void * data);
llama_token llama_next(struct llama_model * model, struct llama_pair pair, enum llama_kind kind);
void llama_set(llama_hook hook);
#ifdef __cplusplus
}
#endif
"""


def digest(folder: Path, text: str) -> str:
    for name, content in (("include/llama.h", text), ("ggml/include/ggml.h", GGML)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return abi_digest.digest(parse.parse(headers.find(folder)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("#define", "// a comment\n/* and another */\n\n#define"),
        ("struct llama_model * model, struct", "struct llama_model * m, struct"),
        ("llama_token llama_next", "int32_t llama_next"),
        (
            "void llama_set(llama_hook hook);",
            "__attribute__((deprecated(\"x\"))) void llama_set(llama_hook hook);",
        ),
    ],
)  # fmt: skip
def test_what_makes_no_difference(tmp_path: Path, old: str, new: str) -> None:
    assert old in LLAMA
    assert digest(tmp_path, LLAMA.replace(old, new)) == digest(tmp_path, LLAMA)


def test_order_makes_no_difference(tmp_path: Path) -> None:
    hook = "typedef void (*llama_hook)(int level, void * data);\n"
    moved = LLAMA.replace(hook, "").replace("#define", f"{hook}#define")
    assert digest(tmp_path, moved) == digest(tmp_path, LLAMA)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("int32_t a; float b;", "float b; int32_t a;"),
        ("int32_t a; float b;", "int64_t a; float b;"),
        ("LLAMA_KIND_A,", "LLAMA_KIND_A = 1,"),
        ("LLAMA_LIMIT 7", "LLAMA_LIMIT 8"),
        ("typedef int32_t llama_token", "typedef int64_t llama_token"),
        ("int level, void * data", "long level, void * data"),
        ("enum llama_kind kind)", "enum llama_kind kind, ...)"),
        ("void llama_set", "void llama_put"),
    ],
)
def test_what_makes_one(tmp_path: Path, old: str, new: str) -> None:
    assert old in LLAMA
    assert digest(tmp_path, LLAMA.replace(old, new)) != digest(tmp_path, LLAMA)
