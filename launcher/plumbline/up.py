"""``up`` and ``down``: the whole platform of one instance."""

from __future__ import annotations

import json
import time
from typing import List, Optional, Sequence

from . import keycloak as keycloak_part
from . import demo_tenants, models, pins, tenant_key
from .application import Application
from .build import Build, is_current
from .installation import Installation
from .kafka import Kafka
from .keycloak import Keycloak
from .lifecycle import Parts, Step, exclusive, memory_line, run_steps
from .part import Part
from .postgres import Postgres


def server_parts(installation: Installation) -> List[Part]:
    """The parts besides the application, in the order they are needed."""
    postgres = Postgres(installation)
    return [postgres, Kafka(installation), Keycloak(installation, postgres)]


def all_parts(installation: Installation) -> List[Part]:
    return [*server_parts(installation), Application(installation)]


def up(installation: Installation, extra_models: Sequence[str] = ()) -> None:
    """Leaves every part running and serving; ends what it started when something fails."""
    begin = time.monotonic()
    terminal = installation.terminal
    where = "" if installation.instance.is_default else f", instance {installation.instance.name}"
    terminal.line(f"Plumbline{where}: JDK {installation.jdk.version} ({installation.jdk.home})")
    with exclusive(installation):
        installation.secrets.ensure()
        parts = all_parts(installation)
        whole = Parts(installation, parts)
        try:
            _claim_ports(installation, parts)
            _fetch(parts)
            known = models.provide(installation, extra_models)
            run_steps(_steps(installation, whole, parts), installation.cancellation)
            installation.record_environment()
            key = _key(installation, parts)
        except BaseException:
            whole.end_started()
            raise
    seconds = time.monotonic() - begin
    terminal.line()
    terminal.line(terminal.strong(f"Plumbline is ready after {seconds:.1f} s; {memory_line(whole.memory())}."))
    _print_addresses(installation, known, key)


def down(installation: Installation) -> None:
    with exclusive(installation):
        if not Parts(installation, all_parts(installation)).stop_all():
            installation.terminal.line("  nothing was running")


def _claim_ports(installation: Installation, parts: Sequence[Part]) -> None:
    """A taken port is told before anything is fetched, built or started."""
    for part in parts:
        record = installation.running(part.name)
        if not part.own_server() and (record is None or record.port != installation.port(part.name)):
            installation.claim_port(part.name)


def _fetch(parts: Sequence[Part]) -> None:
    for part in parts:
        if not part.own_server():
            part.fetch()


def _steps(installation: Installation, whole: Parts, parts: Sequence[Part]) -> List[Step]:
    postgres, kafka, keycloak, application = parts
    return [
        Step("build", [], lambda: _build(installation, application)),
        whole.step(postgres, []),
        whole.step(kafka, []),
        whole.step(keycloak, ["postgres"]),
        whole.step(application, ["build", "postgres", "kafka", "keycloak"]),
    ]


def _build(installation: Installation, application: Part) -> None:
    if not is_current(installation.checkout) and installation.running(application.name):
        # A running server must not have its jars exchanged under it.
        installation.terminal.part(application.title, "ending", "the sources are newer than it")
        application.stop()
    Build(installation).ensure()


def _key(installation: Installation, parts: Sequence[Part]) -> Optional[str]:
    keycloak = parts[2]
    if keycloak.own_server() and not installation.configuration.given("PLUMBLINE_DEMO_PASSWORD"):
        return None  # the users of an own Keycloak are not ours
    demo_tenants.ensure_policies(installation)
    return tenant_key.ensure(installation)


def _print_addresses(installation: Installation, known_models: Sequence[str], key: Optional[str]) -> None:
    line = installation.terminal.line
    url = installation.application_url
    line()
    line(f"  console      {url}/console/")
    line(f"  API          {url}/v1   (OpenAPI {url}/q/openapi, health {url}/q/health, metrics {url}/q/metrics)")
    own_keycloak = installation.configuration.given("PLUMBLINE_OIDC_URL")
    admin = "" if own_keycloak else f"   ({keycloak_part.ADMIN_USER}'s password: {installation.instance.secrets})"
    line(f"  Keycloak     {installation.oidc_url}{admin}")
    line(f"  PostgreSQL   {installation.database_url}")
    line(f"  Kafka        {installation.kafka_address}")
    line(f"  base models  {', '.join(known_models)}")
    if key is None:
        line("  API key      make one with a token of your own Keycloak: POST /api/v1/api-keys")
        return
    line()
    line(f"  demo users, password {installation.demo_password}")
    for tenant, users in _demo_users(installation).items():
        line(f"    {tenant:<10} {', '.join(users)}")
    line()
    line(f"  API key of the hospital tenant: {key}")
    line()
    line("  Try it:")
    line(f"    curl -s {url}/v1/chat/completions -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\")
    line(f"      -d '{_first_request(known_models)}'")
    line()
    line("  ./plumbline status | logs PART -f | down")


def _first_request(known_models: Sequence[str]) -> str:
    model = pins.SMOLLM2.name if pins.SMOLLM2.name in known_models or not known_models else known_models[0]
    question = {"role": "user", "content": "What is the largest ocean on Earth?"}
    return json.dumps({"model": model, "messages": [question], "temperature": 0})


def _demo_users(installation: Installation) -> dict:
    """User names with their roles as the realm file gives them, by domain."""
    realm = json.loads(installation.checkout.realm.read_text(encoding="utf-8"))
    by_tenant: dict = {}
    for user in realm.get("users", []):
        if "serviceAccountClientId" in user:
            continue  # a program's
        tenant = user["username"].partition("@")[2].partition(".")[0]
        roles = ", ".join(user.get("realmRoles", []))
        by_tenant.setdefault(tenant, []).append(f"{user['username']} ({roles})")
    return by_tenant
