"""A server of `base.http` in a thread, and plain sockets that talk to it."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from base.http.application import Application
from base.http.message import Request, Response, json_response
from base.http.pool import Pool
from base.http.protocol import BoundedProtocol
from base.http.server import HttpServer

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

    from base.http.pool import Handler

HOST = b"Host: localhost\r\n"
GET = b"GET /it HTTP/1.1\r\n" + HOST + b"\r\n"


def echo(request: Request) -> Response:
    """Answer what was asked."""
    return json_response(200, {"path": request.path, "body": request.body.decode("latin-1")})


@contextmanager
def serving(
    handler: Handler = echo,
    *,
    head_seconds: float = 5.0,
    body_seconds: float = 5.0,
    read_seconds: float = 5.0,
    kept_seconds: int = 300,
    max_connections: int = 512,
    write_buffer: int = 65_536,
    addresses: tuple[str, ...] = ("127.0.0.1",),
) -> Iterator[HttpServer]:
    """Serve with these bounds, and bodies of up to 1,000 bytes.

    Of an answer ``write_buffer`` bytes are kept before the server is asked to wait.
    """

    class Protocol(BoundedProtocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            self.timeout_keep_alive = kept_seconds
            super().connection_made(transport)
            transport.set_write_buffer_limits(write_buffer)

    Protocol.head_seconds, Protocol.read_seconds = head_seconds, read_seconds
    Protocol.max_connections = max_connections
    pool = Pool("test", 4)
    application = Application(
        handler, pool_of=lambda _m, _p: pool, max_body_bytes=1_000, body_seconds=body_seconds
    )
    server = HttpServer(application, addresses=[(each, 0) for each in addresses], protocol=Protocol)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(10)
        assert not thread.is_alive()


@dataclass
class Answer:
    """What came back until the server closed."""

    status: int
    headers: dict[str, str]
    body: Any


def connect(server: HttpServer) -> socket.socket:
    """Open a connection that waits for 5 seconds at most."""
    return socket.create_connection(("127.0.0.1", server.ports[0]), timeout=5)


def read_answer(connection: socket.socket) -> Answer | None:
    """Read one answer; None when the server closes without one."""
    received = b""
    while b"\r\n\r\n" not in received:
        data = connection.recv(65_536)
        if not data:
            assert not received
            return None
        received += data
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    while len(body) < int(headers["content-length"]):
        body += connection.recv(65_536)
    return Answer(int(first.split()[1]), headers, json.loads(body))


def ask(server: HttpServer, sent: bytes) -> Answer | None:
    """Send bytes on a connection of their own; return the answer."""
    with connect(server) as connection:
        connection.sendall(sent)
        return read_answer(connection)
