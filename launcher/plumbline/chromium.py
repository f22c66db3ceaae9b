"""Chromium for the browser journeys: the machine's own, else Debian's package where this may install one."""

from __future__ import annotations

import shutil
from typing import Optional

from . import debian
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
    if not debian.may_install():
        raise LauncherError("The browser journeys need Chromium, and none is on the PATH.", _REMEDY)
    installation.terminal.line(f"  no Chromium here: installing Debian's packages {' and '.join(_PACKAGES)}")
    done = debian.install(installation, *_PACKAGES)
    found = find()
    if done.status or not found:
        raise LauncherError(f"Installing Chromium failed:\n{done.tail()}", _REMEDY)
    return found
