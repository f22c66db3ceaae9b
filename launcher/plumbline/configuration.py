"""What a person may set: options before environment before ``plumbline.toml`` before defaults."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Optional

from .errors import LauncherError

FILE_NAME = "plumbline.toml"


@dataclass(frozen=True)
class Setting:
    """One thing to set: its environment variable, its place in plumbline.toml, what it means."""

    variable: str
    section: str
    key: str
    meaning: str
    default: str = ""

    @property
    def place(self) -> str:
        return f"{self.section}.{self.key}"


SETTINGS = (
    Setting("PLUMBLINE_HOST", "application", "host", "address the application listens on", "127.0.0.1"),
    Setting("PLUMBLINE_PORT", "application", "port", "port of the application", "8080"),
    Setting("PLUMBLINE_BACKEND", "application", "backend", "auto, cuda, cpu, vector, ascend or reference", "auto"),
    Setting("PLUMBLINE_DATA", "application", "data", "folder of uploaded files and adapters"),
    Setting("PLUMBLINE_MODELS", "application", "models", "folder of base models, each NAME.gguf"),
    Setting("PLUMBLINE_MODEL_MEMORY", "application", "model_memory", "memory of all loaded models, as 2G; idle ones leave"),
    Setting("PLUMBLINE_KV_PRECISION", "application", "kv_precision", "keys and values: float32, or int8 (3.5 times less memory)", "float32"),
    Setting("PLUMBLINE_TIME_LIMIT", "application", "time_limit", "longest time of an answer, as 5m (default: none)"),
    Setting("PLUMBLINE_JAVA_OPTS", "application", "java_opts", "more JVM options for the application"),
    Setting("PLUMBLINE_KEYCLOAK_PORT", "keycloak", "port", "port of the embedded Keycloak", "8180"),
    Setting("PLUMBLINE_POSTGRES_PORT", "postgres", "port", "port of the embedded PostgreSQL", "5433"),
    Setting("PLUMBLINE_KAFKA_PORT", "kafka", "port", "port of the embedded Kafka broker", "9094"),
    Setting("PLUMBLINE_DB_URL", "database", "url", "own PostgreSQL: jdbc:postgresql://HOST:PORT/NAME"),
    Setting("PLUMBLINE_DB_OWNER_USER", "database", "owner_user", "own PostgreSQL: role that owns the schema"),
    Setting("PLUMBLINE_DB_OWNER_PASSWORD", "database", "owner_password", "own PostgreSQL: its password"),
    Setting("PLUMBLINE_DB_APP_USER", "database", "app_user", "own PostgreSQL: role of requests, non-owner"),
    Setting("PLUMBLINE_DB_APP_PASSWORD", "database", "app_password", "own PostgreSQL: its password"),
    Setting("PLUMBLINE_DB_WORKER_USER", "database", "worker_user", "own PostgreSQL: role of background work"),
    Setting("PLUMBLINE_DB_WORKER_PASSWORD", "database", "worker_password", "own PostgreSQL: its password"),
    Setting("PLUMBLINE_OIDC_URL", "oidc", "url", "own Keycloak: http(s)://HOST/realms/plumbline"),
    Setting("PLUMBLINE_MEMBERS_SECRET", "oidc", "members_secret", "own Keycloak: secret of its client plumbline-members"),
    Setting("PLUMBLINE_KAFKA", "kafka", "bootstrap_servers", "own Kafka: HOST:PORT[,HOST:PORT]"),
    Setting("PLUMBLINE_DEMO_PASSWORD", "application", "demo_password", "password of the demo users (default: random)"),
)

_BY_VARIABLE = {setting.variable: setting for setting in SETTINGS}
_BY_PLACE = {setting.place: setting for setting in SETTINGS}
_PORT_OF_PART = {
    "application": "PLUMBLINE_PORT",
    "keycloak": "PLUMBLINE_KEYCLOAK_PORT",
    "postgres": "PLUMBLINE_POSTGRES_PORT",
    "kafka": "PLUMBLINE_KAFKA_PORT",
}
DATABASE_VARIABLES = tuple(s.variable for s in SETTINGS if s.section == "database")


class Configuration:
    """The settings that were given explicitly, and the defaults of all others."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = {name: value for name, value in given.items() if value}
        self._check_database()

    @staticmethod
    def load(
        root: Path,
        environment: Mapping[str, str],
        options: Optional[Mapping[str, str]] = None,
        ports_from_file: bool = True,
    ) -> "Configuration":
        """Merges the three sources.

        ``ports_from_file`` is false for a named instance: the file's ports belong to the default one.
        """
        given = dict(_read_file(root / FILE_NAME))
        if not ports_from_file:
            for variable in _PORT_OF_PART.values():
                given.pop(variable, None)
        given.update({name: environment[name] for name in _BY_VARIABLE if environment.get(name)})
        given.update({name: value for name, value in (options or {}).items() if value})
        return Configuration(given)

    def given(self, variable: str) -> Optional[str]:
        """The value somebody chose, or None."""
        return self._given.get(variable)

    def value(self, variable: str) -> str:
        return self._given.get(variable) or _BY_VARIABLE[variable].default

    def without(self, values: Mapping[str, str], keep: Mapping[str, str]) -> "Configuration":
        """This configuration less every setting that merely repeats ``values`` and is not in ``keep``.

        Used with what the launcher itself recorded: see ``installation.embedded_environment``.
        """
        kept = {name: value for name, value in self._given.items() if name in keep or values.get(name) != value}
        # Address and roles of a database belong together: all of them are ours, or none.
        if "PLUMBLINE_DB_URL" in kept:
            kept.update({name: self._given[name] for name in DATABASE_VARIABLES if name in self._given})
        elif "PLUMBLINE_DB_URL" in self._given:
            kept = {name: value for name, value in kept.items() if name not in DATABASE_VARIABLES}
        return Configuration(kept)

    def given_port(self, part: str) -> Optional[int]:
        text = self._given.get(_PORT_OF_PART[part])
        return None if text is None else _port(text, _PORT_OF_PART[part])

    @staticmethod
    def default_port(part: str) -> int:
        return int(_BY_VARIABLE[_PORT_OF_PART[part]].default)

    @staticmethod
    def port_variable(part: str) -> str:
        return _PORT_OF_PART[part]

    @property
    def own_database(self) -> bool:
        return "PLUMBLINE_DB_URL" in self._given

    @property
    def own_oidc(self) -> bool:
        return "PLUMBLINE_OIDC_URL" in self._given

    @property
    def own_kafka(self) -> bool:
        return "PLUMBLINE_KAFKA" in self._given

    def _check_database(self) -> None:
        if not self.own_database:
            return
        url = self._given["PLUMBLINE_DB_URL"]
        if not url.startswith("jdbc:postgresql://"):
            raise LauncherError(
                f"PLUMBLINE_DB_URL is '{url}', which is not a PostgreSQL JDBC address.",
                "Write it as jdbc:postgresql://HOST:PORT/DATABASE.",
            )
        missing = [name for name in DATABASE_VARIABLES if name not in self._given]
        if missing:
            raise LauncherError(
                "PLUMBLINE_DB_URL names an own PostgreSQL server, but not set: " + ", ".join(missing) + ".",
                "Set them in the environment or under [database] in plumbline.toml; DEVELOPING.md says how to create "
                "the three roles.",
            )


def _port(text: str, variable: str) -> int:
    if text.isdigit() and 1024 <= int(text) <= 65535:
        return int(text)
    raise LauncherError(f"{variable} is '{text}', which is not a port.", "Choose a number from 1024 to 65535.")


def _read_file(path: Path) -> Mapping[str, str]:
    if not path.exists():
        return {}
    reader = _toml_reader()
    try:
        with path.open("rb") as file:
            content = reader.load(file)
    except (reader.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise LauncherError(f"{path.name} cannot be read: {broken}.", f"Mend the line in {path}.") from broken
    given = {}
    for section, entries in content.items():
        if not isinstance(entries, dict):
            raise LauncherError(f"{path.name}: '{section}' stands outside a section.", "Sections: " + _sections() + ".")
        for key, value in entries.items():
            place = f"{section}.{key}"
            if place not in _BY_PLACE:
                near = difflib.get_close_matches(place, _BY_PLACE, 1, 0.5)
                hint = f"Did you mean {near[0]}? " if near else ""
                raise LauncherError(
                    f"{path.name}: '{place}' is not a setting.", hint + "DEVELOPING.md lists every setting."
                )
            given[_BY_PLACE[place].variable] = str(value)
    return given


def _sections() -> str:
    return ", ".join(f"[{name}]" for name in dict.fromkeys(setting.section for setting in SETTINGS))


def _toml_reader():
    try:
        import tomllib

        return tomllib
    except ImportError:
        pass
    try:
        # Python 3.9 and 3.10 have no TOML reader; pip, a prerequisite, brings one.
        from pip._vendor import tomli

        return tomli
    except ImportError as absent:
        raise LauncherError(
            f"This Python cannot read {FILE_NAME}.", "Use Python 3.11 or newer, or set environment variables instead."
        ) from absent
