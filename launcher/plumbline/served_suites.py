"""Test suites that use a running application from outside: the official Python client and a browser."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import Dict, Optional

from . import chromium, tenant_key, testenv
from .application import Application
from .build import Build
from .errors import LauncherError
from .installation import Installation
from .lifecycle import Parts
from .prerequisites import find_pip
from .tally import Tally, run_unittest


class ServedSuites:
    """Suites against one application, which is built and started, on an empty database, when the first one needs it."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._tests = installation.checkout.root / "launcher" / "tests"
        self._parts: Optional[Parts] = None

    def sdk(self) -> Tally:
        """The official Python client, unmodified."""
        return self._run(self._tests / "sdk", {})

    def journeys(self) -> Tally:
        """The console in a browser; pictures of every screen are kept in ``target/journeys``."""
        browser = chromium.ensure(self._installation)
        pictures = self._installation.checkout.root / "target" / "journeys"
        shutil.rmtree(pictures, ignore_errors=True)
        pictures.mkdir(parents=True)
        tally = self._run(self._tests / "journeys", {"PLUMBLINE_BROWSER": browser, "PLUMBLINE_PICTURES": str(pictures)})
        self._installation.terminal.line(f"  pictures: {pictures / 'index.html'}")
        return tally

    def end(self) -> None:
        """Ends the application if this started it."""
        if self._parts is not None:
            self._parts.end_started()

    def _run(self, folder: Path, more: Dict[str, str]) -> Tally:
        packages = python_packages(self._installation, folder.name, folder / "requirements.txt")
        self._serve()
        environment = {
            **os.environ,
            **self._installation.environment(),
            "PLUMBLINE_URL": self._installation.application_url,
            "PLUMBLINE_API_KEY": tenant_key.ensure(self._installation),
            "PYTHONPATH": os.pathsep.join([str(packages), str(self._tests.parent)]),
            "PYTHONDONTWRITEBYTECODE": "1",
            **more,
        }
        # A line for each test: these take seconds to minutes each.
        command = [sys.executable, "-m", "unittest", "discover", "-v", "-s", str(folder), "-t", str(folder)]
        return run_unittest(self._installation, command, environment)

    def _serve(self) -> None:
        if self._parts is not None:
            return
        Build(self._installation).ensure()
        testenv.empty_database(self._installation)
        application = Application(self._installation)
        self._parts = Parts(self._installation, [application])
        self._parts.ensure(application)


def python_packages(installation: Installation, name: str, requirements: Path) -> Path:
    """The pinned packages in a folder of the cache, one per Python version and content of the requirements."""
    tag = f"{sys.version_info[0]}.{sys.version_info[1]}"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    target = installation.cache / f"python-{name}-{tag}-{digest}"
    if not target.exists():
        installation.terminal.line(f"  fetching the packages of {name}/{requirements.name} into {target}")
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        command = [*find_pip(), "install", "--quiet", "--disable-pip-version-check", "--target", str(partial)]
        done = installation.cancellation.run([*command, "-r", str(requirements)])
        if done.status:
            raise LauncherError(
                f"Fetching the Python packages of the suite {name} failed:\n{done.tail()}",
                "Check how pip is configured here.",
            )
        os.replace(partial, target)
    return target
