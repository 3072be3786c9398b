# Generated from the public headers of llama.cpp b6124
# (sha256 3ca7b56b40928200fffa7dbe75758cd4648c1d08d9f9ed825bc3cc563269ede3)
# by build_scripts, generator 3. Do not edit: `python3 -m build_scripts generate`.
# seal d8e3a393f339c8b994de7d1d0b85742da0b487b1f46145c42ab67615b15ab2e9
"""llama.cpp's C API as data, read by `llama_ctypes._api`."""

RELEASE = "b6124"
HEADERS_SHA256 = "3ca7b56b40928200fffa7dbe75758cd4648c1d08d9f9ed825bc3cc563269ede3"
ABI_SHA256 = "09aa1520441c75cc3d0d3bf6a99085846b26d88fdf131caa986f5d78c7e7ed61"
GENERATOR = 3
