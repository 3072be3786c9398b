"""The package and its bill of materials list exactly the third-party code compiled in, with its licences."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.recipe.test_build import build, load_script  # noqa: F401 - a fixture
from tests.systems import c_compiler

MIT = """Permission is hereby granted, to all. The above copyright notice and this permission notice shall be
included in all copies."""
EITHER = (
    f"ALTERNATIVE A - MIT License\n{MIT}\nALTERNATIVE B - This is software released into the public domain."
)

PROJECT = """
cmake_minimum_required(VERSION 3.18)
project(small C)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
add_custom_command(
    OUTPUT shader.c
    COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_SOURCE_DIR}/src/shader.comp shader.c
    DEPENDS src/shader.comp
)
add_library(llama src/llama.c shader.c)
target_include_directories(llama PRIVATE vendor)
add_executable(tool src/tool.c)
"""


@pytest.fixture(scope="module")
def vendored() -> ModuleType:
    return load_script("vendored")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    files = {
        "CMakeLists.txt": PROJECT,
        "src/llama.c": '#include "stb/stb_image.h"\n#include "nlohmann/json.hpp"\n#include "own.h"\n',
        "src/shader.comp": "int shader;\n",
        "src/own.h": "/* Whatever is sought is hereby permitted. */\n",
        "src/taken.h": f"int taken; /*\n{MIT}\n*/\n",
        "src/tool.c": '#include "httplib/httplib.h"\n',
        "vendor/stb/stb_image.h": f"/* stb_image - v2.30 - loader */\nint stb; /*\n{EITHER}\n*/\n",
        "vendor/nlohmann/json.hpp": "// version 3.12.0\n// SPDX-License-Identifier: MIT\n",
        "vendor/httplib/httplib.h": f"/*\n{MIT}\n*/\n",
        "vendor/httplib/LICENSE": MIT,
        "licenses/LICENSE-jsonhpp": MIT,
        "licenses/LICENSE-curl": MIT,
    }
    for name, text in files.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    return source


def test_the_build_shows_which_files_are_compiled_in(
    build: ModuleType,  # noqa: F811
    vendored: ModuleType,
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if not all(shutil.which(tool) for tool in ("cmake", "ninja", c_compiler()[0])):
        pytest.skip("needs cmake, ninja and a C compiler")
    libraries = build.compile_libraries(source, tmp_path / "build", build.flags("b1", "cpu"))
    compiled = vendored.compiled_files(source, tmp_path / "build", libraries)
    assert [path.relative_to(source).as_posix() for path in compiled] == [
        "src/llama.c",
        "src/own.h",
        "src/shader.comp",
        "vendor/nlohmann/json.hpp",
        "vendor/stb/stb_image.h",
    ]


def test_the_licences_of_compiled_files_are_collected(
    vendored: ModuleType, source: Path, tmp_path: Path
) -> None:
    compiled = [source / name for name in ("src/own.h", "src/taken.h", "vendor/nlohmann/json.hpp")]
    vendored.collect_licences(source, compiled, tmp_path / "licences")
    gathered = {path.name: path.read_text() for path in (tmp_path / "licences").iterdir()}
    assert gathered == {
        "LICENSE-jsonhpp": MIT,
        "nlohmann-json.hpp.txt": "// version 3.12.0\n// SPDX-License-Identifier: MIT\n",
        "taken.h.txt": f"/*\n{MIT}\n*/",
    }
    assert [path.name for path in vendored.licence_files(source, [source / "vendor/httplib/httplib.h"])] == [
        "LICENSE"
    ]


def test_the_bill_of_materials_names_the_package_its_code_and_its_libraries(
    vendored: ModuleType, source: Path, tmp_path: Path
) -> None:
    names = ("src/own.h", "src/taken.h", "vendor/nlohmann/json.hpp", "vendor/stb/stb_image.h")
    compiled = [source / name for name in names]
    library = tmp_path / "libllama.so"
    library.write_bytes(b"library")
    text = vendored.bill_of_materials(source, compiled, "b1", "0.0.1", [library])
    assert vendored.bill_of_materials(source, compiled, "b1", "0.0.1", [library]) == text
    assert str(source) not in text
    bill = json.loads(text)
    package = bill["metadata"]["component"]
    assert bill["bomFormat"] == "CycloneDX"
    assert (package["name"], package["purl"]) == ("llama-ctypes", "pkg:conda/llama-ctypes@0.0.1")
    llama, *parts, file = bill["components"]
    assert (llama["name"], llama["purl"]) == ("llama.cpp", "pkg:github/ggml-org/llama.cpp@b1")
    assert file == {
        "type": "file",
        "name": "libllama.so",
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(b"library").hexdigest()}],
    }
    components = {
        part["name"]: (
            part.get("version"),
            part["purl"],
            part["licenses"][0]["expression"],
            [place["location"] for place in part["evidence"]["occurrences"]],
        )
        for part in parts
    }
    tree = "pkg:github/ggml-org/llama.cpp@b1"
    json_hpp, image = "vendor/nlohmann/json.hpp", "vendor/stb/stb_image.h"
    assert components == {
        "src/taken.h": (None, f"{tree}#src/taken.h", "MIT", ["src/taken.h"]),
        "nlohmann": ("3.12.0", "pkg:generic/nlohmann@3.12.0", "MIT", [json_hpp]),
        "stb": ("2.30", "pkg:generic/stb@2.30", "MIT OR Unlicense", [image]),
    }
