"""Choose the channel for dependencies: conda-forge, or a local one if conda-forge is unreachable.

host.py finds this machine's Pythons and compilers. wrap.py packs them, and wheels of the running virtual
environment, as conda packages; cuda.py and vulkan.py pack what those backends are built with. The local
channel lives in the cache folder, under a digest of its inputs. It gets that name only when it is complete,
so an existing one is used unchanged.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import logging
import platform
import shutil
import sys
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import url2pathname

from build_scripts.cache import cache_folder
from build_scripts.errors import PackageError
from build_scripts.source.scratch import scratch

from . import cuda as cuda_module
from . import host, wrap
from . import vulkan as vulkan_module

_logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# In the channel's folder: the values that variants.yaml needs to match its packages.
_VARIANTS = "variants.json"
_PROBE_SECONDS = 10


def choose(override: str | None, *, backend: str = "cpu", target: str | None = None) -> list[str]:
    """Return the channels to build and install from, highest priority first; log which and why.

    `override` (--channel: a name, URL or folder) is used without a check. A local channel contains what
    packages for `backend` are built with and need at run time. `target` is the platform to cross-build for;
    None: this machine's.
    """
    if override is not None:
        _logger.info(f"channel: {override} (from --channel)")
        folder = Path(override)
        return [folder.resolve().as_uri() if folder.is_dir() else override]
    reason = _why_unreachable("conda-forge")
    if reason is None:
        _logger.info("channel: conda-forge")
        return ["conda-forge"]
    folder = local_channel(reason, backend=backend, target=target)
    _logger.info(f"channel: conda-forge is unreachable ({reason}); using the local channel {folder}")
    return [folder.as_uri()]


def variants(channels: Sequence[str]) -> dict[str, str]:
    """Return the overrides of variants.yaml that a local channel needs; none for other channels."""
    for channel in channels:
        parts = urlsplit(channel)
        if parts.scheme == "file":
            file = Path(url2pathname(parts.path), _VARIANTS)
            if file.is_file():
                overrides: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
                return overrides
    return {}


def _why_unreachable(channel: str) -> str | None:
    """Return None if the channel answers, else the reason."""
    from rattler import Channel

    # The smallest repodata's headers suffice. urllib reads proxies and certificates from the environment.
    url = f"{Channel(channel).base_url.rstrip('/')}/noarch/repodata.json.zst"
    request = urllib.request.Request(url, method="HEAD", headers={"User-Agent": "llama-ctypes"})
    try:
        # Not urlopen: its opener keeps the proxies of its first use.
        with urllib.request.build_opener().open(request, timeout=_PROBE_SECONDS):
            return None
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    except (urllib.error.URLError, OSError) as error:
        cause = getattr(error, "reason", error)
        return str(getattr(cause, "strerror", None) or cause)


def local_channel(reason: str, *, backend: str = "cpu", target: str | None = None) -> Path:
    """Return the local channel's folder; build the channel first if its inputs are new.

    It is for building on this machine, for `target` if that is not None. `reason` is why conda-forge is
    unreachable; the PackageError on other systems contains it.
    """
    machines = {triplet.partition("-")[0]: subdir for subdir, triplet in host.TRIPLETS.items()}
    subdir = machines.get(platform.machine()) if sys.platform == "linux" else None
    if subdir is None:
        raise PackageError(
            f"conda-forge is unreachable ({reason}), and local channels need x86-64 or arm64 Linux; "
            "pass --channel with a mirror's URL"
        )
    if target is not None and (backend != "cpu" or target not in host.TRIPLETS):
        raise PackageError(
            f"conda-forge is unreachable ({reason}), and local channels cross-build the cpu backend for "
            f"{' and '.join(host.TRIPLETS)} only; pass --channel with a mirror's URL"
        )
    toolchain, pythons, wheels = host.find_toolchain(target), host.find_pythons(), wrap.wheel_packages()
    toolkit = cuda_module.find_toolkit() if backend == "cuda" else None
    sdk = vulkan_module.find_sdk(toolchain) if backend == "vulkan" else None
    sources = (__file__, host.__file__, wrap.__file__, cuda_module.__file__, vulkan_module.__file__)
    inputs = [
        subdir,
        str(target),
        *(hashlib.sha256(Path(file).read_bytes()).hexdigest() for file in sources),
        repr(toolkit),
        repr(sdk),
        repr(toolchain),
        *host.fingerprint([Path(toolchain.cc), Path(toolchain.cxx)]),
        *host.fingerprint([toolchain.libstdcxx, toolchain.libgcc, toolchain.libgomp]),
        *host.fingerprint([Path(sdk.glslc), sdk.loader] if sdk else []),
        *(repr(python) for python in pythons),
        *host.fingerprint(python.executable for python in pythons),
        *(f"{wheel.name} {wheel.version}" for wheel in wheels),
    ]
    digest = hashlib.sha256("\n".join(inputs).encode()).hexdigest()[:12]
    folder = cache_folder() / "channels" / digest
    if not folder.is_dir():
        names = ", ".join(python.version for python in pythons)
        _logger.info(f"packing Python {names}, compiler {toolchain.version} and wheels into a local channel")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with scratch(cache_folder()) as temporary:
            staging, channel = temporary / "staging", temporary / "channel"
            specs = [wrap.python_package(python, staging) for python in pythons]
            specs += [
                *wheels,
                wrap.pip_package(staging),
                *wrap.compiler_packages(toolchain, target or subdir, staging),
            ]
            runtime = wrap.runtime_packages(toolchain)
            if target is not None:
                runtime.append(wrap.placeholder_python(pythons[-1].version, staging))
            overrides = {
                "c_compiler_version": toolchain.version,
                "cxx_compiler_version": toolchain.version,
                "c_stdlib_version": toolchain.glibc,
                "python_oldest": "{}.{}".format(*pythons[0].minor),
            }
            if toolkit is not None:
                specs += cuda_module.packages(toolkit, toolchain, subdir, staging)
                overrides["cuda_compiler_version"] = toolkit.version
                overrides["cuda_architectures"] = cuda_module.ARCHITECTURES
            if sdk is not None:
                specs += vulkan_module.packages(sdk, staging)
            _assemble(channel, [(subdir, specs), (target or subdir, runtime)], build=f"h{digest[:7]}_0")
            (channel / _VARIANTS).write_text(json.dumps(overrides, indent=2), encoding="utf-8")
            _publish(channel, folder)
    return folder


def _publish(channel: Path, folder: Path) -> None:
    """Rename the finished `channel` to `folder`, or delete it if another process was first."""
    try:
        channel.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(channel)


def _assemble(channel: Path, packages: Sequence[tuple[str, Sequence[wrap.Spec]]], build: str) -> None:
    """Write the packages of a channel, by platform, and its index."""
    from rattler.index import index_fs
    from rattler_build import ArchiveType, FileEntry, assemble_package

    try:
        for subdir, spec in [(subdir, spec) for subdir, specs in packages for spec in specs]:
            platform_folder = "noarch" if spec.noarch_python else subdir
            (channel / platform_folder).mkdir(parents=True, exist_ok=True)
            package = assemble_package(
                spec.name,
                spec.version,
                platform_folder,
                build,
                channel / platform_folder,
                files=[FileEntry.from_paths(source, name) for name, source in spec.files.items()],
                depends=spec.depends,
                noarch="python" if spec.noarch_python else None,
                # Read from the local disk only: speed matters more than size.
                compression_level=1,
                archive_type=ArchiveType.TarBz2 if spec.strong_run_exports else ArchiveType.Conda,
                detect_prefix=False,
            )
            if spec.strong_run_exports:
                _add_run_exports(package.path, spec.strong_run_exports)
        run_rattler(index_fs(channel))
    except Exception as error:  # rattler's errors share no base class
        raise PackageError(
            f"cannot build the local channel: {error}; try again, or pass --channel"
        ) from error


def run_rattler(work: Coroutine[Any, Any, Result]) -> Result:
    """Run one of py-rattler's coroutines, then wait until its worker thread has left Python.

    The thread is still inside a Python call when the result arrives. A process that exits at that moment
    crashes ("thread state must be current when releasing"). A short sleep without the GIL is enough.
    """
    try:
        return asyncio.run(work)
    finally:
        time.sleep(0.05)


def _add_run_exports(package: Path, strong: Sequence[str]) -> None:
    """Add info/run_exports.json to a .tar.bz2 package.

    assemble_package has no parameter for it. As one of the package's files it would also be linked into
    every prefix. rattler-build does not read a channel's run_exports.json.
    """
    with tarfile.open(package) as archive:
        files = [(member, archive.extractfile(member) if member.isfile() else None) for member in archive]
        members = [(member, file.read() if file else None) for member, file in files]
    text = json.dumps({"strong": list(strong)}).encode()
    run_exports = tarfile.TarInfo("info/run_exports.json")
    run_exports.size = len(text)
    with tarfile.open(package, "w:bz2") as archive:
        for member, content in [(run_exports, text), *members]:
            archive.addfile(member, None if content is None else io.BytesIO(content))
