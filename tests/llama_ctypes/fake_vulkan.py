"""A Vulkan with any devices, and backends that are linked to it, compiled on the spot."""

from __future__ import annotations

from pathlib import Path

from tests.llama_ctypes.tiny_library import BACKEND, compile_library

# What a loader of Vulkan exports. A device is its type and its name.
_VULKAN = """
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
static const char * names[] = {NAMES};
static const int count = sizeof names / sizeof *names - 1;
static int alive = 0;
int vkCreateInstance(const void * info, const void * allocator, void ** instance) {
    for (int i = 0; i < 64; i++) if (((const char *) info)[i] != (i == 0)) return -3;
    if (STATUS) return STATUS;
    *instance = &alive; alive++;
    return 0;
}
void vkDestroyInstance(void * instance, const void * allocator) { alive--; }
int vkEnumeratePhysicalDevices(void * instance, uint32_t * number, void ** devices) {
    if (instance != &alive || !alive) abort();
    *number = count;
    for (int i = 0; devices && i < count; i++) devices[i] = (void *) names[i];
    return 0;
}
void vkGetPhysicalDeviceProperties(void * device, void * properties) {
    memset(properties, 0, 824);
    ((char *) properties)[16] = ((const char *) device)[0] - '0';
    strcpy((char *) properties + 20, (const char *) device + 1);
}
int vulkan_instances(void) { return alive; }
"""
GPU, SOFTWARE = 2, 4
"""Types of Vulkan's devices: a discrete GPU, and a CPU."""


def vulkan(*devices: tuple[str, int], status: int = 0) -> str:
    """Return the C code of a Vulkan with these devices; creating an instance returns `status`."""
    names = "".join(f'"{device_type}{name}", ' for name, device_type in devices)
    return _VULKAN.replace("NAMES", f"{names}0").replace("STATUS", str(status))


def compile_vulkan(path: Path, *devices: tuple[str, int], status: int = 0) -> Path:
    """Compile at `path` a backend that is linked to such a Vulkan."""
    return compile_library(vulkan(*devices, status=status) + BACKEND % {"type": 1, "score": 1}, path)
