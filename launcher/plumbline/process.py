"""Processes this launcher started: recorded with pid and start time, ended by exactly those."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Callable, Optional, Sequence

_PROC = Path("/proc")


@dataclass(frozen=True)
class ProcessRecord:
    """A started process as written to ``run/PART.json``.

    A pid alone may belong to somebody else after a crash or a reboot; pid and start time together do not.
    """

    part: str
    pid: int
    identity: str
    started: float
    port: Optional[int] = None
    settings: dict = field(default_factory=dict)

    @staticmethod
    def read(path: Path) -> Optional["ProcessRecord"]:
        """The record, or None where there is none or a crash left half of one."""
        try:
            return ProcessRecord(**json.loads(path.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def write(self, path: Path) -> None:
        write_private(path, json.dumps(asdict(self), indent=2) + "\n")

    def alive(self) -> bool:
        return identity_of(self.pid) == self.identity

    def members(self) -> list:
        """Pids of the process, its descendants and everything in its session, also when the leader itself is gone."""
        leader = identity_of(self.pid)
        if leader is not None and leader != self.identity:
            return []
        table = _processes()
        family = {pid for pid, _, session in table if self.pid in (pid, session)}
        while True:
            children = {pid for pid, parent, _ in table if parent in family} - family
            if not children:
                return sorted(family)
            family |= children


def write_private(path: Path, text: str) -> None:
    """Replaces a file in one step, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)


def spawn(command: Sequence[str], log: Path, environment: dict, directory: Path) -> subprocess.Popen:
    """Starts a background process in a session of its own, its output in ``log`` (the earlier log is kept as .1)."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size:
        os.replace(log, log.with_name(log.name + ".1"))
    with log.open("ab") as output:
        return subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=str(directory),
            start_new_session=True,
        )


def identity_of(pid: int) -> Optional[str]:
    """Start time of a live process in the kernel's own words; None when there is none (a zombie counts as none)."""
    if _PROC.joinpath("self", "stat").exists():
        fields = _stat(pid)
        if fields is None or fields[0] in "ZX":
            return None
        return f"{_boot()}/{fields[19]}"
    listed = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return None if not listed or listed.startswith("Z") else listed.split(None, 1)[1]


def stop(record: ProcessRecord, gentle: int = signal.SIGTERM, patience: float = 30.0) -> bool:
    """Ends a process and what it started; True when it had to be killed."""
    if record.alive():
        os.kill(record.pid, gentle)
    deadline = time.monotonic() + patience
    while record.alive() and time.monotonic() < deadline:
        _reap(record.pid)
        time.sleep(0.05)
    left = record.members()
    for pid in left:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    deadline = time.monotonic() + 10
    while record.members() and time.monotonic() < deadline:
        _reap(record.pid)
        time.sleep(0.05)
    return bool(left)


def resident_bytes(pids: Sequence[int]) -> int:
    """Resident memory, pages shared between processes counted once (PSS) where the kernel tells it, else RSS."""
    return sum(_resident(pid) for pid in pids)


def wait_until(ready: Callable[[], bool], process: subprocess.Popen, seconds: float, cancelled) -> str:
    """Polls ``ready``; answers 'ready', 'ended' (the process died) or 'late'."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        cancelled.check()
        if process.poll() is not None:
            return "ended"
        if ready():
            return "ready"
        time.sleep(0.1)
    return "late"


def _reap(pid: int) -> None:
    """Collects our own child, so that it does not stay behind as a zombie."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def _stat(pid: int) -> Optional[list]:
    """Fields of /proc/PID/stat from the state on; the name before them may hold blanks and brackets."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text[text.rindex(")") + 2 :].split()


def _boot() -> str:
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "boot"


def _processes() -> list:
    """(pid, parent, session) of every live process of this machine."""
    if not (_PROC / "self" / "stat").exists():
        listed = subprocess.run(["ps", "-axo", "pid=,ppid=,pgid="], capture_output=True, text=True, check=False).stdout
        # ps on macOS tells no session number; the group that a session leader founds serves as well.
        return [tuple(map(int, row.split())) for row in listed.splitlines()]
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields is not None and fields[0] not in "ZX":
                found.append((int(entry.name), int(fields[1]), int(fields[3])))
    return found


def _resident(pid: int) -> int:
    for name, label in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        try:
            for line in (_PROC / str(pid) / name).read_text(encoding="ascii", errors="replace").splitlines():
                if line.startswith(label):
                    return int(line.split()[1]) * 1024
        except OSError:
            continue
    if sys.platform == "darwin":
        listed = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return int(listed.stdout.strip() or 0) * 1024
    return 0
