"""From a release's public headers to Python bindings, and the checks that both fit.

headers     the public headers of a tree, and their digest
ir          the intermediate representation: functions, records, enums, callbacks, constants
parse       libclang reads the headers into the IR; only this package imports libclang
abi         which scalar types are the same to calls and layouts
abi_digest  one digest of everything that compiled callers depend on
emit        the IR as Python text; only this package knows the syntax of generated files
generate    writes that text as a package
loading     imports generated modules without running the rest of a package
checks      seals, drift, compiler, symbols: each raises an error that names every fault
verify      runs those checks in order
diff        compares two IRs: what breaks ABI, what breaks source code
"""
