"""From a llama.cpp release to a conda package and the proof that its parts fit.

Data flows one way through these stages; no module imports one that comes after it (a test sees to that):

    pin        variants.yaml and releases.tsv: which release, and what is known of it
    source     a verified, unpacked tree (folder, archive, cache, GitHub, npm bundle)
    headers    which public headers this release has, and their digest
    model      frozen dataclasses: functions, records, enums, callbacks, macros
    diff       two models: what of their differences breaks ABI, and what source
    parse      libclang reads the headers; the only package that knows libclang
    abi        one digest over what compiled callers depend on
    emit       model to text; the only package that knows the output's syntax
    generate   the text into a package of bindings, or against one
    checks     seals, drift, compiler, symbols: bindings against headers and libraries; binaries: linking
    channel    conda-forge where it is reached, else a local channel made from PyPI's wheels
    render     recipe/ and variants.yaml: which packages there are
    progress   a package build's events, as log and as lines for people
    package    rattler-build turns recipe/ and a tree into .conda files
    edits      changes to several files, all or none
    bump       the pin to another release, with all that follows from it
    propose    a change to this repository as a pull request
    update     upstream's newest release, and pixi.lock solved anew, as such changes
    release    one of this project: changelog, notes, packages to their channel
    lint       ruff and mypy on the code, the linters of .github on the workflows
    install    py-rattler solves and links them into a clean prefix
    reference  the release's own programs, to compare with
    models     small models to generate with
    trial      a clean prefix, the package in it, and tokens out of it
    conda      conda's own programs where they are installed: conda-build, conda create
    survey     the checks on every release, as a table
    cli        the commands; `python3 -m build_scripts --help`

Before them all stand `errors`, `process` (the one subprocess runner) and `provision` (the self-made .venv).
"""
