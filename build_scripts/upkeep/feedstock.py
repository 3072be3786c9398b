"""Write the folder that conda-forge's staged-recipes takes, from this repository's recipe and variants.

There is no second recipe: `recipe` edits the text of recipe/recipe.yaml. Each edit must find its place, so a
change of the recipe that an edit does not expect is an error here, and never a wrong feedstock.

On conda-forge, the compilers, CUDA and Python come from its global pinning instead of variants.yaml. A bot
bumps `version` and the hashes. It watches the releases of the first source, so that is this project's.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from build_scripts.errors import PackageError, SourceError, UsageError
from build_scripts.packaging import variants
from build_scripts.pin import ROOT, VARIANTS, pin_value, read_pin
from build_scripts.source import fetch

_NAME = "llama-ctypes"
_HEADER = """\
# Made from recipe/recipe.yaml of {project}
# by `python3 -m build_scripts feedstock`. Propose changes there.
"""
# b builds are 0.0.N, or X.Y.Z.N after release X.Y.Z; build_scripts/versions.py explains it.
_VERSION = """\
  version: "{version}"
  # Upstream's tag: vX.Y.Z, or bN for 0.0.N and X.Y.Z.N.
  tag: >-
    ${{{{ "b" ~ (version | split(".") | list | last)
    if version[:4] == "0.0." or (version | split(".") | list | length) == 4 else "v" ~ version }}}}
  backend: >-
    ${{{{ "cuda" if (cuda_compiler_version | default("None")) != "None"
    else cudaless_backend | default("cpu") }}}}
  # Outside of conditions, so that conda-smithy detects the key in every variant.
  arm_variant: ${{{{ arm_variant_type | default("sbsa") }}}}
"""
_SOURCE = """\
source:
  - url: {project}/archive/refs/tags/v${{{{ version }}}}.tar.gz
    sha256: {project_sha256}
    target_directory: llama-ctypes
  - url: {upstream}
    sha256: {upstream_sha256}
    target_directory: llama.cpp

"""
_SKIP = 'not is_python_min or (backend == "cuda" and cudaless_backend != "cpu")'
_EXTRA = """
extra:
  feedstock-name: {name}
  recipe-maintainers:
{maintainers}
"""
_CONFIG = """\
# ggml leaves out parts of its Metal backend if the SDK is older than macOS 15. This one is of conda-forge's
# llama.cpp; the oldest macOS that the package runs on does not depend on it.
MACOSX_SDK_VERSION:  # [osx]
  - "26.1"           # [osx]

# The packages without CUDA. conda-forge combines them with every CUDA; the recipe skips all but one of those.
cudaless_backend:
  - cpu
  - vulkan           # [linux or win]
  - metal            # [osx and arm64]
"""
_FORGE = """\
conda_build_tool: rattler-build
github:
  branch_name: main
  tooling_branch_name: main
# Built on their own systems, and so tested there.
provider:
  linux_aarch64: github_actions
  osx_arm64: github_actions
test: native
# The compilers and libraries of CUDA need it.
workflow_settings:
  free_disk_space: quick
"""


def write(folder: Path, maintainers: Sequence[str], archive: Path | None = None, root: Path = ROOT) -> str:
    """Write the files into the new `folder`; return what to do next.

    `archive` is this project's release archive, to be hashed; None downloads it from GitHub.
    """
    for name in maintainers:
        if not re.fullmatch(r"[A-Za-z0-9](-?[A-Za-z0-9])*(/[\w.-]+)?", name):
            raise UsageError(
                f"{name!r} is not the name of a GitHub account, or of a team as ORGANIZATION/TEAM"
            )
    if not maintainers:
        raise UsageError("a feedstock needs a maintainer; pass --maintainer NAME")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} exists and is not an empty folder; name a new one")
    files = {
        "recipe.yaml": recipe(maintainers, archive, root),
        "conda_build_config.yaml": _CONFIG,
        "conda-forge.yml": _FORGE,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write {error.filename}: {error.strerror}; name another folder") from error
    return (
        f"{folder} contains {', '.join(files)}. Next:\n"
        f"  copy it to recipes/{_NAME} in a clone of https://github.com/conda-forge/staged-recipes\n"
        "  conda-smithy recipe-lint --conda-forge recipes/llama-ctypes"
    )


def recipe(maintainers: Sequence[str], archive: Path | None = None, root: Path = ROOT) -> str:
    """Return the text of the feedstock's recipe.yaml."""
    text = (root / variants.RECIPE.relative_to(ROOT)).read_text(encoding="utf-8")
    pinned = root / VARIANTS.relative_to(ROOT)
    pin, document = read_pin(pinned), yaml.safe_load(text)
    number, project = document["context"]["number"], document["about"]["repository"]
    if number:
        raise UsageError(
            f"recipe/recipe.yaml has number {number}, but conda-forge fetches the release v{pin.version}; "
            "run this in a checkout of that tag"
        )
    if pin.release.archive_sha256 is None:
        raise UsageError(
            "variants.yaml has no hash of llama.cpp's archive; run `bump` with this tag and a network"
        )
    upstream = pin_value(pinned.read_text(encoding="utf-8"), "url")[1]
    source = _SOURCE.format(
        project=project,
        project_sha256=_sha256(f"{project}/archive/refs/tags/{{tag}}.tar.gz", f"v{pin.version}", archive),
        upstream=upstream.replace(pin.release.tag, "${{ tag }}"),
        upstream_sha256=pin.release.archive_sha256,
    )
    extra = _EXTRA.format(name=_NAME, maintainers="\n".join(f"    - {name}" for name in maintainers))
    # A comment belongs to the line below it.
    comment = r"(?:^ *#.*\n)*"
    edits = {
        r"\A(?:#.*\n)*(?=schema_version:)": _HEADER.format(project=project),
        r"^context:\n\K": _VERSION.format(version=pin.version),
        r"^  cuda_major: .*\n\K": _architectures(),
        rf"{comment}^  skip_variants: .*\n": "",
        r" +\$\{\{ skip_variants \}\}": "",
        r"^source:\n(?:[ #].*\n|\n)+": source,
        r"^build:\n\K": f"  skip: {_SKIP}\n",
        rf"^  variant:\n(?:{comment}^   .*\n)+": "",
        r"\barm-variant \* sbsa\b": "arm-variant * ${{ arm_variant }}",
        r"\bpython_oldest \| default\(python_min\)": "python_min",
        r"\bllama_cpp_version\b": "version",
        r"\bllama_cpp_tag\b": "tag",
        r"\Z": extra,
    }
    for pattern, replacement in edits.items():
        text = _edit(text, pattern, replacement)
    return text


def _edit(text: str, pattern: str, replacement: str) -> str:
    r"""Replace each match of `pattern`, or what follows its `\K`; PackageError if nothing matches."""
    before, kept, after = pattern.partition(r"\K")
    changed, count = re.subn(
        f"({before}){after}" if kept else pattern,
        lambda match: (match[1] if kept else "") + replacement,
        text,
        flags=re.MULTILINE,
    )
    if not count:
        raise PackageError(
            f"recipe/recipe.yaml has nothing like {pattern!r}; adapt build_scripts/upkeep/feedstock.py"
        )
    return changed


def _architectures() -> str:
    """Return the context's cuda_architectures: the values of variants.yaml, by toolkit and platform."""
    platforms: dict[tuple[str, str], list[str]] = {}
    for platform in variants.PLATFORMS:
        majors = set()
        for variant, rendered in variants.render(platform).items():
            if variant.cuda_version is None:
                continue
            major = variant.cuda_version.partition(".")[0]
            if major in majors:
                raise PackageError(
                    f"variants.yaml has two packages for CUDA {major} on {platform}; expected one"
                )
            majors.add(major)
            platforms.setdefault((major, rendered.variant["cuda_architectures"]), []).append(platform)
    choices = [
        f'    "{gpus}"\n    if cuda_major == "{major}" and target_platform in {json.dumps(names)}\n    else\n'
        for (major, gpus), names in sorted(platforms.items())
    ]
    return "  cuda_architectures: >-\n    ${{\n" + "".join(choices) + '    "None" }}\n'


def _sha256(url: str, tag: str, archive: Path | None) -> str:
    """Return the sha256 of `archive`, or of what `url` with this `tag` gives."""
    if archive is not None:
        try:
            return hashlib.sha256(archive.read_bytes()).hexdigest()
        except OSError as error:
            raise UsageError(
                f"cannot read {archive}: {error.strerror}; name the release's archive"
            ) from error
    with tempfile.TemporaryDirectory() as scratch:
        try:
            return fetch.github_archive(tag, Path(scratch, "archive"), url, _NAME)
        except (fetch.OutOfReach, SourceError) as error:
            raise SourceError(f"{error}; or pass --archive FILE, the archive of {tag}") from error
