"""HTTP by raw bytes, so that nothing that is sent is put right by a client."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse

SECONDS = 30.0
"""How long an answer is waited for at all."""


class DroppedError(Exception):
    """The connection ended without a whole answer."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it goes out."""

    method: str
    target: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def encoded(self, host: str) -> bytes:
        """Return its bytes."""
        own = {name.lower() for name, _ in self.headers}
        headers = [*self.headers]
        if "host" not in own:
            headers.insert(0, ("Host", host))
        if self.body and "content-length" not in own:
            headers.append(("Content-Length", str(len(self.body))))
        headers.append(("Connection", "close"))
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{k}: {v}" for k, v in headers)]
        head = "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogatepass")
        return head + self.body

    def __str__(self) -> str:
        """Show enough of it to send it again."""
        return f"{self.method} {self.target[:300]!r} {self.headers!r:.600} {self.body[:600]!r}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how long."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    def as_json(self) -> object:
        """Return the body's JSON; None when it is none."""
        try:
            value: object = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return value


def send(port: int, call: Call) -> Answer:
    """Send one call on a connection of its own, and read the answer to its end.

    :raises DroppedError: there was none, or not all of it.
    """
    started = time.monotonic()
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
            connection.sendall(call.encoded(f"localhost:{port}"))
            response = HTTPResponse(connection, method=call.method)
            response.begin()
            body = response.read()
    except (OSError, HTTPException) as error:
        raise DroppedError(f"{type(error).__name__}: {error}") from error
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, body, time.monotonic() - started)
