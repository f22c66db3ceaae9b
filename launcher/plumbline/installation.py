"""Everything the parts of one instance share: folders, settings, passwords, ports, downloads, the terminal."""

from __future__ import annotations

import functools
import json
import threading
from pathlib import Path
from typing import Dict, Optional

from . import port as ports
from .cancellation import Cancellation
from .configuration import DATABASE_VARIABLES, Configuration
from .downloads import Downloads
from .errors import LauncherError
from .layout import Checkout, Instance, cache_folder
from .prerequisites import Jdk, find_jdk, java_environment
from .process import ProcessRecord, write_private
from .secrets_file import Secrets
from .terminal import Terminal

TITLES = {"postgres": "PostgreSQL", "keycloak": "Keycloak", "kafka": "Kafka", "application": "application"}
PORT_OPTIONS = {
    "application": "--port",
    "keycloak": "--keycloak-port",
    "postgres": "--postgres-port",
    "kafka": "--kafka-port",
}


class Installation:
    """One instance and the settings it runs with."""

    def __init__(
        self,
        checkout: Checkout,
        instance: Instance,
        configuration: Configuration,
        terminal: Terminal,
        cancellation: Optional[Cancellation] = None,
    ) -> None:
        self.checkout = checkout
        self.instance = instance
        self.terminal = terminal
        self.cancellation = cancellation or Cancellation()
        self.cache = cache_folder()
        self.secrets = Secrets(instance.secrets)
        self.configuration = configuration
        self._lock = threading.RLock()
        self._ports: Dict[str, int] = self._read_ports()

    @functools.cached_property
    def jdk(self) -> Jdk:
        """Looked for when first needed: ``status`` and ``down`` work without one."""
        return find_jdk()

    @property
    def downloads(self) -> Downloads:
        return Downloads(self.cache, lambda: java_environment(self.jdk), self.terminal, self.cancellation)

    # --- records of running parts

    def record_path(self, part: str) -> Path:
        return self.instance.run / f"{part}.json"

    def record(self, part: str) -> Optional[ProcessRecord]:
        return ProcessRecord.read(self.record_path(part))

    def running(self, part: str) -> Optional[ProcessRecord]:
        record = self.record(part)
        return record if record is not None and record.alive() else None

    # --- ports

    def port(self, part: str) -> int:
        """The part's port: as set, else the one it had before, else the default (a free one for a named instance)."""
        with self._lock:
            given = self.configuration.given_port(part) if part in TITLES else None
            if given is not None:
                chosen = given
            elif part in self._ports:
                chosen = self._ports[part]
            elif part in TITLES and self.instance.is_default:
                chosen = self.configuration.default_port(part)
            else:
                chosen = ports.find_free(self._ports.values())
            self._ports[part] = chosen
            return chosen

    def claim_port(self, part: str) -> int:
        """The part's port, known to be free just now; a clear refusal where it is not."""
        chosen = self.port(part)
        if ports.is_free(chosen):
            self._write_ports()
            return chosen
        given = part in TITLES and self.configuration.given_port(part) is not None
        if part not in TITLES or not (self.instance.is_default or given):
            # Nobody chose this number: take another.
            with self._lock:
                self._ports[part] = ports.find_free(self._ports.values())
            self._write_ports()
            return self._ports[part]
        holder = ports.holder(chosen)
        by = f" by {holder}" if holder else ""
        other = ports.find_free(self._ports.values())
        raise LauncherError(
            f"Port {chosen}, which the {TITLES[part]} part needs, is already in use{by}.",
            f"End that process, or choose another port: ./plumbline up {PORT_OPTIONS[part]} {other} "
            f"(or set {self.configuration.port_variable(part)}).",
        )

    def _read_ports(self) -> Dict[str, int]:
        try:
            content = json.loads((self.instance.run / "ports.json").read_text(encoding="utf-8"))
            return {str(part): int(number) for part, number in content.items()}
        except (OSError, ValueError, AttributeError):
            return {}

    def _write_ports(self) -> None:
        with self._lock:
            write_private(self.instance.run / "ports.json", json.dumps(self._ports, indent=2) + "\n")

    # --- addresses and the environment of the application and of tests

    @property
    def database_url(self) -> str:
        own = self.configuration.given("PLUMBLINE_DB_URL")
        return own or f"jdbc:postgresql://127.0.0.1:{self.port('postgres')}/plumbline"

    @property
    def keycloak_url(self) -> str:
        return f"http://127.0.0.1:{self.port('keycloak')}"

    @property
    def oidc_url(self) -> str:
        return self.configuration.given("PLUMBLINE_OIDC_URL") or f"{self.keycloak_url}/realms/plumbline"

    @property
    def kafka_address(self) -> str:
        return self.configuration.given("PLUMBLINE_KAFKA") or f"127.0.0.1:{self.port('kafka')}"

    @property
    def application_url(self) -> str:
        host = self.configuration.value("PLUMBLINE_HOST")
        # A server that listens everywhere is reached from here on loopback.
        host = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        return f"http://{host}:{self.port('application')}"

    @property
    def demo_password(self) -> str:
        return self.configuration.given("PLUMBLINE_DEMO_PASSWORD") or self.secrets["demo_password"]

    @property
    def members_secret(self) -> Optional[str]:
        """Of the client through which members are managed; somebody else's Keycloak has one only if they say so."""
        given = self.configuration.given("PLUMBLINE_MEMBERS_SECRET")
        if given or self.configuration.given("PLUMBLINE_OIDC_URL"):
            return given
        return self.secrets.get("members_secret")

    @property
    def models(self) -> Path:
        own = self.configuration.given("PLUMBLINE_MODELS")
        return Path(own).expanduser().resolve() if own else self.checkout.models

    @property
    def data(self) -> Path:
        own = self.configuration.given("PLUMBLINE_DATA")
        return Path(own).expanduser().resolve() if own else self.instance.part("data")

    def environment(self) -> Dict[str, str]:
        """The variables that the application and the integration tests read, without those of the process itself."""
        if self.configuration.own_database:
            database = {name: self.configuration.value(name) for name in DATABASE_VARIABLES}
        else:
            database = {"PLUMBLINE_DB_URL": self.database_url}
            for role in ("owner", "app", "worker"):
                database[f"PLUMBLINE_DB_{role.upper()}_USER"] = f"plumbline_{role}"
                database[f"PLUMBLINE_DB_{role.upper()}_PASSWORD"] = self.secrets[f"db_{role}"]
        return {
            **database,
            "PLUMBLINE_OIDC_URL": self.oidc_url,
            "PLUMBLINE_KAFKA": self.kafka_address,
            "PLUMBLINE_HOST": self.configuration.value("PLUMBLINE_HOST"),
            "PLUMBLINE_DATA": str(self.data),
            "PLUMBLINE_MODELS": str(self.models),
            "PLUMBLINE_BACKEND": self.configuration.value("PLUMBLINE_BACKEND"),
            "PLUMBLINE_MODEL_MEMORY": self.configuration.value("PLUMBLINE_MODEL_MEMORY"),
            "PLUMBLINE_KV_PRECISION": self.configuration.value("PLUMBLINE_KV_PRECISION"),
            "PLUMBLINE_TIME_LIMIT": self.configuration.value("PLUMBLINE_TIME_LIMIT"),
            "PLUMBLINE_DEMO_PASSWORD": self.demo_password,
            "PLUMBLINE_MEMBERS_SECRET": self.members_secret or "",
        }

    def recorded_environment(self) -> Dict[str, str]:
        """What ``environment()`` was when the parts were last started."""
        return _read_environment(self.instance).get("environment", {})

    def record_environment(self) -> None:
        environment = self.environment()
        given = [name for name in environment if self.configuration.given(name) is not None]
        content = {"environment": environment, "given": given}
        write_private(self.instance.run / "environment.json", json.dumps(content, indent=2) + "\n")


def embedded_environment(instance: Instance) -> Dict[str, str]:
    """Of the last start of an instance: the variables that the launcher made up itself, its embedded parts' above all.

    A shell that took them over (``eval "$(./plumbline test-env env)"``) does not name somebody else's servers.
    """
    recorded = _read_environment(instance)
    given = recorded.get("given", [])
    return {name: value for name, value in recorded.get("environment", {}).items() if name not in given}


def _read_environment(instance: Instance) -> dict:
    try:
        return json.loads((instance.run / "environment.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
