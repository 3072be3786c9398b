"""Build conda packages from a verified tree, install them, test them and turn them into wheels.

variants        lists the packages: recipe/ and variants.yaml, rendered for a platform
channel         chooses where dependencies come from: conda-forge, or a local channel
progress        writes a build's events to a log file and the important ones to the terminal
worker          runs rattler-build in a process that can be ended
build           compiles, packs and tests with rattler-build, then publishes into a channel folder
install         creates a clean prefix with the package, through py-rattler
binaries        checks how the compiled files are linked and hardened
upstream_tools  compiles the release's own programs, for comparison
tiny_models     provides small models to generate text with
smoke_test      installs a package, checks its files and generates text
built           reads a package that `build` made
core_metadata   describes wheels and source archives for pip
wheel           turns a built package into a wheel
editable        makes an editable wheel, which leads to the checkout
sdist           packs this project as a source archive
conda           builds and installs with conda-build and conda, if they are installed
"""
