"""A tenant API key for the first request, made through the public API like any other key."""

from __future__ import annotations

import json
import time
import urllib.parse
import urllib.request
from typing import Optional, Tuple

from .errors import LauncherError
from .installation import Installation
from .probe import http_json

TENANT_ADMIN = "admin@hospital.example"
_KEY_NAME = "made by ./plumbline up"
_PATIENCE_SECONDS = 30.0


def ensure(installation: Installation) -> str:
    """The key of the hospital tenant: the stored one while the server accepts it, else a new one."""
    stored = installation.secrets.get("api_key")
    if stored and _accepted(installation, stored):
        return stored
    token = user_token(installation, TENANT_ADMIN)
    status, answer = ask(installation, request_as(f"{installation.application_url}/api/v1/me", token))
    scopes = answer.get("scopes") if isinstance(answer, dict) else None
    if status != 200 or not scopes:
        raise LauncherError(f"{TENANT_ADMIN} could not sign in to the application: {status} {answer}", _log(installation))
    # Reviewing held answers and managing members is for signed-in people; no key can have it.
    scopes = [scope for scope in scopes if not scope.startswith(("reviews:", "members:"))]
    body = {"name": _KEY_NAME, "scopes": scopes, "expires_in_days": 365}
    status, answer = ask(installation, request_as(f"{installation.application_url}/api/v1/api-keys", token, body))
    if status != 201 or not isinstance(answer, dict) or "secret" not in answer:
        raise LauncherError(f"The application made no API key: {status} {answer}", _log(installation))
    installation.secrets.put("api_key", answer["secret"])
    return answer["secret"]


def user_token(installation: Installation, user: str) -> str:
    """An access token of a demo user, for every organisation they belong to."""
    form = {
        "client_id": "plumbline-cli",
        "grant_type": "password",
        "username": user,
        "password": installation.demo_password,
        "scope": "openid organization:*",
    }
    request = urllib.request.Request(
        f"{installation.oidc_url}/protocol/openid-connect/token", data=urllib.parse.urlencode(form).encode()
    )
    status, answer = ask(installation, request)
    if status != 200 or not isinstance(answer, dict) or "access_token" not in answer:
        reason = answer.get("error_description", answer) if isinstance(answer, dict) else answer
        remedy = "The demo users' password is that of the first start; if it was changed, set PLUMBLINE_DEMO_PASSWORD."
        if status is None or status >= 500:
            remedy = f"See {installation.instance.log_of('keycloak')}."
        raise LauncherError(f"{user} could not sign in to Keycloak: {status} {reason}", remedy)
    return answer["access_token"]


def _accepted(installation: Installation, key: str) -> bool:
    status, _ = ask(installation, request_as(f"{installation.application_url}/api/v1/me", key))
    return status == 200


def ask(installation: Installation, request: urllib.request.Request) -> Tuple[Optional[int], object]:
    """One request, again while the server itself fails: its connections may still be those to a restarted database."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    status, answer = http_json(request)
    while (status is None or status >= 500) and time.monotonic() < deadline:
        installation.cancellation.sleep(1)
        status, answer = http_json(request)
    return status, answer


def request_as(
    url: str, token: str, body: Optional[dict] = None, method: str = "POST"
) -> urllib.request.Request:
    """A GET, or with a body a request of that method, by the bearer of the token."""
    headers = {"Authorization": f"Bearer {token}"}
    if body is None:
        return urllib.request.Request(url, headers=headers)
    headers["Content-Type"] = "application/json"
    return urllib.request.Request(url, data=json.dumps(body).encode(), headers=headers, method=method)


def _log(installation: Installation) -> str:
    return f"See {installation.instance.log_of('application')}."
