"""Gives the embedded Keycloak the client through which members are managed, where its realm is older than that client."""

from __future__ import annotations

import json
from typing import Optional

from .installation import Installation
from .keycloak import fill_placeholders
from .keycloak_admin import KeycloakAdmin

_CLIENT = "plumbline-members"
_RIGHTS = "realm-management"


def ensure(installation: Installation) -> None:
    """Makes the client as the realm file describes it, if it is missing. A failure is told and stops nothing else.

    Somebody else's Keycloak is left alone.
    """
    if installation.configuration.given("PLUMBLINE_OIDC_URL"):
        return
    admin = KeycloakAdmin.connect(installation)
    if admin is None or admin.client(_CLIENT) is not None:
        return
    failure = _create(admin, _filled_realm(installation))
    if failure:
        installation.terminal.line(
            f"  Keycloak: the client {_CLIENT} could not be made ({failure}); members cannot be managed in the console. "
            "./plumbline reset makes it anew (and removes all local data)."
        )


def _filled_realm(installation: Installation) -> dict:
    values = {**installation.environment(), "PLUMBLINE_URL": installation.application_url}
    return json.loads(fill_placeholders(installation.checkout.realm.read_text(encoding="utf-8"), values))


def _create(admin: KeycloakAdmin, realm: dict) -> Optional[str]:
    """None when it worked."""
    wanted = next(client for client in realm["clients"] if client["clientId"] == _CLIENT)
    names = next(user for user in realm["users"] if user.get("serviceAccountClientId") == _CLIENT)["clientRoles"][_RIGHTS]
    status, answer = admin.send("POST", "/clients", wanted)
    if status != 201:
        return f"{status} {answer}"
    client, rights = admin.client(_CLIENT), admin.client(_RIGHTS)
    if client is None or rights is None:
        return "it does not appear"
    _, account = admin.get(f"/clients/{client['id']}/service-account-user")
    _, known = admin.get(f"/clients/{rights['id']}/roles")
    roles = [role for role in known if role["name"] in names]
    status, answer = admin.send("POST", f"/users/{account['id']}/role-mappings/clients/{rights['id']}", roles)
    return None if status == 204 else f"{status} {answer}"
