"""Everybody's menu, entry by entry, in both languages: what a person may open works, and is kept as a picture."""

import re
import unittest

from browser import CONSOLE, URL
from journey import Journey

# One person of every role; the tenant administrator sees the most, so theirs are the pictures without a name.
PEOPLE = {
    "": "admin@hospital.example",
    "engineer": "engineer@hospital.example",
    "reviewer": "reviewer@plumbline.example",
    "auditor": "auditor@hospital.example",
    "integrator": "integrator@hospital.example",
}
_IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{20,}|[a-z]+-[A-Za-z0-9]{12,}|/\d+")
# Files that Flow makes exist as long as their page alone.
_OF_ITS_PAGE = "/VAADIN/dynamic/"
# What lies there is a file, no screen.
_FILES = re.compile(r"/(VAADIN|console-assets)/")
_LEAST_TEXT = 20


class ScreensTest(Journey):
    def test_every_menu_entry_for_every_role_in_both_languages(self):
        for role, user in PEOPLE.items():
            person = self.person(user)
            for language in ("en", "zh"):
                with self.subTest(user=user, language=language):
                    if language == "zh":
                        person.open("")
                        person.switch_language()
                    self._walk(role, person, language)
        self.all_was_well()

    def test_an_address_that_leads_nowhere_says_so(self):
        person = self.person("engineer@hospital.example")
        person.open("no-such-screen")
        person.page.wait_for_selector("#not-found")
        person.picture("not-found-en")
        self.all_was_well()

    def test_a_person_without_organisation_is_told(self):
        visitor = self.visitor("operator@plumbline.example")
        with visitor.expecting(403):
            visitor.sign_in()
            visitor.page.wait_for_selector("#refused")
            visitor.picture("refused-operator-en")
        self.all_was_well()

    def _walk(self, role, person, language):
        pages, seen = self._menu(person), set()
        self.assertTrue(pages, "an empty menu")
        for address in pages:
            self._look(person, address, language)
            name = address[len(CONSOLE) :].strip("/").replace("/", "-") or "overview"
            person.picture("-".join(filter(None, [name, role, language])))
            seen |= person.links()
        if language == "en":
            self._follow(person, seen - pages)

    @staticmethod
    def _passing(href):
        return "sign-out" in href or _OF_ITS_PAGE in href

    def _menu(self, person):
        return {href for href in person.links() if href.startswith(CONSOLE) and "sign-out" not in href}

    def _look(self, person, address, language):
        status = person.open(address[len(CONSOLE) :])
        self.assertEqual(200, status, address)
        self.assertTrue(person.language().startswith(language), f"{address} says lang={person.language()}")
        self.assertEqual(0, person.page.locator("#not-found, #refused").count(), f"{address} leads nowhere")
        title = person.page.locator("h1").first.inner_text().strip()
        self.assertTrue(title, f"{address} has no title")
        text = person.text_of("vaadin-app-layout .view", _LEAST_TEXT)
        self.assertGreaterEqual(len(text), _LEAST_TEXT, f"{address} is empty: {text!r}")

    def _follow(self, person, links):
        """Every other link of the screens, one of each kind."""
        kinds = {_IDENTIFIER.sub("*", href): href for href in links if not self._passing(href)}
        for href in kinds.values():
            if href.startswith(CONSOLE) and not _FILES.search(href):
                person.open(href[len(CONSOLE) :])
                self.assertEqual(0, person.page.locator("#not-found, #refused").count(), f"dead link {href}")
            elif href.startswith(URL):
                answer = person.context.request.get(href)
                self.assertLess(answer.status, 400, f"dead link {href}")


if __name__ == "__main__":
    unittest.main()
