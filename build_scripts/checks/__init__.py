"""Checks that bindings fit what they bind; each raises CheckError with one line per disagreement.

compiler  the C++ compiler confirms every layout, value and prototype of the ctypes objects
bindings  the committed bindings exist, hold llama_* functions, and are what the headers give
"""
