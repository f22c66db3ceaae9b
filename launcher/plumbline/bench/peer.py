"""llama.cpp as the peer of benchmarks: compiled for this machine once, into the cache."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import sys
from pathlib import Path
from typing import Dict, List, Tuple

from ..errors import LauncherError
from ..installation import Installation
from ..prerequisites import find_pip

# Another Python that has llama_cpp, gguf and numpy already.
OVERRIDE = "PLUMBLINE_LLAMA_CPP"
_DRIVER = Path(__file__).with_name("llama_cpp_driver.py")
_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_COMPILERS = ("c++", "g++", "clang++")


def ensure(installation: Installation) -> Tuple[List[str], Dict[str, str]]:
    """The command that starts the driver, and what its environment needs; raises where llama.cpp cannot be had."""
    own = os.environ.get(OVERRIDE)
    if own:
        python = shutil.which(own)
        if not python:
            raise LauncherError(f"{OVERRIDE}={own} is not a program.", "Name a Python that has llama_cpp, gguf and numpy.")
        _probe(installation, python, {})
        return [python, "-B", str(_DRIVER)], {}
    folder = _folder(installation)
    if not folder.exists():
        _compile(installation, folder)
    environment = {"PYTHONPATH": str(folder)}
    _probe(installation, sys.executable, environment)
    return [sys.executable, "-B", str(_DRIVER)], environment


def _folder(installation: Installation) -> Path:
    """One per Python version, content of the requirements and instructions of the processor."""
    digest = hashlib.sha256(_REQUIREMENTS.read_bytes() + _instructions()).hexdigest()[:12]
    return installation.cache / f"llama-cpp-{sys.version_info[0]}.{sys.version_info[1]}-{digest}"


def _instructions() -> bytes:
    """What the processor can do: a cache that moved to another machine holds code that this one may not know."""
    try:
        lines = Path("/proc/cpuinfo").read_bytes().splitlines()
    except OSError:
        return platform.processor().encode()
    return next((line for line in lines if line.startswith((b"flags", b"Features"))), b"")


def _compile(installation: Installation, folder: Path) -> None:
    if not any(shutil.which(name) for name in _COMPILERS):
        raise LauncherError(
            "llama.cpp needs a C++ compiler and there is none.", "Install one (package g++ or clang), or use --no-peer."
        )
    terminal = installation.terminal
    terminal.line("  compiling llama.cpp for this machine, to compare with: 10 to 15 minutes, once (--no-peer skips it)")
    partial = folder.with_name(f".{folder.name}.{os.getpid()}")
    log = installation.checkout.log / "llama-cpp.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    command = [*find_pip(), "install", "--disable-pip-version-check", "--progress-bar", "off", "--target", str(partial)]
    # A wheel from elsewhere, or one that pip kept, was compiled with other flags or for another machine.
    command += ["--no-binary", "llama-cpp-python", "--no-cache-dir"]
    try:
        # The same instructions as our own kernels may use: whatever this machine has.
        done = installation.cancellation.run(
            [*command, "-r", str(_REQUIREMENTS)], env={**os.environ, "CMAKE_ARGS": "-DGGML_NATIVE=ON"}
        )
        log.write_text(done.output, encoding="utf-8")
        if done.status:
            raise LauncherError(f"llama.cpp could not be compiled:\n{done.tail()}", f"The whole output: {log}")
        os.replace(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _probe(installation: Installation, python: str, environment: Dict[str, str]) -> None:
    """A library that does not load is found here, and not in the middle of a measurement."""
    command = [python, "-c", "import llama_cpp, gguf, numpy"]
    done = installation.cancellation.run(command, env={**os.environ, **environment})
    if done.status:
        raise LauncherError(
            f"llama.cpp does not load in {python}:\n{done.tail()}",
            f"Remove {_folder(installation)} to compile it anew, or use --no-peer.",
        )
