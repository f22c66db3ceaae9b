"""What every part of an installation can do; one subclass per part."""

from __future__ import annotations

import abc
import signal
import subprocess
import time
from pathlib import Path
from typing import Callable, Optional, Sequence

from .errors import LauncherError
from .installation import TITLES, Installation
from .process import ProcessRecord, identity_of, spawn, stop, wait_until


class Part(abc.ABC):
    """A server process, or somebody else's server in its place."""

    name: str
    stop_signal = signal.SIGTERM
    patience_seconds = 120.0

    def __init__(self, installation: Installation) -> None:
        self.installation = installation

    @property
    def title(self) -> str:
        return TITLES[self.name]

    @property
    def home(self) -> Path:
        return self.installation.instance.part(self.name)

    @property
    def log(self) -> Path:
        return self.installation.instance.log_of(self.name)

    @abc.abstractmethod
    def own_server(self) -> Optional[str]:
        """Address of the server that configuration puts in this part's place, or None."""

    @abc.abstractmethod
    def address(self) -> str:
        """Where the part answers, as a person would write it."""

    @abc.abstractmethod
    def fetch(self) -> None:
        """Fetches what the part runs from; does nothing when it is in the cache."""

    @abc.abstractmethod
    def settings(self) -> dict:
        """What the running process was told; a part whose settings changed is restarted by ``up``."""

    @abc.abstractmethod
    def start(self) -> None:
        """Starts the process and returns when it is ready for work."""

    @abc.abstractmethod
    def trouble(self) -> Optional[str]:
        """Why the running part does not serve, or None when it does."""

    def check_own_server(self) -> None:
        """Raises when the own server in this part's place cannot be used as it is."""
        reason = self.trouble()
        if reason:
            raise LauncherError(f"Your own {self.title} at {self.own_server()} does not serve: {reason}.", "Start it.")

    def launch(self, command: Sequence[str], environment: dict, ready: Callable[[], bool]) -> None:
        """Starts ``command``, records it and waits until ``ready``; on failure nothing stays behind."""
        self.home.mkdir(parents=True, exist_ok=True)
        process = spawn(command, self.log, environment, self.home)
        record = ProcessRecord(
            part=self.name,
            pid=process.pid,
            identity=identity_of(process.pid) or "",
            started=time.time(),
            port=self.installation.port(self.name),
            settings=self.settings(),
        )
        record.write(self.installation.record_path(self.name))
        try:
            outcome = wait_until(ready, process, self.patience_seconds, self.installation.cancellation)
        except BaseException:
            self.stop()
            raise
        if outcome != "ready":
            self.stop()
            raise self._start_failure(process, outcome)

    def stop(self) -> bool:
        """Ends the recorded process; True when there was one to end."""
        path = self.installation.record_path(self.name)
        record = ProcessRecord.read(path)
        if record is None:
            path.unlink(missing_ok=True)
            return False
        was_alive = record.alive()
        if was_alive or record.members():
            stop(record, self.stop_signal)
        path.unlink(missing_ok=True)
        return was_alive

    def _start_failure(self, process: subprocess.Popen, outcome: str) -> LauncherError:
        if outcome == "ended":
            what = f"{self.title} ended while starting (exit status {process.returncode})."
        else:
            what = f"{self.title} was not ready after {self.patience_seconds:.0f} s and was ended."
        return LauncherError(
            f"{what} Its last lines:\n{tail(self.log, 12)}", f"The whole log: {self.log}; after the cause is mended, "
            "run ./plumbline up again."
        )


def tail(path: Path, lines: int) -> str:
    """The last lines of a log file, indented for display."""
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(file.tell() - 16384, 0))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return "    (no log)"
    return "\n".join("    " + line[:240] for line in text.splitlines()[-lines:])
