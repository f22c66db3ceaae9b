"""Passwords and keys of one instance: made at random once, kept in ``secrets.json``, readable by the owner only."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Optional

from .errors import LauncherError
from .process import write_private

_GENERATED = (
    "postgres_superuser",
    "db_owner",
    "db_app",
    "db_worker",
    "keycloak_database",
    "keycloak_admin",
    "demo_password",
    "session_key",
    "members_secret",
)


class Secrets:
    """The content of ``secrets.json``; every change is written at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = {}
        if path.exists():
            try:
                self._values = json.loads(path.read_text(encoding="utf-8"))
            except ValueError as broken:
                raise LauncherError(
                    f"{path} is damaged: {broken}.",
                    "Restore it from a backup, or start anew with ./plumbline reset (this removes all local data).",
                ) from broken

    def ensure(self) -> None:
        """Makes what is missing; called before the first part starts."""
        missing = [name for name in _GENERATED if name not in self._values]
        if missing:
            self._values.update({name: secrets.token_urlsafe(24) for name in missing})
            self._write()

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def get(self, name: str) -> Optional[str]:
        return self._values.get(name)

    def put(self, name: str, value: str) -> None:
        if self._values.get(name) != value:
            self._values[name] = value
            self._write()

    def _write(self) -> None:
        write_private(self._path, json.dumps(self._values, indent=2) + "\n")
