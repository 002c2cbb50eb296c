"""What stands where the other service would be: it accepts all, and keeps what was sent."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.support import upstreams

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator


class StandIn:
    """The requests that arrived: their bodies, and their heads in lower case."""

    def __init__(self) -> None:
        self.url = ""
        self.bodies: list[dict[str, object]] = []
        self.heads: list[str] = []

    def behave(self, connection: socket.socket) -> None:
        """Keep each request, and acknowledge it."""
        while request := upstreams.read_request(connection):
            head, _, body = request.partition(b"\r\n\r\n")
            self.heads.append(head.decode().lower())
            self.bodies.append(json.loads(body))
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"ok": true}')


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """Run one at its ``url``."""
    there = StandIn()
    with upstreams.server(there.behave) as there.url:
        yield there
