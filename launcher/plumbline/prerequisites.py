"""What must be on the machine before anything can be fetched: JDK 25, Maven, pip, a C compiler."""

from __future__ import annotations

import glob
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, List, Mapping, Optional

from .errors import LauncherError

JAVA_RELEASE = 25
_USUAL_FOLDERS = (
    "/usr/lib/jvm/*",
    "/opt/java/*",
    "/opt/jdk*",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
)
JDK_REMEDY = (
    f"Install a JDK {JAVA_RELEASE} (package temurin-25-jdk or openjdk-25-jdk, or: sdk install java 25-tem) "
    "and, if it lies in an unusual folder, set JAVA_HOME to it."
)
MAVEN_REMEDY = "Install Maven 3.8.7 or newer (package maven) so that mvn is on the PATH."
PIP_REMEDY = "Install pip for this Python (package python3-pip, or: python3 -m ensurepip --user)."
COMPILER_REMEDY = (
    "Install a C compiler (package gcc or clang) for the fast kernels; without one the Vector API serves, slower."
)


@dataclass(frozen=True)
class Jdk:
    home: Path
    version: str

    @property
    def java(self) -> Path:
        return self.home / "bin" / "java"


def find_jdk(environment: Optional[Mapping[str, str]] = None) -> Jdk:
    """A JDK 25 by JAVA_HOME, PATH or the usual folders."""
    environment = os.environ if environment is None else environment
    rejected = []
    for home in _candidates(environment):
        release = _release(home)
        if release is None:
            continue
        if release.split(".")[0] == str(JAVA_RELEASE) and (home / "bin" / "javac").exists():
            return Jdk(home, release)
        rejected.append(f"{home} ({release if (home / 'bin' / 'javac').exists() else release + ', no compiler'})")
    seen = " Found instead: " + ", ".join(dict.fromkeys(rejected)) + "." if rejected else ""
    raise LauncherError(f"No JDK {JAVA_RELEASE} by JAVA_HOME, PATH or in the usual folders.{seen}", JDK_REMEDY)


def java_environment(jdk: Jdk) -> dict:
    """The environment of child processes that look for Java by themselves, Maven above all."""
    environment = dict(os.environ)
    environment["JAVA_HOME"] = str(jdk.home)
    environment["PATH"] = f"{jdk.home / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    leave_signals_alone(environment)
    return environment


def leave_signals_alone(environment: dict) -> None:
    """The Ascend runtime would take over signals that the JVM lives by, and read this only as the process starts."""
    environment.setdefault("ASCEND_COREDUMP_SIGNAL", "none")


def find_maven() -> str:
    found = shutil.which("mvn")
    if not found:
        raise LauncherError("Maven (mvn) is not on the PATH.", MAVEN_REMEDY)
    return found


def find_pip() -> List[str]:
    """The command that runs pip: of this Python, else one on the PATH."""
    probe = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False)
    if probe.returncode == 0:
        return [sys.executable, "-m", "pip"]
    for name in ("pip3", "pip"):
        found = shutil.which(name)
        if found:
            return [found]
    raise LauncherError("pip was found neither in this Python nor on the PATH.", PIP_REMEDY)


def find_compiler(environment: Optional[Mapping[str, str]] = None) -> Optional[str]:
    environment = os.environ if environment is None else environment
    for name in filter(None, (environment.get("CC"), "cc", "gcc", "clang")):
        found = shutil.which(name)
        if found:
            return found
    return None


def _candidates(environment: Mapping[str, str]) -> Iterable[Path]:
    if environment.get("JAVA_HOME"):
        yield Path(environment["JAVA_HOME"])
    on_path = shutil.which("java", path=environment.get("PATH"))
    if on_path:
        yield Path(on_path).resolve().parents[1]
    for pattern in _USUAL_FOLDERS:
        yield from map(Path, sorted(glob.glob(os.path.expanduser(pattern))))


def _release(home: Path) -> Optional[str]:
    """The version in the JDK's ``release`` file; asking the program itself would cost a start per candidate."""
    try:
        text = (home / "release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    match = re.search(r'^JAVA_VERSION="([^"]+)"', text, re.MULTILINE)
    return match[1] if match and (home / "bin" / "java").exists() else None
