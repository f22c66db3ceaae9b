"""Debian's packages, for tests that need a program which is not here: installed only by root, as on a fresh CI machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from .cancellation import Finished
from .installation import Installation


def may_install() -> bool:
    return os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def install(installation: Installation, *packages: str) -> Finished:
    done = _install(installation, packages)
    if done.status:
        # A fresh image has no package lists.
        updated = _apt(installation, "update", "-qq")
        done = updated if updated.status else _install(installation, packages)
    return done


def _install(installation: Installation, packages: tuple) -> Finished:
    return _apt(installation, "install", "-y", "-qq", "--no-install-recommends", *packages)


def _apt(installation: Installation, *arguments: str) -> Finished:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return installation.cancellation.run(["apt-get", *arguments], env=environment)
