"""Tells the embedded Keycloak at which address the console runs: sign-in comes back to this address only."""

from __future__ import annotations

from .installation import Installation
from .keycloak_admin import KeycloakAdmin

_CLIENT = "plumbline-console"


def ensure(installation: Installation) -> None:
    """Sets the console client's redirect address where it differs; the port may have changed since the realm was imported.

    Somebody else's Keycloak is left alone. A refusal is told and stops nothing: the API works without the console.
    """
    if installation.configuration.given("PLUMBLINE_OIDC_URL"):
        return
    wanted = [f"{installation.application_url}/console/*"]
    admin = KeycloakAdmin.connect(installation)
    client = admin.client(_CLIENT) if admin else None
    if admin is None or client is None:
        installation.terminal.line(
            "  Keycloak: the console's address could not be set; signing in to the console may be refused. "
            f"Set the valid redirect URI of client {_CLIENT} to {wanted[0]} by hand."
        )
        return
    if client.get("redirectUris") == wanted:
        return
    client["redirectUris"] = wanted
    status, answer = admin.send("PUT", f"/clients/{client['id']}", client)
    if status != 204:
        installation.terminal.line(f"  Keycloak: the console's address could not be set: {status} {answer}")
