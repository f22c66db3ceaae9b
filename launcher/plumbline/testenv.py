"""``test-env``: PostgreSQL, Keycloak and Kafka as the throw-away instance ``test``, for integration tests."""

from __future__ import annotations

import json
import shlex
import shutil
import time
from typing import List

from . import models
from .errors import LauncherError
from .installation import Installation
from .lifecycle import Parts, exclusive, memory_line, run_steps
from .up import server_parts

INSTANCE = "test"


def up(installation: Installation, fresh: bool = False) -> None:
    """Starts the three servers; with ``fresh`` the application's database is emptied first."""
    begin = time.monotonic()
    with exclusive(installation):
        installation.secrets.ensure()
        postgres, kafka, keycloak = server_parts(installation)
        parts = Parts(installation, [postgres, kafka, keycloak])
        try:
            for part in (postgres, kafka, keycloak):
                if not part.own_server():
                    part.fetch()
            models.provide(installation)
            run_steps(
                [parts.step(postgres, []), parts.step(kafka, []), parts.step(keycloak, ["postgres"])],
                installation.cancellation,
            )
            if fresh:
                empty_database(installation)
            installation.data.mkdir(parents=True, exist_ok=True)
            installation.record_environment()
        except BaseException:
            parts.end_started()
            raise
    installation.terminal.line(
        f"  test environment ready in {time.monotonic() - begin:.1f} s, {memory_line(parts.memory())}"
    )


def empty_database(installation: Installation) -> None:
    """Makes the application's database anew; never on somebody's own server."""
    postgres = server_parts(installation)[0]
    if not postgres.own_server():
        postgres.fetch()
        postgres.recreate_application_database()
        shutil.rmtree(installation.data, ignore_errors=True)
        installation.data.mkdir(parents=True, exist_ok=True)


def is_running(installation: Installation) -> bool:
    return all(installation.running(part) for part in ("postgres", "keycloak", "kafka"))


def environment_lines(installation: Installation, form: str) -> List[str]:
    """The environment of the running test instance for a shell (``export``), as JSON, or as KEY=value lines."""
    recorded = installation.recorded_environment()
    if not recorded or not any(installation.running(part) for part in ("postgres", "keycloak", "kafka")):
        raise LauncherError("The test environment is not running.", "Start it: ./plumbline test-env up")
    if form == "json":
        return json.dumps(recorded, indent=2).splitlines()
    prefix = "export " if form == "shell" else ""
    return [f"{prefix}{name}={shlex.quote(value)}" for name, value in recorded.items()]
