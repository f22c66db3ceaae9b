"""Ports on the loopback interface: whether one is free, who holds it."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path
from typing import Iterable, Optional

_LISTEN = "0A"


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: connections of an earlier run that linger in TIME_WAIT do not hold the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def find_free(taken: Iterable[int] = ()) -> int:
    """A port nobody listens on now."""
    taken = set(taken)
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port not in taken:
            return port


def holder(port: int) -> Optional[str]:
    """'name (pid N)' of the process that listens on the port, where the kernel lets us see it."""
    inodes = _listening_inodes(port)
    if not inodes:
        return None
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        if not inodes.isdisjoint(_sockets(process)):
            return f"{_name(process)} (pid {process.name})"
    return None


def _sockets(process: Path) -> set:
    """Inodes of the sockets that a process has open, as far as we may look."""
    found = set()
    try:
        descriptors = os.listdir(process / "fd")
    except OSError:
        return found
    for descriptor in descriptors:
        with contextlib.suppress(OSError):  # closed meanwhile
            link = os.readlink(process / "fd" / descriptor)
            if link.startswith("socket:["):
                found.add(link[len("socket:[") : -1])
    return found


def _listening_inodes(port: int) -> set:
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            columns = row.split()
            if columns[3] == _LISTEN and int(columns[1].rsplit(":", 1)[1], 16) == port:
                inodes.add(columns[9])
    return inodes


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "a process"
