"""How tests ended: counted from unittest's closing lines and from the reports that Maven's test plug-ins write."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List

from .installation import Installation


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


def run_unittest(installation: Installation, command: List[str], environment: Dict[str, str]) -> Tally:
    """Runs unittest as a helper program; the person sees its output as it comes."""
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
