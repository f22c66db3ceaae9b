"""Chromium for the journeys: people who sign in, screens that are watched, pictures that are kept."""

import os
import re
import time
import urllib.parse
from pathlib import Path

from playwright.sync_api import Error, TimeoutError, expect, sync_playwright

import gallery

_RESYNCHRONIZING = "Client is resynchronizing"
URL = os.environ["PLUMBLINE_URL"].rstrip("/")
CONSOLE = URL + "/console/"
PICTURES = Path(os.environ["PLUMBLINE_PICTURES"])
LANGUAGES = {"en": "en-US", "zh": "zh-CN"}
VIEWPORT = {"width": 1360, "height": 900}
# Generous, because a CI machine is slow and busy; nothing waits longer than it has to.
PATIENCE_MILLIS = 30_000

_BUNDLES = Path(__file__).resolve().parents[3] / "console-ui" / "src" / "main" / "resources" / "console" / "i18n"
_FEATURES = sorted(path.name[: -len("_en.properties")] for path in _BUNDLES.glob("*_en.properties"))
# A key shown instead of its text, or a placeholder that nothing filled in.
_UNTRANSLATED = re.compile(
    r"(?<![\w./@:-])(?:" + "|".join(_FEATURES) + r")\.[a-z][a-z0-9_]+(?:\.[a-z0-9_]+)*(?![\w.@/:-])|\{[0-9](?:,[^}]*)?\}"
)
_FILE_ENDINGS = (".jsonl", ".json", ".gguf", ".txt", ".csv", ".md")
# Everything a person reads or hears on the page: text, shadow trees included, and what screen readers get.
_READ_PAGE = """() => {
  const found = [];
  const visit = (node) => {
    if (node.nodeType === Node.TEXT_NODE) { found.push(node.data); return; }
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (['SCRIPT', 'STYLE', 'TEMPLATE', 'NOSCRIPT'].includes(node.tagName)) return;
      for (const name of ['aria-label', 'title', 'placeholder', 'label', 'helper-text']) {
        if (node.hasAttribute(name)) found.push(node.getAttribute(name));
      }
      if (node.shadowRoot) node.shadowRoot.childNodes.forEach(visit);
    }
    node.childNodes.forEach(visit);
  };
  visit(document.body);
  return found.map((text) => text.trim()).filter(Boolean);
}"""
# A view stands there and Flow's client has an answer to everything it sent: what Vaadin's own test tools wait for.
_IDLE = """() => {
  const clients = (window.Vaadin && window.Vaadin.Flow && window.Vaadin.Flow.clients) || {};
  const running = Object.values(clients).filter((client) => client.isActive);
  return running.length > 0 && running.every((client) => !client.isActive()) && !!document.querySelector('.view');
}"""


class Chromium:
    """One browser; every person gets a context of their own, as if each sat at another machine."""

    def open(self):
        # Assertions have a patience of their own, of five seconds, whatever the context's is.
        expect.set_options(timeout=PATIENCE_MILLIS)
        self._playwright = sync_playwright().start()
        # Chromium's sandbox cannot be set up by root.
        arguments = ["--disable-gpu"] + (["--no-sandbox"] if os.geteuid() == 0 else [])
        self._browser = self._playwright.chromium.launch(executable_path=os.environ["PLUMBLINE_BROWSER"], args=arguments)

    def close(self):
        self._browser.close()
        self._playwright.stop()

    def person(self, user, language="en"):
        """Somebody at the console, signed in through Keycloak's page."""
        person = self.visitor(user, language)
        person.sign_in()
        return person

    def visitor(self, user, language="en"):
        """Somebody who has not signed in yet."""
        context = self._browser.new_context(locale=LANGUAGES[language], viewport=VIEWPORT)
        context.set_default_timeout(PATIENCE_MILLIS)
        return Person(context, user)


class Person:
    """One person's browser. What goes wrong on any page is remembered; ``settle`` looks, ``check`` complains."""

    def __init__(self, context, user):
        self.user = user
        self.context = context
        self.page = context.new_page()
        self.troubles = []
        self.console = []
        self._expected = set()
        self._watch(self.page)

    def _watch(self, page):
        page.on("pageerror", self._broke)
        page.on("console", self._heard)
        page.on("response", self._answered)
        page.on("dialog", self._asked)

    def _broke(self, error):
        # Flow ends the handling of an overtaken long poll by throwing this, and then fetches the page's state anew: its
        # way of recovering on a busy machine, and nothing that a person would see.
        if _RESYNCHRONIZING in str(error):
            self.console.append(f"note: {error}")
        else:
            self.troubles.append(f"JavaScript error on {self.page.url}: {error}")

    def _heard(self, message):
        if message.type in ("warning", "error"):
            self.console.append(f"{message.type}: {message.text}")
        # Refused requests are judged by their status; the console repeats them without it.
        told_elsewhere = "Failed to load resource" in message.text or _RESYNCHRONIZING in message.text
        if message.type == "error" and not told_elsewhere:
            self.troubles.append(f"the browser's console on {self.page.url}: {message.text}")

    def _answered(self, response):
        if response.status >= 400 and response.url.startswith(URL) and response.status not in self._expected:
            self.troubles.append(f"{response.request.method} {response.url} answered {response.status}")

    def _asked(self, dialog):
        self.troubles.append(f"a script opened a dialog on {self.page.url}: {dialog.message}")
        dialog.dismiss()

    def expecting(self, *statuses):
        """Within it, these refusals are what the journey wants to see."""
        return _Expecting(self, statuses)

    # --- going about

    def sign_in(self):
        self.page.goto(CONSOLE)
        self.answer_keycloak()

    def answer_keycloak(self):
        """Fills in Keycloak's sign-in page, whichever of its two steps it asks for."""
        page = self.page
        page.wait_for_selector("#kc-login")
        password = page.locator("#password")
        if page.locator("#username").is_visible():
            page.fill("#username", self.user)
        if not password.is_visible():
            page.click("#kc-login")
            password.wait_for()
        password.fill(os.environ["PLUMBLINE_DEMO_PASSWORD"])
        page.click("#kc-login")
        page.wait_for_url(CONSOLE + "**")
        self.settle()

    def sign_in_again(self, button):
        """Presses a button that reloads the page; Keycloak may know the person still, or ask again."""
        with self.page.expect_navigation():
            button.click()
        self.page.wait_for_selector("#kc-login, vaadin-app-layout")
        if self.page.locator("#kc-login").count():
            self.answer_keycloak()
        self.settle()

    def open(self, path):
        """Opens a screen by its address; answers the HTTP status."""
        answer = self.page.goto(CONSOLE + path)
        self.settle()
        return answer.status

    def switch_language(self):
        with self.page.expect_navigation():
            self.page.click("#language")
        self.settle()

    def settle(self):
        """Waits until the page has nothing under way, then reads it for texts that nobody translated."""
        self.page.wait_for_load_state("load")
        try:
            self.page.wait_for_function(_IDLE)
        except TimeoutError as never:
            raise AssertionError(f"{self.page.url} was not ready within {PATIENCE_MILLIS / 1000:.0f} s") from never
        for text in self.texts():
            for found in _UNTRANSLATED.finditer(text):
                if not found[0].endswith(_FILE_ENDINGS):
                    self.troubles.append(f"untranslated on {self.page.url}: {found[0]!r} in {text[:120]!r}")

    # --- looking

    def texts(self):
        """What stands on the page, shadow trees included; again if the page went away under the question."""
        for _ in range(3):
            try:
                return self.page.evaluate(_READ_PAGE)
            except Error:
                self.page.wait_for_load_state("load")
        return self.page.evaluate(_READ_PAGE)

    def text_of(self, selector, least):
        """What stands in an element: as soon as it has so many characters, or whatever it has after a while."""
        until = time.monotonic() + PATIENCE_MILLIS / 1000
        while True:
            text = self.page.locator(selector).first.inner_text().strip()
            if len(text) >= least or time.monotonic() > until:
                return text
            self.page.wait_for_timeout(200)

    def language(self):
        return self.page.evaluate("document.documentElement.lang")

    def links(self):
        """Addresses within the console that the page links to."""
        hrefs = self.page.evaluate(
            "() => { const all = []; const visit = (root) => { root.querySelectorAll('*').forEach((e) => {"
            " if (e.tagName === 'A' && e.href) all.push(e.href); if (e.shadowRoot) visit(e.shadowRoot); }); };"
            " visit(document); return all; }"
        )
        return {href.split("#")[0] for href in hrefs if urllib.parse.urlparse(href).scheme in ("http", "https")}

    def picture(self, name, title=""):
        gallery.keep(self.page, PICTURES, name, title or self.page.title(), self.user)

    def keep_evidence(self, name):
        """For a failure: the picture, the text of the page and what the browser's console said."""
        try:
            self.page.screenshot(path=str(PICTURES / f"{name}.png"))
            text = "\n".join(self.texts())
        except Error as gone:
            text = f"the page could not be read: {gone}"
        report = [f"{self.user} at {self.page.url}", "", *self.troubles, "", "-- console", *self.console, "", "-- page", text]
        (PICTURES / f"{name}.txt").write_text("\n".join(report), encoding="utf-8")


class _Expecting:
    def __init__(self, person, statuses):
        self._person = person
        self._statuses = set(statuses)

    def __enter__(self):
        self._person._expected |= self._statuses

    def __exit__(self, *_):
        self._person._expected -= self._statuses
