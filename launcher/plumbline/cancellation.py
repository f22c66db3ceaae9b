"""Ctrl-C and the failure of one part end the work of all threads, and every helper program they wait for."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from typing import Optional

from .errors import Cancelled


class Cancellation:
    """Shared by the threads of one command."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._helpers = set()

    def cancel(self) -> None:
        self._event.set()
        with self._lock:
            helpers = list(self._helpers)
        for helper in helpers:
            _end_group(helper, signal.SIGTERM)

    @property
    def requested(self) -> bool:
        return self._event.is_set()

    def check(self) -> None:
        if self._event.is_set():
            raise Cancelled()

    def sleep(self, seconds: float) -> None:
        if self._event.wait(seconds):
            raise Cancelled()

    def start(self, command, **options) -> subprocess.Popen:
        """Starts a helper program (Maven, pip, initdb) in a group of its own, ended when the command is cancelled."""
        self.check()
        helper = subprocess.Popen(list(map(str, command)), start_new_session=True, **options)
        with self._lock:
            self._helpers.add(helper)
        return helper

    def finish(self, helper: subprocess.Popen) -> int:
        """Waits for a helper; raises Cancelled when it was ended by a cancellation."""
        try:
            while True:
                try:
                    status = helper.wait(timeout=0.2)
                    break
                except subprocess.TimeoutExpired:
                    if self.requested:
                        _end_group(helper, signal.SIGTERM)
        finally:
            if helper.poll() is None:
                _end_group(helper, signal.SIGKILL)
            with self._lock:
                self._helpers.discard(helper)
        self.check()
        return status

    def run(self, command, input_text: Optional[str] = None, **options) -> "Finished":
        """Runs a short helper and answers its status and everything it wrote."""
        helper = self.start(
            command,
            stdin=subprocess.PIPE if input_text is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **options,
        )
        try:
            output, _ = helper.communicate(input_text)
        finally:
            if helper.poll() is None:
                _end_group(helper, signal.SIGKILL)
            with self._lock:
                self._helpers.discard(helper)
        self.check()
        return Finished(helper.returncode, output)


class Finished:
    """A helper program that has ended."""

    def __init__(self, status: int, output: str) -> None:
        self.status = status
        self.output = output

    def tail(self, lines: int = 8) -> str:
        kept = [line for line in self.output.strip().splitlines() if line.strip()][-lines:]
        return "\n".join("    " + line for line in kept)


def _end_group(helper: subprocess.Popen, number: int) -> None:
    try:
        os.killpg(helper.pid, number)
    except (ProcessLookupError, PermissionError):
        return
