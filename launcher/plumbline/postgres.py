"""PostgreSQL with pgvector: the database of the application and of Keycloak."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import Optional
from urllib.parse import urlsplit

from .errors import LauncherError
from .part import Part
from .process import identity_of

_TEMPORARY_SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_MARKER = "initialised"


class Postgres(Part):
    """The embedded server; data in ``postgres/data``, role passwords in ``secrets.json``."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast" shutdown: sessions are closed, data is flushed

    def own_server(self) -> Optional[str]:
        return self.installation.configuration.given("PLUMBLINE_DB_URL")

    def address(self) -> str:
        return self.installation.database_url

    @property
    def data(self) -> Path:
        return self.home / "data"

    def fetch(self) -> None:
        self._programs = self.installation.downloads.postgres()

    def settings(self) -> dict:
        return {"port": self.installation.port(self.name), "programs": str(self._programs)}

    def start(self) -> None:
        self._as_user(["true"])
        port = self.installation.claim_port(self.name)
        self._ensure_data()
        self._remove_stale_lock()
        command = [self._program("postgres"), "-D", self.data, "-p", port, "-h", "127.0.0.1", "-k", ""]
        for option in self._options():
            command += ["-c", option]
        self.launch(self._as_user(command), dict(os.environ, TZ="UTC"), self._accepts)
        self._ensure_roles()
        (self.home / _MARKER).write_text("roles and databases exist\n", encoding="ascii")

    def trouble(self) -> Optional[str]:
        if self.own_server():
            return self._own_server_trouble()
        return None if self._accepts() else "it accepts no connections"

    def check_own_server(self) -> None:
        reason = self._own_server_trouble()
        if reason:
            raise LauncherError(
                f"Your own PostgreSQL at {self.own_server()} cannot be used: {reason}",
                "As its superuser, in the database named there:\n" + own_server_script(),
            )

    # --- databases, used by other parts and by tests

    def sql(self, script: str, database: str = "postgres") -> str:
        """Runs a script as superuser of the embedded server; raises with the server's words when it fails."""
        environment = dict(os.environ, PGPASSWORD=self.installation.secrets["postgres_superuser"])
        command = [self._program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        command += ["-h", "127.0.0.1", "-p", self.installation.port(self.name), "-U", "postgres", "-d", database]
        # Statements that fail are not written to the server's log: they may hold a password.
        quiet = "SET log_min_error_statement = 'panic'; SET client_min_messages = 'warning';\n"
        done = self.installation.cancellation.run(command, input_text=quiet + script, env=environment)
        if done.status:
            raise LauncherError(f"PostgreSQL refused a statement:\n{done.tail()}", f"See {self.log}.")
        return done.output.strip()

    def database_exists(self, database: str) -> bool:
        return self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{database}'") == "1"

    def create_keycloak_database(self, anew: bool) -> None:
        """Makes Keycloak's database where it is missing; ``anew`` drops what a cut-off first start left."""
        if anew:
            self.sql("DROP DATABASE IF EXISTS keycloak WITH (FORCE)")
        if not self.database_exists("keycloak"):
            self.sql("CREATE DATABASE keycloak OWNER keycloak")

    def create_keycloak_schema(self) -> None:
        """Makes the schema for Keycloak's tables in an own server's database."""
        configuration = self.installation.configuration
        environment = dict(os.environ, PGPASSWORD=configuration.value("PLUMBLINE_DB_OWNER_PASSWORD"))
        command = [self._program("psql"), "-X", "-q", "-U", configuration.value("PLUMBLINE_DB_OWNER_USER")]
        command += ["-d", _without_query(self.own_server()[len("jdbc:") :])]
        command += ["-c", "CREATE SCHEMA IF NOT EXISTS keycloak"]
        done = self.installation.cancellation.run(command, env=environment)
        if done.status:
            raise LauncherError(
                f"The schema for Keycloak's tables could not be made:\n{done.tail()}",
                "Let the owner role own the database, or set PLUMBLINE_OIDC_URL to your own Keycloak.",
            )

    def recreate_application_database(self) -> None:
        """An empty application database, for tests."""
        self.sql("DROP DATABASE IF EXISTS plumbline WITH (FORCE)")
        self._create_application_database()

    def restore(self, database: str, dump: Path) -> None:
        """Fills an empty database from a plain dump."""
        environment = dict(os.environ, PGPASSWORD=self.installation.secrets["postgres_superuser"])
        command = [self._program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-o", os.devnull]
        command += ["-h", "127.0.0.1", "-p", self.installation.port(self.name), "-U", "postgres", "-d", database]
        done = self.installation.cancellation.run([*command, "-f", dump], env=environment)
        if done.status:
            raise LauncherError(f"Filling the database {database} failed:\n{done.tail()}", f"Remove {dump}; try again.")

    def dump(self, database: str, into: Path) -> None:
        """Writes a plain dump of a database."""
        environment = dict(os.environ, PGPASSWORD=self.installation.secrets["postgres_superuser"])
        command = [self._program("pg_dump"), "-h", "127.0.0.1", "-p", self.installation.port(self.name)]
        command += ["-U", "postgres", "-d", database, "-f", into]
        done = self.installation.cancellation.run(command, env=environment)
        if done.status:
            raise LauncherError(f"Dumping the database {database} failed:\n{done.tail()}", f"See {self.log}.")

    # --- data directory

    def _ensure_data(self) -> None:
        marker = self.home / _MARKER
        if marker.exists() and (self.data / "PG_VERSION").exists():
            return
        if self.data.exists():
            # Never the only copy of anything: the marker is written before the first other part starts.
            aside = self.home / "data.incomplete"
            shutil.rmtree(aside, ignore_errors=True)
            os.replace(self.data, aside)
            self.installation.terminal.line("  PostgreSQL: a data directory left half-made was put aside and is redone")
        marker.unlink(missing_ok=True)
        self.home.mkdir(parents=True, exist_ok=True)
        password_file = self.home / ".superuser"
        descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(self.installation.secrets["postgres_superuser"])
        command = [self._program("initdb"), "-D", self.data, "-U", "postgres", f"--pwfile={password_file}"]
        command += ["-A", "scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
        command += ["--builtin-locale=C.UTF-8", "--no-instructions", *([] if self._durable else ["--no-sync"])]
        try:
            done = self.installation.cancellation.run(self._as_user(command), env=dict(os.environ, LC_ALL="C"))
        finally:
            password_file.unlink(missing_ok=True)
        if done.status:
            shutil.rmtree(self.data, ignore_errors=True)
            raise _initdb_failure(done.output, done.tail(), self.home)

    def _remove_stale_lock(self) -> None:
        """Removes postmaster.pid of a server that is gone; PostgreSQL itself is misled where the pid was reused."""
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text(encoding="ascii").splitlines()[0])
        except (OSError, ValueError, IndexError):
            lock.unlink(missing_ok=True)
            return
        if not Path("/proc/self").exists():
            return  # without /proc nobody can tell whose pid it is; PostgreSQL judges by itself
        if identity_of(pid) is not None and str(self.data) in _command_line(pid):
            raise LauncherError(
                f"A PostgreSQL that this launcher did not record (pid {pid}) runs on {self.data}.",
                f"End it (kill -INT {pid}), then run the command again.",
            )
        lock.unlink(missing_ok=True)

    def _ensure_roles(self) -> None:
        secrets = self.installation.secrets
        roles = {f"plumbline_{role}": secrets[f"db_{role}"] for role in ("owner", "app", "worker")}
        roles["keycloak"] = secrets["keycloak_database"]
        script = []
        for role, password in roles.items():
            script.append(
                f"SELECT 'CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS' "
                f"WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') \\gexec\n"
                f"ALTER ROLE {role} PASSWORD '{password}';"
            )
        self.sql("\n".join(script))
        if not self.database_exists("plumbline"):
            self._create_application_database()

    def _create_application_database(self) -> None:
        self.sql("CREATE DATABASE plumbline OWNER plumbline_owner")
        self.sql(
            "REVOKE ALL ON DATABASE plumbline FROM PUBLIC;\n"
            "GRANT CONNECT ON DATABASE plumbline TO plumbline_app, plumbline_worker;\n"
            "CREATE EXTENSION IF NOT EXISTS vector;",
            "plumbline",
        )

    # --- programs

    @property
    def _durable(self) -> bool:
        """Only the throw-away databases of the test instance may lose data in a power cut."""
        return self.installation.instance.name != "test"

    def _options(self) -> list:
        options = ["max_connections=100", "shared_buffers=128MB", "log_timezone=UTC", "timezone=UTC"]
        return options if self._durable else [*options, *_TEMPORARY_SPEED]

    def _program(self, name: str) -> Path:
        return self._programs / "bin" / name

    def _accepts(self) -> bool:
        if not hasattr(self, "_programs"):
            self.fetch()
        command = [self._program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", self.installation.port(self.name)]
        return self.installation.cancellation.run(command).status == 0

    def _as_user(self, command: list) -> list:
        """PostgreSQL refuses to run as root; there it gets a user namespace in which it is not."""
        if os.geteuid() != 0:
            return command
        remedy = (
            "Run ./plumbline as an ordinary user, or use your own server: set PLUMBLINE_DB_URL and its roles "
            "(DEVELOPING.md, 'Own servers')."
        )
        unshare = shutil.which("unshare")
        if unshare is None:
            raise LauncherError(
                "PostgreSQL does not run as root, and the tool unshare, which would help, is missing.",
                "Install it (package util-linux). " + remedy,
            )
        if command == ["true"]:
            probe = self.installation.cancellation.run([unshare, "-U", "true"])
            if probe.status:
                raise LauncherError(
                    f"PostgreSQL does not run as root, and this machine forbids user namespaces:\n{probe.tail()}", remedy
                )
        return [unshare, "-U", *command]

    def _own_server_trouble(self) -> Optional[str]:
        configuration = self.installation.configuration
        if not hasattr(self, "_programs"):
            self.fetch()
        for role in ("OWNER", "APP", "WORKER"):
            environment = dict(os.environ, PGPASSWORD=configuration.value(f"PLUMBLINE_DB_{role}_PASSWORD"))
            environment["PGCONNECT_TIMEOUT"] = "10"
            address = self.own_server()[len("jdbc:") :]
            user = configuration.value(f"PLUMBLINE_DB_{role}_USER")
            command = [self._program("psql"), "-X", "-q", "-A", "-t", "-U", user, "-d", _without_query(address)]
            command += ["-c", "SELECT count(*) FROM pg_extension WHERE extname = 'vector'"]
            done = self.installation.cancellation.run(command, env=environment)
            if done.status:
                return f"role {user}: {done.output.strip()}"
            if done.output.strip() != "1":
                return "the extension vector (pgvector) is missing in that database."
        return None


def own_server_script() -> str:
    """What the administrator of an own server runs once."""
    return (
        "    CREATE EXTENSION IF NOT EXISTS vector;\n"
        "    CREATE ROLE plumbline_owner LOGIN PASSWORD '...';\n"
        "    CREATE ROLE plumbline_app LOGIN NOBYPASSRLS PASSWORD '...';\n"
        "    CREATE ROLE plumbline_worker LOGIN NOBYPASSRLS PASSWORD '...';\n"
        "    ALTER DATABASE plumbline OWNER TO plumbline_owner;"
    )


def _without_query(address: str) -> str:
    return urlsplit(address)._replace(query="").geturl()


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", errors="replace")
    except OSError:
        return ""


def _initdb_failure(output: str, tail: str, home: Path) -> LauncherError:
    if "No space left on device" in output:
        return LauncherError(
            f"The disk is full: PostgreSQL could not make its data directory under {home}.",
            "Make room and run the command again; the half-made directory was removed.",
        )
    return LauncherError(f"PostgreSQL could not make its data directory:\n{tail}", f"Check the rights of {home}.")
