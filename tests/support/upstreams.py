"""Servers that misbehave on purpose, on real sockets."""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def server(behave: Callable[[socket.socket], None], *, port: int = 0) -> Iterator[str]:
    """Listen, on a free port by default, and give each connection to ``behave``; yields the URL."""
    listener = socket.create_server(("127.0.0.1", port))
    connections: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append(connection)
            threading.Thread(target=_guarded, args=[behave, connection], daemon=True).start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        # Closing alone does not wake a thread that waits in accept.
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        # One that was being accepted is among those to close.
        accepting.join(5)
        for connection in connections:
            connection.close()


def read_request(connection: socket.socket) -> bytes:
    """Read one request with its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65_536)
        if not more:
            return data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def answering(
    status: int = 200, body: bytes = b'{"ok": true}', *, extra: bytes = b""
) -> Callable[[socket.socket], None]:
    """Answer every request on a connection in the same way."""
    reply = (
        b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n"
        % (status, len(body), extra)
    ) + body

    def behave(connection: socket.socket) -> None:
        while read_request(connection):
            connection.sendall(reply)

    return behave


def talking_plain(connection: socket.socket) -> None:
    """Answer in plain HTTP whatever comes, as a server without TLS does."""
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def silent(connection: socket.socket) -> None:
    """Read the request and say nothing."""
    read_request(connection)
    connection.recv(1)


def closing(connection: socket.socket) -> None:
    """Read the request and close without a byte."""
    read_request(connection)
    connection.close()


def resetting(connection: socket.socket) -> None:
    """Read the request and reset the connection."""
    read_request(connection)
    reset(connection)


def resetting_midway(connection: socket.socket) -> None:
    """Send half an answer and reset the connection."""
    read_request(connection)
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ok"')
    time.sleep(0.05)
    reset(connection)


def closing_midway(connection: socket.socket) -> None:
    """Send half an answer and close."""
    read_request(connection)
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ok"')
    connection.close()


def trickling_headers(connection: socket.socket) -> None:
    """Send an answer's head a byte at a time, for ever."""
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _trickle(connection)


def trickling_body(connection: socket.socket) -> None:
    """Send an answer's body a byte at a time, for ever."""
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    _trickle(connection)


def reset(connection: socket.socket) -> None:
    """Close with a RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _trickle(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


def _guarded(behave: Callable[[socket.socket], None], connection: socket.socket) -> None:
    # The peer goes away while it is being treated badly: that is the point.
    with suppress(OSError):
        behave(connection)
