"""Keycloak's administration interface, for the embedded server alone: its administrator's password is the launcher's."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from typing import Optional, Tuple

from .installation import Installation
from .probe import http_json, http_request

_REALM = "/admin/realms/plumbline"
_ADMIN_USER = "admin"


class KeycloakAdmin:
    """A signed-in administrator; ``connect`` makes one."""

    def __init__(self, base: str, token: str) -> None:
        self._base = base
        self._token = token

    @classmethod
    def connect(cls, installation: Installation) -> Optional["KeycloakAdmin"]:
        """None where the server does not accept the administrator, whose password somebody may have changed."""
        form = {
            "client_id": "admin-cli",
            "grant_type": "password",
            "username": _ADMIN_USER,
            "password": installation.secrets["keycloak_admin"],
        }
        url = f"{installation.keycloak_url}/realms/master/protocol/openid-connect/token"
        status, answer = http_json(urllib.request.Request(url, data=urllib.parse.urlencode(form).encode()))
        if status != 200 or not isinstance(answer, dict):
            return None
        return cls(installation.keycloak_url, answer["access_token"])

    def get(self, path: str) -> Tuple[Optional[int], object]:
        return http_json(self._request(path, "GET", None))

    def send(self, method: str, path: str, body: object) -> Tuple[Optional[int], str]:
        return http_request(self._request(path, method, body))

    def client(self, client_id: str) -> Optional[dict]:
        """The client of that name; None where there is none."""
        status, found = self.get(f"/clients?clientId={client_id}")
        return found[0] if status == 200 and isinstance(found, list) and found else None

    def _request(self, path: str, method: str, body: object) -> urllib.request.Request:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        return urllib.request.Request(self._base + _REALM + path, data=data, headers=headers, method=method)
