"""What the tests of the kernels for 64-bit ARM need on another processor: a cross compiler and a user-mode emulator."""

from __future__ import annotations

import platform
import shutil

from . import debian
from .installation import Installation

_PROGRAMS = ("aarch64-linux-gnu-gcc", "qemu-aarch64")
_PACKAGES = ("gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross", "qemu-user")


def ensure(installation: Installation) -> None:
    """Installs them where this may; else the tests skip themselves, and a line says what to install.

    On a 64-bit ARM machine the same tests run on the processor itself.
    """
    missing = [program for program in _PROGRAMS if not shutil.which(program)]
    if not missing or platform.machine() in ("aarch64", "arm64"):
        return
    if debian.may_install():
        installation.terminal.line(f"  no {' and no '.join(missing)} here: installing Debian's packages {', '.join(_PACKAGES)}")
        done = debian.install(installation, *_PACKAGES)
        if not done.status:
            return
        installation.terminal.line(done.tail())
    installation.terminal.line(
        f"  the kernels for 64-bit ARM are not tested: no {' and no '.join(missing)} "
        f"(Debian: apt-get install {' '.join(_PACKAGES)})"
    )
