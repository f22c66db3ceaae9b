"""An engineer's first afternoon: language, a data set, a fine-tuning job, a deployment, a chat."""

import re
import unittest
from pathlib import Path

from playwright.sync_api import expect

from browser import CONSOLE
from journey import Journey

FORBIDDEN = ("access", "reviews", "audit")
ENGINEER = "engineer@hospital.example"
# Training waits for its turn on a machine that may be busy with something else.
JOB_PATIENCE_MILLIS = 240_000
DATA = Path(__file__).resolve().parent / "data"


class EngineerJourney(Journey):
    def test_from_a_file_to_an_answer_of_the_tuned_model(self):
        engineer = self._sign_in_and_switch_language()
        self._upload_a_broken_file(engineer)
        self._upload_rows(engineer)
        self._browse_rows(engineer)
        model = self._train(engineer)
        self._deploy(engineer, model)
        self._chat(engineer, model)
        self.all_was_well()

    def test_screens_of_other_roles_are_refused(self):
        engineer = self.person(ENGINEER)
        menu = engineer.page.locator("vaadin-side-nav-item").evaluate_all("items => items.map((item) => item.path)")
        for forbidden in FORBIDDEN:
            self.assertFalse([path for path in menu if path and path.endswith(forbidden)], menu)
            with engineer.expecting(403):
                self.assertEqual(403, engineer.open(forbidden), forbidden)
                engineer.page.wait_for_selector("#refused")
        engineer.picture("refused-engineer-en", "A screen of another role")
        self.all_was_well()

    def _sign_in_and_switch_language(self):
        engineer = self.visitor(ENGINEER)
        engineer.page.goto(CONSOLE)
        engineer.page.wait_for_selector("#kc-login")
        engineer.picture("sign-in-en", "Keycloak's sign-in page")
        engineer.answer_keycloak()
        self.assertTrue(engineer.language().startswith("en"))
        engineer.switch_language()
        self.assertTrue(engineer.language().startswith("zh"))
        engineer.switch_language()
        self.assertTrue(engineer.language().startswith("en"))
        return engineer

    def _upload_a_broken_file(self, engineer):
        engineer.open("datasets")
        problems = engineer.page.locator("#upload-problems")
        with engineer.expecting(422):
            self._choose_file(engineer, "broken.jsonl")
            problems.wait_for()
            engineer.settle()
        for line in ("2", "3", "4"):
            expect(problems.locator("vaadin-grid-cell-content", has_text=re.compile(f"^{line}$")).first).to_be_visible()
        expect(engineer.page.locator("#upload-counts")).to_be_visible()
        engineer.picture("datasets-refused-en", "The report on a broken file")

    def _upload_rows(self, engineer):
        self._choose_file(engineer, "visitors.jsonl")
        engineer.page.locator("#upload-reports .good").wait_for()
        engineer.settle()
        expect(engineer.page.locator("#datasets-grid a", has_text="visitors.jsonl").first).to_be_visible()
        engineer.picture("datasets-stored-en", "A stored data set")

    def _choose_file(self, engineer, name):
        engineer.page.locator("#upload input[type=file]").set_input_files(str(DATA / name))

    def _browse_rows(self, engineer):
        page = engineer.page
        page.locator("#datasets-grid a", has_text="visitors.jsonl").first.click()
        page.wait_for_url(CONSOLE + "datasets/*")
        rows = page.locator("#rows .row")
        expect(rows).to_have_count(16)
        page.locator("#rows-search input").fill("咖啡厅")
        expect(rows).to_have_count(1)
        engineer.settle()
        engineer.picture("dataset-rows-en", "Rows that hold a word")
        page.locator("#rows-search input").fill("")
        expect(rows).to_have_count(16)

    def _train(self, engineer):
        """A job of a few steps, whose curve grows while somebody looks at it; answers the model's name."""
        page = engineer.page
        page.click("#fine-tune")
        page.wait_for_url(CONSOLE + "finetuning/new**")
        engineer.settle()
        for field, value in {"job-suffix": "journey", "job-epochs": "4", "job-batch-size": "4"}.items():
            page.locator(f"#{field} input").fill(value)
            page.keyboard.press("Tab")
        expect(page.locator("#job-plan")).to_contain_text("16")
        engineer.picture("finetuning-new-en", "A new fine-tuning job")
        page.click("#start-job")
        page.wait_for_url(re.compile("finetuning/(?!new)"))
        changes = Changes(page, "#loss-curve", "data-points")
        page.locator("#loss-curve[data-points]").wait_for(timeout=JOB_PATIENCE_MILLIS)
        engineer.picture("finetuning-running-en", "A job under way")
        page.locator("#job-state[data-state=succeeded]").wait_for(timeout=JOB_PATIENCE_MILLIS)
        page.locator("#deploy-model").wait_for()
        engineer.settle()
        points = [int(each.split(",")[0]) for each in changes.seen()]
        self.assertGreater(len(set(points)), 1, f"the curve came at once: {points}")
        self.assertEqual(sorted(points), points)
        self.assertEqual(16, points[-1])
        engineer.picture("finetuning-done-en", "A job that succeeded")
        engineer.switch_language()
        page.locator("#loss-curve canvas").wait_for()
        engineer.picture("finetuning-done-zh", "A job that succeeded")
        engineer.switch_language()
        page.locator("#deploy-model").click()
        name = page.locator("#deploy-model-name input")
        expect(name).not_to_be_empty()
        return name.input_value()

    def _deploy(self, engineer, model):
        self.assertRegex(model, "^ft:.*journey")
        page = engineer.page
        engineer.settle()
        engineer.picture("models-deploy-en", "Putting a model into service")
        page.click("#deploy-confirm")
        engineer.settle()
        expect(page.locator("#deployments-grid [data-state=live]").first).to_be_visible()
        expect(page.locator("#deployments-grid")).to_contain_text(model)
        for language in ("en", "zh"):
            engineer.open("models")
            engineer.picture(f"models-filled-{language}", "Models and deployments")
            engineer.switch_language()

    def _chat(self, engineer, model):
        page = engineer.page
        engineer.open("playground")
        page.click("#chat-model")
        page.get_by_role("option", name=model, exact=True).click()
        engineer.settle()
        # Long enough to be seen as it grows: short answers come faster than a page is drawn.
        for field, value in {"temperature": "0", "max-tokens": "400"}.items():
            page.locator(f"#{field} input").fill(value)
            page.keyboard.press("Tab")
        page.locator("#chat-input textarea").fill("Where do I hang my coat?")
        changes = Changes(page, "#chat-turns .answer", None)
        page.keyboard.press("Enter")
        # Whole, or cut at the limit of tokens: both are answers.
        answer = page.locator("#chat-turns .answer:is([data-phase=complete], [data-phase=cut])")
        answer.wait_for(timeout=JOB_PATIENCE_MILLIS)
        engineer.settle()
        texts = [text for text in changes.seen() if answer.inner_text().startswith(text)]
        self.assertGreater(len(texts), 1, f"the answer came at once: {changes.seen()}")
        expect(page.locator("#chat-turns .figures")).to_contain_text(re.compile(r"tokens: \d+ prompt \(\d+ cached\), [1-9]\d* answer"))
        engineer.picture("playground-answered-en", "An answer of the tuned model")
        engineer.switch_language()
        engineer.picture("playground-answered-zh", "An answer of the tuned model")


class Changes:
    """Every value that an element has had since now: of an attribute, or its text."""

    def __init__(self, page, selector, attribute):
        self._page = page
        page.evaluate(
            """([selector, attribute]) => {
              const seen = window.journeySeen = [];
              const look = () => {
                const element = document.querySelector(selector);
                const value = element && (attribute ? element.getAttribute(attribute) : element.textContent);
                if (value && value !== seen[seen.length - 1]) seen.push(value);
              };
              new MutationObserver(look).observe(document.body,
                { subtree: true, childList: true, characterData: true, attributes: true });
              look();
            }""",
            [selector, attribute],
        )

    def seen(self):
        """The values in their order; a page that was loaded again has none."""
        return self._page.evaluate("window.journeySeen || []")


if __name__ == "__main__":
    unittest.main()
