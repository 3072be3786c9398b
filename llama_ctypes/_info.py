"""`python -m llama_ctypes info`: what is installed, how it was found, and what it will run on."""

from __future__ import annotations

import glob
import json
import os
import re
from ctypes import byref, c_size_t
from typing import Any

import llama_ctypes as llama

from . import _abi, _loader

# The kinds of backend that have ggml run a model elsewhere than on the CPU, by their files' names.
_GPU = ("cuda", "hip", "metal", "vulkan", "sycl", "opencl", "musa", "cann", "webgpu", "zdnn", "hexagon")


def info() -> dict[str, Any]:
    """What is installed and what it runs on, as plain data."""
    opened = _loader.libraries()
    backends = list(opened.backend_paths())
    devices = _devices()
    return {
        "release": llama.RELEASE,
        "package": package_record(),
        "library": opened.path,
        "found": opened.found,
        "libraries": opened.files(),
        "abi": _abi.state(opened.folder, opened.release),
        "backends": backends,
        "cpu_variant": _cpu_variant(backends),
        "devices": devices,
        "notes": gpu_notes(opened.folder, backends, devices),
        "system": llama.llama_print_system_info().decode(errors="replace").strip(),
    }


def _devices() -> list[dict[str, Any]]:
    """ggml's devices, in its order, with their memory in bytes."""
    devices = []
    for index in range(llama.ggml_backend_dev_count()):
        device = llama.ggml_backend_dev_get(index)
        free, total = c_size_t(), c_size_t()
        llama.ggml_backend_dev_memory(device, byref(free), byref(total))
        kind = llama.enum_ggml_backend_dev_type(llama.ggml_backend_dev_type(device))
        devices.append(
            {
                "name": llama.ggml_backend_dev_name(device).decode(errors="replace"),
                "description": llama.ggml_backend_dev_description(device).decode(errors="replace"),
                "type": kind.name.removeprefix("GGML_BACKEND_DEVICE_TYPE_"),
                "memory_free": free.value,
                "memory_total": total.value,
            }
        )
    return devices


def _cpu_variant(backends: list[str]) -> str:
    """Which of the compiled CPU variants ggml chose for this processor."""
    for path in backends:
        found = re.match(r"(?:lib)?ggml-cpu-(\w+)\.", os.path.basename(path))
        if found:
            return found[1]
    return "the only one (these libraries are compiled for one kind of processor)"


def package_record() -> dict[str, str] | None:
    """What conda recorded when it installed this package; None where it did not."""
    prefix = _loader.package_prefix()
    records = (
        glob.glob(os.path.join(glob.escape(prefix), "conda-meta", "llama-ctypes-*.json")) if prefix else []
    )
    for path in records:
        with open(path, encoding="utf-8") as file:
            record = json.load(file)
        if record.get("name") == "llama-ctypes":
            return {key: str(record.get(key, "")) for key in ("name", "version", "build", "channel")}
    return None


def gpu_notes(folder: str, backends: list[str], devices: list[dict[str, Any]]) -> list[str]:
    """One sentence for each reason why a model will not run on a GPU; empty where one will."""
    if any(device["type"] in ("GPU", "IGPU") for device in devices):
        return []
    notes = []
    loaded = {os.path.basename(path) for path in backends}
    for path in sorted(glob.glob(os.path.join(glob.escape(folder), "*ggml-*"))):
        name = os.path.basename(path)
        kind = re.match(rf"(?:lib)?ggml-({'|'.join(_GPU)})\b.*\.(?:so|dylib|dll)$", name)
        if kind and name in loaded:
            notes.append(
                f"{name} is loaded but found no device: check the driver"
                + (f" and CUDA_VISIBLE_DEVICES ({os.environ.get('CUDA_VISIBLE_DEVICES', 'not set')})"
                   if kind[1] == "cuda" else "")
            )  # fmt: skip
        elif kind:
            notes.append(f"{name} is here but does not load: {_why(path)}")
    if not notes:
        notes.append("these libraries have no GPU backend")
    return [*notes, "so models run on the CPU only"]


def _why(path: str) -> str:
    try:
        _loader.open_library(path)
    except OSError as error:
        return str(error)
    return "ggml finds that it does not suit this machine"


def print_info(found: dict[str, Any]) -> None:
    """The same for people."""
    package = found["package"]
    build = "none installed by conda here"
    if package:
        build = f"{package['name']} {package['version']} {package['build']} from {package['channel']}"
    print(f"bindings   llama.cpp {found['release']}")
    print(f"package    {build}")
    for library in found["libraries"]:
        print(f"library    {library['path']} ({library['found']})")
    print(f"abi        {found['abi']}")
    for path in found["backends"]:
        print(f"backend    {path}")
    print(f"cpu        {found['cpu_variant']}")
    for device in found["devices"]:
        free, total = (device[f"memory_{kind}"] / 2**30 for kind in ("free", "total"))
        print(
            f"device     {device['name']} ({device['type']}): {device['description']}, "
            f"{free:.1f} of {total:.1f} GiB free"
        )
    for note in found["notes"]:
        print(f"note       {note}")
    print(f"system     {found['system']}")


def run_on() -> str:
    """Where a model that is loaded with all layers offloaded runs, as a phrase."""
    devices = _devices()
    gpus = [f"{d['name']} ({d['description']})" for d in devices if d["type"] in ("GPU", "IGPU")]
    if gpus:
        return ", ".join(gpus)
    opened = _loader.libraries()
    return "the CPU: " + "; ".join(gpu_notes(opened.folder, list(opened.backend_paths()), devices)[:-1])
