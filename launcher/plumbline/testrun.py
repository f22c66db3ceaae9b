"""``test``: formatting, static analysis, unit and integration tests, on real servers; the same in CI."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from typing import Callable, Dict, Iterator, List, Sequence

from . import emulator, testenv
from .errors import LauncherError
from .installation import Installation
from .lifecycle import Parts
from .prerequisites import find_maven, java_environment
from .served_suites import ServedSuites
from .tally import Tally, run_unittest, surefire_tally
from .up import server_parts

SUITES = ("java", "launcher", "sdk", "journeys")
_WITHOUT_SERVERS = {"launcher"}


def run(installation: Installation, suites: Sequence[str]) -> int:
    """Runs the suites one after the other, all of them even when one fails; 0 when everything passed.

    What was running before still runs afterwards; what this started is ended, also after a failure or Ctrl-C.
    """
    begin = time.monotonic()
    tallies: Dict[str, Tally] = {}
    with contextlib.ExitStack() as cleanup:
        if not _WITHOUT_SERVERS.issuperset(suites):
            cleanup.enter_context(_servers(installation))
        served = ServedSuites(installation)
        cleanup.callback(served.end)
        runs: Dict[str, Callable[[], Tally]] = {
            "java": lambda: _java(installation),
            "launcher": lambda: _launcher(installation),
            "sdk": served.sdk,
            "journeys": served.journeys,
        }
        for suite in SUITES:
            if suite in suites:
                installation.terminal.line(f"== {suite} tests")
                tallies[suite] = _guarded(installation, runs[suite])
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


def _guarded(installation: Installation, suite: Callable[[], Tally]) -> Tally:
    """A suite that cannot even run counts as one failure, and the next one still gets its turn."""
    try:
        return suite()
    except LauncherError as failed:
        installation.terminal.line(f"error: {failed.what}")
        if failed.remedy:
            installation.terminal.line(f"  -> {failed.remedy}")
        return Tally(failed=1)


# --- Java: Maven's verify, which also checks formatting and runs the static analysis


def _java(installation: Installation) -> Tally:
    emulator.ensure(installation)
    begin = time.time()
    environment = {**java_environment(installation.jdk), **installation.recorded_environment()}
    command = [find_maven(), "-B", "-ntp", "--fail-at-end", "verify"]
    status = _run(installation, command, environment)
    tally = surefire_tally(installation.checkout.root, begin)
    if status and not tally.failed:
        # Formatting, static analysis or compilation: no test failed, the build did.
        tally += Tally(failed=1)
    return tally


# --- the launcher's own tests


def _launcher(installation: Installation) -> Tally:
    launcher = installation.checkout.root / "launcher"
    environment = dict(os.environ, PYTHONPATH=str(launcher), PYTHONDONTWRITEBYTECODE="1")
    # Servers outlive the objects that started them by design; unittest would warn about each.
    command = [sys.executable, "-W", "ignore::ResourceWarning", "-m", "unittest", "discover"]
    command += ["-s", str(launcher / "tests"), "-t", str(launcher)]
    return run_unittest(installation, command, environment)


# --- running programs whose output the person sees as it comes


def _run(installation: Installation, command: List[str], environment: Dict[str, str]) -> int:
    installation.terminal.flush()
    helper = installation.cancellation.start(
        command, cwd=str(installation.checkout.root), env=environment, stdin=subprocess.DEVNULL
    )
    return installation.cancellation.finish(helper)
