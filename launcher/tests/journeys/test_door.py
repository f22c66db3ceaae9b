"""Who gets in and who does not: sign-in, refusals by role, headers, sign-out; by plain requests and in the browser."""

import os
import unittest
import urllib.error
import urllib.parse
import urllib.request

from playwright.sync_api import expect

from browser import CONSOLE, URL
from journey import Journey

KEYCLOAK = os.environ["PLUMBLINE_OIDC_URL"]
# Paths of screens that a role has no business in.
CLOSED = {
    "engineer@hospital.example": ("access", "reviews", "audit"),
    "auditor@hospital.example": ("access", "reviews"),
    "integrator@hospital.example": ("access", "reviews", "audit"),
    "reviewer@plumbline.example": ("access", "usage", "datasets", "finetuning"),
}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


_PLAIN = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())


def _ask(path):
    """Status, headers and text of an anonymous request, redirects not followed."""
    try:
        answer = _PLAIN.open(URL + path, timeout=60)
    except urllib.error.HTTPError as refused:
        answer = refused
    with answer:
        return answer.status, answer.headers, answer.read().decode(errors="replace")


class StrangersTest(unittest.TestCase):
    def test_the_console_sends_strangers_to_keycloak(self):
        for path in ("/console/", "/console/access", "/console/no-such-page", "/console"):
            with self.subTest(path=path):
                status, headers, text = _ask(path)
                self.assertEqual(302, status)
                target = urllib.parse.urlsplit(headers["Location"])
                self.assertTrue(headers["Location"].startswith(KEYCLOAK), headers["Location"])
                query = urllib.parse.parse_qs(target.query)
                self.assertEqual(["code"], query["response_type"])
                self.assertEqual(["S256"], query["code_challenge_method"])
                self.assertNotIn("vaadin", text.lower())
                cookies = headers.get_all("Set-Cookie") or []
                self.assertTrue(all("httponly" in cookie.lower() for cookie in cookies), cookies)

    def test_a_program_without_a_session_is_not_redirected(self):
        request = urllib.request.Request(URL + "/console/", headers={"X-Requested-With": "JavaScript"})
        with self.assertRaises(urllib.error.HTTPError) as refused:
            _PLAIN.open(request, timeout=60)
        self.assertIn(refused.exception.code, (401, 499))
        refused.exception.close()

    def test_an_api_key_does_not_open_the_console(self):
        request = urllib.request.Request(URL + "/console/", headers={"Authorization": "Bearer pl-hospital-no-such-key"})
        with self.assertRaises(urllib.error.HTTPError) as refused:
            _PLAIN.open(request, timeout=60)
        self.assertIn(refused.exception.code, (302, 401))
        refused.exception.close()

    def test_unknown_paths_outside_the_console_answer_in_json(self):
        for path in ("/no-such-page", "/v1/no-such-route", "/api/v1/no-such-route"):
            with self.subTest(path=path):
                status, headers, text = _ask(path)
                self.assertEqual(404, status)
                self.assertTrue(headers["Content-Type"].startswith("application/json"), headers["Content-Type"])
                self.assertIn('"unknown_url"', text)

    def test_the_bare_address_leads_to_the_console(self):
        status, headers, _ = _ask("/")
        self.assertEqual((302, "/console/"), (status, headers["Location"]))


class DoorTest(Journey):
    def test_a_role_is_kept_out_by_the_server_not_by_the_menu(self):
        for user, paths in CLOSED.items():
            person = self.person(user)
            with person.expecting(403):
                for path in paths:
                    with self.subTest(user=user, path=path):
                        answer = person.page.goto(CONSOLE + path)
                        self.assertEqual(403, answer.status)
                        person.page.wait_for_selector("#refused")
                        # The menu is there to go on with, and does not name what is closed.
                        expect(person.page.locator("vaadin-side-nav")).to_have_count(1)
                        self.assertEqual(0, person.page.locator(f"vaadin-side-nav-item[path='{path}']").count())
            person.picture("refused-" + user.split("@")[0])
        self.all_was_well()

    def test_pages_carry_the_headers_that_browsers_need(self):
        person = self.person("engineer@hospital.example")
        answer = person.page.goto(CONSOLE)
        headers = answer.headers
        self.assertIn("frame-ancestors 'none'", headers["content-security-policy"])
        self.assertIn("object-src 'none'", headers["content-security-policy"])
        self.assertEqual("nosniff", headers["x-content-type-options"])
        self.assertEqual("DENY", headers["x-frame-options"])
        self.assertEqual("same-origin", headers["referrer-policy"])
        self.assertEqual("no-store", headers["cache-control"])
        for cookie in person.context.cookies(URL):
            if cookie["name"] == "JSESSIONID" or cookie["name"].startswith("q_session"):
                self.assertTrue(cookie["httpOnly"], cookie["name"])
                self.assertTrue(cookie["path"].startswith("/console"), cookie)
        self.all_was_well()

    def test_a_session_from_before_the_sign_in_is_not_taken_over(self):
        visitor = self.visitor("engineer@hospital.example")
        planted = "planted-by-somebody-else"
        host = urllib.parse.urlsplit(URL).hostname
        visitor.context.add_cookies([{"name": "JSESSIONID", "value": planted, "domain": host, "path": "/console"}])
        visitor.sign_in()
        ours = [cookie["value"] for cookie in visitor.context.cookies(CONSOLE) if cookie["name"] == "JSESSIONID"]
        self.assertTrue(ours)
        self.assertNotIn(planted, ours)
        self.all_was_well()

    def test_signing_out_ends_the_session_at_keycloak_too(self):
        person = self.person("engineer@hospital.example")
        # Until the browser has left the page, its long poll may ask once more: it is refused, as signed out.
        with person.expecting(499):
            person.page.goto(CONSOLE + "sign-out")
            # Back at the console's door, Keycloak asks for the password again: its own session is gone.
            person.page.wait_for_selector("#username")
        self.assertTrue(person.page.url.startswith(KEYCLOAK), person.page.url)
        person.page.goto(CONSOLE + "usage")
        person.page.wait_for_selector("#username")
        self.all_was_well()


if __name__ == "__main__":
    unittest.main()
