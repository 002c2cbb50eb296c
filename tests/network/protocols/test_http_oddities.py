"""What HTTP/1.1 allows and few send passes through a link byte for byte, both ways."""

from __future__ import annotations

import socket

import pytest

from tests.network.rig import rig

CHUNKED = (
    b"POST /chunks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
    b'4;name="a;b"\r\nWiki\r\n5\r\npedia\r\n0\r\nX-Sum: 9\r\n\r\n'
)
GET = b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n%02d"
EXPECTING = b"PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
UPGRADE = b"GET /chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"

# Who says what, in turn: "c" the client, "s" the server.
CONVERSATIONS: dict[str, list[tuple[str, bytes]]] = {
    "chunks, extensions and trailers": [("c", CHUNKED), ("s", CHUNKED.replace(b"POST", b"\x00"))],
    "continue": [
        ("c", EXPECTING),
        ("s", b"HTTP/1.1 100 Continue\r\n\r\n"),
        ("c", b"body"),
        ("s", OK % 1),
    ],
    "early hints": [("c", GET % 1), ("s", b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK % 1)],
    "pipelining": [
        ("c", b"".join(GET % each for each in range(20))),
        ("s", b"".join(OK % each for each in range(20))),
    ],
    "upgrade": [
        ("c", UPGRADE),
        ("s", SWITCHED),
        ("c", b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"),
        ("s", b"\x81\x05Hello"),
    ],
    "bare line ends and folded lines": [("c", b"GET / HTTP/1.0\nX: a\n b\n\n"), ("s", b"hi")],
    "no HTTP at all": [("c", bytes(range(256)) * 9), ("s", b"\xff\x00" * 999)],
}
# Another rhythm changes nothing.
TOXICS: dict[str, list[dict[str, object]]] = {
    "no toxic": [],
    "sliced": [
        {"type": "slicer", "stream": each, "attributes": {"average_size": 7}}
        for each in ("upstream", "downstream")
    ],
    "slowed": [{"type": "latency", "stream": "upstream", "attributes": {"latency": 5}}],
}


@pytest.mark.parametrize("toxics", TOXICS.values(), ids=TOXICS)
def test_every_conversation_passes_unchanged(toxics: list[dict[str, object]]) -> None:
    with rig() as link, socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert link.call("PATCH", "/proxies/one", {"upstream": f"127.0.0.1:{port}"}).ok
        for toxic in toxics:
            assert link.call("POST", "/proxies/one/toxics", toxic).ok
        for turns in CONVERSATIONS.values():
            with link.connect() as client:
                server, _ = listener.accept()
                with server:
                    server.settimeout(5)
                    hold(client, server, turns)


def hold(client: socket.socket, server: socket.socket, turns: list[tuple[str, bytes]]) -> None:
    """Hold a conversation, and half-close from the client: the server can still answer."""
    for who, said in turns:
        sender, receiver = (client, server) if who == "c" else (server, client)
        sender.sendall(said)
        assert received(receiver, len(said)) == said
    client.shutdown(socket.SHUT_WR)
    assert server.recv(1) == b""
    server.sendall(b"after the half-close")
    server.shutdown(socket.SHUT_WR)
    assert received(client, 1_000) == b"after the half-close"


def received(connection: socket.socket, size: int) -> bytes:
    """Read so many bytes, or up to the end."""
    data = b""
    while len(data) < size and (more := connection.recv(size - len(data))):
        data += more
    return data
