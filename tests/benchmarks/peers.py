"""Install other generators and bindings from PyPI, each into its own folder of the cache: `bench/NAME`.

The folders (`pip install --target`) are used with the Python that runs this, so all contenders share one
interpreter. An existing folder is reused; delete it to install again.
"""

from __future__ import annotations

import logging
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from build_scripts.cache import cache_folder
from build_scripts.errors import ToolError
from build_scripts.process import run
from build_scripts.source.scratch import scratch
from tests.benchmarks.measure import Unavailable

_logger = logging.getLogger(__name__)

FOLDER = "bench"
PACKAGES = {
    "ctypesgen": ("ctypesgen==1.1.1",),
    "clang2py": ("ctypeslib2==2.4.0", "clang==18.1.8", "libclang==18.1.1"),
    "cffi": ("cffi==2.1.1", "setuptools"),
    # The imports of llama-cpp-python; installing the project itself would compile llama.cpp again.
    "llama-cpp-python": ("numpy", "diskcache", "jinja2", "typing-extensions"),
    "llama-cpp-py-sync": ("llama-cpp-py-sync",),
}
# The newest version that fits b6124: later ones bind functions that its libraries lack.
LLAMA_CPP_PYTHON = "0.3.16"


def folder(name: str) -> Path:
    """Return the folder to import the peer `name` from; Unavailable if pip cannot install it."""
    target = cache_folder() / FOLDER / name
    if target.is_dir():
        return target
    _logger.info(f"installing {', '.join(PACKAGES[name])} into {target}")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with scratch(cache_folder()) as temporary:
            staging = temporary / "site"
            _pip("install", "--target", str(staging), *PACKAGES[name])
            if name in _FINISH:
                _FINISH[name](staging)
            staging.rename(target)
    except ToolError as error:
        raise Unavailable(f"pip cannot install {' '.join(PACKAGES[name])}: {_reason(error)}") from error
    return target


def _pip(*arguments: str) -> None:
    run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments],
        env={"PIP_NO_INPUT": "1", "PYTHONDONTWRITEBYTECODE": ""},
        timeout=600,
    )


def _reason(error: ToolError) -> str:
    errors = [line for line in str(error).splitlines() if line.startswith("ERROR")]
    return (errors or str(error).splitlines())[-1]


def _clang2py(target: Path) -> None:
    # It opens the library by the name that Linux distributions use.
    native = target / "clang" / "native"
    (native / "libclang.so.18.1").symlink_to("libclang.so")


def _llama_cpp_python(target: Path) -> None:
    """Unpack the Python files of the source distribution; LLAMA_CPP_LIB_PATH names their libllama."""
    with tempfile.TemporaryDirectory() as temporary:
        requirement = f"llama-cpp-python=={LLAMA_CPP_PYTHON}"
        _pip("download", "--no-deps", "--no-binary", "llama-cpp-python", "--dest", temporary, requirement)
        (archive,) = Path(temporary).glob("*.tar.gz")
        with tarfile.open(archive) as tar:
            for member in tar:
                _, _, name = member.name.partition("/")
                if member.isreg() and name.startswith("llama_cpp/") and name.endswith(".py"):
                    path = target / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    source = tar.extractfile(member)
                    assert source is not None
                    path.write_bytes(source.read())


_FINISH: dict[str, Callable[[Path], None]] = {
    "clang2py": _clang2py,
    "llama-cpp-python": _llama_cpp_python,
}
