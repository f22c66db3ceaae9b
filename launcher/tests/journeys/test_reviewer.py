"""A rule holds an answer; a reviewer decides it at the console; the caller reads it; an auditor proves the decision."""

import json
import re
import unittest

from playwright.sync_api import expect

import api
from browser import CONSOLE
from journey import Journey

REVIEWER = "reviewer@plumbline.example"
SECOND_REVIEWER = "second-reviewer@plumbline.example"
REVIEWER_ELSEWHERE = "reviewer@factory.example"
AUDITOR = "auditor@hospital.example"
# Held by MED-020: a patient under six without a guardian's confirmation.
QUESTION = "My son is 4 years old and has an earache. What should we do at home?"
FORM = {
    "type": "json_schema",
    "json_schema": {
        "name": "advice",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"advice": {"type": "string"}},
            "required": ["advice"],
            "additionalProperties": False,
        },
    },
}
INERT = "<img src=x onerror=alert(1)><script>alert(2)</script>"
RELEASED = "Please have your son seen by a doctor today. Desk to ask: Children's Clinic, level 2 \u00b7 儿科门诊"


class ReviewerJourney(Journey):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        admin = api.signed_in("admin@hospital.example")
        policy = {"packs": ["INTL", "MED-020"], "audience": "public"}
        cls.before = admin.done("GET", "/api/v1/screening-policy")
        admin.done("PUT", "/api/v1/screening-policy", policy)
        cls.caller = api.program("hospital", "models:read", "inference")
        models = [model["id"] for model in cls.caller.done("GET", "/v1/models")["data"]]
        cls.model = next(model for model in models if model.startswith("smollm2"))

    @classmethod
    def tearDownClass(cls):
        api.signed_in("admin@hospital.example").done("PUT", "/api/v1/screening-policy", cls.before)
        super().tearDownClass()

    def test_a_held_answer_is_edited_released_and_proved(self):
        answer_id, case = self._ask(QUESTION)
        self.assertEqual("content_filter", self._read(answer_id)["finish_reason"])
        reviewer = self._open_by_keyboard(case)
        self._see_the_evidence(reviewer)
        self._a_colleague_sees_who_holds_it(case)
        self._somebody_elsewhere_finds_nothing(case)
        self._edit_and_release(reviewer)
        choice = self._read(answer_id)
        self.assertEqual(RELEASED, choice["message"]["content"])
        self.assertIn(choice["finish_reason"], ("stop", "length"))
        self._prove(case)
        self.all_was_well()

    def test_words_outlive_a_sign_in_that_expires(self):
        _, case = self._ask(QUESTION)
        reviewer = self.person(REVIEWER)
        self._open(reviewer, case)
        editor = reviewer.page.locator("#case-editor textarea")
        editor.fill("The first words, which the server has")
        reviewer.page.locator("#case-approve-edit").wait_for()
        reviewer.settle()
        with reviewer.expecting(401, 403, 499):
            self._lose_the_sign_in(reviewer)
            editor.fill("And these words came after the sign-in was gone")
            again = reviewer.page.locator("#signed-out button")
            again.wait_for()
            reviewer.picture("sign-in-expired-en")
            reviewer.sign_in_again(again)
        expect(reviewer.page.locator("#case-editor textarea")).to_have_value(
            "And these words came after the sign-in was gone"
        )
        self.all_was_well()

    def test_script_stays_text_and_an_edit_keeps_its_form(self):
        answer_id, case = self._ask(f"My son is 4 years old and has an earache. {INERT}", response_format=FORM)
        reviewer = self.person(REVIEWER)
        self._open(reviewer, case)
        expect(reviewer.page.locator("#case-conversation")).to_contain_text(INERT)
        self.assertEqual(0, reviewer.page.locator("#case-conversation img, #case-conversation script").count())
        reviewer.picture("case-with-script-en")
        self._a_text_of_another_form_is_not_released(reviewer)
        choice = self._read(answer_id)
        self.assertEqual({"advice": INERT}, json.loads(choice["message"]["content"]))
        self.assertEqual("stop", choice["finish_reason"])
        self.all_was_well()

    # --- the caller

    def _ask(self, question, **more):
        """A question that is held; answers the ids of the answer and of its case."""
        body = {"model": self.model, "messages": [{"role": "user", "content": question}], "temperature": 0, "max_tokens": 24}
        body |= more
        answer = self.caller.ask("POST", "/v1/chat/completions", body)
        self.assertEqual(200, answer.status, answer.body)
        self.assertEqual("content_filter", answer.body["choices"][0]["finish_reason"])
        self.assertIn("x-plumbline-case", answer.headers)
        return answer.body["id"], answer.headers["x-plumbline-case"]

    def _read(self, answer_id):
        return self.caller.done("GET", f"/v1/chat/completions/{answer_id}")["choices"][0]

    # --- the reviewer

    def _open(self, person, case):
        person.open(f"reviews/{case}")
        person.page.wait_for_selector("#case-standing[data-standing=working]")

    def _open_by_keyboard(self, case):
        """From the queue to the case with j and Enter alone."""
        reviewer = self.person(REVIEWER)
        for language in ("en", "zh"):
            reviewer.open("reviews")
            reviewer.page.wait_for_selector(f"#case-{case}")
            reviewer.picture(f"reviews-filled-{language}")
            reviewer.switch_language()
        reviewer.open("reviews")
        page = reviewer.page
        page.wait_for_selector(f"#case-{case}")
        links = page.locator("a.case-link").evaluate_all("links => links.map((link) => link.id)")
        for _ in range(links.index(f"case-{case}") + 1):
            page.keyboard.press("j")
            reviewer.settle()
        page.keyboard.press("Enter")
        page.wait_for_url(CONSOLE + "reviews/*")
        self.assertTrue(page.url.endswith(case), page.url)
        page.wait_for_selector("#case-standing[data-standing=working]")
        reviewer.settle()
        return reviewer

    def _see_the_evidence(self, reviewer):
        page = reviewer.page
        expect(page.locator("#case-conversation mark").first).to_be_visible()
        rules = page.locator("#case-rules")
        expect(rules).to_contain_text("MED-020")
        self.assertGreater(page.locator("#case-rules .rule-basis li").count(), 0, "the rule is shown without its basis")
        reviewer.picture("case-en", "A held answer")
        reviewer.switch_language()
        page.wait_for_selector("#case-claim:visible, #case-standing[data-standing=working]")
        reviewer.picture("case-zh", "A held answer")
        reviewer.switch_language()
        page.wait_for_selector("#case-standing[data-standing=working]")

    def _a_colleague_sees_who_holds_it(self, case):
        colleague = self.person(SECOND_REVIEWER)
        colleague.open(f"reviews/{case}")
        standing = colleague.page.locator("#case-standing[data-standing=taken]")
        expect(standing).to_contain_text(REVIEWER)
        colleague.picture("case-taken-en", "A case that a colleague holds")

    def _somebody_elsewhere_finds_nothing(self, case):
        stranger = self.person(REVIEWER_ELSEWHERE)
        with stranger.expecting(404):
            stranger.open(f"reviews/{case}")
            stranger.page.wait_for_selector("#not-found")
        refused = api.signed_in(REVIEWER_ELSEWHERE).ask("GET", f"/api/v1/review/cases/{case}")
        self.assertEqual(404, refused.status)

    def _edit_and_release(self, reviewer):
        page = reviewer.page
        page.keyboard.press("e")
        editor = page.locator("#case-editor textarea")
        expect(editor).to_be_focused()
        editor.fill(RELEASED)
        page.locator("#case-approve-edit").wait_for()
        reviewer.picture("case-edited-en", "An edited answer")
        page.keyboard.press("Escape")
        page.keyboard.press("a")
        page.locator("#case-approve-confirm").wait_for()
        reviewer.picture("case-approve-en", "The question before a release")
        page.keyboard.press("Enter")
        page.locator("#case-done").wait_for()
        expect(page.locator("#case-released-0")).to_contain_text(RELEASED)
        reviewer.settle()
        reviewer.picture("case-decided-en", "A decided case")

    def _a_text_of_another_form_is_not_released(self, reviewer):
        """The caller's program reads JSON of a schema: the console says what is wrong, and where, before anything leaves."""
        page = reviewer.page
        editor = page.locator("#case-editor textarea")
        told = page.locator("#case-editor [slot=error-message]")
        expect(page.locator("#case-form")).to_contain_text("schema")
        editor.fill('{\n  "advice": See a doctor.\n}')
        for language, words in (("en", "Line 2, column 13"), ("zh", "第 2 行第 13 列")):
            expect(told).to_contain_text(words)
            expect(page.locator("#case-approve-edit")).to_be_disabled()
            expect(page.locator("#case-unfit")).to_be_visible()
            reviewer.settle()
            reviewer.picture(f"case-not-in-form-{language}", "An edit that the caller's program could not read")
            reviewer.switch_language()
            page.wait_for_selector("#case-standing[data-standing=working]")
        page.keyboard.press("a")
        expect(editor).to_be_focused()
        self.assertEqual(0, page.locator("#case-approve-confirm").count())
        editor.fill(json.dumps({"advice": INERT}))
        expect(page.locator("#case-approve-edit")).to_be_enabled()
        expect(told).to_be_empty()
        page.keyboard.press("Escape")
        page.keyboard.press("a")
        page.locator("#case-approve-confirm").click()
        page.locator("#case-done").wait_for()
        reviewer.settle()

    @staticmethod
    def _lose_the_sign_in(reviewer):
        """As when cookies run out: the browser keeps those of Keycloak, so that it may sign in again."""
        kept = [cookie for cookie in reviewer.context.cookies() if "/realms/" in cookie["path"]]
        reviewer.context.clear_cookies()
        reviewer.context.add_cookies(kept)

    # --- the auditor

    def _prove(self, case):
        auditor = self.person(AUDITOR)
        page = auditor.page
        entry = page.locator("#audit-grid a[id^=audit-entry-]")
        # The log is sequenced and signed within moments, not within the decision itself.
        for _ in range(30):
            auditor.open(f"audit?type=case.decided&target={case}")
            if entry.count():
                break
            page.wait_for_timeout(1000)
        expect(page.locator("#audit-grid")).to_contain_text(REVIEWER)
        auditor.picture("audit-case-en", "The decision on a case in the audit log")
        entry.first.click()
        page.wait_for_url(CONSOLE + "audit/*")
        auditor.settle()
        page.click("#audit-verify-proof")
        expect(page.locator("#audit-proof-result")).to_have_class(re.compile("good"))
        for language in ("en", "zh"):
            auditor.picture(f"audit-proof-{language}", "The proof of a decision")
            auditor.switch_language()
            page.click("#audit-verify-proof")
            page.locator("#audit-proof-result.good").wait_for()


if __name__ == "__main__":
    unittest.main()
