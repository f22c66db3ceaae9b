"""Keycloak: users, tenants (organisations), roles and tokens."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from pathlib import Path
from typing import Dict, Optional

from . import pins
from .errors import LauncherError
from .installation import Installation
from .part import Part
from .postgres import Postgres
from .prerequisites import java_environment
from .probe import http_status
from .process import write_private

_BUILD_OPTIONS = ("--db=postgres",)
_MARKER = "initialised"
# The client compiler alone starts a short-lived-request server in half the time, with less memory.
_JVM_OPTIONS = (
    "-Xms64m",
    "-Xmx384m",
    "-XX:MaxMetaspaceSize=256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Dfile.encoding=UTF-8",
    "-Duser.language=en",
    "-Duser.country=US",
    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
    "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
    "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
    "-Dpicocli.disable.closures=true",
    "--add-opens=java.base/java.util=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--add-opens=java.base/java.security=ALL-UNNAMED",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
)
ADMIN_USER = "admin"


class Keycloak(Part):
    """The embedded server; its tables in the database ``keycloak``, its home folder in ``keycloak/home``."""

    name = "keycloak"
    patience_seconds = 240.0

    def __init__(self, installation: Installation, postgres: Postgres) -> None:
        super().__init__(installation)
        self._postgres = postgres

    def own_server(self) -> Optional[str]:
        return self.installation.configuration.given("PLUMBLINE_OIDC_URL")

    def address(self) -> str:
        return self.own_server() or self.installation.keycloak_url

    def fetch(self) -> None:
        self._distribution = self.installation.downloads.keycloak()

    def settings(self) -> dict:
        database = self.installation.database_url
        return {"port": self.installation.port(self.name), "database": database, "version": pins.KEYCLOAK_VERSION}

    def trouble(self) -> Optional[str]:
        status, text = http_status(f"{self.installation.oidc_url}/.well-known/openid-configuration")
        if status == 200:
            return None
        return f"the realm answers {status}" if status else f"nothing answers ({text})"

    def start(self) -> None:
        built = self._built()
        port = self.installation.claim_port(self.name)
        first = not (self.home / _MARKER).exists() or self._test_realm_changed()
        self._prepare_database(first)
        restored = first and self._restore_template()
        home = self._home(built, with_realm=first and not restored)
        command = [self.installation.jdk.java, *_JVM_OPTIONS, f"-Dkc.home.dir={home}", f"-Djboss.server.config.dir={home / 'conf'}"]
        command += ["-cp", built / "lib" / "quarkus-run.jar", "io.quarkus.bootstrap.runner.QuarkusEntryPoint"]
        command += ["start", "--optimized", "--cache=local", "--http-enabled=true", "--http-host=127.0.0.1"]
        command += [f"--http-port={port}", f"--hostname={self.installation.keycloak_url}"]
        if first and not restored:
            command.append("--import-realm")
        try:
            self.launch(command, self._environment(first and not restored), lambda: self.trouble() is None)
        finally:
            # The filled realm file holds the demo users' password and a client's secret in clear.
            shutil.rmtree(home / "data" / "import", ignore_errors=True)
        if first:
            write_private(self.home / _MARKER, self._realm_digest() + "\n")
            if not restored:
                self._keep_template()
        elif self._imported_realm() != self._realm_digest():
            self.installation.terminal.line(
                "  Keycloak: plumbline-realm.json has changed since it was imported; the imported realm stays. "
                "./plumbline reset imports it anew (and removes all local data)."
            )

    # --- the optimised server

    def _built(self) -> Path:
        """The distribution built for PostgreSQL: made once per version, kept in the cache."""
        options = hashlib.sha256(" ".join(_BUILD_OPTIONS).encode()).hexdigest()[:8]
        target = self._distribution.with_name(f"{self._distribution.name}-built-{options}")
        if target.exists():
            return target
        self.installation.terminal.line("  Keycloak: building the server for PostgreSQL, once (about 30 s)")
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.rmtree(partial, ignore_errors=True)
        try:
            _copy_linked(self._distribution, partial, rewritten=partial / "lib" / "quarkus")
            done = self.installation.cancellation.run(
                ["/bin/sh", partial / "bin" / "kc.sh", "build", *_BUILD_OPTIONS], env=java_environment(self.installation.jdk)
            )
            if done.status:
                raise LauncherError(
                    f"Building the Keycloak server failed:\n{done.tail()}",
                    f"Remove {self._distribution} and run the command again; it is then unpacked anew.",
                )
            if not target.exists():
                os.replace(partial, target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return target

    def _home(self, built: Path, with_realm: bool) -> Path:
        """A home folder of this instance's own around the shared programs."""
        home = self.home / "home"
        for name in ("conf", "providers", "themes", "data/tmp"):
            (home / name).mkdir(parents=True, exist_ok=True)
        link = home / "lib"
        if link.is_symlink() or link.exists():
            link.unlink()
        link.symlink_to(built / "lib")
        imports = home / "data" / "import"
        shutil.rmtree(imports, ignore_errors=True)
        if with_realm:
            imports.mkdir(parents=True)
            write_private(imports / "plumbline-realm.json", self._filled_realm())
        return home

    # --- database

    def _prepare_database(self, first: bool) -> None:
        if self._postgres.own_server():
            # Never dropped, whatever a first start left in it: it is somebody else's database.
            self._postgres.create_keycloak_schema()
        else:
            self._postgres.create_keycloak_database(anew=first)

    def _environment(self, with_admin: bool) -> Dict[str, str]:
        # A person's own KC_ variables are meant for other servers.
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("KC_", "QUARKUS_"))}
        configuration = self.installation.configuration
        if self._postgres.own_server():
            environment["KC_DB_URL"] = self._postgres.own_server()
            environment["KC_DB_USERNAME"] = configuration.value("PLUMBLINE_DB_OWNER_USER")
            environment["KC_DB_PASSWORD"] = configuration.value("PLUMBLINE_DB_OWNER_PASSWORD")
            environment["KC_DB_SCHEMA"] = "keycloak"
        else:
            port = self.installation.port("postgres")
            environment["KC_DB_URL"] = f"jdbc:postgresql://127.0.0.1:{port}/keycloak"
            environment["KC_DB_USERNAME"] = "keycloak"
            environment["KC_DB_PASSWORD"] = self.installation.secrets["keycloak_database"]
        if with_admin:
            environment["KC_BOOTSTRAP_ADMIN_USERNAME"] = ADMIN_USER
            environment["KC_BOOTSTRAP_ADMIN_PASSWORD"] = self.installation.secrets["keycloak_admin"]
        return environment

    # --- realm

    def _realm_text(self) -> str:
        try:
            return self.installation.checkout.realm.read_text(encoding="utf-8")
        except FileNotFoundError as absent:
            raise LauncherError(
                f"The realm file {self.installation.checkout.realm} is missing.", "Check the file out again (git status)."
            ) from absent

    def _realm_digest(self) -> str:
        return hashlib.sha256(self._realm_text().encode()).hexdigest()

    def _imported_realm(self) -> str:
        return (self.home / _MARKER).read_text(encoding="ascii").strip()

    def _filled_realm(self) -> str:
        values = {
            **self.installation.environment(),
            "PLUMBLINE_PORT": str(self.installation.port("application")),
            "PLUMBLINE_URL": self.installation.application_url,
        }
        return fill_placeholders(self._realm_text(), values)

    def _test_realm_changed(self) -> bool:
        """The throw-away realm of the test instance follows the file; that of a real installation does not."""
        return self.installation.instance.name == "test" and self._imported_realm() != self._realm_digest()

    # --- template of the test instance: a database that has the schema and the realm already

    def _template(self) -> Path:
        key = hashlib.sha256(f"{self._realm_text()}|{pins.KEYCLOAK_VERSION}|{_BUILD_OPTIONS}".encode()).hexdigest()[:16]
        return self.installation.cache / "test-templates" / f"keycloak-{key}.sql"

    def _restore_template(self) -> bool:
        template = self._template()
        companion = template.with_suffix(".json")
        if self.installation.instance.name != "test" or self._postgres.own_server() or not companion.exists():
            return False
        passwords = json.loads(companion.read_text(encoding="utf-8"))
        given = {"demo_password": "PLUMBLINE_DEMO_PASSWORD", "members_secret": "PLUMBLINE_MEMBERS_SECRET"}
        if any(self.installation.configuration.given(of) not in (None, passwords[name]) for name, of in given.items()):
            return False
        try:
            self._postgres.restore("keycloak", template)
        except LauncherError:
            # A template that does not fit costs a slower start, never the start itself.
            companion.unlink(missing_ok=True)
            self._postgres.create_keycloak_database(anew=True)
            return False
        for name, value in passwords.items():
            self.installation.secrets.put(name, value)
        return True

    def _keep_template(self) -> None:
        if self.installation.instance.name != "test" or self._postgres.own_server():
            return
        template = self._template()
        template.parent.mkdir(parents=True, exist_ok=True)
        os.chmod(template.parent, 0o700)
        partial = template.with_name(f".{template.name}.{os.getpid()}")
        try:
            self._postgres.dump("keycloak", partial)
            os.replace(partial, template)
        finally:
            partial.unlink(missing_ok=True)
        passwords = {
            "demo_password": self.installation.demo_password,
            "members_secret": self.installation.members_secret,
            "keycloak_admin": self.installation.secrets["keycloak_admin"],
        }
        write_private(template.with_suffix(".json"), json.dumps(passwords) + "\n")


def fill_placeholders(text: str, values: Dict[str, str]) -> str:
    """Replaces every ``${PLUMBLINE_…}`` inside the JSON text by its value, escaped for a JSON string."""

    def value(match) -> str:
        if match[1] not in values:
            raise LauncherError(
                f"The realm file asks for ${{{match[1]}}}, which the launcher does not know.",
                "Known: " + ", ".join(sorted(values)) + ".",
            )
        return json.dumps(values[match[1]])[1:-1]

    return re.sub(r"\$\{(PLUMBLINE_[A-Z0-9_]+)\}", value, text)


def _copy_linked(source: Path, target: Path, rewritten: Path) -> None:
    """Copies a tree by hard links, but really copies the files under ``rewritten``, which the build writes to."""

    def copy(origin: str, destination: str) -> str:
        if not Path(destination).is_relative_to(rewritten):
            try:
                os.link(origin, destination)
                return destination
            except OSError:
                pass  # another file system, or one without links: a copy serves as well
        return shutil.copy2(origin, destination)

    shutil.copytree(source, target, copy_function=copy, symlinks=True)
