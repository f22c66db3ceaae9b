"""Tells what the demo does, with the seconds since its start."""

from __future__ import annotations

import time
from typing import Callable


class Narrator:
    """One for all sections, so that the times go on."""

    def __init__(self, write: Callable[[str], None] = print) -> None:
        self._write = write
        self._started = time.monotonic()

    def say(self, text: str) -> None:
        self._write(f"[{time.monotonic() - self._started:6.1f} s] {text}")

    def title(self, text: str) -> None:
        """The heading of a section."""
        self._write("")
        self.say(f"=== {text} ===")
