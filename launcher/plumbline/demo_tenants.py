"""What the demo tenants screen by: chosen once, through the public API, like a tenant administrator would."""

from __future__ import annotations

from typing import Dict, List

from .errors import LauncherError
from .installation import Installation
from .tenant_key import ask, request_as, user_token

_DONE = "screening_policies_chosen"
_EVERYWHERE = ["INTL", "GEN-021", "LBL-001", "PRI-001", "PRI-005", "PRI-006", "PRI-007", "PRI-011"]
# Rules by name, not the pack CN: that one also asks for licence evidence with every upload (TRN-002), which a first
# upload with an official client does not carry. A tenant under that law turns on CN as a whole.
POLICIES: Dict[str, List[str]] = {
    "hospital": [*_EVERYWHERE, "MED-002", "MED-004", "MED-005", "MED-007", "MED-017", "MED-020"],
    "broker": [*_EVERYWHERE, "FIN-001", "FIN-006", "FIN-008", "FIN-014"],
    "factory": [*_EVERYWHERE, "IND-005", "IND-007", "IND-026"],
}


def ensure_policies(installation: Installation) -> None:
    """Turns the rules on at the first start; what a tenant changes afterwards stays."""
    if installation.secrets.get(_DONE):
        return
    for tenant, packs in POLICIES.items():
        token = user_token(installation, f"admin@{tenant}.example")
        url = f"{installation.application_url}/api/v1/screening-policy"
        policy = {"packs": packs, "audience": "public"}
        status, answer = ask(installation, request_as(url, token, policy, "PUT"))
        if status != 200:
            raise LauncherError(
                f"The screening policy of the tenant {tenant} could not be set: {status} {answer}",
                f"See {installation.instance.log_of('application')}.",
            )
    installation.secrets.put(_DONE, "yes")
