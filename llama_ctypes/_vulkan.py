"""Ask Vulkan for its devices before ggml does, or to explain why ggml found none."""

from __future__ import annotations

import ctypes
import os
import re
import sys

from . import _binary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Core = Callable[..., ctypes._NamedFuncPointer]

# The numbers of the devices that ggml uses.
_VARIABLE = "GGML_VK_VISIBLE_DEVICES"
# From vulkan_core.h.
_STRUCTURE_TYPE_INSTANCE_CREATE_INFO, _ERROR_INCOMPATIBLE_DRIVER, _DEVICE_TYPE_CPU = 1, -9, 4
_TYPE, _NAME = slice(16, 20), slice(20, 276)  # the places in VkPhysicalDeviceProperties, of 824 bytes


def plugin(path: str) -> Core:
    """Open ggml's Vulkan backend at `path` and return what looks up Vulkan's functions.

    Raises OSError if it does not open.
    """
    library = _binary.open_library(path)
    if sys.platform == "win32":
        library = ctypes.CDLL("vulkan-1.dll")  # the backend has opened it; elsewhere it is searched through

    def core(name: str, restype: object, *argtypes: object) -> ctypes._NamedFuncPointer:
        function = library[name]
        function.restype, function.argtypes = restype, argtypes  # type: ignore[assignment]
        return function

    return core


def devices(core: Core) -> list[tuple[str, bool]]:
    """Return the name of each device, and whether it is software; their positions are ggml's numbers.

    `core` returns one of Vulkan's functions. OSError if there is no driver, AttributeError without Vulkan.
    """
    pointer, number = ctypes.c_void_p, ctypes.c_int
    create = core("vkCreateInstance", number, pointer, pointer, pointer)
    enumerate_devices = core("vkEnumeratePhysicalDevices", number, pointer, pointer, pointer)
    describe = core("vkGetPhysicalDeviceProperties", None, pointer, pointer)
    destroy = core("vkDestroyInstance", None, pointer, pointer)
    # A VkInstanceCreateInfo: its type, and zero in the other members.
    instance, info = pointer(), (ctypes.c_uint64 * 8)(_STRUCTURE_TYPE_INSTANCE_CREATE_INFO)
    status = create(info, None, ctypes.byref(instance))
    if status == _ERROR_INCOMPATIBLE_DRIVER:
        raise OSError(f"Vulkan finds no driver (ICD); {_hint()}")
    if status:
        raise OSError(f"vkCreateInstance fails with status {status}")
    try:
        count = ctypes.c_uint32()
        enumerate_devices(instance, ctypes.byref(count), None)
        handles = (ctypes.c_void_p * count.value)()
        enumerate_devices(instance, ctypes.byref(count), handles)
        present = []
        for handle in handles[: count.value]:
            properties = ctypes.create_string_buffer(1024)
            describe(handle, properties)
            name = properties.raw[_NAME].partition(b"\0")[0].decode(errors="replace")
            present.append((name, int.from_bytes(properties.raw[_TYPE], "little") == _DEVICE_TYPE_CPU))
        return present
    finally:
        destroy(instance, None)


def _hint() -> str:
    for variable in ("VK_DRIVER_FILES", "VK_ICD_FILENAMES"):
        if variable in os.environ:
            return f"check {variable} ({os.environ[variable]})"
    return "install the GPU's (Debian: apt-get install mesa-vulkan-drivers)"


def why_fatal(backend: str | Core) -> str | None:
    """Return the error if GGML_VK_VISIBLE_DEVICES has a number without a device, else None.

    ggml ends the process at such a number, in releases before v0.5.0. `backend` is the path of its Vulkan
    backend, or returns one of Vulkan's functions.
    """
    value = os.environ.get(_VARIABLE)
    if not value:
        return None
    try:
        present = devices(plugin(backend) if isinstance(backend, str) else backend)
    except (OSError, AttributeError):
        return None  # the backend will not load either
    for number in _numbers(value):
        if not 0 <= number < len(present):
            return (
                f"{_VARIABLE}={value}: Vulkan has no device {number}; it has {_listed(present)}. "
                "Correct the variable or unset it"
            )
    return None


def _numbers(value: str) -> Iterator[int]:
    """Yield the numbers that ggml reads: those before the first word that is not a number."""
    for word in value.replace(",", " ").split():
        match = re.match(r"[+-]?\d+", word)
        if match:
            yield int(match[0])
        if not match or match[0] != word:
            return


def _listed(present: list[tuple[str, bool]]) -> str:
    return ", ".join(f"{number} ({name})" for number, (name, _) in enumerate(present)) or "none"


def why_no_device(path: str) -> str:
    """Return why the Vulkan backend at `path` has no device for ggml."""
    try:
        present = devices(plugin(path))
    except (OSError, AttributeError) as error:
        return str(error)
    value = os.environ.get(_VARIABLE)
    if present and value is not None:
        return f"{_VARIABLE}={value} hides {_listed(present)}"
    if present and all(software for _, software in present):
        return f"{_listed(present)} is software, which ggml uses only if you set {_VARIABLE}=0"
    return f"check the driver; Vulkan's devices: {_listed(present)}"
