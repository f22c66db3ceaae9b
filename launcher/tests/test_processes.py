"""Recorded processes: recognised, watched, ended; nobody else's touched."""

import os
import subprocess
import sys
import time
import unittest
from dataclasses import replace

from plumbline.errors import LauncherError
from plumbline.lifecycle import Parts, Step, run_steps, status_of
from plumbline.cancellation import Cancellation
from plumbline.process import ProcessRecord, identity_of, stop

from .fakes import SleepingPart, TemporaryFolder


def sleeper(program: str = "import time; time.sleep(60)") -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", program], start_new_session=True)


def record_of(process: subprocess.Popen) -> ProcessRecord:
    return ProcessRecord("kafka", process.pid, identity_of(process.pid), time.time())


class ProcessRecordTest(TemporaryFolder):
    def test_stale_pid_of_another_process_is_not_ours(self):
        stranger = sleeper()
        self.addCleanup(stranger.kill)
        stale = replace(record_of(stranger), identity="an-earlier-boot/1")
        self.assertFalse(stale.alive())
        self.assertEqual(stale.members(), [])
        stop(stale, patience=0.5)
        self.assertIsNone(stranger.poll(), "a process that merely has the recorded pid was ended")

    def test_stop_ends_the_process_and_its_children(self):
        parent = sleeper("import subprocess, sys, time\n"
                         "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\ntime.sleep(60)")
        record = record_of(parent)
        deadline = time.monotonic() + 10
        while len(record.members()) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        members = record.members()
        self.assertEqual(len(members), 2)
        stop(record)
        parent.wait(timeout=10)
        self.assertEqual([pid for pid in members if identity_of(pid)], [])

    def test_process_that_ignores_the_polite_signal_is_killed(self):
        stubborn = sleeper("import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
                           "time.sleep(60)")
        time.sleep(0.5)
        self.assertTrue(stop(record_of(stubborn), patience=0.5))
        stubborn.wait(timeout=10)

    def test_zombie_counts_as_ended(self):
        child = subprocess.Popen([sys.executable, "-c", ""])
        deadline = time.monotonic() + 10
        while identity_of(child.pid) is not None and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertIsNone(identity_of(child.pid))
        child.wait()

    def test_half_written_record_reads_as_none(self):
        path = self.folder / "kafka.json"
        path.write_text('{"part": "kafka", "pi', encoding="utf-8")
        self.assertIsNone(ProcessRecord.read(path))
        path.write_text('{"surprise": 1}', encoding="utf-8")
        self.assertIsNone(ProcessRecord.read(path))

    def test_record_is_read_back_and_private(self):
        path = self.folder / "kafka.json"
        written = ProcessRecord("kafka", 1, "x/1", 2.0, 9094, {"port": 9094})
        written.write(path)
        self.assertEqual(ProcessRecord.read(path), written)
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)


class LifecycleTest(TemporaryFolder):
    def setUp(self):
        super().setUp()
        self.made = self.installation()
        self.part = SleepingPart(self.made)
        self.parts = Parts(self.made, [self.part])
        self.addCleanup(self.part.stop)

    def test_second_ensure_touches_nothing(self):
        self.parts.ensure(self.part)
        pid = self.made.running("kafka").pid
        self.parts.ensure(self.part)
        self.assertEqual(self.made.running("kafka").pid, pid)
        self.assertEqual(self.part.starts, 1)
        self.assertIn("already running", self.made.terminal.text)

    def test_part_that_died_is_noticed_and_started_again(self):
        self.parts.ensure(self.part)
        os.kill(self.made.running("kafka").pid, 9)
        deadline = time.monotonic() + 10
        while self.made.running("kafka") and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(status_of(self.made, self.part).state, "dead")
        self.parts.ensure(self.part)
        self.assertEqual(self.part.starts, 2)
        self.assertEqual(status_of(self.made, self.part).state, "running")

    def test_changed_settings_restart_the_part(self):
        self.parts.ensure(self.part)
        before = self.made.running("kafka").pid
        self.part.version = 2
        self.parts.ensure(self.part)
        self.assertNotEqual(self.made.running("kafka").pid, before)

    def test_part_that_ends_while_starting_is_told_with_its_last_lines(self):
        part = SleepingPart(self.made, ready=False, program="print('no licence for Tuesdays'); raise SystemExit(3)")
        with self.assertRaises(LauncherError) as failed:
            self.parts.ensure(part)
        self.assertIn("exit status 3", failed.exception.what)
        self.assertIn("no licence for Tuesdays", failed.exception.what)
        self.assertIsNone(self.made.record("kafka"))

    def test_part_that_never_gets_ready_is_ended(self):
        part = SleepingPart(self.made, ready=False)
        part.patience_seconds = 0.5
        with self.assertRaises(LauncherError):
            self.parts.ensure(part)
        self.assertIsNone(self.made.running("kafka"))

    def test_own_server_is_not_started(self):
        made = self.installation({"PLUMBLINE_KAFKA": "broker.example:9092"}, name="own")
        part = SleepingPart(made)
        Parts(made, [part]).ensure(part)
        self.assertEqual(part.starts, 0)
        self.assertIn("your own server", made.terminal.text)

    def test_stop_all_ends_what_runs_and_is_content_with_nothing(self):
        self.parts.ensure(self.part)
        self.assertEqual(self.parts.stop_all(), 1)
        self.assertEqual(self.parts.stop_all(), 0)
        self.assertIsNone(self.made.record("kafka"))

    def test_failing_step_cancels_the_others_and_is_the_error_told(self):
        cancellation = Cancellation()

        def fail():
            raise LauncherError("disk on fire")

        later = []
        steps = [
            Step("fails", [], fail),
            Step("waits", [], lambda: cancellation.sleep(30)),
            Step("never", ["fails"], lambda: later.append("ran")),
        ]
        with self.assertRaises(LauncherError) as failed:
            run_steps(steps, cancellation)
        self.assertEqual(failed.exception.what, "disk on fire")
        self.assertEqual(later, [])

    def test_steps_run_after_what_they_need(self):
        order = []
        steps = [
            Step("roof", ["walls"], lambda: order.append("roof")),
            Step("walls", ["ground"], lambda: order.append("walls")),
            Step("ground", [], lambda: order.append("ground")),
        ]
        run_steps(steps, Cancellation())
        self.assertEqual(order, ["ground", "walls", "roof"])


if __name__ == "__main__":
    unittest.main()
