"""Checks that bindings fit headers, compiler and libraries; each raises CheckError with a line per fault.

seals     generated files were not edited
drift     the bindings are exactly what the headers give
compiler  the C++ compiler confirms every layout, value and prototype of the ctypes objects
symbols   the libraries export every bound function, and every public export is bound
"""
