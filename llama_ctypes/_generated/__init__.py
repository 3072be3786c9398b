# Generated from the public headers of llama.cpp b6124
# (sha256 3ca7b56b40928200fffa7dbe75758cd4648c1d08d9f9ed825bc3cc563269ede3)
# by build_scripts, generator 1. Do not edit: `python3 -m build_scripts generate`.
"""llama.cpp's C API as data, read by `llama_ctypes._api`."""

RELEASE = "b6124"
HEADERS_SHA256 = "3ca7b56b40928200fffa7dbe75758cd4648c1d08d9f9ed825bc3cc563269ede3"
GENERATOR = 1
