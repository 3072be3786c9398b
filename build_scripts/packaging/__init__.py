"""From a verified tree to tested conda packages, and text from a model.

variants        which packages exist: recipe/ and variants.yaml, rendered for a platform
channel         where dependencies come from: conda-forge, or a local channel made from PyPI
progress        a build's events, as a log file and as lines for people
build           rattler-build compiles, packs and tests; the result goes into a channel folder
install         py-rattler creates a clean prefix with the package
binaries        how the compiled files are linked and hardened
upstream_tools  the release's own programs, for comparison
tiny_models     small models to generate text with
smoke_test      installs a package, checks its files and generates text
conda           the same with conda-build and conda, where they are installed
"""
