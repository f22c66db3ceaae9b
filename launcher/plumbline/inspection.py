"""``status``, ``logs`` and ``reset``."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import List

from .errors import LauncherError
from .installation import TITLES, Installation
from .lifecycle import Parts, PartStatus, exclusive, status_of
from .terminal import megabytes
from .up import all_parts

LOGS = ("application", "postgres", "keycloak", "kafka", "build", "launcher")


def status(installation: Installation, as_json: bool) -> int:
    """Prints one row per part; 0 only when every part serves."""
    rows = [status_of(installation, part) for part in all_parts(installation)]
    if as_json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
    else:
        for line in _table(rows):
            installation.terminal.line(line)
    return 0 if all(row.good for row in rows) else 1


def _table(rows: List[PartStatus]) -> List[str]:
    layout = "{:<12} {:<11} {:>8} {:>6}  {:<19} {:>9}  {}"
    lines = [layout.format("part", "state", "pid", "port", "since", "memory", "health")]
    for row in rows:
        since = datetime.fromtimestamp(row.since).strftime("%Y-%m-%d %H:%M:%S") if row.since else "-"
        memory = megabytes(row.resident) if row.resident else "-"
        cells = (TITLES[row.name], row.state, row.pid or "-", row.port or "-", since, memory, row.health)
        lines.append(layout.format(*cells))
    total = sum(row.resident or 0 for row in rows)
    return [*lines, layout.format("together", "", "", "", "", megabytes(total), "")]


def logs(installation: Installation, name: str, lines: int, follow: bool) -> int:
    """Prints the end of a log, and with ``follow`` what is written from then on, also after a restart of the part."""
    path = _log_path(installation, name)
    if not path.exists():
        raise LauncherError(f"There is no log of '{name}' yet ({path}).", "Start the platform: ./plumbline up")
    position = _print_end(path, lines)
    inode = path.stat().st_ino
    while follow:
        time.sleep(0.3)
        try:
            facts = path.stat()
        except FileNotFoundError:
            continue
        if facts.st_ino != inode or facts.st_size < position:
            inode, position = facts.st_ino, 0
        if facts.st_size > position:
            with path.open("rb") as file:
                file.seek(position)
                content = file.read()
            position += len(content)
            _write(content)
    return 0


def reset(installation: Installation, confirmed: bool) -> int:
    """Ends the instance and removes its data, passwords and logs; downloads stay in the cache."""
    home = installation.instance.home
    if not home.exists():
        installation.terminal.line("  nothing to remove")
        return 0
    if not confirmed and not _confirm(home):
        installation.terminal.line("  nothing was removed")
        return 1
    with exclusive(installation):
        Parts(installation, all_parts(installation)).stop_all()
        for name in ("postgres", "keycloak", "kafka", "data", "log", "secrets.json"):
            _remove(home / name)
    # The run folder holds the lock just released, so it goes last.
    _remove(installation.instance.run)
    installation.terminal.line(f"  removed the data, passwords and logs of instance {installation.instance.name}")
    installation.terminal.line(f"  kept the downloads in {installation.cache}")
    return 0


def _log_path(installation: Installation, name: str) -> Path:
    shared = name in ("build", "launcher")
    return installation.checkout.log / f"{name}.log" if shared else installation.instance.log_of(name)


def _print_end(path: Path, lines: int) -> int:
    with path.open("rb") as file:
        content = file.read()
    _write(b"".join(content.splitlines(keepends=True)[-lines:]))
    return len(content)


def _write(content: bytes) -> None:
    os.write(1, content)


def _confirm(home: Path) -> bool:
    try:
        answer = input(f"Remove all data under {home} (uploads, adapters, database, users)? Type yes: ")
    except EOFError:
        raise LauncherError("reset asks before it removes data, and nobody can answer here.", "Use reset --yes.") from None
    return answer.strip().lower() == "yes"


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
