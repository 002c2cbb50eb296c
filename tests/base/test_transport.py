"""Whatever way a peer frames its answer, the body is read whole, and the connection kept or not."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
import requests

from base.exchange import CALL_ERRORS, Answer, exchange
from tests.support import upstreams

if TYPE_CHECKING:
    import socket

PACKED = gzip.compress(b'{"a": 1}')
LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def call(url: str, *, method: str = "GET", headers: dict[str, str] | None = None) -> Answer:
    prepared = requests.Request(method, url).prepare()
    prepared.headers.update(headers or {})
    return exchange(prepared, seconds=5, most_bytes=1_000)


def answers_to(reply: bytes, *, calls: int = 2, method: str = "GET") -> tuple[list[Answer], int]:
    """Call a server that gives ``reply`` to each request; also count its connections."""
    connections: list[socket.socket] = []

    def behave(connection: socket.socket) -> None:
        connections.append(connection)
        while upstreams.read_request(connection):
            connection.sendall(reply)
            if b"Content-Length" not in reply and b"chunked" not in reply:
                connection.close()
                return

    with upstreams.server(behave) as url:
        return [call(url, method=method) for _ in range(calls)], len(connections)


@pytest.mark.parametrize(
    ("reply", "content", "connections"),
    [
        (LENGTH, b"{}", 1),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
            b"{}",
            1,
        ),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + LENGTH, b"{}", 1),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", b"", 1),
        (LENGTH.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), b"{}", 2),
        (LENGTH + b"more than was asked for", b"{}", 2),
        (b"HTTP/1.1 200 OK\r\n\r\n{}", b"{}", 2),
        (b"HTTP/1.0 200 OK\r\n\r\n{}", b"{}", 2),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
            % (len(PACKED), PACKED),
            b'{"a": 1}',
            1,
        ),
    ],
    ids=["length", "chunks", "hint", "none", "closes", "more", "until the end", "old", "packed"],
)
def test_a_body_is_read_whole_however_it_is_framed(
    reply: bytes, content: bytes, connections: int
) -> None:
    answers, opened = answers_to(reply)
    assert [each.content for each in answers] == [content, content]
    assert opened == connections


def test_an_answer_to_head_has_no_body() -> None:
    [answer], _ = answers_to(
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", calls=1, method="HEAD"
    )
    assert (answer.status, answer.content) == (200, b"")


def test_a_redirect_is_an_answer_like_any_other() -> None:
    reply = LENGTH.replace(b"200 OK", b"302 Found\r\nLocation: /elsewhere")
    [answer], _ = answers_to(reply, calls=1)
    assert (answer.status, answer.headers["location"]) == (302, "/elsewhere")


@pytest.mark.parametrize(
    "reply",
    [b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n", b"x" * 100_000],
)
def test_what_is_no_http_is_an_error(reply: bytes) -> None:
    with pytest.raises(CALL_ERRORS):
        answers_to(reply, calls=1)


def test_a_header_that_holds_an_end_of_line_is_not_sent() -> None:
    received: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        received.append(upstreams.read_request(connection))

    with upstreams.server(behave) as url, pytest.raises(CALL_ERRORS):
        call(url, headers={"X-Request-Id": "a\r\nX-Other: b"})
    assert not any(received)
