"""Smaller helpers: JDK search, realm placeholders, build freshness, test counts, the command line."""

import contextlib
import io
import os
import time
import unittest
from unittest import mock

from plumbline import cli, prerequisites
from plumbline.build import is_current
from plumbline.errors import LauncherError
from plumbline.keycloak import fill_placeholders
from plumbline.layout import Checkout, Instance
from plumbline.postgres import Postgres
from plumbline.secrets_file import Secrets
from plumbline.tally import Tally, surefire_tally, unittest_tally

from .fakes import TemporaryFolder


class JdkTest(TemporaryFolder):
    def jdk(self, name: str, version: str, compiler: bool = True):
        home = self.folder / name
        (home / "bin").mkdir(parents=True)
        (home / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n', encoding="utf-8")
        for program in ["java", *(["javac"] if compiler else [])]:
            (home / "bin" / program).touch(mode=0o755)
        return home

    def find(self, **environment):
        with mock.patch.object(prerequisites, "_USUAL_FOLDERS", (str(self.folder / "usual" / "*"),)):
            return prerequisites.find_jdk({"PATH": str(self.folder), **environment})

    def test_java_home_comes_first(self):
        self.jdk("usual/25", "25.0.1")
        home = self.jdk("mine", "25.0.3")
        self.assertEqual(self.find(JAVA_HOME=str(home)).home, home)

    def test_too_old_java_home_is_passed_over(self):
        usual = self.jdk("usual/25", "25")
        self.assertEqual(self.find(JAVA_HOME=str(self.jdk("old", "17.0.15"))).home, usual)

    def test_absence_is_told_with_what_was_found_and_how_to_get_it(self):
        self.jdk("usual/17", "17.0.15")
        self.jdk("usual/jre", "25.0.1", compiler=False)
        with self.assertRaises(LauncherError) as failed:
            self.find()
        self.assertIn("17.0.15", failed.exception.what)
        self.assertIn("25.0.1, no compiler", failed.exception.what)
        self.assertIn("JAVA_HOME", failed.exception.remedy)


class RealmTest(unittest.TestCase):
    def test_placeholders_are_filled_and_escaped(self):
        filled = fill_placeholders('{"p": "${PLUMBLINE_DEMO_PASSWORD}", "k": "${role}"}', {"PLUMBLINE_DEMO_PASSWORD": 'a"b'})
        self.assertEqual(filled, '{"p": "a\\"b", "k": "${role}"}')

    def test_unknown_placeholder_is_refused(self):
        with self.assertRaises(LauncherError) as failed:
            fill_placeholders("${PLUMBLINE_NONSENSE}", {"PLUMBLINE_PORT": "1"})
        self.assertIn("PLUMBLINE_NONSENSE", failed.exception.what)


class SecretsTest(TemporaryFolder):
    def test_made_once_and_private(self):
        path = self.folder / "secrets.json"
        first = Secrets(path)
        first.ensure()
        second = Secrets(path)
        second.ensure()
        self.assertEqual(first["demo_password"], second["demo_password"])
        self.assertNotEqual(first["db_app"], first["db_owner"])
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)

    def test_damaged_file_is_told_not_replaced(self):
        path = self.folder / "secrets.json"
        path.write_text("{", encoding="utf-8")
        with self.assertRaises(LauncherError):
            Secrets(path)
        self.assertEqual(path.read_text(encoding="utf-8"), "{")


class BuildTest(TemporaryFolder):
    def setUp(self):
        super().setUp()
        self.checkout = Checkout(self.folder)
        source = self.folder / "console-ui" / "src" / "main" / "java"
        source.mkdir(parents=True)
        self.source = source / "A.java"
        for file in (self.folder / "pom.xml", self.folder / "console-ui" / "pom.xml", self.source):
            file.touch()

    def test_absent_server_is_not_current(self):
        self.assertFalse(is_current(self.checkout))

    def test_newer_or_removed_source_makes_the_server_old(self):
        self.checkout.server.mkdir(parents=True)
        self.checkout.server_jar.touch()
        soon = time.time() + 5
        os.utime(self.checkout.server_jar, (soon, soon))
        self.assertTrue(is_current(self.checkout))
        os.utime(self.source, (soon + 5, soon + 5))
        self.assertFalse(is_current(self.checkout))
        self.source.unlink()
        os.utime(self.source.parent, (soon + 5, soon + 5))
        self.assertFalse(is_current(self.checkout))


class PostgresDataTest(TemporaryFolder):
    def test_half_made_data_directory_is_put_aside(self):
        made = self.installation()
        part = Postgres(made)
        (part.data / "base").mkdir(parents=True)
        part._programs = self.folder / "programs"
        programs = part._programs / "bin"
        programs.mkdir(parents=True)
        initdb = programs / "initdb"
        initdb.write_text('#!/bin/sh\nmkdir -p "$2" && echo 18 > "$2/PG_VERSION"\n', encoding="utf-8")
        initdb.chmod(0o755)
        with mock.patch.object(Postgres, "_as_user", lambda self, command: command):
            part._ensure_data()
        self.assertTrue((part.home / "data.incomplete" / "base").is_dir())
        self.assertTrue((part.data / "PG_VERSION").exists())
        self.assertFalse((part.home / ".superuser").exists())

    def test_lock_file_of_a_server_that_is_gone_is_removed(self):
        part = Postgres(self.installation())
        part.data.mkdir(parents=True)
        lock = part.data / "postmaster.pid"
        # This test's own process has that pid now, but it is no PostgreSQL on that folder.
        lock.write_text(f"{os.getpid()}\n{part.data}\n", encoding="utf-8")
        part._remove_stale_lock()
        self.assertEqual(lock.exists(), not os.path.exists("/proc/self"))


class TallyTest(TemporaryFolder):
    def test_closing_lines_of_unittest(self):
        self.assertEqual(unittest_tally("Ran 12 tests in 0.1s\n\nOK (skipped=2)\n"), Tally(10, 0, 2))
        self.assertEqual(unittest_tally("Ran 3 tests in 0.1s\n\nFAILED (failures=1, errors=1)\n"), Tally(1, 2, 0))
        self.assertEqual(unittest_tally("Traceback"), Tally(0, 0, 0))

    def test_reports_of_this_run_are_added_up(self):
        reports = self.folder / "module" / "target" / "surefire-reports"
        reports.mkdir(parents=True)
        for name, age in (("TEST-new.xml", 0), ("TEST-old.xml", 3600)):
            file = reports / name
            file.write_text('<testsuite tests="7" failures="1" errors="1" skipped="2"/>', encoding="utf-8")
            os.utime(file, (time.time() - age,) * 2)
        self.assertEqual(surefire_tally(self.folder, time.time()), Tally(3, 2, 2))


class CommandLineTest(unittest.TestCase):
    def run_cli(self, *arguments: str):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = cli.main(list(arguments))
            except SystemExit as ended:
                status = ended.code
        return status, out.getvalue(), err.getvalue()

    def test_unknown_command_is_refused_with_near_ones(self):
        status, _, err = self.run_cli("statsu")
        self.assertEqual(status, 2)
        self.assertIn("status", err)

    def test_every_command_has_help(self):
        for name in ("up", "down", "status", "logs", "doctor", "reset", "build", "format", "test", "test-env"):
            with self.subTest(name):
                status, out, _ = self.run_cli(name, "--help")
                self.assertEqual(status, 0)
                self.assertIn("usage: ./plumbline " + name, out)

    def test_bad_instance_name_is_an_error_with_remedy(self):
        status, _, err = self.run_cli("status", "--instance", "../etc")
        self.assertEqual(status, 1)
        self.assertIn("cannot be an instance name", err)
        self.assertNotIn("Traceback", err)

    def test_failure_nobody_foresaw_is_a_sentence(self):
        with mock.patch.object(cli, "_keep_traceback", lambda: "the log"):
            with mock.patch.object(cli.inspection, "status", side_effect=ZeroDivisionError("oh")):
                status, _, err = self.run_cli("status")
        self.assertEqual(status, 70)
        self.assertIn("the log", err)
        self.assertNotIn("Traceback", err)


class InstanceTest(TemporaryFolder):
    def test_named_instance_has_folders_of_its_own(self):
        checkout = Checkout(self.folder)
        self.assertEqual(Instance.named(checkout, "default").home, checkout.state)
        self.assertEqual(Instance.named(checkout, "test").home, checkout.state / "instances" / "test")


if __name__ == "__main__":
    unittest.main()
