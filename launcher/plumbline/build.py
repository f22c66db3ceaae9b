"""Builds the server from the checkout, only when something it is made of has changed."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Iterable, Iterator, Optional

from .errors import LauncherError
from .installation import Installation
from .layout import Checkout
from .part import tail
from .prerequisites import Jdk, find_maven, java_environment

# Every Plumbline JVM gets these; the root pom names the same ones for tests.
JVM_FLAGS = (
    "--add-modules=jdk.incubator.vector",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)


def newest_source(checkout: Checkout) -> float:
    """When the newest thing that goes into the server was changed; folders count, so that a removed file is noticed."""
    return max((os.stat(path).st_mtime for path in _sources(checkout)), default=0.0)


def is_current(checkout: Checkout) -> bool:
    try:
        return checkout.server_jar.stat().st_mtime >= newest_source(checkout)
    except FileNotFoundError:
        return False


class Build:
    """Maven, quietly: one line that says how far it is, the whole output in a log file."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._checkout = installation.checkout
        self._terminal = installation.terminal
        self._cancellation = installation.cancellation
        self.log = self._checkout.log / "build.log"

    def ensure(self) -> bool:
        """Builds where needed; True when it did."""
        if is_current(self._checkout):
            return False
        self._checkout.log.mkdir(parents=True, exist_ok=True)
        with open(self._checkout.state / "build.lock", "w", encoding="ascii") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    self._terminal.transient("  another ./plumbline builds; waiting for it")
                    self._cancellation.sleep(0.5)
            if is_current(self._checkout):
                return False
            self.package()
        return True

    def package(self) -> None:
        begin = time.monotonic()
        self._terminal.line(f"  building the server with Maven (log: {self.log})")
        command = [find_maven(), "-B", "-ntp", "-Dmaven.test.skip=true", "-Dspotless.check.skip=true", "package"]
        self._run(command)
        if not self._checkout.server_jar.exists():
            raise LauncherError(
                f"Maven ended well, but {self._checkout.server_jar} is not there.", f"Read {self.log} from the end."
            )
        # Maven leaves files alone whose content did not change; the stamp says that they are up to date.
        os.utime(self._checkout.server_jar)
        self._terminal.part("server", f"built in {time.monotonic() - begin:.1f} s", str(self._checkout.server_jar.parent))

    def _run(self, command: list) -> None:
        self._checkout.log.mkdir(parents=True, exist_ok=True)
        helper = self._cancellation.start(
            command,
            cwd=str(self._checkout.root),
            env=java_environment(self._installation.jdk),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        with self.log.open("w", encoding="utf-8") as log:
            for line in helper.stdout:
                log.write(line)
                module = re.search(r"Building (Plumbline\S*.*?) \S+\s+\[(\d+/\d+)\]", line)
                if module:
                    self._terminal.transient(f"    [{module[2]}] {module[1]}")
        self._terminal.clear()
        if self._cancellation.finish(helper):
            raise LauncherError(f"The build failed:\n{_errors(self.log)}", f"The whole output: {self.log}")


def _errors(log: Path) -> str:
    lines = [line.rstrip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    errors = [line for line in lines if line.startswith("[ERROR]") and len(line) > 8]
    return "\n".join("    " + line[:300] for line in errors[:8]) or tail(log, 8)


def _sources(checkout: Checkout) -> Iterator[Path]:
    root = checkout.root
    yield root / "pom.xml"
    for pom in root.glob("*/pom.xml"):
        yield pom
        main = pom.parent / "src" / "main"
        for folder, _, files in os.walk(main):
            yield Path(folder)
            yield from (Path(folder, name) for name in files)


def java_command(checkout: Checkout, jdk: Jdk, main: str, arguments: Iterable[str], heap: Optional[str] = None) -> list:
    """The command that runs one of the plain programs (golden, train, …) from the packaged server's class path."""
    more = os.environ.get("PLUMBLINE_JAVA_OPTS", "").split()
    memory = [f"-Xmx{heap}"] if heap else []
    # lib/boot holds the log manager that the server's logging binding in lib/main writes to.
    class_path = os.pathsep.join([f"{checkout.server_libraries}/*", f"{checkout.server / 'lib' / 'boot'}/*"])
    logging = "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"
    return [str(jdk.java), *JVM_FLAGS, logging, *memory, *more, "-cp", class_path, main, *arguments]
