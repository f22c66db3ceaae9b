"""Shared builders: a checkout in a temporary folder, a terminal that remembers its lines, a part without a server."""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Mapping, Optional

from plumbline.configuration import Configuration
from plumbline.installation import Installation
from plumbline.layout import Checkout, Instance
from plumbline.part import Part
from plumbline.terminal import Terminal


class RecordingTerminal(Terminal):
    """Keeps what a person would have read."""

    def __init__(self) -> None:
        self._text = io.StringIO()
        super().__init__(self._text)

    @property
    def text(self) -> str:
        return self._text.getvalue()


class TemporaryFolder(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self) -> None:
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory())).resolve()

    def installation(self, given: Optional[Mapping[str, str]] = None, name: str = "default") -> Installation:
        checkout = Checkout(self.folder / "checkout")
        checkout.root.mkdir(exist_ok=True)
        instance = Instance.named(checkout, name)
        instance.prepare()
        made = Installation(checkout, instance, Configuration(given or {}), RecordingTerminal())
        made.cache = self.folder / "cache"
        made.secrets.ensure()
        return made


class SleepingPart(Part):
    """A part whose server is a process that sleeps; ready at once, or never."""

    name = "kafka"
    patience_seconds = 5.0

    def __init__(self, installation: Installation, ready: bool = True, program: str = "import time; time.sleep(60)"):
        super().__init__(installation)
        self.ready = ready
        self.program = program
        self.version = 1
        self.starts = 0

    def own_server(self) -> Optional[str]:
        return self.installation.configuration.given("PLUMBLINE_KAFKA")

    def address(self) -> str:
        return "nowhere"

    def fetch(self) -> None:
        """Nothing to fetch."""

    def settings(self) -> dict:
        return {"version": self.version}

    def start(self) -> None:
        self.starts += 1
        self.launch([sys.executable, "-c", self.program], {}, lambda: self.ready)

    def trouble(self) -> Optional[str]:
        return None
