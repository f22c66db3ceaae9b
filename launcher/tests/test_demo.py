"""The demo's plans and its opt-in part; the whole demo runs against a server only."""

import json
import socket
import unittest
from pathlib import Path

from plumbline.demo import _must_serve
from plumbline.demo.narrator import Narrator
from plumbline.demo.plans import load_plans, load_second_model_plan
from plumbline.demo.second_model import SecondModelSection
from plumbline.errors import LauncherError

from .fakes import TemporaryFolder

_DEMO = Path(__file__).resolve().parents[2] / "demo"
_PROMPTS = _DEMO / "prompts.json"


def _rows(file: Path) -> list:
    return [json.loads(line)["messages"] for line in file.read_text(encoding="utf-8").splitlines()]


class PlansTest(TemporaryFolder):
    def test_every_tenant_has_a_plan_on_smollm2(self):
        plans = load_plans(_PROMPTS, _DEMO / "data")
        self.assertEqual(["hospital", "broker", "factory"], [plan.tenant for plan in plans])
        self.assertTrue(all(plan.base == "smollm2" and plan.chat_template is None for plan in plans))

    def test_the_second_model_has_chinese_rows_and_a_template_of_the_tenants(self):
        plan = load_second_model_plan(_PROMPTS, _DEMO / "data")
        self.assertEqual("factory", plan.tenant)
        self.assertIn("<start_of_turn>model", plan.chat_template)
        train, held_out = _rows(plan.train), _rows(plan.evaluation)
        self.assertGreaterEqual(len(train), 60)
        questions = [messages[1]["content"] for messages in [*train, *held_out]]
        self.assertEqual(len(questions), len(set(questions)))
        self.assertNotIn(plan.question, questions)
        for messages in [*train, *held_out]:
            self.assertRegex(messages[2]["content"], "请填表单：《[^》]+》HW-[0-9]{2}。$")

    def test_a_folder_without_chinese_rows_has_no_second_plan(self):
        self.assertIsNone(load_second_model_plan(_PROMPTS, self.folder))

    def test_training_rows_without_held_out_rows_are_told(self):
        (self.folder / "industrial-zh.train.jsonl").write_text("{}\n", encoding="utf-8")
        with self.assertRaises(LauncherError) as failed:
            load_second_model_plan(_PROMPTS, self.folder)
        self.assertIn("industrial-zh.eval.jsonl", failed.exception.what)


class _Tenants:
    def __init__(self):
        self.plans = []

    def run(self, plan):
        self.plans.append(plan)


class PlatformTest(unittest.TestCase):
    def test_without_a_platform_one_line_says_how_to_start_it(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            with self.assertRaises(LauncherError) as refused:
                _must_serve(f"http://127.0.0.1:{free.getsockname()[1]}")
        self.assertIn("./plumbline up", refused.exception.remedy)


class SecondModelTest(TemporaryFolder):
    def setUp(self):
        super().setUp()
        self.plan = load_second_model_plan(_PROMPTS, _DEMO / "data")
        self.lines, self.tenants = [], _Tenants()

    def section(self, **given):
        installation = self.installation(given)
        return installation, SecondModelSection(installation, self.tenants, Narrator(self.lines.append))

    def test_without_the_model_one_line_says_how_to_get_it(self):
        _, section = self.section()
        self.assertFalse(section.run(self.plan))
        self.assertEqual([], self.tenants.plans)
        self.assertEqual(1, len(self.lines))
        self.assertIn("./plumbline demo --with gemma3", self.lines[0])
        self.assertIn("Gemma Terms of Use", self.lines[0])

    def test_with_the_model_the_plan_runs(self):
        installation, section = self.section()
        installation.models.mkdir(parents=True)
        (installation.models / "gemma-3-270m-q4_k_m.gguf").touch()
        self.assertTrue(section.run(self.plan))
        self.assertEqual([self.plan], self.tenants.plans)

    def test_a_folder_of_ones_own_is_not_written_into(self):
        own = self.folder / "own"
        own.mkdir()
        _, section = self.section(PLUMBLINE_MODELS=str(own))
        with self.assertRaises(LauncherError) as failed:
            section.fetch()
        self.assertIn("gemma-3-270m-q4_k_m.gguf", failed.exception.remedy)
        self.assertEqual([], list(own.iterdir()))
        self.assertIn("Gemma Terms of Use", self.lines[0])


if __name__ == "__main__":
    unittest.main()
