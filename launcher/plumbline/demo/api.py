"""The HTTP calls of the demo: what an integrator would send, with the platform's own words where one is refused."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from typing import Any, Dict, Iterator, Optional, Tuple

from ..errors import LauncherError


# Loopback never goes through a proxy that the environment configures.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Api:
    """The calls that an integrator makes, with the error message of the platform where one fails."""

    def __init__(self, base_url: str, token: str):
        self._base_url = base_url.rstrip("/")
        self._token = token

    def json(self, method: str, path: str, body: Optional[Any] = None) -> Dict[str, Any]:
        return self.exchange(method, path, body)[0]

    def exchange(self, method: str, path: str, body: Optional[Any] = None) -> Tuple[Dict[str, Any], Dict[str, str]]:
        """The answer with its headers, their names in lower case."""
        data = None if body is None else json.dumps(body).encode()
        with self._open(method, path, data, {"Content-Type": "application/json"}) as response:
            text = response.read()
            headers = {name.lower(): value for name, value in response.headers.items()}
            return (json.loads(text) if text else {}), headers

    def upload(self, path: str, fields: Dict[str, str], file_name: str, content: bytes) -> Dict[str, Any]:
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file_name}"\r\n'
            "Content-Type: application/jsonl\r\n\r\n".encode()
        )
        data = b"".join(parts) + content + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        with self._open("POST", path, data, headers) as response:
            return json.loads(response.read())

    def stream(self, path: str, body: Any) -> Iterator[Dict[str, Any]]:
        """Server-sent events of a completion."""
        with self._open("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"}) as response:
            for raw in response:
                line = raw.decode().strip()
                if line.startswith("data:") and line != "data: [DONE]" and line != "data:[DONE]":
                    yield json.loads(line[len("data:"):])

    def _open(self, method: str, path: str, data: Optional[bytes], headers: Dict[str, str]):
        request = urllib.request.Request(self._base_url + path, data=data, method=method, headers=dict(headers))
        request.add_header("Authorization", "Bearer " + self._token)
        request.add_header("Accept", "application/json, text/event-stream")
        try:
            return _DIRECT.open(request, timeout=300)
        except urllib.error.HTTPError as error:
            raise LauncherError(f"{method} {path} answered {error.code}: {_error_message(error)}") from error
        except urllib.error.URLError as error:
            raise LauncherError(
                f"Nothing answers at {self._base_url} ({error.reason}).", "Start the platform: ./plumbline up"
            ) from error


def _error_message(error: urllib.error.HTTPError) -> str:
    text = error.read().decode("utf-8", "replace")
    try:
        return json.loads(text)["error"]["message"]
    except (ValueError, KeyError, TypeError):
        return text[:500]
