"""What every journey has: a browser, and evidence where it fails."""

import unittest

from browser import Chromium


class Journey(unittest.TestCase):
    """A test in a browser. It ends with ``all_was_well``: nobody saw an error, a dead request or an untranslated text."""

    @classmethod
    def setUpClass(cls):
        cls.chromium = Chromium()
        cls.chromium.open()
        cls.addClassCleanup(cls.chromium.close)

    def setUp(self):
        self.people = []

    def person(self, user, language="en"):
        return self._watched(self.chromium.person(user, language))

    def visitor(self, user, language="en"):
        return self._watched(self.chromium.visitor(user, language))

    def _watched(self, person):
        self.people.append(person)
        return person

    def run(self, result=None):
        before = self._failures(result)
        outcome = super().run(result)
        if self._failures(result) > before:
            for number, person in enumerate(getattr(self, "people", [])):
                person.keep_evidence(f"failed-{self._testMethodName}-{number + 1}")
        for person in getattr(self, "people", []):
            person.context.close()
        return outcome

    @staticmethod
    def _failures(result):
        return len(result.failures) + len(result.errors) if result is not None else 0

    def all_was_well(self):
        """Complains about everything that any person's browser noticed on the way."""
        troubles = [f"{person.user}: {trouble}" for person in self.people for trouble in person.troubles]
        self.assertEqual([], list(dict.fromkeys(troubles)))
