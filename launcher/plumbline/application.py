"""The application: the one runnable server that console-ui builds."""

from __future__ import annotations

import json
import os
from typing import Optional

from . import console_address, members_client
from .build import JVM_FLAGS
from .part import Part
from .prerequisites import leave_signals_alone
from .probe import http_status

# The database pool, Kafka and Keycloak clients live in the heap; model weights are mapped files outside it.
_JVM_OPTIONS = ("-Xms128m", "-Xmx1g", "-XX:+ExitOnOutOfMemoryError", "-Dfile.encoding=UTF-8")


class Application(Part):
    """The server; its blobs in ``data``."""

    name = "application"
    patience_seconds = 180.0

    def own_server(self) -> Optional[str]:
        return None

    def address(self) -> str:
        return self.installation.application_url

    def fetch(self) -> None:
        """Nothing to fetch: it is built here."""

    def settings(self) -> dict:
        jar = self.installation.checkout.server_jar
        environment = self.installation.environment()
        shown = {name: value for name, value in environment.items() if not name.endswith(("_PASSWORD", "_SECRET"))}
        return {
            **shown,
            "port": self.installation.port(self.name),
            "java_opts": self.installation.configuration.value("PLUMBLINE_JAVA_OPTS"),
            "built": jar.stat().st_mtime if jar.exists() else None,
        }

    def trouble(self) -> Optional[str]:
        status, text = http_status(f"{self.installation.application_url}/q/health/ready")
        if status == 200:
            return None
        return f"not ready: {_checks_down(text)}" if status else f"nothing answers ({text})"

    def start(self) -> None:
        installation = self.installation
        port = installation.claim_port(self.name)
        installation.data.mkdir(parents=True, exist_ok=True)
        more = installation.configuration.value("PLUMBLINE_JAVA_OPTS").split()
        command = [installation.jdk.java, *JVM_FLAGS, *_JVM_OPTIONS, *more, "-jar", installation.checkout.server_jar]
        environment = {**os.environ, **installation.environment(), "PLUMBLINE_PORT": str(port)}
        environment["JAVA_HOME"] = str(installation.jdk.home)
        environment.setdefault("PLUMBLINE_SESSION_KEY", installation.secrets["session_key"])
        console_address.ensure(installation)
        members_client.ensure(installation)
        leave_signals_alone(environment)
        self.launch(command, environment, lambda: self.trouble() is None)


def _checks_down(text: str) -> str:
    """Names of the health checks that are down (MicroProfile Health format)."""
    try:
        checks = json.loads(text)["checks"]
    except (ValueError, KeyError, TypeError):
        return text[:200]
    return ", ".join(check.get("name", "?") for check in checks if check.get("status") != "UP") or "starting"
