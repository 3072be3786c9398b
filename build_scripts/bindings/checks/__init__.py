"""Checks that bindings fit what they bind. Each raises CheckError with one line per fault.

seals     generated files were not edited
drift     the bindings are exactly what the headers give
compiler  the C++ compiler confirms every layout, value and prototype of the ctypes objects
symbols   the libraries export what is bound, and what they export publicly is bound
"""
