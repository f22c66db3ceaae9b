"""``doctor``: everything Plumbline needs on this machine, found or how to get it."""

from __future__ import annotations

import enum
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator, List, Optional

from . import pins, port, prerequisites, programs
from .build import is_current
from .errors import LauncherError
from .installation import PORT_OPTIONS, TITLES, Installation
from .lifecycle import status_of
from .terminal import megabytes
from .up import all_parts

_NEEDED_MEMORY = 4_000_000_000
_NEEDED_DISK = 4_000_000_000


class Verdict(enum.Enum):
    """What a finding means for ``./plumbline up``."""

    FOUND = "ok"
    NOTE = "note"
    MISSING = "MISSING"


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    subject: str
    verdict: Verdict
    text: str
    remedy: str = ""


def run(installation: Installation) -> int:
    """Prints every finding; 0 when nothing that is needed is missing."""
    missing = 0
    for finding in _findings(installation):
        installation.terminal.line(f"  {finding.subject:<16} {finding.verdict.value:<8} {finding.text}")
        if finding.remedy:
            installation.terminal.line(f"  {'':<16} {'':<8} -> {finding.remedy}")
        missing += finding.verdict is Verdict.MISSING
    summary = "everything needed is here" if not missing else f"{missing} needed thing(s) missing"
    installation.terminal.line(f"  doctor: {summary}")
    return 1 if missing else 0


def _findings(installation: Installation) -> Iterator[Finding]:
    yield Finding("Python", Verdict.FOUND, f"{sys.version.split()[0]} ({sys.executable})")
    yield _tool("JDK", lambda: f"{installation.jdk.version} ({installation.jdk.home})")
    yield _tool("Maven", lambda: _maven(installation))
    yield _tool("pip", lambda: " ".join(prerequisites.find_pip()))
    yield _compiler()
    yield from _user_namespace()
    yield _memory()
    yield from _disks(installation)
    yield from _ports(installation)
    yield from _downloads(installation)
    yield from _server(installation)
    yield from _parts(installation)


def _tool(subject: str, find: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, Verdict.FOUND, find())
    except LauncherError as absent:
        return Finding(subject, Verdict.MISSING, absent.what, absent.remedy)


def _maven(installation: Installation) -> str:
    mvn = prerequisites.find_maven()
    try:
        environment = prerequisites.java_environment(installation.jdk)
    except LauncherError:
        return f"{mvn} (its version is told once a JDK is found)"
    output = installation.cancellation.run([mvn, "-B", "--version"], env=environment).output
    match = re.search(r"Apache Maven (\d+)\.(\d+)\.(\d+)", output)
    if match is None:
        raise LauncherError(f"{mvn} does not run: {output.strip()[:200]}", prerequisites.MAVEN_REMEDY)
    if tuple(map(int, match.groups())) < (3, 8, 7):
        raise LauncherError(f"Maven {match[0].split()[-1]} is too old.", prerequisites.MAVEN_REMEDY)
    return f"{match[0].split()[-1]} ({mvn})"


def _compiler() -> Finding:
    found = prerequisites.find_compiler()
    if found is None:
        return Finding("C compiler", Verdict.NOTE, "none found", prerequisites.COMPILER_REMEDY)
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout.splitlines()
    return Finding("C compiler", Verdict.FOUND, f"{found} ({version[0] if version else 'version unknown'})")


def _user_namespace() -> Iterator[Finding]:
    if os.geteuid() != 0:
        return
    unshare = shutil.which("unshare")
    works = unshare is not None and subprocess.run([unshare, "-U", "true"], capture_output=True, check=False).returncode == 0
    if works:
        yield Finding("unshare", Verdict.FOUND, f"{unshare} (PostgreSQL does not run as root; it gets a namespace)")
    else:
        what = "not found" if unshare is None else "user namespaces are forbidden here"
        remedy = "Run ./plumbline as an ordinary user, install util-linux, or set PLUMBLINE_DB_URL to your own server."
        yield Finding("unshare", Verdict.MISSING, f"{what}; as root PostgreSQL needs it", remedy)


def _memory() -> Finding:
    total, available = _memory_bytes()
    if total is None or available is None:
        return Finding("memory", Verdict.NOTE, "the amount cannot be read on this system")
    text = f"{available / 1e9:.1f} GB free of {total / 1e9:.1f} GB"
    if available < _NEEDED_MEMORY:
        return Finding("memory", Verdict.NOTE, text, "The platform takes up to 3.5 GB; close other programs.")
    return Finding("memory", Verdict.FOUND, text)


def _memory_bytes() -> tuple:
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return None, None
    values = {key: int(number) * 1024 for key, number in re.findall(r"^(\w+):\s+(\d+) kB", text, re.MULTILINE)}
    return values.get("MemTotal"), values.get("MemAvailable")


def _disks(installation: Installation) -> Iterator[Finding]:
    for subject, folder in (("disk, cache", installation.cache), ("disk, data", installation.instance.home)):
        existing = folder
        while not existing.exists():
            existing = existing.parent
        free = shutil.disk_usage(existing).free
        if free < _NEEDED_DISK:
            remedy = "A first start needs about 4 GB; make room or set PLUMBLINE_CACHE to a bigger disk."
            yield Finding(subject, Verdict.NOTE, f"{free / 1e9:.1f} GB free at {folder}", remedy)
        else:
            yield Finding(subject, Verdict.FOUND, f"{free / 1e9:.1f} GB free at {folder}")


def _ports(installation: Installation) -> Iterator[Finding]:
    for part in all_parts(installation):
        if part.own_server():
            continue
        number = installation.port(part.name)
        record = installation.running(part.name)
        subject = f"port {number}"
        if record is not None and record.port == number:
            yield Finding(subject, Verdict.FOUND, f"used by our {TITLES[part.name]}")
        elif port.is_free(number):
            yield Finding(subject, Verdict.FOUND, f"free for {TITLES[part.name]}")
        else:
            by = port.holder(number) or "another process"
            remedy = f"End it, or: ./plumbline up {PORT_OPTIONS[part.name]} {port.find_free()}"
            yield Finding(subject, Verdict.MISSING, f"needed by {TITLES[part.name]}, used by {by}", remedy)


def _downloads(installation: Installation) -> Iterator[Finding]:
    cache = installation.cache
    wanted = {
        "PostgreSQL": f"postgres-{pins.POSTGRES_VERSION}-*",
        "Keycloak": f"keycloak-{pins.KEYCLOAK_VERSION}-*",
        "Kafka": f"kafka-{pins.KAFKA_VERSION}-*",
        "SmolLM2": f"models/{pins.SMOLLM2.file}",
        "Gemma 3 270M": f"models/{pins.GEMMA3.file}",
    }
    for subject, pattern in wanted.items():
        found = next(iter(sorted(cache.glob(pattern))), None)
        if found is not None:
            yield Finding(subject, Verdict.FOUND, f"in the cache: {found}")
        elif subject == "Gemma 3 270M":
            yield Finding(subject, Verdict.NOTE, "not chosen", "Optional, with its own terms: ./plumbline up --with gemma3")
        else:
            yield Finding(subject, Verdict.NOTE, "not in the cache yet", "./plumbline up fetches it.")


def _server(installation: Installation) -> Iterator[Finding]:
    checkout = installation.checkout
    if not checkout.server_jar.exists():
        yield Finding("server", Verdict.NOTE, "not built yet", "./plumbline build (or up) builds it.")
        return
    state = "built" if is_current(checkout) else "built, but older than the sources; up builds it anew"
    yield Finding("server", Verdict.FOUND, f"{state}: {checkout.server_jar}")
    yield _native_library(checkout.server_libraries)
    try:
        report = programs.backends(installation)
    except LauncherError as absent:
        yield Finding("kernel backends", Verdict.MISSING, absent.what, absent.remedy)
        return
    if report.status:
        yield Finding("kernel backends", Verdict.MISSING, report.output.strip()[:300], "Rebuild: ./plumbline build --force")
        return
    for line in report.output.strip().splitlines():
        yield Finding("kernel backend", Verdict.NOTE if "not available" in line else Verdict.FOUND, line.strip())


def _native_library(libraries: Path) -> Finding:
    found: List[str] = []
    for jar in sorted(libraries.glob("io.plumbline.*.jar")):
        with zipfile.ZipFile(jar) as content:
            found += [name for name in content.namelist() if name.endswith((".so", ".dylib"))]
    if found:
        return Finding("native library", Verdict.FOUND, ", ".join(found))
    return Finding("native library", Verdict.NOTE, "the server was built without one", prerequisites.COMPILER_REMEDY)


def _parts(installation: Installation) -> Iterator[Finding]:
    for part in all_parts(installation):
        row = status_of(installation, part)
        good: Optional[bool] = row.good or row.state == "stopped"
        memory = f", {megabytes(row.resident)}" if row.resident else ""
        remedy = "" if good else f"./plumbline up repairs it; ./plumbline logs {part.name} tells why."
        text = f"{row.state}{memory}; {row.health}"
        yield Finding(TITLES[part.name], Verdict.FOUND if good else Verdict.NOTE, text, remedy)
