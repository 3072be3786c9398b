# Generated from the public headers of llama.cpp b6124
# (sha256 3ca7b56b40928200fffa7dbe75758cd4648c1d08d9f9ed825bc3cc563269ede3)
# by build_scripts, generator 4. Do not edit: `python3 -m build_scripts generate`.
# seal 8a0a4a357124932dfa74f4c3c25232f4e317b29668412c192d75bc90f3c94312
"""llama.cpp's C API as data, read by `llama_ctypes._api`."""

RELEASE = "b6124"
HEADERS_SHA256 = "3ca7b56b40928200fffa7dbe75758cd4648c1d08d9f9ed825bc3cc563269ede3"
ABI_SHA256 = "30e8d1acebd6506939eeec1b6a728f49ece8848b8b865af5a5b082946f57e51d"
GENERATOR = 4
