"""``test-env``: PostgreSQL, Keycloak and Kafka as the throw-away instance ``test``, for integration tests."""

from __future__ import annotations

import json
import shlex
import shutil
import time
from typing import List, Tuple

from . import models
from .errors import LauncherError
from .installation import Installation
from .kafka import Kafka
from .keycloak import Keycloak
from .lifecycle import Parts, exclusive, memory_line, run_steps
from .part import Part
from .postgres import Postgres
from .prerequisites import Jdk, find_jdk

INSTANCE = "test"


def server_parts(installation: Installation, jdk: Jdk) -> Tuple[Postgres, Kafka, Keycloak]:
    """The parts besides the application, in the order they are needed."""
    postgres = Postgres(installation, jdk)
    return postgres, Kafka(installation, jdk), Keycloak(installation, jdk, postgres)


def up(installation: Installation, fresh: bool = False) -> Parts:
    """Starts the three servers; with ``fresh`` the application's database is emptied first."""
    begin = time.monotonic()
    jdk = find_jdk()
    with exclusive(installation):
        installation.secrets.ensure()
        postgres, kafka, keycloak = server_parts(installation, jdk)
        parts = Parts(installation, [postgres, kafka, keycloak])
        try:
            for part in (postgres, kafka, keycloak):
                part.fetch()
            models.provide(installation, installation.downloads(jdk))
            run_steps(
                [parts.step(postgres, []), parts.step(kafka, []), parts.step(keycloak, ["postgres"])],
                installation.cancellation,
            )
            if fresh and not postgres.own_server():
                postgres.recreate_application_database()
            installation.data.mkdir(parents=True, exist_ok=True)
            installation.record_environment()
        except BaseException:
            parts.end_started()
            raise
    installation.terminal.line(
        f"  test environment ready in {time.monotonic() - begin:.1f} s, {memory_line(parts.memory())}"
    )
    return parts


def down(installation: Installation) -> int:
    jdk = find_jdk()
    with exclusive(installation):
        return Parts(installation, list(server_parts(installation, jdk))).stop_all()


def environment_lines(installation: Installation, form: str) -> List[str]:
    """The environment of the running test instance for a shell (``export``), as JSON, or as KEY=value lines."""
    recorded = installation.recorded_environment()
    if not recorded or not all(installation.running(part) for part in ("postgres", "keycloak", "kafka")):
        raise LauncherError("The test environment is not running.", "Start it: ./plumbline test-env up")
    if form == "json":
        return json.dumps(recorded, indent=2).splitlines()
    prefix = "export " if form == "shell" else ""
    return [f"{prefix}{name}={shlex.quote(value)}" for name, value in recorded.items()]


def reset(installation: Installation) -> None:
    """Removes the throw-away data; the next start makes it anew from the caches."""
    shutil.rmtree(installation.instance.home, ignore_errors=True)
