"""`python -m llama_ctypes info`: what is installed, where it was found, and what a model will run on."""

from __future__ import annotations

import glob
import json
import os
import re
from ctypes import byref, c_size_t, c_void_p, cast
from typing import Any

import llama_ctypes as llama

from .. import _abi, _binary, _loader, _vulkan
from . import nvidia

# A backend's file that may be for a GPU: ggml-base is no backend, and RPC has devices only with a server.
_PLUGIN = re.compile(r"(?:lib)?ggml-(?!base|cpu|rpc)(\w+)\b.*\.(?:so|dylib|dll)$")


def info() -> dict[str, Any]:
    """Return what is installed and what it runs on, as data that JSON can hold; memory is in bytes.

    Raises LibraryError if the libraries cannot be opened.
    """
    libraries = _loader.libraries()
    backends = list(libraries.backend_paths())
    devices = _devices()
    return {
        "release": llama.RELEASE,
        "package": package_record(),
        "library": libraries.path,
        "found": libraries.origin,
        "libraries": libraries.files(),
        "abi": _abi.state(libraries.folder, libraries.release),
        "backends": backends,
        "cpu_variant": _cpu_variant(backends),
        "devices": devices,
        "notes": gpu_notes(libraries.backend_folder, backends, devices) + _nvidia_notes(libraries.folder),
        "system": llama.llama_print_system_info().decode(errors="replace").strip(),
    }


def _devices() -> list[dict[str, Any]]:
    """Return ggml's devices in its order, with their memory in bytes."""
    devices = []
    for index in range(llama.ggml_backend_dev_count()):
        device = llama.ggml_backend_dev_get(index)
        free, total = c_size_t(), c_size_t()
        llama.ggml_backend_dev_memory(device, byref(free), byref(total))
        device_type = llama.enum_ggml_backend_dev_type(llama.ggml_backend_dev_type(device))
        devices.append(
            {
                "name": llama.ggml_backend_dev_name(device).decode(errors="replace"),
                "description": llama.ggml_backend_dev_description(device).decode(errors="replace"),
                "type": device_type.name.removeprefix("GGML_BACKEND_DEVICE_TYPE_"),
                "memory_free": free.value,
                "memory_total": total.value,
                "backend": _file_of(llama.ggml_backend_dev_backend_reg(device)),
            }
        )
    return devices


def _file_of(registry: Any) -> str | None:
    """Return the path of the library that has a backend's registry."""
    address = cast(registry, c_void_p).value
    return _binary.containing(address) if address else None


def _cpu_variant(backends: list[str]) -> str:
    """Return the name of the CPU variant that ggml chose for this processor."""
    for path in backends:
        # arm64's are called armv8.2_1 and the like.
        match = re.match(r"(?:lib)?ggml-cpu-([\w.]+)\.(?:so|dylib|dll)$", os.path.basename(path))
        if match:
            return match[1]
    return "the only one (these libraries have no CPU variants)"


def package_record() -> dict[str, str] | None:
    """Return what conda recorded when it installed this package; None if conda did not install it.

    `channel` is the package's file if it is not from a channel, as when pixi compiled it.
    """
    record = _record()
    if record is None:
        return None
    facts = {key: str(record.get(key, "")) for key in ("name", "version", "build")}
    return {**facts, "channel": str(record.get("channel") or record.get("url", ""))}


def _record() -> dict[str, Any] | None:
    prefix = _binary.package_prefix()
    paths = (
        glob.glob(os.path.join(glob.escape(prefix), "conda-meta", "llama-ctypes-*.json")) if prefix else []
    )
    for path in paths:
        with open(path, encoding="utf-8") as file:
            record: dict[str, Any] = json.load(file)
        if record.get("name") == "llama-ctypes":
            return record
    return None


def _nvidia_notes(folder: str) -> list[str]:
    """Return what to install for NVIDIA GPUs that the package with the libraries in `folder` cannot use."""
    metadata = _abi.metadata(folder)
    # Without a record, the libraries are not those of the package.
    return nvidia.notes(metadata.get("cuda_architectures"), _record()) if metadata else []


def gpu_notes(folder: str, backends: list[str], devices: list[dict[str, Any]]) -> list[str]:
    """Return the reasons why a model will not run on a GPU, one sentence each; empty if it will.

    `folder` has the backends, `backends` are the paths of the backends that ggml loaded.
    """
    if any(device["type"] in ("GPU", "IGPU") for device in devices):
        return []
    notes = []
    loaded = {os.path.basename(path) for path in backends}
    with_device = {os.path.basename(device.get("backend") or "") for device in devices}
    for path in sorted(glob.glob(os.path.join(glob.escape(folder), "*ggml-*"))):
        name = os.path.basename(path)
        plugin = _PLUGIN.match(name)
        if not plugin or name in with_device:  # a device that is not a GPU, such as Apple's Accelerate
            continue
        if name in loaded:
            notes.append(f"{name} is loaded but found no device: {_no_device(plugin[1], path)}")
        else:
            notes.append(f"{name} is here but does not load: {_load_error(plugin[1], path)}")
    if not notes:
        notes.append("these libraries have no GPU backend")
    return [*notes, "so models run on the CPU only"]


def _no_device(backend: str, path: str) -> str:
    if backend == "vulkan":
        return _vulkan.why_no_device(path)
    if backend == "cuda":
        visible = os.environ.get("CUDA_VISIBLE_DEVICES", "not set")
        return f"check the driver and CUDA_VISIBLE_DEVICES ({visible})"
    return "check the driver"


def _load_error(backend: str, path: str) -> str:
    try:
        _binary.open_library(path)
    except OSError as error:
        return str(error)
    if backend == "vulkan":
        return _vulkan.why_no_device(path)
    return "ggml finds that it does not suit this machine"


def print_info(facts: dict[str, Any]) -> None:
    """Print what `info` returned, one fact a line."""
    package = facts["package"]
    build = "not installed by conda"
    if package:
        build = f"{package['name']} {package['version']} {package['build']} from {package['channel']}"
    print(f"bindings   llama.cpp {facts['release']}")
    print(f"package    {build}")
    for library in facts["libraries"]:
        print(f"library    {library['path']} ({library['found']})")
    print(f"abi        {facts['abi']}")
    for path in facts["backends"]:
        print(f"backend    {path}")
    print(f"cpu        {facts['cpu_variant']}")
    for device in facts["devices"]:
        free, total = (device[f"memory_{part}"] / 2**30 for part in ("free", "total"))
        memory = f", {free:.1f} of {total:.1f} GiB free" if total else ""  # some use the system's
        print(f"device     {device['name']} ({device['type']}): {device['description']}{memory}")
    for note in facts["notes"]:
        print(f"note       {note}")
    print(f"system     {facts['system']}")


def describe_hardware() -> str:
    """Return what a model runs on when all its layers are offloaded, as a phrase."""
    devices = _devices()
    gpus = [f"{d['name']} ({d['description']})" for d in devices if d["type"] in ("GPU", "IGPU")]
    if gpus:
        return ", ".join(gpus)
    libraries = _loader.libraries()
    notes = gpu_notes(libraries.backend_folder, list(libraries.backend_paths()), devices)
    return "the CPU: " + "; ".join(notes[:-1])
