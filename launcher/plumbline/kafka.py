"""The Kafka broker (KRaft, one node): announcements and events of the application."""

from __future__ import annotations

import base64
import os
import shutil
import uuid
from pathlib import Path
from typing import Optional

from . import pins
from .errors import LauncherError
from .part import Part
from .probe import kafka_brokers
from .process import write_private

_MARKER = "formatted"
_JVM_OPTIONS = (
    "-Xms64m",
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Dfile.encoding=UTF-8",
    # Kafka unmaps its files through Unsafe; without this every start warns about it.
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
)


class Kafka(Part):
    """The embedded broker; data in ``kafka/data``."""

    name = "kafka"

    def own_server(self) -> Optional[str]:
        return self.installation.configuration.given("PLUMBLINE_KAFKA")

    def address(self) -> str:
        return self.installation.kafka_address

    def fetch(self) -> None:
        pom = self.installation.checkout.root / "launcher" / "kafka" / "pom.xml"
        self._jars = self.installation.downloads.kafka(pom)

    def settings(self) -> dict:
        return {"port": self.installation.port(self.name), "version": pins.KAFKA_VERSION}

    def trouble(self) -> Optional[str]:
        for server in self.installation.kafka_address.split(","):
            host, _, port = server.strip().rpartition(":")
            if port.isdigit() and kafka_brokers(host, int(port)) > 0:
                return None
        return "no broker answers"

    def start(self) -> None:
        port = self.installation.claim_port(self.name)
        controller = self.installation.claim_port("kafka-controller")
        properties = self.home / "server.properties"
        write_private(properties, self._properties(port, controller))
        log4j = self.home / "log4j2.properties"
        write_private(log4j, _LOG4J)
        java = [self.installation.jdk.java, *_JVM_OPTIONS, f"-Dlog4j2.configurationFile={log4j}", "-cp", f"{self._jars}/*"]
        self._format(java, properties)
        self.launch([*java, "kafka.Kafka", properties], dict(os.environ), lambda: self.trouble() is None)

    def _format(self, java: list, properties: Path) -> None:
        """Writes the cluster id into the data folder, once; what a cut-off first start left is redone."""
        marker = self.home / _MARKER
        data = self.home / "data"
        if marker.exists() and (data / "meta.properties").exists():
            return
        marker.unlink(missing_ok=True)
        shutil.rmtree(data, ignore_errors=True)
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode("ascii")[:22]
        if cluster.startswith("-"):
            cluster = "P" + cluster[1:]  # else the tool would read the id as an option
        done = self.installation.cancellation.run(
            [*java, "kafka.tools.StorageTool", "format", "--cluster-id", cluster, "--config", properties]
        )
        if done.status:
            raise LauncherError(f"Kafka could not format its data folder:\n{done.tail()}", f"Check the rights of {data}.")
        marker.write_text(cluster + "\n", encoding="ascii")

    def _properties(self, port: int, controller: int) -> str:
        return _PROPERTIES.format(port=port, controller=controller, data=self.home / "data")


_PROPERTIES = """\
# Written anew by the launcher at every start.
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
num.partitions=1
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=2
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=2
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# One consumer group per purpose: waiting for more members only delays the start.
group.initial.rebalance.delay.ms=0
log.retention.hours=168
"""

_LOG4J = """\
rootLogger.level = INFO
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %-5p %m (%c{1})%n%throwable
logger.appinfo.name = org.apache.kafka.common.utils.AppInfoParser
logger.appinfo.level = WARN
"""
