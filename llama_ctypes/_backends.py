"""Let ggml load its backends from one folder, and check that it then has one for the CPU."""

from __future__ import annotations

import ctypes
import os
import sys

from . import _binary, _log
from ._errors import LibraryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_EXTRA = "GGML_BACKEND_PATH"
# Every release that loads backends has these numbers.
_INFO, _CPU_DEVICE = 2, 0


def load(core: Callable[..., ctypes._NamedFuncPointer], folder: str, extra: str | None) -> str:
    """Let ggml load the backends in `folder`, and the one at the path `extra`; return the folder it searched.

    `core` returns an exported function. If `folder` has no backends, ggml searches the folder that was
    compiled into it. Raises OSError if there is then no backend for the CPU, or if a file would end the
    process; LibraryError if `extra` does not load, or if a variable would end the process.
    """
    if _is_linked_to_vulkan(core):
        _check_vulkan(core)
    try:
        count = core("ggml_backend_reg_count", ctypes.c_size_t)
        load_all = core("ggml_backend_load_all_from_path", None, ctypes.c_char_p)
        log_set = core("ggml_log_set", None, ctypes.c_void_p, ctypes.c_void_p)
    except AttributeError:
        return folder  # releases before loadable backends
    linked = count() > 0
    paths = [] if linked else _binary.plugins(folder)
    if not linked and not paths:
        from . import _backend_search

        folder = _backend_search.compiled_in(load_all) or folder
        paths = _binary.plugins(folder)
    _check_files(paths, extra)
    lines: list[tuple[int, bytes]] = []

    def listen(level: int, text: bytes, _data: object) -> None:
        lines.append((level, text))

    listener = _log.Listener(listen)
    reasons: list[str] = []
    log_set(listener, None)
    try:
        if not linked:
            reasons = _load_all(load_all, folder, paths, extra)
        elif extra:
            core("ggml_backend_load", ctypes.c_void_p, ctypes.c_char_p)(os.fsencode(extra))
    finally:
        log_set(None, None)  # ggml's default
        listener.close()
    if extra and not _is_loaded(core, count(), extra):
        raise LibraryError(f"{_EXTRA}={extra} does not load{_in_ggmls_words(reasons, lines)}")
    if not _has_cpu(core, count):
        from . import _backend_search

        raise OSError(
            f"there is no ggml backend for the CPU: {_backend_search.why_no_cpu(load_all, folder)}"
            f"{_in_ggmls_words(reasons, lines)}"
        )
    for level, text in lines:
        if level > _INFO or "logging" in sys.modules:  # otherwise no handler can want the text
            _log.record(level, text)
    return folder


def _load_all(
    load_all: ctypes._NamedFuncPointer, folder: str, paths: list[str], extra: str | None
) -> list[str]:
    """Call ggml's function for `folder`; return why backends do not open, if ggml does not log it."""
    # ggml itself reads this variable, also if it is empty or this process must not trust it.
    hidden = None if extra else os.environ.get(_EXTRA)
    if hidden is not None:
        os.unsetenv(_EXTRA)
    try:
        if sys.platform == "win32":
            from . import _windows

            return _windows.load_backends(load_all, folder, extra, _binary.dependency_folders())
        variant = _first_variant(folder, paths)
        load_all(os.fsencode(folder))
        if variant:
            from _ctypes import dlclose

            dlclose(variant)
        return []
    finally:
        if hidden is not None:
            os.putenv(_EXTRA, hidden)


def _first_variant(folder: str, paths: list[str]) -> int | None:
    """Open one of several CPU variants, without a class for its functions; return the handle to close.

    ggml opens and closes one variant after the other. While one stays open, so do the libraries that they
    all need, such as libgomp.
    """
    start = os.path.join(folder, f"{_binary.PREFIX}ggml-cpu-")
    variants = [path for path in paths if path.startswith(start)]
    if sys.platform == "win32" or len(variants) < 2:
        return None
    from _ctypes import dlopen

    try:
        return dlopen(variants[0], os.RTLD_NOW)
    except OSError:
        return None  # ggml will not open it either


def _check_files(paths: list[str], extra: str | None) -> None:
    """Raise OSError if a file of `paths` would end the process, LibraryError for `extra` or a variable."""
    for path in paths:
        danger = _binary.why_dangerous(path)
        if danger:
            raise OSError(f"{os.path.basename(path)} {danger}")
    if extra:
        _check_extra(extra)
    for path in [*paths, extra or ""]:
        if "ggml-vulkan" in os.path.basename(path):
            _check_vulkan(path)


def _check_vulkan(backend: str | Callable[..., ctypes._NamedFuncPointer]) -> None:
    """Raise LibraryError if ggml's variable for Vulkan would end the process; see _vulkan.why_fatal."""
    from . import _vulkan

    reason = _vulkan.why_fatal(backend)
    if reason:
        raise LibraryError(reason)


def _is_linked_to_vulkan(core: Callable[..., ctypes._NamedFuncPointer]) -> bool:
    try:
        core("vkCreateInstance", ctypes.c_int)
    except AttributeError:
        return False
    return True


def _check_extra(extra: str) -> None:
    try:
        _binary.open_library(extra)
    except OSError as error:
        raise LibraryError(f"cannot open {_EXTRA}: {extra}: {error}") from None


def _is_loaded(core: Callable[..., ctypes._NamedFuncPointer], count: int, extra: str) -> bool:
    get = core("ggml_backend_reg_get", ctypes.c_void_p, ctypes.c_size_t)
    paths = [_binary.containing(get(index)) for index in range(count)]
    return any(path and os.path.samefile(path, extra) for path in paths)


def _has_cpu(core: Callable[..., ctypes._NamedFuncPointer], count: ctypes._NamedFuncPointer) -> bool:
    try:
        by_type = core("ggml_backend_dev_by_type", ctypes.c_void_p, ctypes.c_int)
    except AttributeError:
        return bool(count())
    return by_type(_CPU_DEVICE) is not None


def _in_ggmls_words(reasons: list[str], lines: list[tuple[int, bytes]]) -> str:
    texts = [*reasons, *(text.decode(errors="replace").strip() for _, text in lines)]
    words = "; ".join(text for text in texts if text and ": loaded " not in text)
    return f" (ggml: {words})" if words else ""
