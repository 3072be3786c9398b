"""Checks that bindings fit what they bind, and libraries what is shipped; CheckError has a line per fault.

bindings  they exist, hold llama_* functions, and are to the byte what the headers give
seals     generated files are as they were generated
compiler  the C++ compiler confirms every layout, value and prototype of the ctypes objects
symbols   what is bound is exported by the libraries, what is exported and public is bound
binaries  the compiled files of an installed package: linked and hardened as they should be, no build path
"""
