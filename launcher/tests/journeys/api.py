"""The platform as programs use it: plain HTTP with a key of a tenant."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

URL = os.environ["PLUMBLINE_URL"].rstrip("/")
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Answer:
    """Status, headers (names in lower case) and JSON of one answer."""

    status: int
    headers: dict
    body: object


class Caller:
    """Whoever holds a token or an API key."""

    def __init__(self, token):
        self._token = token

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            URL + path, data=None if body is None else json.dumps(body).encode(), method=method
        )
        request.add_header("Authorization", "Bearer " + self._token)
        request.add_header("Content-Type", "application/json")
        return _send(request)

    def done(self, method, path, body=None):
        """The body of an answer that has to be a success."""
        answer = self.ask(method, path, body)
        if answer.status >= 300:
            raise AssertionError(f"{method} {path} answered {answer.status}: {answer.body}")
        return answer.body


def signed_in(user):
    """Somebody with a token of their own, as the command line gets one."""
    form = {
        "client_id": "plumbline-cli",
        "grant_type": "password",
        "username": user,
        "password": os.environ["PLUMBLINE_DEMO_PASSWORD"],
        "scope": "openid organization:*",
    }
    address = os.environ["PLUMBLINE_OIDC_URL"] + "/protocol/openid-connect/token"
    answer = _send(urllib.request.Request(address, data=urllib.parse.urlencode(form).encode()))
    return Caller(answer.body["access_token"])


def program(tenant, *scopes):
    """A program of the tenant, with a key that may do just this."""
    admin = signed_in(f"admin@{tenant}.example")
    key = admin.done("POST", "/api/v1/api-keys", {"name": "journey", "scopes": scopes, "expires_in_days": 1})
    return Caller(key["secret"])


def _send(request):
    try:
        with _DIRECT.open(request, timeout=120) as answer:
            return _read(answer.status, answer)
    except urllib.error.HTTPError as refused:
        return _read(refused.code, refused)


def _read(status, answer):
    text = answer.read().decode()
    try:
        body = json.loads(text)
    except ValueError:
        body = text
    return Answer(status, {name.lower(): value for name, value in answer.headers.items()}, body)
