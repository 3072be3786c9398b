"""Open DLLs on Windows: with the right dependencies, and never with those of the working directory."""

from __future__ import annotations

import ctypes
import os
import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LOAD_LIBRARY_SEARCH_DEFAULT_DIRS = 0x1000


def open_dll(path: str, folders: list[str]) -> ctypes.CDLL:
    """Open the DLL at a full path; its dependencies may be in its folder or in `folders`.

    Raises OSError, which names the missing dependencies.
    """
    added = [os.add_dll_directory(folder) for folder in folders if os.path.isdir(folder)]  # type: ignore[attr-defined,unused-ignore]
    try:
        return ctypes.CDLL(path)
    except OSError as error:
        # Windows itself does not name the DLL that is missing.
        missing = list(_missing(path, {path}))
        if not missing:
            raise OSError(error.strerror or str(error)) from None
        raise OSError(f"it needs {', '.join(missing)}, which Windows does not find") from None
    finally:
        for directory in added:
            directory.close()


def load_backends(
    load: Callable[[bytes], object], folder: str, extra: str | None, folders: list[str]
) -> list[str]:
    """Let ggml's function `load` open the backends in `folder`; return why some do not open.

    ggml opens them in the old way, which looks for their dependencies in the working directory. Windows does
    not look for a dependency that is open already, so each backend is opened first, also the one at the path
    `extra`. Their dependencies may be in their own folder or in `folders`, such as CUDA's.
    """
    names = [
        name for name in sorted(os.listdir(folder)) if name.startswith("ggml-") and name.endswith(".dll")
    ]
    paths = [os.path.join(folder, name) for name in names if not name.startswith("ggml-base")]
    failures = []
    for path in [*paths, extra] if extra else paths:
        try:
            open_dll(path, folders)
        except OSError as error:
            failures.append(f"{os.path.basename(path)}: {error}")
    if failures:
        with _InsteadOfWorkingDirectory(folder):
            load(os.fsencode(folder))
    else:
        load(os.fsencode(folder))
    return failures


class _InsteadOfWorkingDirectory:
    """While this context is active, Windows looks for DLLs in `folder` instead of the working directory."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        kernel32 = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
        size = kernel32.GetDllDirectoryW(0, None)
        # With more, the program has already replaced the working directory by a folder.
        self._set = kernel32.SetDllDirectoryW if size <= 1 else None
        # 1 is "", for no folder. Wine returns it for the default too, and ignores "".
        self._before = "" if size else None
        if self._set:
            self._set(self._folder)

    def __exit__(self, *_: object) -> None:
        if self._set:
            self._set(self._before)


def _missing(path: str, seen: set[str]) -> Iterator[str]:
    """Yield the DLLs that `path`, or a dependency in its folder, imports and Windows does not find."""
    with open(path, "rb") as file:
        names = imports(file.read())
    for name in names:
        dependency = os.path.join(os.path.dirname(path), name)
        if dependency in seen:
            continue
        seen.add(dependency)
        if os.path.isfile(dependency):
            yield from _missing(dependency, seen)
        elif not ctypes.WinDLL("kernel32").LoadLibraryExW(  # type: ignore[attr-defined,unused-ignore]
            name, None, _LOAD_LIBRARY_SEARCH_DEFAULT_DIRS
        ):
            yield name


def imports(data: bytes) -> list[str]:
    """Return the names of the DLLs that a 64-bit DLL imports; an empty list if `data` is not one."""
    try:
        return list(_imports(data))
    except (struct.error, ValueError):
        return []


def _imports(data: bytes) -> Iterator[str]:
    # Offsets are those of Microsoft's PE format: headers, section table, import directory.
    (header,) = struct.unpack_from("<I", data, 0x3C)
    sections, optional_size = struct.unpack_from("<H12xH", data, header + 6)
    optional = header + 24
    magic, directory = struct.unpack_from("<H", data, optional)[0], optional + 112 + 8
    if data[header : header + 4] != b"PE\0\0" or magic != 0x20B:
        return

    def offset(address: int) -> int:
        for index in range(sections):
            place = optional + optional_size + 40 * index
            size, start, raw_size, raw = struct.unpack_from("<4I", data, place + 8)
            if start <= address < start + max(size, raw_size):
                return int(address - start + raw)
        raise ValueError("an address outside every section")

    (table,) = struct.unpack_from("<I", data, directory)
    descriptor = offset(table) if table else len(data)
    while name := struct.unpack_from("<I", data, descriptor + 12)[0]:
        start = offset(name)
        yield data[start : data.index(b"\0", start)].decode("ascii")
        descriptor += 20
