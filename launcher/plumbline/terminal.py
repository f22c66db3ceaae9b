"""Lines and progress on the terminal; plain lines when the output is a file or a pipe."""

from __future__ import annotations

import os
import sys
import threading
import time


def megabytes(count: float) -> str:
    return f"{count / 1_000_000:.1f} MB"


class Terminal:
    """One writer for all threads, so that lines of parts starting side by side never mix."""

    def __init__(self, stream=None) -> None:
        self._stream = stream or sys.stdout
        self._lock = threading.RLock()
        self._transient = False
        self.interactive = self._stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._colours = self.interactive and "NO_COLOR" not in os.environ

    def line(self, text: str = "") -> None:
        with self._lock:
            self._clear()
            self._write(text + "\n")

    def transient(self, text: str) -> None:
        """Shows a line that the next one replaces; nothing when the output is not a terminal."""
        if not self.interactive:
            return
        with self._lock:
            self._clear()
            width = _columns()
            self._write(text[: width - 1])
            self._transient = True

    def clear(self) -> None:
        with self._lock:
            self._clear()

    def part(self, name: str, state: str, detail: str = "") -> None:
        """One line of the list of parts: name, what happened, where it is."""
        self.line(f"  {name:<12} {state:<22} {detail}".rstrip())

    def flush(self) -> None:
        self._stream.flush()

    def strong(self, text: str) -> str:
        return f"\033[1m{text}\033[0m" if self._colours else text

    def _clear(self) -> None:
        if self._transient:
            self._write("\r\033[2K")
            self._transient = False

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except BrokenPipeError:
            # The reader (head, say) has gone; the work itself goes on.
            self._stream = open(os.devnull, "w", encoding="utf-8")


class Progress:
    """Progress of one download: a bar on a terminal, a line every few seconds elsewhere."""

    _LINE_EVERY_SECONDS = 5.0

    def __init__(self, terminal: Terminal, label: str, total: int) -> None:
        self._terminal = terminal
        self._label = label
        self._total = total
        self._begin = time.monotonic()
        self._last_line = self._begin

    def show(self, done: int) -> None:
        done = min(done, self._total)
        now = time.monotonic()
        share = done / self._total if self._total else 1.0
        speed = done / max(now - self._begin, 0.001)
        text = f"{megabytes(done)} of {megabytes(self._total)} ({share:4.0%}), {megabytes(speed)}/s"
        if self._terminal.interactive:
            filled = int(share * 24)
            self._terminal.transient(f"    [{'#' * filled}{'.' * (24 - filled)}] {text}")
        elif done and now - self._last_line >= self._LINE_EVERY_SECONDS:
            self._terminal.line(f"    {self._label}: {text}")
            self._last_line = now


def _columns() -> int:
    try:
        return max(os.get_terminal_size().columns, 40)
    except OSError:
        return 80
