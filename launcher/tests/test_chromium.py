"""How the browser journeys find Chromium."""

import os
import tempfile
import unittest
from pathlib import Path

from plumbline import chromium
from plumbline.errors import LauncherError


class ChromiumTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.addCleanup(os.environ.__setitem__, "PATH", os.environ["PATH"])
        os.environ["PATH"] = folder.name

    def _program(self, name):
        program = self.folder / name
        program.write_text("#!/bin/sh\n", encoding="utf-8")
        program.chmod(0o755)
        return str(program)

    def test_any_of_its_names_on_the_path_will_do(self):
        other = self._program("google-chrome")
        self.assertEqual(other, chromium.find())
        first = self._program("chromium")
        self.assertEqual(first, chromium.find())

    def test_without_one_and_without_apt_the_remedy_is_told(self):
        with self.assertRaises(LauncherError) as caught:
            chromium.ensure(None)
        self.assertIn("Chromium", caught.exception.what)
        self.assertIn("apt-get install chromium", caught.exception.remedy)


if __name__ == "__main__":
    unittest.main()
