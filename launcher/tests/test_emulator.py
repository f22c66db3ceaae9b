"""The emulator for tests of other processors' kernels: silent where it is there, a line with the remedy where not."""

import os
import unittest
from types import SimpleNamespace
from unittest import mock

from plumbline import debian, emulator


class EmulatorTest(unittest.TestCase):
    def setUp(self):
        self.lines = []
        self.installation = SimpleNamespace(terminal=SimpleNamespace(line=self.lines.append))

    @mock.patch("platform.machine", return_value="x86_64")
    @mock.patch.object(debian, "may_install", return_value=False)
    @mock.patch("shutil.which", return_value=None)
    def test_what_is_not_tested_is_said_with_the_packages(self, *_):
        emulator.ensure(self.installation)
        self.assertEqual(1, len(self.lines))
        self.assertIn("not tested: no aarch64-linux-gnu-gcc and no qemu-aarch64", self.lines[0])
        self.assertIn("apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user", self.lines[0])

    @mock.patch("platform.machine", return_value="aarch64")
    @mock.patch("shutil.which", return_value=None)
    def test_the_processor_itself_needs_no_emulator(self, *_):
        emulator.ensure(self.installation)
        self.assertEqual([], self.lines)

    @mock.patch("platform.machine", return_value="x86_64")
    @mock.patch("shutil.which", return_value="/usr/bin/there")
    def test_nothing_is_said_where_all_is_there(self, *_):
        emulator.ensure(self.installation)
        self.assertEqual([], self.lines)

    @unittest.skipIf(os.geteuid() == 0, "root may install")
    def test_only_root_installs(self):
        self.assertFalse(debian.may_install())


if __name__ == "__main__":
    unittest.main()
