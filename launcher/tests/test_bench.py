"""The benchmark's peer: found, compiled, or done without; its driver's protocol. Measuring itself is Java's."""

import json
import os
import subprocess
import sys
import textwrap
import unittest
from pathlib import Path
from unittest import mock

from plumbline import bench
from plumbline.bench import peer
from plumbline.errors import LauncherError

from .fakes import TemporaryFolder

_DRIVER = Path(bench.__file__).with_name("llama_cpp_driver.py")


class CommandTest(TemporaryFolder):
    def test_what_to_measure_must_be_said(self):
        with self.assertRaises(LauncherError) as failed:
            bench.main(self.installation(), ["engin"])
        self.assertIn("bench engine", failed.exception.remedy)

    def test_a_model_of_ones_own_is_passed_on(self):
        args, passed = bench._parser().parse_known_args(["--model", "a.gguf", "--json", "--threads", "2"])
        self.assertEqual(["--json", "--threads", "2"], passed)
        self.assertEqual([f"--model={Path('a.gguf').resolve()}"], bench._models(self.installation(), args))

    def test_a_models_folder_without_the_known_models_asks_for_a_name(self):
        empty = self.folder / "empty"
        empty.mkdir()
        args, _ = bench._parser().parse_known_args([])
        with self.assertRaises(LauncherError) as failed:
            bench._models(self.installation({"PLUMBLINE_MODELS": str(empty)}), args)
        self.assertIn("--model FILE", failed.exception.remedy)

    def test_an_api_key_goes_through_the_environment_and_not_the_command_line(self):
        args, _ = bench._parser().parse_known_args(["--url", "http://127.0.0.1:1", "--api-key", "sk-secret"])
        environment = {}
        words = bench._server(self.installation(), args, environment)
        self.assertEqual(["--url=http://127.0.0.1:1"], words)
        self.assertEqual("sk-secret", environment[bench.API_KEY])


class PeerTest(TemporaryFolder):
    def test_another_python_must_be_there_and_must_have_llama_cpp(self):
        for python, expected in (("/no/such/python", "is not a program"), (sys.executable, "does not load")):
            with mock.patch.dict(os.environ, {peer.OVERRIDE: python, "PYTHONPATH": ""}):
                with self.assertRaises(LauncherError) as failed:
                    peer.ensure(self._without_llama_cpp())
                self.assertIn(expected, failed.exception.what)

    def _without_llama_cpp(self):
        hidden = self.folder / "hidden"
        hidden.mkdir(exist_ok=True)
        (hidden / "llama_cpp.py").write_text("raise ImportError('hidden from this test')\n", encoding="utf-8")
        os.environ["PYTHONPATH"] = str(hidden)
        return self.installation()

    def test_a_compilation_that_fails_leaves_nothing_and_the_figures_go_on_without_the_peer(self):
        installation = self.installation()
        failing = [sys.executable, "-c", "import sys; sys.exit('no compiler likes this')"]
        with mock.patch.dict(os.environ, {peer.OVERRIDE: ""}), mock.patch.object(peer, "find_pip", lambda: failing):
            with mock.patch.object(peer, "_COMPILERS", (sys.executable,)):
                command, environment = bench._with_peer(installation, {"A": "b"})
        self.assertEqual(([], {"A": "b"}), (command, environment))
        self.assertIn("10 to 15 minutes", installation.terminal.text)
        self.assertIn("measuring without llama.cpp", installation.terminal.text)
        self.assertIn("no compiler likes this", installation.terminal.text)
        self.assertEqual([], [file for file in installation.cache.iterdir() if "llama" in file.name])

    def test_without_a_compiler_nothing_is_fetched(self):
        with mock.patch.dict(os.environ, {peer.OVERRIDE: ""}), mock.patch.object(peer, "_COMPILERS", ("no-such-compiler",)):
            with self.assertRaises(LauncherError) as failed:
                peer.ensure(self.installation())
        self.assertIn("--no-peer", failed.exception.remedy)


class DriverTest(TemporaryFolder):
    def test_every_line_gets_an_answer_and_errors_do_not_end_it(self):
        stub = """
            def llama_log_callback(function): return function
            def llama_log_set(function, data): pass
            def llama_backend_init(): pass
            def llama_model_default_params(): return None
            def llama_model_load_from_file(path, params): return None
        """
        (self.folder / "llama_cpp.py").write_text(textwrap.dedent(stub), encoding="utf-8")
        lines = ["no json", '{"do": "prefill", "tokens": 8}']
        lines.append('{"do": "load", "model": "gone.gguf", "threads": 1, "context": 8, "sequences": 1}')
        done = subprocess.run(
            [sys.executable, "-B", str(_DRIVER)],
            input="\n".join(lines) + "\n",
            env={**os.environ, "PYTHONPATH": str(self.folder)},
            capture_output=True,
            text=True,
            check=True,
        )
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(3, len(answers))
        self.assertIn("nothing is loaded", answers[1]["error"])
        self.assertIn("gone.gguf cannot be loaded", answers[2]["error"])


if __name__ == "__main__":
    unittest.main()
