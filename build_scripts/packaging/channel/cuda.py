"""Pack CUDA's toolkit for a local channel: NVIDIA's wheels from PyPI under conda-forge's package names.

The packages cover what a recipe with `compiler('cuda')`, cuda-cudart-dev and libcublas-dev needs to build,
and what its package needs to run. They leave out the driver's library, which comes with the driver.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from build_scripts import provision
from build_scripts.cache import cache_folder
from build_scripts.errors import ToolError
from build_scripts.process import run
from build_scripts.source.scratch import scratch

from .host import Toolchain
from .wrap import Spec

_logger = logging.getLogger(__name__)

REQUIREMENTS = Path(__file__).with_name("cuda-toolkit.txt")
# One generation of GPUs, and PTX for later ones: enough for a package that stays on this machine.
ARCHITECTURES = "80"


@dataclass(frozen=True)
class Toolkit:
    """An unpacked toolkit, with the folders bin, include, lib and nvvm."""

    root: Path
    versions: dict[str, str]
    """Version by wheel: {"nvidia-cuda-nvcc": "13.0.88", ...}."""

    @property
    def version(self) -> str:
        """The toolkit's version, such as `13.0`."""
        return ".".join(self.versions["nvidia-cuda-nvcc"].split(".")[:2])


def versions() -> dict[str, str]:
    """Return the pinned wheels and their versions."""
    return dict(re.findall(r"^(nvidia-\S+)==(\S+)", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE))


def find_toolkit() -> Toolkit:
    """Return the pinned toolkit; download it into the cache the first time (520 MB, verified by hash)."""
    pinned = versions()
    version = pinned["nvidia-cuda-nvcc"]
    folder = cache_folder() / "cuda" / version
    if not folder.is_dir():
        _logger.info(f"downloading CUDA {version} from PyPI (once, about 520 MB)")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with scratch(cache_folder()) as temporary:
            target = temporary / "site"
            pip = provision.pip_install(sys.executable)
            options = ["--no-deps", "--no-compile", "--require-hashes", "--only-binary=:all:"]
            run(
                [*pip, *options, "--target", target, "--requirement", REQUIREMENTS],
                env=provision.PIP_ENVIRONMENT,
            )
            (root,) = target.glob("nvidia/cu*")
            for program in [*(root / "bin").iterdir(), *(root / "nvvm" / "bin").iterdir()]:
                if program.is_file():
                    program.chmod(0o755)
            root.rename(folder)
    return Toolkit(folder, pinned)


def packages(toolkit: Toolkit, toolchain: Toolchain, subdir: str, staging: Path) -> Iterator[Spec]:
    """Yield the toolkit's packages: compiler, headers and link libraries, run-time libraries."""
    staging = staging / "cuda"
    staging.mkdir(parents=True)
    nvcc, runtime = toolkit.versions["nvidia-cuda-nvcc"], toolkit.versions["nvidia-cuda-runtime"]
    cublas, major = toolkit.versions["nvidia-cublas"], int(toolkit.version.partition(".")[0])

    def within(version: str) -> str:
        return f">={version},<{major + 1}.0a0"

    def files(*patterns: str, without: str = "$.") -> dict[str, Path]:
        paths = (path for pattern in patterns for path in toolkit.root.glob(pattern) if path.is_file())
        return {
            path.relative_to(toolkit.root).as_posix(): path
            for path in paths
            if not re.search(without, path.name)
        }

    def link(name: str) -> dict[str, Path]:
        """Add the unversioned name that linkers use; wheels have the versioned file only."""
        path = staging / f"lib{name}.so"
        path.symlink_to(f"lib{name}.so.{major}")
        return {f"lib/{path.name}": path}

    activation = staging / f"activate_cuda-nvcc_{subdir}.sh"
    activation.write_text(
        'export CUDACXX="$BUILD_PREFIX/bin/nvcc"\n'
        'export CUDAToolkit_ROOT="$BUILD_PREFIX"\n'
        f"export CUDAHOSTCXX='{toolchain.cxx}'\n"
        'export CMAKE_PREFIX_PATH="$PREFIX${CMAKE_PREFIX_PATH:+:$CMAKE_PREFIX_PATH}"\n'
        'export NVCC_APPEND_FLAGS="-I$PREFIX/include"\n',
        encoding="utf-8",
    )
    empty = staging / "empty"
    empty.touch()
    yield Spec("cuda-version", toolkit.version, {"share/cuda-version": empty})
    yield Spec(
        f"cuda-nvcc_{subdir}",
        nvcc,
        {f"etc/conda/activate.d/{activation.name}": activation},
        (f"cuda-nvcc-impl {nvcc}",),
        strong_run_exports=(f"cuda-version >={toolkit.version},<{major + 1}",),
    )
    headers = files("include/**/*", without=r"^cublas|^nvblas")
    static = files("lib/libcudart_static.a", "lib/libcudadevrt.a")
    cudart, shared = link("cudart") | headers | static, files("lib/libcudart.so.*")
    stub = {"lib/stubs/libcuda.so": _driver_stub(toolkit, toolchain, staging)}
    compiler = files("bin/**/*", "nvvm/**/*") | cudart | shared | stub
    # nvcc.profile expects lib64.
    compiler = {re.sub(r"^lib/", "lib64/", name): path for name, path in compiler.items()}
    yield Spec("cuda-nvcc-impl", nvcc, compiler)
    yield Spec("cuda-cudart", runtime, shared)
    yield Spec(
        "cuda-cudart-dev", runtime, cudart, (f"cuda-cudart {runtime}",), (f"cuda-cudart {within(runtime)}",)
    )
    yield Spec("libcublas", cublas, files("lib/libcublas.so.*", "lib/libcublasLt.so.*"))
    yield Spec(
        "libcublas-dev",
        cublas,
        files("include/cublas*") | link("cublas") | link("cublasLt"),
        (f"libcublas {cublas}",),
        (f"libcublas {within(cublas)}",),
    )


def _driver_stub(toolkit: Toolkit, toolchain: Toolchain, staging: Path) -> Path:
    """Compile a stub libcuda to link against without a driver: every function of cuda.h returns an error.

    conda-forge has NVIDIA's stub in cuda-driver-dev; PyPI has none. The stub never reaches a built package.
    """
    header = toolkit.root / "include" / "cuda.h"
    functions = re.findall(r"\bCUresult\s+(cu\w+)\s*\(", run([toolchain.cc, "-E", header]))
    if not functions:
        raise ToolError(f"{header} declares no driver function; delete {toolkit.root} and try again")
    code, stub = staging / "stub.c", staging / "libcuda.so"
    stub_library = 34  # CUDA_ERROR_STUB_LIBRARY
    lines = (f"int {name}(void) {{ return {stub_library}; }}\n" for name in sorted(set(functions)))
    code.write_text("".join(lines), encoding="utf-8")
    run([toolchain.cc, "-shared", "-fPIC", "-Wl,-soname,libcuda.so.1", code, "-o", stub])
    return stub
