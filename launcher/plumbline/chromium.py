"""Chromium for the browser journeys: the machine's own, else Debian's package where this may install one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Optional

from .cancellation import Finished
from .errors import LauncherError
from .installation import Installation

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Without a Chinese font the Chinese screens would be rows of boxes.
_PACKAGES = ("chromium", "fonts-noto-cjk")
_REMEDY = (
    "Install Chromium so that chromium, chromium-browser or google-chrome is on the PATH "
    f"(Debian: apt-get install {' '.join(_PACKAGES)}); without it, run the other suites by name."
)


def find() -> Optional[str]:
    """The program on the PATH, if there is one."""
    return next((found for found in map(shutil.which, _NAMES) if found), None)


def ensure(installation: Installation) -> str:
    """The program; installed first where it is missing and this is root on Debian, as on a fresh CI machine."""
    found = find()
    if found:
        return found
    if os.geteuid() != 0 or not Path("/etc/debian_version").exists() or not shutil.which("apt-get"):
        raise LauncherError("The browser journeys need Chromium, and none is on the PATH.", _REMEDY)
    installation.terminal.line(f"  no Chromium here: installing Debian's packages {' and '.join(_PACKAGES)}")
    done = _install(installation)
    if done.status:
        # A fresh image has no package lists.
        updated = _apt(installation, "update", "-qq")
        done = updated if updated.status else _install(installation)
    found = find()
    if done.status or not found:
        raise LauncherError(f"Installing Chromium failed:\n{done.tail()}", _REMEDY)
    return found


def _install(installation: Installation) -> Finished:
    return _apt(installation, "install", "-y", "-qq", "--no-install-recommends", *_PACKAGES)


def _apt(installation: Installation, *arguments: str) -> Finished:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return installation.cancellation.run(["apt-get", *arguments], env=environment)
