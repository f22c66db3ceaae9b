"""``test``: formatting, static analysis, unit and integration tests, on real servers; the same in CI."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterator, List, Sequence

from . import tenant_key, testenv
from .application import Application
from .build import Build
from .errors import LauncherError
from .installation import Installation
from .lifecycle import Parts
from .prerequisites import find_maven, find_pip, java_environment
from .up import server_parts

SUITES = ("java", "launcher", "sdk")


@dataclass(frozen=True)
class Tally:
    """How the tests of one suite ended."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def run(installation: Installation, suites: Sequence[str]) -> int:
    """Runs the suites one after the other, all of them even when one fails; 0 when everything passed.

    What was running before still runs afterwards; what this started is ended, also after a failure or Ctrl-C.
    """
    begin = time.monotonic()
    tallies: Dict[str, Tally] = {}
    with contextlib.ExitStack() as cleanup:
        if "java" in suites or "sdk" in suites:
            cleanup.enter_context(_servers(installation))
        for suite in SUITES:
            if suite in suites:
                installation.terminal.line(f"== {suite} tests")
                tallies[suite] = _guarded(installation, suite)
    total = sum(tallies.values(), Tally())
    minutes, seconds = divmod(int(time.monotonic() - begin), 60)
    installation.terminal.line(f"== done in {minutes} min {seconds} s")
    for suite, tally in tallies.items():
        installation.terminal.line(f"  {suite:<9} {tally}")
    installation.terminal.line(f"tests: {total}")
    return 1 if total.failed or not total.passed else 0


@contextlib.contextmanager
def _servers(installation: Installation) -> Iterator[None]:
    ran_before = testenv.is_running(installation)
    try:
        testenv.up(installation, fresh=True)
        yield
    finally:
        if not ran_before:
            installation.terminal.line("== ending what the tests used")
            # Not under the instance's lock: after Ctrl-C nothing may wait any more.
            Parts(installation, server_parts(installation)).stop_all()


def _guarded(installation: Installation, suite: str) -> Tally:
    """A suite that cannot even run counts as one failure, and the next one still gets its turn."""
    try:
        return {"java": _java, "launcher": _launcher, "sdk": _sdk}[suite](installation)
    except LauncherError as failed:
        installation.terminal.line(f"error: {failed.what}")
        if failed.remedy:
            installation.terminal.line(f"  -> {failed.remedy}")
        return Tally(failed=1)


# --- Java: Maven's verify, which also checks formatting and runs the static analysis


def _java(installation: Installation) -> Tally:
    begin = time.time()
    environment = {**java_environment(installation.jdk), **installation.recorded_environment()}
    command = [find_maven(), "-B", "-ntp", "--fail-at-end", "verify"]
    status = _run(installation, command, environment)
    tally = surefire_tally(installation.checkout.root, begin)
    if status and not tally.failed:
        # Formatting, static analysis or compilation: no test failed, the build did.
        tally += Tally(failed=1)
    return tally


def surefire_tally(root: Path, since: float) -> Tally:
    """Adds up the reports that Surefire and Failsafe wrote from ``since`` (seconds of the epoch) on."""
    total = Tally()
    for pattern in ("*/target/surefire-reports/TEST-*.xml", "*/target/failsafe-reports/TEST-*.xml"):
        for report in root.glob(pattern):
            if report.stat().st_mtime < since - 1:
                continue
            suite = ElementTree.parse(report).getroot()
            tests, failures, errors, skipped = (
                int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")
            )
            bad = failures + errors
            total += Tally(tests - bad - skipped, bad, skipped)
    return total


# --- the launcher's own tests


def _launcher(installation: Installation) -> Tally:
    launcher = installation.checkout.root / "launcher"
    environment = dict(os.environ, PYTHONPATH=str(launcher), PYTHONDONTWRITEBYTECODE="1")
    # Servers outlive the objects that started them by design; unittest would warn about each.
    command = [sys.executable, "-W", "ignore::ResourceWarning", "-m", "unittest", "discover"]
    command += ["-s", str(launcher / "tests"), "-t", str(launcher)]
    return _unittest(installation, command, environment)


# --- the official Python client against a running server


def _sdk(installation: Installation) -> Tally:
    folder = installation.checkout.root / "launcher" / "tests" / "sdk"
    if not list(folder.glob("test_*.py")):
        installation.terminal.line("  no SDK tests in this checkout")
        return Tally()
    packages = _sdk_packages(installation, folder / "requirements.txt")
    Build(installation).ensure()
    testenv.empty_database(installation)
    application = Application(installation)
    parts = Parts(installation, [application])
    try:
        parts.ensure(application)
        environment = {
            **os.environ,
            **installation.environment(),
            "PLUMBLINE_URL": installation.application_url,
            "PLUMBLINE_API_KEY": tenant_key.ensure(installation),
            "PYTHONPATH": os.pathsep.join([str(packages), str(folder.parents[1])]),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [sys.executable, "-m", "unittest", "discover", "-s", str(folder), "-t", str(folder)]
        return _unittest(installation, command, environment)
    finally:
        parts.end_started()


def _sdk_packages(installation: Installation, requirements: Path) -> Path:
    """The pinned packages in a folder of the cache, one per Python version and content of the requirements."""
    tag = f"{sys.version_info[0]}.{sys.version_info[1]}"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    target = installation.cache / f"python-sdk-{tag}-{digest}"
    if not target.exists():
        installation.terminal.line(f"  fetching the packages of {requirements.name} into {target}")
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        command = [*find_pip(), "install", "--quiet", "--disable-pip-version-check", "--target", str(partial)]
        done = installation.cancellation.run([*command, "-r", str(requirements)])
        if done.status:
            raise LauncherError(f"Fetching the Python client failed:\n{done.tail()}", "Check how pip is configured here.")
        os.replace(partial, target)
    return target


# --- running programs whose output the person sees as it comes


def _run(installation: Installation, command: List[str], environment: Dict[str, str]) -> int:
    installation.terminal.flush()
    helper = installation.cancellation.start(
        command, cwd=str(installation.checkout.root), env=environment, stdin=subprocess.DEVNULL
    )
    return installation.cancellation.finish(helper)


def _unittest(installation: Installation, command: List[str], environment: Dict[str, str]) -> Tally:
    helper = installation.cancellation.start(
        command,
        cwd=str(installation.checkout.root),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines = []
    for line in helper.stdout:
        installation.terminal.line(line.rstrip("\n"))
        lines.append(line)
    status = installation.cancellation.finish(helper)
    tally = unittest_tally("".join(lines))
    return tally + Tally(failed=1) if status and not tally.failed else tally


def unittest_tally(output: str) -> Tally:
    """Reads the closing lines of unittest: ``Ran 12 tests in 0.3s`` and ``FAILED (failures=1, skipped=2)``."""
    ran = re.findall(r"^Ran (\d+) tests?", output, re.MULTILINE)
    total = int(ran[-1]) if ran else 0
    closing = re.findall(r"^(?:OK|FAILED)(?: \((.*)\))?$", output, re.MULTILINE)
    counts = dict(re.findall(r"([\w ]+)=(\d+)", closing[-1])) if closing else {}
    named = {name.strip(): int(count) for name, count in counts.items()}
    bad = named.get("failures", 0) + named.get("errors", 0) + named.get("unexpected successes", 0)
    skipped = named.get("skipped", 0)
    return Tally(max(total - bad - skipped, 0), bad, skipped)
