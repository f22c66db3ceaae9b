"""Where things lie: the checkout, the shared cache of downloads, and the local state of each instance."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from .errors import LauncherError

DEFAULT_INSTANCE = "default"


@dataclass(frozen=True)
class Checkout:
    """The source tree that this launcher belongs to."""

    root: Path

    @staticmethod
    def current() -> "Checkout":
        return Checkout(Path(__file__).resolve().parents[2])

    @property
    def state(self) -> Path:
        return self.root / ".plumbline"

    @property
    def server(self) -> Path:
        """Folder of the packaged server."""
        return self.root / "console-ui" / "target" / "quarkus-app"

    @property
    def server_jar(self) -> Path:
        return self.server / "quarkus-run.jar"

    @property
    def server_libraries(self) -> Path:
        return self.server / "lib" / "main"

    @property
    def realm(self) -> Path:
        return self.root / "platform-api" / "src" / "main" / "keycloak" / "plumbline-realm.json"

    @property
    def models(self) -> Path:
        """Base models offered to every instance; each NAME.gguf is the base model NAME."""
        return self.state / "models"

    @property
    def log(self) -> Path:
        """Log files that belong to no instance: build, launcher."""
        return self.state / "log"


@dataclass(frozen=True)
class Instance:
    """One installation: its own data, ports, passwords and logs."""

    name: str
    home: Path

    @staticmethod
    def named(checkout: Checkout, name: str) -> "Instance":
        if not name or not all(letter.isalnum() or letter in "-_" for letter in name):
            raise LauncherError(
                f"'{name}' cannot be an instance name.", "Use letters, digits, '-' and '_', for example --instance test."
            )
        if name == DEFAULT_INSTANCE:
            return Instance(name, checkout.state)
        return Instance(name, checkout.state / "instances" / name)

    @property
    def is_default(self) -> bool:
        return self.name == DEFAULT_INSTANCE

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def secrets(self) -> Path:
        return self.home / "secrets.json"

    def part(self, name: str) -> Path:
        return self.home / name

    def log_of(self, part: str) -> Path:
        return self.log / f"{part}.log"

    def prepare(self) -> None:
        for folder in (self.home, self.run, self.log):
            folder.mkdir(parents=True, exist_ok=True)
        # Data and passwords live here: nobody but the owner looks in.
        os.chmod(self.home, 0o700)


def cache_folder(environment: Optional[dict] = None) -> Path:
    """``$PLUMBLINE_CACHE``, else ``~/.cache/plumbline`` (or ``$XDG_CACHE_HOME/plumbline``)."""
    environment = os.environ if environment is None else environment
    if environment.get("PLUMBLINE_CACHE"):
        return Path(environment["PLUMBLINE_CACHE"]).expanduser().resolve()
    base = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "plumbline"
