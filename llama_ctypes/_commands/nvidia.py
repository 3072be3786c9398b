"""This machine's NVIDIA GPUs, and whether the installed package has machine code for them."""

from __future__ import annotations

import ctypes
import re
import sys
from typing import Any, NamedTuple

# Of cuda.h: CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR and _MINOR.
_MAJOR, _MINOR = 75, 76
# The first CUDA that a package exists for.
_FIRST_CUDA = 12


class Gpu(NamedTuple):
    """A GPU that the driver shows to this process."""

    name: str
    capability: tuple[int, int]
    """Its compute capability: its generation."""

    def __str__(self) -> str:
        """Return a phrase for messages."""
        return f"{self.name} (compute capability {self.capability[0]}.{self.capability[1]})"


def gpus() -> list[Gpu]:
    """Ask the driver for its GPUs; empty without a driver. CUDA_VISIBLE_DEVICES hides some."""
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
        count = ctypes.c_int()
        if driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count)):
            return []
        return [_gpu(driver, index) for index in range(count.value)]
    except (OSError, AttributeError):
        return []


def _gpu(driver: ctypes.CDLL, index: int) -> Gpu:
    device, name = ctypes.c_int(), ctypes.create_string_buffer(256)
    driver.cuDeviceGet(ctypes.byref(device), index)
    driver.cuDeviceGetName(name, len(name), device)
    numbers = []
    for attribute in (_MAJOR, _MINOR):
        number = ctypes.c_int()
        driver.cuDeviceGetAttribute(ctypes.byref(number), attribute, device)
        numbers.append(number.value)
    return Gpu(name.value.decode(errors="replace"), (numbers[0], numbers[1]))


def has_code(architectures: str, capability: tuple[int, int]) -> bool:
    """Return whether a library compiled for `architectures`, as CMake spells them, runs on such a GPU.

    Machine code runs on its own and later minor versions of one major version, PTX on every later version.
    """
    for part in architectures.split(";"):
        match = re.fullmatch(r"(\d+)(\d)([af]?)(-real|-virtual)?", part)
        if match is None:
            continue
        compiled, feature = (int(match[1]), int(match[2])), match[3]
        if feature == "a":
            fits = compiled == capability
        elif feature == "f" or match[4] == "-real":
            fits = compiled <= capability < (compiled[0] + 1, 0)
        else:
            fits = compiled <= capability
        if fits:
            return True
    return False


def notes(architectures: str | None, record: dict[str, Any] | None) -> list[str]:
    """Return what to install for GPUs that the installed package cannot use; empty if it can use all.

    `architectures` is what the CUDA backend was compiled for, None without one. `record` is conda's record
    of the package, None if another program installed it.
    """
    if architectures is None:
        # Other libraries may have a CUDA backend whose build did not record this.
        unused = [str(gpu) for gpu in gpus()] if record and record["build"].startswith("cpu") else []
        if not unused or record is None:
            return []
        platform = record.get("subdir", "linux-64")
        line = f'platforms = [{{ name = "gpu", platform = "{platform}", cuda = "12" }}, "{platform}"]'
        return [f"{', '.join(unused)}: install 'llama-ctypes=*=cuda*'; pixi takes it if pixi.toml has {line}"]
    return [
        _without_code(gpu, architectures, record)
        for gpu in gpus()
        if not has_code(architectures, gpu.capability)
    ]


def _without_code(gpu: Gpu, architectures: str, record: dict[str, Any] | None) -> str:
    number = "".join(map(str, gpu.capability))
    advice = [f"build it with --cuda-architectures {number}"]
    label = re.match(r"cuda(\d\d)", str((record or {}).get("build", "")))
    if label:
        advice.insert(0, "install 'llama-ctypes=*=cpu*'")
        if int(label[1]) > _FIRST_CUDA:
            advice.insert(0, f"install 'llama-ctypes=*=cuda{int(label[1]) - 1}*'")
    return f"this package has no code for {gpu}, only for {architectures}: {', else '.join(advice)}"
