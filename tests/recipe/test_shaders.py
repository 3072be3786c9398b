"""What glslc lacks is read from upstream's probes and from how the backend is compiled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.recipe.test_build import load_script

CMAKE = """
    test_shader_extension_support(
        "GL_KHR_cooperative_matrix"
        "${CMAKE_CURRENT_SOURCE_DIR}/vulkan-shaders/test_coopmat_support.comp"
        "GGML_VULKAN_COOPMAT_GLSLC_SUPPORT"
    )

    test_shader_extension_support(
        "GL_NV_cooperative_matrix2"
        "${CMAKE_CURRENT_SOURCE_DIR}/vulkan-shaders/test_coopmat2_support.comp"
        "GGML_VULKAN_COOPMAT2_GLSLC_SUPPORT"
    )
"""
FIRST, SECOND = "GL_KHR_cooperative_matrix", "GL_NV_cooperative_matrix2"


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ("", [FIRST, SECOND]),
        ("-DGGML_VULKAN_COOPMAT_GLSLC_SUPPORT", [SECOND]),
        ("/DGGML_VULKAN_COOPMAT2_GLSLC_SUPPORT /DNDEBUG", [FIRST]),
        ("-DGGML_VULKAN_COOPMAT_GLSLC_SUPPORT -DGGML_VULKAN_COOPMAT2_GLSLC_SUPPORT", []),
    ],
)
def test_what_glslc_lacks(options: str, missing: list[str], tmp_path: Path) -> None:
    shaders = load_script("shaders")
    source, build = tmp_path / "source", tmp_path / "build"
    (source / shaders.BACKEND).parent.mkdir(parents=True)
    (source / shaders.BACKEND).write_text(CMAKE)
    build.mkdir()
    commands = [
        {"file": "/x/ggml.c", "command": "cc -DGGML_VULKAN_COOPMAT_GLSLC_SUPPORT -c ggml.c"},
        {"file": "/x/ggml-vulkan.cpp", "command": f"c++ {options} -c ggml-vulkan.cpp"},
    ]
    (build / "compile_commands.json").write_text(json.dumps(commands))
    assert shaders.unsupported(source, build) == missing
    (source / shaders.BACKEND).unlink()
    assert shaders.unsupported(source, build) == []
