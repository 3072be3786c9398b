"""Turns a llama.cpp release into ctypes bindings and conda packages, and proves that the two fit.

The code is built in wings. A wing imports from the wings below it, never from those above:

    cli         the commands; `python3 -m build_scripts --help` lists them
    upkeep      changes to this repository: move the pin, release, lint, survey all releases
    packaging   builds conda packages from recipe/ and a tree, and tests them in a clean prefix
    bindings    generates Python bindings from headers, and checks them against compiler and libraries
    source      provides a verified, unpacked tree of any release
    ground      the modules in this folder, which every wing uses

Each wing's docstring lists its modules in the order in which data flows through them. The ground:

    errors      the exception tree
    versions    release tags and the package versions that follow from them
    pin         reads variants.yaml and releases.tsv: the pinned release, and records of the others
    cache       finds the folder for downloads and compiled files
    copying     copies files and folders that may be read-only
    process     runs other programs
    steps       reports how far a long task is
    provision   creates .venv on first use; standard library only

Two modules start the program, so they are above the wings: __main__ for the command line, and

    pep517      for pip: builds wheels and source archives
"""
