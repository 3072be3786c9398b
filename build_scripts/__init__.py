"""From a llama.cpp release to a conda package and the proof that its parts fit.

Data flows one way through these stages; no module imports one that comes after it:

    pin       variants.yaml and releases.tsv: which release, and what is known of it
    source    a verified, unpacked tree (folder, archive, cache, GitHub, npm bundle)
    headers   which public headers this release has, and their digest
    parse     libclang reads the headers; the only module that knows libclang
    model     frozen dataclasses: functions, records, enums, callbacks, macros
    emit      model to text; the only package that knows the output's syntax
    checks    drift and layout: bindings against headers and compiler
    channel   conda-forge where it is reached, else a local channel made from PyPI's wheels
    package   rattler-build turns recipe/ and a tree into .conda files
    install   py-rattler solves and links them into a clean prefix

Beside the stages stand `errors`, `process` (the one subprocess runner), `provision`
(the self-made .venv) and `cli` (the commands; `python3 -m build_scripts --help`).
"""
