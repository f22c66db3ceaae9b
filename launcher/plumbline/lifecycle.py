"""Starts parts side by side in the order they need each other, watches them, ends them.

The whole of ``up`` in one picture::

    fetch (one after the other, so that progress is readable)
      └─ postgres ── keycloak ─┐
      └─ kafka ────────────────┼─ application ── API key
      └─ build ────────────────┘
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import fcntl
import time
from dataclasses import dataclass
from typing import Callable, Dict, Iterator, List, Optional, Sequence

from .cancellation import Cancellation
from .errors import Cancelled, LauncherError
from .installation import Installation
from .part import Part
from .process import ProcessRecord, resident_bytes
from .terminal import megabytes


@dataclass(frozen=True)
class Step:
    """Something that runs once everything it needs has run; ``run`` answers the line to print, or None."""

    name: str
    needs: Sequence[str]
    run: Callable[[], Optional[str]]


@contextlib.contextmanager
def exclusive(installation: Installation) -> Iterator[None]:
    """One command at a time changes an instance."""
    installation.instance.prepare()
    with open(installation.instance.run / "lock", "w", encoding="ascii") as lock:
        waiting = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not waiting:
                    installation.terminal.line("  another ./plumbline works on this instance; waiting for it")
                    waiting = True
                installation.cancellation.sleep(0.3)
        yield


def run_steps(steps: Sequence[Step], cancellation: Cancellation) -> None:
    """Runs steps in threads, each as soon as its needs are met; the first failure cancels the rest and is raised."""
    left = {step.name: step for step in steps}
    finished = set()
    running: Dict[concurrent.futures.Future, str] = {}
    failure: Optional[BaseException] = None
    with concurrent.futures.ThreadPoolExecutor(max_workers=max(len(steps), 1)) as pool:
        try:
            while left or running:
                if failure is None:
                    for step in [s for s in left.values() if finished.issuperset(n for n in s.needs)]:
                        running[pool.submit(step.run)] = left.pop(step.name).name
                if not running:
                    break
                # A short wait, so that Ctrl-C reaches this thread soon.
                done, _ = concurrent.futures.wait(running, 0.2, concurrent.futures.FIRST_COMPLETED)
                for future in done:
                    finished.add(running.pop(future))
                    error = future.exception()
                    if error is not None and (failure is None or isinstance(failure, Cancelled)):
                        failure = error
                        cancellation.cancel()
        except BaseException:
            cancellation.cancel()
            raise
    if failure is not None:
        raise failure


class Parts:
    """The parts of one installation and what happened to them in this command."""

    def __init__(self, installation: Installation, parts: Sequence[Part]) -> None:
        self._installation = installation
        self._parts = list(parts)
        self.started: List[Part] = []

    def step(self, part: Part, needs: Sequence[str]) -> Step:
        return Step(part.name, needs, lambda: self.ensure(part))

    def ensure(self, part: Part) -> None:
        """Leaves the part running and serving: untouched when it already is, started or restarted otherwise."""
        terminal = self._installation.terminal
        if part.own_server():
            part.check_own_server()
            terminal.part(part.title, "your own server", part.address())
            return
        begin = time.monotonic()
        state = "ready in"
        if self._installation.running(part.name):
            reason = self._reason_to_restart(part)
            if reason is None:
                terminal.part(part.title, "already running", part.address())
                return
            terminal.part(part.title, "restarting", reason)
            state = "restarted in"
        elif self._installation.record(part.name):
            terminal.part(part.title, "had ended", "starting it again")
        part.stop()
        self.started.append(part)
        part.start()
        terminal.part(part.title, f"{state} {time.monotonic() - begin:.1f} s", part.address())

    def end_started(self) -> None:
        """Ends what this command started, last first: after a failure or Ctrl-C nothing half-started stays."""
        for part in reversed(self.started):
            if part.stop():
                self._installation.terminal.part(part.title, "ended")

    def stop_all(self) -> int:
        """Ends every recorded part, those that others need last; answers how many ran."""
        count = 0
        for part in reversed(self._parts):
            begin = time.monotonic()
            if part.stop():
                count += 1
                self._installation.terminal.part(part.title, f"ended in {time.monotonic() - begin:.1f} s")
        return count

    def memory(self) -> Dict[str, int]:
        """Resident bytes of each running part, helper processes included."""
        found = {}
        for part in self._parts:
            record = self._installation.running(part.name)
            if record is not None:
                found[part.name] = resident_bytes(record.members())
        return found

    def _reason_to_restart(self, part: Part) -> Optional[str]:
        record = self._installation.running(part.name)
        if record is None:
            return "it ended"
        if record.settings != part.settings():
            return "its settings changed"
        trouble = part.trouble()
        deadline = time.monotonic() + 10
        while trouble and time.monotonic() < deadline:
            # It may be busy, or a server it needs has just come back.
            self._installation.cancellation.sleep(0.5)
            trouble = part.trouble()
        return trouble


@dataclass(frozen=True)
class PartStatus:
    """One row of ``status``."""

    name: str
    state: str
    pid: Optional[int]
    port: Optional[int]
    since: Optional[float]
    resident: Optional[int]
    health: str

    @property
    def good(self) -> bool:
        return self.health == "serves"


def status_of(installation: Installation, part: Part) -> PartStatus:
    own = part.own_server()
    if own:
        return PartStatus(part.name, "own server", None, None, None, None, part.trouble() or "serves")
    record: Optional[ProcessRecord] = installation.record(part.name)
    if record is None:
        return PartStatus(part.name, "stopped", None, None, None, None, "not started")
    if not record.alive():
        health = f"ended by itself; see {part.log}; ./plumbline up starts it again"
        return PartStatus(part.name, "dead", record.pid, record.port, record.started, None, health)
    resident = resident_bytes(record.members())
    return PartStatus(
        part.name, "running", record.pid, record.port, record.started, resident, part.trouble() or "serves"
    )


def memory_line(memory: Dict[str, int]) -> str:
    total = sum(memory.values())
    each = ", ".join(f"{name} {megabytes(size)}" for name, size in memory.items())
    return f"{total / 1e9:.2f} GB resident ({each})"
