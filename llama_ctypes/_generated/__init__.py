# Generated from the public headers of llama.cpp b6124
# (sha256 3ca7b56b40928200fffa7dbe75758cd4648c1d08d9f9ed825bc3cc563269ede3)
# by build_scripts, generator 3. Do not edit: `python3 -m build_scripts generate`.
# seal a4ff16835235ac16c54490134db37046f1cb0744b1312eeda31133cde218f32a
"""llama.cpp's C API as data, read by `llama_ctypes._api`."""

RELEASE = "b6124"
HEADERS_SHA256 = "3ca7b56b40928200fffa7dbe75758cd4648c1d08d9f9ed825bc3cc563269ede3"
ABI_SHA256 = "30e8d1acebd6506939eeec1b6a728f49ece8848b8b865af5a5b082946f57e51d"
GENERATOR = 3
