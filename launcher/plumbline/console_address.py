"""Tells the embedded Keycloak at which address the console runs: sign-in comes back to this address only."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request

from .installation import Installation
from .probe import http_json, http_request

_CLIENT = "plumbline-console"
_ADMIN_USER = "admin"


def ensure(installation: Installation) -> None:
    """Sets the console client's redirect address where it differs; the port may have changed since the realm was imported.

    Somebody else's Keycloak is left alone. A refusal is told and stops nothing: the API works without the console.
    """
    if installation.configuration.given("PLUMBLINE_OIDC_URL"):
        return
    wanted = [f"{installation.application_url}/console/*"]
    base = f"{installation.keycloak_url}/admin/realms/plumbline/clients"
    token = _admin_token(installation)
    status, found = http_json(_request(f"{base}?clientId={_CLIENT}", token)) if token else (None, "no administrator")
    if status != 200 or not isinstance(found, list) or not found:
        installation.terminal.line(
            f"  Keycloak: the console's address could not be set ({status} {found}); signing in to the console may be "
            f"refused. Set the valid redirect URI of client {_CLIENT} to {wanted[0]} by hand."
        )
        return
    client = found[0]
    if client.get("redirectUris") == wanted:
        return
    client["redirectUris"] = wanted
    status, answer = http_request(_request(f"{base}/{client['id']}", token, "PUT", client))
    if status != 204:
        installation.terminal.line(f"  Keycloak: the console's address could not be set: {status} {answer}")


def _admin_token(installation: Installation) -> str:
    form = {
        "client_id": "admin-cli",
        "grant_type": "password",
        "username": _ADMIN_USER,
        "password": installation.secrets["keycloak_admin"],
    }
    url = f"{installation.keycloak_url}/realms/master/protocol/openid-connect/token"
    status, answer = http_json(urllib.request.Request(url, data=urllib.parse.urlencode(form).encode()))
    return answer["access_token"] if status == 200 and isinstance(answer, dict) else ""


def _request(url: str, token: str, method: str = "GET", body: object = None) -> urllib.request.Request:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return urllib.request.Request(url, data=data, headers=headers, method=method)
