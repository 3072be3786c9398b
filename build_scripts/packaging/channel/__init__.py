"""Where packages come from: conda-forge where it is reached, else a channel made from this machine.

The local channel is made by wrap.py out of the running virtual environment (that is PyPI's
wheels), the Pythons at hand and the host's compiler. It lives in the user's cache folder, named after
a digest of what it is made of; a channel that is there is whole and is used as it stands.
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
import tempfile
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

from . import cuda as cuda_module
from . import wrap

_logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# Beside the packages: which variants a recipe has to ask for to be given these.
_VARIANTS = "variants.json"
_PROBE_SECONDS = 10
_SUBDIRS = {"x86_64": "linux-64", "aarch64": "linux-aarch64"}


def choose(override: str | None, *, cuda: bool = False) -> list[str]:
    """The channels to build and install from, most wanted first; says which, and why, in one line.

    `override` (--channel: a name, URL or folder) is taken at its word. With `cuda`, a channel that has to be
    made holds CUDA's toolkit as well.
    """
    if override is not None:
        _logger.info(f"channel: {override} (as asked)")
        folder = Path(override)
        return [folder.resolve().as_uri() if folder.is_dir() else override]
    reason = _why_unreachable("conda-forge")
    if reason is None:
        _logger.info("channel: conda-forge")
        return ["conda-forge"]
    folder = local_channel(reason, cuda=cuda)
    _logger.info(f"channel: conda-forge cannot be reached ({reason}); using {folder}, made from this machine")
    return [folder.as_uri()]


def variants(channels: Sequence[str]) -> dict[str, str]:
    """What to override in variants.yaml so that it asks for what a local channel has; else nothing."""
    for channel in channels:
        parts = urlsplit(channel)
        if parts.scheme == "file":
            file = Path(url2pathname(parts.path), _VARIANTS)
            if file.is_file():
                overrides: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
                return overrides
    return {}


def _why_unreachable(channel: str) -> str | None:
    """None if the channel answers, else the reason it does not."""
    from rattler import Channel

    # The smallest repodata's header will do. urllib takes proxies and certificates from the environment.
    url = f"{Channel(channel).base_url.rstrip('/')}/noarch/repodata.json.zst"
    request = urllib.request.Request(url, method="HEAD", headers={"User-Agent": "llama-ctypes"})
    try:
        # An opener of our own: the module's keeps the proxies of its first use.
        with urllib.request.build_opener().open(request, timeout=_PROBE_SECONDS):
            return None
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    except (urllib.error.URLError, OSError) as error:
        cause = getattr(error, "reason", error)
        return str(getattr(cause, "strerror", None) or cause)


def local_channel(reason: str, *, cuda: bool = False) -> Path:
    """The local channel's folder; made first if nothing of what it is made of has one yet."""
    subdir = _SUBDIRS.get(platform.machine()) if sys.platform == "linux" else None
    if subdir is None:
        raise PackageError(
            f"conda-forge cannot be reached ({reason}), and only x86-64 and arm64 Linux can do without it; "
            "pass --channel with a mirror's URL"
        )
    toolchain, pythons, wheels = wrap.find_toolchain(), wrap.find_pythons(), wrap.wheel_packages()
    toolkit = cuda_module.find_toolkit() if cuda else None
    makers = (__file__, wrap.__file__, cuda_module.__file__)
    facts = [
        subdir,
        *(hashlib.sha256(Path(file).read_bytes()).hexdigest() for file in makers),
        repr(toolkit),
        repr(toolchain),
        *wrap.fingerprint([Path(toolchain.cc), Path(toolchain.cxx)]),
        *wrap.fingerprint([toolchain.libstdcxx, toolchain.libgcc, toolchain.libgomp]),
        *(repr(python) for python in pythons),
        *wrap.fingerprint(python.executable for python in pythons),
        *(f"{wheel.name} {wheel.version}" for wheel in wheels),
    ]
    digest = hashlib.sha256("\n".join(facts).encode()).hexdigest()[:12]
    folder = cache_folder() / "channels" / digest
    if not folder.is_dir():
        names = ", ".join(python.version for python in pythons)
        _logger.info(f"wrapping Python {names}, compiler {toolchain.version} and wheels into a local channel")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f"{digest}.") as scratch:
            staging, made = Path(scratch, "staging"), Path(scratch, "channel")
            specs = [wrap.python_package(python, staging) for python in pythons]
            specs += [*wheels, *wrap.toolchain_packages(toolchain, staging)]
            asked = {
                "c_compiler_version": toolchain.version,
                "cxx_compiler_version": toolchain.version,
                "c_stdlib_version": toolchain.glibc,
                "python_oldest": "{}.{}".format(*pythons[0].minor),
            }
            if toolkit is not None:
                specs += cuda_module.packages(toolkit, toolchain, subdir, staging)
                asked["cuda_compiler_version"] = toolkit.version
                asked["cuda_architectures"] = cuda_module.ARCHITECTURES
            _make(made, subdir, specs, build=f"h{digest[:7]}_0")
            (made / _VARIANTS).write_text(json.dumps(asked, indent=2), encoding="utf-8")
            _settle(made, folder)
    return folder


def _settle(made: Path, folder: Path) -> None:
    """Move the finished channel to its name, unless another process was first."""
    try:
        made.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(made)


def _make(channel: Path, subdir: str, specs: Sequence[wrap.Spec], build: str) -> None:
    """Assemble and index the packages of a channel."""
    from rattler.index import index_fs
    from rattler_build import ArchiveType, FileEntry, assemble_package

    try:
        for spec in specs:
            where = "noarch" if spec.noarch_python else subdir
            (channel / where).mkdir(parents=True, exist_ok=True)
            package = assemble_package(
                spec.name,
                spec.version,
                where,
                build,
                channel / where,
                files=[FileEntry.from_paths(source, name) for name, source in spec.files.items()],
                depends=spec.depends,
                noarch="python" if spec.noarch_python else None,
                # Read once, from this disk: speed is worth more than size.
                compression_level=1,
                archive_type=ArchiveType.TarBz2 if spec.strong_run_exports else ArchiveType.Conda,
                detect_prefix=False,
            )
            if spec.strong_run_exports:
                _add_run_exports(package.path, spec.strong_run_exports)
        run_rattler(index_fs(channel))
    except Exception as error:  # rattler's errors have no base class of their own
        raise PackageError(f"the local channel could not be made: {error}") from error


def run_rattler(work: Coroutine[Any, Any, Result]) -> Result:
    """Run one of py-rattler's coroutines to its end, and to the end of the thread that served it.

    That thread still has a Python call to return from when the result is here; a process that exits in
    between crashes ("thread state must be current when releasing"). A moment without the GIL is enough.
    """
    try:
        return asyncio.run(work)
    finally:
        time.sleep(0.05)


def _add_run_exports(package: Path, strong: Sequence[str]) -> None:
    """Put info/run_exports.json into a .tar.bz2 package.

    assemble_package has no parameter for it; passed as one of its files it would be linked into every
    prefix too, and rattler-build does not read a channel's run_exports.json.
    """
    with tarfile.open(package) as old:
        members = [(member, old.extractfile(member) if member.isfile() else None) for member in old]
        contents = [(member, file.read() if file else None) for member, file in members]
    text = json.dumps({"strong": list(strong)}).encode()
    added = tarfile.TarInfo("info/run_exports.json")
    added.size = len(text)
    with tarfile.open(package, "w:bz2") as new:
        for member, content in [(added, text), *contents]:
            new.addfile(member, None if content is None else io.BytesIO(content))
