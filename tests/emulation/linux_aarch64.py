"""An arm64 Linux on an x86-64 Debian: the distribution's arm64 packages in a folder, run by qemu-user.

    system = linux_aarch64.system()
    linux_aarch64.run(system, [system / "usr/bin/python3", "-c", "..."], cpu="cortex-a53")

apt works on lists and a package database in the cache folder: this machine's own are neither changed nor
needed, and root is not needed either.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from build_scripts.cache import cache_folder
from build_scripts.errors import ToolError
from build_scripts.process import run as run_tool
from build_scripts.source.locking import locked

TRIPLET = "aarch64-linux-gnu"
# apt adds what these need: 43 packages, 16 MB.
PACKAGES = ("python3", "libgomp1", "libstdc++6")
_PROGRAMS = {
    "qemu-aarch64": "qemu-user",
    "apt-get": "apt",
    "dpkg-deb": "dpkg",
    f"{TRIPLET}-gcc": f"gcc-{TRIPLET}",
    f"{TRIPLET}-g++": f"g++-{TRIPLET}",
    f"{TRIPLET}-strip": f"binutils-{TRIPLET}",
}
# The names that build tools use for a compiler that runs where its programs run.
_NATIVE_NAMES = {"cc": "gcc", "c++": "g++", "gcc": "gcc", "g++": "g++"}
_NATIVE_NAMES |= {name: name for name in ("ar", "ld", "nm", "objdump", "ranlib", "readelf", "strip")}

# The kernel starts a file with this header (ELF, 64 bits, little-endian, an arm64 program or library) ...
_MAGIC = r"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"
# ... through qemu, whatever the bytes that are masked here are.
_MASK = r"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff"
# binfmt_misc belongs to the user namespace that mounts it (Linux 6.7): other processes do not see this.
_NAMESPACE = """
set -e
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
printf %s "$1" > /proc/sys/fs/binfmt_misc/register
shift
exec "$@"
"""


def missing() -> str | None:
    """What this machine lacks, with the Debian packages that provide it; None if nothing."""
    absent = [name for name in _PROGRAMS if shutil.which(name) is None]
    if not absent:
        return None
    packages = " ".join(sorted({_PROGRAMS[name] for name in absent}))
    return f"{', '.join(absent)} not on PATH (Debian: apt-get install {packages})"


def system() -> Path:
    """The folder of the arm64 system, made in the cache first if it is not there.

    Raises ToolError: a program is missing, or apt cannot fetch the packages.
    """
    if reason := missing():
        raise ToolError(reason)
    root = cache_folder() / "emulation" / "linux-aarch64"
    root.mkdir(parents=True, exist_ok=True)
    folder = root / "system"
    # The last step names the folder: one that exists is complete.
    with locked(root / "lock", lambda: None):
        if not folder.is_dir():
            with tempfile.TemporaryDirectory(dir=root) as scratch:
                _unpack(_download(Path(scratch)), Path(scratch, "system"))
                Path(scratch, "system").rename(folder)
    return folder


def _download(scratch: Path) -> list[Path]:
    """Have apt fetch PACKAGES for arm64 with everything that they need; return the .deb files."""
    for name in ("lists/partial", "archives/partial"):
        (scratch / name).mkdir(parents=True)
    (scratch / "status").touch()
    settings = {
        "APT::Architecture": "arm64",
        "APT::Architectures": "arm64",
        "APT::Sandbox::User": "",
        "Dir::State": scratch,
        "Dir::State::lists": scratch / "lists",
        "Dir::State::status": scratch / "status",
        "Dir::Cache": scratch,
        "Dir::Cache::archives": scratch / "archives",
    }
    apt = ["apt-get", "-q", *(word for key, value in settings.items() for word in ("-o", f"{key}={value}"))]
    try:
        run_tool([*apt, "update"])
        run_tool([*apt, "install", "--yes", "--download-only", "--no-install-recommends", *PACKAGES])
    except ToolError as error:
        reason = str(error).splitlines()[-1].removeprefix("E: ")
        raise ToolError(f"apt cannot fetch {', '.join(PACKAGES)} for arm64: {reason}") from error
    return sorted((scratch / "archives").glob("*.deb"))


def _unpack(packages: Sequence[Path], folder: Path) -> None:
    folder.mkdir()
    for package in packages:
        run_tool(["dpkg-deb", "--extract", package, folder])
    # Newer Debians keep everything below /usr; the links into it are not part of any package here.
    for name in ("bin", "lib"):
        if not (folder / name).exists():
            (folder / name).symlink_to(f"usr/{name}")
    tools = folder / "cross-tools"
    tools.mkdir()
    for name, tool in _NATIVE_NAMES.items():
        if path := shutil.which(f"{TRIPLET}-{tool}"):
            (tools / name).symlink_to(path)


def _environment(system: Path, cpu: str | None, changes: Mapping[str, str] | None) -> dict[str, str]:
    # What the host's Python is started with says nothing about this one.
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "QEMU_"))}
    chosen = {"QEMU_LD_PREFIX": os.fspath(system), **({"QEMU_CPU": cpu} if cpu else {})}
    return inherited | chosen | dict(changes or {})


def run(
    system: Path,
    command: Sequence[str | Path],
    *,
    cpu: str | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    namespace: bool = False,
    timeout: float = 1800,
) -> subprocess.CompletedProcess[str]:
    """Run an arm64 program as on the processor `cpu` (a name of `qemu-aarch64 -cpu help`).

    With `namespace` the programs that it starts may be arm64's too, and the compiler is called cc and gcc;
    see `why_no_namespace`.
    """
    environment = _environment(system, cpu, env)
    argv = [os.fspath(part) for part in command]
    if namespace:
        environment["PATH"] = os.pathsep.join([os.fspath(system / "cross-tools"), environment["PATH"]])
        argv = [*_namespace(), *argv]
    else:
        argv = [_qemu(), *argv]
    return subprocess.run(
        argv,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout,
        check=False,
    )


def _qemu() -> str:
    path = shutil.which("qemu-aarch64")
    if path is None:
        raise ToolError(missing() or "qemu-aarch64 is not on PATH")
    return path


def _namespace() -> list[str]:
    """What to put before a command for its arm64 programs to start by themselves."""
    rule = f":qemu-aarch64:M::{_MAGIC}:{_MASK}:{_qemu()}:OC"
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", _NAMESPACE, "namespace", rule]


@cache
def why_no_namespace(system: Path) -> str | None:
    """Why `run(..., namespace=True)` does not work here; None if it does."""
    starts_itself = "import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', '']))"
    if shutil.which("unshare") is None:
        return "unshare is not on PATH (Debian: apt-get install util-linux)"
    done = run(system, [system / "usr/bin/python3", "-c", starts_itself], namespace=True, timeout=60)
    if done.returncode == 0:
        return None
    reason = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
    return f"arm64 programs do not start by themselves in a namespace (Linux 6.7 or newer?): {reason}"
