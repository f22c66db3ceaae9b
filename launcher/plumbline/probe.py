"""Asks running servers whether they really serve."""

from __future__ import annotations

import json
import socket
import struct
import urllib.error
import urllib.request
from typing import Optional, Tuple

_METADATA_REQUEST = 3
_METADATA_VERSION = 1
_ALL_BROKERS_NO_TOPICS = 0

# Probes of loopback never go through a proxy that the environment configures.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def http_status(url: str, seconds: float = 5.0) -> Tuple[Optional[int], str]:
    """Status and body of a GET; (None, reason) where nothing answers."""
    return http_request(urllib.request.Request(url), seconds)


def http_request(request: urllib.request.Request, seconds: float = 30.0) -> Tuple[Optional[int], str]:
    try:
        with _DIRECT.open(request, timeout=seconds) as answer:
            return answer.status, answer.read().decode("utf-8", errors="replace")
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode("utf-8", errors="replace")
    except (OSError, ValueError) as failed:
        return None, str(getattr(failed, "reason", failed))


def http_json(request: urllib.request.Request, seconds: float = 30.0) -> Tuple[Optional[int], object]:
    """Status and parsed body; the raw text where the body is not JSON."""
    status, text = http_request(request, seconds)
    try:
        return status, json.loads(text)
    except ValueError:
        return status, text


def kafka_brokers(host: str, port: int, seconds: float = 5.0) -> int:
    """How many brokers the cluster at this address knows, by a Metadata request (KIP-4, version 1); 0 if none answers."""
    client = b"plumbline"
    head = struct.pack(">hhih", _METADATA_REQUEST, _METADATA_VERSION, 1, len(client)) + client
    body = head + struct.pack(">i", _ALL_BROKERS_NO_TOPICS)
    try:
        with socket.create_connection((host, port), timeout=seconds) as connection:
            connection.sendall(struct.pack(">i", len(body)) + body)
            size = struct.unpack(">i", _read(connection, 4))[0]
            answer = _read(connection, size)
        # correlation id, then the array of brokers, which begins with its length
        return struct.unpack(">i", answer[4:8])[0]
    except (OSError, struct.error, EOFError):
        return 0


def _read(connection: socket.socket, count: int) -> bytes:
    parts = []
    while count > 0:
        block = connection.recv(min(count, 65536))
        if not block:
            raise EOFError("the broker closed the connection")
        parts.append(block)
        count -= len(block)
    return b"".join(parts)
