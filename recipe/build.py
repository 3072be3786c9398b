"""Build script of the conda package: compiles llama.cpp, generates its bindings, installs both.

rattler-build and conda-build run this in SRC_DIR, which holds `llama.cpp/` and `llama-ctypes/`, on every
platform. Standard library only, and nothing of this project is imported but this folder's modules: a build
starts with a bare Python.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import cpu_variants
import dist_info
import shaders
import vendored

WINDOWS = os.name == "nt"
ORIGIN = "@loader_path" if sys.platform == "darwin" else "$ORIGIN"

# The targets that make a library we ship; a release that lacks one (mtmd came late) is built without it.
TARGETS = ("ggml", "llama", "mtmd")

COMMON_FLAGS = {
    "CMAKE_BUILD_TYPE": "Release",
    "CMAKE_EXPORT_COMPILE_COMMANDS": "ON",  # cpu_variants.py reads them
    "BUILD_SHARED_LIBS": "ON",
    # Hardware is chosen at run time. All said outright: with SOURCE_DATE_EPOCH set, as it is here, ggml's
    # own defaults switch every SIMD flag off.
    "GGML_BACKEND_DL": "ON",
    "GGML_CPU_ALL_VARIANTS": "ON",
    "GGML_NATIVE": "OFF",
    # As fast as ggml's own threads, and hundreds of times faster where threads outnumber cores (docs/cpu.md).
    "GGML_OPENMP": "ON",
    "GGML_CCACHE": "OFF",
    # Backends besides the CPU's: one loadable library each. Those on a kind of hardware follow below.
    "GGML_CUDA": "OFF",
    "GGML_METAL": "OFF",
    "GGML_VULKAN": "OFF",
    "GGML_RPC": "ON",
    "GGML_RPC_RDMA": "OFF",  # v0.5.0 would link the build machine's RDMA library, where it has one
    "GGML_BLAS": "ON" if sys.platform == "darwin" else "OFF",  # Apple's Accelerate: part of the system
    # mtmd lives among the tools; of the tools nothing else is built.
    "LLAMA_BUILD_COMMON": "ON",
    "LLAMA_BUILD_TOOLS": "ON",
    "LLAMA_BUILD_TESTS": "OFF",
    "LLAMA_BUILD_EXAMPLES": "OFF",
    "LLAMA_BUILD_SERVER": "OFF",
    "LLAMA_BUILD_APP": "OFF",
    "MTMD_VIDEO": "OFF",  # from v0.5.0 on libmtmd would run whatever `ffmpeg` PATH has
    "LLAMA_CURL": "OFF",
    "LLAMA_OPENSSL": "OFF",
    # Upstream's to mend; they bury what failed.
    "LLAMA_ALL_WARNINGS": "OFF",
    # One name per library and release (libllama.so, never libllama.so.0 and links): the folder is private.
    "CMAKE_PLATFORM_NO_VERSIONED_SONAME": "ON",
    "CMAKE_BUILD_WITH_INSTALL_RPATH": "ON",
    "CMAKE_INSTALL_RPATH": f"{ORIGIN};{ORIGIN}/..",
    # The probes for git would report the HEAD of whatever repository the build happens to lie in.
    "CMAKE_DISABLE_FIND_PACKAGE_Git": "ON",
    "GIT_EXE": "",
    "GIT_EXECUTABLE": "",
}

BACKEND_FLAGS: dict[str, dict[str, str]] = {
    "cpu": {},
    "cuda": {"GGML_CUDA": "ON", "GGML_CUDA_GRAPHS": "ON"},
    # The shaders travel in the library; no file is looked for at run time.
    "metal": {"GGML_METAL": "ON", "GGML_METAL_EMBED_LIBRARY": "ON"},
    "vulkan": {"GGML_VULKAN": "ON"},
}


def flags(tag: str, backend: str, cuda_architectures: str = "") -> dict[str, str]:
    """Return every CMake setting for release `tag` and `backend`."""
    # Only b tags count commits; a v tag has no build number.
    number = tag[1:] if tag.startswith("b") else "0"
    identity = {
        "LLAMA_BUILD_NUMBER": number,
        "LLAMA_BUILD_COMMIT": tag,
        "GGML_BUILD_NUMBER": number,
        "GGML_BUILD_COMMIT": tag,
        "LLAMA_BUILD_IS_DEV": "OFF" if tag.startswith("v") else "ON",
    }
    settings = COMMON_FLAGS | BACKEND_FLAGS[backend] | identity
    if backend == "cuda":
        settings["CMAKE_CUDA_ARCHITECTURES"] = cuda_architectures
    if backend == "vulkan":
        # The build runs a program that it compiles. conda-forge's cross compilers say here what compiles it.
        for name, variable in (("HOST_C_COMPILER", "CC_FOR_BUILD"), ("HOST_CXX_COMPILER", "CXX_FOR_BUILD")):
            if os.environ.get(variable):
                settings[name] = os.environ[variable]
    return settings


# conda-forge's compilers ask for most of this themselves, but CMake does not read CPPFLAGS, where their
# fortify stands; the host's compiler behind a local channel asks for nothing. MSVC has its own defaults.
HARDENED = ("-fstack-protector-strong", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2")
HARDENED_LINKS = ("-Wl,-z,relro", "-Wl,-z,now", "-Wl,-z,noexecstack") if sys.platform == "linux" else ()
# rattler-build rewrites libraries that have the other tag, DT_RUNPATH; the hashes in the bill of materials
# would be wrong then.
RPATH_TAG = ("-Wl,--disable-new-dtags",) if sys.platform == "linux" else ()
# The sysroot of conda-forge's packages for arm64 may be glibc 2.17's.
HWCAP = ("-include", shlex.quote(str(Path(__file__).with_name("hwcap.h")))) if sys.platform == "linux" else ()


def run(command: list[str | Path], **kwargs: Path | dict[str, str]) -> None:
    """Run a command with this program's output streams; end the build if it fails."""
    print("+", *command, flush=True)
    status = subprocess.run(command, check=False, **kwargs).returncode  # type: ignore[call-overload]
    if status != 0:
        sys.exit(f"{Path(command[0]).name} failed with exit status {status}")


def compile_libraries(
    source: Path, build: Path, settings: dict[str, str], *, skip_variants: bool = False
) -> list[Path]:
    """Build the targets and return the shared libraries, without links to them.

    With `skip_variants`, CPU variants that the compiler cannot build are left out. Otherwise they end the
    build before anything is compiled. Afterwards `source` is as before.
    """
    environment = dict(os.environ)
    # No path of the machine that built it, in assertions or debug information.
    folders = {str(source): "llama.cpp", str(build): "build"}
    folders |= {os.environ[name]: name.lower() for name in ("BUILD_PREFIX", "PREFIX") if os.environ.get(name)}
    added: dict[str, Sequence[str]]
    if WINDOWS:
        # MSVC cuts these prefixes off __FILE__. CMake reads the variables as command lines.
        trims = [f'"/d1trimfile:{folder}"' for folder in folders]
        added = {"CFLAGS": trims, "CXXFLAGS": trims, "CUDAFLAGS": [f"-Xcompiler={trim}" for trim in trims]}
    else:
        # CMake passes these variables to a shell, and a folder may have a space in its name.
        maps = [shlex.quote(f"-ffile-prefix-map={folder}={name}") for folder, name in folders.items()]
        compiling = [*HARDENED, *maps]
        added = {
            "CFLAGS": compiling,
            "CXXFLAGS": [*compiling, *HWCAP],
            "CUDAFLAGS": [f"-Xcompiler={flag}" for flag in compiling],
            "LDFLAGS": (*HARDENED_LINKS, *RPATH_TAG),
        }
    for variable, options in added.items():
        environment[variable] = " ".join([environment.get(variable, ""), *options]).strip()
    arguments = [f"-D{name}={value}" for name, value in settings.items()]
    # conda-forge's compilers say here where to look for what, and how to cross-compile.
    arguments = shlex.split(os.environ.get("CMAKE_ARGS", ""), posix=not WINDOWS) + arguments
    configure: list[str | Path] = ["cmake", "-S", source, "-B", build, "-G", "Ninja", *arguments]
    run(configure, env=environment)
    with contextlib.ExitStack() as stack:
        if not WINDOWS and (unsupported := cpu_variants.unsupported(build)):
            names = ", ".join(f"{variant} ({options})" for variant, options in unsupported.items())
            if not skip_variants:
                sys.exit(f"the compiler is too old for these CPU variants: {names}")
            # The terminal shows notices of the build's log.
            print(f"notice: the compiler is too old for these CPU variants: {names}; left out", flush=True)
            stack.enter_context(cpu_variants.without(source, unsupported))
            run(configure, env=environment)
        if settings["GGML_VULKAN"] == "ON" and (extensions := shaders.unsupported(source, build)):
            names = ", ".join(extensions)
            print(f"notice: glslc is too old for {names}; GPUs that have them will be slower", flush=True)
        known = subprocess.run(
            ["ninja", "-C", str(build), "-t", "targets", "all"],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
        targets = [target for target in TARGETS if f"\n{target}: phony" in known]
        jobs = os.environ.get("CPU_COUNT") or str(os.cpu_count() or 1)
        run(["cmake", "--build", build, "--parallel", jobs, "--target", *targets], env=environment)
    paths = [
        path for suffix in ("so", "dylib", "dll") for path in sorted((build / "bin").glob(f"*.{suffix}"))
    ]
    return [path for path in paths if not path.is_symlink()]


def check_cpu_backend(libraries: Sequence[Path]) -> None:
    """End the build if no CPU backend was compiled."""
    if not any("ggml-cpu" in path.name for path in libraries):
        sys.exit("no CPU backend (ggml-cpu*) was compiled, without which the package cannot run")


def install_libraries(libraries: list[Path], folder: Path) -> None:
    """Copy the libraries into their private folder and strip symbols that are unused at run time."""
    folder.mkdir(parents=True)
    for library in libraries:
        shutil.copy2(library, folder)
    if not WINDOWS:
        strip = shlex.split(os.environ.get("STRIP", "strip"))
        how = "-x" if sys.platform == "darwin" else "--strip-unneeded"
        run([*strip, how, *(folder / library.name for library in libraries)])


def definitions(build: Path) -> list[str]:
    """Return the macros with which libllama was compiled, as NAME or NAME=VALUE."""
    commands = json.loads(
        subprocess.run(["ninja", "-C", str(build), "-t", "compdb"], stdout=subprocess.PIPE, check=True).stdout
    )
    command = next(entry["command"] for entry in commands if entry["file"].endswith("src/llama.cpp"))
    words = shlex.split(command, posix=not WINDOWS)
    return [word[2:] for word in words if word.startswith(("-D", "/D")) and '"' not in word]


def bindings_command(command: str, source: Path, tag: str, site_packages: Path) -> list[str | Path]:
    """Return the command line that runs `generate` or `verify` for the bindings that are installed."""
    # The build environment's Python has the generator's requirements; the host's may be another platform's.
    prefix = Path(os.environ["BUILD_PREFIX"])
    python = prefix / "python.exe" if WINDOWS else prefix / "bin" / "python"
    release: list[str | Path] = ["--source", source, "--tag", tag]
    release += ["--module-name", "llama_ctypes", "--output", site_packages]
    return [python, "-B", "-m", "build_scripts", command, *release]


def install_headers(source: Path, package: Path, folder: Path) -> None:
    """Copy, for help(), the headers that the bindings in `package` name, with their paths in the tree."""
    table = (package / "_generated" / "functions.py").read_text(encoding="utf-8")
    for name in sorted(set(re.findall(r"\t([^\t:]+\.h):\d+\t", table))):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, folder / name)


def write_metadata(package: Path, folder: Path, cuda_architectures: str = "") -> None:
    """Record the release and the ABI of the libraries in their folder; the loader compares them.

    `info` compares `cuda_architectures`, what a CUDA backend was compiled for, with the machine's GPUs.
    """
    generated = runpy.run_path(str(package / "_generated" / "__init__.py"))
    metadata = {"release": generated["RELEASE"], "abi_sha256": generated["ABI_SHA256"]}
    if cuda_architectures:
        metadata["cuda_architectures"] = cuda_architectures
    (folder / "metadata.json").write_text(json.dumps(metadata, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Run the recipe's build, from and into the folders that the environment names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tag", required=True, help="the release llama.cpp/ holds")
    parser.add_argument("--version", required=True, help="the version of the package")
    parser.add_argument("--python-min", required=True, help="the oldest Python that it runs on")
    parser.add_argument("--backend", required=True, choices=sorted(BACKEND_FLAGS))
    parser.add_argument("--cuda-architectures", default="", help="as CMAKE_CUDA_ARCHITECTURES takes them")
    parser.add_argument(
        "--skip-variants", action="store_true", help="leave out CPU variants that the compiler cannot build"
    )
    arguments = parser.parse_args()
    work = Path(os.environ["SRC_DIR"])
    if arguments.backend == "vulkan" and re.search(r"\s", str(work)):
        # It does not quote the paths that it passes to a shell, and waits for ever after 16 errors.
        sys.exit(f"vulkan-shaders-gen cannot work in {work}, whose path has a space; build in another folder")
    source, project = work / "llama.cpp", work / "llama-ctypes"
    # On Windows PREFIX/lib is Python's standard library; compiled things go below Library.
    root = Path(os.environ["LIBRARY_LIB"] if WINDOWS else Path(os.environ["PREFIX"], "lib"))
    site_packages = Path(os.environ["SP_DIR"])
    run(bindings_command("generate", source, arguments.tag, site_packages), cwd=project)
    settings = flags(arguments.tag, arguments.backend, arguments.cuda_architectures)
    libraries = compile_libraries(source, work / "build", settings, skip_variants=arguments.skip_variants)
    check_cpu_backend(libraries)
    # The compiler that built the libraries confirms what is shipped, with the macros it built them with; of
    # the pin's headers, nothing but the committed bindings may be.
    verify = bindings_command("verify", source, arguments.tag, site_packages)
    run([*verify, "--no-tests", *(f"--define={name}" for name in definitions(work / "build"))], cwd=project)
    install_libraries(libraries, root / "llama_ctypes")
    architectures = settings.get("CMAKE_CUDA_ARCHITECTURES", "")
    write_metadata(site_packages / "llama_ctypes", root / "llama_ctypes", architectures)
    install_headers(source, site_packages / "llama_ctypes", root / "llama_ctypes" / "include")
    dist_info.write(site_packages, arguments.version, arguments.python_min, project / "LICENSE")
    compiled = vendored.compiled_files(source, work / "build", libraries)
    vendored.collect_licences(source, compiled, work / "licences")
    installed = [root / "llama_ctypes" / library.name for library in libraries]
    bill = vendored.bill_of_materials(source, compiled, arguments.tag, arguments.version, installed)
    (root / "llama_ctypes" / "sbom.cdx.json").write_text(bill, encoding="utf-8")


if __name__ == "__main__":
    main()
