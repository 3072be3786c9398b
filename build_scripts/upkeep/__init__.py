"""Maintain this repository: update it, check it and release it.

edits         changes several files, all or none
bump          moves the pin, and updates everything that depends on it
review        judges a change that another job made, and runs nothing of it
pull_request  opens a pull request from changes that another job made
update        bumps to upstream's newest release; solves the lock files again
release       a release of this project: changelog, packages, GitHub
feedstock     the folder that conda-forge's staged-recipes takes, made from recipe/ and variants.yaml
dependencies  what pixi.toml requires, and what conda-forge's feedstocks have
lint          ruff and mypy for the code, typos for all text, linters for .github
survey        runs every check on every available release
functions     which release has which function, in which library: survey writes it, site reads it
pictures      the pictures of README.md: charts of docs/, and terminals in which the package runs
site          the documentation as web pages, with a reference of all functions
"""
