# Generated from the public headers of llama.cpp b6124
# (sha256 3ca7b56b40928200fffa7dbe75758cd4648c1d08d9f9ed825bc3cc563269ede3)
# by build_scripts, generator 2. Do not edit: `python3 -m build_scripts generate`.
# seal a30b7f7c490793f8bd4808aad9567eaa6dc7719b6ee16037e06c290e1a4e6242
"""llama.cpp's C API as data, read by `llama_ctypes._api`."""

RELEASE = "b6124"
HEADERS_SHA256 = "3ca7b56b40928200fffa7dbe75758cd4648c1d08d9f9ed825bc3cc563269ede3"
ABI_SHA256 = "c807cb0e0ce20201ff8a75700233624a3dc470d612ac1802c5a752f7a0f5f6a2"
GENERATOR = 2
