"""The second language model: Gemma 3, opt-in because of its own terms, tuned on Chinese rows with a template of the tenant's."""

from __future__ import annotations

from .. import models, pins
from ..errors import LauncherError
from ..installation import Installation
from .narrator import Narrator
from .plans import DomainPlan
from .transcript import TenantSection

TERMS = "https://ai.google.dev/gemma/terms"


class SecondModelSection:
    """Runs the plan with Gemma 3 where it is installed, and tells in one line how to get it where it is not."""

    def __init__(self, installation: Installation, tenants: TenantSection, narrator: Narrator) -> None:
        self._installation = installation
        self._tenants = tenants
        self._narrator = narrator

    def fetch(self) -> None:
        """Puts the model into the folder that the running server reads, after telling under which terms."""
        self._narrator.say(
            f"{pins.GEMMA3.label} comes under the {pins.GEMMA3.licence} ({TERMS}), not under a free licence; "
            "by --with gemma3 you accept them"
        )
        if pins.GEMMA3.name not in models.provide(self._installation, ["gemma3"]):
            raise LauncherError(
                f"{self._installation.models} is your own folder of models; nothing is written into it.",
                f"Put {pins.GEMMA3.file} there, or unset PLUMBLINE_MODELS.",
            )

    def run(self, plan: DomainPlan) -> bool:
        """Whether the model was there."""
        if not any(name.startswith(plan.base) for name in models.names(self._installation.models)):
            self._narrator.say(
                f"second language model skipped: {pins.GEMMA3.label} is not installed; ./plumbline demo --with gemma3 "
                f"fetches it under the {pins.GEMMA3.licence} ({TERMS})"
            )
            return False
        self._tenants.run(plan)
        return True
